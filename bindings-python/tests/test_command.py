"""`python -m tenantgraph` is the command, and what Python gives as JSON is byte for byte what it writes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tenantgraph as tg

AT = "2026-05-01"


def command(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "tenantgraph", *map(str, arguments)], capture_output=True, check=False)


@pytest.fixture
def path(tmp_path: Path, document: dict[str, object]) -> Path:
    path = tmp_path / "estate.json"
    path.write_text(json.dumps(document))
    return path


def test_every_answer_has_the_bytes_of_the_command(path: Path, document: dict[str, object]) -> None:
    estate = tg.read(path, as_of=AT)
    changes, before = path.with_name("changes.json"), path.with_name("before.json")
    changes.write_text('{"remove": {"entities": ["key"]}}')
    before.write_text(json.dumps({**document, "relations": []}))
    asked = {
        ("reach",): estate.reach(),
        ("reach", "--from", "id=key", "--to", "kind=resource", "--paths", "3"): estate.reach(
            source="id=key", target="kind=resource", paths=3
        ),
        ("matrix",): estate.tenant_matrix(),
        ("blast-radius", "--lost", "key"): estate.blast_radius("key"),
        ("rotation",): estate.rotation(),
        ("sharing",): estate.sharing(),
        ("privilege",): estate.privilege(),
        ("lifecycle",): estate.lifecycle(),
        ("classification", "--ignore-guards", "mfa"): estate.classification(ignore_guards="mfa"),
        ("cuts", "--include-possible", "--choke-points", "1"): estate.cuts(include_possible=True, choke_points=1),
        ("isolation", "--paths", "1"): estate.isolation(paths=1),
        ("what-if", "--changes", changes): estate.what_if(remove=["key"]),
        ("diff", "--before", before): estate.diff(tg.read(before)),
        ("assess",): estate.assess(),
    }
    for arguments, answer in asked.items():
        done = command(*arguments, path, "--as-of", AT, "--format", "json")
        assert done.returncode == 0, done.stderr
        assert done.stdout == answer.to_json().encode(), arguments


def estates() -> dict[str, tuple[list[str | Path], str]]:
    """Give what is read whole: the made-up organisation, and the real one where its exports are at hand."""
    tests = Path(__file__).parents[2] / "tests"
    found: dict[str, tuple[list[str | Path], str]] = {"acme": ([tests / "data" / "acme"], AT)}
    if real := os.environ.get("TENANTGRAPH_REAL_DATA"):
        [exports] = {path.parent for path in Path(real).rglob("k8s-io_2022-01-31_*.ndjson")}
        given: list[str | Path] = [str(exports / "k8s-io_2022-01-31_*.ndjson"), "--labels", tests / "real" / "k8s-io-labels.csv"]
        found["real"] = (given, "2022-02-01")
    return found


@pytest.mark.parametrize(("given", "as_of"), list(estates().values()), ids=list(estates()))
def test_a_whole_organisation_has_the_bytes_of_the_command(given: list[str | Path], as_of: str) -> None:
    estate = tg.read(given[0], labels=given[2:] or None, as_of=as_of)
    standing = {
        "sharing": estate.sharing(),
        "privilege": estate.privilege(),
        "lifecycle": estate.lifecycle(),
        "classification": estate.classification(),
    }
    following = {"assess": estate.assess(), "reach": estate.reach(), "matrix": estate.tenant_matrix()}
    for question, answer in {**following, **standing}.items():
        assert command(question, *given, "--as-of", as_of, "--format", "json").stdout == answer.to_json().encode()
    # Nothing is lost on the way through the tables.
    back = tg.Estate.from_arrow(**estate.to_arrow(), as_of=as_of)
    assert back.to_json() == estate.to_json()


def test_a_report_as_markdown_has_the_bytes_of_the_command(path: Path) -> None:
    report = tg.read(path, as_of=AT).assess()
    assert command("report", path, "--as-of", AT, "--format", "markdown").stdout == report.to_markdown().encode()
    shares = {(row.metric, row.by, row.key): row.value for row in report.metric_shares}
    for metric in report.to_dict()["metrics"]:
        for key, share in (metric["by_tenant"] or {}).items():
            assert shares.pop((metric["id"], "tenant", key)) == share["value"]
    assert {by for _, by, _ in shares} == {"environment"}


def test_the_pages_of_rules_have_the_bytes_of_the_command() -> None:
    assert json.loads(command("rules", "--format", "json").stdout)[0]["id"] == tg.rules()[0].id
    page = tg.explain("leaked-secret")
    assert command("explain", page.id, "--format", "json").stdout == page.to_json().encode()
    assert command("explain", page.id, "--format", "markdown").stdout == page.to_markdown().encode()
    assert command("explain", page.id).stdout == str(page).encode()
    done = command("explain", "leaked-secrets")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"the nearest are `leaked-secret`" in done.stderr


def test_documents_and_policies_have_the_bytes_of_the_command(path: Path) -> None:
    assert command("convert", path).stdout == tg.read(path).to_json().encode()
    assert command("policy").stdout == tg.Policy.default_toml().encode()
    assert command("policy", "--format", "json").stdout == tg.Policy().to_json().encode()


def test_the_exit_code_tells_what_happened(path: Path) -> None:
    assert command("--help").returncode == 0
    assert command("assess", path, "--as-of", AT, "--fail-on", "critical").returncode == 1
    done = command("reach", "no/such/export.json", "--as-of", AT)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no/such/export.json: no such file" in done.stderr
    assert b"Traceback" not in done.stderr


def test_ctrl_c_ends_the_command_without_a_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    running = subprocess.Popen([sys.executable, "-m", "tenantgraph", "reach", pipe, "--as-of", AT], stderr=subprocess.PIPE)
    # The pipe can be opened once the command waits at its other end, for an input that never comes.
    end = opened(pipe, running)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    os.close(end)
    assert running.returncode == -signal.SIGINT
    assert told == b""


def opened(pipe: Path, running: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert running.poll() is None, "the command ended before it read"
            time.sleep(0.01)


def test_a_certificate_is_checked_by_the_command_too(path: Path, document: dict[str, object]) -> None:
    proof = path.with_name("certificate.json")
    apart = tg.Estate.from_dict({**document, "relations": []}, as_of=AT)
    proof.write_text(json.dumps(apart.isolation().certificate))
    tg.verify(proof.read_bytes(), apart)
    assert command("verify", proof, path).returncode == 2
    path.write_text(json.dumps({**document, "relations": []}))
    assert command("verify", proof, path).returncode == 0

"""What may be read: paths, directories, globs, bytes, file objects, dicts, other estates, in any mix."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import tenantgraph as tg


def document(**lists: Any) -> dict[str, Any]:
    return {"format": "tenantgraph/1", **lists}


def tenants(*ids: str) -> bytes:
    return json.dumps(document(tenants=[{"id": id} for id in ids])).encode()


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "one.json").write_bytes(tenants("one"))
    (tmp_path / "deep" / "two.json").write_bytes(tenants("two"))
    (tmp_path / "deep" / "labels.csv").write_text("id,environment\ntwo,production\n")
    (tmp_path / "notes.txt").write_text("nothing of ours")
    return tmp_path


def test_a_directory_is_read_with_all_that_is_in_it(exports: Path) -> None:
    for path in (exports, str(exports)):
        estate = tg.read(path)
        assert list(estate) == ["one", "two"]
        assert (estate["two"].environment, estate["two"].environment_source) == ("production", "explicit")
        [skipped] = estate.reading.skipped
        assert skipped.source == str(exports / "notes.txt")


def test_globs_and_files_are_read(exports: Path) -> None:
    assert list(tg.read(str(exports / "*.json"))) == ["one"]
    assert list(tg.read(str(exports / "**" / "*.json"))) == ["one", "two"]
    assert list(tg.read(exports / "one.json", exports / "deep" / "two.json")) == ["one", "two"]
    with pytest.raises(tg.FileError, match="no file here"):
        tg.read(str(exports / "*.csv.gz"))


def test_bytes_file_objects_dicts_and_estates_are_read_together(exports: Path) -> None:
    text = io.StringIO(tenants("three").decode())
    with (exports / "one.json").open("rb") as file:
        estate = tg.read(
            file, text, tenants("four"), bytearray(tenants("five")), memoryview(tenants("six")), document(tenants=[{"id": "seven"}])
        )
    assert sorted(estate) == sorted(["one", "three", "four", "five", "six", "seven"])
    # Inputs are read in the order of their names.
    names = [str(exports / "one.json"), *[f"input {at}" for at in range(2, 6)], "document 6"]
    assert estate.reading.sources.column("name") == sorted(names)
    assert list(tg.read(estate, exports / "deep")) == sorted([*estate, "two"])


def test_a_format_may_be_forced() -> None:
    with pytest.raises(tg.UnknownFormatError):
        tg.read(b"{}")
    assert len(tg.read(tg.Input(b'{"tenants": []}', format="tenantgraph"))) == 0
    with pytest.raises(tg.UnknownFormatError) as raised:
        tg.read(tg.Input(b"{}", name="export", format="carrier-pigeon"))
    assert str(raised.value.place) == "export"
    assert "tenantgraph" in dict(tg.formats())


def test_labels_are_laid_over_what_was_read(exports: Path) -> None:
    overlay = b"id,environment,team\none,staging,core\n"
    path = exports / "overlay.csv"
    path.write_bytes(overlay)
    for labels in (overlay, path, str(path), io.BytesIO(overlay), [path], tg.Input(overlay, "mine")):
        estate = tg.read(exports / "one.json", labels=labels)
        assert estate["one"].environment == "staging"
        assert estate.tenants[0].labels == {"team": "core"}
    with pytest.raises(tg.InvalidLabelsError) as raised:
        tg.read(exports / "one.json", labels=tg.Input(b"hunter2", "mine"))
    assert str(raised.value.place).startswith("mine")


def test_instants_may_be_text_dates_and_datetimes(estate: tg.Estate) -> None:
    zone = timezone(timedelta(hours=2))
    for instant in (
        "2026-05-01",
        "2026-05-01T02:00:00+02:00",
        date(2026, 5, 1),
        datetime(2026, 5, 1),
        datetime(2026, 5, 1, 2, tzinfo=zone),
    ):
        assert estate.reach(as_of=instant).as_of == "2026-05-01T00:00:00Z"
        assert estate.at(instant).reach().as_of == "2026-05-01T00:00:00Z"
    created = datetime(2026, 1, 1, tzinfo=timezone.utc)
    [secret] = tg.Estate.from_dict(document(secrets=[{"id": "key", "created_at": created}])).secrets
    assert secret.created_at == created


def test_a_document_that_is_no_json_is_refused_and_never_quoted() -> None:
    loop: dict[str, Any] = {}
    loop["hunter2"] = loop
    for bad in ({"hunter2": {1, 2}}, {"hunter2": float("nan")}, loop):
        with pytest.raises(tg.InvalidOptionError) as raised:
            tg.Estate.from_dict(bad)
        assert "hunter2" not in str(raised.value)
        assert raised.value.__cause__ is None


def test_the_instant_of_a_question_beats_that_of_the_estate() -> None:
    estate = tg.read(tenants("acme-test"), as_of="2026-01-01")
    assert estate.as_of == "2026-01-01T00:00:00Z"
    assert (estate.reach().as_of, estate.reach(as_of="2026-05-01").as_of) == ("2026-01-01T00:00:00Z", "2026-05-01T00:00:00Z")


def test_selectors_take_their_three_forms(estate: tg.Estate) -> None:
    forms: list[Any] = ["class=production", {"class": "production"}, [{"class": "production"}], ["class=production"], ("class=production",)]
    answers = {estate.reach(target=form, as_of="2026-05-01").to_json() for form in forms}
    assert len(answers) == 1
    assert len(estate.reach(source="id=key", target=["id=store", {"id": "robot"}], as_of="2026-05-01").reached) == 4
    assert estate.reach(ignore_guards="all", honour_guards=["just_in_time"], paths=0, as_of="2026-05-01").paths == ()


def test_a_policy_is_given_in_every_form(estate: tg.Estate, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("[limits.access_key]\nage_days = 7\n")
    (tmp_path / "policy.json").write_text('{"limits": {"access_key": {"age_days": 7}}}')
    seven = {"limits": {"access_key": {"age_days": 7}}}
    for policy in (tmp_path / "policy.toml", str(tmp_path / "policy.json"), seven, tg.Policy.from_dict(seven)):
        assert estate.rotation(as_of="2026-05-01", policy=policy).secrets[0].limit_days == 7
    with pytest.raises(tg.InvalidPolicyError) as raised:
        estate.assess(as_of="2026-05-01", policy={"hunter2": "hunter2"})
    assert "hunter2" not in str(raised.value)
    (tmp_path / "policy.toml").write_bytes(b"\xff hunter2")
    with pytest.raises(tg.InvalidPolicyError) as raised:
        tg.Policy.read(tmp_path / "policy.toml")
    assert str(raised.value.place) == str(tmp_path / "policy.toml")

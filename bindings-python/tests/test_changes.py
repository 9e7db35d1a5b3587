"""Cuts, isolation, changes and differences: what their answers say, and what they refuse."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
import tenantgraph as tg

AT = "2026-05-01"


@pytest.fixture
def dated(document: dict[str, Any]) -> tg.Estate:
    return tg.Estate.from_dict(document, as_of=AT)


@pytest.fixture
def apart(document: dict[str, Any]) -> tg.Estate:
    return tg.Estate.from_dict({**document, "relations": []}, as_of=AT)


def test_a_cut_ends_what_it_names(dated: tg.Estate) -> None:
    cuts = dated.cuts()
    keys = ("from", "kind", "to")
    assert (cuts.exact, cuts.cost, cuts.bound, cuts.start_side) == (True, 1, 1, cuts.to_dict()["start_side"])
    assert [{key: row[key] for key in keys} for row in cuts.flow] == [step for way in cuts.to_dict()["flow"] for step in way]
    assert cuts.choke_points.to_dicts() == cuts.to_dict()["choke_points"]
    plan = dated.what_if(remove=[{key: line[key] for key in keys} for line in cuts.cut])
    assert [crossing.to for crossing in plan.closed] == ["robot"]
    assert len(plan.opened) == 0
    assert "a cut of cost 1; no cheaper one exists" in cuts._repr_html_()


def test_what_will_not_be_ended_leaves_no_cut(dated: tg.Estate) -> None:
    cuts = dated.cuts(policy={"cuts": {"uncuttable": [{"kind": "authenticates_as"}]}}, target={"id": "robot"})
    assert (cuts.cost, len(cuts.cut)) == (None, 0)
    assert "no cut exists" in cuts._repr_html_()
    assert len(dated.cuts(choke_points=0).choke_points) == 0


def test_changes_are_given_whole_or_part_by_part(dated: tg.Estate) -> None:
    relation = {"from": "robot", "kind": "reads", "to": "store"}
    until = datetime(2026, 1, 1, tzinfo=timezone.utc)
    whole = {"add": {"identities": [{"id": "new", "expires_at": until}]}, "remove": {"entities": ["key"], "relations": [relation]}}
    parts = dated.what_if(add=whole["add"], remove=["key", relation])  # type: ignore[arg-type]
    assert dated.what_if(whole).to_json() == parts.to_json()
    assert dated.what_if({}).to_dict() == {"opened": [], "closed": [], "findings_added": [], "findings_resolved": [], "undecided": []}
    with pytest.raises(tg.InvalidOptionError, match="not both"):
        dated.what_if(whole, remove=["key"])
    with pytest.raises(tg.InvalidOptionError, match="nothing is changed"):
        dated.what_if()
    with pytest.raises(tg.InvalidOptionError, match="a list"):
        dated.what_if(remove="key")
    with pytest.raises(tg.UnknownEntityError):
        dated.what_if(remove=["nobody"])
    with pytest.raises(tg.InvalidOptionError, match="JSON cannot"):
        dated.what_if({"add": object()})


def test_a_difference_is_between_two_estates(dated: tg.Estate, apart: tg.Estate) -> None:
    diff = dated.diff(apart)
    assert diff.entities == {"added": [], "removed": [], "changed": []} == diff.to_dict()["entities"]
    assert diff.secrets == {"rotated": [], "unrotated": ["key"]}
    assert diff.relations_added == apart.diff(dated).relations_removed
    assert diff.opened.to_dicts() == diff.to_dict()["crossings"]["opened"] == apart.diff(dated).closed.to_dicts()
    assert diff.findings_added.column("fingerprint") == [row["fingerprint"] for row in diff.to_dict()["findings"]["added"]]
    assert "what changed" in diff._repr_html_()
    with pytest.raises(tg.InvalidOptionError, match="an `Estate`"):
        dated.diff("april.json")  # type: ignore[arg-type]


def test_isolation_is_proved_or_shown_to_be_broken(dated: tg.Estate, apart: tg.Estate) -> None:
    broken = dated.isolation(paths=1)
    assert (broken.verdict, broken.certificate, len(broken.paths)) == ("broken", None, 3)
    assert broken.coverage == broken.to_dict()["coverage"]
    assert "ways across" in broken._repr_html_()
    proof = apart.isolation()
    assert (proof.verdict, proof.paths) == ("isolated", [])
    for form in (proof, proof.certificate, proof.to_dict(), proof.to_json(), proof.to_json().encode()):
        assert form is not None
        tg.verify(form, apart)
    proof.verify(apart)


def test_a_certificate_that_proves_nothing_is_refused(dated: tg.Estate, apart: tg.Estate) -> None:
    proof = apart.isolation()
    for estate, form in ((dated, proof), (apart, dated.isolation()), (apart, "{"), (apart, b"\xff"), (apart, {"sets": []})):
        with pytest.raises(tg.InvalidDocumentError):
            tg.verify(form, estate)
    with pytest.raises(tg.InvalidDocumentError, match="leave out"):
        proof.verify(apart, policy={"boundaries": [{"from": "shared", "to": "production"}]})
    with pytest.raises(tg.InvalidOptionError, match="a certificate is"):
        tg.verify(7, apart)  # type: ignore[arg-type]


def test_a_flow_that_is_allowed_is_proved_under_its_policy(dated: tg.Estate) -> None:
    flow = {"from": "testing", "to": "production", "right": "control", "reason": "one team", "owner": "ann", "expires": "2027-01-01"}
    proof = dated.isolation(policy={"flows": [flow]})
    assert proof.verdict == "isolated"
    proof.verify(dated, policy={"flows": [flow]})
    with pytest.raises(tg.InvalidDocumentError, match="allows a flow"):
        proof.verify(dated)

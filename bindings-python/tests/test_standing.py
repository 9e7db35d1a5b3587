"""Sharing, privilege, lifecycle and classification: what their answers say, and that their tables are their JSON."""

from __future__ import annotations

from typing import Any

import pytest
import tenantgraph as tg

AT = "2026-05-01"
TIE = ("from", "kind", "to", "right", "permission", "guards", "certainty")

STANDING: dict[str, Any] = {
    "format": "tenantgraph/1",
    "tenants": [
        {"id": "shop-demo", "owner": "ann", "created_at": "2025-01-01"},
        {"id": "shop-production", "owner": "bob", "controls": {"mfa_required": True, "max_secret_age_days": 90}},
        {"id": "shop-staging", "owner": "bob", "controls": {"mfa_required": False, "max_secret_age_days": 365, "audit_logging": False}},
        {"id": "shop-test", "environment": "production"},
    ],
    "identities": [
        {"id": "production-robot", "name": "robot", "kind": "service_account", "tenant": "shop-production"},
        {"id": "staging-robot", "name": "robot", "kind": "service_account", "tenant": "shop-staging", "last_used_at": "2025-05-01"},
    ],
    "secrets": [
        {"id": "key", "kind": "access_key", "tenant": "shop-production", "expires_at": "2026-04-01"},
        {"id": "token", "kind": "token", "tenant": "shop-staging", "fingerprint": "f"},
        {"id": "token-copy", "kind": "token", "tenant": "shop-production", "fingerprint": "f"},
    ],
    "resources": [{"id": "vault", "kind": "vault", "tenant": "shop-production"}],
    "relations": [
        {"from": "key", "kind": "authenticates_as", "to": "production-robot"},
        {"from": "production-robot", "kind": "reads", "to": "shop-production"},
        {"from": "shop-demo", "kind": "trusted_by", "to": "shop-production", "granted_at": "2025-01-01", "last_used_at": "2025-06-01"},
        {"from": "staging-robot", "kind": "administers", "to": "shop-staging", "permission": "*", "last_used_at": "2025-05-01"},
        {"from": "staging-robot", "kind": "reads", "to": "vault", "guards": ["approval"]},
    ],
}


@pytest.fixture
def standing() -> tg.Estate:
    return tg.Estate.from_dict(STANDING, as_of=AT)


def ties(rows: tg.Table[Any]) -> list[dict[str, Any] | None]:
    """Give the relations that rows show, in the form of the JSON."""
    return [{column: row[column] for column in TIE} if row["from"] is not None else None for row in rows]


def without(parts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if name not in names}


def at_midnight(rows: tg.Table[Any], *names: str) -> list[dict[str, Any]]:
    """Give the rows with their instants as the JSON has them."""
    dates = {name: [None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in rows.column(name)] for name in names}
    return [{**row, **{name: dates[name][at] for name in names}} for at, row in enumerate(rows.to_dicts())]


def test_what_is_shared_is_a_sequence_with_its_ties(standing: tg.Estate) -> None:
    sharing = standing.sharing()
    answer = sharing.to_dict()
    assert [(it.category, it.entity, it.environments) for it in sharing] == [
        ("secret", "token", ["production", "staging"]),
        ("identity", "staging-robot", ["production", "staging"]),
    ]
    assert (len(sharing), sharing[0].records, sharing[1].unapproved) == (2, ["token", "token-copy"], ["staging"])
    assert sharing.shared.to_dicts() == [without(it, "evidence") for it in answer]
    shown = [(it["entity"], tie) for it in answer for tie in it["evidence"]]
    assert [(row.shared, row.environment, row.role, row.entity) for row in sharing.evidence] == [
        (entity, tie["environment"], tie["role"], tie["entity"]) for entity, tie in shown
    ]
    assert ties(sharing.evidence) == [tie["relation"] for _, tie in shown]
    assert "staging-robot" in sharing._repr_html_()
    moved = {"environments": {"names": [{"pattern": "shop", "environment": "production"}]}}
    assert len(standing.sharing(policy=moved)) == 0


def test_privilege_tells_what_commands_much_and_what_is_broader(standing: tg.Estate) -> None:
    privilege = standing.privilege()
    answer = privilege.to_dict()
    assert privilege.summary == answer["summary"]
    assert [(it.identity, it.granted, it.unused, it.is_privileged) for it in privilege.identities] == [
        ("production-robot", 1, 0, False),
        ("staging-robot", 2, 1, True),
    ]
    [grant] = privilege.privileged
    assert (grant.identity, grant.relations, grant.tier, grant.permission) == ("staging-robot", 1, 0, "*")
    assert grant.reasons == ["administrator", "wildcard", "privileged_permission"]
    assert ties(privilege.privileged) == [grant["relation"] for it in answer["identities"] for grant in it["privileged"]]
    [unused] = privilege.unused_grants
    assert (unused.to, unused.unused_days) == ("shop-staging", 365)
    [drift] = privilege.broader_than_production
    assert (drift.entity, drift.entity_type, drift.twins, drift.rights) == ("staging-robot", "identity", ["production-robot"], 2)
    assert [(right.entity, right.to, right.matched_over, right.held) for right in privilege.broader_rights] == [
        ("staging-robot", "vault", [], None),
        ("staging-robot", "shop-staging", ["shop-production", "shop-test"], "read"),
    ]
    assert privilege.coverage.to_dicts() == answer["coverage"]
    assert standing.privilege(policy={"dormancy_days": {"grants": 400}}).summary["unused"] == 0
    assert "staging-robot" in privilege._repr_html_()


def test_lifecycle_tells_what_should_have_ended(standing: tg.Estate) -> None:
    lifecycle = standing.lifecycle(policy={"left_owners": ["bob"]})
    answer = lifecycle.to_dict()
    assert [(gap.entity, gap.problem, gap.owner) for gap in lifecycle.owners] == [
        ("shop-production", "left", "bob"),
        ("shop-staging", "left", "bob"),
        ("shop-test", "missing", None),
    ]
    assert lifecycle.owners.to_dicts() == answer["owners"]
    assert at_midnight(lifecycle.dormant, "last_used_at") == answer["dormant"] != []
    assert at_midnight(lifecycle.expired, "expires_at") == [without(it, "held_by") for it in answer["expired"]] != []
    assert ties(lifecycle.held_by) == [tie for it in answer["expired"] for tie in it["held_by"]] != []
    gone = at_midnight(lifecycle.offboarding, "created_at", "expires_at")
    assert gone == [without(it, "trusted_by") for it in answer["offboarding"]] != []
    assert ties(lifecycle.trusted_by) == [tie for it in answer["offboarding"] for tie in it["trusted_by"]] != []
    [trust] = lifecycle.trusts
    assert (trust.from_, trust.problems, trust.unused_days, trust.reviewed_at) == ("shop-demo", ["unused", "not_reviewed"], 334, None)
    assert ties(lifecycle.trusts) == [it["relation"] for it in answer["trusts"]]
    assert lifecycle.coverage.to_dicts() == answer["coverage"]
    assert "identity_uses" in lifecycle._repr_html_()


def test_classification_holds_labels_and_controls_against_the_evidence(standing: tg.Estate) -> None:
    classification = standing.classification(ignore_guards="approval")
    answer = classification.to_dict()
    assert [(it.tenant, it.verdict) for it in classification.tenants] == [
        ("shop-demo", "coupled"),
        ("shop-production", "consistent"),
        ("shop-staging", "coupled"),
        ("shop-test", "contradictory"),
    ]
    assert classification.tenants.to_dicts() == [without(it, "claims", "evidence") for it in answer["tenants"]]
    claims = [{"tenant": it["tenant"], **claim} for it in answer["tenants"] for claim in it["claims"]]
    assert classification.claims.to_dicts() == claims != []
    couplings = [coupling for it in answer["tenants"] for coupling in it["evidence"]]
    assert [row.coupling for row in classification.evidence] == [coupling["kind"] for coupling in couplings]
    assert ties(classification.evidence) == [coupling["relation"] for coupling in couplings]
    ways = [coupling["path"] for coupling in couplings if coupling["path"]]
    assert [len(path) for path in classification.paths] == [len(way) for way in ways]
    assert {(path[0].tenant, path[-1].to) for path in classification.paths} >= {("shop-staging", "token-copy")}
    assert [path[-1].production for path in classification.paths] == [path[-1].to for path in classification.paths]
    assert classification.control_drift.to_dicts() == answer["control_drift"]
    assert [(it.control, it.value, it.expected) for it in classification.control_drift if it.against == "twin"] == [
        ("mfa_required", False, True),
        ("max_secret_age_days", 365, 90),
    ]
    assert classification.unmonitored.to_dicts() == answer["unmonitored"] != []
    assert classification.coverage.to_dicts() == answer["coverage"]
    assert "production_trust" in classification._repr_html_()

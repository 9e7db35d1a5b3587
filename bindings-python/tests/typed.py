"""What a type checker sees. Never run: mypy reads it, and refuses an `ignore` that hides nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, assert_type

import tenantgraph as tg


def never_run() -> None:
    estate = tg.read(
        "exports/", Path("more.json"), b"{}", {"format": "tenantgraph/1"}, labels="labels.csv", as_of=date(2026, 5, 1), progress=True
    )
    assert_type(estate, tg.Estate)
    assert_type(estate.as_of, str | None)
    tg.read(7)  # type: ignore[arg-type]
    tg.read("x", as_of=7)  # type: ignore[arg-type]
    tg.read("x", progress=lambda done: None)  # type: ignore[arg-type, misc]

    reach = estate.reach(source={"class": "non_production"}, target=["class=production", {"kind": "vault"}], ignore_guards="mfa")
    assert_type(reach, tg.Reach)
    for fact in reach.reached:
        assert_type(fact.entity, str)
        assert_type(fact.depth, int)
        if fact.right == "contrl":  # type: ignore[comparison-overlap]
            pass
    for path in reach.paths:
        assert_type(path.steps[0].from_, str)
        assert_type(path[0].permission, str | None)
    estate.reach(source=7)  # type: ignore[arg-type]
    estate.reach("class=production")  # type: ignore[call-arg]
    _ = reach.reachd  # type: ignore[attr-defined]
    _ = reach.reached[0].entty  # type: ignore[attr-defined]

    if reach.verdict("store") == "maybe":  # type: ignore[comparison-overlap]
        pass

    report = estate.assess(policy={"due_soon_days": 7})
    assert_type(report, tg.Report)
    for finding in report.findings:
        if finding.severity == "critical":
            assert_type(finding.subjects, list[str])
    assert_type(report.findings[0:2], list[tg.rows.Finding])
    assert_type(report.findings.to_dicts(), list[dict[str, Any]])

    assert_type(estate.tenant_matrix()[0].strongest, tg.words.Right)
    assert_type(estate.blast_radius("key", "other").by_kind, dict[str, int])
    assert_type(estate.cuts(include_possible=True).cut[0].action, str)
    assert_type(estate.isolation(paths=1).verdict, tg.words.IsolationVerdict)
    assert_type(estate.what_if({"remove": {"entities": ["key"]}}).findings_added[0].severity, tg.words.Severity)
    estate.what_if(add={"relations": [{"from": "a", "kind": "reads", "to": "b"}]}, remove=["key", {"from": "a", "kind": "uses", "to": "c"}])
    estate.what_if(remove=[7])  # type: ignore[list-item]
    assert_type(estate.diff(estate).relations_added[0].from_, str)
    estate.diff("april.json")  # type: ignore[arg-type]
    tg.verify(estate.isolation(), estate, policy="policy.toml")
    assert_type(estate.rotation(policy=tg.Policy()).secrets[0].age_days, int | None)
    for shared in estate.sharing():
        assert_type(shared.category, tg.words.SharingCategory)
        assert_type(shared.ties, dict[str, int])
    assert_type(estate.sharing().evidence[0].role, tg.words.SharingRole)
    privilege = estate.privilege(policy={"dormancy_days": {"grants": 30}})
    assert_type(privilege.privileged[0].reasons, list[tg.words.PrivilegeReason])
    assert_type(privilege.broader_rights[0].held, tg.words.Right | None)
    lifecycle = estate.lifecycle()
    assert_type(lifecycle.offboarding[0].reason, tg.words.OffboardingReason)
    assert_type(lifecycle.trusts[0].problems, list[tg.words.TrustProblem])
    classification = estate.classification(honour_guards=["just_in_time"])
    assert_type(classification.tenants[0].verdict, tg.words.LabelVerdict)
    assert_type(classification.paths[0].steps[0].production, str)
    assert_type(classification.control_drift[0].value, bool | int)
    if classification.tenants[0].verdict == "fine":  # type: ignore[comparison-overlap]
        pass
    estate.sharing(ignore_guards="mfa")  # type: ignore[call-arg]
    assert_type(estate["robot"].class_, tg.words.EnvironmentClass)
    assert_type(estate.get("robot"), tg.rows.Entity | None)

    try:
        tg.Policy.read("policy.toml")
    except tg.InvalidPolicyError as error:
        assert_type(error.code, str)
        assert_type(error.place, tg.Place | None)

"""`Questions`: what may be asked of an estate, one method a question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ._answers import (
    BlastRadius,
    Classification,
    Cuts,
    Diff,
    Isolation,
    Lifecycle,
    Privilege,
    Reach,
    Report,
    Rotation,
    Sharing,
    TenantMatrix,
    WhatIf,
)
from ._errors import InvalidOptionError
from ._inputs import When, document_text, instant
from ._policy import PolicyLike, policy_of
from ._progress import Progress, observed

if TYPE_CHECKING:
    from ._native import Answer as NativeAnswer
    from ._native import Estate as NativeEstate
    from .words import Guard

Selector: TypeAlias = str | Mapping[str, str]
"""`"class=production,kind=service_account"` or `{"class": "production", "kind": "service_account"}`."""

Selectors: TypeAlias = Selector | Iterable[Selector]
"""One selector, or several any of which may hold."""

Guards: TypeAlias = "Guard | Iterable[Guard] | str"
"""Guards by name, or `"all"`."""

Records: TypeAlias = Mapping[str, Iterable[Mapping[str, Any]]]
"""Records of an estate document by their lists: `{"relations": [{"from": "a", "kind": "reads", "to": "b"}]}`."""

Removed: TypeAlias = Mapping[str, Iterable[str | Mapping[str, str]]] | Iterable[str | Mapping[str, str]]
"""Ids of entities and ends of relations, in one list or as `{"entities": [ids], "relations": [{"from", "kind", "to"}]}`."""


class Questions:
    """The questions. Each takes the instant it asks about (`as_of`), or that of the estate, and a policy, or the default one."""

    _native: NativeEstate
    _as_of: str | None
    _memory_limit: int | None

    def reach(
        self,
        *,
        source: Selectors | None = None,
        target: Selectors | None = None,
        paths: int | None = None,
        as_of: When | None = None,
        policy: PolicyLike | None = None,
        proven_only: bool = False,
        ignore_guards: Guards | None = None,
        honour_guards: Guards | None = None,
        progress: Progress = False,
    ) -> Reach:
        """Say what of a target (default: production) is held from a start (default: every living non-production entity).

        >>> reach = estate.reach(source={"class": "non_production"}, target="class=production", as_of="2026-05-01")
        >>> len(reach.crossings)
        1
        """
        options: dict[str, object] = {"from": _selectors(source), "to": _selectors(target), "paths": paths}
        options |= {"proven_only": proven_only, "ignore_guards": _words(ignore_guards), "honour_guards": _words(honour_guards)}
        return Reach(self._ask("reach", as_of, policy, progress, options))

    def tenant_matrix(
        self,
        *,
        as_of: When | None = None,
        policy: PolicyLike | None = None,
        ignore_guards: Guards | None = None,
        honour_guards: Guards | None = None,
        progress: Progress = False,
    ) -> TenantMatrix:
        """Say for every non-production tenant on its own which production tenants it reaches, by proven relations.

        >>> len(estate.tenant_matrix(as_of="2026-05-01"))
        1
        """
        options = {"ignore_guards": _words(ignore_guards), "honour_guards": _words(honour_guards)}
        return TenantMatrix(self._ask("matrix", as_of, policy, progress, options))

    def blast_radius(
        self,
        *lost: str,
        as_of: When | None = None,
        policy: PolicyLike | None = None,
        proven_only: bool = False,
        ignore_guards: Guards | None = None,
        honour_guards: Guards | None = None,
        progress: Progress = False,
    ) -> BlastRadius:
        """Say what is held after the loss of these entities, and which secrets to rotate, in which order.

        >>> estate.blast_radius("key", as_of="2026-05-01").rotate.column("secret")
        ['key']
        """
        options = {"lost": list(lost), "proven_only": proven_only}
        options |= {"ignore_guards": _words(ignore_guards), "honour_guards": _words(honour_guards)}
        return BlastRadius(self._ask("blast-radius", as_of, policy, progress, options))

    def rotation(self, *, as_of: When | None = None, policy: PolicyLike | None = None, progress: Progress = False) -> Rotation:
        """Say how old every secret is against its limit, and when it is due.

        >>> estate.rotation(as_of="2026-05-01", policy={"limits": {"access_key": {"age_days": 365}}}).secrets[0].status
        'within'
        """
        return Rotation(self._ask("rotation", as_of, policy, progress, {}))

    def sharing(self, *, as_of: When | None = None, policy: PolicyLike | None = None, progress: Progress = False) -> Sharing:
        """Say what serves more than one environment: secrets, identities, vaults, runners, stores, tenants, what vendors hold.

        >>> estate.sharing(as_of="2026-05-01")[0].ties
        {'production': 1, 'testing': 1}
        """
        return Sharing(self._ask("sharing", as_of, policy, progress, {}))

    def privilege(self, *, as_of: When | None = None, policy: PolicyLike | None = None, progress: Progress = False) -> Privilege:
        """Say what identities may do against what they do, who commands tenants, and what is broader than in production.

        >>> estate.privilege(as_of="2026-05-01").summary["privileged_machine_identities"]
        0
        """
        return Privilege(self._ask("privilege", as_of, policy, progress, {}))

    def lifecycle(self, *, as_of: When | None = None, policy: PolicyLike | None = None, progress: Progress = False) -> Lifecycle:
        """Say what has no owner, is not used, is past its end, or should be gone: identities, secrets, tenants and trusts.

        >>> [(row.topic, row.known, row.total) for row in estate.lifecycle(as_of="2026-05-01").coverage][:2]
        [('identity_uses', 0, 1), ('owners', 0, 3)]
        """
        return Lifecycle(self._ask("lifecycle", as_of, policy, progress, {}))

    def classification(
        self,
        *,
        as_of: When | None = None,
        policy: PolicyLike | None = None,
        ignore_guards: Guards | None = None,
        honour_guards: Guards | None = None,
        progress: Progress = False,
    ) -> Classification:
        """Hold each tenant's label against what speaks of production in it, and its controls against the baseline and its twin.

        >>> [(it.tenant, it.coupling, it.production) for it in estate.classification(as_of="2026-05-01").evidence]
        [('acme-test', 'production_credential', 'robot'), ('acme-test', 'production_path', 'robot')]
        """
        options = {"ignore_guards": _words(ignore_guards), "honour_guards": _words(honour_guards)}
        return Classification(self._ask("classification", as_of, policy, progress, options))

    def assess(self, *, as_of: When | None = None, policy: PolicyLike | None = None, progress: Progress = False) -> Report:
        """Hold the estate against a policy: what non-production reaches, which secrets are stale, and every rule.

        >>> report = estate.assess(as_of="2026-05-01", policy={"severities": {"rotation-overdue": "low"}})
        >>> {finding.rule: finding.severity for finding in report.findings}["rotation-overdue"]
        'medium'
        """
        return Report(self._ask("assess", as_of, policy, progress, {}))

    def cuts(
        self,
        *,
        source: Selectors | None = None,
        target: Selectors | None = None,
        include_possible: bool = False,
        choke_points: int | None = None,
        as_of: When | None = None,
        policy: PolicyLike | None = None,
        ignore_guards: Guards | None = None,
        honour_guards: Guards | None = None,
        progress: Progress = False,
    ) -> Cuts:
        """Name the cheapest relations to end so that nothing of a target (default: production) is held, and the choke points on the way.

        Relations that are only possible are cut too where `include_possible` is true. What a cut costs is for the policy to say.

        >>> [line.action for line in estate.cuts(as_of="2026-05-01").cut]
        ['revoke `key`, or replace it by federation, so that it no longer opens `robot`']
        """
        options: dict[str, object] = {"from": _selectors(source), "to": _selectors(target), "choke_points": choke_points}
        options |= {"include_possible": include_possible, "ignore_guards": _words(ignore_guards), "honour_guards": _words(honour_guards)}
        return Cuts(self._ask("cuts", as_of, policy, progress, options))

    def isolation(
        self,
        *,
        paths: int | None = None,
        as_of: When | None = None,
        policy: PolicyLike | None = None,
        ignore_guards: Guards | None = None,
        honour_guards: Guards | None = None,
        progress: Progress = False,
    ) -> Isolation:
        """Say whether the boundaries of the policy hold: with a certificate where they do, with at most `paths` ways a right where not.

        >>> estate.isolation(as_of="2026-05-01").verdict
        'broken'
        """
        options = {"paths": paths, "ignore_guards": _words(ignore_guards), "honour_guards": _words(honour_guards)}
        return Isolation(self._ask("isolation", as_of, policy, progress, options))

    def what_if(
        self,
        changes: Mapping[str, Any] | None = None,
        *,
        add: Records | None = None,
        remove: Removed | None = None,
        alter: Records | None = None,
        before: Questions | None = None,
        as_of: When | None = None,
        policy: PolicyLike | None = None,
        progress: Progress = False,
    ) -> WhatIf:
        """Say which crossings and findings a set of changes opens, closes, adds and resolves.

        The changes are a dict with `add`, `remove` and `alter`, or these one by one: records of an estate document that are added, ids
        and relations that are taken away, and records with their id and only what differs. Or they are what lies between an estate `before`
        and this one: those of a plan of Terraform, which is read once with the format `terraform@before` and once with `terraform`.

        >>> [crossing.to for crossing in estate.what_if(remove=["key"], as_of="2026-05-01").closed]
        ['robot']
        """
        if before is not None and not isinstance(before, Questions):
            raise InvalidOptionError("the earlier estate is an `Estate`; read it first")
        options = {"changes": _changes(changes, add, remove, alter)}
        return WhatIf(self._ask("what-if", as_of, policy, progress, options, before))

    def diff(self, before: Questions, *, as_of: When | None = None, policy: PolicyLike | None = None, progress: Progress = False) -> Diff:
        """Say what came and went since an earlier estate. Both are looked at as of the same instant.

        >>> before = tg.read({"format": "tenantgraph/1", "tenants": [{"id": "acme-prod"}]})
        >>> estate.diff(before, as_of="2026-05-01").entities["added"]
        ['acme-test', 'key', 'robot', 'store']
        """
        if not isinstance(before, Questions):
            raise InvalidOptionError("the earlier estate is an `Estate`; read it first")
        return Diff(self._ask("diff", as_of, policy, progress, {}, before))

    def _ask(
        self,
        question: str,
        as_of: When | None,
        policy: PolicyLike | None,
        progress: Progress,
        options: Mapping[str, object],
        before: Questions | None = None,
    ) -> NativeAnswer:
        decided = policy_of(policy)
        options = {"as_of": self._instant(as_of), "policy": None if decided is None else decided.to_dict(), **options}
        options |= {"memory_limit": self._memory_limit}
        given = {name: value for name, value in options.items() if value is not None and value is not False}
        with observed(progress, question) as callback:
            return self._native.ask(question, json.dumps(given), callback, None if before is None else before._native)

    def _instant(self, as_of: When | None) -> str:
        at = self._as_of if as_of is None else instant(as_of)
        if at is None:
            raise InvalidOptionError('no instant was given; pass `as_of="2026-05-01"` here or to `read`, for the library reads no clock')
        return at


def _changes(
    changes: Mapping[str, Any] | None, add: Records | None, remove: Removed | None, alter: Records | None
) -> dict[str, Any] | None:
    """Give the changes as a document, in which instants are text; none where nothing was given, which the library refuses."""
    parts = {"add": add, "remove": _removed(remove), "alter": alter}
    given = {name: part for name, part in parts.items() if part is not None}
    if changes is not None and given:
        raise InvalidOptionError("changes are given as one dict or by `add`, `remove` and `alter`, not both")
    if changes is None and not given:
        return None
    document: dict[str, Any] = json.loads(document_text(given if changes is None else changes))
    return document


def _removed(remove: Removed | None) -> Mapping[str, Any] | None:
    if remove is None or isinstance(remove, Mapping):
        return remove
    if isinstance(remove, str):
        raise InvalidOptionError("`remove` is a list of ids and relations")
    several = list(remove)
    return {
        "entities": [each for each in several if isinstance(each, str)],
        "relations": [each for each in several if not isinstance(each, str)],
    }


def _selectors(selectors: Selectors | None) -> list[str | dict[str, str]] | None:
    if selectors is None:
        return None
    several = [selectors] if isinstance(selectors, str | Mapping) else selectors
    return [selector if isinstance(selector, str) else dict(selector) for selector in several]


def _words(words: str | Iterable[str] | None) -> list[str] | None:
    return None if words is None else [words] if isinstance(words, str) else list(words)

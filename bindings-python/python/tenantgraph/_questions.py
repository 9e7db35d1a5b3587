"""`Questions`: what may be asked of an estate, one method a question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from ._answers import BlastRadius, Reach, Report, Rotation, TenantMatrix
from ._errors import InvalidOptionError
from ._inputs import When, instant
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


class Questions:
    """The questions. Each takes the instant it asks about (`as_of`), or that of the estate, and a policy, or the default one."""

    _native: NativeEstate
    _as_of: str | None

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

    def assess(self, *, as_of: When | None = None, policy: PolicyLike | None = None, progress: Progress = False) -> Report:
        """Hold the estate against a policy: what non-production reaches, which secrets are stale, and every rule.

        >>> report = estate.assess(as_of="2026-05-01", policy={"severities": {"rotation-overdue": "low"}})
        >>> {finding.rule: finding.severity for finding in report.findings}["rotation-overdue"]
        'medium'
        """
        return Report(self._ask("assess", as_of, policy, progress, {}))

    def _ask(
        self, question: str, as_of: When | None, policy: PolicyLike | None, progress: Progress, options: Mapping[str, object]
    ) -> NativeAnswer:
        decided = policy_of(policy)
        options = {"as_of": self._instant(as_of), "policy": None if decided is None else decided.to_dict(), **options}
        given = {name: value for name, value in options.items() if value is not None and value is not False}
        with observed(progress, question) as callback:
            return self._native.ask(question, json.dumps(given), callback)

    def _instant(self, as_of: When | None) -> str:
        at = self._as_of if as_of is None else instant(as_of)
        if at is None:
            raise InvalidOptionError('no instant was given; pass `as_of="2026-05-01"` here or to `read`, for the library reads no clock')
        return at


def _selectors(selectors: Selectors | None) -> list[str | dict[str, str]] | None:
    if selectors is None:
        return None
    several = [selectors] if isinstance(selectors, str | Mapping) else selectors
    return [selector if isinstance(selector, str) else dict(selector) for selector in several]


def _words(words: str | Iterable[str] | None) -> list[str] | None:
    return None if words is None else [words] if isinstance(words, str) else list(words)

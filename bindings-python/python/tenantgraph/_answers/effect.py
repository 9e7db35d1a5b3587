"""`Effect`: the crossings and findings that came and went."""

from __future__ import annotations

from functools import cached_property

from .. import _html, rows
from .._table import Row, Table
from .answer import SHOWN, Answer, table_html

CHANGED: dict[str, type[Row]] = {
    "opened": rows.Crossing,
    "closed": rows.Crossing,
    "findings_added": rows.Finding,
    "findings_resolved": rows.Finding,
}


class Effect(Answer):
    """Crossings into production and findings that came and went: what `WhatIf` and `Diff` share."""

    @cached_property
    def opened(self) -> Table[rows.Crossing]:
        """The crossings into production that came."""
        return self.table("opened")

    @cached_property
    def closed(self) -> Table[rows.Crossing]:
        """The crossings into production that went."""
        return self.table("closed")

    @cached_property
    def findings_added(self) -> Table[rows.Finding]:
        """The findings that came."""
        return self.table("findings_added")

    @cached_property
    def findings_resolved(self) -> Table[rows.Finding]:
        """The findings that went."""
        return self.table("findings_resolved")

    def _repr_html_(self) -> str:
        crossings = f"{table_html('crossings opened', self.opened)}{table_html('crossings closed', self.closed)}"
        return f"<div>{crossings}{_findings('added', self.findings_added)}{_findings('resolved', self.findings_resolved)}</div>"


def _findings(what: str, findings: Table[rows.Finding]) -> str:
    shown = ([finding.severity, finding.rule, finding.message] for finding in findings[:SHOWN])
    return _html.table(f"findings {what}: {len(findings):,}", ["severity", "rule", "finding"], shown, len(findings) - SHOWN)

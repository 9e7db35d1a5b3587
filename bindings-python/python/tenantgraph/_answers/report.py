"""`Report`: everything an assessment says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from .. import _html, rows
from .._reading import Reading
from .._table import Row, Table
from .answer import SHOWN, Answer
from .path import Path, paths_of


class Report(Answer):
    """Everything an assessment says: findings, metrics, what was read and what is not known.

    >>> report = estate.assess(as_of="2026-05-01")
    >>> report.findings[0].rule, report.findings[0].severity
    ('cross-environment-path', 'critical')
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {
        "findings": rows.Finding,
        "steps": rows.FindingStep,
        "metrics": rows.Metric,
        "metric_shares": rows.MetricShare,
        "coverage": rows.Coverage,
        "sources": rows.Source,
        "skipped": rows.Skipped,
        "conflicts": rows.Conflict,
        "placeholders": rows.Placeholder,
    }

    @property
    def as_of(self) -> str:
        """The instant of the assessment."""
        return str(self._head["as_of"])

    @property
    def summary(self) -> dict[str, Any]:
        """What a manager reads first, in the form of the JSON: findings by severity and rule, what is reached and what ends it, what is
        overdue, leaked or not known, and secrets by status."""
        return dict(self._head["summary"])

    @property
    def estate(self) -> dict[str, Any]:
        """What there is in the estate: counts by type and environment."""
        return dict(self._head["estate"])

    @cached_property
    def findings(self) -> Table[rows.Finding]:
        """The findings, the worst first and what is waived last."""
        return self.table("findings")

    @cached_property
    def steps(self) -> Table[rows.FindingStep]:
        """The paths that findings show, in long form: one row a step, with the fingerprint of the finding."""
        return self.table("steps")

    @cached_property
    def paths(self) -> tuple[Path[rows.FindingStep], ...]:
        """The paths that findings show, in the order of the findings."""
        return paths_of(self.steps)

    @cached_property
    def metrics(self) -> Table[rows.Metric]:
        """Shares over the whole estate, each beside the figure that was published for it."""
        return self.table("metrics")

    @cached_property
    def metric_shares(self) -> Table[rows.MetricShare]:
        """The metrics by tenant and by environment. A share that could not be counted is `None`, never zero."""
        return self.table("metric_shares")

    def to_markdown(self) -> str:
        """Give the report as a page for a ticket or a wiki, byte for byte what the command writes.

        >>> estate.assess(as_of="2026-05-01").to_markdown().splitlines()[0]
        '# Where non-production reaches production, as of 2026-05-01'
        """
        return self._native.to_markdown()

    @cached_property
    def reading(self) -> Reading:
        """What was read, what was skipped and why, what conflicted, and what is not known."""
        return Reading(self.table)

    def _repr_html_(self) -> str:
        found = self.summary["findings"]
        severities = [(severity, count) for severity, count in reversed(found["by_severity"].items()) if count]
        caption = f"as of {self.as_of}: {found['open']:,} open findings, {found['waived']:,} waived"
        summary = _html.table(caption, ["severity", "open findings"], severities)
        worst = ([finding.severity, finding.rule, finding.message] for finding in self.findings[:SHOWN])
        findings = _html.table("worst findings", ["severity", "rule", "finding"], worst, len(self.findings) - SHOWN)
        paths = _html.table("paths", ["path"], ([str(path)] for path in self.paths[:SHOWN]), len(self.paths) - SHOWN)
        return f"<div>{summary}{findings}{paths if self.paths else ''}</div>"

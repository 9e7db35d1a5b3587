"""The answers of the questions: JSON as the command writes it, and tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar, overload

from . import _html, rows
from ._reading import Reading
from ._table import Row, Table

if TYPE_CHECKING:
    from . import _native

Verdict: TypeAlias = Literal["proven", "possible", "not_reached"]

S = TypeVar("S", bound=rows.Step)
_SHOWN = 5


class Path(Sequence[S], Generic[S]):
    """A shortest path: its steps in order. As text, the chain of ids with the relations between."""

    __slots__ = ("_steps",)

    def __init__(self, steps: Sequence[S]) -> None:
        self._steps = tuple(steps)

    @property
    def steps(self) -> tuple[S, ...]:
        """The steps; what a step needs stands before it."""
        return self._steps

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, at: int) -> S: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[S, ...]: ...
    def __getitem__(self, at: int | slice) -> S | tuple[S, ...]:
        return self._steps[at]

    def __str__(self) -> str:
        parts: list[str] = []
        end = None
        for step in self._steps:
            parts.append(f"{'' if end is None else '; '}{step.from_}" if step.from_ != end else "")
            parts.append(f" -{step.kind}-> {step.to}")
            end = step.to
        return "".join(parts)

    def __repr__(self) -> str:
        return f"<Path {self}>"


class Answer:
    """What a question gave. Its tables are attributes; `to_json` is byte for byte what the command writes."""

    # The tables and their rows; a test holds the names against the library.
    _types: ClassVar[Mapping[str, type[Row]]] = {}

    def __init__(self, native: _native.Answer) -> None:
        self._native = native

    def to_json(self) -> str:
        """Give the answer as JSON, byte for byte what the command writes.

        >>> reach.to_json().startswith("{")
        True
        """
        return self._native.to_json()

    def to_dict(self) -> Any:
        """Give the answer as dicts and lists, in the form of its JSON.

        >>> reach.to_dict()["crossings"][0]["to"]
        'robot'
        """
        return json.loads(self.to_json())

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables.

        >>> reach.tables
        ('reached', 'crossings', 'steps')
        """
        return tuple(self._types)

    def table(self, name: str) -> Table[Any]:
        """Give a table by its name.

        >>> reach.table("crossings").columns
        ('from', 'kind', 'to', 'right', 'certainty', 'reached')
        """
        return Table(self._native.table(name), self._types.get(name, Row), name)

    @cached_property
    def _head(self) -> Any:
        return json.loads(self._native.head())

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(f'{len(self.table(name)):,} {name}' for name in self.tables)}>"

    def _repr_html_(self) -> str:
        return f"<div>{''.join(_table_html(name, self.table(name)) for name in self.tables)}</div>"


def _paths(steps: Table[S]) -> tuple[Path[S], ...]:
    paths: list[list[S]] = []
    for step in steps:
        if step.step == 1:
            paths.append([])
        paths[-1].append(step)
    return tuple(Path(path) for path in paths)


class Reach(Answer):
    """What of a target is held from a start, how deep, over which crossings, by which paths.

    >>> reach.reached.column("entity")
    ['robot', 'robot', 'robot', 'store']
    >>> print(reach.paths[0])
    key -authenticates_as-> robot
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {"reached": rows.HeldFact, "crossings": rows.Crossing, "steps": rows.ReachStep}

    @property
    def as_of(self) -> str:
        """The instant of the question."""
        return str(self._head["as_of"])

    @property
    def source(self) -> list[str]:
        """The start, as selectors any of which holds."""
        return list(self._head["from"])

    @property
    def target(self) -> list[str]:
        """The target, as selectors any of which holds."""
        return list(self._head["to"])

    @cached_property
    def reached(self) -> Table[rows.HeldFact]:
        """Every target fact held, by entity then right."""
        return self.table("reached")

    @cached_property
    def crossings(self) -> Table[rows.Crossing]:
        """The relations that lead into the target from outside it."""
        return self.table("crossings")

    @cached_property
    def steps(self) -> Table[rows.ReachStep]:
        """The paths in long form: one row a step."""
        return self.table("steps")

    @cached_property
    def paths(self) -> tuple[Path[rows.ReachStep], ...]:
        """One shortest path a crossing, then one to each further target fact, as many as were asked for."""
        return _paths(self.steps)

    @cached_property
    def _facts(self) -> dict[str, list[rows.HeldFact]]:
        facts: dict[str, list[rows.HeldFact]] = {}
        for fact in self.reached:
            facts.setdefault(fact.entity, []).append(fact)
        return facts

    def verdict(self, entity: str) -> Verdict:
        """Say whether a target entity is held: `proven`, `possible` or `not_reached`.

        >>> reach.verdict("store"), reach.verdict("elsewhere")
        ('proven', 'not_reached')
        """
        certainties = {fact.certainty for fact in self._facts.get(entity, [])}
        return "proven" if "proven" in certainties else "possible" if certainties else "not_reached"

    def _repr_html_(self) -> str:
        crossings = _table_html("crossings into the target", self.crossings)
        paths = _html.table("shortest paths", ["path"], ([str(path)] for path in self.paths[:_SHOWN]), len(self.paths) - _SHOWN)
        return f"<div>{crossings}{paths}</div>"


class TenantMatrix(Answer):
    """For every non-production tenant on its own: which production tenants it reaches, by proven relations.

    >>> matrix = estate.tenant_matrix(as_of="2026-05-01")
    >>> [(cell.source, cell.target, cell.strongest) for cell in matrix]
    [('acme-test', 'acme-prod', 'control')]
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {"cells": rows.MatrixCell, "steps": rows.MatrixStep}

    @cached_property
    def cells(self) -> Table[rows.MatrixCell]:
        """A cell for each pair of which something is held."""
        return self.table("cells")

    @cached_property
    def steps(self) -> Table[rows.MatrixStep]:
        """The shortest path of each cell in long form: one row a step."""
        return self.table("steps")

    @cached_property
    def paths(self) -> tuple[Path[rows.MatrixStep], ...]:
        """The shortest path of each cell, in the order of the cells."""
        return _paths(self.steps)

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[rows.MatrixCell]:
        return iter(self.cells)

    def __getitem__(self, at: int) -> rows.MatrixCell:
        return self.cells[at]

    def _repr_html_(self) -> str:
        return _table_html("production tenants reached", self.cells)


class BlastRadius(Answer):
    """What is held after the loss of given entities, and what must be rotated.

    >>> lost = estate.blast_radius("key", as_of="2026-05-01")
    >>> lost.held, lost.by_kind
    (3, {'access_key': 1, 'object_store': 1, 'service_account': 1})
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {"entities": rows.HeldFact, "rotate": rows.Rotated}

    @property
    def start(self) -> list[str]:
        """The ids of what was lost."""
        return list(self._head["start"])

    @property
    def held(self) -> int:
        """The number of entities held, what was lost included."""
        return int(self._head["held"])

    @property
    def by_environment(self) -> dict[str, int]:
        """That number by environment."""
        return dict(self._head["by_environment"])

    @property
    def by_tenant(self) -> dict[str, int]:
        """That number by own tenant."""
        return dict(self._head["by_tenant"])

    @property
    def by_kind(self) -> dict[str, int]:
        """That number by kind."""
        return dict(self._head["by_kind"])

    @cached_property
    def entities(self) -> Table[rows.HeldFact]:
        """Every fact held, by entity then right."""
        return self.table("entities")

    @cached_property
    def rotate(self) -> Table[rows.Rotated]:
        """The secrets that were exposed, in the order in which to rotate them."""
        return self.table("rotate")

    def _repr_html_(self) -> str:
        parts = [("environment", self.by_environment), ("tenant", self.by_tenant), ("kind", self.by_kind)]
        tables = [
            _html.table(f"held by {name}", [name, "entities"], list(counts.items())[:_SHOWN], len(counts) - _SHOWN)
            for name, counts in parts
        ]
        return f"<div><p>{self.held:,} entities held, {len(self.rotate):,} secrets to rotate</p>{''.join(tables)}</div>"


class Rotation(Answer):
    """Every secret's age, limit, due date and status, and the sums over them.

    >>> rotation = estate.rotation(as_of="2026-05-01")
    >>> [(secret.secret, secret.age_days, secret.status) for secret in rotation.secrets]
    [('key', 120, 'overdue')]
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {
        "secrets": rows.SecretRotation,
        "shares": rows.RotationShare,
        "data_problems": rows.DataProblem,
    }

    @property
    def summary(self) -> dict[str, Any]:
        """The sums, in the form of the JSON."""
        return dict(self._head["summary"])

    @cached_property
    def secrets(self) -> Table[rows.SecretRotation]:
        """How every secret stands, by id."""
        return self.table("secrets")

    @cached_property
    def shares(self) -> Table[rows.RotationShare]:
        """How many secrets are within their limit: over all, and by kind, tenant, environment and storage."""
        return self.table("shares")

    @cached_property
    def data_problems(self) -> Table[rows.DataProblem]:
        """The dates that cannot be true."""
        return self.table("data_problems")

    def _repr_html_(self) -> str:
        statuses = [(status, count) for status, count in self.summary["by_status"].items() if count]
        table = _html.table("secrets by status", ["status", "secrets"], statuses)
        return f"<div>{table}{_table_html('secrets', self.secrets)}</div>"


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
        """What a manager reads first, in the form of the JSON: findings by severity and rule, what is reached, secrets by status."""
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
        return _paths(self.steps)

    @cached_property
    def metrics(self) -> Table[rows.Metric]:
        """Shares over the whole estate, each beside the figure that was published for it."""
        return self.table("metrics")

    @cached_property
    def reading(self) -> Reading:
        """What was read, what was skipped and why, what conflicted, and what is not known."""
        return Reading(self.table)

    def _repr_html_(self) -> str:
        found = self.summary["findings"]
        severities = [(severity, count) for severity, count in reversed(found["by_severity"].items()) if count]
        caption = f"as of {self.as_of}: {found['open']:,} open findings, {found['waived']:,} waived"
        summary = _html.table(caption, ["severity", "open findings"], severities)
        worst = ([finding.severity, finding.rule, finding.message] for finding in self.findings[:_SHOWN])
        findings = _html.table("worst findings", ["severity", "rule", "finding"], worst, len(self.findings) - _SHOWN)
        paths = _html.table("paths", ["path"], ([str(path)] for path in self.paths[:_SHOWN]), len(self.paths) - _SHOWN)
        return f"<div>{summary}{findings}{paths if self.paths else ''}</div>"


def _table_html(caption: str, table: Table[Any]) -> str:
    shown: Iterable[list[Any]] = ([row[column] for column in table.columns] for row in table[:_SHOWN])
    return _html.table(f"{caption}: {len(table):,}", table.columns, shown, len(table) - _SHOWN)

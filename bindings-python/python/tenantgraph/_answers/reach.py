"""`Reach`: what of a target is held from a start."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, Literal, TypeAlias

from .. import _html, rows
from .._table import Row, Table
from .answer import SHOWN, Answer, table_html
from .path import Path, paths_of

Verdict: TypeAlias = Literal["proven", "possible", "not_reached"]


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
        return paths_of(self.steps)

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
        crossings = table_html("crossings into the target", self.crossings)
        paths = _html.table("shortest paths", ["path"], ([str(path)] for path in self.paths[:SHOWN]), len(self.paths) - SHOWN)
        return f"<div>{crossings}{paths}</div>"

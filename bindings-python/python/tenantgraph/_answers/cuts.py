"""`Cuts`: what to end so that nothing is held, and the choke points."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from .. import rows
from .._table import Row, Table
from .answer import Answer, table_html


class Cuts(Answer):
    """The cheapest relations to end so that nothing of a target is held, with the proof, and the choke points on the way.

    >>> cuts = estate.cuts(as_of="2026-05-01")
    >>> cuts.exact, cuts.cost, [(line.from_, line.kind, line.to) for line in cuts.cut]
    (True, 1, [('key', 'authenticates_as', 'robot')])
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {"cut": rows.CutLine, "choke_points": rows.ChokePoint, "flow": rows.FlowStep}

    @property
    def exact(self) -> bool:
        """Whether no cheaper cut exists: `cost` equals `bound`."""
        return bool(self._head["exact"])

    @property
    def cost(self) -> int | None:
        """The cost of the cut; `None` where no cut exists, because something on the way will not be ended."""
        cost: int | None = self._head["cost"]
        return cost

    @property
    def bound(self) -> int:
        """What every cut costs at least."""
        return int(self._head["bound"])

    @property
    def start_side(self) -> list[dict[str, Any]]:
        """The facts that are held all the same once the cut is made and from which the way led on, as dicts."""
        return list(self._head["start_side"])

    @cached_property
    def cut(self) -> Table[rows.CutLine]:
        """What to end, in the canonical order of relations."""
        return self.table("cut")

    @cached_property
    def choke_points(self) -> Table[rows.ChokePoint]:
        """The facts without which target entities are not held, most first."""
        return self.table("choke_points")

    @cached_property
    def flow(self) -> Table[rows.FlowStep]:
        """Ways to the target that each must be cut somewhere, as many as `bound`, in long form: one row a step."""
        return self.table("flow")

    def _repr_html_(self) -> str:
        known = "no cut exists" if self.cost is None else f"a cut of cost {self.cost:,}"
        proof = "no cheaper one exists" if self.exact else f"every cut costs at least {self.bound:,}"
        tables = f"{table_html('what to end', self.cut)}{table_html('choke points', self.choke_points)}"
        return f"<div><p>{known}; {proof}</p>{tables}</div>"

"""`BlastRadius`: what a loss costs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from .. import _html, rows
from .._table import Row, Table
from .answer import SHOWN, Answer


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
            _html.table(f"held by {name}", [name, "entities"], list(counts.items())[:SHOWN], len(counts) - SHOWN) for name, counts in parts
        ]
        return f"<div><p>{self.held:,} entities held, {len(self.rotate):,} secrets to rotate</p>{''.join(tables)}</div>"

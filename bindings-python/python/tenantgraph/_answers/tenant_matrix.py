"""`TenantMatrix`: which non-production tenant reaches which production tenant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

from .. import _plots, rows
from .._table import Row, Table
from .answer import Answer, table_html
from .path import Path, paths_of


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
        return paths_of(self.steps)

    def plot(self, axes: Any = None) -> Any:
        """Draw the matrix with matplotlib, on `axes` or a new figure, and give the axes: the more is held, the darker.

        >>> estate.tenant_matrix(as_of="2026-05-01").plot().get_title()
        'Non-production tenants that reach production'
        """
        return _plots.matrix(self.cells, axes)

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[rows.MatrixCell]:
        return iter(self.cells)

    def __getitem__(self, at: int) -> rows.MatrixCell:
        return self.cells[at]

    def _repr_html_(self) -> str:
        return table_html("production tenants reached", self.cells)

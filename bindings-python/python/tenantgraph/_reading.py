"""`Reading`: the account of a reading."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from . import rows
from ._table import Table


class Reading:
    """What was read, what was skipped and why, what conflicted, and what was not in the input.

    >>> estate.reading
    <Reading: 1 sources, 0 skipped, 0 conflicts, 0 placeholders, 0 coverage>
    """

    _names = ("sources", "skipped", "conflicts", "placeholders", "coverage")

    def __init__(self, table: Callable[[str], Table[Any]]) -> None:
        self._table = table

    @cached_property
    def sources(self) -> Table[rows.Source]:
        """The inputs, with their formats and the number of their records."""
        return self._table("sources")

    @cached_property
    def skipped(self) -> Table[rows.Skipped]:
        """The records that were left out, each with its place and the reason."""
        return self._table("skipped")

    @cached_property
    def conflicts(self) -> Table[rows.Conflict]:
        """The facts on which two sources disagree."""
        return self._table("conflicts")

    @cached_property
    def placeholders(self) -> Table[rows.Placeholder]:
        """The ids that something refers to and nobody describes."""
        return self._table("placeholders")

    @cached_property
    def coverage(self) -> Table[rows.Coverage]:
        """What was not in the input: where `known` is below `total`, some answers are "unknown", never "fine"."""
        return self._table("coverage")

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Give every table as a list of dicts.

        >>> estate.reading.to_dict()["sources"]
        [{'name': 'document', 'format': 'tenantgraph', 'records': 7}]
        """
        return {name: self._table(name).to_dicts() for name in self._names}

    def __repr__(self) -> str:
        return f"<Reading: {', '.join(f'{len(self._table(name)):,} {name}' for name in self._names)}>"

    def _repr_html_(self) -> str:
        tables = (self._table(name) for name in self._names)
        return f"<div>{''.join(table._repr_html_() for table in tables if len(table))}</div>"

"""`Answer`: what a question gave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from .. import _html
from .._table import Row, Table

if TYPE_CHECKING:
    from .. import _native

SHOWN = 5
"""How many rows a notebook shows of a table."""


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

    def to_opengraph(self) -> str:
        """Give the paths of a report, `reach`, the matrix or `isolation` as BloodHound OpenGraph; other answers have none and raise.

        >>> "edges" in reach.to_opengraph()
        True
        """
        return self._native.to_opengraph()

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
        return f"<div>{''.join(table_html(name, self.table(name)) for name in self.tables)}</div>"


def table_html(caption: str, table: Table[Any]) -> str:
    """Write the first rows of a table."""
    shown: Iterable[list[Any]] = ([row[column] for column in table.columns] for row in table[:SHOWN])
    return _html.table(f"{caption}: {len(table):,}", table.columns, shown, len(table) - SHOWN)

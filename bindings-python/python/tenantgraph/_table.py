"""`Table`: columns over the same rows, for every consumer of Arrow, and row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from . import _html

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from ._native import Table as NativeTable

_SHOWN = 10


class Row:
    """One row of a table; its values are read when they are asked for.

    Columns are attributes (`row.kind`; the column `from` is `row.from_`) and keys (`row["from"]`).

    >>> row = estate.relations[0]
    >>> row.from_, row["kind"], row.to
    ('key', 'authenticates_as', 'robot')
    """

    __slots__ = ("_at", "_table")

    # The columns that hold JSON text in Arrow, and what they are here.
    _json: ClassVar[frozenset[str]] = frozenset(
        {"labels", "controls", "exposures", "also", "evidence", "waived", "ties", "counts", "value", "expected"}
    )

    def __init__(self, table: Table[Any], at: int) -> None:
        self._table = table
        self._at = at

    def __getitem__(self, column: str) -> Any:
        value = self._table._value(self._at, column)
        return json.loads(value) if column in self._json and isinstance(value, str) else value

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            column = name.removesuffix("_")
            if column.startswith("_") or column not in self._table._places:
                raise AttributeError(f"{type(self).__name__} has no column {name!r}")
            return self[column]

    def keys(self) -> tuple[str, ...]:
        """Name the columns, so that `dict(row)` works.

        >>> dict(estate.resources[0])["kind"]
        'object_store'
        """
        return self._table.columns

    def to_dict(self) -> dict[str, Any]:
        """Give the row as a dict, with every column.

        >>> estate.secrets[0].to_dict()["kind"]
        'access_key'
        """
        return {column: self[column] for column in self.keys()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self.keys() == other.keys() and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        known = ", ".join(f"{name}={_shown(value)}" for name, value in self.to_dict().items() if value not in (None, [], {}))
        return f"{type(self).__name__}({known})"


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else repr(value)


R = TypeVar("R", bound=Row)


# Not a `Sequence` by name: polars would take its rows one by one and never ask for the Arrow stream.
class Table(Generic[R]):
    """Columns over the same rows.

    Every consumer of the Arrow PyCapsule interface takes it as it is, without a copy of the values: `polars.DataFrame(table)`,
    `pyarrow.table(table)`, `pandas.DataFrame.from_arrow(table)`, and DuckDB by its variable's name. It is also a sequence of its rows.

    >>> len(estate.secrets), estate.secrets.columns[:3]
    (1, ('id', 'name', 'kind'))
    """

    __slots__ = ("_name", "_native", "_places", "_row")

    def __init__(self, native: NativeTable, row: type[R], name: str) -> None:
        self._native = native
        self._row = row
        self._name = name
        self._places = {column: at for at, column in enumerate(native.columns())}

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._places)

    def __len__(self) -> int:
        return len(self._native)

    @overload
    def __getitem__(self, at: int) -> R: ...
    @overload
    def __getitem__(self, at: slice) -> list[R]: ...
    def __getitem__(self, at: int | slice) -> R | list[R]:
        if isinstance(at, slice):
            return [self._row(self, each) for each in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(f"the table has {len(self)} rows")
        return self._row(self, place)

    def __iter__(self) -> Iterator[R]:
        return (self._row(self, at) for at in range(len(self)))

    def _value(self, row: int, column: str) -> Any:
        return self._native.value(row, self._places[column])

    def column(self, name: str) -> list[Any]:
        """Give the values of one column.

        >>> estate.identities.column("id")
        ['robot']
        """
        place = self._places[name]
        return [self._native.value(row, place) for row in range(len(self))]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give every row as a dict.

        >>> [row["environment"] for row in estate.entities.to_dicts()]
        ['production', 'testing', 'testing', 'production', 'production']
        """
        return [row.to_dict() for row in self]

    def to_arrow(self) -> pyarrow.Table:
        """Give the table to pyarrow, which must be installed.

        >>> estate.secrets.to_arrow().num_rows
        1
        """
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Give the table to pandas 3 or later, which must be installed.

        >>> estate.secrets.to_pandas()["kind"].tolist()
        ['access_key']
        """
        import pandas

        return pandas.DataFrame.from_arrow(self)

    def to_polars(self) -> polars.DataFrame:
        """Give the table to polars, which must be installed.

        >>> estate.secrets.to_polars().height
        1
        """
        import polars

        return polars.DataFrame(self)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._native.__arrow_c_stream__(requested_schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.columns == other.columns and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Table {self._name}: {len(self):,} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        rows = ([row[column] for column in self.columns] for row in self[:_SHOWN])
        return _html.table(f"{self._name}: {len(self):,}", self.columns, rows, len(self) - _SHOWN)

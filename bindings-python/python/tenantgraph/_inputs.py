"""What a caller may give to be read, and what the native part takes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Any, Protocol, TypeAlias, runtime_checkable

from . import _native
from ._errors import InvalidOptionError

DOCUMENT_FORMAT = "tenantgraph"
TABLE_FORMAT = "table"


@runtime_checkable
class ArrowStream(Protocol):
    """Anything with the Arrow PyCapsule interface: a table of pyarrow, pandas, polars, DuckDB or this library."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Give the table as a capsule."""
        ...


@runtime_checkable
class Readable(Protocol):
    """A file object."""

    def read(self) -> bytes | str:
        """Give the content."""
        ...


@dataclass(frozen=True)
class Input:
    """An input with a name of your own for places in errors, or with its format forced.

    >>> tg.read(tg.Input(b'{"format": "tenantgraph/1"}', name="empty", format="tenantgraph")).reading.sources[0].name
    'empty'
    """

    data: Source = field(repr=False)
    name: str | None = None
    format: str | None = None


Source: TypeAlias = "str | os.PathLike[str] | bytes | bytearray | memoryview | Readable | Mapping[str, Any] | ArrowStream | Input"
"""A path, directory or glob; bytes; a file object; an estate document as a dict; a table of pandas, polars, pyarrow or DuckDB, or a
dict of them by their names; or an `Input`."""

MappingSource: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any]"
"""A mapping of tables: the path of a file (TOML, or JSON where it ends in `.json`), or a dict."""

When: TypeAlias = str | date | datetime
"""An instant: RFC 3339 text, a date (its first instant, UTC), or a datetime (UTC where it has no zone)."""


@dataclass
class Gathered:
    """Paths, which the native part reads, and what is in memory."""

    paths: list[tuple[str, str | None]] = field(default_factory=list)
    inputs: list[tuple[str, bytes, str | None]] = field(default_factory=list)

    def add(self, source: Source, name: str | None = None, format: str | None = None) -> None:
        """Take one source."""
        if isinstance(source, Input):
            self.add(source.data, source.name or name, source.format or format)
        elif isinstance(source, str | os.PathLike):
            self.paths.append((os.fspath(source), format))
        elif isinstance(source, Mapping):
            self._mapping(source, name or self._name("document"))
        elif isinstance(source, ArrowStream):
            name = name or self._name("table")
            self.inputs.append((name, _native.table_input(name, None, source), format or TABLE_FORMAT))
        else:
            self.inputs.append((*content(source, name or self._name("input")), format))

    def _mapping(self, source: Mapping[str, Any], name: str) -> None:
        if source and all(isinstance(table, ArrowStream) for table in source.values()):
            for table, data in source.items():
                part = f"{name}.{table}"
                self.inputs.append((part, _native.table_input(part, table, data), TABLE_FORMAT))
        else:
            self.inputs.append((name, document_text(source).encode(), DOCUMENT_FORMAT))

    def _name(self, what: str) -> str:
        return f"{what} {len(self.inputs) + 1}"


def gather(sources: Iterable[Source]) -> Gathered:
    """Take sources in the order given."""
    gathered = Gathered()
    for source in sources:
        gathered.add(source)
    return gathered


def mappings(given: MappingSource | Sequence[MappingSource] | None) -> tuple[list[str], list[str]]:
    """Give the paths and the JSON texts of mappings."""
    several: Sequence[MappingSource] = [] if given is None else [given] if isinstance(given, str | os.PathLike | Mapping) else given
    paths, texts = [], []
    for mapping in several:
        if isinstance(mapping, str | os.PathLike):
            paths.append(os.fspath(mapping))
        else:
            texts.append(document_text(mapping))
    return paths, texts


def content(source: object, name: str) -> tuple[str, bytes]:
    """Give the name and the bytes of what is in memory or open."""
    if isinstance(source, bytes | bytearray | memoryview):
        return name, bytes(source)
    if isinstance(source, Readable):
        data = source.read()
        own = getattr(source, "name", None)
        return own if isinstance(own, str) else name, data.encode() if isinstance(data, str) else bytes(data)
    kind = type(source).__name__
    raise InvalidOptionError(f"an input of type `{kind}` cannot be read; give a path, bytes, a file object, a dict or an `Input`")


def document_text(document: Mapping[str, Any]) -> str:
    """Give an estate document as JSON text; instants may be datetimes."""
    try:
        return json.dumps(document, default=_instant, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        # Their words may quote a value.
        message = "the document holds something that JSON cannot; use text, numbers, truth values, lists, dicts and datetimes"
        raise InvalidOptionError(message) from None


def _instant(value: object) -> str:
    if isinstance(value, date):
        return instant(value)
    raise TypeError


def instant(when: When) -> str:
    """Give an instant as text; the library judges it."""
    if isinstance(when, datetime):
        return (when if when.tzinfo else when.replace(tzinfo=timezone.utc)).isoformat()
    if isinstance(when, date):
        return when.isoformat()
    return when

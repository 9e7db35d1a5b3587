"""`Estate`: everything that was read, and the questions that may be asked of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import _html, _native, rows
from ._errors import InvalidOptionError, UnknownEntityError
from ._inputs import DOCUMENT_FORMAT, ArrowStream, Input, MappingSource, Source, When, document_text, gather, instant, mappings
from ._progress import Progress, observed
from ._questions import Questions
from ._reading import Reading
from ._table import Row, Table

if TYPE_CHECKING:
    import networkx
    import pyarrow


_DOCUMENT: dict[str, type[Row]] = {
    "tenants": rows.Tenant,
    "identities": rows.Identity,
    "secrets": rows.Secret,
    "resources": rows.Resource,
    "relations": rows.Relation,
}
_TABLES: dict[str, type[Row]] = {
    **_DOCUMENT,
    "entities": rows.Entity,
    "sources": rows.Source,
    "skipped": rows.Skipped,
    "conflicts": rows.Conflict,
    "placeholders": rows.Placeholder,
    "coverage": rows.Coverage,
}


class Estate(Questions, Mapping[str, rows.Entity]):
    """Everything that was read: tenants, identities, secrets, resources and the relations between them. Immutable.

    A mapping from ids to entities. `as_of` is the instant of every question that is not given one of its own; the library reads no clock.

    >>> len(estate), estate["robot"].environment
    (5, 'production')
    """

    def __init__(self, native: _native.Estate, as_of: When | None = None, memory_limit: int | None = None) -> None:
        self._native = native
        self._memory_limit = memory_limit
        self._as_of = None if as_of is None else _native.instant(instant(as_of))

    @classmethod
    def from_json(cls, text: str | bytes, *, as_of: When | None = None) -> Estate:
        """Read an estate document, JSON or NDJSON.

        >>> len(tg.Estate.from_json('{"format": "tenantgraph/1", "tenants": [{"id": "acme"}]}'))
        1
        """
        data = text.encode() if isinstance(text, str) else text
        return read(Input(data, "document", DOCUMENT_FORMAT), as_of=as_of)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], *, as_of: When | None = None) -> Estate:
        """Read an estate document that is a dict; instants may be datetimes.

        >>> len(tg.Estate.from_dict({"format": "tenantgraph/1", "tenants": [{"id": "acme"}]}))
        1
        """
        return cls.from_json(document_text(document), as_of=as_of)

    @classmethod
    def from_arrow(
        cls,
        *,
        tenants: ArrowStream | None = None,
        identities: ArrowStream | None = None,
        secrets: ArrowStream | None = None,
        resources: ArrowStream | None = None,
        relations: ArrowStream | None = None,
        as_of: When | None = None,
    ) -> Estate:
        """Read tables with the columns of the estate document, of any library with the Arrow PyCapsule interface.

        >>> import polars
        >>> len(tg.Estate.from_arrow(tenants=polars.DataFrame({"id": ["acme-test", "acme-prod"]})))
        2
        """
        tables = {"tenants": tenants, "identities": identities, "secrets": secrets, "resources": resources, "relations": relations}
        given = {name: table for name, table in tables.items() if table is not None}
        return read(Input(given, "tables"), as_of=as_of)

    @property
    def as_of(self) -> str | None:
        """The instant of every question that is not given one of its own."""
        return self._as_of

    def at(self, as_of: When) -> Estate:
        """Give the same estate with another instant for its questions.

        >>> estate.at("2026-05-01").as_of
        '2026-05-01T00:00:00Z'
        """
        return type(self)(self._native, as_of, self._memory_limit)

    def __len__(self) -> int:
        return len(self._native)

    def __iter__(self) -> Iterator[str]:
        return iter(self.entities.column("id"))

    def __getitem__(self, id: str) -> rows.Entity:
        found = self._native.find(id)
        if found is None:
            raise UnknownEntityError("no entity of the estate has this id; `list(estate)` gives the ids")
        return self.entities[found]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Estate) and (self._native is other._native or self.to_json() == other.to_json())

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self._native.find(id) is not None

    def table(self, name: str) -> Table[Any]:
        """Give a table by its name; those of the estate document have its columns.

        >>> estate.table("relations").column("to")
        ['robot', 'store']
        """
        return Table(self._native.table(name), _TABLES.get(name, Row), name)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables.

        >>> estate.tables[:6]
        ('tenants', 'identities', 'secrets', 'resources', 'relations', 'entities')
        """
        return tuple(self._native.tables())

    @cached_property
    def entities(self) -> Table[rows.Entity]:
        """Every entity by id, with its resolved environment."""
        return self.table("entities")

    @cached_property
    def tenants(self) -> Table[rows.Tenant]:
        """The tenants by id."""
        return self.table("tenants")

    @cached_property
    def identities(self) -> Table[rows.Identity]:
        """The identities by id."""
        return self.table("identities")

    @cached_property
    def secrets(self) -> Table[rows.Secret]:
        """The secrets by id."""
        return self.table("secrets")

    @cached_property
    def resources(self) -> Table[rows.Resource]:
        """The resources by id."""
        return self.table("resources")

    @cached_property
    def relations(self) -> Table[rows.Relation]:
        """The relations in their canonical order: by from, kind, to."""
        return self.table("relations")

    @cached_property
    def reading(self) -> Reading:
        """What was read, what was skipped and why, what conflicted, and what was not in the input."""
        return Reading(self.table)

    def to_json(self) -> str:
        """Give the estate document, which `from_json` reads back.

        >>> tg.Estate.from_json(estate.to_json()) == estate
        True
        """
        return self._native.to_json()

    def to_dict(self) -> Any:
        """Give the estate document as dicts and lists.

        >>> estate.to_dict()["format"]
        'tenantgraph/1'
        """
        return json.loads(self.to_json())

    def to_parquet(self) -> bytes:
        """Give the estate as one Parquet file, which `read` reads back: its records, with what each is under `record`.

        >>> import duckdb, pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "estate.parquet")
        >>> path.write_bytes(estate.to_parquet()) > 0
        True
        >>> duckdb.sql(f"select id, kind from '{path}' where record = 'secret'").fetchall()
        [('key', 'access_key')]
        >>> tg.read(path) == estate
        True
        """
        return self._native.to_parquet()

    def to_opengraph(self) -> str:
        """Give the estate as BloodHound OpenGraph, which BloodHound ingests and `read` reads back.

        >>> tg.read(estate.to_opengraph().encode()) == estate
        True
        """
        return self._native.to_opengraph()

    def to_ipc(self, *, stream: bool = False) -> bytes:
        """Give the same table as an Arrow file (Feather), or as an Arrow stream.

        >>> tg.read(estate.to_ipc()) == estate
        True
        """
        return self._native.to_ipc(stream)

    def to_arrow(self) -> dict[str, pyarrow.Table]:
        """Give the tables of the estate document to pyarrow, which must be installed.

        >>> tg.Estate.from_arrow(**estate.to_arrow()).relations == estate.relations
        True
        """
        return {name: self.table(name).to_arrow() for name in _DOCUMENT}

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Give the graph to networkx, which must be installed: entities are nodes, relations edges, their columns attributes.

        >>> estate.to_networkx().number_of_edges()
        2
        """
        import networkx

        graph = networkx.MultiDiGraph()
        for entity in self.entities.to_dicts():
            graph.add_node(entity.pop("id"), **entity)
        for relation in self.relations.to_dicts():
            graph.add_edge(relation.pop("from"), relation.pop("to"), key=None, **relation)
        return graph

    def __repr__(self) -> str:
        instant = "" if self._as_of is None else f", as of {self._as_of}"
        return f"<Estate: {len(self):,} entities, {self._native.relations():,} relations{instant}>"

    def _repr_html_(self) -> str:
        return _html.table(repr(self).strip("<>"), ["type", "class", "entities"], self._native.counts())


def read(
    *sources: Source | Estate,
    labels: Source | Sequence[Source] | None = None,
    mapping: MappingSource | Sequence[MappingSource] | None = None,
    fingerprint_key: bytes | str | None = None,
    as_of: When | None = None,
    memory_limit: int | None = None,
    unpacked_limit: int | None = None,
    progress: Progress = False,
) -> Estate:
    """Read exports of any mix of formats into one estate.

    A source is a path, directory or glob (a `labels.csv` that is met there is an overlay), bytes, a file object, an estate document
    as a dict, a table of pandas, polars, pyarrow or DuckDB, a dict of them by their names, another estate, or an `Input` that names its
    format. `labels` are further overlays (CSV). `mapping` says what the columns of foreign tables are: a file or a dict, or several.
    `fingerprint_key` (16 bytes or more) makes fingerprints of secrets comparable between runs; without it they are random to this
    process. `as_of` is the instant of later questions. `memory_limit` is the most bytes that a step of the reading, or of a later
    question, may take: one that would take more is refused before it begins. `unpacked_limit` is the most bytes that packed inputs may
    hold together once they are unpacked, 8 GiB by default. One bad record never stops a read: see `Estate.reading`.

    >>> estate = tg.read({"format": "tenantgraph/1", "tenants": [{"id": "acme-test"}]}, as_of="2026-05-01")
    >>> estate["acme-test"].environment
    'testing'
    >>> import polars
    >>> fields = {"id": {"text": "team/{name}"}, "environment": "stage"}
    >>> teams = polars.DataFrame({"name": ["shop"], "stage": ["prod"]})
    >>> tg.read({"teams": teams}, mapping={"table": [{"input": "teams", "record": "tenant", "fields": fields}]})["team/shop"].environment
    'production'
    """
    for name, limit in (("memory_limit", memory_limit), ("unpacked_limit", unpacked_limit)):
        if limit is not None and limit < 0:
            raise InvalidOptionError(f"`{name}` is a number of bytes; give 0 or more")
    if not sources:
        raise InvalidOptionError("nothing was given to be read; give paths, bytes, file objects, dicts or tables")
    given = gather(_document(source) if isinstance(source, Estate) else source for source in sources)
    overlays = gather(_several(labels))
    key = fingerprint_key.encode() if isinstance(fingerprint_key, str) else fingerprint_key
    with observed(progress, "read") as callback:
        label_paths = [path for path, _ in overlays.paths]
        texts = [(name, data) for name, data, _ in overlays.inputs]
        limits = memory_limit, unpacked_limit
        native = _native.read(given.paths, given.inputs, label_paths, texts, key, callback, *limits, *mappings(mapping))
    return Estate(native, as_of, memory_limit)


def _several(labels: Source | Sequence[Source] | None) -> Sequence[Source]:
    if labels is None:
        return []
    if isinstance(labels, list | tuple):
        return labels
    return [labels]  # type: ignore[list-item]  # bytes and text are one source, though they are sequences


def _document(estate: Estate) -> Source:
    return Input(estate.to_json().encode(), "estate", DOCUMENT_FORMAT)

"""`Diff`: what came and went between two estates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from .. import _html, rows
from .._table import Row, Table
from .effect import CHANGED, Effect


class Diff(Effect):
    """What came and went since an earlier estate.

    >>> before = tg.read({"format": "tenantgraph/1", "tenants": [{"id": "acme-prod"}]})
    >>> diff = estate.diff(before, as_of="2026-05-01")
    >>> [(relation.from_, relation.kind, relation.to) for relation in diff.relations_added]
    [('key', 'authenticates_as', 'robot'), ('robot', 'reads', 'store')]
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {
        "relations_added": rows.ChangedRelation,
        "relations_removed": rows.ChangedRelation,
        **CHANGED,
    }

    @property
    def entities(self) -> dict[str, list[Any]]:
        """The entities `added` and `removed`, by id, and `changed`, each with the fields that differ."""
        return dict(self._head["entities"])

    @property
    def secrets(self) -> dict[str, list[str]]:
        """The ids of the secrets of both estates that were `rotated` and those `unrotated`."""
        return dict(self._head["secrets"])

    @cached_property
    def relations_added(self) -> Table[rows.ChangedRelation]:
        """The relations that came."""
        return self.table("relations_added")

    @cached_property
    def relations_removed(self) -> Table[rows.ChangedRelation]:
        """The relations that went."""
        return self.table("relations_removed")

    def _repr_html_(self) -> str:
        relations = {"added": self.relations_added, "removed": self.relations_removed}
        counts: list[tuple[str, str, int]] = [("entities", what, len(ids)) for what, ids in self.entities.items()]
        counts += [("relations", what, len(table)) for what, table in relations.items()]
        counts += [("secrets", what, len(ids)) for what, ids in self.secrets.items()]
        return f"<div>{_html.table('what changed', ['of', 'what', 'how many'], counts)}{super()._repr_html_()}</div>"

"""`Sharing`: what serves more than one environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import ClassVar

from .. import rows
from .._table import Row, Table
from .answer import Answer, table_html


class Sharing(Answer):
    """What serves more than one environment, each with its ties; a sequence of what is shared.

    >>> sharing = estate.sharing(as_of="2026-05-01")
    >>> [(shared.category, shared.entity, shared.environments) for shared in sharing]
    [('secret', 'key', ['production', 'testing'])]
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {"shared": rows.SharedEntity, "evidence": rows.SharingEvidence}

    @cached_property
    def shared(self) -> Table[rows.SharedEntity]:
        """What is shared, by category then id."""
        return self.table("shared")

    @cached_property
    def evidence(self) -> Table[rows.SharingEvidence]:
        """The ties that are shown of each, at most 25 an environment."""
        return self.table("evidence")

    def __len__(self) -> int:
        return len(self.shared)

    def __iter__(self) -> Iterator[rows.SharedEntity]:
        return iter(self.shared)

    def __getitem__(self, at: int) -> rows.SharedEntity:
        return self.shared[at]

    def _repr_html_(self) -> str:
        return table_html("shared between environments", self.shared)

"""`WhatIf`: what a set of changes would do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from .. import rows
from .._table import Row, Table
from .answer import table_html
from .effect import CHANGED, Effect


class WhatIf(Effect):
    """What a set of changes opens, closes, adds and resolves.

    >>> plan = estate.what_if(alter={"identities": [{"id": "robot", "enabled": False}]}, as_of="2026-05-01")
    >>> [crossing.from_ for crossing in plan.closed], "cross-environment-path" in plan.findings_resolved.column("rule")
    (['key'], True)
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {**CHANGED, "undecided": rows.Undecided}

    @cached_property
    def undecided(self) -> Table[rows.Undecided]:
        """What a plan leaves open until it is applied: whom a grant in production names, or what a grant is over."""
        return self.table("undecided")

    def _repr_html_(self) -> str:
        return f"<div>{table_html('known only after it is applied', self.undecided)}{super()._repr_html_()}</div>"

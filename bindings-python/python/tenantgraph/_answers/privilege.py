"""`Privilege`: what identities may do against what they do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from .. import _html, rows
from .._table import Row, Table
from .answer import Answer, table_html


class Privilege(Answer):
    """Rights granted against rights used, those that command much, and what is broader than its twin in production.

    >>> privilege = estate.privilege(as_of="2026-05-01")
    >>> [(it.identity, it.granted, it.used, it.unknown) for it in privilege.identities]
    [('robot', 1, 0, 1)]
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {
        "identities": rows.IdentityPrivilege,
        "privileged": rows.PrivilegedGrant,
        "unused_grants": rows.UnusedGrant,
        "broader_than_production": rows.TwinDrift,
        "broader_rights": rows.BroaderRight,
        "coverage": rows.Coverage,
    }

    @property
    def summary(self) -> dict[str, int]:
        """The sums, in the form of the JSON."""
        return dict(self._head["summary"])

    @cached_property
    def identities(self) -> Table[rows.IdentityPrivilege]:
        """The living identities that were granted a right, by id."""
        return self.table("identities")

    @cached_property
    def privileged(self) -> Table[rows.PrivilegedGrant]:
        """Their own rights that command much."""
        return self.table("privileged")

    @cached_property
    def unused_grants(self) -> Table[rows.UnusedGrant]:
        """Their rights that were last used longer ago than the policy says."""
        return self.table("unused_grants")

    @cached_property
    def broader_than_production(self) -> Table[rows.TwinDrift]:
        """What holds more than its twin in production, or over which more is held, by id."""
        return self.table("broader_than_production")

    @cached_property
    def broader_rights(self) -> Table[rows.BroaderRight]:
        """The rights that have no match there."""
        return self.table("broader_rights")

    @cached_property
    def coverage(self) -> Table[rows.Coverage]:
        """How much of what this question needs is known."""
        return self.table("coverage")

    def _repr_html_(self) -> str:
        sums = _html.table("sums", ["of", "how many"], list(self.summary.items()))
        broader = table_html("broader than in production", self.broader_than_production)
        return f"<div>{sums}{broader}{table_html('rights that command much', self.privileged)}</div>"

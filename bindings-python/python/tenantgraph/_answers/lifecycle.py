"""`Lifecycle`: what should have ended, or has nobody to end it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from .. import _html, rows
from .._table import Row, Table
from .answer import Answer


class Lifecycle(Answer):
    """Owners, use, ends and offboarding of identities, secrets, tenants and trusts.

    >>> policy = {"left_owners": ["ann"]}
    >>> owned = tg.read({"format": "tenantgraph/1", "tenants": [{"id": "acme-prod", "owner": "ann"}]}, as_of="2026-05-01")
    >>> [(gap.entity, gap.problem, gap.owner) for gap in owned.lifecycle(policy=policy).owners]
    [('acme-prod', 'left', 'ann')]
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {
        "owners": rows.OwnerGap,
        "dormant": rows.Dormant,
        "expired": rows.Expired,
        "held_by": rows.HeldBy,
        "offboarding": rows.NotOffboarded,
        "trusted_by": rows.TrustedBy,
        "trusts": rows.StaleTrust,
        "coverage": rows.Coverage,
    }

    @cached_property
    def owners(self) -> Table[rows.OwnerGap]:
        """What nobody answers for, by id."""
        return self.table("owners")

    @cached_property
    def dormant(self) -> Table[rows.Dormant]:
        """The identities and secrets that have not been used for long, by id."""
        return self.table("dormant")

    @cached_property
    def expired(self) -> Table[rows.Expired]:
        """What is past its end and still there, by id."""
        return self.table("expired")

    @cached_property
    def held_by(self) -> Table[rows.HeldBy]:
        """Who still keeps or uses the expired secrets, and whom they stand for; at most 10 relations a secret."""
        return self.table("held_by")

    @cached_property
    def offboarding(self) -> Table[rows.NotOffboarded]:
        """The tenants that should be gone and are still trusted or still hold working secrets, by id."""
        return self.table("offboarding")

    @cached_property
    def trusted_by(self) -> Table[rows.TrustedBy]:
        """The relations that lead on from these tenants; at most 25 a tenant."""
        return self.table("trusted_by")

    @cached_property
    def trusts(self) -> Table[rows.StaleTrust]:
        """The trusts and federations that nobody uses or nobody looks at."""
        return self.table("trusts")

    @cached_property
    def coverage(self) -> Table[rows.Coverage]:
        """How much of what this question needs is known."""
        return self.table("coverage")

    def _repr_html_(self) -> str:
        told = ("offboarding", "expired", "trusts", "owners", "dormant")
        counts = _html.table("lifecycle", ["of", "how many"], [(name, len(self.table(name))) for name in told])
        known = ([row.topic, row.known, row.total] for row in self.coverage)
        return f"<div>{counts}{_html.table('known', ['topic', 'known', 'of'], known)}</div>"

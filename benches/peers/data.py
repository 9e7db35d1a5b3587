"""The seeded data, as the Rust program `arrays` wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

IDENTITY, SECRET, JEWEL = 0, 1, 2


@dataclass
class Digraph:
    """A graph as arrays: nodes by number, edges by their ends."""

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    tenant: NDArray[np.int32]
    node: NDArray[np.uint8]
    production: NDArray[np.bool_]

    @staticmethod
    def read(folder: Path) -> Digraph:
        def numbers(name: str) -> NDArray[np.int32]:
            return np.fromfile(folder / name, dtype="<u4").astype(np.int32)

        node, production = np.fromfile(folder / "node.u8", dtype=np.uint8), np.fromfile(folder / "production.u8", dtype=np.uint8)
        return Digraph(numbers("from.u32"), numbers("to.u32"), numbers("tenant.u32"), node, production.astype(bool))

    @property
    def nodes(self) -> int:
        return len(self.node)

    @cached_property
    def identities(self) -> NDArray[np.int64]:
        """Every non-production identity: the start of `reach`."""
        return np.flatnonzero((self.node == IDENTITY) & ~self.production)

    @cached_property
    def outside(self) -> NDArray[np.int64]:
        """Every non-production node: the start of `choke_points` and `cut`."""
        return np.flatnonzero(~self.production)

    @cached_property
    def secrets(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.node == SECRET)

    @cached_property
    def jewels(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.node == JEWEL)

    @cached_property
    def is_production_tenant(self) -> NDArray[np.bool_]:
        is_production = np.zeros(int(self.tenant.max()) + 1, dtype=bool)
        is_production[self.tenant] = self.production
        return is_production

    @cached_property
    def row(self) -> NDArray[np.int64]:
        """The place of each tenant among those of its class: its row or its column in the matrix."""
        production = self.is_production_tenant
        return np.where(production, np.cumsum(production), np.cumsum(~production)) - 1

    @cached_property
    def column(self) -> NDArray[np.int64]:
        """The column of the matrix that each node counts in; past the last one outside of production."""
        return np.where(self.production, self.row[self.tenant], self.columns)

    @property
    def rows(self) -> int:
        return int((~self.is_production_tenant).sum())

    @property
    def columns(self) -> int:
        return int(self.is_production_tenant.sum())

    def count(self, held: NDArray[np.integer]) -> NDArray[np.int64]:
        """How many of these nodes stand in each production tenant."""
        return np.bincount(self.column[held], minlength=self.columns + 1)[: self.columns]

    def sides(self, held: NDArray[np.integer]) -> tuple[int, int]:
        """How many of these nodes stand outside and inside production."""
        inside = int(self.production[held].sum())
        return len(held) - inside, inside

    def rooted(self, starts: NDArray[np.integer]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The edges, and those of one more node that leads to all of these."""
        root = np.full(len(starts), self.nodes, dtype=np.int32)
        return np.concatenate([self.start, root]), np.concatenate([self.end, starts.astype(np.int32)])

    def with_tenants(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The edges, and those of one more node for each non-production tenant, in order, that leads to all of the tenant's."""
        starts = self.outside
        tenant = (self.nodes + self.row[self.tenant[starts]]).astype(np.int32)
        return np.concatenate([self.start, tenant]), np.concatenate([self.end, starts.astype(np.int32)])


@dataclass
class Secrets:
    """Secrets with their kinds and ages in days, and the days that each kind may reach."""

    kind: NDArray[np.uint32]
    age: NDArray[np.uint32]
    limits: NDArray[np.uint32]
    soon: int

    UNKNOWN = 2**32 - 1

    @staticmethod
    def read(folder: Path) -> Secrets:
        limits = np.fromfile(folder / "limits.u32", dtype="<u4")
        kind, age = (np.fromfile(folder / name, dtype="<u4") for name in ("secret_kind.u32", "secret_age.u32"))
        return Secrets(kind, age, limits[:-1], int(limits[-1]))

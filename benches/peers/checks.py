"""Checksums of the answers, the same as in `benches/src/checks.rs`, so that equal answers show."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data import Digraph

Array = NDArray[np.generic]


def reach(held: Array, production: Array) -> list[int]:
    """Of the nodes held (their numbers): how many, the sum of their numbers, and how many stand in production."""
    return [len(held), int(held.sum(dtype=np.uint64)), int(production[held].sum())]


def matrix(counts: Array) -> list[int]:
    """Of a matrix, source by target: the cells that are not 0, their sum, and that sum weighed by place."""
    counts = counts.astype(np.uint64)
    source = np.arange(1, counts.shape[0] + 1, dtype=np.uint64)[:, None]
    target = np.arange(1, counts.shape[1] + 1, dtype=np.uint64)[None, :]
    return [int((counts > 0).sum()), int(counts.sum()), int((counts * source * target).sum())]


def blast_radius(counts: Array) -> list[int]:
    """Of what each secret opens (a row each: outside, inside production): both sums, and both weighed by the secret's place."""
    counts = counts.astype(np.uint64)
    place = np.arange(1, len(counts) + 1, dtype=np.uint64)[:, None]
    return [int(it) for it in (*counts.sum(axis=0), *(counts * place).sum(axis=0))]


def choke_points(above: Array, graph: Digraph) -> list[int]:
    """Of a dominator tree (the node above each; what is past the last node is the root, below 0 is not reached): the nodes that others of production hang
    on, and how many weighed by the node's number."""
    nodes = graph.nodes
    counts = np.zeros(nodes, dtype=np.uint64)
    at = above[np.flatnonzero(graph.production)]
    while (at := at[(at >= 0) & (at < nodes)]).size:
        counts += np.bincount(at, minlength=nodes).astype(np.uint64)
        at = above[at]
    place = np.arange(1, nodes + 1, dtype=np.uint64)
    return [int((counts > 0).sum()), int((counts * place).sum())]


def read(entities: int, start: Array, end: Array) -> list[int]:
    """Of the edges by the places of their ends among the ids: the entities, the edges, and a sum over them."""
    total = start.astype(np.uint64) * np.uint64(1_000_003) + end.astype(np.uint64)
    return [entities, len(start), int(total.sum(dtype=np.uint64))]

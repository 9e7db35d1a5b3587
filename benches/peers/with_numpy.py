"""What somebody who knows numpy well writes: strongly connected components, the condensed graph, and a row of bits a component pushed level by level."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

import checks
from data import Digraph, Secrets
from timing import main

Bits = NDArray[np.uint8]


def matrix(folder: Path):
    graph = Digraph.read(folder)
    ends = (graph.start, graph.end)
    sparse = csr_array((np.ones(len(graph.start)), ends), shape=(graph.nodes, graph.nodes))
    return lambda: counts(graph, sparse), checks.matrix


def counts(graph: Digraph, sparse: csr_array) -> NDArray[np.int64]:
    many, component = connected_components(sparse, directed=True, connection="strong")
    start, end = condensed(graph, component, many)
    bits = pushed(starts(graph, component, many), start, end, levels(start, end, many))
    found = np.zeros((graph.rows, graph.columns), dtype=np.int64)
    nodes = np.flatnonzero(graph.production)
    nodes = nodes[bits.any(axis=1)[component[nodes]]]
    nodes = nodes[np.argsort(graph.column[nodes], kind="stable")]
    columns, begins = np.unique(graph.column[nodes], return_index=True)
    for column, of_tenant in zip(columns, np.split(nodes, begins[1:]), strict=True):
        held, weights = np.unique(component[of_tenant], return_counts=True)
        found[:, column] = (weights.astype(np.float32) @ np.unpackbits(bits[held], axis=1, count=graph.rows)).astype(np.int64)
    return found


def condensed(graph: Digraph, component: NDArray[np.int32], many: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The edges between components, each once, by their end."""
    start, end = component[graph.start].astype(np.int64), component[graph.end].astype(np.int64)
    across = start != end
    edges = np.unique(end[across] * many + start[across])
    return edges % many, edges // many


def starts(graph: Digraph, component: NDArray[np.int32], many: int) -> Bits:
    """A bit for each non-production tenant, set where it has a node in a component."""
    width = -(-graph.rows // 8)
    bits = np.zeros(many * width, dtype=np.uint8)
    row = graph.row[graph.tenant[graph.outside]]
    bit = (128 >> (row % 8)).astype(np.uint8)
    np.bitwise_or.at(bits, component[graph.outside].astype(np.int64) * width + row // 8, bit)
    return bits.reshape(many, width)


def levels(start: NDArray[np.int64], end: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    """The length of the longest way to each component."""
    order = np.argsort(start, kind="stable")
    next_, first = end[order], np.concatenate([[0], np.cumsum(np.bincount(start, minlength=many))])
    waiting = np.bincount(end, minlength=many)
    level = np.zeros(many, dtype=np.int64)
    now, frontier = 0, np.flatnonzero(waiting == 0)
    while frontier.size:
        level[frontier] = now
        lengths = first[frontier + 1] - first[frontier]
        offset = np.repeat(first[frontier] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        reached, times = np.unique(next_[np.arange(len(offset)) + offset], return_counts=True)
        waiting[reached] -= times
        now, frontier = now + 1, reached[waiting[reached] == 0]
    return level


def pushed(bits: Bits, start: NDArray[np.int64], end: NDArray[np.int64], level: NDArray[np.int64]) -> Bits:
    """The bits of each component together with those of all that leads to it."""
    order = np.argsort(level[end], kind="stable")
    start, end = start[order], end[order]
    bounds = np.searchsorted(level[end], np.arange(1, level.max() + 2))
    for first, last in zip(bounds, bounds[1:], strict=False):
        ends, begins = np.unique(end[first:last], return_index=True)
        bits[ends] |= np.bitwise_or.reduceat(bits[start[first:last]], begins, axis=0)
    return bits


def rotation(folder: Path):
    secrets = Secrets.read(folder)

    def run() -> list[int]:
        limit = secrets.limits[secrets.kind]
        known = secrets.age != Secrets.UNKNOWN
        overdue = known & (secrets.age > limit)
        soon = known & ~overdue & (secrets.age + secrets.soon >= limit)
        counted = [int(np.count_nonzero(it)) for it in (overdue, soon, known)]
        return [counted[0], counted[1], counted[2] - counted[0] - counted[1], len(known) - counted[2]]

    return run, list


if __name__ == "__main__":
    main({"matrix": matrix, "rotation": rotation})

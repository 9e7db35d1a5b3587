"""scipy.sparse.csgraph, as its users write it: compressed rows, and a search a start."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

import checks
from data import Digraph
from timing import main

#: What no cut would take: more than there are edges.
UNCUTTABLE = 1 << 28


def rows(ends, nodes: int) -> csr_array:
    return csr_array((np.ones(len(ends[0])), ends), shape=(nodes, nodes))


def compile_(folder: Path):
    graph = Digraph.read(folder)
    return lambda: rows((graph.start, graph.end), graph.nodes), lambda sparse: [sparse.shape[0], sparse.nnz]


def reach(folder: Path):
    graph = Digraph.read(folder)
    sparse = rows(graph.rooted(graph.identities), graph.nodes + 1)
    run = lambda: breadth_first_order(sparse, graph.nodes, directed=True, return_predecessors=True)  # noqa: E731
    return run, lambda found: checks.reach(found[0][1:], graph.production)


def matrix(folder: Path):
    graph = Digraph.read(folder)
    sparse = rows(graph.with_tenants(), graph.nodes + graph.rows)

    one = lambda row: graph.count(breadth_first_order(sparse, graph.nodes + row, return_predecessors=False)[1:])  # noqa: E731
    return lambda: np.stack([one(row) for row in range(graph.rows)]), checks.matrix


def blast_radius(folder: Path):
    graph = Digraph.read(folder)
    sparse = rows((graph.start, graph.end), graph.nodes)
    one = lambda secret: graph.sides(breadth_first_order(sparse, secret, return_predecessors=False))  # noqa: E731
    return lambda: np.array([one(secret) for secret in graph.secrets]), checks.blast_radius


def cut(folder: Path):
    graph = Digraph.read(folder)
    source, sink = graph.nodes, graph.nodes + 1
    start, end = graph.rooted(graph.outside)
    start = np.concatenate([start, graph.jewels.astype(np.int32)])
    end = np.concatenate([end, np.full(len(graph.jewels), sink, dtype=np.int32)])
    costs = np.where((start == source) | (end == sink), UNCUTTABLE, 1).astype(np.int32)
    sparse = csr_array((costs, (start, end)), shape=(graph.nodes + 2, graph.nodes + 2))
    return lambda: maximum_flow(sparse, source, sink), lambda flow: [int(flow.flow_value)]


if __name__ == "__main__":
    main({"compile": compile_, "reach": reach, "matrix": matrix, "blast_radius": blast_radius, "cut": cut})

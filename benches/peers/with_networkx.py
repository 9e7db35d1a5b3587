"""networkx, as its users write it."""

from __future__ import annotations

from pathlib import Path

import networkx
import numpy as np

import checks
from data import Digraph
from timing import main


def compiled(nodes: int, ends) -> networkx.DiGraph:
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(zip(ends[0].tolist(), ends[1].tolist(), strict=True))
    return graph


def compile_(folder: Path):
    graph = Digraph.read(folder)
    run = lambda: compiled(graph.nodes, (graph.start, graph.end))  # noqa: E731
    return run, lambda built: [built.number_of_nodes(), built.number_of_edges()]


def reach(folder: Path):
    graph = Digraph.read(folder)
    built = compiled(graph.nodes + 1, graph.rooted(graph.identities))
    held = lambda parents: np.fromiter(parents, dtype=np.int64)  # noqa: E731
    return lambda: dict(networkx.bfs_predecessors(built, graph.nodes)), lambda parents: checks.reach(held(parents), graph.production)


def matrix(folder: Path):
    graph = Digraph.read(folder)
    built = compiled(graph.nodes + graph.rows, graph.with_tenants())
    held = lambda row: np.fromiter(networkx.descendants(built, graph.nodes + row), dtype=np.int64)  # noqa: E731
    return lambda: np.stack([graph.count(held(row)) for row in range(graph.rows)]), checks.matrix


if __name__ == "__main__":
    main({"compile": compile_, "reach": reach, "matrix": matrix})

"""rustworkx, as its users write it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rustworkx

import checks
from data import Digraph
from timing import main


def compiled(nodes: int, ends) -> rustworkx.PyDiGraph:
    graph = rustworkx.PyDiGraph(node_count_hint=nodes, edge_count_hint=len(ends[0]))
    graph.add_nodes_from(range(nodes))
    graph.extend_from_edge_list(list(zip(ends[0].tolist(), ends[1].tolist(), strict=True)))
    return graph


def compile_(folder: Path):
    graph = Digraph.read(folder)
    run = lambda: compiled(graph.nodes, (graph.start, graph.end))  # noqa: E731
    return run, lambda built: [built.num_nodes(), built.num_edges()]


def reach(folder: Path):
    graph = Digraph.read(folder)
    built = compiled(graph.nodes + 1, graph.rooted(graph.identities))
    held = lambda found: np.unique([child for _, children in found for child in children])  # noqa: E731
    return lambda: rustworkx.bfs_successors(built, graph.nodes), lambda found: checks.reach(held(found), graph.production)


def matrix(folder: Path):
    graph = Digraph.read(folder)
    built = compiled(graph.nodes + graph.rows, graph.with_tenants())
    held = lambda row: np.fromiter(rustworkx.descendants(built, graph.nodes + row), dtype=np.int64)  # noqa: E731
    return lambda: np.stack([graph.count(held(row)) for row in range(graph.rows)]), checks.matrix


if __name__ == "__main__":
    main({"compile": compile_, "reach": reach, "matrix": matrix})

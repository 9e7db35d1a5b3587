"""igraph, as its users write it."""

from __future__ import annotations

from pathlib import Path

import igraph
import numpy as np

import checks
from data import Digraph
from timing import main

#: What no cut would take: more than there are edges.
UNCUTTABLE = 1 << 28


def compiled(nodes: int, ends) -> igraph.Graph:
    return igraph.Graph(n=nodes, edges=np.stack(ends, axis=1).astype(np.int64), directed=True)


def compile_(folder: Path):
    graph = Digraph.read(folder)
    return lambda: compiled(graph.nodes, (graph.start, graph.end)), lambda built: [built.vcount(), built.ecount()]


def matrix(folder: Path):
    graph = Digraph.read(folder)
    built = compiled(graph.nodes + graph.rows, graph.with_tenants())

    def one(row: int):
        held = np.array(built.subcomponent(graph.nodes + row, mode="out"))
        return graph.count(held[held < graph.nodes])

    return lambda: np.stack([one(row) for row in range(graph.rows)]), checks.matrix


def choke_points(folder: Path):
    graph = Digraph.read(folder)
    built = compiled(graph.nodes + 1, graph.rooted(graph.outside))
    above = lambda found: np.nan_to_num(np.array(found, dtype=np.float64), nan=-1).astype(np.int64)  # noqa: E731
    return lambda: built.dominator(graph.nodes, mode="out"), lambda found: checks.choke_points(above(found), graph)


def cut(folder: Path):
    graph = Digraph.read(folder)
    source, sink = graph.nodes, graph.nodes + 1
    start, end = graph.rooted(graph.outside)
    start = np.concatenate([start, graph.jewels.astype(np.int32)])
    end = np.concatenate([end, np.full(len(graph.jewels), sink, dtype=np.int32)])
    costs = np.where((start == source) | (end == sink), UNCUTTABLE, 1).tolist()
    built = compiled(graph.nodes + 2, (start, end))
    return lambda: built.maxflow_value(source, sink, costs), lambda value: [int(value)]


if __name__ == "__main__":
    main({"compile": compile_, "matrix": matrix, "choke_points": choke_points, "cut": cut})

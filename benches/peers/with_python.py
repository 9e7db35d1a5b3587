"""The Python package: the questions of `benches/src/calls.rs`, of the snapshots that the library wrote."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bindings-python" / "python"))

import tenantgraph as tg  # noqa: E402
from timing import main  # noqa: E402

AS_OF = "2026-05-01"


def of_graph(folder: Path):
    return tg.read(folder / "estate.snapshot", as_of=AS_OF)


def reach(folder: Path):
    estate = of_graph(folder)
    return estate.reach, lambda it: [len(it.reached), len(it.crossings)]


def matrix(folder: Path):
    estate = of_graph(folder)
    return estate.tenant_matrix, lambda it: [len(it.cells)]


def blast_radius(folder: Path):
    estate = of_graph(folder)
    lost = estate.secrets.column("id")
    return lambda: estate.blast_radius(*lost), lambda it: [len(it.entities), len(it.rotate)]


def rotation(folder: Path):
    estate = tg.read(folder / "secrets.snapshot", as_of=AS_OF)
    return estate.rotation, lambda it: [len(it.secrets)]


def reach_columns(folder: Path):
    estate = of_graph(folder)

    def run():
        answer = estate.reach()
        return answer, answer.table("reached")

    return run, lambda it: [len(it[0].reached), len(it[0].crossings), len(it[1])]


def rotation_columns(folder: Path):
    estate = tg.read(folder / "secrets.snapshot", as_of=AS_OF)

    def run():
        answer = estate.rotation()
        return answer, answer.table("secrets")

    return run, lambda it: [len(it[0].secrets), len(it[1])]


if __name__ == "__main__":
    main(
        {
            "reach_call": reach,
            "matrix_call": matrix,
            "blast_radius_call": blast_radius,
            "rotation_call": rotation,
            "reach_columns": reach_columns,
            "rotation_columns": rotation_columns,
        }
    )

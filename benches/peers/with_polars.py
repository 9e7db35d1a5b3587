"""Polars, as its users write it: the text scanned, the ids numbered in their order, the edges joined to the numbers and sorted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars

import checks
from data import Secrets
from timing import main


def read(folder: Path):
    schema = dict.fromkeys(["record", "id", "from", "to"], polars.String)

    def run():
        lines = polars.read_ndjson(folder / "estate.ndjson", schema=schema).filter(polars.col("record") != "estate")
        entities = lines.filter(polars.col("record") != "relation").select("id").sort("id").with_row_index("number")
        edges = lines.filter(polars.col("record") == "relation").select("from", "to")
        edges = edges.join(entities.rename({"number": "start"}), left_on="from", right_on="id")
        edges = edges.join(entities.rename({"number": "finish"}), left_on="to", right_on="id")
        edges = edges.select("start", "finish").sort("start", "finish")
        return len(entities), edges["start"].to_numpy(), edges["finish"].to_numpy()

    return run, lambda found: checks.read(*found)


def rotation(folder: Path):
    secrets = Secrets.read(folder)
    frame = polars.DataFrame({"kind": secrets.kind, "age": secrets.age})
    limits = polars.DataFrame({"kind": np.arange(len(secrets.limits), dtype=np.uint32), "days": secrets.limits})
    age, days = polars.col("age"), polars.col("days")
    known = age != Secrets.UNKNOWN
    late, close = known & (age > days), known & (age <= days) & (age + secrets.soon >= days)
    sums = [late.sum().alias("late"), close.sum().alias("close"), (known & (age + secrets.soon < days)).sum().alias("within")]
    query = frame.lazy().join(limits.lazy(), on="kind").select(*sums, (~known).sum().alias("unknown"))
    return lambda: query.collect().row(0), list


if __name__ == "__main__":
    main({"read": read, "rotation": rotation})

"""DuckDB, as its users write it: the text read by SQL, the ids numbered in their order, the edges joined to the numbers and sorted."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

import checks
from data import Secrets
from timing import main

FIELDS = "{record: 'VARCHAR', id: 'VARCHAR', \"from\": 'VARCHAR', \"to\": 'VARCHAR'}"


def read(folder: Path):
    def run():
        with duckdb.connect() as session:
            source = f"read_json('{folder / 'estate.ndjson'}', format = 'newline_delimited', columns = {FIELDS})"
            session.execute(f"CREATE TEMP TABLE line AS SELECT * FROM {source} WHERE record <> 'estate'")
            session.execute(
                "CREATE TEMP TABLE entity AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM line WHERE record <> 'relation'"
            )
            edges = session.execute(
                """SELECT start.number::UINTEGER AS start, finish.number::UINTEGER AS finish FROM line
                JOIN entity AS start ON start.id = line."from" JOIN entity AS finish ON finish.id = line."to"
                WHERE record = 'relation' ORDER BY 1, 2"""
            ).fetchnumpy()
            entities = session.execute("SELECT count(*) FROM entity").fetchone()
        return entities[0], edges

    return run, lambda found: checks.read(found[0], found[1]["start"], found[1]["finish"])


def rotation(folder: Path):
    secrets = Secrets.read(folder)
    session = duckdb.connect()
    columns = {"kind": secrets.kind, "age": secrets.age}
    limits = {"kind": np.arange(len(secrets.limits), dtype=np.uint32), "days": secrets.limits}
    session.execute("CREATE TABLE secret AS SELECT * FROM columns")
    session.execute("CREATE TABLE kinds AS SELECT * FROM limits")
    query = f"""SELECT count(*) FILTER (known AND age > days), count(*) FILTER (known AND age <= days AND age + {secrets.soon} >= days),
        count(*) FILTER (known AND age + {secrets.soon} < days), count(*) FILTER (NOT known)
        FROM (SELECT kind, age::BIGINT AS age, age <> {Secrets.UNKNOWN} AS known FROM secret) JOIN kinds USING (kind)"""
    return lambda: session.execute(query).fetchone(), list


if __name__ == "__main__":
    main({"read": read, "rotation": rotation})

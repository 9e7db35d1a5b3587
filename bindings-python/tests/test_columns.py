"""Parquet, Arrow and frames of other libraries, in and out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.feather
import pyarrow.parquet
import pytest
import tenantgraph as tg

KEYS = {
    "access_key_id": ["AK1", "AK2", None],
    "account": [1111, 1111, 2222],
    "created": ["2024-01-02 03:04:05", None, None],
    "stage": ["prod", "test", "prod"],
}
MAPPING = {
    "table": [
        {
            "input": "*keys*",
            "record": "secret",
            "fields": {
                "id": {"text": "{account}/{access_key_id}"},
                "kind": {"value": "access_key"},
                "tenant": "account",
                "created_at": "created",
                "environment": "stage",
            },
        }
    ]
}
SECRETS = {"id": ["key", "token"], "kind": ["access_key", "token"], "labels": ['{"team": "core"}', None], "dynamic": [True, None]}


def rows(estate: tg.Estate) -> list[tuple[Any, ...]]:
    return [(row.id, row.kind, row.tenant, row.environment, row.created_at and row.created_at.year) for row in estate.secrets]


@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip", "lz4", "none"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_parquet_of_other_writers_is_read(tmp_path: Path, compression: str, version: str) -> None:
    path = tmp_path / "secrets.parquet"
    table = pyarrow.table(SECRETS)
    pyarrow.parquet.write_table(table, path, compression=compression, data_page_version=version, row_group_size=1)
    estate = tg.read(path)
    assert [(row.id, row.labels, row.dynamic) for row in estate.secrets] == [("key", {"team": "core"}, True), ("token", None, None)]


def test_polars_writes_zstandard_and_it_is_read() -> None:
    many = polars.DataFrame({"record": ["secret"] * 5_000, "id": [f"key-{at:05}" for at in range(5_000)]})
    data = io.BytesIO()
    many.write_parquet(data)
    assert len(tg.read(data.getvalue())) == 5_000


def test_what_is_packed_otherwise_or_damaged_has_a_code(tmp_path: Path) -> None:
    path = tmp_path / "secrets.parquet"
    pyarrow.parquet.write_table(pyarrow.table(SECRETS), path, compression="brotli")
    with pytest.raises(tg.InvalidInputError, match="Brotli"):
        tg.read(path)
    pyarrow.parquet.write_table(pyarrow.table(SECRETS), path, compression="zstd")
    whole = path.read_bytes()
    with pytest.raises(tg.InvalidInputError):
        tg.read(whole[:-7])
    arrow = io.BytesIO()
    pyarrow.feather.write_feather(pyarrow.table(SECRETS), arrow, compression="zstd")
    with pytest.raises(tg.InvalidInputError, match="Zstandard"):
        tg.read(arrow.getvalue())


@pytest.mark.parametrize("compression", ["lz4", "uncompressed"])
def test_feather_of_pyarrow_is_read(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "secrets.feather"
    pyarrow.feather.write_feather(pyarrow.table(SECRETS), path, compression=compression)
    assert [row.id for row in tg.read(path).secrets] == ["key", "token"]


def test_what_is_written_is_read_by_others(tmp_path: Path) -> None:
    relation = {"from": "key", "kind": "authenticates_as", "to": "robot"}
    estate = tg.read({"secrets": [{"id": "key", "kind": "token"}], "relations": [relation]})
    path = tmp_path / "estate.parquet"
    path.write_bytes(estate.to_parquet())
    frame = pandas.read_parquet(path)
    assert frame.loc[frame["record"] == "relation", "to"].tolist() == ["robot"]
    assert polars.read_parquet(path).filter(polars.col("record") == "secret")["id"].to_list() == ["key"]
    assert duckdb.sql(f"select id, kind from '{path}' where record = 'secret'").fetchall() == [("key", "token")]
    assert pyarrow.ipc.open_file(estate.to_ipc()).read_all().num_rows == 2
    assert pyarrow.ipc.open_stream(estate.to_ipc(stream=True)).read_all().num_rows == 2


@pytest.mark.parametrize("make", [pandas.DataFrame, polars.DataFrame, pyarrow.table, lambda keys: duckdb.from_arrow(pyarrow.table(keys))])
def test_frames_are_taken_as_they_are(make: Any) -> None:
    expected = [("1111/AK1", "access_key", "1111", "production", 2024), ("1111/AK2", "access_key", "1111", "testing", None)]
    estate = tg.read({"keys": make(KEYS)}, mapping=MAPPING)
    assert rows(estate) == expected
    [skipped] = estate.reading.skipped
    assert (skipped.record, skipped.field, skipped.reason) == (3, "id", "it is missing")
    assert rows(tg.read(tg.Input(make(KEYS), name="keys"), mapping=[MAPPING])) == expected
    own = tg.read(make({"record": ["tenant", "identity"], "id": ["acme", "robot"], "tenant": [None, "acme"]}))
    assert list(own) == ["acme", "robot"]


def test_a_mapping_stands_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(
        """
        [[table]]
        input = "teams"
        record = "tenant"
        fields.id = "team"
        fields.environment = { column = "stage", values = { blue = "production", "*" = "testing" } }
        """
    )
    (tmp_path / "teams.csv").write_text("team;stage\nshop;blue\ntools;green\n")
    estate = tg.read(tmp_path / "*.csv", mapping=tmp_path / "mapping.toml")
    assert [(row.id, row.environment) for row in estate.tenants] == [("shop", "production"), ("tools", "testing")]
    (tmp_path / "mapping.toml").write_text("table = 7")
    with pytest.raises(tg.InvalidOptionError) as raised:
        tg.read(tmp_path / "teams.csv", mapping=tmp_path / "mapping.toml")
    assert raised.value.place is not None
    assert raised.value.place.source.endswith("mapping.toml")


def test_a_table_that_nothing_is_said_of_is_not_guessed_at() -> None:
    with pytest.raises(tg.InvalidDocumentError, match="mapping"):
        tg.read(polars.DataFrame(KEYS))

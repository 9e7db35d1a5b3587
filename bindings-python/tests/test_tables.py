"""The tables: in every consumer of Arrow, row by row, and back into an estate."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pytest
import tenantgraph as tg
from tenantgraph import _answers, _estate, _table

AT = "2026-05-01"

FULL: dict[str, Any] = {
    "format": "tenantgraph/1",
    "tenants": [
        {"id": "acme-test", "kind": "gcp_project", "labels": {"team": "core"}, "controls": {"monitored": True}},
        {"id": "acme-prod"},
    ],
    "identities": [{"id": "robot", "tenant": "acme-prod", "enabled": True, "authentication": ["mfa", "password"]}],
    "secrets": [
        {
            "id": "key",
            "tenant": "acme-test",
            "created_at": "2024-01-02T03:04:05.678901Z",
            "expires_at": "9999-12-31T23:59:59Z",
            "exposures": [{"location": "a wiki", "verified": False}],
        }
    ],
    "resources": [{"id": "store", "tenant": "acme-prod", "critical": True, "data": "production"}],
    "relations": [
        {"from": "key", "kind": "authenticates_as", "to": "robot", "guards": ["just_in_time"]},
        {
            "from": "robot",
            "kind": "reads",
            "to": "store",
            "also": [{"entity": "key", "right": "read"}],
            "valid_from": "2025-01-01T00:00:00Z",
        },
    ],
}


@pytest.fixture
def full() -> tg.Estate:
    return tg.Estate.from_dict(FULL, as_of=AT)


def answers(estate: tg.Estate) -> list[tg.Answer]:
    before = tg.Estate.from_dict({"format": "tenantgraph/1", "tenants": [{"id": "acme-prod"}]})
    boundaries = [estate.cuts(), estate.isolation()]
    differences = [estate.what_if(remove=["key"]), estate.diff(before)]
    standing = [estate.sharing(), estate.privilege(), estate.lifecycle(), estate.classification()]
    return [
        estate.reach(),
        estate.tenant_matrix(),
        estate.blast_radius("key"),
        estate.rotation(),
        estate.assess(),
        *standing,
        *boundaries,
        *differences,
    ]


def every_table(estate: tg.Estate) -> list[tg.Table[Any]]:
    return [estate.table(name) for name in estate.tables] + [answer.table(name) for answer in answers(estate) for name in answer.tables]


def test_every_table_has_a_row_type_with_its_columns(full: tg.Estate) -> None:
    assert set(full.tables) == set(_estate._TABLES)
    for answer in answers(full):
        assert set(answer.tables) == set(answer._native.tables())
    for table in every_table(full):
        assert table._row is not _table.Row
        annotations = [name for base in reversed(table._row.__mro__) for name in inspect.get_annotations(base)]
        columns = [name.removesuffix("_") for name in annotations if not name.startswith("_")]
        assert columns == list(table.columns), table


def test_every_table_of_an_answer_is_an_attribute(full: tg.Estate) -> None:
    for answer in answers(full):
        for name in answer.tables:
            of = answer if hasattr(answer, name) else answer.reading  # type: ignore[attr-defined]
            assert getattr(of, name) == answer.table(name)


def test_every_consumer_takes_every_table(full: tg.Estate) -> None:
    for table in every_table(full):
        arrow = pyarrow.table(table)
        assert arrow.column_names == list(table.columns)
        assert arrow.num_rows == len(table) == table.to_arrow().num_rows
        assert polars.DataFrame(table).height == len(table) == table.to_polars().height
        assert pandas.DataFrame.from_arrow(table).shape == (len(table), len(table.columns)) == table.to_pandas().shape
        [(count,)] = duckdb.sql("select count(*) from arrow").fetchall()
        assert count == len(table)


def test_duckdb_takes_a_table_by_the_name_of_its_variable(full: tg.Estate) -> None:
    relations = full.relations
    rows = duckdb.sql('select "from", kind from relations order by 1').fetchall()
    assert rows == [("key", "authenticates_as"), ("robot", "reads")]
    assert len(relations) == 2


def test_the_values_are_the_same_in_every_consumer(full: tg.Estate) -> None:
    created = datetime(2024, 1, 2, 3, 4, 5, 678901, tzinfo=timezone.utc)
    never = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
    secret = full.secrets[0]
    assert (secret.created_at, secret.expires_at) == (created, never)
    assert full.secrets.to_pandas()["created_at"][0].to_pydatetime() == created
    assert full.secrets.to_polars()["created_at"][0] == created
    assert full.secrets.to_arrow()["expires_at"][0].as_py() == never
    assert full.identities.to_polars()["authentication"].to_list() == [["mfa", "password"]]


def test_a_row_gives_what_has_fields_of_its_own_as_dicts(full: tg.Estate) -> None:
    tenant = full.tenants[-1]
    assert (tenant.labels, tenant.controls, tenant["labels"]) == ({"team": "core"}, {"monitored": True}, {"team": "core"})
    assert full.secrets[0].exposures == [{"location": "a wiki", "verified": False}]
    assert full.relations[1].also == [{"entity": "key", "right": "read"}]
    assert dict(full.resources[0])["critical"] is True
    with pytest.raises(AttributeError):
        tenant.colour  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(KeyError):
        tenant["colour"]
    with pytest.raises(IndexError):
        full.tenants[2]
    assert [row.id for row in full.tenants[::-1]] == ["acme-test", "acme-prod"]


def test_an_answers_tables_are_its_json(full: tg.Estate) -> None:
    reach = full.reach()
    answer = reach.to_dict()
    assert reach.reached.to_dicts() == answer["reached"]
    assert reach.crossings.to_dicts() == answer["crossings"]
    steps = [[step.to_dict() for step in path] for path in reach.paths]
    keys = ("from", "kind", "to", "right", "permission")
    assert [[{key: step[key] for key in keys} for step in path] for path in steps] == [path["steps"] for path in answer["paths"]]
    assert (reach.as_of, reach.source, reach.target) == (answer["as_of"], answer["from"], answer["to"])
    lost = full.blast_radius("key")
    assert [lost.held, lost.by_environment, lost.by_tenant, lost.by_kind] == [
        lost.to_dict()[key] for key in ("held", "by_environment", "by_tenant", "by_kind")
    ]
    assert lost.rotate.column("secret") == lost.to_dict()["rotate"]
    assert full.rotation().summary == full.rotation().to_dict()["summary"]
    report = full.assess()
    findings = report.to_dict()["findings"]
    for finding, wanted in zip(report.findings, findings, strict=True):
        standards = wanted.pop("standards")
        assert finding.to_dict() == {**wanted, **standards, "evidence": wanted["evidence"] or None}
    assert [metric.value for metric in report.metrics] == [metric["value"] for metric in report.to_dict()["metrics"]]


@pytest.mark.parametrize("convert", ["to_arrow", "to_pandas", "to_polars", "itself"])
def test_an_estate_comes_back_from_its_tables(full: tg.Estate, convert: str) -> None:
    names = ("tenants", "identities", "secrets", "resources", "relations")
    tables: dict[str, Any] = {name: full.table(name) if convert == "itself" else getattr(full.table(name), convert)() for name in names}
    back = tg.Estate.from_arrow(**tables)
    assert [row.reason for row in back.reading.skipped] == []
    assert back.to_json() == full.to_json()
    assert tg.read(tables) == full


def test_an_estate_is_read_from_a_query(full: tg.Estate) -> None:
    secrets = full.secrets
    assert len(secrets) == 1
    query = duckdb.sql("select id, kind, now()::timestamp as created_at, {'team': 'core'} as labels from secrets")
    [secret] = tg.Estate.from_arrow(secrets=query).secrets
    assert (secret.id, secret.labels) == ("key", {"team": "core"})
    assert secret.created_at is not None


def test_a_frame_that_lost_its_types_is_understood() -> None:
    frame = pandas.DataFrame(
        {
            "id": ["a", "b"],
            "kind": pandas.Categorical(["gcp_project", "other"]),
            "created_at": pandas.to_datetime(["2025-01-01", None]),
            "owner": ["ann", None],
        },
        index=["x", "y"],
    )
    estate = tg.Estate.from_arrow(tenants=frame)
    assert [row.reason for row in estate.reading.skipped] == []
    assert [(tenant.kind, tenant.owner) for tenant in estate.tenants] == [("gcp_project", "ann"), ("other", None)]
    assert estate.tenants[1].created_at is None


def test_what_is_no_table_is_refused(full: tg.Estate) -> None:
    with pytest.raises(tg.InvalidDocumentError, match="unknown column"):
        tg.Estate.from_arrow(tenants=polars.DataFrame({"id": ["a"], "colour": ["red"]}))
    with pytest.raises(tg.InvalidDocumentError, match="no column `to`"):
        tg.Estate.from_arrow(relations=polars.DataFrame({"from": ["a"], "kind": ["reads"]}))
    with pytest.raises(tg.InvalidOptionError, match="unknown table"):
        tg.read({"people": polars.DataFrame({"id": ["a"]})})
    with pytest.raises(tg.InvalidOptionError, match="unknown table"):
        full.table("people")
    with pytest.raises(tg.InvalidOptionError, match="unknown table"):
        full.reach().table("people")


def test_networkx_has_every_entity_and_relation(full: tg.Estate) -> None:
    graph = full.to_networkx()
    assert set(graph) == set(full)
    assert graph.nodes["robot"]["environment"] == "production"
    assert [(start, end, kind) for start, end, kind in graph.edges(data="kind")] == [
        ("key", "robot", "authenticates_as"),
        ("robot", "store", "reads"),
    ]


def test_an_estate_is_a_mapping(full: tg.Estate) -> None:
    assert list(full) == sorted(full) == ["acme-prod", "acme-test", "key", "robot", "store"]
    assert full["robot"].class_ == "production"
    assert "nobody" not in full
    assert full.get("nobody") is None
    with pytest.raises(tg.UnknownEntityError, match="no entity"):
        full["nobody"]
    assert full == tg.read(full)
    assert full != tg.Estate.from_dict({"format": "tenantgraph/1", "tenants": [{"id": "acme"}]})
    assert json.loads(full.to_json()) == full.to_dict()


def test_paths_read_as_chains(full: tg.Estate) -> None:
    assert str(full.reach().paths[0]) == "key -authenticates_as-> robot"
    report = full.assess()
    assert str(report.paths[0]) == "key -authenticates_as-> robot"
    assert isinstance(report.paths[0], _answers.Path)
    assert report.paths[0].steps[0].finding in report.findings.column("fingerprint")


def test_a_stream_is_taken_once_and_a_broken_one_is_told(full: tg.Estate) -> None:
    class Once:
        def __init__(self) -> None:
            self.capsule = full.secrets.__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.capsule

    once = Once()
    assert len(tg.Estate.from_arrow(secrets=once).secrets) == 1
    with pytest.raises(tg.InvalidInputError, match="Arrow stream"):
        tg.Estate.from_arrow(secrets=once)

    class Fails:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise LookupError("of its own")

    with pytest.raises(LookupError, match="of its own"):
        tg.Estate.from_arrow(secrets=Fails())


def test_a_producer_that_needs_the_interpreter_may_run_on_the_way() -> None:
    schema = pyarrow.schema([("id", pyarrow.string())])
    batches = (pyarrow.record_batch({"id": [f"acme-{at}"]}, schema=schema) for at in range(3))
    reader = pyarrow.RecordBatchReader.from_batches(schema, batches)
    assert list(tg.Estate.from_arrow(tenants=reader)) == ["acme-0", "acme-1", "acme-2"]

    def broken() -> Iterator[pyarrow.RecordBatch]:
        yield pyarrow.record_batch({"id": ["acme"]}, schema=schema)
        raise ValueError("hunter2")

    with pytest.raises(tg.InvalidInputError) as raised:
        tg.Estate.from_arrow(tenants=pyarrow.RecordBatchReader.from_batches(schema, broken()))
    assert "hunter2" not in str(raised.value)

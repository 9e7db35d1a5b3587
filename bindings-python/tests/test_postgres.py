"""Tables of PostgreSQL, as CloudQuery and Steampipe write them, through ADBC: a real server, which the test starts itself."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi
import pytest
import tenantgraph as tg
from postgres_server import Unavailable, postgres_server
from test_leaks import CANARY, shown

AT = "2026-05-01"
ROOT = Path(__file__).parents[2]
TABLES = """
create table aws_organizations_accounts
    (_cq_id uuid default gen_random_uuid(), id text, name varchar(50), joined_timestamp timestamp, tags jsonb);
insert into aws_organizations_accounts (id, name, joined_timestamp, tags) values
    ('111111111111', 'Shop', '2020-02-03 04:05:06.789', '[{"Key": "stage", "Value": "prod"}, {"Key": "team", "Value": "core"}]'),
    ('222222222222', 'Shop tests', null, '{"stage": "testing"}'),
    (null, 'no account', null, null);
create table aws_iam_access_keys
    (account_id bigint, user_arn text, access_key_id text, status text, create_date timestamptz, last_used date, tags jsonb);
insert into aws_iam_access_keys values
    (111111111111, 'arn:aws:iam::111111111111:user/deployer', 'AKIAMADEUP0000000001', 'Active', '2024-01-02 03:04:05+02', '2026-04-30',
        '{"stage": "prod", "team": "core"}'),
    (222222222222, 'arn:aws:iam::222222222222:user/robot', 'AKIAMADEUP0000000002', 'Inactive', null, null, null),
    (222222222222, 'arn:aws:iam::222222222222:user/robot', 'AKIAMADEUP0000000003', 'Deleted', null, null, null);
create table aws_iam_user_attached_policies (account_id bigint, user_arn text, policy_name text);
insert into aws_iam_user_attached_policies values
    (111111111111, 'arn:aws:iam::111111111111:user/deployer', 'AdministratorAccess'),
    (222222222222, 'arn:aws:iam::222222222222:user/robot', 'SomePolicy');
create table ci_variable (project text, key text, account bigint, value text, masked boolean, opens text, stages text[]);
insert into ci_variable values
    ('shop', 'DEPLOY_KEY', 111111111111, 'CANARY', true, 'arn:aws:iam::111111111111:user/deployer', '{build,deploy}'),
    ('shop-tests', 'COPIED_KEY', 222222222222, 'CANARY', false, null, '{test}'),
    ('shop-tests', 'OTHER_KEY', 222222222222, 'something else altogether', false, null, null);
"""
MAPPING = """
[[table]]
input = "aws_organizations_accounts"
record = "tenant"
fields.id = "id"
fields.name = "name"
fields.created_at = "joined_timestamp"
fields.environment = { column = "tags", key = "stage" }
labels.team = { column = "tags", key = "team" }

[[table]]
input = "users"
record = "identity"
fields.id = "user_arn"
fields.kind = { value = "service_account" }
fields.tenant = "account_id"

[[table]]
input = "aws_iam_access_keys"
record = "secret"
where = { status = ["Active", "Inactive"] }
fields.id = "access_key_id"
fields.kind = { value = "access_key" }
fields.tenant = "account_id"
fields.created_at = "create_date"
fields.last_used_at = "last_used"

[[table]]
input = "aws_iam_user_attached_policies"
record = "relation"
where = { policy_name = ["AdministratorAccess"] }
fields.from = "user_arn"
fields.kind = { value = "administers" }
fields.to = "account_id"

[[table]]
input = "ci_variable"
record = "secret"
fields.id = { text = "{project}/{key}" }
fields.kind = { value = "access_key" }
fields.tenant = "account"
fields.fingerprint = "value"
labels.masked = "masked"
labels.stages = "stages"

[[table]]
input = "ci_variable"
record = "relation"
fields.from = { text = "{project}/{key}" }
fields.kind = { value = "authenticates_as" }
fields.to = "opens"

[[table]]
input = "projects"
record = "identity"
fields.id = { text = "pipeline of {project}" }
fields.kind = { value = "pipeline" }
fields.tenant = "account"

[[table]]
input = "ci_variable"
record = "relation"
fields.from = { text = "pipeline of {project}" }
fields.kind = { value = "uses" }
fields.to = { text = "{project}/{key}" }
"""
NAMES = ["aws_organizations_accounts", "aws_iam_access_keys", "aws_iam_user_attached_policies", "ci_variable"]
QUERIES = {
    **{name: f"select * from {name}" for name in NAMES},
    # The tables have a row for each key and variable, a record wants one row.
    "users": "select distinct account_id, user_arn from aws_iam_access_keys",
    "projects": "select distinct account, project from ci_variable",
}


@pytest.fixture(scope="module")
def uri() -> Iterator[str]:
    try:
        with postgres_server() as uri:
            with adbc_driver_postgresql.dbapi.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
                for statement in TABLES.replace("CANARY", CANARY).split(";\n"):
                    if statement.strip():
                        cursor.execute(statement)
            yield uri
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture
def read(uri: str, tmp_path: Path) -> Iterator[Callable[..., tg.Estate]]:
    """Reads what every query gives, each over a connection of its own: one carries a single stream at a time, while its cursor is open."""
    with ExitStack() as opened:

        def table(query: str, fetch: str) -> Any:
            connection = opened.enter_context(adbc_driver_postgresql.dbapi.connect(uri))
            cursor = opened.enter_context(connection.cursor())
            cursor.execute(query)
            return getattr(cursor, fetch)()

        def read(mapping: str = MAPPING, fetch: str = "fetch_arrow_table") -> tg.Estate:
            (tmp_path / "mapping.toml").write_text(mapping)
            tables = {name: table(query, fetch) for name, query in QUERIES.items()}
            return tg.read(tables, mapping=tmp_path / "mapping.toml", as_of=AT)

        yield read


@pytest.mark.parametrize("fetch", ["fetch_arrow_table", "fetch_record_batch", "fetch_arrow", "fetch_polars"])
def test_tables_of_postgresql_are_an_estate(read: Callable[..., tg.Estate], fetch: str) -> None:
    estate = read(fetch=fetch)
    [production, testing] = estate.tenants
    assert (production.id, production.name, production.environment) == ("111111111111", "Shop", "production")
    assert production.labels == {"team": "core"}
    assert production.created_at == datetime(2020, 2, 3, 4, 5, 6, 789000, tzinfo=timezone.utc)
    assert (testing.id, testing.name, testing.environment, testing.created_at) == ("222222222222", "Shop tests", "testing", None)
    key = estate.secrets[0]
    assert (key.id, key.kind, key.tenant) == ("AKIAMADEUP0000000001", "access_key", "111111111111")
    assert key.created_at == datetime(2024, 1, 2, 1, 4, 5, tzinfo=timezone.utc)
    assert key.last_used_at == datetime(2026, 4, 30, tzinfo=timezone.utc)
    others = ["AKIAMADEUP0000000002", "shop-tests/COPIED_KEY", "shop-tests/OTHER_KEY", "shop/DEPLOY_KEY"]
    assert [row.id for row in estate.secrets][1:] == others
    assert estate.secrets[4].labels == {"masked": "true", "stages": '["build","deploy"]'}
    assert [(row.from_, row.kind, row.to) for row in estate.relations if row.kind != "uses"] == [
        ("arn:aws:iam::111111111111:user/deployer", "administers", "111111111111"),
        ("shop/DEPLOY_KEY", "authenticates_as", "arn:aws:iam::111111111111:user/deployer"),
    ]
    # The account without an id, and nothing else.
    assert [(row.record, row.field, row.reason) for row in estate.reading.skipped] == [(3, "id", "it is missing")]
    assert len(estate.reading.placeholders) == 0


def test_a_copied_value_is_a_path_into_production_and_never_comes_out(read: Callable[..., tg.Estate]) -> None:
    estate = read()
    assert (
        "shop-tests/COPIED_KEY -same_secret-> shop/DEPLOY_KEY"
        " -authenticates_as-> arn:aws:iam::111111111111:user/deployer -administers-> 111111111111"
    ) in [str(path) for path in estate.reach().paths]
    prints = {row.id: row.fingerprint for row in estate.secrets if row.fingerprint}
    assert prints["shop/DEPLOY_KEY"] == prints["shop-tests/COPIED_KEY"] != prints["shop-tests/OTHER_KEY"]
    assert all(print.startswith("hmac-sha256:") for print in prints.values())
    assert CANARY not in shown(estate)
    for data in (estate.to_parquet(), estate.to_ipc(), estate.to_ipc(stream=True)):
        assert CANARY.encode() not in data


def test_a_value_where_a_date_or_a_word_belongs_is_skipped_and_not_quoted(read: Callable[..., tg.Estate]) -> None:
    for field in ("created_at", "kind", "revoked"):
        slip = f'[[table]]\ninput = "ci_variable"\nrecord = "secret"\nfields.id = "key"\nfields.{field} = "value"\n'
        estate = read(MAPPING + slip)
        assert [row.record for row in estate.reading.skipped if row.field == field] == [1, 2, 3]
        assert CANARY not in shown(estate)
    with pytest.raises(tg.InvalidDocumentError, match="`no_column`") as raised:
        read(MAPPING.replace('"value"', '"no_column"'))
    assert CANARY not in "".join(traceback.format_exception(raised.value))


def test_types_that_arrow_has_not_are_cast_in_the_query(uri: str) -> None:
    mapping = {"table": [{"input": "accounts", "record": "tenant", "fields": {"id": "id", "name": "name"}, "labels": {"from": "ip"}}]}
    with adbc_driver_postgresql.dbapi.connect(uri) as connection, connection.cursor() as cursor:
        cursor.execute("select _cq_id::text as id, name, '10.0.0.1'::inet::text as ip from aws_organizations_accounts order by name")
        cast = tg.read({"accounts": cursor.fetch_arrow_table()}, mapping=mapping)
        assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", row.id) for row in cast.tenants)
        assert [row.labels for row in cast.tenants] == [{"from": "10.0.0.1/32"}] * 3
        cursor.execute("select id, name, '10.0.0.1'::inet as ip from aws_organizations_accounts")
        left = tg.read({"accounts": cursor.fetch_arrow_table()}, mapping=mapping)
        assert [(row.id, row.labels) for row in left.tenants] == [("111111111111", None), ("222222222222", None)]


def test_the_example_of_the_docs_runs(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [mapping] = [block for block in blocks("toml", ROOT / "README.md") if "[[table]]" in block]
    [example] = [block for block in blocks("python", ROOT / "bindings-python" / "README.md") if "adbc" in block]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAREHOUSE", uri)
    Path("mapping.toml").write_text(mapping)
    told: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), told)
    [key, old] = told["estate"].secrets
    assert (key.id, key.environment, key.revoked) == ("aws/111111111111/AKIAMADEUP0000000001", "production", False)
    assert key.labels == {"team": "core"}
    assert (old.id, old.environment, old.revoked) == ("aws/222222222222/AKIAMADEUP0000000002", None, True)


def blocks(language: str, path: Path) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text(), re.DOTALL | re.MULTILINE)

"""No value of a secret in anything that a notebook shows or an error says."""

from __future__ import annotations

import traceback

import pytest
import tenantgraph as tg

CANARY = "hunter2-canary-value"


def every_answer(estate: tg.Estate) -> list[tg.Answer]:
    standing = [estate.rotation(), estate.sharing(), estate.privilege(), estate.lifecycle(), estate.classification()]
    return [estate.reach(), estate.tenant_matrix(), estate.blast_radius(estate.secrets[0].id), *standing, estate.assess()]


def shown(estate: tg.Estate) -> str:
    answers = every_answer(estate)
    texts = [repr(estate), estate._repr_html_(), repr(estate.reading), estate.reading._repr_html_(), estate.to_json()]
    tables = [estate.table(name) for name in estate.tables]
    for answer in answers:
        texts += [repr(answer), answer._repr_html_(), answer.to_json()]
        tables += [answer.table(name) for name in answer.tables]
    for table in tables:
        texts += [repr(table), table._repr_html_(), repr(list(table)), repr(table.to_dicts()), str(table.to_polars())]
    return "\n".join(texts)


def test_a_value_in_an_unknown_field_is_shown_nowhere() -> None:
    secrets = [
        {"id": "key", "kind": "token", "created_at": "2025-01-01"},
        {"id": "other", "value": CANARY},
        {"id": "third", "kind": CANARY},
    ]
    estate = tg.read({"format": "tenantgraph/1", "tenants": [{"id": "acme-prod"}], "secrets": secrets}, as_of="2026-05-01")
    assert len(estate.reading.skipped) == 2
    assert CANARY not in shown(estate)


@pytest.mark.parametrize(
    "data",
    [
        f'{{"format": "tenantgraph/1", "secrets": {{"{CANARY}": 1}}}}',
        f'{{"format": "tenantgraph/1", "{CANARY}": []}}',
        f'{{"format": "{CANARY}"}}',
        f'{{"format": "tenantgraph/1", "secrets": [{{"id": "{CANARY}"',
        CANARY,
    ],
)
def test_an_error_never_quotes_its_input(data: str) -> None:
    with pytest.raises(tg.TenantGraphError) as raised:
        tg.read(data.encode())
    error = raised.value
    told = "".join(traceback.format_exception_only(error)) + repr(error) + repr(error.args) + repr(error.place)
    assert CANARY not in told


def test_an_input_never_shows_its_content() -> None:
    assert CANARY not in repr(tg.Input(CANARY.encode(), "export"))


def test_names_are_escaped_in_a_notebook() -> None:
    script = "<script>alert(1)</script>"
    estate = tg.read(
        {
            "format": "tenantgraph/1",
            "tenants": [{"id": "acme-test"}, {"id": f"acme-prod{script}", "name": script, "environment": "production"}],
            "relations": [{"from": "acme-test", "kind": "trusted_by", "to": f"acme-prod{script}", "permission": script}],
            "secrets": [{"id": "key", "tenant": "acme-test", "kind": "token"}],
        },
        as_of="2026-05-01",
    )
    assert estate.reach().paths
    pages = [answer._repr_html_() for answer in every_answer(estate)]
    pages += [estate.table(name)._repr_html_() for name in estate.tables]
    assert not [page for page in pages if "<script" in page]
    assert any("&lt;script&gt;" in page for page in pages)

"""What the examples of the docs and the tests share: a small made-up estate."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
import tenantgraph as tg

DOCUMENT: dict[str, Any] = {
    "format": "tenantgraph/1",
    "tenants": [{"id": "acme-prod"}, {"id": "acme-test", "labels": {"team": "core"}}],
    "identities": [{"id": "robot", "kind": "service_account", "tenant": "acme-prod"}],
    "secrets": [{"id": "key", "kind": "access_key", "tenant": "acme-test", "created_at": "2026-01-01T00:00:00Z"}],
    "resources": [{"id": "store", "kind": "object_store", "tenant": "acme-prod"}],
    "relations": [
        {"from": "key", "kind": "authenticates_as", "to": "robot"},
        {"from": "robot", "kind": "reads", "to": "store", "permission": "storage.objects.get"},
    ],
}


@pytest.fixture
def document() -> dict[str, Any]:
    return DOCUMENT


@pytest.fixture
def estate() -> tg.Estate:
    return tg.Estate.from_dict(DOCUMENT)


@pytest.fixture(autouse=True)
def _examples(doctest_namespace: dict[str, object], estate: tg.Estate) -> None:
    doctest_namespace["tg"] = tg
    doctest_namespace["estate"] = estate
    doctest_namespace["reach"] = estate.reach(as_of="2026-05-01")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if "TENANTGRAPH_REAL_DATA" not in os.environ:
        terminalreporter.write_line("the real organisation was not checked: TENANTGRAPH_REAL_DATA is not set")
    reasons = (skipped.longrepr for skipped in terminalreporter.getreports("skipped"))
    counts = Counter(reason[2] if isinstance(reason, tuple) else str(reason) for reason in reasons)
    for reason, count in counts.items():
        terminalreporter.write_line(f"NOTHING WAS CHECKED by {count} tests: {reason.removeprefix('Skipped: ')}")

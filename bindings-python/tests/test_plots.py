"""Plots say what their answers say."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import pytest
import tenantgraph as tg

mpl.use("agg")

DOCUMENT: dict[str, Any] = {
    "format": "tenantgraph/1",
    "tenants": [{"id": "acme-dev"}, {"id": "acme-test"}, {"id": "acme-prod"}],
    "identities": [{"id": "robot", "tenant": "acme-test"}],
    "secrets": [
        {"id": "old", "tenant": "acme-test", "created_at": "2025-01-01T00:00:00Z"},
        {"id": "new", "tenant": "acme-test", "created_at": "2026-04-01T00:00:00Z"},
        {"id": "dateless", "tenant": "acme-test"},
    ],
    "relations": [{"from": "robot", "kind": "administers", "to": "acme-prod"}],
}


@pytest.fixture
def estate() -> tg.Estate:
    return tg.Estate.from_dict(DOCUMENT).at("2026-05-01")


def test_the_matrix_has_a_square_a_pair(estate: tg.Estate) -> None:
    axes = estate.tenant_matrix().plot()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["acme-test"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["acme-prod"]
    assert [text.get_text() for text in axes.texts] == ["c"]
    assert axes.images[0].get_array().tolist() == [[1]]


def test_an_empty_matrix_says_so(estate: tg.Estate) -> None:
    nothing = tg.Estate.from_dict({**DOCUMENT, "relations": []}).at("2026-05-01")
    axes = nothing.tenant_matrix().plot()
    assert [text.get_text() for text in axes.texts] == ["none reaches production"]


def test_ages_are_counted_by_status_and_unknown_ones_are_said(estate: tg.Estate) -> None:
    axes = estate.rotation().plot_ages()
    assert axes.get_title() == "Ages of 3 secrets (1 unknown)"
    assert sorted(text.get_text() for text in axes.get_legend().get_texts()) == ["overdue", "within"]
    assert sum(bar.get_height() for bar in axes.patches) >= 2
    assert [line.get_xdata()[0] for line in axes.get_lines()] == [90]


def test_plots_are_drawn_where_the_caller_says(estate: tg.Estate) -> None:
    from matplotlib import pyplot

    _, axes = pyplot.subplots()
    assert estate.rotation().plot_ages(axes) is axes

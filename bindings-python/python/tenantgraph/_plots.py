"""Plots of answers. matplotlib is imported when one is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import rows

STATUS_COLOURS = {
    "within": "#4c9f70",
    "due_soon": "#e0b040",
    "overdue": "#c0392b",
    "unknown_age": "#8e8e8e",
    "never_expires": "#8e5fb0",
    "expired": "#5b7083",
    "dynamic": "#5dade2",
    "revoked": "#bdc3c7",
}


def axes_of(axes: Any) -> Any:
    """Give the axes to draw on: the given ones, or those of a new figure."""
    if axes is not None:
        return axes
    from matplotlib import pyplot

    return pyplot.subplots(layout="constrained")[1]


def matrix(cells: Iterable[rows.MatrixCell], axes: Any = None) -> Any:
    """Draw a square a pair of tenants: the more entities are held, the darker; the letter is the strongest right (c, w, r)."""
    cells = list(cells)
    axes = axes_of(axes)
    sources = sorted({cell.source for cell in cells})
    targets = sorted({cell.target for cell in cells})
    counts = [[0] * len(targets) for _ in sources]
    for cell in cells:
        counts[sources.index(cell.source)][targets.index(cell.target)] = cell.entities
    axes.set_title("Non-production tenants that reach production")
    axes.set_xlabel("production tenant")
    axes.set_ylabel("non-production tenant")
    if not cells:
        axes.text(0.5, 0.5, "none reaches production", ha="center", va="center", transform=axes.transAxes)
        return axes
    image = axes.imshow(counts, cmap="Reds", vmin=0, aspect="auto")
    axes.figure.colorbar(image, ax=axes, label="production entities held")
    axes.set_xticks(range(len(targets)), targets, rotation=45, ha="right")
    axes.set_yticks(range(len(sources)), sources)
    for cell in cells:
        axes.text(targets.index(cell.target), sources.index(cell.source), cell.strongest[0], ha="center", va="center")
    return axes


def ages(secrets: Iterable[rows.SecretRotation], axes: Any = None) -> Any:
    """Draw how many secrets have which age, by status, with a line at each limit. Secrets of unknown age are counted in the title."""
    secrets = list(secrets)
    axes = axes_of(axes)
    known: dict[str, list[int]] = {}
    for secret in secrets:
        if secret.age_days is not None:
            known.setdefault(secret.status, []).append(secret.age_days)
    unknown = sum(secret.age_days is None for secret in secrets)
    axes.set_title(f"Ages of {len(secrets)} secret{'' if len(secrets) == 1 else 's'} ({unknown} unknown)")
    axes.set_xlabel("days since the value was replaced")
    axes.set_ylabel("secrets")
    if known:
        statuses = sorted(known, key=list(STATUS_COLOURS).index)
        colours = [STATUS_COLOURS[status] for status in statuses]
        axes.hist([known[status] for status in statuses], bins=24, stacked=True, label=statuses, color=colours)
        axes.legend()
    for limit in sorted({secret.limit_days for secret in secrets if secret.limit_days is not None and secret.age_days is not None}):
        axes.axvline(limit, linestyle="--", linewidth=1, color="black")
    return axes

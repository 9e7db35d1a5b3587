"""Tables for notebooks. Every text is escaped: names in an estate come from inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]], more: int = 0) -> str:
    """Write a table; `more` rows were left out."""
    head = "".join(f"<th style='text-align:left'>{escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    foot = f"<tr><td colspan='{len(columns)}'>… {more:,} more</td></tr>" if more > 0 else ""
    caption = f"<caption style='text-align:left'>{escape(caption)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}{foot}</tbody></table>"


def _cell(value: object) -> str:
    if value is None:
        return "<td></td>"
    align = " style='text-align:right'" if isinstance(value, int | float) and not isinstance(value, bool) else ""
    return f"<td{align}>{escape(str(value))}</td>"

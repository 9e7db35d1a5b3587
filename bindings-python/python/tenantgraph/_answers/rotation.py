"""`Rotation`: how every secret stands against its limits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from .. import _html, _plots, rows
from .._table import Row, Table
from .answer import Answer, table_html


class Rotation(Answer):
    """Every secret's age, limit, due date and status, and the sums over them.

    >>> rotation = estate.rotation(as_of="2026-05-01")
    >>> [(secret.secret, secret.age_days, secret.status) for secret in rotation.secrets]
    [('key', 120, 'overdue')]
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {
        "secrets": rows.SecretRotation,
        "shares": rows.RotationShare,
        "data_problems": rows.DataProblem,
    }

    @property
    def summary(self) -> dict[str, Any]:
        """The sums, in the form of the JSON."""
        return dict(self._head["summary"])

    @cached_property
    def secrets(self) -> Table[rows.SecretRotation]:
        """How every secret stands, by id."""
        return self.table("secrets")

    @cached_property
    def shares(self) -> Table[rows.RotationShare]:
        """How many secrets are within their limit: over all, and by kind, tenant, environment and storage."""
        return self.table("shares")

    @cached_property
    def data_problems(self) -> Table[rows.DataProblem]:
        """The dates that cannot be true."""
        return self.table("data_problems")

    def plot_ages(self, axes: Any = None) -> Any:
        """Draw the ages by status with matplotlib, on `axes` or a new figure, with a line at each limit, and give the axes.

        >>> estate.rotation(as_of="2026-05-01").plot_ages().get_title()
        'Ages of 1 secret (0 unknown)'
        """
        return _plots.ages(self.secrets, axes)

    def _repr_html_(self) -> str:
        statuses = [(status, count) for status, count in self.summary["by_status"].items() if count]
        table = _html.table("secrets by status", ["status", "secrets"], statuses)
        return f"<div>{table}{table_html('secrets', self.secrets)}</div>"

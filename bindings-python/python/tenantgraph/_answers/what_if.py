"""`WhatIf`: what a set of changes would do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from .._table import Row
from .effect import CHANGED, Effect


class WhatIf(Effect):
    """What a set of changes opens, closes, adds and resolves.

    >>> plan = estate.what_if(alter={"identities": [{"id": "robot", "enabled": False}]}, as_of="2026-05-01")
    >>> [crossing.from_ for crossing in plan.closed], "cross-environment-path" in plan.findings_resolved.column("rule")
    (['key'], True)
    """

    _types: ClassVar[Mapping[str, type[Row]]] = CHANGED

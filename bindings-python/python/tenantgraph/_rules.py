"""`RulePage`: what a rule finds, why that matters and how to mend it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from . import _native
from .words import Rule

if TYPE_CHECKING:
    from .words import Severity


class RulePage:
    """The page of one rule. `print` shows it for a person; `to_dict` has its parts.

    >>> print(tg.explain("leaked-secret").severity)
    high
    """

    def __init__(self, native: _native.RulePage) -> None:
        self._native = native

    @property
    def id(self) -> str:
        """The id of the rule."""
        return str(self._parts["id"])

    @property
    def title(self) -> str:
        """What a finding of it is called."""
        return str(self._parts["title"])

    @property
    def severity(self) -> Severity:
        """How much a finding matters, before a policy says otherwise or its subject raises it."""
        severity: Severity = self._parts["severity"]
        return severity

    def to_json(self) -> str:
        """Give the page as JSON, byte for byte what the command writes.

        >>> tg.explain("leaked-secret").to_json().startswith("{")
        True
        """
        return self._native.to_json()

    def to_dict(self) -> dict[str, Any]:
        """Give the parts of the page, in the form of its JSON: `why`, `fix`, `example`, `severity_reason`, `standards` and `items`.

        `items` has the titles of the standards.

        >>> tg.explain("leaked-secret").to_dict()["items"][0]["title"]
        'Secret Leakage'
        """
        return dict(json.loads(self.to_json()))

    def to_markdown(self) -> str:
        """Give the page as Markdown, byte for byte what the command writes.

        >>> tg.explain("leaked-secret").to_markdown().splitlines()[0]
        '# Secret found by a scanner'
        """
        return self._native.to_markdown()

    @cached_property
    def _parts(self) -> dict[str, Any]:
        return self.to_dict()

    def __str__(self) -> str:
        return self._native.to_text(_WIDTH)

    def __repr__(self) -> str:
        return f"<RulePage: {self.id}, {self.severity}>"

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


_WIDTH = 100


def explain(rule: Rule) -> RulePage:
    """Give the page of the rule of an id.

    >>> try:
    ...     tg.explain("leaked-secrets")
    ... except tg.InvalidOptionError as error:
    ...     print(error)
    no rule of this name; the nearest are `leaked-secret`
    """
    return RulePage(_native.explain(rule))


def rules() -> tuple[RulePage, ...]:
    """Give the page of every rule, in the order in which findings of one severity stand.

    >>> tg.rules()[0]
    <RulePage: cross-environment-path, high>
    """
    return tuple(explain(rule) for rule in get_args(Rule))

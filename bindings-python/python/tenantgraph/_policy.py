"""`Policy`: what the organisation has decided."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, TypeAlias

from . import _native
from ._inputs import document_text


class Policy:
    """What the organisation has decided: limits, environment rules, allowed flows, severities and exceptions.

    A written policy needs only what differs from the default one, which `Policy.default_toml` shows with a comment and a source for
    every value.

    >>> tg.Policy().to_dict()["limits"]["access_key"]["age_days"]
    90
    """

    def __init__(self) -> None:
        self._native = _native.Policy()

    @classmethod
    def _of(cls, native: _native.Policy) -> Policy:
        policy = cls.__new__(cls)
        policy._native = native
        return policy

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Policy:
        """Read a file, TOML or, where its name ends in `.json`, JSON.

        >>> try:
        ...     tg.Policy.read("no/such/policy.toml")
        ... except tg.FileError as error:
        ...     print(error)
        no/such/policy.toml: no such file or directory; check the path
        """
        return cls._of(_native.Policy.read(path))

    @classmethod
    def from_toml(cls, text: str) -> Policy:
        """Read TOML.

        >>> tg.Policy.from_toml("due_soon_days = 30").to_dict()["due_soon_days"]
        30
        """
        return cls._of(_native.Policy.from_toml(text))

    @classmethod
    def from_json(cls, text: str) -> Policy:
        """Read JSON.

        >>> tg.Policy.from_json('{"due_soon_days": 30}').to_dict()["due_soon_days"]
        30
        """
        return cls._of(_native.Policy.from_json(text))

    @classmethod
    def from_dict(cls, policy: Mapping[str, Any]) -> Policy:
        """Read a dict; instants may be datetimes.

        >>> tg.Policy.from_dict({"severities": {"rotation-overdue": "high"}}) == tg.Policy()
        False
        """
        return cls.from_json(document_text(policy))

    def to_toml(self) -> str:
        """Give the whole policy as TOML.

        >>> tg.Policy.from_toml(tg.Policy().to_toml()) == tg.Policy()
        True
        """
        return self._native.to_toml()

    def to_json(self) -> str:
        """Give the whole policy as JSON, byte for byte what the command writes.

        >>> tg.Policy.from_json(tg.Policy().to_json()) == tg.Policy()
        True
        """
        return self._native.to_json()

    def to_dict(self) -> dict[str, Any]:
        """Give the whole policy as dicts and lists.

        >>> tg.Policy().to_dict()["exceptions"]
        []
        """
        return dict(json.loads(self.to_json()))

    @staticmethod
    def default_toml() -> str:
        """Give the default policy as TOML, with a comment and a source for every value: where to begin one's own.

        >>> tg.Policy.from_toml(tg.Policy.default_toml()) == tg.Policy()
        True
        """
        return _native.Policy.default_toml()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        policy = self.to_dict()
        return f"<Policy: {len(policy['flows'])} flows, {len(policy['exceptions'])} exceptions>"


PolicyLike: TypeAlias = Policy | str | os.PathLike[str] | Mapping[str, Any]
"""A policy, the path of one, or a dict of what differs from the default one."""


def policy_of(policy: PolicyLike | None) -> Policy | None:
    """Give the policy that a caller means."""
    if policy is None or isinstance(policy, Policy):
        return policy
    return Policy.from_dict(policy) if isinstance(policy, Mapping) else Policy.read(policy)

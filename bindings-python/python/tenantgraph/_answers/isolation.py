"""`Isolation`: whether the boundaries of a policy hold, and `verify`, which checks the proof."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from .. import _html, rows
from .._errors import InvalidOptionError
from .._inputs import document_text
from .._policy import PolicyLike, policy_of
from .._table import Row, Table
from .answer import SHOWN, Answer, table_html

if TYPE_CHECKING:
    from .._questions import Questions
    from ..words import IsolationVerdict


class Isolation(Answer):
    """Whether the boundaries of the policy hold: `isolated` with a certificate, `possible`, or `broken` with paths.

    >>> isolation = estate.isolation(as_of="2026-05-01")
    >>> isolation.verdict, isolation.certificate, [(flow.right, flow.verdict) for flow in isolation.flows]
    ('broken', None, [('control', 'broken'), ('read', 'broken'), ('write', 'broken')])
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {"flows": rows.IsolationFlow}

    @property
    def verdict(self) -> IsolationVerdict:
        """The worst of the verdicts of the flows."""
        verdict: IsolationVerdict = self._head["verdict"]
        return verdict

    @property
    def coverage(self) -> list[dict[str, Any]]:
        """What was not in the input, as dicts: `isolated` speaks of what was read only."""
        return list(self._head["coverage"])

    @property
    def certificate(self) -> dict[str, Any] | None:
        """What proves that everything is isolated; `None` where it is not."""
        certificate: dict[str, Any] | None = self._head["certificate"]
        return certificate

    @cached_property
    def flows(self) -> Table[rows.IsolationFlow]:
        """Every boundary with every right: whether it is gained across it."""
        return self.table("flows")

    @cached_property
    def paths(self) -> list[dict[str, Any]]:
        """The shortest ways to what is gained though nothing allows it, in the order of the flows and the form of the JSON."""
        return [path for flow in self.to_dict()["flows"] for path in flow["paths"]]

    def verify(self, estate: Questions, *, policy: PolicyLike | None = None) -> None:
        """Check the certificate against an estate and the policy it was made under, as the function `verify` does.

        >>> alone = tg.read({"format": "tenantgraph/1", "tenants": [{"id": "acme-test"}]}, as_of="2026-05-01")
        >>> alone.isolation().verify(alone)
        """
        verify(self, estate, policy=policy)

    def _repr_html_(self) -> str:
        paths = ([path["entity"], path["right"], path["certainty"], len(path["steps"])] for path in self.paths[:SHOWN])
        ways = _html.table("ways across", ["entity", "right", "certainty", "steps"], paths, len(self.paths) - SHOWN)
        return f"<div><p>{self.verdict}</p>{table_html('boundaries', self.flows)}{ways if self.paths else ''}</div>"


def verify(certificate: Isolation | Mapping[str, Any] | str | bytes, estate: Questions, *, policy: PolicyLike | None = None) -> None:
    """Check a certificate of isolation against an estate and the policy it was made under.

    The certificate is an answer of `Estate.isolation`, the dict of a certificate or of an answer, or one of these as JSON. It is checked
    by the rules of the graph alone, without the traversal that made it. What proves nothing of this estate raises `InvalidDocumentError`
    with the reason.

    >>> alone = tg.read({"format": "tenantgraph/1", "tenants": [{"id": "acme-test"}]})
    >>> tg.verify(alone.isolation(as_of="2026-05-01"), alone)
    >>> try:
    ...     tg.verify(alone.isolation(as_of="2026-05-01").certificate, estate)
    ... except tg.InvalidDocumentError as error:
    ...     print(error.message.partition(";")[0])
    the certificate is refused: it was made for another estate, or other labels or environment rules
    """
    decided = policy_of(policy)
    estate._native.verify(_text(certificate), None if decided is None else decided._native)


def _text(certificate: object) -> str:
    if isinstance(certificate, Isolation):
        return certificate.to_json()
    if isinstance(certificate, Mapping):
        return document_text(certificate)
    if isinstance(certificate, bytes):
        return certificate.decode(errors="replace")
    if isinstance(certificate, str):
        return certificate
    raise InvalidOptionError("a certificate is an answer of `isolation`, a dict, or JSON")

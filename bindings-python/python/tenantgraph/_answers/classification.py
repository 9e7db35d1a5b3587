"""`Classification`: each tenant's label against the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from .. import _html, rows
from .._table import Row, Table
from .answer import Answer, table_html
from .path import Path, paths_of


class Classification(Answer):
    """Each tenant's label held against what speaks of production in it, and its controls against the baseline and its twin.

    >>> classification = estate.classification(as_of="2026-05-01")
    >>> [(tenant.tenant, tenant.verdict, tenant.counts) for tenant in classification.tenants]
    [('acme-prod', 'consistent', {}), ('acme-test', 'coupled', {'production_credential': 1, 'production_path': 1})]
    >>> print(classification.paths[0])
    acme-test -contains-> key -authenticates_as-> robot
    """

    _types: ClassVar[Mapping[str, type[Row]]] = {
        "tenants": rows.TenantClassification,
        "claims": rows.EnvironmentClaim,
        "evidence": rows.Coupling,
        "steps": rows.CouplingStep,
        "control_drift": rows.ControlDrift,
        "unmonitored": rows.Unmonitored,
        "coverage": rows.Coverage,
    }

    @cached_property
    def tenants(self) -> Table[rows.TenantClassification]:
        """Every tenant and how its label stands, by id."""
        return self.table("tenants")

    @cached_property
    def claims(self) -> Table[rows.EnvironmentClaim]:
        """What each source says of the tenants whose sources disagree."""
        return self.table("claims")

    @cached_property
    def evidence(self) -> Table[rows.Coupling]:
        """What speaks of production in tenants that are not labelled so; at most 25 pieces of each kind a tenant."""
        return self.table("evidence")

    @cached_property
    def steps(self) -> Table[rows.CouplingStep]:
        """The ways from tenants to production in long form: one row a step."""
        return self.table("steps")

    @cached_property
    def paths(self) -> tuple[Path[rows.CouplingStep], ...]:
        """A shortest way to production of each tenant that has one, in the order of the tenants."""
        return paths_of(self.steps)

    @cached_property
    def control_drift(self) -> Table[rows.ControlDrift]:
        """The controls that are below a baseline or a twin."""
        return self.table("control_drift")

    @cached_property
    def unmonitored(self) -> Table[rows.Unmonitored]:
        """The tenants that are stated to have no audit log or nobody who watches."""
        return self.table("unmonitored")

    @cached_property
    def coverage(self) -> Table[rows.Coverage]:
        """How much of what this question needs is known."""
        return self.table("coverage")

    def _repr_html_(self) -> str:
        verdicts = sorted(Counter(self.tenants.column("verdict")).items())
        tables = f"{table_html('evidence', self.evidence)}{table_html('controls that are too weak', self.control_drift)}"
        return f"<div>{_html.table('tenants by verdict', ['verdict', 'tenants'], verdicts)}{tables}</div>"

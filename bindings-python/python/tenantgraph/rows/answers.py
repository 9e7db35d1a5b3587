"""The rows of the answers about paths, cuts and findings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .._table import Row
from ..words import (
    Certainty,
    EntityType,
    Environment,
    EnvironmentClass,
    IsolationVerdict,
    RelationKind,
    Right,
    RotationStatus,
    SecretKind,
    Severity,
)


class HeldFact(Row):
    """A right over an entity that is held, and the least number of hops to it."""

    entity: str
    right: Right
    depth: int
    certainty: Certainty


class Crossing(Row):
    """A relation that leads into the target from outside it; `reached` target entities hang on it."""

    from_: str
    kind: RelationKind
    to: str
    right: Right
    certainty: Certainty
    reached: int


class Step(Row):
    """A hop of a path: whoever holds FROM gains the right over TO."""

    path: int
    step: int
    from_: str
    kind: RelationKind
    to: str
    right: Right
    permission: str | None


class ReachStep(Step):
    """A hop of a path of `reach`, with the fact that the path ends at."""

    entity: str
    entity_right: Right
    certainty: Certainty


class MatrixCell(Row):
    """What control of one non-production tenant gives in one production tenant."""

    source: str
    target: str
    entities: int
    strongest: Right
    depth: int


class MatrixStep(Step):
    """A hop of the shortest path of a cell."""

    source: str
    target: str


class Rotated(Row):
    """A secret to rotate, and its place in the order."""

    order: int
    secret: str


class SecretRotation(Row):
    """How a secret stands against its limits. An age that is not known is `None`, never zero."""

    secret: str
    kind: SecretKind
    tenant: str | None
    environment: Environment
    age_days: int | None
    limit_days: int | None
    due: datetime | None
    status: RotationStatus


class RotationShare(Row):
    """How many of some secrets are within their limit; `by` says what the `key` is: `all`, `kind`, `tenant`, `environment` or `storage`."""

    by: str
    key: str | None
    secrets: int
    judged: int
    within_limit: int
    share_within_limit: float | None


class DataProblem(Row):
    """A date that cannot be true."""

    secret: str
    field: str
    problem: str


class Finding(Row):
    """One statement that a rule makes about the estate, with its evidence."""

    fingerprint: str
    rule: str
    title: str
    severity: Severity
    raised: str | None
    severity_reason: str
    subjects: list[str]
    message: str
    evidence: list[dict[str, Any]] | None
    remedy: str
    owasp_nhi: list[str]
    nist_csf: list[str]
    nist_csf_1_1: list[str]
    nist_800_53: list[str]
    ai_rmf: list[str]
    waived: dict[str, Any] | None


class FindingStep(Step):
    """A hop of a path that a finding shows."""

    finding: str


class Metric(Row):
    """A share over the whole estate, beside the figure that was published for it."""

    id: str
    definition: str
    value: float | None
    numerator: int
    denominator: int
    published: float | None
    published_note: str | None


class MetricShare(Row):
    """A metric of a tenant or of an environment, as `by` says, beside the figure that was published for it."""

    metric: str
    by: str
    key: str
    value: float | None
    numerator: int
    denominator: int
    published: float | None


class CutLine(Row):
    """A relation to end, what that costs and how it is done, in words."""

    from_: str
    kind: RelationKind
    to: str
    cost: int
    action: str


class ChokePoint(Row):
    """A fact without which `alone_lead_to` other target entities are not held."""

    entity: str
    right: Right
    alone_lead_to: int


class FlowStep(Row):
    """A relation on a way of the flow, both numbered from 1."""

    way: int
    step: int
    from_: str
    kind: RelationKind
    to: str


class IsolationFlow(Row):
    """A right across a boundary of the policy, and whether it is gained there."""

    from_: Environment | EnvironmentClass
    to: Environment | EnvironmentClass
    right: Right
    verdict: IsolationVerdict


class Undecided(Row):
    """What stands for whom a grant of a plan names (an identity) or what it is over (a resource), until the plan is applied."""

    entity: str
    type: EntityType
    name: str


class ChangedRelation(Row):
    """A relation that came or went."""

    from_: str
    kind: RelationKind
    to: str
    permission: str | None
    certainty: Certainty

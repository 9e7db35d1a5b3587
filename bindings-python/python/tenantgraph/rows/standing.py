"""The rows of the answers about how an estate stands: sharing, privilege, lifecycle, classification."""

from __future__ import annotations

from datetime import datetime

from .._table import Row
from ..words import (
    Certainty,
    Control,
    CouplingKind,
    DriftAgainst,
    EntityType,
    Environment,
    EnvironmentClass,
    EnvironmentSource,
    Guard,
    IdentityKind,
    LabelVerdict,
    OffboardingReason,
    OwnerProblem,
    PrivilegeReason,
    RelationKind,
    Right,
    SharingCategory,
    SharingRole,
    TenantKind,
    TrustProblem,
)
from .answers import Step


class SharedEntity(Row):
    """Something that serves more than one environment, with the number of its ties to each."""

    category: SharingCategory
    entity: str
    records: list[str]
    kind: str
    vendor: str | None
    environments: list[Environment]
    classes: list[EnvironmentClass]
    rights: list[Environment]
    unapproved: list[Environment]
    pipelines: list[str]
    ties: dict[str, int]


class SharingEvidence(Row):
    """One tie of something shared to an environment: through another entity, by a relation where there is one."""

    shared: str
    environment: Environment
    role: SharingRole
    entity: str
    from_: str | None
    kind: RelationKind | None
    to: str | None
    right: Right | None
    permission: str | None
    guards: list[Guard]
    certainty: Certainty | None


class IdentityPrivilege(Row):
    """How many rights an identity was granted and uses; `through` names the groups and roles by which it commands much."""

    identity: str
    kind: IdentityKind
    environment: Environment
    granted: int
    used: int
    unused: int
    unknown: int
    is_privileged: bool
    through: list[str]


class PrivilegedGrant(Row):
    """A right that commands much; `relations` counts those that differ only in what resource, secret or identity they are over."""

    identity: str
    reasons: list[PrivilegeReason]
    tier: int | None
    relations: int
    from_: str
    kind: RelationKind
    to: str
    right: Right | None
    permission: str | None
    guards: list[Guard]
    certainty: Certainty


class UnusedGrant(Row):
    """A right that has not been used for long."""

    identity: str
    granted_at: datetime | None
    last_used_at: datetime
    unused_days: int
    from_: str
    kind: RelationKind
    to: str
    right: Right | None
    permission: str | None
    guards: list[Guard]
    certainty: Certainty


class TwinDrift(Row):
    """An identity that holds more than its twins in production, or a tenant over which more is held; `rights` counts by how many."""

    entity: str
    entity_type: EntityType
    kind: str
    environment: Environment
    twins: list[str]
    rights: int


class BroaderRight(Row):
    """A right that has no match in production: over what one would be, and the strongest right that is held there."""

    entity: str
    matched_over: list[str]
    held: Right | None
    from_: str
    kind: RelationKind
    to: str
    right: Right | None
    permission: str | None
    guards: list[Guard]
    certainty: Certainty


class OwnerGap(Row):
    """Something that nobody answers for: the owner who left, and which person of the estate that is."""

    entity: str
    entity_type: EntityType
    kind: str
    environment: Environment
    problem: OwnerProblem
    owner: str | None
    person: str | None


class Dormant(Row):
    """An identity or a secret that has not been used for long."""

    entity: str
    entity_type: EntityType
    kind: str
    environment: Environment
    last_used_at: datetime
    unused_days: int
    limit_days: int


class Expired(Row):
    """Something past its end and still there; `holders` counts who keeps or uses a secret, or whom it stands for."""

    entity: str
    entity_type: EntityType
    kind: str
    environment: Environment
    expires_at: datetime
    expired_days: int
    holders: int


class HeldBy(Row):
    """A relation by which an expired secret is still kept or used, or stands for somebody."""

    entity: str
    from_: str
    kind: RelationKind
    to: str
    right: Right | None
    permission: str | None
    guards: list[Guard]
    certainty: Certainty


class NotOffboarded(Row):
    """A tenant that should be gone; `trusts` counts the relations that lead from it into tenants that are to stay."""

    tenant: str
    kind: TenantKind
    environment: Environment
    reason: OffboardingReason
    created_at: datetime | None
    expires_at: datetime | None
    trusts: int
    living_secrets: list[str]


class TrustedBy(Row):
    """A relation that leads from a tenant that should be gone into one that is to stay."""

    tenant: str
    from_: str
    kind: RelationKind
    to: str
    right: Right | None
    permission: str | None
    guards: list[Guard]
    certainty: Certainty


class StaleTrust(Row):
    """A trust or federation that nobody uses or nobody looks at."""

    from_: str
    kind: RelationKind
    to: str
    right: Right | None
    permission: str | None
    guards: list[Guard]
    certainty: Certainty
    from_environment: Environment
    to_environment: Environment
    problems: list[TrustProblem]
    granted_at: datetime | None
    last_used_at: datetime | None
    unused_days: int | None
    reviewed_at: datetime | None


class TenantClassification(Row):
    """A tenant, what it is said to be, and how that stands; `counts` says how many pieces of evidence of each kind there are."""

    tenant: str
    kind: TenantKind
    environment: Environment
    source: EnvironmentSource
    verdict: LabelVerdict
    contents: int
    stated_production: int
    stated_non_production: int
    counts: dict[str, int]


class EnvironmentClaim(Row):
    """What one source says of the environment of a tenant; `label` is the key of the label that says so."""

    tenant: str
    source: EnvironmentSource
    label: str | None
    environment: Environment


class Coupling(Row):
    """A piece of evidence that a tenant has to do with production, with the relation that says so where one does."""

    tenant: str
    coupling: CouplingKind
    entity: str
    production: str | None
    from_: str | None
    kind: RelationKind | None
    to: str | None
    right: Right | None
    permission: str | None
    guards: list[Guard]
    certainty: Certainty | None


class CouplingStep(Step):
    """A hop of the way from a tenant to production."""

    tenant: str
    production: str


class ControlDrift(Row):
    """A control that is weaker than the baseline or a twin says: a flag, or a number of days."""

    tenant: str
    environment: Environment
    control: Control
    value: bool | int
    expected: bool | int
    against: DriftAgainst
    twin: str | None


class Unmonitored(Row):
    """A tenant that is stated to have no audit log or nobody who watches; `None` where nobody says."""

    tenant: str
    environment: Environment
    audit_logging: bool | None
    monitored: bool | None

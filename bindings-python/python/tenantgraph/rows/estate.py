"""The rows of an estate and of the account of its reading."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .._table import Row
from ..words import (
    Authentication,
    Certainty,
    DataKind,
    EntityType,
    Environment,
    EnvironmentClass,
    EnvironmentSource,
    Guard,
    IdentityKind,
    RelationKind,
    ResourceKind,
    Right,
    SecretKind,
    Storage,
    TenantKind,
)


class Tenant(Row):
    """A tenant: an identity boundary. `environment` is the declared one; `Entity` has the resolved one."""

    id: str
    name: str | None
    kind: TenantKind
    environment: Environment | None
    parent: str | None
    owner: str | None
    labels: dict[str, str] | None
    created_at: datetime | None
    expires_at: datetime | None
    controls: dict[str, Any] | None


class Identity(Row):
    """An identity: who acts."""

    id: str
    name: str | None
    kind: IdentityKind
    tenant: str | None
    environment: Environment | None
    owner: str | None
    labels: dict[str, str] | None
    enabled: bool | None
    created_at: datetime | None
    expires_at: datetime | None
    last_used_at: datetime | None
    authentication: list[Authentication]
    vendor: str | None


class Secret(Row):
    """A secret: what proves an identity. Its value is nowhere; `fingerprint` is a keyed hash."""

    id: str
    name: str | None
    kind: SecretKind
    tenant: str | None
    environment: Environment | None
    owner: str | None
    labels: dict[str, str] | None
    fingerprint: str | None
    created_at: datetime | None
    rotated_at: datetime | None
    expires_at: datetime | None
    last_used_at: datetime | None
    dynamic: bool | None
    revoked: bool | None
    storage: Storage | None
    exposures: list[dict[str, Any]] | None


class Resource(Row):
    """A resource: what is acted on."""

    id: str
    name: str | None
    kind: ResourceKind
    tenant: str | None
    environment: Environment | None
    owner: str | None
    labels: dict[str, str] | None
    critical: bool | None
    data: DataKind | None


class Relation(Row):
    """A relation, read "who holds FROM can gain TO". `grants` is `None` where nobody mapped the entitlement."""

    from_: str
    kind: RelationKind
    to: str
    requires: Right
    grants: Right | None
    also: list[dict[str, str]] | None
    guards: list[Guard]
    certainty: Certainty
    permission: str | None
    granted_at: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    last_used_at: datetime | None
    subject: str | None


class Entity(Row):
    """Any entity, with its environment as it was resolved and where that was learnt; a placeholder has the type `unknown`."""

    id: str
    type: EntityType
    kind: str
    name: str
    tenant: str | None
    environment: Environment
    class_: EnvironmentClass
    environment_source: EnvironmentSource
    owner: str | None


class Source(Row):
    """An input that was read."""

    name: str
    format: str
    records: int


class Skipped(Row):
    """A record that was left out, with its place and the reason."""

    source: str
    line: int | None
    column: int | None
    record: int | None
    field: str | None
    reason: str


class Conflict(Row):
    """A fact on which two sources disagree."""

    entity: str
    field: str
    kept: str
    other: str


class Placeholder(Row):
    """An id that something refers to and nobody describes."""

    id: str


class Coverage(Row):
    """What was not in the input, or could not be judged."""

    topic: str
    known: int
    total: int
    note: str

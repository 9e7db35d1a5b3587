//! [`TenantRef`]: a tenant of an estate, with its fields.

use super::{Entities, EntityRef, LabelsRef};
use crate::model::{Controls, Environment, Instant, Tenant, TenantKind};
use serde::Serialize;

/// A tenant of an estate, with its fields, which mean what those of [`Tenant`] mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TenantRef<'a> {
    /// Unique across the estate.
    pub id: &'a str,
    /// What people call it, where the input says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// What draws the boundary.
    #[serde(skip_serializing_if = "is_other")]
    pub kind: TenantKind,
    /// The declared environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// The id of the tenant that it says contains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<&'a str>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<&'a str>,
    /// Labels.
    #[serde(skip_serializing_if = "LabelsRef::is_empty")]
    pub labels: LabelsRef<'a>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    /// When it should be gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// The controls in force.
    #[serde(skip_serializing_if = "no_controls")]
    pub controls: Controls,
}

impl<'a> TenantRef<'a> {
    #[inline]
    pub(super) fn new(entity: EntityRef<'a>, entities: &'a Entities, row: usize) -> Self {
        TenantRef {
            id: entity.id(),
            name: entities.name(row),
            kind: entities.tenant_kind(row),
            environment: entities.environment(row),
            parent: entity.container(),
            owner: entities.owner(row),
            labels: entity.labels_ref(),
            created_at: entities.created_at(row),
            expires_at: entities.expires_at(row),
            controls: entities.controls(row).unwrap_or_default(),
        }
    }

    /// The tenant as plain data.
    pub fn to_tenant(self) -> Tenant {
        Tenant {
            id: self.id.to_owned(),
            name: self.name.map(str::to_owned),
            kind: self.kind,
            environment: self.environment,
            parent: self.parent.map(str::to_owned),
            owner: self.owner.map(str::to_owned),
            labels: self.labels.to_labels(),
            created_at: self.created_at,
            expires_at: self.expires_at,
            controls: self.controls,
        }
    }
}

fn is_other(kind: &TenantKind) -> bool {
    *kind == TenantKind::Other
}

fn no_controls(controls: &Controls) -> bool {
    *controls == Controls::default()
}

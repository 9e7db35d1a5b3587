//! [`ResourceRef`]: a resource of an estate, with its fields.

use super::{Entities, EntityRef, LabelsRef};
use crate::model::{DataKind, Environment, Resource, ResourceKind};
use serde::Serialize;

/// A resource of an estate, with its fields, which mean what those of [`Resource`] mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ResourceRef<'a> {
    /// Unique across the estate.
    pub id: &'a str,
    /// What people call it, where the input says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// What it is.
    #[serde(skip_serializing_if = "is_other")]
    pub kind: ResourceKind,
    /// The id of the tenant it says it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<&'a str>,
    /// The declared environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<&'a str>,
    /// Labels.
    #[serde(skip_serializing_if = "LabelsRef::is_empty")]
    pub labels: LabelsRef<'a>,
    /// Whether its loss would hurt most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical: Option<bool>,
    /// What data it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<DataKind>,
}

impl<'a> ResourceRef<'a> {
    #[inline]
    pub(super) fn new(entity: EntityRef<'a>, entities: &'a Entities, row: usize) -> Self {
        ResourceRef {
            id: entity.id(),
            name: entities.name(row),
            kind: entities.resource_kind(row),
            tenant: entity.container(),
            environment: entities.environment(row),
            owner: entities.owner(row),
            labels: entity.labels_ref(),
            critical: entities.critical(row),
            data: entities.data(row),
        }
    }

    /// The resource as plain data.
    pub fn to_resource(self) -> Resource {
        Resource {
            id: self.id.to_owned(),
            name: self.name.map(str::to_owned),
            kind: self.kind,
            tenant: self.tenant.map(str::to_owned),
            environment: self.environment,
            owner: self.owner.map(str::to_owned),
            labels: self.labels.to_labels(),
            critical: self.critical,
            data: self.data,
        }
    }
}

fn is_other(kind: &ResourceKind) -> bool {
    *kind == ResourceKind::Other
}

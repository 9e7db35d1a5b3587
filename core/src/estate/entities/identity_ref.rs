//! [`IdentityRef`]: an identity of an estate, with its fields.

use super::{Entities, EntityRef, LabelsRef};
use crate::model::{Authentication, Environment, Identity, IdentityKind, Instant};
use serde::Serialize;

/// An identity of an estate, with its fields, which mean what those of [`Identity`] mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct IdentityRef<'a> {
    /// Unique across the estate.
    pub id: &'a str,
    /// What people call it, where the input says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// What it is.
    #[serde(skip_serializing_if = "is_other")]
    pub kind: IdentityKind,
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
    /// Whether it may sign in; absent where the input does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// When it was last seen to act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Instant>,
    /// How it proves itself.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub authentication: &'a [Authentication],
    /// The supplier who runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<&'a str>,
}

impl<'a> IdentityRef<'a> {
    #[inline]
    pub(super) fn new(entity: EntityRef<'a>, entities: &'a Entities, row: usize) -> Self {
        IdentityRef {
            id: entity.id(),
            name: entities.name(row),
            kind: entities.identity_kind(row),
            tenant: entity.container(),
            environment: entities.environment(row),
            owner: entities.owner(row),
            labels: entity.labels_ref(),
            enabled: entities.enabled(row),
            created_at: entities.created_at(row),
            expires_at: entities.expires_at(row),
            last_used_at: entities.last_used_at(row),
            authentication: entities.authentication(row),
            vendor: entities.vendor(row),
        }
    }

    /// The identity as plain data.
    pub fn to_identity(self) -> Identity {
        Identity {
            id: self.id.to_owned(),
            name: self.name.map(str::to_owned),
            kind: self.kind,
            tenant: self.tenant.map(str::to_owned),
            environment: self.environment,
            owner: self.owner.map(str::to_owned),
            labels: self.labels.to_labels(),
            enabled: self.enabled,
            created_at: self.created_at,
            expires_at: self.expires_at,
            last_used_at: self.last_used_at,
            authentication: self.authentication.to_vec(),
            vendor: self.vendor.map(str::to_owned),
        }
    }

    /// Whether a provider runs the identity for itself.
    pub fn is_provider_managed(&self) -> bool {
        self.labels.get(Identity::PROVIDER_MANAGED) == Some("true")
    }
}

fn is_other(kind: &IdentityKind) -> bool {
    *kind == IdentityKind::Other
}

//! [`SecretRef`]: a secret of an estate, with its fields.

use super::{Entities, EntityRef, LabelsRef};
use crate::model::{Environment, Exposure, Instant, Secret, SecretKind, Storage};
use serde::Serialize;

/// A secret of an estate, with its fields, which mean what those of [`Secret`] mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SecretRef<'a> {
    /// Unique across the estate.
    pub id: &'a str,
    /// What people call it, where the input says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// What it is.
    #[serde(skip_serializing_if = "is_generic")]
    pub kind: SecretKind,
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
    /// A keyed hash of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<&'a str>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    /// When its value was last replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotated_at: Option<Instant>,
    /// When it stops working.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// When it was last used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Instant>,
    /// Whether it is issued on request for a short life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamic: Option<bool>,
    /// Whether it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<bool>,
    /// Where it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// Where scanners found it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub exposures: &'a [Exposure],
}

impl<'a> SecretRef<'a> {
    #[inline]
    pub(super) fn new(entity: EntityRef<'a>, entities: &'a Entities, row: usize) -> Self {
        SecretRef {
            id: entity.id(),
            name: entities.name(row),
            kind: entities.secret_kind(row),
            tenant: entity.container(),
            environment: entities.environment(row),
            owner: entities.owner(row),
            labels: entity.labels_ref(),
            fingerprint: entities.fingerprint(row),
            created_at: entities.created_at(row),
            rotated_at: entities.rotated_at(row),
            expires_at: entities.expires_at(row),
            last_used_at: entities.last_used_at(row),
            dynamic: entities.dynamic(row),
            revoked: entities.revoked(row),
            storage: entities.storage(row),
            exposures: entities.exposures(row),
        }
    }

    /// The secret as plain data.
    pub fn to_secret(self) -> Secret {
        Secret {
            id: self.id.to_owned(),
            name: self.name.map(str::to_owned),
            kind: self.kind,
            tenant: self.tenant.map(str::to_owned),
            environment: self.environment,
            owner: self.owner.map(str::to_owned),
            labels: self.labels.to_labels(),
            fingerprint: self.fingerprint.map(str::to_owned),
            created_at: self.created_at,
            rotated_at: self.rotated_at,
            expires_at: self.expires_at,
            last_used_at: self.last_used_at,
            dynamic: self.dynamic,
            revoked: self.revoked,
            storage: self.storage,
            exposures: self.exposures.to_vec(),
        }
    }
}

fn is_generic(kind: &SecretKind) -> bool {
    *kind == SecretKind::Generic
}

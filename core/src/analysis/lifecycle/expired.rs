//! What is past its end and still there.

use crate::estate::{EntityIndex, EntityRef, EntityView, Estate, Tie};
use crate::model::{EntityType, Environment, Instant, RelationKind};
use serde::Serialize;
use std::collections::BTreeMap;

/// An identity that is not disabled, a secret that is not revoked, or a tenant, past its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expired {
    /// Its id.
    pub entity: String,
    /// What it is.
    pub entity_type: EntityType,
    /// The word of its kind.
    pub kind: &'static str,
    /// Its environment.
    pub environment: Environment,
    /// When it ended.
    pub expires_at: Instant,
    /// Whole days since then.
    pub expired_days: i64,
    /// How many relations say who still keeps or uses a secret, or whom it still stands for.
    pub holders: u64,
    /// The first 10 of them.
    pub held_by: Vec<Tie>,
}

const SHOWN: usize = 10;

/// What is past its end and still there, by id.
pub(super) fn expired(estate: &Estate, as_of: Instant) -> Vec<Expired> {
    let end = |entity: EntityRef<'_>| match entity.view() {
        EntityView::Tenant(tenant) => tenant.expires_at,
        EntityView::Identity(identity) => identity.expires_at.filter(|_| identity.enabled != Some(false)),
        EntityView::Secret(secret) => secret.expires_at.filter(|_| secret.revoked != Some(true)),
        EntityView::Resource(_) | EntityView::Unknown(_) => None,
    };
    let ended = estate.indices().filter_map(|index| {
        let entity = estate.entity(index);
        let expires_at = end(entity).filter(|end| *end <= as_of)?;
        let expired = Expired {
            entity: entity.id().to_owned(),
            entity_type: entity.entity_type(),
            kind: entity.kind(),
            environment: estate.environment(index).environment,
            expires_at,
            expired_days: as_of.days_since(expires_at),
            holders: 0,
            held_by: Vec::new(),
        };
        Some((index, expired))
    });
    let mut expired: BTreeMap<EntityIndex, Expired> = ended.collect();
    for relation in estate.relations().filter(|relation| relation.valid_at(as_of)) {
        let secret = match relation.kind() {
            RelationKind::AuthenticatesAs => relation.from(),
            RelationKind::Uses | RelationKind::Stores => relation.to(),
            _ => continue,
        };
        if let Some(expired) = expired.get_mut(&secret) {
            expired.holders += 1;
            if expired.held_by.len() < SHOWN {
                expired.held_by.push(Tie::of(estate, relation));
            }
        }
    }
    expired.into_values().collect()
}

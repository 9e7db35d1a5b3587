//! Tenants that should be gone and are not.

use crate::estate::{EntityIndex, Estate, TenantRef, Tie};
use crate::model::words::words;
use crate::model::{EntityType, Environment, EnvironmentSource, Instant, RelationKind, ResolvedEnvironment};
use crate::policy::Policy;
use serde::Serialize;
use std::collections::BTreeMap;

words! {
    /// Why a tenant should be gone.
    OffboardingReason {
        /// It is past its end.
        Expired => "expired",
        /// It is a preview or a demo, states no end, and is older than such a tenant should grow.
        WithoutEnd => "without_end",
    }
}

/// A tenant that should be gone and is still trusted or still holds working secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotOffboarded {
    /// Its id.
    pub tenant: String,
    /// The word of its kind.
    pub kind: &'static str,
    /// Its environment.
    pub environment: Environment,
    /// Why it should be gone.
    pub reason: OffboardingReason,
    /// When it was made.
    pub created_at: Option<Instant>,
    /// When it ended.
    pub expires_at: Option<Instant>,
    /// How many relations lead from it, or from what it contains, into tenants that are to stay.
    pub trusts: u64,
    /// The first 25 of them.
    pub trusted_by: Vec<Tie>,
    /// The ids of the working secrets in it, or in tenants below it.
    pub living_secrets: Vec<String>,
}

const SHOWN: usize = 25;
/// How far up the parents of a tenant are asked; a loop of parents ends there.
const DEPTH: usize = 64;

/// The tenants that should be gone and are still trusted or still hold working secrets, by id.
pub(super) fn offboarding(estate: &Estate, policy: &Policy, as_of: Instant) -> Vec<NotOffboarded> {
    let mut doomed: BTreeMap<EntityIndex, NotOffboarded> = BTreeMap::new();
    for index in estate.indices() {
        let Some(tenant) = estate.entity(index).as_tenant() else { continue };
        let environment = estate.environment(index);
        if let Some(reason) = reason(tenant, environment, policy, as_of) {
            doomed.insert(index, entry(tenant, environment.environment, reason));
        }
    }
    if doomed.is_empty() {
        return Vec::new();
    }
    let homes: Vec<Option<EntityIndex>> = estate.indices().map(|index| home(estate, index, &doomed)).collect();
    let lives = |entity: EntityIndex| estate.entity(entity).lives_at(as_of);
    for index in estate.indices().filter(|index| estate.entity(*index).entity_type() == EntityType::Secret && lives(*index)) {
        if let Some(entry) = homes[index.position()].and_then(|home| doomed.get_mut(&home)) {
            entry.living_secrets.push(estate.entity(index).id().to_owned());
        }
    }
    let conducts = estate
        .relations()
        .filter(|relation| relation.kind() != RelationKind::Contains && relation.grants().is_some() && relation.valid_at(as_of));
    for relation in conducts.filter(|relation| lives(relation.from()) && lives(relation.to())) {
        let stays = homes[relation.to().position()].is_none() && estate.own_tenant(relation.to()).is_some();
        let home = homes[relation.from().position()].filter(|_| stays);
        if let Some(entry) = home.and_then(|home| doomed.get_mut(&home)) {
            entry.trusts += 1;
            if entry.trusted_by.len() < SHOWN {
                entry.trusted_by.push(Tie::of(estate, relation));
            }
        }
    }
    doomed.into_values().filter(|entry| entry.trusts > 0 || !entry.living_secrets.is_empty()).collect()
}

fn reason(tenant: TenantRef<'_>, environment: ResolvedEnvironment, policy: &Policy, as_of: Instant) -> Option<OffboardingReason> {
    if tenant.expires_at.is_some_and(|end| end <= as_of) {
        return Some(OffboardingReason::Expired);
    }
    // What is only inside a preview or demo goes with it.
    let passing =
        matches!(environment.environment, Environment::Preview | Environment::Demo) && environment.source != EnvironmentSource::Parent;
    let endless = tenant.expires_at.is_none_or(|end| policy.says_never(end, as_of));
    // One whose age nobody knows may be of any age.
    let young = tenant.created_at.is_some_and(|made| as_of.days_since(made) <= i64::from(policy.short_lived_days));
    (passing && endless && !young).then_some(OffboardingReason::WithoutEnd)
}

fn entry(tenant: TenantRef<'_>, environment: Environment, reason: OffboardingReason) -> NotOffboarded {
    NotOffboarded {
        tenant: tenant.id.to_owned(),
        kind: tenant.kind.as_str(),
        environment,
        reason,
        created_at: tenant.created_at,
        expires_at: tenant.expires_at,
        trusts: 0,
        trusted_by: Vec::new(),
        living_secrets: Vec::new(),
    }
}

/// The nearest tenant that should be gone and in which an entity stands, directly or by tenants above its own.
fn home(estate: &Estate, index: EntityIndex, doomed: &BTreeMap<EntityIndex, NotOffboarded>) -> Option<EntityIndex> {
    let above = std::iter::successors(estate.own_tenant(index), |tenant| estate.container(*tenant));
    above.take(DEPTH).find(|tenant| doomed.contains_key(tenant))
}

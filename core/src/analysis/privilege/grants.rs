//! The rights of one identity: used and not used, and those that command much.

use super::{GrantCounts, IdentityPrivilege};
use crate::estate::{EntityIndex, Estate, RelationRef, Tie};
use crate::model::words::words;
use crate::model::{EntityType, Guard, Instant, Right};
use crate::policy::{Policy, PrivilegedPermissions};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

words! {
    /// Why a right commands much.
    PrivilegeReason {
        /// It is control of a tenant.
        Administrator => "administrator",
        /// Its name holds a wildcard.
        Wildcard => "wildcard",
        /// It stands in the table of privileged permissions.
        PrivilegedPermission => "privileged_permission",
    }
}

/// A right that commands much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrivilegedGrant {
    /// The relation; the first of several that differ only in what resource, secret or identity they are over.
    pub relation: Tie,
    /// How many there are.
    pub relations: u64,
    /// Why it commands much.
    pub reasons: Vec<PrivilegeReason>,
    /// Its tier in the table of privileged permissions: 0 commands everything around it. Null where it does not stand there.
    pub tier: Option<u8>,
}

/// A right that has not been used for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnusedGrant {
    /// The relation.
    pub relation: Tie,
    /// When it was granted.
    pub granted_at: Option<Instant>,
    /// When it was last used.
    pub last_used_at: Instant,
    /// Whole days since then.
    pub unused_days: i64,
}

/// Whether a relation is a right that stands: valid, between entities that live, and not to be asked for each time.
pub(super) fn is_standing(estate: &Estate, relation: RelationRef<'_>, as_of: Instant) -> bool {
    let lives = |entity: EntityIndex| estate.entity(entity).lives_at(as_of);
    relation.valid_at(as_of) && lives(relation.from()) && lives(relation.to()) && !relation.guards().contains(Guard::JustInTime)
}

/// The tiers of the permissions met so far: an estate has many relations and few permissions.
pub(super) struct Grants<'a> {
    estate: &'a Estate,
    policy: &'a Policy,
    permissions: &'a PrivilegedPermissions,
    as_of: Instant,
    tiers: HashMap<(&'a str, EntityType), Option<u8>>,
}

impl<'a> Grants<'a> {
    pub fn new(estate: &'a Estate, policy: &'a Policy, permissions: &'a PrivilegedPermissions, as_of: Instant) -> Self {
        Grants { estate, policy, permissions, as_of, tiers: HashMap::new() }
    }

    /// The rights of an identity; none for one that has none, and for anything else.
    pub fn of(&mut self, index: EntityIndex) -> Option<IdentityPrivilege> {
        let (estate, as_of) = (self.estate, self.as_of);
        let identity = estate.entity(index).as_identity().filter(|identity| !identity.is_provider_managed())?;
        let mut counts = GrantCounts::default();
        let mut privileged = BTreeMap::new();
        let mut unused_grants = Vec::new();
        let rights = estate.relations_from(index).filter(|relation| relation.kind().is_entitlement());
        for relation in rights.filter(|relation| is_standing(estate, *relation, as_of)) {
            counts.granted += 1;
            match self.unused(relation) {
                None => counts.unknown += 1,
                Some(None) => counts.used += 1,
                Some(Some(unused)) => {
                    counts.unused += 1;
                    unused_grants.push(unused);
                }
            }
            self.add_privileged(relation, &mut privileged);
        }
        (counts.granted > 0).then(|| IdentityPrivilege {
            identity: identity.id.to_owned(),
            kind: identity.kind,
            environment: estate.environment(index).environment,
            counts,
            privileged: privileged.into_values().collect(),
            through: Vec::new(),
            unused_grants,
        })
    }

    /// Unknown, used, or unused and since when. A use that lies in the future tells nothing.
    fn unused(&self, relation: RelationRef<'_>) -> Option<Option<UnusedGrant>> {
        let last_used_at = relation.last_used_at().filter(|used| *used <= self.as_of)?;
        let unused_days = self.as_of.days_since(last_used_at);
        let unused = unused_days > i64::from(self.policy.dormancy_days.grants);
        let grant =
            || UnusedGrant { relation: Tie::of(self.estate, relation), granted_at: relation.granted_at(), last_used_at, unused_days };
        Some(unused.then(grant))
    }

    fn add_privileged(&mut self, relation: RelationRef<'a>, known: &mut BTreeMap<Key<'a>, PrivilegedGrant>) {
        let over = self.estate.entity(relation.to()).entity_type();
        let permission = relation.permission();
        let permissions = self.permissions;
        let tier =
            permission.and_then(|permission| *self.tiers.entry((permission, over)).or_insert_with(|| permissions.tier(permission, over)));
        let reasons: Vec<_> = [
            (over == EntityType::Tenant && relation.grants() == Some(Right::Control), PrivilegeReason::Administrator),
            (permission.is_some_and(|permission| permission.contains('*')), PrivilegeReason::Wildcard),
            (tier.is_some(), PrivilegeReason::PrivilegedPermission),
        ]
        .into_iter()
        .filter_map(|(holds, reason)| holds.then_some(reason))
        .collect();
        if reasons.is_empty() {
            return;
        }
        let tenant = (over == EntityType::Tenant).then_some(relation.to());
        let key = (relation.kind(), tenant, permission, relation.grants());
        let new = || PrivilegedGrant { relation: Tie::of(self.estate, relation), relations: 0, reasons, tier };
        known.entry(key).or_insert_with(new).relations += 1;
    }
}

/// What makes two rights that command much the same: kind, tenant, permission and right.
type Key<'a> = (crate::model::RelationKind, Option<EntityIndex>, Option<&'a str>, Option<Right>);

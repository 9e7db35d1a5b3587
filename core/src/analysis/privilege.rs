//! [`privilege`]: what identities may do against what they do, who commands tenants, and what is broader than in production.

mod drift;
mod grants;

pub use drift::{BroaderRight, TwinDrift};
pub use grants::{PrivilegeReason, PrivilegedGrant, UnusedGrant};

use crate::estate::{Coverage, EntityIndex, Estate};
use crate::model::{Environment, IdentityKind, Instant, RelationKind};
use crate::policy::{Policy, PrivilegedPermissions};
use grants::Grants;
use serde::Serialize;

/// The answer of [`privilege`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Privilege {
    /// The living identities that were granted a right, by id.
    pub identities: Vec<IdentityPrivilege>,
    /// What holds more than its twin in production, by id.
    pub broader_than_production: Vec<TwinDrift>,
    /// The sums.
    pub summary: PrivilegeSummary,
    /// How much of what this question needs is known.
    pub coverage: Vec<Coverage>,
}

/// What one identity may do and does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentityPrivilege {
    /// Its id.
    pub identity: String,
    /// What it is.
    pub kind: IdentityKind,
    /// Its environment.
    pub environment: Environment,
    /// How many rights it was granted.
    #[serde(flatten)]
    pub counts: GrantCounts,
    /// Its own rights that command much, each once whatever the number of applications, accounts or resources it is over.
    pub privileged: Vec<PrivilegedGrant>,
    /// The ids of the groups and roles it is a member of and which, by themselves or by further membership, command much.
    pub through: Vec<String>,
    /// Its rights that it has not used for longer than the policy says.
    pub unused_grants: Vec<UnusedGrant>,
}

/// How many rights were granted and are used. A right of which nobody says when it was last used is neither used nor unused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct GrantCounts {
    /// The rights that are in force.
    pub granted: u64,
    /// Those used within the days of the policy.
    pub used: u64,
    /// Those last used before that.
    pub unused: u64,
    /// Those of which nobody says when they were last used.
    pub unknown: u64,
}

/// Sums over the living identities that were granted a right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PrivilegeSummary {
    /// The rights of all of them.
    #[serde(flatten)]
    pub counts: GrantCounts,
    /// The machine identities among them.
    pub machine_identities: u64,
    /// Those of the machine identities that command much, by themselves or through a group or role.
    pub privileged_machine_identities: u64,
    /// Those of the machine identities that command much or hold a right they do not use.
    pub excessive_machine_identities: u64,
}

impl IdentityPrivilege {
    /// Whether it commands much, by itself or through a group or role.
    pub fn is_privileged(&self) -> bool {
        !self.privileged.is_empty() || !self.through.is_empty()
    }

    /// Whether it commands much or holds a right it has not used for long.
    pub fn is_excessive(&self) -> bool {
        self.is_privileged() || self.counts.unused > 0
    }
}

/// What identities may do against what they do, at an instant.
///
/// A right is an entitlement (reads, writes, administers, deploys to, manages, assumes, member of, custom, unmapped) that is valid, between entities that live.
/// One that must be asked for each time (`just_in_time`) is no standing privilege. What a provider runs for itself is left out: it cannot be narrowed.
/// Costs a few passes over entities and relations and a stem a name.
pub fn privilege(estate: &Estate, policy: &Policy, as_of: Instant) -> Privilege {
    let permissions = PrivilegedPermissions::new(&policy.privileged_permissions);
    let mut grants = Grants::new(estate, policy, &permissions, as_of);
    let mut found: Vec<(EntityIndex, IdentityPrivilege)> = Vec::new();
    for index in estate.indices().filter(|index| estate.entity(*index).lives_at(as_of)) {
        found.extend(grants.of(index).map(|privilege| (index, privilege)));
    }
    let own = found.iter().filter(|(_, it)| it.is_privileged()).map(|(index, _)| *index);
    let through = through(estate, as_of, own);
    let mut members = through.into_iter().peekable();
    for (index, privilege) in &mut found {
        while let Some((_, group)) = members.next_if(|(member, _)| member == index) {
            privilege.through.push(estate.entity(group).id().to_owned());
        }
    }
    let identities: Vec<_> = found.into_iter().map(|(_, privilege)| privilege).collect();
    let summary = summary(&identities);
    let mut coverage = coverage(summary.counts);
    Privilege { identities, broader_than_production: drift::drift(estate, as_of, &mut coverage), summary, coverage }
}

/// The memberships by which identities come to command much, by member then group. Costs a sort of the memberships.
fn through(estate: &Estate, as_of: Instant, privileged: impl Iterator<Item = EntityIndex>) -> Vec<(EntityIndex, EntityIndex)> {
    let in_force =
        estate.relations().filter(|relation| relation.kind() == RelationKind::MemberOf && grants::is_standing(estate, *relation, as_of));
    let mut memberships: Vec<_> = in_force.map(|relation| (relation.to(), relation.from())).collect();
    memberships.sort_unstable();
    memberships.dedup();
    let mut commands = vec![false; estate.len()];
    let mut open: Vec<_> = privileged.collect();
    let mut through = Vec::new();
    for entity in &open {
        commands[entity.position()] = true;
    }
    while let Some(group) = open.pop() {
        let first = memberships.partition_point(|(to, _)| *to < group);
        for (_, member) in memberships[first..].iter().take_while(|(to, _)| *to == group) {
            through.push((*member, group));
            if !std::mem::replace(&mut commands[member.position()], true) {
                open.push(*member);
            }
        }
    }
    through.sort_unstable();
    through
}

fn summary(identities: &[IdentityPrivilege]) -> PrivilegeSummary {
    let mut summary = PrivilegeSummary::default();
    for identity in identities {
        let (sum, own) = (&mut summary.counts, identity.counts);
        sum.granted += own.granted;
        sum.used += own.used;
        sum.unused += own.unused;
        sum.unknown += own.unknown;
        if identity.kind.is_machine() {
            summary.machine_identities += 1;
            summary.privileged_machine_identities += u64::from(identity.is_privileged());
            summary.excessive_machine_identities += u64::from(identity.is_excessive());
        }
    }
    summary
}

fn coverage(counts: GrantCounts) -> Vec<Coverage> {
    let note = "rights of which nobody says when they were last used may all be unused";
    let uses = Coverage { topic: "grant_uses".into(), known: counts.used + counts.unused, total: counts.granted, note: note.into() };
    Some(uses).filter(|uses| uses.total > 0).into_iter().collect()
}

#[cfg(test)]
mod tests;

//! Users, groups and devices, who is in them, or may be for a time, and who owns what.

use super::add::Adding;
use super::take::activation_of;
use super::world::{Activation, Kept, Object};
use crate::model::{
    Authentication, Certainty, Entity, Guard, GuardSet, Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Adds them.
pub(super) fn add(adding: &mut Adding<'_>) {
    for kept in &adding.world.users {
        object(adding, kept, IdentityKind::Human);
    }
    for kept in &adding.world.groups {
        object(adding, kept, IdentityKind::Group);
    }
    for kept in &adding.world.devices {
        adding.at(&kept.origin);
        let tenant = Some(adding.tenant_of(&kept.origin));
        adding.builder.add(Resource { name: kept.value.name.clone(), tenant, ..Resource::new(&kept.value.id, ResourceKind::Compute) });
    }
    bonds(adding);
    for_a_time(adding);
}

fn object(adding: &mut Adding<'_>, kept: &Kept<Object>, kind: IdentityKind) {
    adding.at(&kept.origin);
    let tenant = Some(adding.tenant_of(&kept.origin));
    let value = &kept.value;
    let told = adding.world.seen.enabled_told && kept.origin.omits_false && kind == IdentityKind::Human;
    // A factor that is registered is asked for where a policy says so; one that is not cannot be, and who comes first registers his own.
    let asked = adding.demands.mfa.contains(&value.id);
    let authentication = match value.mfa.or_else(|| asked.then_some(true)) {
        Some(true) => vec![Authentication::Password, Authentication::Mfa],
        Some(false) => vec![Authentication::Password],
        None => Vec::new(),
    };
    adding.builder.add(Identity {
        name: value.name.clone(),
        tenant,
        enabled: value.enabled.or_else(|| told.then_some(false)),
        created_at: value.created_at,
        last_used_at: value.last_used_at,
        authentication,
        ..Identity::new(&value.id, kind)
    });
}

fn bonds(adding: &mut Adding<'_>) {
    let devices: BTreeSet<&String> = adding.world.devices.iter().map(|kept| &kept.value.id).collect();
    // A directory role that an address names is held, not joined.
    let roles: BTreeSet<&String> = adding.world.roles.iter().map(|kept| &kept.value.id).collect();
    // Of several owners the one with the least id is shown, whatever came first.
    let mut first: BTreeMap<String, &String> = BTreeMap::new();
    for kept in &adding.world.owners {
        let known = first.entry(adding.world.entity_of(&kept.value.over)).or_insert(&kept.value.of);
        *known = (*known).min(&kept.value.of);
    }
    for kept in &adding.world.owners {
        adding.at(&kept.origin);
        let over = adding.world.entity_of(&kept.value.over);
        let kind = if devices.contains(&over) { RelationKind::Administers } else { RelationKind::Manages };
        adding.relate(Relation::new(&kept.value.of, kind, &over).permission("owner"));
        if let (Some(Entity::Identity(identity)), true) = (adding.builder.get(&over).as_deref(), first.get(&over) == Some(&&kept.value.of))
        {
            let owner = Some(adding.name_of(&kept.value.of));
            let named = Identity { owner, ..Identity::new(&over, identity.kind) };
            adding.builder.add(named);
        }
    }
    let units: BTreeSet<&String> = adding.world.governance.units.iter().map(|kept| &kept.value.id).collect();
    let joined = |over: &String| !roles.contains(over) && !units.contains(over);
    for kept in adding.world.members.iter().filter(|kept| joined(&kept.value.over)) {
        adding.at(&kept.origin);
        let (member, group) = (adding.world.entity_of(&kept.value.of), adding.world.entity_of(&kept.value.over));
        let relation = if devices.contains(&member) {
            // Whoever controls a device does not act as what the device may.
            Relation::new(member, RelationKind::Unmapped, group).permission("member")
        } else {
            Relation::new(member, RelationKind::MemberOf, group)
        };
        adding.relate(relation);
    }
}

/// Groups that somebody is in, or owns, by privileged access. Who must first activate it does so behind what the group's policy asks for; where no policy
/// was read, possibly.
fn for_a_time(adding: &mut Adding<'_>) {
    for kept in &adding.world.governance.group_holdings {
        adding.at(&kept.origin);
        let holding = &kept.value;
        let (kind, role) = if holding.owner { (RelationKind::Manages, "owner") } else { (RelationKind::MemberOf, "member") };
        let relation = Relation::new(&holding.principal, kind, &holding.group).permission(role);
        let relation = Relation { valid_from: holding.from, valid_until: holding.until, ..relation };
        let activation = adding.world.activations.get(&activation_of(&holding.group, role)).copied();
        adding.counts.eligible += u64::from(holding.eligible);
        adding.counts.eligible_known += u64::from(holding.eligible && activation.is_some());
        adding.relate(if holding.eligible { eligible(relation, activation) } else { relation });
    }
}

/// What must first be activated.
pub(super) fn eligible(relation: Relation, activation: Option<Activation>) -> Relation {
    let guards = GuardSet::NONE.with(Guard::JustInTime);
    let Some(activation) = activation else { return relation.guards(guards).certainty(Certainty::Possible) };
    let guards = if activation.approval { guards.with(Guard::Approval) } else { guards };
    relation.guards(if activation.mfa { guards.with(Guard::Mfa) } else { guards })
}

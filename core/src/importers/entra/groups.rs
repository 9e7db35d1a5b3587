//! Users, groups and devices, who is in them and who owns what, and what a tenant lets in from others.

use super::add::Adding;
use super::world::{Kept, Object};
use crate::model::{Authentication, Certainty, Entity, Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind, Right};
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
    partners(adding);
}

fn object(adding: &mut Adding<'_>, kept: &Kept<Object>, kind: IdentityKind) {
    adding.at(&kept.origin);
    let tenant = Some(adding.tenant_of(&kept.origin));
    let value = &kept.value;
    let told = adding.world.seen.enabled_told && kept.origin.omits_false && kind == IdentityKind::Human;
    // A factor that is registered is asked for where a policy says so; one that is not cannot be.
    let authentication = match value.mfa {
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
    for kept in adding.world.members.iter().filter(|kept| !roles.contains(&kept.value.over)) {
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

/// Whom a tenant lets in: guests hold nothing by that alone, partners what the relationship gives them, which no export of this side shows.
fn partners(adding: &mut Adding<'_>) {
    for kept in adding.world.partners.iter().filter(|kept| kept.value.provider || kept.value.open != Some(false)) {
        adding.at(&kept.origin);
        let tenant = adding.tenant_of(&kept.origin);
        let partner = &kept.value;
        adding.tenant(&partner.tenant);
        let relation = Relation::new(&partner.tenant, RelationKind::TrustedBy, tenant).certainty(Certainty::Possible);
        adding.relate(if partner.provider {
            relation.permission("service provider")
        } else {
            relation.permission("inbound collaboration").granting(Right::Read)
        });
    }
}

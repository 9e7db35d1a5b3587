//! Directory roles: each is an identity of a tenant, between those who hold it or may activate it and what it reaches.

use super::add::{Adding, Counts};
use super::delegation;
use super::groups::eligible;
use super::permissions::{self, How, Over, Reach};
use super::reach::Reaching;
use super::world::{Holding, Kept};
use crate::model::{Certainty, Identity, IdentityKind, Relation, RelationKind};
use std::collections::{BTreeMap, BTreeSet};

/// A role as it is held somewhere.
struct Role {
    template: String,
    name: String,
    reaches: Vec<Reach>,
    known: bool,
}

/// Adds them.
pub(super) fn add(adding: &mut Adding<'_>) {
    let definitions = definitions(adding);
    let mut held = BTreeMap::new();
    let through_links = links(adding);
    let delegated = delegation::holdings(adding);
    let holdings: Vec<&Kept<Holding>> = adding.world.holdings.iter().chain(&through_links).chain(&delegated).collect();
    for kept in holdings {
        adding.at(&kept.origin);
        let tenant = adding.place_of(&kept.origin);
        let holding = &kept.value;
        let role = role(&definitions, &holding.role);
        adding.privileged.insert(holding.principal.clone());
        let scope = holding.scope.trim_end_matches('/').to_owned();
        let id = format!("{}@{tenant}{scope}", role.template);
        adding.relate(held_by(adding, &role, holding, &id));
        let counts: &mut Counts = &mut adding.counts;
        counts.eligible += u64::from(holding.eligible);
        counts.eligible_known += u64::from(holding.eligible && adding.world.activations.contains_key(&role.template));
        held.entry(id).or_insert((tenant, scope, holding.role.clone()));
    }
    // The members of a group that holds a role hold it too, and lesser roles do not reach them.
    for kept in &adding.world.members {
        if adding.privileged.contains(&kept.value.over) {
            adding.privileged.insert(kept.value.of.clone());
        }
    }
    for kept in &adding.world.governance.group_holdings {
        if adding.privileged.contains(&kept.value.group) {
            adding.privileged.insert(kept.value.principal.clone());
        }
    }
    let listed: BTreeSet<&str> = adding.world.members.iter().map(|kept| kept.value.over.as_str()).collect();
    for (id, (tenant, scope, role_id)) in held {
        let role = role(&definitions, &role_id);
        let place = if scope.is_empty() { adding.name_of(&tenant) } else { format!("{scope} of {}", adding.name_of(&tenant)) };
        let name = Some(format!("{} on {place}", role.name));
        adding.builder.add(Identity { name, tenant: Some(tenant.clone()), ..Identity::new(&id, IdentityKind::Role) });
        if !role.known {
            adding.relate(Relation::new(&id, RelationKind::Unmapped, &tenant).permission(role.name.as_str()));
            continue;
        }
        reach(adding, &role, &id, (&tenant, &scope), &listed);
    }
}

/// The template, name and actions of each definition and instance, by its id.
fn definitions(adding: &Adding<'_>) -> BTreeMap<String, (String, Option<String>, Vec<String>)> {
    let mut definitions = BTreeMap::new();
    for kept in &adding.world.roles {
        let role = &kept.value;
        let template = role.template.clone().unwrap_or_else(|| role.id.clone());
        let known = (template.clone(), role.name.clone(), role.actions.clone());
        definitions.insert(role.id.clone(), known.clone());
        definitions.entry(template).or_insert(known);
    }
    definitions
}

/// The members of directory roles whose lists were recorded by address.
fn links(adding: &Adding<'_>) -> Vec<Kept<Holding>> {
    let roles: Vec<&String> = adding.world.roles.iter().map(|kept| &kept.value.id).collect();
    let listed = adding.world.members.iter().filter(|kept| roles.contains(&&kept.value.over));
    listed
        .map(|kept| Kept {
            value: Holding {
                role: kept.value.over.clone(),
                principal: kept.value.of.clone(),
                scope: "/".to_owned(),
                eligible: false,
                from: None,
                until: None,
            },
            origin: kept.origin.clone(),
        })
        .collect()
}

fn role(definitions: &BTreeMap<String, (String, Option<String>, Vec<String>)>, id: &str) -> Role {
    let (template, name, actions) = definitions.get(id).cloned().unwrap_or_else(|| (id.to_owned(), None, Vec::new()));
    let meaning = permissions::directory_role(&template);
    let custom = permissions::of_actions(&actions);
    let known = meaning.is_some() || !custom.is_empty();
    Role {
        name: meaning.map(|meaning| meaning.name.to_owned()).or(name).unwrap_or_else(|| template.clone()),
        reaches: meaning.map_or(custom, |meaning| meaning.reaches.clone()),
        template,
        known,
    }
}

/// From who holds a role to it. One who must first activate it does so behind what the policy asks for; where no policy was read, possibly.
fn held_by(adding: &Adding<'_>, role: &Role, holding: &Holding, id: &str) -> Relation {
    let mut relation = Relation::new(&holding.principal, RelationKind::MemberOf, id).permission(role.name.as_str());
    (relation.valid_from, relation.valid_until) = (holding.from, holding.until);
    if !holding.eligible {
        return relation;
    }
    eligible(relation, adding.world.activations.get(&role.template).copied())
}

/// The name of a role, by its id.
pub(super) fn name_of(adding: &Adding<'_>, id: &str) -> String {
    role(&definitions(adding), id).name
}

/// From a role to what it reaches: all of the tenant, one object, or what is in an administrative unit. Where no list of the unit's members was read, that
/// may be any of the tenant's.
fn reach(adding: &mut Adding<'_>, role: &Role, id: &str, (tenant, scope): (&str, &str), listed: &BTreeSet<&str>) {
    let object = scope.trim_start_matches('/');
    let unit = object.strip_prefix("administrativeunits/");
    if scope.is_empty() || unit.is_some() {
        let listed = unit.filter(|unit| listed.contains(unit));
        adding.counts.scoped += u64::from(unit.is_some());
        adding.counts.scoped_known += u64::from(listed.is_some());
        let certainty = if unit.is_some() && listed.is_none() { Certainty::Possible } else { Certainty::Proven };
        let reaching = Reaching { from: id, tenant, unit: listed, permission: &role.name, certainty };
        return reaching.add(adding, &role.reaches, &|relation| relation);
    }
    let object = adding.world.entity_of(object);
    let manages = role.reaches.iter().find(|reach| reach.over != Over::Tenant);
    let relation = match manages {
        Some(reach) => {
            let certainty = if reach.how == How::Possible { Certainty::Possible } else { Certainty::Proven };
            Relation::new(id, RelationKind::Manages, object).certainty(certainty)
        }
        None => Relation::new(id, RelationKind::Unmapped, object),
    };
    adding.relate(relation.permission(role.name.as_str()));
}

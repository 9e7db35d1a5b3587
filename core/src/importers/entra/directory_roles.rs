//! Directory roles: each is an identity of a tenant, between those who hold it or may activate it and what it reaches.

use super::add::{Adding, Counts};
use super::permissions::{self, How, Over, Reach};
use super::reach::Reaching;
use super::world::{Holding, Kept};
use crate::model::{Certainty, Guard, GuardSet, Identity, IdentityKind, Relation, RelationKind};
use std::collections::BTreeMap;

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
    let holdings: Vec<&Kept<Holding>> = adding.world.holdings.iter().chain(&through_links).collect();
    for kept in holdings {
        adding.at(&kept.origin);
        let tenant = adding.tenant_of(&kept.origin);
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
    for (id, (tenant, scope, role_id)) in held {
        let role = role(&definitions, &role_id);
        let place = if scope.is_empty() { adding.name_of(&tenant) } else { format!("{scope} of {}", adding.name_of(&tenant)) };
        let name = Some(format!("{} on {place}", role.name));
        adding.builder.add(Identity { name, tenant: Some(tenant.clone()), ..Identity::new(&id, IdentityKind::Role) });
        if !role.known {
            adding.relate(Relation::new(&id, RelationKind::Unmapped, &tenant).permission(role.name.as_str()));
            continue;
        }
        reach(adding, &role, &id, &tenant, &scope);
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
    let mut guards = GuardSet::NONE.with(Guard::JustInTime);
    match adding.world.activations.get(&role.template) {
        Some(activation) => {
            guards = if activation.approval { guards.with(Guard::Approval) } else { guards };
            guards = if activation.mfa { guards.with(Guard::Mfa) } else { guards };
            relation.guards(guards)
        }
        None => relation.guards(guards).certainty(Certainty::Possible),
    }
}

/// From a role to what it reaches: all of the tenant, one object, or possibly what is in an administrative unit, whose members no export names.
fn reach(adding: &mut Adding<'_>, role: &Role, id: &str, tenant: &str, scope: &str) {
    let object = scope.trim_start_matches('/');
    if scope.is_empty() || object.starts_with("administrativeunits/") {
        let certainty = if scope.is_empty() { Certainty::Proven } else { Certainty::Possible };
        let reaching = Reaching { from: id, tenant, permission: &role.name, certainty };
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

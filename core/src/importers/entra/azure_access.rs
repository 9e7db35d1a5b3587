//! Who holds which Azure role where. A role at a scope is an identity; what it reaches there are collections, which pass rights on to what is in them,
//! so that relations grow with roles plus resources.

use super::add::Adding;
use super::azure_resources::{bare, contents, is_scope, scope};
use super::azure_roles::{Effect, Effects, Target, VAULT, built_in, kind_of};
use super::world::{AzureHolding, Kept};
use crate::model::{Certainty, Guard, GuardSet, Identity, IdentityKind, Instant, Relation, RelationKind, Resource, Right};
use std::collections::{BTreeMap, BTreeSet};

/// The settings of vaults, as something to be reached.
const SETTINGS: Target = "vaultsettings";
/// The managed identities that stand apart, as something to be reached.
const IDENTITIES: Target = "identities";

/// A collection that something reaches: the scope, what is in it, and the right that is passed on.
type Needed = (String, Target, Right);

/// Adds them.
pub(super) fn add(adding: &mut Adding<'_>) {
    let mut needed: BTreeSet<Needed> = BTreeSet::new();
    let mut done: BTreeSet<String> = BTreeSet::new();
    for (kept, granted_at) in each_once(&adding.world.azure_holdings) {
        adding.at(&kept.origin);
        let holding = &kept.value;
        let tenant = adding.tenant_of(&kept.origin);
        let (name, effects) = meaning(adding, holding);
        adding.counts.azure_holdings += 1;
        adding.counts.conditional += u64::from(holding.conditional);
        let root = holding.scope == "/";
        let place = if root { tenant.clone() } else { holding.scope.clone() };
        if !root && is_scope(&place) {
            scope(adding, &place, &tenant);
        } else if !root {
            bare(adding, &place, &tenant);
        }
        let relations = match effects {
            None => {
                adding.counts.azure_unmapped += 1;
                vec![Relation::new(&holding.principal, RelationKind::Unmapped, &place)]
            }
            Some(effects) if effects.is_empty() => vec![Relation::new(&holding.principal, RelationKind::Unmapped, &place)],
            Some(effects) if root || is_scope(&place) => {
                let role = format!("{}@{place}", holding.role);
                if done.insert(role.clone()) {
                    held(adding, &role, &name, &place, &effects, &mut needed);
                }
                vec![Relation::new(&holding.principal, RelationKind::MemberOf, role)]
            }
            Some(effects) => on_resource(adding, &holding.principal, &place, &effects),
        };
        for relation in relations {
            adding.relate(finish(relation.permission(name.as_str()), holding, granted_at));
        }
    }
    collections(adding, needed);
}

/// The holdings, and since when. An assignment that several replies give is one: the reply that makes it dates it a moment before the lists do.
fn each_once(holdings: &[Kept<AzureHolding>]) -> Vec<(&Kept<AzureHolding>, Option<Instant>)> {
    let mut told: BTreeMap<_, usize> = BTreeMap::new();
    let mut once: Vec<(&Kept<AzureHolding>, Option<Instant>)> = Vec::new();
    for kept in holdings {
        let holding = &kept.value;
        let key = (&holding.assignment, &holding.scope, &holding.role, &holding.principal, holding.conditional);
        match told.get(&key).filter(|_| !holding.assignment.is_empty()) {
            Some(at) => {
                let known: &mut Option<Instant> = &mut once[*at].1;
                *known = known.iter().chain(&holding.created_at).min().copied();
            }
            None => {
                told.insert(key, once.len());
                once.push((kept, holding.created_at));
            }
        }
    }
    once
}

/// A condition stands in the assignment that nobody here evaluates; what must be activated is so in time, behind what no export of Azure tells.
fn finish(mut relation: Relation, holding: &AzureHolding, granted_at: Option<Instant>) -> Relation {
    relation.granted_at = granted_at;
    if holding.eligible {
        relation = relation.guards(GuardSet::NONE.with(Guard::JustInTime));
    }
    if holding.conditional || holding.eligible { relation.certainty(Certainty::Possible) } else { relation }
}

/// The name of a role and what it does; `None` where no table and no input says.
fn meaning(adding: &Adding<'_>, holding: &AzureHolding) -> (String, Option<Effects>) {
    if let Some((name, effects)) = adding.world.azure_roles.get(&holding.role) {
        let name = name.clone().or_else(|| holding.name.clone()).unwrap_or_else(|| holding.role.clone());
        return (built_in(&holding.role).map_or(name, |(name, _)| (*name).to_owned()), Some(effects.clone()));
    }
    match built_in(&holding.role) {
        Some((name, effects)) => ((*name).to_owned(), Some(effects.clone())),
        None => (holding.name.clone().unwrap_or_else(|| holding.role.clone()), None),
    }
}

/// Adds the identity of a role at a scope, and what it reaches there.
fn held(adding: &mut Adding<'_>, id: &str, name: &str, place: &str, effects: &Effects, needed: &mut BTreeSet<Needed>) {
    let shown = Some(format!("{name} on {}", adding.name_of(place)));
    adding.builder.add(Identity { name: shown, tenant: Some(place.to_owned()), ..Identity::new(id, IdentityKind::Role) });
    let mut reach = |adding: &mut Adding<'_>, target: Target, right: Right, certainty: Certainty| {
        needed.insert((place.to_owned(), target, right));
        adding.relate(Relation::new(id, entitlement(right), collection(place, target)).permission(name).certainty(certainty));
    };
    if effects.has(Effect::Administer) {
        return adding.relate(Relation::new(id, RelationKind::Administers, place).permission(name));
    }
    if effects.has(Effect::MayAdminister) {
        adding.relate(Relation::new(id, RelationKind::Administers, place).permission(name).certainty(Certainty::Possible));
    }
    if effects.has(Effect::ManageVaults) {
        reach(adding, SETTINGS, Right::Control, Certainty::Proven);
    }
    if effects.has(Effect::Federate) {
        reach(adding, IDENTITIES, Right::Control, Certainty::Proven);
    } else if effects.has(Effect::Assign) {
        // Whether there is code to give an identity to is another right.
        reach(adding, IDENTITIES, Right::Control, Certainty::Possible);
    }
    for (right, target) in effects.over() {
        reach(adding, target, right, Certainty::Proven);
    }
}

/// What a role on one resource gives.
fn on_resource(adding: &Adding<'_>, principal: &str, place: &str, effects: &Effects) -> Vec<Relation> {
    let identity = adding.by_resource.get(place).filter(|_| place.contains("/userassignedidentities/"));
    if effects.has(Effect::Administer) {
        return match identity {
            Some(identity) => vec![Relation::new(principal, RelationKind::Manages, identity)],
            None => vec![Relation::new(principal, RelationKind::Administers, place)],
        };
    }
    let mut relations = Vec::new();
    if let Some(identity) = identity {
        if effects.has(Effect::Federate) {
            relations.push(Relation::new(principal, RelationKind::Manages, identity));
        } else if effects.has(Effect::Assign) {
            relations.push(Relation::new(principal, RelationKind::Assumes, identity).certainty(Certainty::Possible));
        }
    }
    let kind = super::azure_resources::type_of(place);
    let (_, own) = kind_of(&kind);
    if own == VAULT && effects.has(Effect::ManageVaults) {
        relations.extend(
            certainty_of_settings(adding, place).map(|sure| Relation::new(principal, RelationKind::Administers, place).certainty(sure)),
        );
    }
    let rights = effects.over().filter(|(_, target)| *target == own && identity.is_none());
    relations.extend(rights.map(|(right, _)| Relation::new(principal, entitlement(right), place)));
    if effects.has(Effect::MayAdminister) {
        relations.push(Relation::new(principal, RelationKind::Administers, place).certainty(Certainty::Possible));
    }
    if relations.is_empty() {
        relations.push(Relation::new(principal, RelationKind::Unmapped, place));
    }
    relations
}

/// How sure it is that who changes the settings of a vault reads it: surely where access policies decide, not where roles do.
fn certainty_of_settings(adding: &Adding<'_>, vault: &str) -> Option<Certainty> {
    match adding.resources.get(vault).and_then(|told| told.by_roles) {
        Some(true) => None,
        Some(false) => Some(Certainty::Proven),
        None => Some(Certainty::Possible),
    }
}

fn entitlement(right: Right) -> RelationKind {
    match right {
        Right::Read => RelationKind::Reads,
        Right::Write => RelationKind::Writes,
        Right::Control => RelationKind::Administers,
    }
}

/// The id of a collection.
fn collection(scope: &str, target: Target) -> String {
    format!("{scope}/*{target}")
}

/// Adds the collections that something reaches, those of the scopes below, and what is in them.
fn collections(adding: &mut Adding<'_>, needed: BTreeSet<Needed>) {
    let contents = contents(adding);
    let identities = adding.by_resource.clone();
    let mut below: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let scopes = contents.keys().map(|(scope, _)| scope.clone());
    let homes = identities.keys().filter_map(|path| super::azure_resources::containing_scope(path));
    for scope in scopes.chain(homes) {
        let mut child = scope;
        while let Some(parent) = adding.builder.get(&child).and_then(|entity| entity.container().map(str::to_owned)) {
            if !below.entry(parent.clone()).or_default().insert(child) {
                break;
            }
            child = parent;
        }
    }
    let mut left: Vec<Needed> = needed.into_iter().collect();
    let mut done: BTreeSet<Needed> = left.iter().cloned().collect();
    while let Some((scope, target, right)) = left.pop() {
        let id = collection(&scope, target);
        let name = Some(format!("{target} of {}", adding.name_of(&scope)));
        adding.builder.add(Resource { name, tenant: Some(scope.clone()), ..Resource::new(&id, kind_of_target(target)) });
        let pass = |to: &str| Relation::new(&id, RelationKind::Contains, to).requiring(right).granting(right);
        let relations: Vec<Relation> = match target {
            IDENTITIES => {
                let here = identities.iter().filter(|(path, _)| path.contains("/userassignedidentities/"));
                let here = here.filter(|(path, _)| super::azure_resources::containing_scope(path).as_deref() == Some(scope.as_str()));
                here.map(|(_, principal)| pass(principal)).collect()
            }
            SETTINGS => {
                let vaults = contents.get(&(scope.clone(), VAULT)).into_iter().flatten();
                vaults.filter_map(|vault| Some(pass(vault).certainty(certainty_of_settings(adding, vault)?))).collect()
            }
            _ => contents.get(&(scope.clone(), target)).into_iter().flatten().map(|resource| pass(resource)).collect(),
        };
        relations.into_iter().for_each(|relation| adding.relate(relation));
        for child in below.get(&scope).into_iter().flatten() {
            adding.relate(pass(&collection(child, target)));
            let next = (child.clone(), target, right);
            if done.insert(next.clone()) {
                left.push(next);
            }
        }
    }
}

fn kind_of_target(target: Target) -> crate::model::ResourceKind {
    use crate::model::ResourceKind;
    match target {
        VAULT | SETTINGS => ResourceKind::Vault,
        "compute" => ResourceKind::Compute,
        "function" | "automation" => ResourceKind::Function,
        "storage" => ResourceKind::ObjectStore,
        "database" => ResourceKind::Database,
        "cluster" => ResourceKind::Cluster,
        "registry" => ResourceKind::ArtifactRegistry,
        "queue" => ResourceKind::Queue,
        _ => ResourceKind::Other,
    }
}

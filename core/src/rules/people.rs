//! [`people`]: the ways in which people act as machine identities.

use super::keys::Keys;
use super::rule::Context;
use crate::estate::{Coverage, EntityIndex, RelationRef};
use crate::model::{Certainty, Guard, IdentityKind, RelationKind};
use std::collections::{BTreeMap, BTreeSet};

/// A way in which a person acts as a machine identity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    pub person: EntityIndex,
    /// The secret that the person uses.
    pub secret: Option<EntityIndex>,
    /// Else the relation by which they, or a group of theirs, may act as it.
    pub relation: Option<RelationRef<'a>>,
}

/// Each machine identity with each way in which people act as it: secrets first, then relations in their canonical order. What a provider runs for itself
/// nobody signs in as.
pub(super) fn people<'a>(context: &Context<'a>, keys: &Keys) -> Vec<(EntityIndex, Way<'a>)> {
    let mut found = Vec::new();
    for secret in keys.all() {
        let persons: Vec<_> = keys.used_by(secret).filter(|user| is_kind(context, *user, IdentityKind::Human)).collect();
        for machine in keys.opens(secret).filter(|identity| is_machine(context, *identity)) {
            found.extend(persons.iter().map(|person| (machine, Way { person: *person, secret: Some(secret), relation: None })));
        }
    }
    let members = Members::of(context);
    let kinds = [RelationKind::Assumes, RelationKind::FederatesTo];
    for relation in context.estate.relations().filter(|relation| kinds.contains(&relation.kind()) && stands(context, *relation)) {
        if relation.certainty() == Certainty::Proven && is_machine(context, relation.to()) {
            let persons = members.people(context, relation.from());
            let way = |person| (relation.to(), Way { person, secret: None, relation: Some(relation) });
            found.extend(persons.into_iter().map(way));
        }
    }
    found
}

/// Of how many secrets of machine identities it is known who holds them. What sign-ins there were is in no input.
pub(super) fn coverage(context: &Context<'_>, keys: &Keys) -> Option<Coverage> {
    let of_machines = keys.all().filter(|secret| keys.opens(*secret).any(|identity| is_machine(context, identity)));
    let held = of_machines.map(|secret| keys.used_by(secret).next().is_some());
    Coverage::counted(
        "machine_secret_holders",
        held,
        "secrets of machine identities of which nobody says who uses them may be in the hands of people",
    )
}

fn is_kind(context: &Context<'_>, entity: EntityIndex, kind: IdentityKind) -> bool {
    context.estate.entity(entity).as_identity().is_some_and(|identity| identity.kind == kind)
}

fn is_machine(context: &Context<'_>, entity: EntityIndex) -> bool {
    let identity = context.estate.entity(entity).as_identity();
    identity.is_some_and(|identity| identity.kind.is_machine() && !identity.is_provider_managed())
}

/// Whether a relation is in force without anybody being asked each time.
fn stands(context: &Context<'_>, relation: RelationRef<'_>) -> bool {
    let asked = relation.guards().contains(Guard::Approval) || relation.guards().contains(Guard::JustInTime);
    let lives = context.graph.lives(relation.from()) && context.graph.lives(relation.to());
    !asked && lives && relation.valid_at(context.as_of)
}

/// The members of each group.
struct Members(BTreeMap<EntityIndex, Vec<EntityIndex>>);

impl Members {
    fn of(context: &Context<'_>) -> Members {
        let mut members: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for relation in context.estate.relations().filter(|relation| relation.kind() == RelationKind::MemberOf) {
            if is_kind(context, relation.to(), IdentityKind::Group) && stands(context, relation) {
                members.entry(relation.to()).or_default().push(relation.from());
            }
        }
        Members(members)
    }

    /// The person, or the people in a group and in the groups within it.
    fn people(&self, context: &Context<'_>, holder: EntityIndex) -> BTreeSet<EntityIndex> {
        let (mut people, mut seen, mut open) = (BTreeSet::new(), BTreeSet::from([holder]), vec![holder]);
        while let Some(entity) = open.pop() {
            if is_kind(context, entity, IdentityKind::Human) {
                people.insert(entity);
            }
            open.extend(self.0.get(&entity).into_iter().flatten().filter(|member| seen.insert(**member)));
        }
        people
    }
}

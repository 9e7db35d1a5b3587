//! [`federations`]: the federations in force, and what is known of whom each accepts.

use super::rule::Context;
use super::subjects::{Accepted, accepted};
use crate::estate::{Coverage, EntityIndex, RelationRef};
use crate::model::{Guard, IdentityKind, RelationKind};
use std::collections::HashMap;

/// A federation: a trust of tokens of one side, or of the principals of a tenant, on another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Federation<'a> {
    pub relation: RelationRef<'a>,
    /// Whom it accepts; `None` where nobody says.
    pub accepts: Option<Accepted>,
}

/// The relations `federates_to` and `trusted_by` that are valid and whose ends live, in the canonical order.
///
/// A subject says whom one accepts. Where there is none, a relation from somebody who acts alone (a workload, a pipeline, an account) names its FROM
/// exactly, as Google's workload identity does; from a group, from what nobody described or from a tenant it is unknown: it may be that the reader does not
/// say. A reader that sees that no condition stands writes `.*`.
pub(super) fn federations<'a>(context: &Context<'a>) -> Vec<Federation<'a>> {
    let estate = context.estate;
    let kinds = [RelationKind::FederatesTo, RelationKind::TrustedBy];
    let lives = |entity: EntityIndex| context.graph.lives(entity);
    let in_force = |relation: &RelationRef<'_>| {
        kinds.contains(&relation.kind()) && relation.valid_at(context.as_of) && lives(relation.from()) && lives(relation.to())
    };
    let mut read: HashMap<&str, Option<Accepted>> = HashMap::new();
    let mut found = Vec::new();
    for relation in estate.relations().filter(in_force) {
        let exact = || {
            let from = estate.entity(relation.from()).as_identity();
            let alone = from.is_some_and(|it| !matches!(it.kind, IdentityKind::Group | IdentityKind::Role | IdentityKind::Other));
            (alone || relation.guards().contains(Guard::Subject)).then_some(Accepted::Named)
        };
        let accepts = match relation.subject() {
            Some(subject) => *read.entry(subject).or_insert_with(|| accepted(subject)),
            None => exact(),
        };
        found.push(Federation { relation, accepts });
    }
    found
}

/// Of how many federations it is known whom they accept. Of none is it known which audience they check: no input says.
pub(super) fn coverage(context: &Context<'_>) -> Vec<Coverage> {
    let federations = federations(context);
    let subjects = federations.iter().map(|federation| federation.accepts.is_some());
    let tokens = federations.iter().filter(|federation| federation.relation.kind() == RelationKind::FederatesTo);
    let subjects =
        Coverage::counted("federation_subjects", subjects, "federations of which nobody says which subjects they accept may accept all");
    let note = "no input says whether a federation checks the audience of a token; one that does not accepts tokens made for others";
    [subjects, Coverage::counted("federation_audiences", tokens.map(|_| false), note)].into_iter().flatten().collect()
}

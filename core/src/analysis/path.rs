//! [`Path`] and its [`PathStep`]s: the derivation of a fact, with ids.

use crate::estate::Estate;
use crate::graph::{Fact, Step};
use crate::model::{Certainty, RelationKind, Right};
use serde::Serialize;

/// A shortest path to a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Path {
    /// The id of the entity it ends at.
    pub entity: String,
    /// The right over it.
    pub right: Right,
    /// How sure the path is.
    pub certainty: Certainty,
    /// The hops in order; what a hop needs stands before it.
    pub steps: Vec<PathStep>,
}

/// One hop of a path: whoever holds FROM gains the right over TO.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PathStep {
    /// The id of the entity that was held.
    pub from: String,
    /// The kind of the relation; `contains` and `same_secret` may be derived.
    pub kind: RelationKind,
    /// The id of the entity that was gained.
    pub to: String,
    /// The right that the relation grants.
    pub right: Right,
    /// The provider's own name of the right; null where there is none.
    pub permission: Option<String>,
}

impl PathStep {
    /// The hop with the ids of its estate.
    pub fn new(estate: &Estate, step: Step) -> Self {
        let permission = step.relation.and_then(|relation| estate.relation(relation).permission());
        PathStep {
            from: estate.entity(step.from).id().to_owned(),
            kind: step.kind,
            to: estate.entity(step.to).id().to_owned(),
            right: step.right,
            permission: permission.map(str::to_owned),
        }
    }
}

impl Path {
    /// The steps that lead to a fact, with the ids of its estate.
    pub(super) fn new(estate: &Estate, fact: Fact, certainty: Certainty, steps: Vec<Step>) -> Self {
        let steps = steps.into_iter().map(|step| PathStep::new(estate, step)).collect();
        Path { entity: estate.entity(fact.entity).id().to_owned(), right: fact.right, certainty, steps }
    }
}

//! [`PathStep`]: a hop of a path, with ids.

use crate::estate::Estate;
use crate::graph::Step;
use crate::model::{RelationKind, Right};
use serde::Serialize;

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

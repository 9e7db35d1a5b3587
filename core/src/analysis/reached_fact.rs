//! [`ReachedFact`]: a fact that is held, with ids.

use crate::estate::Estate;
use crate::graph::HeldFact;
use crate::model::{Certainty, Right};
use serde::Serialize;

/// A fact that is held, with ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReachedFact {
    /// The id of the entity.
    pub entity: String,
    /// The right over it.
    pub right: Right,
    /// The least number of hops.
    pub depth: u32,
    /// Proven where proven relations alone give it.
    pub certainty: Certainty,
}

impl ReachedFact {
    /// The fact with the id of its estate.
    pub(super) fn new(estate: &Estate, held: HeldFact) -> Self {
        let entity = estate.entity(held.fact.entity).id().to_owned();
        ReachedFact { entity, right: held.fact.right, depth: held.depth, certainty: held.certainty }
    }
}

//! [`ReachedFact`]: a fact that is held, with ids.

use crate::error::Result;
use crate::estate::{EntityIndex, Estate};
use crate::graph::HeldFact;
use crate::model::{Certainty, Right};
use crate::observer::Observer;
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

/// The entities between two looks at the observer.
const STEP: u32 = 16_384;
/// The bytes of an id.
const ID: usize = 32;

impl ReachedFact {
    /// The fact with the id of its estate.
    pub(super) fn new(estate: &Estate, held: HeldFact) -> Self {
        let entity = estate.entity(held.fact.entity).id().to_owned();
        ReachedFact { entity, right: held.fact.right, depth: held.depth, certainty: held.certainty }
    }

    /// Watches the gathering of facts, entity by entity.
    pub(super) fn watch(gathered: &[ReachedFact], at: EntityIndex, observer: &dyn Observer) -> Result<()> {
        if !at.0.is_multiple_of(STEP) {
            return Ok(());
        }
        observer.claim((gathered.len() * (size_of::<ReachedFact>() + ID)) as u64)?;
        observer.check(at.0.into(), 0)
    }
}

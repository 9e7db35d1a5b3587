//! [`ReachedFact`]: a fact that is held, with its id, and [`ReachedFacts`], many of them.

use crate::error::Result;
use crate::estate::{EntityIndex, Estate};
use crate::graph::HeldFact;
use crate::model::{Certainty, Right};
use crate::observer::Observer;
use serde::{Serialize, Serializer};

/// A fact that is held, with its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReachedFact<'a> {
    /// The id of the entity.
    pub entity: &'a str,
    /// The right over it.
    pub right: Right,
    /// The least number of hops.
    pub depth: u32,
    /// Proven where proven relations alone give it.
    pub certainty: Certainty,
}

/// Facts that are held, by entity then right (control, read, write). Costs 16 bytes a fact: a row with its id is made when it is asked for.
#[derive(Debug, Clone)]
pub struct ReachedFacts {
    estate: Estate,
    held: Vec<HeldFact>,
}

/// The entities between two looks at the observer.
const STEP: u32 = 16_384;

impl ReachedFacts {
    pub(super) fn new(estate: &Estate) -> Self {
        ReachedFacts { estate: estate.clone(), held: Vec::new() }
    }

    /// Watches the gathering of facts, entity by entity.
    pub(super) fn watch(&self, at: EntityIndex, observer: &dyn Observer) -> Result<()> {
        if !at.0.is_multiple_of(STEP) {
            return Ok(());
        }
        observer.claim((self.held.len() * size_of::<HeldFact>()) as u64)?;
        observer.check(at.0.into(), 0)
    }

    /// Adds the facts over the next entity; whether there is any.
    pub(super) fn gather(&mut self, held: impl Iterator<Item = HeldFact>) -> bool {
        let before = self.held.len();
        self.held.extend(held);
        self.held.len() > before
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The facts by the index of their entity, as they are kept.
    pub fn held(&self) -> &[HeldFact] {
        &self.held
    }

    /// The facts with their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ReachedFact<'_>> + DoubleEndedIterator + Clone {
        self.held.iter().map(|held| self.row(held))
    }

    /// The facts over one entity. Costs two binary searches.
    pub fn over(&self, entity: &str) -> impl ExactSizeIterator<Item = ReachedFact<'_>> + use<'_> {
        let index = self.estate.find(entity);
        let first = index.map_or(0, |index| self.held.partition_point(|held| held.fact.entity < index));
        let facts = self.held[first..].iter().take_while(|held| Some(held.fact.entity) == index).count();
        self.held[first..first + facts].iter().map(|held| self.row(held))
    }

    fn row(&self, held: &HeldFact) -> ReachedFact<'_> {
        let entity = self.estate.entity(held.fact.entity).id();
        ReachedFact { entity, right: held.fact.right, depth: held.depth, certainty: held.certainty }
    }
}

/// Facts are equal that say the same, whatever estate they are of.
impl PartialEq for ReachedFacts {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for ReachedFacts {}

impl Serialize for ReachedFacts {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

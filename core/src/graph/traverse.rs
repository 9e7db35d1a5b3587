//! [`Closure`]: the facts held from one start, with depth, certainty and the derivation of each.

use super::compile::Graph;
use super::nodes::Nodes;
use super::search::{Derivations, search};
use super::{EntityIndex, Fact};
use crate::error::Result;
use crate::model::{Certainty, Right};
use crate::observer::Observer;
use std::sync::Arc;

/// A fact that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldFact {
    /// The fact.
    pub fact: Fact,
    /// The least number of hops from the start.
    pub depth: u32,
    /// Proven where proven relations alone give it.
    pub certainty: Certainty,
}

/// The facts held from one start. Depth and derivation of a fact are those of the closure that settles its certainty: of proven relations alone where
/// they give it, of all admitted relations otherwise.
#[derive(Debug)]
pub struct Closure {
    nodes: Arc<Nodes>,
    entities: u32,
    proven: Derivations,
    admitted: Option<Derivations>,
}

impl Graph {
    /// The facts held from a start. Costs one traversal, or two where possible relations are admitted and there are any.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`], [`crate::ErrorCode::LimitExceeded`].
    pub fn closure(&self, start: &[Fact], admitted: Certainty, observer: &dyn Observer) -> Result<Closure> {
        let proven = search(self, start, Certainty::Proven, observer)?;
        let wanted = admitted == Certainty::Possible && self.has_possible();
        let admitted = wanted.then(|| search(self, start, Certainty::Possible, observer)).transpose()?;
        Ok(Closure { nodes: Arc::clone(&self.nodes), entities: self.estate.len() as u32, proven, admitted })
    }
}

impl Closure {
    /// Whether and how a fact is held.
    pub fn held(&self, fact: Fact) -> Option<HeldFact> {
        let proven = self.proven.depth(&self.nodes, fact).map(|depth| (depth, Certainty::Proven));
        let possible = || Some((self.admitted.as_ref()?.depth(&self.nodes, fact)?, Certainty::Possible));
        proven.or_else(possible).map(|(depth, certainty)| HeldFact { fact, depth, certainty })
    }

    /// The facts held over an entity, in the order control, read, write.
    pub fn held_over(&self, entity: EntityIndex) -> impl Iterator<Item = HeldFact> + '_ {
        Right::ALL.iter().filter_map(move |right| self.held(Fact::new(entity, *right)))
    }

    /// Every fact held, by entity then right.
    pub fn facts(&self) -> impl Iterator<Item = HeldFact> + '_ {
        (0..self.entities).flat_map(|entity| self.held_over(EntityIndex(entity)))
    }

    /// Whether a node is held at all; of a group or a joint, whether it was passed.
    pub(super) fn holds(&self, node: u32) -> bool {
        self.proven.holds(node) || self.admitted.as_ref().is_some_and(|admitted| admitted.holds(node))
    }

    /// The edge by which a fact is derived at a certainty; `None` for the start and for what is not held.
    pub(super) fn edge(&self, fact: Fact, certainty: Certainty) -> Option<u32> {
        let derivations = match (certainty, &self.admitted) {
            (Certainty::Possible, Some(admitted)) => admitted,
            _ => &self.proven,
        };
        derivations.edge(&self.nodes, fact)
    }
}

//! [`Closure`]: the facts held from one start, with depth, certainty and the derivation of each.

use super::compile::Graph;
use super::propagate::{Visitor, propagate};
use super::{EntityIndex, Fact};
use crate::error::Result;
use crate::model::{Certainty, Right};
use crate::observer::Observer;

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
    pub(super) proven: Derivations,
    pub(super) admitted: Option<Derivations>,
}

/// Depth and least edge of every fact, in the order of [`Fact::position`].
#[derive(Debug)]
pub(super) struct Derivations {
    depth: Vec<u32>,
    edge: Vec<u32>,
}

const NOT_HELD: u32 = u32::MAX;
const START: u32 = u32::MAX;

impl Derivations {
    fn new(facts: usize) -> Self {
        Derivations { depth: vec![NOT_HELD; facts], edge: vec![START; facts] }
    }

    pub fn depth(&self, fact: Fact) -> Option<u32> {
        Some(self.depth[fact.position()]).filter(|depth| *depth != NOT_HELD)
    }

    /// The edge that gave a fact that is held; `None` for the start.
    pub fn edge(&self, fact: Fact) -> Option<u32> {
        Some(self.edge[fact.position()]).filter(|edge| *edge != START)
    }
}

impl Visitor<bool> for Derivations {
    fn derived(&mut self, fact: Fact, _: bool, depth: u32, by: Option<u32>) {
        let at = fact.position();
        // Of the edges of one level the least is kept: with `also` they are not met in order.
        self.edge[at] = by.map_or(START, |edge| if self.depth[at] == NOT_HELD { edge } else { self.edge[at].min(edge) });
        self.depth[at] = depth;
    }
}

impl Graph {
    /// The facts held from a start. Costs one traversal, or two where possible relations are admitted and there are any.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn closure(&self, start: &[Fact], admitted: Certainty, observer: &dyn Observer) -> Result<Closure> {
        let run = |certainty| -> Result<Derivations> {
            let mut derivations = Derivations::new(self.estate.len() * 3);
            let lanes = start.iter().map(|fact| (*fact, true));
            propagate(self, lanes, certainty, observer, &mut derivations)?;
            Ok(derivations)
        };
        let proven = run(Certainty::Proven)?;
        let wanted = admitted == Certainty::Possible && self.has_possible;
        let admitted = wanted.then(|| run(Certainty::Possible)).transpose()?;
        Ok(Closure { proven, admitted })
    }
}

impl Closure {
    /// Whether and how a fact is held.
    pub fn held(&self, fact: Fact) -> Option<HeldFact> {
        let proven = self.proven.depth(fact).map(|depth| (depth, Certainty::Proven));
        let possible = || Some((self.admitted.as_ref()?.depth(fact)?, Certainty::Possible));
        proven.or_else(possible).map(|(depth, certainty)| HeldFact { fact, depth, certainty })
    }

    /// The facts held over an entity, in the order control, read, write.
    pub fn held_over(&self, entity: EntityIndex) -> impl Iterator<Item = HeldFact> + '_ {
        Right::ALL.iter().filter_map(move |right| self.held(Fact::new(entity, *right)))
    }

    /// Every fact held, by entity then right.
    pub fn facts(&self) -> impl Iterator<Item = HeldFact> + '_ {
        (0..self.proven.depth.len()).filter_map(|at| self.held(Fact::at(at)))
    }

    /// The derivations that settle a certainty.
    pub(super) fn of(&self, certainty: Certainty) -> &Derivations {
        match (certainty, &self.admitted) {
            (Certainty::Possible, Some(admitted)) => admitted,
            _ => &self.proven,
        }
    }
}

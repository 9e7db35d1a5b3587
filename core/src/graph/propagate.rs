//! The one traversal: level by level from any number of starts at once, one lane a start.

use super::compile::{Edge, Graph};
use super::{EntityIndex, Fact};
use crate::error::Result;
use crate::model::{Certainty, RelationKind, Right};
use crate::observer::Observer;

/// A set of starts, one bit each. One bit serves one start; 64 starts share a pass.
pub(super) trait Lanes: Copy + PartialEq + Default {
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;

    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl Lanes for bool {
    fn and(self, other: bool) -> bool {
        self & other
    }
    fn or(self, other: bool) -> bool {
        self | other
    }
    fn minus(self, other: bool) -> bool {
        self & !other
    }
}

impl Lanes for u64 {
    fn and(self, other: u64) -> u64 {
        self & other
    }
    fn or(self, other: u64) -> u64 {
        self | other
    }
    fn minus(self, other: u64) -> u64 {
        self & !other
    }
}

/// Is told what is derived.
pub(super) trait Visitor<L> {
    /// `fact` becomes held in `lanes` at `depth` by an edge; `None` for the start. Called again where another edge of the same level also gives it.
    fn derived(&mut self, fact: Fact, lanes: L, depth: u32, by: Option<u32>);
}

/// Which relations a traversal admits.
pub(super) fn admits(admitted: Certainty, edge: &Edge) -> bool {
    admitted == Certainty::Possible || edge.certainty == Certainty::Proven
}

/// The facts held, per lane, in the order of [`Fact::position`].
///
/// Costs one visit of every edge for each level at which a lane first holds what it requires: linear in the graph for one lane.
pub(super) fn propagate<L: Lanes>(
    graph: &Graph,
    start: impl Iterator<Item = (Fact, L)>,
    admitted: Certainty,
    observer: &dyn Observer,
    visitor: &mut impl Visitor<L>,
) -> Result<Vec<L>> {
    propagate_without(graph, start, &[], admitted, observer, visitor)
}

/// [`propagate`] in a world where some facts cannot be held, each in its own lanes; `barred` is empty or as long as the list of all facts.
pub(super) fn propagate_without<L: Lanes>(
    graph: &Graph,
    start: impl Iterator<Item = (Fact, L)>,
    barred: &[L],
    admitted: Certainty,
    observer: &dyn Observer,
    visitor: &mut impl Visitor<L>,
) -> Result<Vec<L>> {
    let mut wave = Wave {
        graph,
        admitted,
        barred,
        held: vec![L::default(); graph.estate.len() * 3],
        fresh: vec![L::default(); graph.estate.len() * 3],
        next: vec![L::default(); graph.estate.len() * 3],
        reached: Vec::new(),
        visitor,
    };
    for (fact, lanes) in start {
        wave.grant(fact.entity, fact.right, lanes, 0, None);
    }
    let mut frontier = wave.advance(Vec::new());
    let (mut depth, mut seen) = (0, 0u64);
    while !frontier.is_empty() {
        depth += 1;
        for (at, entity) in frontier.iter().enumerate() {
            if (seen + at as u64).is_multiple_of(16_384) {
                observer.check(seen + at as u64, 0)?;
            }
            wave.leave(*entity, depth);
        }
        seen += frontier.len() as u64;
        frontier = wave.advance(frontier);
    }
    Ok(wave.held)
}

struct Wave<'a, L, V> {
    graph: &'a Graph,
    admitted: Certainty,
    barred: &'a [L],
    /// What is held up to and including the current level.
    held: Vec<L>,
    /// What became held at the current level.
    fresh: Vec<L>,
    /// What becomes held at the next.
    next: Vec<L>,
    reached: Vec<EntityIndex>,
    visitor: &'a mut V,
}

impl<L: Lanes, V: Visitor<L>> Wave<'_, L, V> {
    /// Follows every edge that an entity's fresh facts complete.
    fn leave(&mut self, entity: EntityIndex, depth: u32) {
        let graph = self.graph;
        let first = entity.position() * 3;
        let fresh = [self.fresh[first], self.fresh[first + 1], self.fresh[first + 2]];
        for at in graph.edges_of(entity) {
            let edge = &graph.edges[at];
            let lanes = fresh[edge.requires as usize];
            if !lanes.is_empty() && admits(self.admitted, edge) {
                let lanes = if edge.has_also { self.all_premises(edge) } else { lanes };
                self.follow(at as u32, edge, lanes, depth);
            }
        }
        if graph.watches.is_empty() {
            return;
        }
        for right in Right::ALL {
            if fresh[*right as usize].is_empty() {
                continue;
            }
            for at in graph.watching(Fact::new(entity, *right)) {
                let edge = &graph.edges[at as usize];
                if admits(self.admitted, edge) {
                    self.follow(at, edge, self.all_premises(edge), depth);
                }
            }
        }
    }

    /// The lanes in which everything that an edge needs is held by now.
    fn all_premises(&self, edge: &Edge) -> L {
        let held = |fact: Fact| self.held[fact.position()];
        self.graph.premises(edge).map(held).reduce(L::and).unwrap_or_default()
    }

    fn follow(&mut self, at: u32, edge: &Edge, lanes: L, depth: u32) {
        if edge.kind == RelationKind::SameSecret {
            for position in 0..self.graph.groups[edge.to as usize].len() {
                let to = self.graph.groups[edge.to as usize][position];
                if to != edge.from {
                    self.grant(to, Right::Read, lanes, depth, Some(at));
                }
            }
        } else {
            self.grant(EntityIndex(edge.to), edge.grants, lanes, depth, Some(at));
        }
    }

    /// Rule 1: control gives read and write at no hop.
    fn grant(&mut self, entity: EntityIndex, right: Right, lanes: L, depth: u32, by: Option<u32>) {
        match right {
            Right::Control => {
                // Where control cannot be held it implies nothing.
                let lanes = self.admit(Fact::new(entity, Right::Control), lanes);
                for right in Right::ALL {
                    self.hold(Fact::new(entity, *right), lanes, depth, by);
                }
            }
            right => self.hold(Fact::new(entity, right), lanes, depth, by),
        }
    }

    /// The lanes in which a fact can be held.
    fn admit(&self, fact: Fact, lanes: L) -> L {
        match self.barred.get(fact.position()) {
            Some(barred) => lanes.minus(*barred),
            None => lanes,
        }
    }

    fn hold(&mut self, fact: Fact, lanes: L, depth: u32, by: Option<u32>) {
        let at = fact.position();
        let lanes = self.admit(fact, lanes).minus(self.held[at]);
        if lanes.is_empty() {
            return;
        }
        if self.next[at].is_empty() {
            self.reached.push(fact.entity);
        }
        self.next[at] = self.next[at].or(lanes);
        self.visitor.derived(fact, lanes, depth, by);
    }

    /// Ends a level: what was gained becomes held and fresh, and its entities, in order, are the next frontier.
    fn advance(&mut self, left: Vec<EntityIndex>) -> Vec<EntityIndex> {
        for entity in left {
            let first = entity.position() * 3;
            self.fresh[first..first + 3].fill(L::default());
        }
        let mut frontier = std::mem::take(&mut self.reached);
        frontier.sort_unstable();
        frontier.dedup();
        for entity in &frontier {
            for at in entity.position() * 3..entity.position() * 3 + 3 {
                let gained = std::mem::take(&mut self.next[at]);
                self.fresh[at] = gained;
                self.held[at] = self.held[at].or(gained);
            }
        }
        frontier
    }
}

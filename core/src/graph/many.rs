//! Many starts at once: 64 share a pass.

use super::compile::Graph;
use super::propagate::propagate;
use super::{EntityIndex, Fact, NO_GROUP};
use crate::error::Result;
use crate::model::{Certainty, Right};
use crate::observer::Observer;

/// What one of many starts came to hold over an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// The number of the start.
    pub start: usize,
    /// The fact.
    pub fact: Fact,
    /// The least number of hops.
    pub depth: u32,
}

/// How many starts share a pass.
const WIDTH: usize = 64;

impl Graph {
    /// Tells, for each of many starts on its own, the facts it comes to hold over the entities of interest; each fact once a start, in no fixed order
    /// among starts, nearest first within one. Costs one traversal a 64 starts.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn many(
        &self,
        starts: &[Vec<Fact>],
        admitted: Certainty,
        interest: &[bool],
        observer: &dyn Observer,
        mut tell: impl FnMut(Lane),
    ) -> Result<()> {
        for (chunk, starts) in starts.chunks(WIDTH).enumerate() {
            let mut teller = Teller { graph: self, first: chunk * WIDTH, interest, told: vec![0; interest.len() * 3], tell: &mut tell };
            let (nodes, loose) = lanes(self, starts);
            loose.into_iter().for_each(|(fact, lanes)| teller.tell(fact, lanes, 0));
            propagate(self, nodes.into_iter(), &[], admitted, observer, |node, lanes, depth| teller.node(node, lanes, depth))?;
        }
        Ok(())
    }

    /// For each start on its own, how many of the entities of interest it comes to hold at all.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn count_many(&self, starts: &[Vec<Fact>], admitted: Certainty, interest: &[bool], observer: &dyn Observer) -> Result<Vec<u64>> {
        let group: Vec<u32> = interest.iter().map(|interest| if *interest { 0 } else { NO_GROUP }).collect();
        let counts = self.count_by_group(starts, admitted, &group, observer)?;
        Ok((0..starts.len()).map(|start| counts.of(start).first().map_or(0, |count| count.entities.into())).collect())
    }

    /// For each of these facts, how many of the entities of interest are held at all from a start in a world where that fact cannot be held.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub(crate) fn count_without(
        &self,
        start: &[Fact],
        without: &[Fact],
        admitted: Certainty,
        interest: &[bool],
        observer: &dyn Observer,
    ) -> Result<Vec<u64>> {
        let mut counts = vec![0; without.len()];
        for (chunk, facts) in without.chunks(WIDTH).enumerate() {
            let mut barred = vec![0u64; self.arcs.nodes()];
            for (lane, fact) in facts.iter().enumerate() {
                if let Some(node) = self.nodes.of_fact(*fact) {
                    barred[node as usize] |= 1 << lane;
                }
            }
            let all = u64::MAX >> (WIDTH - facts.len());
            let nodes = start.iter().filter_map(|fact| self.nodes.of_fact(*fact)).map(|node| (node, all));
            let held = propagate(self, nodes, &barred, admitted, observer, |_, _, _| {})?;
            // A fact of the start that is no node is held wherever it is not barred.
            let mut loose: Vec<(EntityIndex, u64)> = Vec::new();
            for fact in start.iter().filter(|fact| self.nodes.of_fact(**fact).is_none()) {
                let barred = facts.iter().enumerate().filter(|(_, barred)| *barred == fact).fold(0, |lanes, (lane, _)| lanes | 1 << lane);
                loose.push((fact.entity, all & !barred));
            }
            loose.sort_unstable();
            for entity in self.estate.indices().filter(|entity| interest[entity.position()]) {
                let given = &loose[loose.partition_point(|(it, _)| *it < entity)..];
                let given = given.iter().take_while(|(it, _)| *it == entity).fold(0, |lanes, (_, more)| lanes | more);
                let mut lanes = self.nodes.of_entity(entity).fold(given, |lanes, node| lanes | held[node as usize]);
                while lanes != 0 {
                    counts[chunk * WIDTH + lanes.trailing_zeros() as usize] += 1;
                    lanes &= lanes - 1;
                }
            }
        }
        Ok(counts)
    }
}

/// What stands in which lanes, one bit each.
type Lanes<T> = Vec<(T, u64)>;

/// The nodes of some starts with their lanes, and the facts that are no nodes.
fn lanes(graph: &Graph, starts: &[Vec<Fact>]) -> (Lanes<u32>, Lanes<Fact>) {
    let (mut nodes, mut loose) = (Vec::new(), Vec::new());
    for (lane, fact) in starts.iter().enumerate().flat_map(|(lane, facts)| facts.iter().map(move |fact| (lane, *fact))) {
        match graph.nodes.of_fact(fact) {
            Some(node) => nodes.push((node, 1 << lane)),
            None => loose.push((fact, 1 << lane)),
        }
    }
    (nodes, loose)
}

struct Teller<'a, T> {
    graph: &'a Graph,
    first: usize,
    interest: &'a [bool],
    told: Vec<u64>,
    tell: &'a mut T,
}

impl<T: FnMut(Lane)> Teller<'_, T> {
    /// A node is held: its fact is, and where it is control, so are the rights that have no node of their own.
    fn node(&mut self, node: u32, lanes: u64, depth: u32) {
        let fact = self.graph.nodes.fact(node);
        self.tell(fact, lanes, depth);
        if fact.right == Right::Control {
            let implied = [Right::Read, Right::Write].map(|right| Fact::new(fact.entity, right));
            let without_node = implied.into_iter().filter(|fact| self.graph.nodes.of_fact(*fact).is_none());
            without_node.for_each(|fact| self.tell(fact, lanes, depth));
        }
    }

    fn tell(&mut self, fact: Fact, lanes: u64, depth: u32) {
        if !self.interest[fact.entity.position()] {
            return;
        }
        let told = &mut self.told[fact.entity.position() * 3 + fact.right as usize];
        let mut lanes = lanes & !*told;
        *told |= lanes;
        while lanes != 0 {
            (self.tell)(Lane { start: self.first + lanes.trailing_zeros() as usize, fact, depth });
            lanes &= lanes - 1;
        }
    }
}

/// The strongest of the rights held, in the order control, write, read.
pub(crate) fn strongest(rights: impl IntoIterator<Item = Right>) -> Option<Right> {
    rights.into_iter().min_by_key(|right| match right {
        Right::Control => 0,
        Right::Write => 1,
        Right::Read => 2,
    })
}

/// A list with a `true` for each of these entities of an estate of that many.
pub(crate) fn marks(entities: &[EntityIndex], len: usize) -> Vec<bool> {
    let mut marks = vec![false; len];
    for entity in entities {
        marks[entity.position()] = true;
    }
    marks
}

//! The one search: breadth first from a start, with the depth and the derivation of every fact.

use super::Fact;
use super::arcs::{FREE, Numbers};
use super::bits::Bits;
use super::compile::Graph;
use super::nodes::Nodes;
use crate::error::Result;
use crate::model::Certainty;
use crate::observer::Observer;
use crate::parallel;
use std::ops::Range;

/// Depth and least edge of every node, and what of the start is none.
#[derive(Debug)]
pub(super) struct Derivations {
    /// What is held at depth 0.
    start: Bits,
    /// Of what is held later the depth in the upper half, the edge in the lower: the least is the derivation to report. Kept as what is left to the greatest
    /// number, so that memory which the system gives as zeros need not be touched where nothing is held, or all is from the start.
    keys: Vec<u64>,
    /// The facts of the start that are no nodes, since nothing asks for them: sorted.
    loose: Vec<Fact>,
}

const NOT_HELD: u64 = u64::MAX;
/// Depth 0, by no edge.
const START: u64 = u32::MAX as u64;
const LEVEL: u64 = 1 << 32;

impl Derivations {
    /// Whether a node is held; of a joint or a group, whether it was passed.
    pub fn holds(&self, node: u32) -> bool {
        self.start.has(node) || self.keys[node as usize] != 0
    }

    pub fn depth(&self, nodes: &Nodes, fact: Fact) -> Option<u32> {
        self.key(nodes, fact).map(|key| (key >> 32) as u32)
    }

    /// The edge that gave a fact that is held; `None` for the start.
    pub fn edge(&self, nodes: &Nodes, fact: Fact) -> Option<u32> {
        self.key(nodes, fact).map(|key| key as u32).filter(|edge| *edge != u32::MAX)
    }

    fn key(&self, nodes: &Nodes, fact: Fact) -> Option<u64> {
        if !self.loose.is_empty() && self.loose.binary_search(&fact).is_ok() {
            return Some(START);
        }
        let node = nodes.deciding(fact);
        if self.start.has(node) {
            return Some(START);
        }
        Some(!self.keys[node as usize]).filter(|key| *key != NOT_HELD)
    }
}

/// Finds what is held from a start. Costs one visit of every node and arc that is reached.
pub(super) fn search(graph: &Graph, start: &[Fact], admitted: Certainty, observer: &dyn Observer) -> Result<Derivations> {
    // The frontiers hold no node twice.
    observer.claim(graph.arcs.nodes() as u64 * (size_of::<u64>() + size_of::<u32>()) as u64)?;
    let (since, loose) = begin(graph, start);
    let missing = graph.joints.iter().map(|joint| joint.needs).collect();
    let mut search = Search { graph, admitted, keys: vec![0; graph.arcs.nodes()], since, missing, level: 0, next: Vec::new() };
    search.begin();
    let held_at_once = search.since.clone();
    let (mut frontier, mut seen) = (Vec::new(), 0u64);
    let mut following = search.leading(start.len() < SHARED);
    loop {
        search.level += LEVEL;
        for nodes in following.chunks(16_384) {
            observer.check(seen, 0)?;
            seen += nodes.len() as u64;
            nodes.iter().for_each(|node| search.leave(*node));
        }
        search.settle();
        if search.next.is_empty() {
            return Ok(Derivations { start: held_at_once, keys: search.keys, loose });
        }
        std::mem::swap(&mut frontier, &mut search.next);
        search.next.clear();
        search.pass(&mut frontier);
        std::mem::swap(&mut following, &mut frontier);
    }
}

/// The nodes of a start, a bit each, and its facts that are none: sorted.
fn begin(graph: &Graph, start: &[Fact]) -> (Bits, Vec<Fact>) {
    let (bits, mut loose) = if start.len() < SHARED {
        begin_part(graph, start)
    } else {
        let parts = parallel::map(start.chunks(start.len().div_ceil(parallel::threads())), |part| begin_part(graph, part));
        parts.into_iter().fold((Bits::new(graph.arcs.nodes()), Vec::new()), |(mut bits, mut loose), (more, further)| {
            bits.add(&more);
            loose.extend(further);
            (bits, loose)
        })
    };
    loose.sort_unstable();
    loose.dedup();
    (bits, loose)
}

fn begin_part(graph: &Graph, start: &[Fact]) -> (Bits, Vec<Fact>) {
    let (mut bits, mut loose) = (Bits::new(graph.arcs.nodes()), Vec::new());
    for fact in start {
        match graph.nodes.of_fact(*fact) {
            Some(node) => bits.set(node),
            None => loose.push(*fact),
        }
    }
    (bits, loose)
}

/// Where the start has fewer facts, another thread costs more than it saves.
const SHARED: usize = 1 << 16;
/// The words of a part of the work.
const PIECE: usize = 1 << 10;

struct Search<'a> {
    graph: &'a Graph,
    admitted: Certainty,
    keys: Vec<u64>,
    /// A bit a node, set where it is held since an earlier level: no better derivation comes. Most arcs lead there, and the bits of all nodes stay in the cache.
    since: Bits,
    /// How many facts each joint still needs.
    missing: Vec<u32>,
    level: u64,
    next: Vec<u32>,
}

impl Search<'_> {
    /// Adds to the start what costs no hop.
    fn begin(&mut self) {
        if self.graph.has_free() {
            let listed = |node: &u32| self.graph.arcs.is_listed(*node);
            self.next.extend(self.since.nodes(0..self.since.words().len()).filter(listed));
            self.settle();
            self.next.drain(..).for_each(|node| self.since.set(node));
        }
    }

    /// The nodes of the start from which anything new may be reached, in order.
    fn leading(&self, alone: bool) -> Vec<u32> {
        let words = self.since.words().len();
        let pieces = if alone { 1 } else { words.div_ceil(PIECE) };
        let part = |piece: usize| words * piece / pieces..words * (piece + 1) / pieces;
        let arcs = &self.graph.arcs;
        let found = |words: Range<usize>| {
            let mut found = Vec::new();
            for word in words {
                let is_full = self.since.words()[word] == u64::MAX;
                if is_full && self.since.has_all(arcs.of_nodes((word * Bits::WORD) as u32..((word + 1) * Bits::WORD) as u32)) {
                    continue;
                }
                found.extend(self.since.nodes(word..word + 1).filter(|node| !self.since.has_all(arcs.of_node(*node))));
            }
            found
        };
        if pieces == 1 { found(part(0)) } else { parallel::map((0..pieces).map(part), found).concat() }
    }

    /// Goes on to the next level: its nodes are held since, and stand in order where they are many, so that their arcs are found one after the other.
    fn pass(&mut self, frontier: &mut Vec<u32>) {
        if frontier.len() < self.since.words().len() / 16 {
            frontier.iter().for_each(|node| self.since.set(*node));
            return;
        }
        let mut fresh = Bits::new(self.keys.len());
        frontier.iter().for_each(|node| fresh.set(*node));
        frontier.clear();
        frontier.extend(fresh.nodes(0..fresh.words().len()));
        self.since.add(&fresh);
    }

    /// Follows the hops of a node that is held.
    fn leave(&mut self, node: u32) {
        let graph = self.graph;
        match graph.arcs.numbered(node) {
            (to, Numbers::From(first)) => {
                for (key, node) in (self.level | u64::from(first)..).zip(to) {
                    self.reach(*node, key);
                }
            }
            (to, Numbers::Listed(numbers)) => {
                for (node, number) in to.iter().zip(numbers) {
                    if *number != FREE && graph.admits(self.admitted, *number) && self.completes(*node) {
                        self.reach(*node, self.level | u64::from(*number));
                    }
                }
            }
        }
    }

    /// Whether this premise is the last that a joint needs; always, where the node is none.
    fn completes(&mut self, node: u32) -> bool {
        let Some(joint) = node.checked_sub(self.graph.first_joint()) else { return true };
        let missing = &mut self.missing[joint as usize];
        *missing -= 1;
        *missing == 0
    }

    #[inline]
    fn reach(&mut self, node: u32, key: u64) {
        if self.since.has(node) {
            return;
        }
        let (old, key) = (&mut self.keys[node as usize], !key);
        if key > *old {
            let is_new = *old == 0;
            *old = key;
            if is_new {
                self.next.push(node);
            }
        }
    }

    fn key(&self, node: u32) -> u64 {
        if self.level == 0 { START } else { !self.keys[node as usize] }
    }

    /// Ends a level: what costs no hop follows, once the derivation of what it follows from is settled. Joints and groups first, for they may lead to control.
    fn settle(&mut self) {
        let graph = self.graph;
        if !graph.has_free() {
            return;
        }
        let facts = graph.nodes.len() as u32;
        let has_beyond = graph.arcs.nodes() > facts as usize;
        for beyond in [true, false].into_iter().filter(|beyond| has_beyond || !beyond) {
            let mut at = 0;
            while let Some(node) = self.next.get(at).copied() {
                at += 1;
                if graph.arcs.is_listed(node) && (node >= facts) == beyond {
                    let key = self.key(node);
                    graph.arcs.free_arcs(node).for_each(|to| self.reach(to, key));
                }
            }
        }
    }
}

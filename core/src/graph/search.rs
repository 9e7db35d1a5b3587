//! The one search: breadth first from a start, with the depth and the derivation of every fact.

use super::Fact;
use super::arcs::{FREE, Numbers};
use super::compile::Graph;
use super::nodes::Nodes;
use crate::error::Result;
use crate::model::Certainty;
use crate::observer::Observer;

/// Depth and least edge of every node, and what of the start is none.
#[derive(Debug)]
pub(super) struct Derivations {
    /// The depth in the upper half, the edge in the lower: the least is the derivation to report.
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
        self.keys[node as usize] != NOT_HELD
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
        Some(self.keys[nodes.deciding(fact) as usize]).filter(|key| *key != NOT_HELD)
    }
}

/// Finds what is held from a start. Costs one visit of every node and arc that is reached.
pub(super) fn search(graph: &Graph, start: &[Fact], admitted: Certainty, observer: &dyn Observer) -> Result<Derivations> {
    // The frontiers hold no node twice.
    observer.claim(graph.arcs.nodes() as u64 * (size_of::<u64>() + size_of::<u32>()) as u64)?;
    let missing = graph.joints.iter().map(|joint| joint.needs).collect();
    let keys = vec![NOT_HELD; graph.arcs.nodes()];
    let mut search = Search { graph, admitted, keys, missing, level: 0, next: Vec::new() };
    let mut loose = Vec::new();
    for fact in start {
        match graph.nodes.of_fact(*fact) {
            Some(node) => search.reach(node, START),
            None => loose.push(*fact),
        }
    }
    loose.sort_unstable();
    loose.dedup();
    // A large start is left in the order of the nodes, not of the ids.
    if search.next.len() > search.keys.len() / 16 {
        search.next.clear();
        let held = search.keys.iter().zip(0..).filter(|(key, _)| **key != NOT_HELD);
        search.next.extend(held.map(|(_, node)| node));
    }
    search.settle();
    let (mut frontier, mut seen) = (std::mem::take(&mut search.next), 0u64);
    while !frontier.is_empty() {
        search.level += LEVEL;
        for nodes in frontier.chunks(16_384) {
            observer.check(seen, 0)?;
            seen += nodes.len() as u64;
            nodes.iter().for_each(|node| search.leave(*node));
        }
        search.settle();
        frontier.clear();
        std::mem::swap(&mut frontier, &mut search.next);
    }
    Ok(Derivations { keys: search.keys, loose })
}

struct Search<'a> {
    graph: &'a Graph,
    admitted: Certainty,
    keys: Vec<u64>,
    /// How many facts each joint still needs.
    missing: Vec<u32>,
    level: u64,
    next: Vec<u32>,
}

impl Search<'_> {
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
        let old = &mut self.keys[node as usize];
        if key < *old {
            let is_new = *old == NOT_HELD;
            *old = key;
            if is_new {
                self.next.push(node);
            }
        }
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
                    graph.arcs.free_arcs(node).for_each(|to| self.reach(to, self.keys[node as usize]));
                }
            }
        }
    }
}

//! Many starts level by level: 64 share a pass, one lane each. For what is asked of depths, and of worlds in which some facts cannot be held.

use super::arcs::{FREE, Numbers};
use super::compile::Graph;
use crate::error::Result;
use crate::model::Certainty;
use crate::observer::Observer;

/// Finds the lanes in which each node is held, from starts with their lanes, and tells what becomes held at each level: node, lanes, depth. Where `barred` is not empty it
/// says, a node, in which lanes that cannot be held.
///
/// Costs one visit of every arc for each level at which a lane first holds its node.
pub(super) fn propagate(
    graph: &Graph,
    start: impl Iterator<Item = (u32, u64)>,
    barred: &[u64],
    admitted: Certainty,
    observer: &dyn Observer,
    mut tell: impl FnMut(u32, u64, u32),
) -> Result<Vec<u64>> {
    let nodes = graph.arcs.nodes();
    let premises = graph.joints.iter().map(|joint| graph.premise_nodes(joint.edge)).collect();
    let lanes = || vec![0u64; nodes];
    let mut wave = Wave { graph, admitted, barred, premises, held: lanes(), fresh: lanes(), next: lanes(), reached: Vec::new() };
    start.for_each(|(node, lanes)| wave.hold(node, lanes));
    let (mut depth, mut seen) = (0, 0u64);
    loop {
        wave.settle();
        let frontier = std::mem::take(&mut wave.reached);
        if frontier.is_empty() {
            return Ok(wave.held);
        }
        for node in &frontier {
            let gained = std::mem::take(&mut wave.next[*node as usize]);
            wave.fresh[*node as usize] = gained;
            wave.held[*node as usize] |= gained;
            if (*node as usize) < graph.nodes.len() {
                tell(*node, gained, depth);
            }
        }
        for nodes in frontier.chunks(16_384) {
            observer.check(seen, 0)?;
            seen += nodes.len() as u64;
            nodes.iter().for_each(|node| wave.leave(*node));
        }
        depth += 1;
    }
}

struct Wave<'a> {
    graph: &'a Graph,
    admitted: Certainty,
    barred: &'a [u64],
    /// What each joint needs.
    premises: Vec<Vec<u32>>,
    /// What is held up to and including the current level.
    held: Vec<u64>,
    /// What became held at the current level.
    fresh: Vec<u64>,
    /// What becomes held at the next.
    next: Vec<u64>,
    reached: Vec<u32>,
}

impl Wave<'_> {
    fn leave(&mut self, node: u32) {
        let graph = self.graph;
        let lanes = std::mem::take(&mut self.fresh[node as usize]);
        match graph.arcs.numbered(node) {
            (to, Numbers::From(_)) => to.iter().for_each(|to| self.hold(*to, lanes)),
            (to, Numbers::Listed(numbers)) => {
                for (to, number) in to.iter().zip(numbers) {
                    if *number != FREE && graph.admits(self.admitted, *number) {
                        let lanes = to.checked_sub(graph.first_joint()).map_or(lanes, |joint| self.all_premises(joint));
                        self.hold(*to, lanes);
                    }
                }
            }
        }
    }

    /// The lanes in which everything that a joint needs is held by now.
    fn all_premises(&self, joint: u32) -> u64 {
        self.premises[joint as usize].iter().fold(u64::MAX, |lanes, node| lanes & self.held[*node as usize])
    }

    fn hold(&mut self, node: u32, lanes: u64) {
        let at = node as usize;
        let lanes = lanes & !self.held[at] & !self.barred.get(at).copied().unwrap_or(0);
        if lanes == 0 {
            return;
        }
        if self.next[at] == 0 {
            self.reached.push(node);
        }
        self.next[at] |= lanes;
    }

    /// Ends a level: what costs no hop follows, from joints and groups first, for they may lead to control.
    fn settle(&mut self) {
        let graph = self.graph;
        if !graph.has_free() {
            return;
        }
        let facts = graph.nodes.len() as u32;
        let has_beyond = graph.arcs.nodes() > facts as usize;
        for beyond in [true, false].into_iter().filter(|beyond| has_beyond || !beyond) {
            let mut at = 0;
            while let Some(node) = self.reached.get(at).copied() {
                at += 1;
                if graph.arcs.is_listed(node) && (node >= facts) == beyond {
                    graph.arcs.free_arcs(node).for_each(|to| self.hold(to, self.next[node as usize]));
                }
            }
        }
    }
}

//! [`Alone`]: many starts one after the other, for as long as that is cheap.

use super::Fact;
use super::arcs::{FREE, Numbers};
use super::compile::Graph;
use super::groups::{GroupCount, NO_GROUP, loose};
use crate::error::Result;
use crate::model::{Certainty, Right};
use crate::observer::Observer;

/// Searches that share what they write on. Together they may follow so many arcs; then another way is cheaper.
pub(super) struct Alone<'a> {
    graph: &'a Graph,
    admitted: Certainty,
    group: &'a [u32],
    held: Vec<bool>,
    missing: Vec<u32>,
    reached: Vec<u32>,
    /// How many arcs all starts together may still follow, and one alone.
    left: usize,
    each: usize,
}

impl<'a> Alone<'a> {
    /// Few starts may each cross the whole graph: preparing it for many costs as much as four searches. Of many, one that goes far soon shows what the rest will cost.
    pub fn new(graph: &'a Graph, admitted: Certainty, group: &'a [u32], starts: usize) -> Self {
        let whole = graph.arcs.nodes() + graph.arcs.to.len();
        let (left, each) = if starts <= 4 { (whole * 4, whole * 2) } else { (whole, whole / 16 + 1024) };
        let missing = graph.joints.iter().map(|joint| joint.needs).collect();
        Alone { graph, admitted, group, held: vec![false; graph.arcs.nodes()], missing, reached: Vec::new(), left, each }
    }

    /// Counts what one start holds; whether there was enough left to finish.
    pub fn count(&mut self, start: &[Fact], counts: &mut [GroupCount], observer: &dyn Observer) -> Result<bool> {
        start.iter().filter_map(|fact| self.graph.nodes.of_fact(*fact)).for_each(|node| self.reach(node));
        let mut at = 0;
        let mut left = self.left.min(self.each);
        self.left = self.left.saturating_sub(left);
        while let Some(node) = self.reached.get(at).copied() {
            if at.is_multiple_of(16_384) {
                observer.check(at as u64, 0)?;
            }
            at += 1;
            left = left.saturating_sub(self.graph.arcs.of_node(node).len() + 1);
            if left == 0 {
                return Ok(false);
            }
            self.leave(node);
        }
        self.left += left;
        self.gather(counts);
        self.gather_loose(start, counts);
        self.clear();
        Ok(true)
    }

    fn leave(&mut self, node: u32) {
        let graph = self.graph;
        match graph.arcs.numbered(node) {
            (to, Numbers::From(_)) => to.iter().for_each(|to| self.reach(*to)),
            (to, Numbers::Listed(numbers)) => {
                for (to, number) in to.iter().zip(numbers) {
                    if *number == FREE || graph.admits(self.admitted, *number) && self.completes(*to) {
                        self.reach(*to);
                    }
                }
            }
        }
    }

    fn completes(&mut self, node: u32) -> bool {
        let Some(joint) = node.checked_sub(self.graph.first_joint()) else { return true };
        let missing = &mut self.missing[joint as usize];
        *missing = missing.saturating_sub(1);
        *missing == 0
    }

    fn reach(&mut self, node: u32) {
        if !std::mem::replace(&mut self.held[node as usize], true) {
            self.reached.push(node);
        }
    }

    /// Counts each entity once, at the first of its nodes that is held.
    fn gather(&self, counts: &mut [GroupCount]) {
        let nodes = &self.graph.nodes;
        for node in self.reached.iter().copied().filter(|node| (*node as usize) < nodes.len()) {
            let fact = nodes.fact(node);
            let group = self.group[fact.entity.position()];
            if group == NO_GROUP {
                continue;
            }
            let first =
                fact.right == Right::Control || !self.held[nodes.of_entity(fact.entity).start as usize..node as usize].contains(&true);
            counts[group as usize].add(u32::from(first), fact.right);
        }
    }

    /// What of the start is no node holds its entity too.
    fn gather_loose(&self, start: &[Fact], counts: &mut [GroupCount]) {
        let nodes = &self.graph.nodes;
        for fact in loose(self.graph, start) {
            let group = self.group[fact.entity.position()];
            if group != NO_GROUP {
                let is_held = nodes.of_entity(fact.entity).any(|node| self.held[node as usize]);
                counts[group as usize].add(u32::from(!is_held), fact.right);
            }
        }
    }

    fn clear(&mut self) {
        let joints = self.graph.first_joint();
        for node in self.reached.drain(..) {
            self.held[node as usize] = false;
            for to in self.graph.arcs.of_node(node).iter().filter(|to| **to >= joints) {
                let joint = (to - joints) as usize;
                self.missing[joint] = self.graph.joints[joint].needs;
            }
        }
    }
}

//! Which of many starts lead to a target, each on its own, and by which way: one pass against the direction of the relations.

use super::compile::Graph;
use super::path::step;
use super::{EntityIndex, Fact, Step};
use crate::error::Result;
use crate::model::{Certainty, RelationKind, Right};
use crate::observer::Observer;
use std::collections::VecDeque;

impl Graph {
    /// Tells for each fact whether whoever holds it alone comes to hold anything of the target. A fact over a target is one that does.
    ///
    /// Costs one pass over the relations for any number of starts. Where relations need more than FROM, the starts that such a relation decides are
    /// followed one by one as well, 64 a traversal.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn leads_to(&self, starts: &[Fact], target: &[bool], admitted: Certainty, observer: &dyn Observer) -> Result<Vec<bool>> {
        // Without the relations that need more, too few lead there; as if FROM were enough, too many.
        let surely = Backward::new(self, admitted, false).run(target, observer)?;
        let mut leads: Vec<bool> = starts.iter().map(|start| surely.leads(*start)).collect();
        for at in self.only_together(starts, &surely, target, admitted, observer)? {
            leads[at] = true;
        }
        Ok(leads)
    }

    /// [`Graph::leads_to`], with a shortest way of each that leads there, and of what needs nothing besides its FROM where there is such a way. A fact over a
    /// target has none to go.
    ///
    /// Costs what `leads_to` costs and the length of the ways; a traversal more for each start that only leads there by relations that need more.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn ways_to(
        &self,
        starts: &[Fact],
        target: &[bool],
        admitted: Certainty,
        observer: &dyn Observer,
    ) -> Result<Vec<Option<Vec<Step>>>> {
        let surely = Backward::new(self, admitted, false).run(target, observer)?;
        let mut ways: Vec<_> = starts.iter().map(|start| surely.leads(*start).then(|| surely.way(*start))).collect();
        for at in self.only_together(starts, &surely, target, admitted, observer)? {
            let closure = self.closure(&[starts[at]], admitted, observer)?;
            let held = closure.facts().filter(|held| target[held.fact.entity.position()]);
            ways[at] = held.min_by_key(|held| (held.depth, held.fact)).map(|nearest| self.path(&closure, nearest.fact));
        }
        Ok(ways)
    }

    /// The starts that lead there only by relations that need more than FROM.
    fn only_together(
        &self,
        starts: &[Fact],
        surely: &Backward<'_>,
        target: &[bool],
        admitted: Certainty,
        observer: &dyn Observer,
    ) -> Result<Vec<usize>> {
        if self.joints.is_empty() {
            return Ok(Vec::new());
        }
        let maybe = Backward::new(self, admitted, true).run(target, observer)?;
        let open: Vec<usize> = (0..starts.len()).filter(|at| !surely.leads(starts[*at]) && maybe.leads(starts[*at])).collect();
        let alone: Vec<Vec<Fact>> = open.iter().map(|at| vec![starts[*at]]).collect();
        let counts = self.count_many(&alone, admitted, target, observer)?;
        Ok(open.into_iter().zip(counts).filter(|(_, count)| *count > 0).map(|(at, _)| at).collect())
    }
}

/// The hops by the node that they gain, in order; records of one secret are joined by their groups instead.
struct Backward<'a> {
    graph: &'a Graph,
    target: &'a [bool],
    starts: Vec<u32>,
    /// The node that each hop starts at, and its edge.
    hops: Vec<(u32, u32)>,
    groups: Vec<bool>,
    leads: Vec<Lead>,
    open: VecDeque<u32>,
}

/// By what a node leads to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    Nowhere,
    /// It is over a target.
    There,
    /// It gives another right over the same entity.
    Implies(u32),
    /// It gives another record of the same secret.
    Record(u32),
    /// It is what an edge requires.
    Edge(u32),
}

impl<'a> Backward<'a> {
    /// `joints`: whether relations that need more than FROM are followed as if they did not.
    fn new(graph: &'a Graph, admitted: Certainty, joints: bool) -> Self {
        let followed =
            |edge: u32, to: u32| graph.group(to).is_none() && graph.admits(admitted, edge) && (joints || to < graph.first_joint());
        let mut starts = vec![0u32; graph.nodes.len() + 1];
        for node in 0..graph.nodes.len() as u32 {
            graph.hops(node, |edge, to| {
                if followed(edge, to) {
                    starts[graph.gained(to) as usize + 1] += 1;
                }
            });
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut hops = vec![(0, 0); starts[starts.len() - 1] as usize];
        graph.each_hop(|edge, node, to| {
            if followed(edge, to) {
                let place = &mut next[graph.gained(to) as usize];
                hops[*place as usize] = (node, edge);
                *place += 1;
            }
        });
        let groups = vec![false; graph.groups.len()];
        Backward { graph, target: &[], starts, hops, groups, leads: vec![Lead::Nowhere; graph.nodes.len()], open: VecDeque::new() }
    }

    /// Whether a fact leads to the target.
    fn leads(&self, fact: Fact) -> bool {
        let node = self.graph.nodes.of_fact(fact);
        self.target[fact.entity.position()] || node.is_some_and(|node| self.leads[node as usize] != Lead::Nowhere)
    }

    /// A shortest way from a fact to the target, once this was run.
    fn way(&self, fact: Fact) -> Vec<Step> {
        let nodes = &self.graph.nodes;
        let mut way = Vec::new();
        let Some(mut node) = nodes.of_fact(fact) else { return way };
        loop {
            let hop = match self.leads[node as usize] {
                Lead::Nowhere | Lead::There => return way,
                Lead::Implies(implied) => {
                    node = implied;
                    continue;
                }
                Lead::Record(to) => {
                    let (from, to) = (nodes.entity(node), nodes.entity(to));
                    Step { from, kind: RelationKind::SameSecret, to, right: Right::Read, relation: None }
                }
                Lead::Edge(edge) => {
                    let edge = self.graph.edge(edge);
                    step(&edge, EntityIndex(edge.to))
                }
            };
            way.push(hop);
            node = nodes.place(hop.to.0, hop.right);
        }
    }

    /// Follows the edges backward from the target, nearest first.
    fn run(mut self, target: &'a [bool], observer: &dyn Observer) -> Result<Self> {
        self.target = target;
        for at in (0..target.len()).filter(|at| target[*at]) {
            for node in self.graph.nodes.of_entity(EntityIndex(at as u32)) {
                self.mark(node, Lead::There);
            }
        }
        let mut seen = 0u64;
        while let Some(node) = self.open.pop_front() {
            if seen.is_multiple_of(16_384) {
                observer.check(seen, 0)?;
            }
            seen += 1;
            if self.graph.nodes.fact(node).right == Right::Read {
                self.mark_same_secret(node);
            }
            for at in self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize {
                let (from, edge) = self.hops[at];
                self.mark(from, Lead::Edge(edge));
            }
        }
        Ok(self)
    }

    /// The other records of a secret lead wherever it leads; each group is marked once.
    fn mark_same_secret(&mut self, secret: u32) {
        let graph = self.graph;
        let Some(group) = graph.arcs.of_node(secret).iter().find_map(|to| graph.group(*to)) else { return };
        if !std::mem::replace(&mut self.groups[group as usize], true) {
            for other in &graph.groups[group as usize] {
                self.mark(graph.nodes.place(other.0, Right::Read), Lead::Record(secret));
            }
        }
    }

    fn mark(&mut self, node: u32, lead: Lead) {
        if self.leads[node as usize] != Lead::Nowhere {
            return;
        }
        self.leads[node as usize] = lead;
        self.open.push_back(node);
        // Control gives every right without a hop, so it leads there from the same distance.
        let control = self.graph.nodes.of_entity(self.graph.nodes.entity(node)).start;
        self.mark(control, Lead::Implies(node));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::GraphOptions;
    use crate::graph::tests::random_estate;
    use crate::model::Instant;
    use crate::observer::Unobserved;

    #[test]
    fn a_start_leads_there_exactly_when_its_own_closure_does() {
        for seed in 0..300 {
            let estate = random_estate(seed);
            let graph = Graph::new(&estate, GraphOptions::at(Instant::from_unix_seconds(1_700_000_000)));
            let target: Vec<bool> = estate.indices().map(|entity| entity.0 as u64 % 5 == seed % 5).collect();
            let starts: Vec<Fact> =
                estate.indices().flat_map(|entity| Right::ALL.iter().map(move |right| Fact::new(entity, *right))).collect();
            for admitted in [Certainty::Proven, Certainty::Possible] {
                let leads = graph.leads_to(&starts, &target, admitted, &Unobserved).expect("nobody cancels");
                let ways = graph.ways_to(&starts, &target, admitted, &Unobserved).expect("nobody cancels");
                for ((start, leads), way) in starts.iter().zip(leads).zip(ways) {
                    let closure = graph.closure(&[*start], admitted, &Unobserved).expect("nobody cancels");
                    let holds = closure.facts().any(|held| target[held.fact.entity.position()]);
                    assert_eq!(leads, holds, "seed {seed}, {start:?}, {admitted}");
                    assert_eq!(way.is_some(), holds, "seed {seed}, {start:?}, {admitted}");
                    let Some(end) = way.as_ref().and_then(|way| way.last()) else { continue };
                    assert!(target[end.to.position()]);
                    let depth = closure.facts().filter(|held| target[held.fact.entity.position()]).map(|held| held.depth).min();
                    let needs_more = !graph.joints.is_empty();
                    assert!(needs_more || way.map(|way| way.len() as u32) == depth, "seed {seed}, {start:?}, {admitted}");
                }
            }
        }
    }
}

//! Which of many starts lead to a target, each on its own, and by which way: one pass against the direction of the relations.

use super::compile::{Edge, Graph};
use super::path::step;
use super::propagate::admits;
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
        let surely = Backward::new(self, admitted, |edge| !edge.has_also).run(target, observer)?;
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
        let surely = Backward::new(self, admitted, |edge| !edge.has_also).run(target, observer)?;
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
        if self.watches.is_empty() {
            return Ok(Vec::new());
        }
        let maybe = Backward::new(self, admitted, |_| true).run(target, observer)?;
        let open: Vec<usize> = (0..starts.len()).filter(|at| !surely.leads(starts[*at]) && maybe.leads(starts[*at])).collect();
        let alone: Vec<Vec<Fact>> = open.iter().map(|at| vec![starts[*at]]).collect();
        let counts = self.count_many(&alone, admitted, target, observer)?;
        Ok(open.into_iter().zip(counts).filter(|(_, count)| *count > 0).map(|(at, _)| at).collect())
    }
}

/// The edges by the entity that they lead to; records of one secret are joined by their groups instead.
struct Backward<'a> {
    graph: &'a Graph,
    starts: Vec<u32>,
    edges: Vec<u32>,
    groups: Vec<bool>,
    leads: Vec<Lead>,
    open: VecDeque<Fact>,
}

/// By what a fact leads to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    Nowhere,
    /// It is over a target.
    There,
    /// It gives another right over the same entity.
    Implies(Right),
    /// It gives another record of the same secret.
    Record(EntityIndex),
    /// It is what an edge requires.
    Edge(u32),
}

impl<'a> Backward<'a> {
    fn new(graph: &'a Graph, admitted: Certainty, wanted: impl Fn(&Edge) -> bool) -> Self {
        let followed = |edge: &&Edge| edge.kind != RelationKind::SameSecret && admits(admitted, edge) && wanted(edge);
        let mut starts = vec![0u32; graph.estate.len() + 1];
        for edge in graph.edges.iter().filter(followed) {
            starts[edge.to as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut edges = vec![0; starts[starts.len() - 1] as usize];
        for (at, edge) in graph.edges.iter().enumerate().filter(|(_, edge)| followed(edge)) {
            edges[next[edge.to as usize] as usize] = at as u32;
            next[edge.to as usize] += 1;
        }
        let groups = vec![false; graph.groups.len()];
        Backward { graph, starts, edges, groups, leads: vec![Lead::Nowhere; graph.estate.len() * 3], open: VecDeque::new() }
    }

    /// Whether a fact leads to the target.
    fn leads(&self, fact: Fact) -> bool {
        self.leads[fact.position()] != Lead::Nowhere
    }

    /// A shortest way from a fact to the target, once this was run.
    fn way(&self, mut fact: Fact) -> Vec<Step> {
        let mut way = Vec::new();
        loop {
            let hop = match self.leads[fact.position()] {
                Lead::Nowhere | Lead::There => return way,
                Lead::Implies(right) => {
                    fact.right = right;
                    continue;
                }
                Lead::Record(to) => Step { from: fact.entity, kind: RelationKind::SameSecret, to, right: Right::Read, relation: None },
                Lead::Edge(at) => {
                    let edge = &self.graph.edges[at as usize];
                    step(edge, EntityIndex(edge.to))
                }
            };
            way.push(hop);
            fact = Fact::new(hop.to, hop.right);
        }
    }

    /// Follows the edges backward from the target, nearest first.
    fn run(mut self, target: &[bool], observer: &dyn Observer) -> Result<Self> {
        for at in (0..target.len()).filter(|at| target[*at]) {
            for right in Right::ALL {
                self.mark(Fact::new(EntityIndex(at as u32), *right), Lead::There);
            }
        }
        let mut seen = 0u64;
        while let Some(fact) = self.open.pop_front() {
            if seen.is_multiple_of(16_384) {
                observer.check(seen, 0)?;
            }
            seen += 1;
            if fact.right == Right::Read {
                self.mark_same_secret(fact.entity);
            }
            let entity = fact.entity.position();
            for at in self.starts[entity] as usize..self.starts[entity + 1] as usize {
                let edge = self.graph.edges[self.edges[at] as usize];
                if edge.grants == fact.right {
                    self.mark(Fact::new(edge.from, edge.requires), Lead::Edge(self.edges[at]));
                }
            }
        }
        Ok(self)
    }

    /// The other records of a secret lead wherever it leads; each group is marked once.
    fn mark_same_secret(&mut self, secret: EntityIndex) {
        let graph = self.graph;
        let group = graph.edges_of(secret).map(|at| graph.edges[at]).find(|edge| edge.kind == RelationKind::SameSecret);
        let Some(group) = group.map(|edge| edge.to as usize) else { return };
        if !std::mem::replace(&mut self.groups[group], true) {
            for other in &graph.groups[group] {
                self.mark(Fact::new(*other, Right::Read), Lead::Record(secret));
            }
        }
    }

    fn mark(&mut self, fact: Fact, lead: Lead) {
        if self.leads(fact) {
            return;
        }
        self.leads[fact.position()] = lead;
        self.open.push_back(fact);
        // Control gives every right without a hop, so it leads there from the same distance.
        self.mark(Fact::new(fact.entity, Right::Control), Lead::Implies(fact.right));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::Estate;
    use crate::graph::GraphOptions;
    use crate::model::{Guard, GuardSet, Identity, IdentityKind, Instant, Relation, Secret, SecretKind};
    use crate::observer::Unobserved;

    /// A small estate that a number decides, with everything that makes a relation special.
    fn estate(mut seed: u64) -> Estate {
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let mut builder = Estate::builder();
        for at in 0..6 {
            builder.add(Identity::new(format!("i{at}"), IdentityKind::Role));
            let fingerprint = Some(format!("f{}", next(3))).filter(|_| at % 2 == 0);
            builder.add(Secret { fingerprint, ..Secret::new(format!("s{at}"), SecretKind::Token) });
        }
        for _ in 0..12 {
            let (from, to) = (next(6), next(6));
            let mut relation = match next(5) {
                0 => Relation::new(format!("s{from}"), RelationKind::AuthenticatesAs, format!("i{to}")),
                1 => Relation::new(format!("i{from}"), RelationKind::Uses, format!("s{to}")),
                2 => Relation::new(format!("i{from}"), RelationKind::Writes, format!("i{to}")),
                3 => {
                    Relation::new(format!("i{from}"), RelationKind::Custom, format!("i{to}")).requiring(Right::Write).granting(Right::Read)
                }
                _ => Relation::new(format!("i{from}"), RelationKind::Assumes, format!("i{to}")),
            };
            if next(3) == 0 {
                relation = relation.also(format!("i{}", next(6)), Right::ALL[next(3) as usize]);
            }
            if next(5) == 0 {
                relation = relation.certainty(Certainty::Possible);
            }
            if next(8) == 0 {
                relation = relation.guards(GuardSet::NONE.with(Guard::Mfa));
            }
            builder.relate(relation);
        }
        builder.build()
    }

    #[test]
    fn a_start_leads_there_exactly_when_its_own_closure_does() {
        for seed in 0..300 {
            let estate = estate(seed);
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
                    let needs_more = graph.edges.iter().any(|edge| edge.has_also);
                    assert!(needs_more || way.map(|way| way.len() as u32) == depth, "seed {seed}, {start:?}, {admitted}");
                }
            }
        }
    }
}

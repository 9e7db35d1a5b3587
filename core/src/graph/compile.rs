//! Compiles an estate into the edges that conduct at an instant.

use super::Fact;
use super::arcs::{Arcs, Joint, Numbers};
use super::edges::Edges;
use super::nodes::Nodes;
use super::plan::Plan;
use super::sources::{Source, Sources};
use crate::error::Result;
use crate::estate::{EntityIndex, Estate, RelationIndex, RelationRef, SecretCopies};
use crate::model::{Certainty, EntityType, Guard, GuardSet, Instant, RelationKind, Right};
use crate::observer::{Observer, Unobserved};
use std::sync::Arc;

/// What decides whether a relation conducts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct GraphOptions {
    /// The instant: relations that are not valid then, disabled or expired identities and expired or revoked secrets do not conduct.
    pub as_of: Instant,
    /// The guards that stop a holder. By default all but `just_in_time`.
    pub honoured: GuardSet,
}

impl GraphOptions {
    /// The graph at an instant, with the guards honoured by default.
    pub const fn at(as_of: Instant) -> Self {
        GraphOptions { as_of, honoured: GuardSet::HONOURED }
    }

    /// The same options, with these guards lifted: as if whoever meets them were the attacker.
    #[must_use]
    pub fn ignore_guards(mut self, guards: GuardSet) -> Self {
        for guard in guards.iter() {
            self.honoured = self.honoured.without(guard);
        }
        self
    }

    /// The same options, with one more guard honoured: `just_in_time`, above all.
    #[must_use]
    pub const fn honour(mut self, guard: Guard) -> Self {
        self.honoured = self.honoured.with(guard);
        self
    }

    /// Whether neither a guard nor the instant stops a relation.
    pub(super) fn lets_through(&self, relation: RelationRef<'_>) -> bool {
        !relation.guards().intersects(self.honoured) && relation.valid_at(self.as_of)
    }
}

/// An estate compiled for traversal at one instant. Immutable; costs 4 bytes a relation and 20 an entity.
#[derive(Debug)]
pub struct Graph {
    pub(super) estate: Estate,
    pub(super) options: GraphOptions,
    pub(super) nodes: Arc<Nodes>,
    pub(super) arcs: Arcs,
    pub(super) joints: Vec<Joint>,
    /// The living secrets of each fingerprint that more than one has.
    pub(super) groups: Vec<Vec<EntityIndex>>,
    /// For each entity where its edges start among all; one more than there are entities.
    starts: Vec<u32>,
    /// Where each edge comes from.
    sources: Sources,
    /// One bit an edge, set where it is only possible; empty where none is.
    possible: Vec<u64>,
}

/// A conducting relation, as a view: what it needs, and what it gives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub number: u32,
    pub from: EntityIndex,
    /// The entity that is gained; for `same_secret` the number of the group instead.
    pub to: u32,
    relation: Option<RelationIndex>,
    pub kind: RelationKind,
    pub requires: Right,
    pub grants: Right,
    pub certainty: Certainty,
}

impl Edge {
    pub fn relation(&self) -> Option<RelationIndex> {
        self.relation
    }
}

/// The bytes that an entity and a relation take at the peak of compiling.
const AN_ENTITY: u64 = 32;
const A_RELATION: u64 = 12;

impl Graph {
    /// Compiles an estate. Costs two passes over its relations.
    pub fn new(estate: &Estate, options: GraphOptions) -> Graph {
        // Unobserved work is never cancelled.
        match Graph::compile(estate, options, &Unobserved) {
            Ok(graph) => graph,
            Err(_) => unreachable!("work that nobody watches is not cancelled"),
        }
    }

    /// [`Graph::new`], watched.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`], [`crate::ErrorCode::LimitExceeded`].
    pub fn compile(estate: &Estate, options: GraphOptions, observer: &dyn Observer) -> Result<Graph> {
        observer.claim(estate.len() as u64 * AN_ENTITY + estate.relations().len() as u64 * A_RELATION)?;
        let lives = |secret| estate.entity(secret).lives_at(options.as_of);
        let groups = SecretCopies::of(estate, lives).into_groups();
        let containers = estate.containers();
        let edges = Edges::of(estate, options, &containers, &groups, observer)?;
        Ok(Graph::assemble(estate, options, edges, &containers, groups))
    }

    /// The graph of some edges.
    fn assemble(estate: &Estate, options: GraphOptions, edges: Edges, containers: &[u32], groups: Vec<Vec<EntityIndex>>) -> Graph {
        let columns = estate.relation_columns();
        let (nodes, arcs, joints) = Plan::new(estate, &columns, &edges, &groups).carry_out(containers);
        let possible = if edges.possible { possible(estate, &edges) } else { Vec::new() };
        let Edges { starts, sources, .. } = edges;
        Graph { estate: estate.clone(), options, nodes: Arc::new(nodes), arcs, joints, groups, starts, sources, possible }
    }

    /// The same graph with only those of its edges that are wanted.
    pub(super) fn of_edges(&self, wanted: impl Fn(&Edge) -> bool, groups: Vec<Vec<EntityIndex>>) -> Graph {
        let mut edges = Edges::default();
        let columns = self.estate.relation_columns();
        let mut numbers = (0..self.len() as u32).peekable();
        for entity in self.estate.indices() {
            edges.begin();
            let end = self.starts[entity.position() + 1];
            while let Some(edge) = numbers.next_if(|number| *number < end).map(|number| self.edge(number)) {
                if wanted(&edge) {
                    edges.add(&columns, &self.estate, &edge);
                }
            }
        }
        edges.end();
        Graph::assemble(&self.estate, self.options, edges, &self.estate.containers(), groups)
    }

    /// The estate.
    pub fn estate(&self) -> &Estate {
        &self.estate
    }

    /// The options it was compiled with.
    pub fn options(&self) -> GraphOptions {
        self.options
    }

    /// The number of conducting relations, derived ones included.
    pub fn len(&self) -> usize {
        self.sources.len() as usize
    }

    /// Whether nothing conducts.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The facts that an attacker who took an entity starts with: control of a tenant, identity or resource, read of a secret.
    pub fn taken(&self, entity: EntityIndex) -> Fact {
        match self.estate.entity(entity).entity_type() {
            EntityType::Secret => Fact::new(entity, Right::Read),
            _ => Fact::new(entity, Right::Control),
        }
    }

    /// Whether a relation of the graph needs more than its FROM.
    pub(crate) fn needs_several(&self) -> bool {
        !self.joints.is_empty()
    }

    /// Whether an entity lives at the graph's instant: is not disabled, expired or revoked; a tenant always lives.
    pub fn lives(&self, entity: EntityIndex) -> bool {
        self.estate.entity(entity).lives_at(self.options.as_of)
    }

    /// Whether a relation of the estate conducts.
    pub fn conducts(&self, relation: RelationRef<'_>) -> bool {
        let lives = self.lives(relation.from()) && self.lives(relation.to());
        lives && relation.grants().is_some() && self.options.lets_through(relation)
    }

    /// Whether any edge is only possible.
    pub(super) fn has_possible(&self) -> bool {
        !self.possible.is_empty()
    }

    /// Whether an edge conducts under what is admitted.
    pub(super) fn admits(&self, admitted: Certainty, edge: u32) -> bool {
        admitted == Certainty::Possible || !self.is_possible(edge)
    }

    pub(super) fn is_possible(&self, edge: u32) -> bool {
        self.possible.get(edge as usize / 64).is_some_and(|word| word >> (edge % 64) & 1 != 0)
    }

    /// The first node that is a joint.
    pub(super) fn first_joint(&self) -> u32 {
        (self.nodes.len() + self.groups.len()) as u32
    }

    /// The group of equal secrets that a node is.
    pub(super) fn group(&self, node: u32) -> Option<u32> {
        node.checked_sub(self.nodes.len() as u32).filter(|group| (*group as usize) < self.groups.len())
    }

    /// Whether anything follows without a hop.
    pub(super) fn has_free(&self) -> bool {
        self.arcs.nodes() > self.estate.len()
    }

    /// The entity that an edge starts at.
    pub(super) fn edge_from(&self, number: u32) -> EntityIndex {
        EntityIndex(self.starts.partition_point(|start| *start <= number) as u32 - 1)
    }

    /// An edge by its number. Costs a binary search, or two for a derived one.
    pub(super) fn edge(&self, number: u32) -> Edge {
        match self.sources.get(number) {
            Source::Relation(at) => {
                let it = self.estate.relation(RelationIndex(at));
                let (requires, certainty) = (it.requires(), it.certainty());
                // A relation without a grant does not conduct.
                let grants = it.grants().unwrap_or(Right::Read);
                let relation = Some(it.index());
                Edge { number, from: it.from(), to: it.to().0, relation, kind: it.kind(), requires, grants, certainty }
            }
            Source::Derived(at) => {
                let (to, is_same) = self.sources.derived(at);
                let (kind, right) =
                    if is_same { (RelationKind::SameSecret, Right::Read) } else { (RelationKind::Contains, Right::Control) };
                let from = self.edge_from(number);
                Edge { number, from, to, relation: None, kind, requires: right, grants: right, certainty: Certainty::Proven }
            }
        }
    }

    /// The arcs that are hops of their own FROM (not the further premises of a joint), in the canonical order of their edges: edge, node, end.
    pub(super) fn each_hop(&self, mut visit: impl FnMut(u32, u32, u32)) {
        let mut hops: Vec<(u32, u32, u32)> = Vec::new();
        for entity in self.estate.indices() {
            let nodes = self.nodes.of_entity(entity);
            if let (1, (to, Numbers::From(first))) = (nodes.len(), self.arcs.numbered(nodes.start)) {
                to.iter().zip(first..).for_each(|(to, edge)| visit(edge, nodes.start, *to));
                continue;
            }
            hops.clear();
            for node in nodes {
                self.hops(node, |edge, to| hops.push((edge, node, to)));
            }
            hops.sort_unstable();
            hops.iter().for_each(|(edge, node, to)| visit(*edge, *node, *to));
        }
    }

    /// The hops of one fact's node, as [`Graph::each_hop`] gives them: edge and end.
    pub(super) fn hops(&self, node: u32, mut visit: impl FnMut(u32, u32)) {
        match self.arcs.numbered(node) {
            (to, Numbers::From(first)) => to.iter().zip(first..).for_each(|(to, edge)| visit(edge, *to)),
            (to, Numbers::Listed(numbers)) => {
                let own = self.starts[self.nodes.entity(node).position()]..self.starts[self.nodes.entity(node).position() + 1];
                let is_own = |edge: u32, to: u32| own.contains(&edge) && (to < self.first_joint() || self.edge_requires(edge, node));
                for (to, edge) in to.iter().zip(numbers).filter(|(to, edge)| is_own(**edge, **to)) {
                    visit(*edge, *to);
                }
            }
        }
    }

    /// Whether a node is what an edge of its entity requires of FROM.
    fn edge_requires(&self, edge: u32, node: u32) -> bool {
        self.edge(edge).requires == self.nodes.fact(node).right
    }

    /// The node that a hop gains: the fact behind a joint, else where it leads.
    pub(super) fn gained(&self, to: u32) -> u32 {
        if to < self.first_joint() { to } else { self.arcs.of_node(to)[0] }
    }

    /// The entities an edge leads to: one, or the other records of the same secret.
    pub(super) fn targets(&self, edge: &Edge) -> impl Iterator<Item = EntityIndex> + '_ {
        let (one, group) = if edge.kind == RelationKind::SameSecret {
            (None, self.groups[edge.to as usize].as_slice())
        } else {
            (Some(EntityIndex(edge.to)), [].as_slice())
        };
        let from = edge.from;
        one.into_iter().chain(group.iter().copied().filter(move |to| *to != from))
    }

    /// What an edge needs: FROM first, then its further premises in order.
    pub(super) fn premises(&self, edge: &Edge) -> impl Iterator<Item = Fact> + '_ {
        let also = edge.relation().map(|relation| self.estate.relation(relation).also()).into_iter().flatten();
        std::iter::once(Fact::new(edge.from, edge.requires)).chain(also.map(|(entity, right)| Fact::new(entity, right)))
    }

    /// The nodes of what an edge needs, each once.
    pub(super) fn premise_nodes(&self, edge: u32) -> Vec<u32> {
        let mut nodes: Vec<u32> = self.premises(&self.edge(edge)).filter_map(|premise| self.nodes.of_fact(premise)).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }
}

/// A bit an edge, set where it is only possible.
fn possible(estate: &Estate, edges: &Edges) -> Vec<u64> {
    let columns = estate.relation_columns();
    let mut possible = vec![0u64; edges.len().div_ceil(u64::BITS) as usize];
    for entity in estate.indices().filter(|entity| edges.kinds[entity.position()].is_special()) {
        edges.each(&columns, estate, entity, |edge| {
            possible[edge.number as usize / 64] |= u64::from(edge.marks.is_possible()) << (edge.number % 64);
        });
    }
    possible
}

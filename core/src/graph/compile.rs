//! Compiles an estate into the edges that conduct at an instant.

use super::Fact;
use crate::error::Result;
use crate::estate::{EntityIndex, Estate, RelationIndex, RelationRef, SecretCopies};
use crate::model::{Certainty, EntityType, Guard, GuardSet, Instant, RelationKind, Right};
use crate::observer::{Observer, Unobserved};

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
}

/// A conducting relation. Edges stand in the canonical order of relations, derived ones included, so that the least edge is the one to report.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub from: EntityIndex,
    /// The entity that is gained; for `same_secret` the number of the group instead.
    pub to: u32,
    /// The relation of the estate; `DERIVED` where rule 3 or 4 made it.
    pub relation: u32,
    pub kind: RelationKind,
    pub requires: Right,
    pub grants: Right,
    pub certainty: Certainty,
    pub has_also: bool,
}

pub(super) const DERIVED: u32 = u32::MAX;

impl Edge {
    pub fn relation(&self) -> Option<RelationIndex> {
        (self.relation != DERIVED).then_some(RelationIndex(self.relation))
    }
}

/// An estate compiled for traversal at one instant. Immutable; costs about 24 bytes a relation and 8 an entity.
#[derive(Debug)]
pub struct Graph {
    pub(super) estate: Estate,
    pub(super) options: GraphOptions,
    pub(super) edges: Vec<Edge>,
    /// Where the edges of each entity start in `edges`; one more than there are entities.
    pub(super) starts: Vec<u32>,
    /// The premises of edges with `also`: (premise, edge), by premise.
    pub(super) watches: Vec<(Fact, u32)>,
    /// The living secrets of each fingerprint that more than one has.
    pub(super) groups: Vec<Vec<EntityIndex>>,
    pub(super) has_possible: bool,
}

impl Graph {
    /// Compiles an estate. Costs one pass over its relations and a sort of the derived ones.
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
    /// [`crate::ErrorCode::Cancelled`].
    pub fn compile(estate: &Estate, options: GraphOptions, observer: &dyn Observer) -> Result<Graph> {
        let living: Vec<bool> = estate.entities().iter().map(|entity| entity.lives_at(options.as_of)).collect();
        let groups = SecretCopies::of(estate, |secret| living[secret.position()]).into_groups();
        let mut edges = conducting(estate, options, &living, observer)?;
        edges.extend(containments(estate, &living));
        edges.extend(same_secret(&groups));
        // Derived edges sort before written ones of the same ends: `relation` is compared last, and they were appended as `DERIVED`.
        edges.sort_by_key(|edge| (edge.from, edge.kind, edge.to, edge.relation.wrapping_add(1)));
        let starts = starts(&edges, estate.len());
        let watches = watches(estate, &edges);
        let has_possible = edges.iter().any(|edge| edge.certainty == Certainty::Possible);
        Ok(Graph { estate: estate.clone(), options, edges, starts, watches, groups, has_possible })
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
        self.edges.len()
    }

    /// Whether nothing conducts.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
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
        !self.watches.is_empty()
    }

    /// Whether an entity lives at the graph's instant: is not disabled, expired or revoked; a tenant always lives.
    pub fn lives(&self, entity: EntityIndex) -> bool {
        self.estate.entity(entity).lives_at(self.options.as_of)
    }

    /// Whether a relation of the estate conducts.
    pub fn conducts(&self, relation: RelationRef<'_>) -> bool {
        let lives = self.lives(relation.from()) && self.lives(relation.to());
        lives
            && relation.grants().is_some()
            && !relation.guards().intersects(self.options.honoured)
            && relation.valid_at(self.options.as_of)
    }

    pub(super) fn edges_of(&self, entity: EntityIndex) -> std::ops::Range<usize> {
        self.starts[entity.position()] as usize..self.starts[entity.position() + 1] as usize
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
        let relation = edge.relation().filter(|_| edge.has_also).map(|relation| self.estate.relation(relation));
        let also = relation.into_iter().flat_map(|relation| relation.also());
        std::iter::once(Fact::new(edge.from, edge.requires)).chain(also.map(|(entity, right)| Fact::new(entity, right)))
    }

    /// The edges with a further premise that a fact may complete.
    pub(super) fn watching(&self, fact: Fact) -> impl Iterator<Item = u32> + '_ {
        let first = self.watches.partition_point(|(premise, _)| *premise < fact);
        self.watches[first..].iter().take_while(move |(premise, _)| *premise == fact).map(|(_, edge)| *edge)
    }
}

/// The relations that conduct, in their canonical order.
fn conducting(estate: &Estate, options: GraphOptions, living: &[bool], observer: &dyn Observer) -> Result<Vec<Edge>> {
    let relations = estate.relations();
    let total = relations.len() as u64;
    let mut edges = Vec::with_capacity(relations.len() + estate.len());
    for (at, relation) in relations.enumerate() {
        if at % 65_536 == 0 {
            observer.check(at as u64, total)?;
        }
        let Some(grants) = relation.grants() else { continue };
        let lives = living[relation.from().position()] && living[relation.to().position()];
        if !lives || relation.guards().intersects(options.honoured) || !relation.valid_at(options.as_of) {
            continue;
        }
        edges.push(Edge {
            from: relation.from(),
            to: relation.to().0,
            relation: relation.index().0,
            kind: relation.kind(),
            requires: relation.requires(),
            grants,
            certainty: relation.certainty(),
            has_also: relation.also().len() > 0,
        });
    }
    Ok(edges)
}

/// Rule 4: what a tenant contains, from the `tenant` of entities and the `parent` of tenants.
fn containments<'a>(estate: &'a Estate, living: &'a [bool]) -> impl Iterator<Item = Edge> + 'a {
    estate.indices().filter_map(|entity| {
        let container = estate.container(entity)?;
        let conducts = living[entity.position()] && living[container.position()] && container != entity;
        conducts.then(|| derived(container, RelationKind::Contains, entity.0))
    })
}

/// Rule 3: one edge a secret, to the group of its records.
fn same_secret(groups: &[Vec<EntityIndex>]) -> impl Iterator<Item = Edge> + '_ {
    groups
        .iter()
        .enumerate()
        .flat_map(|(group, secrets)| secrets.iter().map(move |secret| derived(*secret, RelationKind::SameSecret, group as u32)))
}

fn derived(from: EntityIndex, kind: RelationKind, to: u32) -> Edge {
    let right = if kind == RelationKind::SameSecret { Right::Read } else { Right::Control };
    Edge { from, to, relation: DERIVED, kind, requires: right, grants: right, certainty: Certainty::Proven, has_also: false }
}

pub(super) fn starts(edges: &[Edge], entities: usize) -> Vec<u32> {
    let mut starts = vec![0; entities + 1];
    for edge in edges {
        starts[edge.from.position() + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}

pub(super) fn watches(estate: &Estate, edges: &[Edge]) -> Vec<(Fact, u32)> {
    let mut watches: Vec<_> = edges
        .iter()
        .enumerate()
        .filter(|(_, edge)| edge.has_also)
        .filter_map(|(at, edge)| Some((at as u32, estate.relation(edge.relation()?))))
        .flat_map(|(at, relation)| relation.also().map(move |(entity, right)| (Fact::new(entity, right), at)))
        .collect();
    watches.sort_unstable();
    watches
}

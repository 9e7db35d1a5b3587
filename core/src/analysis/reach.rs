//! [`reach`]: what of a target is held from a start, how deep, over which crossings, by which paths.

use super::PathStep;
use crate::error::Result;
use crate::estate::{EntityIndex, Estate, Selection};
use crate::graph::{self, Closure, Fact, Graph, Step, marks};
use crate::model::words::words;
use crate::model::{Certainty, EnvironmentClass, Instant, RelationKind, Right};
use crate::observer::Observer;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// What [`reach`] is asked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReachOptions {
    /// The start: the living entities of this selection are taken (control of tenants, identities and resources, read of secrets).
    pub from: Selection,
    /// The target.
    pub to: Selection,
    /// Whether relations that are only possible are admitted; facts that need one are then marked so.
    pub admitted: Certainty,
    /// How many paths are written at most: one a crossing, then the shortest to further target facts.
    pub paths: usize,
    /// Whether every crossing gets its path, even where that is more than `paths`: then the first paths are those of the crossings, one each.
    pub every_crossing: bool,
}

impl Default for ReachOptions {
    /// From every living non-production entity to production, possible relations admitted and marked, 20 paths.
    fn default() -> Self {
        ReachOptions {
            from: Selection::class(EnvironmentClass::NonProduction),
            to: Selection::class(EnvironmentClass::Production),
            admitted: Certainty::Possible,
            paths: 20,
            every_crossing: false,
        }
    }
}

/// The answer of [`reach`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The instant of the question.
    pub as_of: Instant,
    /// The start, as selectors any of which holds.
    pub from: Vec<String>,
    /// The target, as selectors any of which holds.
    pub to: Vec<String>,
    /// Every target fact held, by entity then right (control, read, write), those implied by control included.
    pub reached: Vec<ReachedFact>,
    /// The conducting relations on held facts that lead from outside the target into it, in the canonical order of relations.
    pub crossings: Vec<Crossing>,
    /// One shortest path a crossing, then one to each further target fact, as many as were asked for.
    pub paths: Vec<Path>,
}

/// A fact that is held, with ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReachedFact {
    /// The id of the entity.
    pub entity: String,
    /// The right over it.
    pub right: Right,
    /// The least number of hops.
    pub depth: u32,
    /// Proven where proven relations alone give it.
    pub certainty: Certainty,
}

/// A conducting relation on held facts that leads into the target from outside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Crossing {
    /// The id of the entity outside.
    pub from: String,
    /// The kind of the relation.
    pub kind: RelationKind,
    /// The id of the target entity.
    pub to: String,
    /// The right that it grants.
    pub right: Right,
    /// Proven where the relation and all that it needs are.
    pub certainty: Certainty,
    /// The number of target entities in the closure of the fact it grants, alone.
    pub reached: u64,
}

/// A shortest path to a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Path {
    /// The id of the entity it ends at.
    pub entity: String,
    /// The right over it.
    pub right: Right,
    /// How sure the path is.
    pub certainty: Certainty,
    /// The hops in order; what a hop needs stands before it.
    pub steps: Vec<PathStep>,
}

words! {
    /// Whether an entity is held at all.
    Verdict {
        /// Held by proven relations alone.
        Proven => "proven",
        /// Held where a possible relation conducts.
        Possible => "possible",
        /// Not held.
        NotReached => "not_reached",
    }
}

impl Reach {
    /// The ids of the target entities over which some right is proven, each once, in order.
    pub fn proven_entities(&self) -> impl Iterator<Item = &str> {
        let proven = self.reached.iter().filter(|fact| fact.certainty == Certainty::Proven);
        let mut last = None;
        proven.map(|fact| fact.entity.as_str()).filter(move |entity| last.replace(*entity) != Some(*entity))
    }

    /// The verdict over one target entity. Costs a binary search.
    pub fn verdict(&self, entity: &str) -> Verdict {
        let first = self.reached.partition_point(|fact| fact.entity.as_str() < entity);
        let facts = self.reached[first..].iter().take_while(|fact| fact.entity == entity);
        match facts.map(|fact| fact.certainty).min() {
            Some(Certainty::Proven) => Verdict::Proven,
            Some(Certainty::Possible) => Verdict::Possible,
            None => Verdict::NotReached,
        }
    }
}

/// What of a target is held from a start.
///
/// Costs one traversal (two where possible relations are admitted and there are any), one a 64 distinct crossed facts, and the length of the paths written.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub fn reach(graph: &Graph, options: &ReachOptions, observer: &dyn Observer) -> Result<Reach> {
    let estate = graph.estate();
    let target = marks(&options.to.of(estate), estate.len());
    let start = start(graph, &options.from);
    let closure = graph.closure(&start, options.admitted, observer)?;
    let reached = reached(estate, &closure, &target);
    let crossings = graph.crossings(&closure, options.admitted, |entity| target[entity.position()]);
    let counts = counts(graph, &crossings, &target, observer)?;
    let paths = paths(graph, &closure, &crossings, &target, options);
    let crossings = crossings.iter().map(|crossing| with_ids(estate, crossing, counts[&key(crossing)])).collect();
    let texts = |selection: &Selection| selection.texts();
    Ok(Reach { as_of: graph.options().as_of, from: texts(&options.from), to: texts(&options.to), reached, crossings, paths })
}

/// The start that a selection stands for: what whoever took its living entities holds.
pub(crate) fn start(graph: &Graph, selection: &Selection) -> Vec<Fact> {
    let entities = selection.of(graph.estate());
    entities.into_iter().filter(|entity| graph.lives(*entity)).map(|entity| graph.taken(entity)).collect()
}

fn reached(estate: &Estate, closure: &Closure, target: &[bool]) -> Vec<ReachedFact> {
    let targets = estate.indices().filter(|entity| target[entity.position()]);
    targets
        .flat_map(|entity| closure.held_over(entity))
        .map(|held| ReachedFact {
            entity: estate.entity(held.fact.entity).id().to_owned(),
            right: held.fact.right,
            depth: held.depth,
            certainty: held.certainty,
        })
        .collect()
}

type CrossedFact = (Fact, Certainty);

fn key(crossing: &graph::Crossing) -> CrossedFact {
    (Fact::new(crossing.step.to, crossing.step.right), crossing.certainty)
}

/// The number of target entities in the closure of each crossed fact, alone; each fact once, however many crossings grant it.
fn counts(graph: &Graph, crossings: &[graph::Crossing], target: &[bool], observer: &dyn Observer) -> Result<HashMap<CrossedFact, u64>> {
    let mut counts = HashMap::new();
    for certainty in [Certainty::Proven, Certainty::Possible] {
        let mut facts: Vec<_> =
            crossings.iter().filter(|crossing| crossing.certainty == certainty).map(|crossing| key(crossing).0).collect();
        facts.sort_unstable();
        facts.dedup();
        let starts: Vec<_> = facts.iter().map(|fact| vec![*fact]).collect();
        let found = graph.count_many(&starts, certainty, target, observer)?;
        counts.extend(facts.into_iter().map(|fact| (fact, certainty)).zip(found));
    }
    Ok(counts)
}

fn with_ids(estate: &Estate, crossing: &graph::Crossing, reached: u64) -> Crossing {
    let id = |entity: EntityIndex| estate.entity(entity).id().to_owned();
    let step = crossing.step;
    Crossing { from: id(step.from), kind: step.kind, to: id(step.to), right: step.right, certainty: crossing.certainty, reached }
}

fn paths(graph: &Graph, closure: &Closure, crossings: &[graph::Crossing], target: &[bool], options: &ReachOptions) -> Vec<Path> {
    let estate = graph.estate();
    let path = |fact: Fact, certainty: Certainty, steps: Vec<Step>| Path {
        entity: estate.entity(fact.entity).id().to_owned(),
        right: fact.right,
        certainty,
        steps: steps.into_iter().map(|step| PathStep::new(estate, step)).collect(),
    };
    let mut paths = Vec::new();
    let mut ends = HashSet::new();
    for crossing in crossings.iter().take(if options.every_crossing { crossings.len() } else { options.paths }) {
        let fact = key(crossing).0;
        ends.insert(fact);
        paths.push(path(fact, crossing.certainty, graph.crossing_path(closure, crossing)));
    }
    let further = estate.indices().filter(|entity| target[entity.position()]).flat_map(|entity| closure.held_over(entity));
    let mut further: Vec<_> = further.filter(|held| held.depth > 0 && !ends.contains(&held.fact)).collect();
    further.sort_by_key(|held| (held.depth, held.fact));
    for held in further.into_iter().take(options.paths.saturating_sub(paths.len())) {
        paths.push(path(held.fact, held.certainty, graph.path(closure, held.fact)));
    }
    paths
}

//! [`reach`]: what of a target is held from a start, how deep, over which crossings, by which paths.

use super::crossing::{start, with_ids};
use super::{Crossing, Path, ReachedFacts};
use crate::error::Result;
use crate::estate::{Estate, Selection};
use crate::graph::{self, Closure, Graph, marks};
use crate::model::words::words;
use crate::model::{Certainty, EnvironmentClass, Instant};
use crate::observer::Observer;
use serde::Serialize;
use std::collections::HashSet;

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
    pub reached: ReachedFacts,
    /// The conducting relations on held facts that lead from outside the target into it, in the canonical order of relations.
    pub crossings: Vec<Crossing>,
    /// One shortest path a crossing, then one to each further target fact, as many as were asked for.
    pub paths: Vec<Path>,
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
        proven.map(|fact| fact.entity).filter(move |entity| last.replace(*entity) != Some(*entity))
    }

    /// The verdict over one target entity. Costs two binary searches.
    pub fn verdict(&self, entity: &str) -> Verdict {
        match self.reached.over(entity).map(|fact| fact.certainty).min() {
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
    let reached = reached(estate, &closure, &target, observer)?;
    let crossings = graph.crossings(&closure, options.admitted, |entity| target[entity.position()]);
    let paths = paths(graph, &closure, &crossings, &target, options);
    let crossings = with_ids(graph, &crossings, &target, observer)?;
    let texts = |selection: &Selection| selection.texts();
    Ok(Reach { as_of: graph.options().as_of, from: texts(&options.from), to: texts(&options.to), reached, crossings, paths })
}

fn reached(estate: &Estate, closure: &Closure, target: &[bool], observer: &dyn Observer) -> Result<ReachedFacts> {
    let mut reached = ReachedFacts::new(estate);
    for entity in estate.indices() {
        reached.watch(entity, observer)?;
        if target[entity.position()] {
            reached.gather(closure.held_over(entity));
        }
    }
    Ok(reached)
}

fn paths(graph: &Graph, closure: &Closure, crossings: &[graph::Crossing], target: &[bool], options: &ReachOptions) -> Vec<Path> {
    let estate = graph.estate();
    let mut paths = Vec::new();
    let mut ends = HashSet::new();
    for crossing in crossings.iter().take(if options.every_crossing { crossings.len() } else { options.paths }) {
        let fact = crossing.fact();
        ends.insert(fact);
        paths.push(Path::new(estate, fact, crossing.certainty, graph.crossing_path(closure, crossing)));
    }
    let further = estate.indices().filter(|entity| target[entity.position()]).flat_map(|entity| closure.held_over(entity));
    let mut further: Vec<_> = further.filter(|held| held.depth > 0 && !ends.contains(&held.fact)).collect();
    further.sort_by_key(|held| (held.depth, held.fact));
    for held in further.into_iter().take(options.paths.saturating_sub(paths.len())) {
        paths.push(Path::new(estate, held.fact, held.certainty, graph.path(closure, held.fact)));
    }
    paths
}

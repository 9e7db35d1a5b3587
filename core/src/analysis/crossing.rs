//! [`Crossing`]: a relation that leads into a target from outside it, with ids; and the start that a selection stands for.

use crate::error::Result;
use crate::estate::{EntityIndex, Estate, Selection};
use crate::graph::{self, Fact, Graph};
use crate::model::{Certainty, RelationKind, Right};
use crate::observer::Observer;
use serde::Serialize;
use std::collections::HashMap;

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

impl Crossing {
    fn new(estate: &Estate, crossing: &graph::Crossing, reached: u64) -> Self {
        let id = |entity: EntityIndex| estate.entity(entity).id().to_owned();
        let step = crossing.step;
        Crossing { from: id(step.from), kind: step.kind, to: id(step.to), right: step.right, certainty: crossing.certainty, reached }
    }
}

/// Crossings with ids, in the same order, each with what hangs on it. Costs one traversal a 64 distinct crossed facts.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub(super) fn with_ids(graph: &Graph, crossings: &[graph::Crossing], target: &[bool], observer: &dyn Observer) -> Result<Vec<Crossing>> {
    let counts = counts(graph, crossings, target, observer)?;
    let reached = |crossing: &graph::Crossing| counts[&(crossing.fact(), crossing.certainty)];
    Ok(crossings.iter().map(|crossing| Crossing::new(graph.estate(), crossing, reached(crossing))).collect())
}

/// The start that a selection stands for: what whoever took its living entities holds.
pub(crate) fn start(graph: &Graph, selection: &Selection) -> Vec<Fact> {
    let entities = selection.of(graph.estate());
    entities.into_iter().filter(|entity| graph.lives(*entity)).map(|entity| graph.taken(entity)).collect()
}

type CrossedFact = (Fact, Certainty);

/// The number of target entities in the closure of each crossed fact, alone; each fact once, however many crossings grant it.
fn counts(graph: &Graph, crossings: &[graph::Crossing], target: &[bool], observer: &dyn Observer) -> Result<HashMap<CrossedFact, u64>> {
    let mut counts = HashMap::new();
    for certainty in [Certainty::Proven, Certainty::Possible] {
        let mut facts: Vec<_> =
            crossings.iter().filter(|crossing| crossing.certainty == certainty).map(|crossing| crossing.fact()).collect();
        facts.sort_unstable();
        facts.dedup();
        let starts: Vec<_> = facts.iter().map(|fact| vec![*fact]).collect();
        let found = graph.count_many(&starts, certainty, target, observer)?;
        counts.extend(facts.into_iter().map(|fact| (fact, certainty)).zip(found));
    }
    Ok(counts)
}

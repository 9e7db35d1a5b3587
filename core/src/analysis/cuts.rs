//! [`cuts`]: the choke points on the way to a target, and the cheapest set of relations whose end leaves nothing of it held.

mod action;
mod choke_points;
mod search;
#[cfg(test)]
mod tests;

pub use choke_points::ChokePoint;

use crate::error::Result;
use crate::estate::Selection;
use crate::graph::{Fact, Graph, marks};
use crate::model::{Certainty, EnvironmentClass, RelationKind, Right};
use crate::observer::Observer;
use crate::policy::CutCosts;
use serde::Serialize;

/// What [`cuts`] is asked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CutsOptions {
    /// The start, as for `reach`.
    pub from: Selection,
    /// The target. What of it is part of the start is left out: no relation leads there that could be ended.
    pub to: Selection,
    /// Whether relations that are only possible must be cut too.
    pub admitted: Certainty,
    /// What it costs to end a relation.
    pub costs: CutCosts,
    /// How many choke points are listed at most.
    pub choke_points: usize,
}

impl CutsOptions {
    /// Every way that is proven from non-production to production, at these costs, and the 100 narrowest choke points.
    pub fn at(costs: CutCosts) -> Self {
        CutsOptions {
            from: Selection::class(EnvironmentClass::NonProduction),
            to: Selection::class(EnvironmentClass::Production),
            admitted: Certainty::Proven,
            costs,
            choke_points: 100,
        }
    }
}

/// The answer of [`cuts`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cuts {
    /// Which ways are cut: the proven ones, or the possible ones too. As it was asked, so not in the JSON.
    #[serde(skip)]
    pub admitted: Certainty,
    /// Whether no cheaper cut exists: `cost` equals `bound`.
    pub exact: bool,
    /// The cost of the cut; null where no cut exists, because something on the way will not be ended.
    pub cost: Option<u64>,
    /// What every cut costs at least: the value of `flow`.
    pub bound: u64,
    /// What to end, in the canonical order of relations.
    pub cut: Vec<CutLine>,
    /// Ways to the target that share no more of a relation than it costs, as many as `bound`: each must be cut somewhere.
    pub flow: Vec<Vec<FlowStep>>,
    /// The facts that are held all the same once the cut is made and from which the way led on, the start itself left out.
    pub start_side: Vec<HeldSide>,
    /// The facts without which target entities are not held, most first.
    pub choke_points: Vec<ChokePoint>,
}

/// A relation to end, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CutLine {
    /// The id of FROM.
    pub from: String,
    /// The kind of the relation.
    pub kind: RelationKind,
    /// The id of TO.
    pub to: String,
    /// What ending it costs.
    pub cost: u64,
    /// What to do, in words.
    pub action: String,
}

/// A relation on a way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FlowStep {
    /// The id of FROM.
    pub from: String,
    /// The kind of the relation.
    pub kind: RelationKind,
    /// The id of TO.
    pub to: String,
}

/// A fact on the start's side of the cut.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct HeldSide {
    /// The id of the entity.
    pub entity: String,
    /// The right over it.
    pub right: Right,
}

/// The choke points on the way to a target, and the cheapest cut.
///
/// Without further premises (`also`) on the way the cut is a minimum cut and its certificate a flow of the same value. With them the problem is hard; the
/// cut is then still a cut, made as cheap as the tries found, and `bound` is what is proved without those relations. Costs a maximum flow on the part of the
/// graph between start and target, and a dominator tree; with `also` on the way two more flows a premise, and a traversal a line of the cut. An observer
/// in a hurry ([`Observer::hurried`]) ends the search early: the cut is then the cheapest between two distances from the start, and `bound` what was proved by then.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub fn cuts(graph: &Graph, options: &CutsOptions, observer: &dyn Observer) -> Result<Cuts> {
    let ends = Ends::of(graph, options);
    let closure = graph.closure(&ends.start, options.admitted, observer)?;
    let (start, target, prices) = (&ends.start, &ends.target, options.costs.prices());
    let mut answer = search::Search { graph, start, target, admitted: options.admitted, prices, observer }.cut(&closure)?;
    if options.choke_points > 0 {
        answer.choke_points = choke_points::choke_points(graph, &closure, (start, target), options, observer)?;
    }
    Ok(answer)
}

/// The choke points alone, as [`cuts`] lists them: the facts without which target entities are not held, most first. Costs a traversal and a dominator tree;
/// with `also` on the way a traversal a fact on it.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub fn choke_points(graph: &Graph, options: &CutsOptions, observer: &dyn Observer) -> Result<Vec<ChokePoint>> {
    let ends = Ends::of(graph, options);
    let closure = graph.closure(&ends.start, options.admitted, observer)?;
    choke_points::choke_points(graph, &closure, (&ends.start, &ends.target), options, observer)
}

/// The start, and what of the target is no part of it.
struct Ends {
    start: Vec<Fact>,
    target: Vec<bool>,
}

impl Ends {
    fn of(graph: &Graph, options: &CutsOptions) -> Ends {
        let estate = graph.estate();
        let mut target = marks(&options.to.of(estate), estate.len());
        let start = super::start(graph, &options.from);
        for fact in &start {
            target[fact.entity.position()] = false;
        }
        Ends { start, target }
    }
}

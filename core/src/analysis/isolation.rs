//! [`isolation`]: whether the boundaries of a policy hold, with a certificate where they do and paths where they do not.

mod certificate;
#[cfg(test)]
mod tests;
mod verify;

pub use certificate::{Certificate, ClosedSet};
pub use verify::verify;

use super::{Path, PathStep};
use crate::error::Result;
use crate::estate::{Coverage, EntityIndex, Estate};
use crate::graph::{Closure, Fact, Graph, HeldFact};
use crate::model::words::words;
use crate::model::{Certainty, Environment, Instant, Right};
use crate::observer::Observer;
use crate::policy::{Boundary, Flow, Policy, Side};
use serde::Serialize;

words! {
    /// Whether a boundary holds.
    IsolationVerdict {
        /// Nothing crosses, not even where a possible relation conducts.
        Isolated => "isolated",
        /// Something crosses where a possible relation conducts.
        Possible => "possible",
        /// Something crosses.
        Broken => "broken",
    }
}

/// The answer of [`isolation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Isolation {
    /// The worst of the flows' verdicts.
    pub verdict: IsolationVerdict,
    /// Every boundary with every right, in the order of the policy and of control, read, write.
    pub flows: Vec<IsolationFlow>,
    /// What was not in the input: "isolated" speaks of what was read, and this is what was not.
    pub coverage: Vec<Coverage>,
    /// What proves that everything is isolated; null where it is not.
    pub certificate: Option<Certificate>,
}

/// A right across a boundary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IsolationFlow {
    /// Where an attacker may stand.
    pub from: Side,
    /// What must not be gained from there.
    pub to: Side,
    /// The right.
    pub right: Right,
    /// Whether it is gained.
    pub verdict: IsolationVerdict,
    /// The shortest ways to what is gained though nothing allows it, nearest first.
    pub paths: Vec<Path>,
}

/// Whether the boundaries of a policy hold on a graph: nothing of a boundary's far side is held from the living entities of its near side, but what an
/// allowed flow that has not ended says. `paths` ways are written for each right.
///
/// Environments that the same flows allow are started from together. Costs one traversal (two where there are possible relations) a boundary and such a
/// group, and for the certificate a hash of the estate.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub fn isolation(graph: &Graph, policy: &Policy, paths: usize, observer: &dyn Observer) -> Result<Isolation> {
    let (estate, as_of) = (graph.estate(), graph.options().as_of);
    let mut flows = Vec::new();
    let mut sets = Vec::new();
    for boundary in &policy.boundaries {
        let mut found = Found::default();
        for group in groups(policy, boundary, as_of) {
            let start = start(graph, &group);
            let closure = graph.closure(&start, Certainty::Possible, observer)?;
            found.add(graph, &closure, boundary, &group, paths);
            sets.push((*boundary, group, closure));
        }
        flows.extend(found.flows(boundary));
    }
    let verdict = flows.iter().map(|flow| flow.verdict).max().unwrap_or(IsolationVerdict::Isolated);
    let certificate = (verdict == IsolationVerdict::Isolated).then(|| Certificate::new(graph, sets));
    Ok(Isolation { verdict, flows, coverage: estate.reading().coverage.clone(), certificate })
}

/// Environments of a near side that the same flows allow.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub environments: Vec<Environment>,
    pub flows: Vec<Flow>,
}

impl Group {
    /// Whether a right over something in an environment is allowed to all of the group.
    fn allows(&self, right: Right, to: Environment) -> bool {
        self.flows.iter().any(|flow| flow.to.contains(to) && flow.right.implies(right))
    }
}

fn groups(policy: &Policy, boundary: &Boundary, as_of: Instant) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for environment in Environment::ALL.iter().copied().filter(|environment| boundary.from.contains(*environment)) {
        let living = policy.flows.iter().filter(|flow| !flow.has_expired(as_of) && flow.from.contains(environment));
        let flows: Vec<Flow> = living.cloned().collect();
        match groups.iter_mut().find(|group| group.flows == flows) {
            Some(group) => group.environments.push(environment),
            None => groups.push(Group { environments: vec![environment], flows }),
        }
    }
    groups
}

fn start(graph: &Graph, group: &Group) -> Vec<Fact> {
    let estate = graph.estate();
    let starts = |entity: &EntityIndex| graph.lives(*entity) && group.environments.contains(&estate.environment(*entity).environment);
    estate.indices().filter(starts).map(|entity| graph.taken(entity)).collect()
}

/// What crosses a boundary, by right.
#[derive(Default)]
struct Found {
    rights: [FoundRight; 3],
}

/// The surest way that gains a right, and the shortest ways with their depths.
#[derive(Default)]
struct FoundRight {
    surest: Option<Certainty>,
    paths: Vec<(u32, Path)>,
}

impl Found {
    fn add(&mut self, graph: &Graph, closure: &Closure, boundary: &Boundary, group: &Group, limit: usize) {
        let estate = graph.estate();
        let environment = |held: &HeldFact| estate.environment(held.fact.entity).environment;
        let crosses = |held: &HeldFact| {
            let to = environment(held);
            boundary.to.contains(to) && !(held.depth == 0 && group.environments.contains(&to)) && !group.allows(held.fact.right, to)
        };
        let mut crossing: Vec<HeldFact> = closure.facts().filter(crosses).collect();
        crossing.sort_by_key(|held| (held.certainty, held.depth, held.fact));
        for right in Right::ALL {
            let FoundRight { surest, paths } = &mut self.rights[*right as usize];
            let of_right: Vec<_> = crossing.iter().filter(|held| held.fact.right == *right).collect();
            *surest = (*surest).into_iter().chain(of_right.iter().map(|held| held.certainty)).min();
            paths.extend(of_right.into_iter().take(limit).map(|held| (held.depth, path(graph, closure, held))));
            paths.sort_by(|a, b| (a.1.certainty, a.0, &a.1.entity).cmp(&(b.1.certainty, b.0, &b.1.entity)));
            paths.truncate(limit);
        }
    }

    fn flows(self, boundary: &Boundary) -> impl Iterator<Item = IsolationFlow> + use<> {
        let Boundary { from, to } = *boundary;
        self.rights.into_iter().zip(Right::ALL).map(move |(FoundRight { surest, paths }, right)| IsolationFlow {
            from,
            to,
            right: *right,
            verdict: match surest {
                Some(Certainty::Proven) => IsolationVerdict::Broken,
                Some(Certainty::Possible) => IsolationVerdict::Possible,
                None => IsolationVerdict::Isolated,
            },
            paths: paths.into_iter().map(|(_, path)| path).collect(),
        })
    }
}

fn path(graph: &Graph, closure: &Closure, held: &HeldFact) -> Path {
    let estate: &Estate = graph.estate();
    Path {
        entity: estate.entity(held.fact.entity).id().to_owned(),
        right: held.fact.right,
        certainty: held.certainty,
        steps: graph.path(closure, held.fact).into_iter().map(|step| PathStep::new(estate, step)).collect(),
    }
}

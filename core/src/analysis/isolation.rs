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
/// What nobody says the environment of may stand on the near side: what it gains of the far side is possible. Where a side has nothing in it and things of
/// unknown environment may belong there, or nothing was read, the answer is no better than possible, and there is no certificate.
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
            found.add(graph, &closure, boundary, &group, Certainty::Proven, paths);
            sets.push((*boundary, group, closure));
        }
        if let Some(group) = unknown(policy, boundary, as_of) {
            let closure = graph.closure(&start(graph, &group), Certainty::Possible, observer)?;
            found.add(graph, &closure, boundary, &group, Certainty::Possible, paths);
        }
        flows.extend(found.flows(boundary));
    }
    let verdict = flows.iter().map(|flow| flow.verdict).max().unwrap_or(IsolationVerdict::Isolated);
    let verdict = if is_blind(estate, policy) { verdict.max(IsolationVerdict::Possible) } else { verdict };
    let certificate = (verdict == IsolationVerdict::Isolated).then(|| Certificate::new(graph, sets));
    Ok(Isolation { verdict, flows, coverage: coverage(estate), certificate })
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

/// What nobody says the environment of, where a boundary does not name that itself; allowed is what is allowed to all of the near side.
fn unknown(policy: &Policy, boundary: &Boundary, as_of: Instant) -> Option<Group> {
    let near = || Environment::ALL.iter().filter(|environment| boundary.from.contains(**environment));
    let allows_all = |flow: &&Flow| !flow.has_expired(as_of) && near().all(|environment| flow.from.contains(*environment));
    let flows = policy.flows.iter().filter(allows_all).cloned().collect();
    (!boundary.from.contains(Environment::Unknown)).then(|| Group { environments: vec![Environment::Unknown], flows })
}

/// Whether a side of a boundary is empty though something may belong there.
fn is_blind(estate: &Estate, policy: &Policy) -> bool {
    let stands = |holds: &dyn Fn(Environment) -> bool| estate.indices().any(|entity| holds(estate.environment(entity).environment));
    let empty = |side: Side| !stands(&|environment| side.contains(environment));
    let open = estate.is_empty() || stands(&|environment| environment == Environment::Unknown);
    open && policy.boundaries.iter().any(|boundary| empty(boundary.from) || empty(boundary.to))
}

/// What was not in the input, and of how much it is known on which side it stands.
fn coverage(estate: &Estate) -> Vec<Coverage> {
    let known = estate.indices().filter(|entity| estate.environment(*entity).environment != Environment::Unknown).count() as u64;
    let note = "entities whose environment is known, of all: what is of no known environment may stand on either side of a boundary";
    let own = Coverage { topic: "environments".into(), known, total: estate.len() as u64, note: note.into() };
    let mut coverage: Vec<_> = estate.reading().coverage.iter().cloned().chain([own]).collect();
    coverage.sort_by(|a, b| a.topic.cmp(&b.topic));
    coverage
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
    /// `at_best` is how sure it is that the group stands on the near side at all.
    fn add(&mut self, graph: &Graph, closure: &Closure, boundary: &Boundary, group: &Group, at_best: Certainty, limit: usize) {
        let estate = graph.estate();
        let environment = |held: &HeldFact| estate.environment(held.fact.entity).environment;
        let crosses = |held: &HeldFact| {
            let to = environment(held);
            boundary.to.contains(to) && !(held.depth == 0 && group.environments.contains(&to)) && !group.allows(held.fact.right, to)
        };
        let doubted = |held: HeldFact| HeldFact { certainty: held.certainty.max(at_best), ..held };
        let mut crossing: Vec<HeldFact> = closure.facts().filter(crosses).map(doubted).collect();
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

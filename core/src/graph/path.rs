//! [`Step`]: the derivation of a fact as a path, and the crossings into a target.

use super::compile::{Edge, Graph};
use super::traverse::Closure;
use super::{EntityIndex, Fact};
use crate::estate::RelationIndex;
use crate::model::{Certainty, RelationKind, Right};
use std::collections::HashSet;

/// One hop of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// The entity that was held.
    pub from: EntityIndex,
    /// The kind of the relation.
    pub kind: RelationKind,
    /// The entity that was gained.
    pub to: EntityIndex,
    /// The right that the relation grants over it.
    pub right: Right,
    /// The relation of the estate; `None` for a derived `contains` or `same_secret`.
    pub relation: Option<RelationIndex>,
}

/// A conducting relation on held facts that leads into a target from outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crossing {
    /// The hop.
    pub step: Step,
    /// Proven where the relation is, and everything that it needs.
    pub certainty: Certainty,
    edge: u32,
}

impl Crossing {
    /// What it grants.
    pub fn fact(&self) -> Fact {
        Fact::new(self.step.to, self.step.right)
    }
}

impl Graph {
    /// The derivation of a fact that a closure holds, in order: every step's premises come before it. Empty for a fact of the start.
    ///
    /// Where a relation needs more than FROM, the derivation of FROM comes first, then those of its further premises. Costs the length of the path.
    pub fn path(&self, closure: &Closure, fact: Fact) -> Vec<Step> {
        let Some(held) = closure.held(fact) else { return Vec::new() };
        let mut path = Derivation::new(self, closure, held.certainty);
        path.derive(fact);
        path.steps
    }

    /// The facts that a derivation rests on, the start's and the fact itself included.
    pub(crate) fn derivation_facts(&self, closure: &Closure, fact: Fact) -> Vec<Fact> {
        let Some(held) = closure.held(fact) else { return Vec::new() };
        let mut facts = Vec::new();
        let mut seen = HashSet::from([fact]);
        let mut stack = vec![fact];
        while let Some(fact) = stack.pop() {
            facts.push(fact);
            if let Some(edge) = closure.edge(fact, held.certainty) {
                // Control that was granted and implies the fact is a fact on the way as well.
                let edge = self.edge(edge);
                let granted = Fact::new(fact.entity, edge.grants);
                let next = self.premises(&edge).chain([granted]).filter(|fact| seen.insert(*fact));
                stack.extend(next);
            }
        }
        facts
    }

    /// The ends and the kind of an edge; for `same_secret` the first other record of the group.
    pub(crate) fn ends(&self, edge: u32) -> (EntityIndex, RelationKind, Option<EntityIndex>) {
        let edge = self.edge(edge);
        (edge.from, edge.kind, self.targets(&edge).next())
    }

    /// The first other living record of a secret's value.
    pub(crate) fn other_record(&self, secret: EntityIndex) -> Option<EntityIndex> {
        let group = self.groups.iter().find(|group| group.binary_search(&secret).is_ok())?;
        group.iter().copied().find(|other| *other != secret)
    }

    /// The derivation of what a crossing grants, through that crossing.
    pub(crate) fn crossing_path(&self, closure: &Closure, crossing: &Crossing) -> Vec<Step> {
        let mut path = Derivation::new(self, closure, crossing.certainty);
        for premise in self.premises(&self.edge(crossing.edge)) {
            path.derive(premise);
        }
        path.steps.push(crossing.step);
        path.steps
    }

    /// The conducting relations on held facts that lead into the target from outside it, in their canonical order. Costs one pass over the edges.
    pub(crate) fn crossings(&self, closure: &Closure, admitted: Certainty, target: impl Fn(EntityIndex) -> bool) -> Vec<Crossing> {
        let facts = self.nodes.len() as u32;
        let is_target: Vec<bool> = (0..facts).map(|node| target(self.nodes.entity(node))).collect();
        // A group of equal secrets may hold a target; a joint leads to one.
        let may_lead =
            |to: u32| is_target.get(to as usize).copied().unwrap_or_else(|| to < self.first_joint() || is_target[self.gained(to) as usize]);
        let mut edges = Vec::new();
        for node in (0..facts).filter(|node| !is_target[*node as usize] && closure.holds(*node)) {
            self.hops(node, |edge, to| {
                if may_lead(to) && self.admits(admitted, edge) {
                    edges.push(edge);
                }
            });
        }
        edges.sort_unstable();
        let mut crossings = Vec::new();
        for number in edges {
            let edge = self.edge(number);
            let Some(certainty) = self.certainty(closure, &edge) else { continue };
            for to in self.targets(&edge).filter(|to| target(*to)) {
                crossings.push(Crossing { step: step(&edge, to), certainty, edge: number });
            }
        }
        crossings
    }

    /// Whether everything that an edge needs is held, and how sure the edge and all of it are.
    fn certainty(&self, closure: &Closure, edge: &Edge) -> Option<Certainty> {
        self.premises(edge)
            .map(|premise| closure.held(premise).map(|held| held.certainty))
            .try_fold(edge.certainty, |worst, certainty| Some(worst.max(certainty?)))
    }
}

/// Writes derivations one after the other, each step once.
struct Derivation<'a> {
    graph: &'a Graph,
    closure: &'a Closure,
    certainty: Certainty,
    steps: Vec<Step>,
    written: HashSet<Step>,
}

impl<'a> Derivation<'a> {
    fn new(graph: &'a Graph, closure: &'a Closure, certainty: Certainty) -> Self {
        Derivation { graph, closure, certainty, steps: Vec::new(), written: HashSet::new() }
    }

    /// Appends the derivation of a fact. A stack, not recursion: a path may be as long as the estate.
    fn derive(&mut self, fact: Fact) {
        let mut stack = vec![Task::Derive(fact)];
        while let Some(task) = stack.pop() {
            match task {
                Task::Write(step) => {
                    if self.written.insert(step) {
                        self.steps.push(step);
                    }
                }
                Task::Derive(fact) => {
                    let Some(at) = self.closure.edge(fact, self.certainty) else { continue };
                    let edge = &self.graph.edge(at);
                    let step = step(edge, fact.entity);
                    if self.written.contains(&step) {
                        continue;
                    }
                    stack.push(Task::Write(step));
                    let first = stack.len();
                    stack.extend(self.graph.premises(edge).map(Task::Derive));
                    stack[first..].reverse();
                }
            }
        }
    }
}

enum Task {
    Derive(Fact),
    Write(Step),
}

pub(super) fn step(edge: &Edge, to: EntityIndex) -> Step {
    Step { from: edge.from, kind: edge.kind, to, right: edge.grants, relation: edge.relation() }
}

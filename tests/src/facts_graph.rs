//! [`FactsGraph`]: the facts of the reference model with what leads from some to others, what ending it costs, and the largest flow through them.
//!
//! Slow and obvious, to hold cuts against: a fixpoint by passes, and the flow by shortest augmenting ways (J. Edmonds and R. M. Karp, 1972).

use crate::reference::{Conditions, Fact, Reference};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tenantgraph::model::{RelationKind, Right};

/// A relation to end, or a secret to rotate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The relation from, of a kind, to.
    Relation(String, RelationKind, String),
    /// The secret of which there are further records.
    Rotation(String),
}

/// Something that can be ended, and what it costs; `None` where it will not be ended.
#[derive(Debug, Clone)]
pub struct Endable {
    /// What is ended.
    pub ending: Ending,
    /// What it costs.
    pub cost: Option<u64>,
}

/// Facts by number, and steps between them.
#[derive(Debug)]
pub struct FactsGraph {
    facts: BTreeMap<Fact, usize>,
    nodes: usize,
    steps: Vec<Step>,
    /// What can be ended.
    pub endable: Vec<Endable>,
}

#[derive(Debug)]
struct Step {
    premises: Vec<usize>,
    gives: usize,
    /// What ends it; `None` for what control of an entity gives.
    ended_by: Option<usize>,
}

/// A capacity that no sum of costs comes near.
const ENDLESS: u64 = u64::MAX / 8;

impl FactsGraph {
    /// The facts of an estate, with what each relation costs to end.
    pub fn new(reference: &Reference, conditions: Conditions, cost: impl Fn(&str, RelationKind, &str) -> Option<u64>) -> Self {
        let every = reference.ids().flat_map(|id| Right::ALL.iter().map(|right| (id.to_owned(), *right)));
        let facts: BTreeMap<Fact, usize> = every.enumerate().map(|(at, fact)| (fact, at)).collect();
        let mut graph = FactsGraph { nodes: facts.len(), facts, steps: Vec::new(), endable: Vec::new() };
        for id in reference.ids() {
            for right in [Right::Read, Right::Write] {
                let (all, one) = (graph.node(&(id.to_owned(), Right::Control)), graph.node(&(id.to_owned(), right)));
                graph.steps.push(Step { premises: vec![all], gives: one, ended_by: None });
            }
        }
        let mut values: BTreeMap<String, usize> = BTreeMap::new();
        let mut rotations: BTreeSet<String> = BTreeSet::new();
        for rule in reference.rules(conditions) {
            if let Some(fingerprint) = &rule.fingerprint {
                // Each record leads to the value that all share, and back; its rotation ends both.
                let value = *values.entry(fingerprint.clone()).or_insert(graph.nodes);
                graph.nodes = graph.nodes.max(value + 1);
                if rotations.insert(rule.from.clone()) {
                    let ended_by = Some(graph.endable(Ending::Rotation(rule.from.clone()), cost(&rule.from, rule.kind, &rule.to)));
                    let secret = graph.node(&(rule.from.clone(), Right::Read));
                    graph.steps.push(Step { premises: vec![secret], gives: value, ended_by });
                    graph.steps.push(Step { premises: vec![value], gives: secret, ended_by });
                }
                continue;
            }
            let premises = rule.premises.iter().map(|fact| graph.node(fact)).collect();
            let gives = graph.node(&rule.gives);
            let cost = cost(&rule.from, rule.kind, &rule.to);
            let ended_by = Some(graph.endable(Ending::Relation(rule.from, rule.kind, rule.to), cost));
            graph.steps.push(Step { premises, gives, ended_by });
        }
        graph
    }

    /// The number of a fact.
    pub fn node(&self, fact: &Fact) -> usize {
        self.facts[fact]
    }

    fn endable(&mut self, ending: Ending, cost: Option<u64>) -> usize {
        self.endable.push(Endable { ending, cost });
        self.endable.len() - 1
    }

    /// Whether a relation needs more than FROM.
    pub fn has_further_premises(&self) -> bool {
        self.steps.iter().any(|step| step.premises.len() > 1)
    }

    /// Whether one of the targets is held from the start once these have ended.
    pub fn reaches(&self, start: &[usize], targets: &[usize], ended: &BTreeSet<usize>) -> bool {
        let mut held = vec![false; self.nodes];
        for node in start {
            held[*node] = true;
        }
        loop {
            let mut grew = false;
            for step in &self.steps {
                let fires = step.ended_by.is_none_or(|endable| !ended.contains(&endable)) && step.premises.iter().all(|node| held[*node]);
                grew |= fires && !std::mem::replace(&mut held[step.gives], true);
            }
            if !grew {
                return targets.iter().any(|node| held[*node]);
            }
        }
    }

    /// The largest flow from the start to the targets; `None` where something that nothing ends leads all the way.
    ///
    /// # Panics
    /// Where a relation needs more than FROM: then no flow tells the cheapest cut.
    pub fn maximum_flow(&self, start: &[usize], targets: &[usize]) -> Option<u64> {
        assert!(!self.has_further_premises(), "a flow is asked where relations need more than FROM");
        let (source, sink) = (self.nodes, self.nodes + 1);
        let capacity = |step: &Step| step.ended_by.map_or(ENDLESS, |endable| self.endable[endable].cost.unwrap_or(ENDLESS));
        let within = self.steps.iter().map(|step| (step.premises[0], step.gives, capacity(step)));
        let entering = start.iter().map(|node| (source, *node, ENDLESS));
        let leaving = targets.iter().map(|node| (*node, sink, ENDLESS));
        let mut arcs: Vec<(usize, u64)> = Vec::new();
        let mut of: Vec<Vec<usize>> = vec![Vec::new(); self.nodes + 2];
        for (from, to, capacity) in within.chain(entering).chain(leaving) {
            of[from].push(arcs.len());
            of[to].push(arcs.len() + 1);
            arcs.extend([(to, capacity), (from, 0)]);
        }
        let mut flow = 0;
        while let Some(way) = shortest(&arcs, &of, source, sink) {
            let least = way.iter().map(|arc| arcs[*arc].1).min().unwrap_or(0);
            if least >= ENDLESS / 2 {
                return None;
            }
            for arc in way {
                arcs[arc].1 -= least;
                arcs[arc ^ 1].1 += least;
            }
            flow += least;
        }
        Some(flow)
    }

    /// The cost of the cheapest set of endings after which no target is held, below a limit, by trying them all; `None` where every set costs as much.
    pub fn cheapest_below(&self, limit: u64, start: &[usize], targets: &[usize]) -> Option<u64> {
        let costs: Vec<(usize, u64)> = self.endable.iter().enumerate().filter_map(|(at, it)| Some((at, it.cost?))).collect();
        let mut best = None;
        let mut ended = BTreeSet::new();
        self.try_all(&costs, limit, 0, &mut ended, &mut best, (start, targets));
        best
    }

    fn try_all(
        &self,
        costs: &[(usize, u64)],
        limit: u64,
        cost: u64,
        ended: &mut BTreeSet<usize>,
        best: &mut Option<u64>,
        ends: (&[usize], &[usize]),
    ) {
        if cost >= best.unwrap_or(limit) {
            return;
        }
        if !self.reaches(ends.0, ends.1, ended) {
            *best = Some(cost);
            return;
        }
        for (at, (endable, more)) in costs.iter().enumerate() {
            ended.insert(*endable);
            self.try_all(&costs[at + 1..], limit, cost + more, ended, best, ends);
            ended.remove(endable);
        }
    }
}

/// The arcs of a shortest way from source to sink with something left on each.
fn shortest(arcs: &[(usize, u64)], of: &[Vec<usize>], source: usize, sink: usize) -> Option<Vec<usize>> {
    let mut by: Vec<Option<usize>> = vec![None; of.len()];
    let mut queue = VecDeque::from([source]);
    while let Some(node) = queue.pop_front() {
        for arc in &of[node] {
            let (to, left) = arcs[*arc];
            if left > 0 && to != source && by[to].is_none() {
                by[to] = Some(*arc);
                queue.push_back(to);
            }
        }
    }
    let (mut way, mut node) = (Vec::new(), sink);
    while node != source {
        let arc = by[node]?;
        way.push(arc);
        node = arcs[arc ^ 1].0;
    }
    Some(way)
}

//! The search for the cheapest cut, and its certificate.

use super::{CutLine, Cuts, FlowStep, HeldSide, action};
use crate::error::Result;
use crate::graph::flow::{Flow, UNCUTTABLE, maximum_flow, paths};
use crate::graph::network::{Further, Label, Network, Purpose};
use crate::graph::{Closure, Fact, Graph, marks};
use crate::model::Certainty;
use crate::observer::Observer;
use crate::policy::CutPrices;
use std::collections::HashSet;

pub(super) struct Search<'a> {
    pub graph: &'a Graph,
    pub start: &'a [Fact],
    pub target: &'a [bool],
    pub admitted: Certainty,
    pub prices: CutPrices,
    pub observer: &'a dyn Observer,
}

/// A set of labels that cuts, with its cost and the network it was found in.
struct Found {
    labels: Vec<(Label, u64)>,
    cost: u64,
    network: Network,
    flow: Flow,
}

/// A cut of more lines than this is not tried line by line.
const TRIED_LINES: usize = 256;

impl Search<'_> {
    pub fn cut(&self, closure: &Closure) -> Result<Cuts> {
        let first = self.find(closure, Further::Alone(0))?;
        let premises = first.network.most_premises;
        if premises == 1 {
            let bound = first.flow.value.min(UNCUTTABLE);
            return Ok(self.answer(&first, bound, &first));
        }
        let mut best = self.trimmed(first)?;
        for place in 1..premises {
            if self.observer.hurried() {
                break;
            }
            let found = self.trimmed(self.find(closure, Further::Alone(place))?)?;
            if found.cost < best.cost {
                best = found;
            }
        }
        let least = self.find(closure, Further::LeftOut)?;
        Ok(self.answer(&best, least.flow.value, &least))
    }

    fn find(&self, closure: &Closure, further: Further) -> Result<Found> {
        let network = Network::new(self.graph, closure, (self.start, self.target), self.admitted, further, Purpose::Flow, self.observer)?;
        let price = |label: Label| self.price(label).unwrap_or(UNCUTTABLE);
        let capacity: Vec<u64> = network.arcs.iter().map(|arc| price(arc.label)).collect();
        let flow = maximum_flow(&network, &capacity, self.observer)?;
        let crosses = |at: usize| {
            let arc = &network.arcs[at];
            flow.start_side[arc.from as usize] && !flow.start_side[arc.to as usize]
        };
        let cut = (0..network.arcs.len()).filter(|at| crosses(*at)).map(|at| (network.arcs[at].label, capacity[at]));
        let mut labels: Vec<_> = if flow.value >= UNCUTTABLE { Vec::new() } else { cut.collect() };
        labels.sort_unstable();
        labels.dedup();
        let cost = if flow.value >= UNCUTTABLE { UNCUTTABLE } else { labels.iter().map(|(_, cost)| cost).sum() };
        Ok(Found { labels, cost, network, flow })
    }

    fn price(&self, label: Label) -> Option<u64> {
        if let (Label::Relation(_), Some(price)) = (label, self.prices.flat()) {
            return Some(price);
        }
        let (from, kind, to) = action::ends(self.graph, label)?;
        let id = |entity| self.graph.estate().entity(entity).id();
        self.prices.price(id(from), kind, id(to))
    }

    /// The cut without the lines that it does not need: where further premises are on the way, the network sees more ways than there are.
    fn trimmed(&self, mut found: Found) -> Result<Found> {
        if found.cost >= UNCUTTABLE || found.labels.len() > TRIED_LINES {
            return Ok(found);
        }
        let mut dearest_first = found.labels.clone();
        dearest_first.sort_unstable_by_key(|(label, cost)| (std::cmp::Reverse(*cost), *label));
        for tried in dearest_first {
            if self.observer.hurried() {
                break;
            }
            let fewer: Vec<_> = found.labels.iter().copied().filter(|label| *label != tried).collect();
            if self.is_cut(&fewer)? {
                found.cost -= tried.1;
                found.labels = fewer;
            }
        }
        Ok(found)
    }

    fn is_cut(&self, labels: &[(Label, u64)]) -> Result<bool> {
        let removed: HashSet<Label> = labels.iter().map(|(label, _)| *label).collect();
        let closure = self.graph.without(&removed).closure(self.start, self.admitted, self.observer)?;
        Ok(closure.facts().all(|held| !self.target[held.fact.entity.position()]))
    }

    fn answer(&self, best: &Found, bound: u64, certificate: &Found) -> Cuts {
        let cuttable = best.cost < UNCUTTABLE;
        let mut cut: Vec<CutLine> = best.labels.iter().filter_map(|(label, cost)| action::line(self.graph, *label, *cost)).collect();
        cut.sort_unstable();
        Cuts {
            admitted: self.admitted,
            exact: cuttable && best.cost == bound,
            cost: cuttable.then_some(best.cost),
            bound: if bound >= UNCUTTABLE { 0 } else { bound },
            cut,
            flow: self.flow(certificate),
            start_side: self.start_side(best),
            choke_points: Vec::new(),
        }
    }

    fn flow(&self, found: &Found) -> Vec<Vec<FlowStep>> {
        if found.flow.value >= UNCUTTABLE {
            return Vec::new();
        }
        let id = |entity| self.graph.estate().entity(entity).id().to_owned();
        let step = |label: Label| match label {
            // The way through a group of equal secrets is told once, where it leaves the first.
            Label::Joins(_) => None,
            label => action::ends(self.graph, label).map(|(from, kind, to)| FlowStep { from: id(from), kind, to: id(to) }),
        };
        let labels = |path: Vec<u32>| -> Vec<Label> { path.into_iter().map(|arc| found.network.arcs[arc as usize].label).collect() };
        let mut flow: Vec<Vec<FlowStep>> = paths(&found.network, &found.flow)
            .into_iter()
            .map(|path| {
                let labels = labels(path);
                let mut steps: Vec<FlowStep> = Vec::new();
                for (at, label) in labels.iter().enumerate() {
                    let Some(mut step) = step(*label) else { continue };
                    if let (Label::Leaves(_), Some(Label::Joins(secret))) = (label, labels.get(at + 1)) {
                        step.to = id(*secret);
                    }
                    steps.push(step);
                }
                steps
            })
            .collect();
        flow.sort_unstable();
        flow
    }

    fn start_side(&self, found: &Found) -> Vec<HeldSide> {
        if found.cost >= UNCUTTABLE {
            return Vec::new();
        }
        // The start is what whoever took its entities holds.
        let start = marks(&self.start.iter().map(|fact| fact.entity).collect::<Vec<_>>(), self.graph.estate().len());
        let taken = |fact: &Fact| start[fact.entity.position()];
        let facts = (0..found.network.nodes as u32).filter(|node| found.flow.start_side[*node as usize]);
        let mut side: Vec<HeldSide> = facts
            .filter_map(|node| found.network.fact(node))
            .filter(|fact| !taken(fact))
            .map(|fact| HeldSide { entity: self.graph.estate().entity(fact.entity).id().to_owned(), right: fact.right })
            .collect();
        side.sort_unstable();
        side
    }
}

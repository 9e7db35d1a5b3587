//! [`Network`]: the facts between a start and a target as a plain digraph, for what is asked of arcs rather than of facts: cuts, flows, dominators.

use super::arcs::{FREE, Numbers};
use super::bits::Bits;
use super::compile::Graph;
use super::leading::Leading;
use super::traverse::Closure;
use super::{EntityIndex, Fact};
use crate::error::Result;
use crate::model::{Certainty, Right};
use crate::observer::Observer;

/// What an arc of a network stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Label {
    /// Rule 1: control gives read and write. Nothing cuts it.
    Implied,
    /// A relation, by its edge.
    Relation(u32),
    /// A secret's value is known by the value of its group: cut by rotating that secret, by its edge.
    Leaves(u32),
    /// The group's value opens this secret: cut by rotating it.
    Joins(EntityIndex),
}

/// An arc between two nodes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arc {
    pub from: u32,
    pub to: u32,
    pub label: Label,
}

/// How a relation that needs more than FROM is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Further {
    /// Left out: what is cut here says least.
    LeftOut,
    /// As if one of its premises were enough, by place (FROM is 0; the last where there are fewer): what is cut here is cut in truth.
    Alone(usize),
}

/// What a network is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A flow from start to target: it ends at the first target fact, so that what leads on from there is left out. Arcs stand in the order of their edges.
    Flow,
    /// Dominators: in the order in which it is cheapest to draw.
    Dominators,
}

/// The held facts from which a target can be gained, and the arcs between them. Nothing leads into the start: what is there needs no way.
#[derive(Debug)]
pub(crate) struct Network {
    /// The fact of each node; nodes beyond are groups of equal secrets.
    pub facts: Vec<Fact>,
    pub nodes: usize,
    pub arcs: Vec<Arc>,
    pub sources: Vec<u32>,
    pub sinks: Vec<u32>,
    /// The most premises of a relation that conducts on held facts; 1 where none needs more than FROM.
    pub most_premises: usize,
}

const ABSENT: u32 = u32::MAX;
/// The nodes between two looks at the observer.
const STEP: u32 = 65_536;

impl Network {
    /// The network of a closure. Costs a pass over the edges that conduct on held facts, and a few over those that do not lead into the start.
    pub fn new(
        graph: &Graph,
        closure: &Closure,
        (start, target): (&[Fact], &[bool]),
        admitted: Certainty,
        further: Further,
        purpose: Purpose,
        observer: &dyn Observer,
    ) -> Result<Network> {
        let mut start_nodes = Bits::new(graph.arcs.nodes());
        let mut sources: Vec<Fact> = start.iter().copied().filter(|fact| graph.nodes.of_fact(*fact).is_some()).collect();
        sources.sort_unstable();
        sources.dedup();
        for source in &sources {
            start_nodes.set(graph.nodes.deciding(*source));
        }
        let is_sink = |node: &u32| closure.holds(*node) && target[graph.nodes.entity(*node).position()] && !start_nodes.has(*node);
        let sinks: Vec<u32> = (0..graph.nodes.len() as u32).filter(is_sink).collect();
        let mut ends = vec![false; graph.arcs.nodes()];
        if purpose == Purpose::Flow {
            sinks.iter().for_each(|sink| ends[*sink as usize] = true);
        }
        let joints = (graph.first_joint()..).take(graph.joints.len()).zip(&graph.joints).filter(|(node, _)| closure.holds(*node));
        let most_premises = joints.map(|(_, joint)| graph.premises(&graph.edge(joint.edge)).count()).max().unwrap_or(1);
        let ends = Ends { start: start_nodes, ends, returns: Vec::new(), only_returns: false };
        let groups = vec![u32::MAX; graph.groups.len()];
        let mut drawing = Drawing { graph, closure, ends, groups, admitted, further, arcs: Vec::new() };
        for node in 0..graph.nodes.len() as u32 {
            if node.is_multiple_of(STEP) {
                observer.claim((drawing.arcs.len() * size_of::<Arc>() * 2) as u64)?;
                observer.check(node.into(), 0)?;
            }
            drawing.leave(node);
        }
        let mut arcs = std::mem::take(&mut drawing.arcs);
        let returns = if purpose == Purpose::Flow { std::mem::take(&mut drawing.ends.returns) } else { Vec::new() };
        let leads = drawing.leading(&arcs, &returns, &sinks);
        arcs.retain(|arc| leads[arc.to as usize]);
        if purpose == Purpose::Flow {
            drawing.sort(&mut arcs);
        }
        observer.check(0, 0)?;
        Ok(Network { facts: Vec::new(), nodes: 0, arcs, sources: Vec::new(), sinks, most_premises }.numbered(graph, &sources))
    }

    /// Only the nodes with arcs, and the sinks, numbered one after the other.
    fn numbered(mut self, graph: &Graph, sources: &[Fact]) -> Network {
        let mut number = vec![ABSENT; graph.arcs.nodes()];
        for node in self.arcs.iter().flat_map(|arc| [arc.from, arc.to]).chain(self.sinks.iter().copied()) {
            number[node as usize] = 0;
        }
        for (node, number) in number.iter_mut().enumerate().filter(|(_, number)| **number != ABSENT) {
            *number = self.nodes as u32;
            self.nodes += 1;
            if node < graph.nodes.len() {
                self.facts.push(graph.nodes.fact(node as u32));
            }
        }
        for arc in &mut self.arcs {
            (arc.from, arc.to) = (number[arc.from as usize], number[arc.to as usize]);
        }
        let number = |node: u32| number[node as usize];
        self.sources = sources.iter().map(|fact| number(graph.nodes.deciding(*fact))).filter(|node| *node != ABSENT).collect();
        self.sinks.iter_mut().for_each(|sink| *sink = number(*sink));
        self.sinks.sort_unstable_by_key(|sink| self.facts[*sink as usize]);
        self
    }

    /// The fact of a node; `None` for a group of equal secrets.
    pub fn fact(&self, node: u32) -> Option<Fact> {
        self.facts.get(node as usize).copied()
    }

    /// For each node where its arcs start in a list of where they lead, and that list.
    pub fn heads(&self) -> (Vec<u32>, Vec<u32>) {
        dealt(self.arcs.iter().map(|arc| (arc.from, arc.to)), self.nodes)
    }

    /// For each node where its arcs start in a list of arcs by origin, and that list.
    pub fn outgoing(&self) -> (Vec<u32>, Vec<u32>) {
        let ends = self.arcs.iter().map(|arc| arc.from);
        by_end(ends, self.nodes)
    }
}

/// For each node where the arcs with this end start in a list of arcs, and that list.
pub(super) fn by_end(ends: impl Iterator<Item = u32> + Clone, nodes: usize) -> (Vec<u32>, Vec<u32>) {
    dealt(ends.zip(0..), nodes)
}

/// Values by the node that each is given with: for each node where its values start, and all of them.
pub(super) fn dealt(pairs: impl Iterator<Item = (u32, u32)> + Clone, nodes: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; nodes + 2];
    for (node, _) in pairs.clone() {
        starts[node as usize + 2] += 1;
    }
    for at in 2..starts.len() {
        starts[at] += starts[at - 1];
    }
    // While they are dealt out, the place of each node stands one further on.
    let mut values = vec![0; starts[nodes + 1] as usize];
    for (node, value) in pairs {
        let place = &mut starts[node as usize + 1];
        values[*place as usize] = value;
        *place += 1;
    }
    starts.pop();
    (starts, values)
}

/// Where ways start and end.
struct Ends {
    start: Bits,
    /// Where a way ends, so that nothing leads on.
    ends: Vec<bool>,
    /// What leads back into the start from beyond it.
    returns: Vec<(u32, u32)>,
    /// Whether the arcs into the start are drawn instead of all others.
    only_returns: bool,
}

/// Draws the arcs between the nodes of the graph.
struct Drawing<'a> {
    graph: &'a Graph,
    closure: &'a Closure,
    ends: Ends,
    /// The edge by which each group of equal secrets is first met.
    groups: Vec<u32>,
    admitted: Certainty,
    further: Further,
    arcs: Vec<Arc>,
}

impl Drawing<'_> {
    /// Whether a sink can be gained from each node. What only leads on through the start is told too as what is still held, but carries nothing.
    fn leading(&mut self, arcs: &[Arc], returns: &[(u32, u32)], sinks: &[u32]) -> Vec<bool> {
        let nodes = self.graph.arcs.nodes();
        let mut leading = Leading::new(arcs, &[], nodes, sinks);
        let is_plain = self.graph.groups.is_empty() && self.graph.joints.is_empty();
        if returns.is_empty() || is_plain && leading.through(returns, |node, visit| self.follow(node, visit)) {
            return leading.into_leads();
        }
        let all = self.returns();
        Leading::new(arcs, &all, nodes, sinks).into_leads()
    }

    /// Where a node leads that is held, and where nothing ends, in a graph without groups and joints.
    fn follow(&self, node: u32, visit: &mut dyn FnMut(u32)) {
        if self.ends.ends[node as usize] {
            return;
        }
        let conducts = |edge: u32| edge == FREE || self.graph.admits(self.admitted, edge);
        match self.graph.arcs.numbered(node) {
            (to, Numbers::From(_)) => to.iter().for_each(|to| visit(*to)),
            (to, Numbers::Listed(edges)) => to.iter().zip(edges).filter(|(_, edge)| conducts(**edge)).for_each(|(to, _)| visit(*to)),
        }
    }

    /// Brings arcs into the order of their edges: first what control implies, by fact; those from a group where it is first met.
    fn sort(&self, arcs: &mut Vec<Arc>) {
        let nodes = &self.graph.nodes;
        if self.graph.groups.is_empty() {
            let implied = |arc: &Arc| arc.label == Label::Implied;
            let mut sorted: Vec<Arc> = arcs.iter().filter(|arc| implied(arc)).copied().collect();
            sorted.sort_unstable_by_key(|arc| nodes.fact(arc.to));
            arcs.retain(|arc| !implied(arc));
            sorted.append(&mut by_edge(std::mem::take(arcs)));
            *arcs = sorted;
            return;
        }
        arcs.sort_by_cached_key(|arc| match arc.label {
            Label::Implied => (None, nodes.fact(arc.to), 0),
            Label::Relation(edge) | Label::Leaves(edge) => (Some(edge), Fact::new(EntityIndex(0), Right::Control), 1),
            Label::Joins(secret) => {
                let group = arc.from as usize - nodes.len();
                (Some(self.groups[group]), Fact::new(secret, Right::Control), 0)
            }
        });
    }

    /// The arcs that lead into the start.
    fn returns(&mut self) -> Vec<Arc> {
        self.ends.only_returns = true;
        self.groups.fill(u32::MAX);
        (0..self.graph.nodes.len() as u32).for_each(|node| self.leave(node));
        std::mem::take(&mut self.arcs)
    }

    /// The arcs that leave a node.
    fn leave(&mut self, node: u32) {
        if !self.closure.holds(node) {
            return;
        }
        // Most of the start leads nowhere else.
        let stays = !self.ends.only_returns && self.ends.start.has(node) && self.ends.start.has_all(self.graph.arcs.of_node(node));
        if stays {
            return;
        }
        let entity = self.graph.nodes.of_entity(self.graph.nodes.entity(node));
        if entity.start == node {
            self.implied(entity);
        }
        match self.graph.arcs.numbered(node) {
            (_, Numbers::From(_)) if self.ends.ends[node as usize] => {}
            (to, Numbers::From(first)) => to.iter().zip(first..).for_each(|(to, edge)| self.arc(node, *to, Label::Relation(edge))),
            (_, Numbers::Listed(_)) => self.graph.hops(node, |edge, to| self.hop(edge, node, to)),
        }
    }

    fn implied(&mut self, nodes: std::ops::Range<u32>) {
        if self.closure.holds(nodes.start) {
            (nodes.start + 1..nodes.end).for_each(|to| self.arc(nodes.start, to, Label::Implied));
        }
    }

    fn hop(&mut self, edge: u32, node: u32, to: u32) {
        if !self.closure.holds(node) || !self.graph.admits(self.admitted, edge) {
            return;
        }
        if let Some(group) = self.graph.group(to) {
            self.group(group, to, edge);
            self.arc(node, to, Label::Leaves(edge));
        } else if to < self.graph.first_joint() {
            self.arc(node, to, Label::Relation(edge));
        } else if self.closure.holds(to)
            && let Further::Alone(place) = self.further
        {
            let premises: Vec<Fact> = self.graph.premises(&self.graph.edge(edge)).collect();
            let from = self.graph.nodes.deciding(premises[place.min(premises.len() - 1)]);
            self.arc(from, self.graph.gained(to), Label::Relation(edge));
        }
    }

    /// The arcs from a group to its records, when it is first met.
    fn group(&mut self, group: u32, node: u32, edge: u32) {
        let first = &mut self.groups[group as usize];
        if std::mem::replace(first, edge.min(*first)) == u32::MAX {
            let to = self.graph.arcs.of_node(node).iter().zip(&self.graph.groups[group as usize]);
            to.for_each(|(to, secret)| self.arc(node, *to, Label::Joins(*secret)));
        }
    }

    #[inline]
    fn arc(&mut self, from: u32, to: u32, label: Label) {
        let ends = &mut self.ends;
        if ends.ends[from as usize] {
            return;
        }
        let into_start = ends.start.has(to);
        if into_start && !ends.only_returns && !ends.start.has(from) {
            ends.returns.push((from, to));
        }
        if into_start == ends.only_returns {
            self.arcs.push(Arc { from, to, label });
        }
    }
}

/// The bits of an edge's number that are sorted by at once.
const DIGIT: u32 = 12;

/// Arcs that all stand for relations, by their edges: dealt out digit by digit, the lowest first.
fn by_edge(mut arcs: Vec<Arc>) -> Vec<Arc> {
    let edge = |arc: &Arc| if let Label::Relation(edge) = arc.label { edge } else { 0 };
    let most = arcs.iter().map(edge).max().unwrap_or(0);
    let mut dealt = arcs.clone();
    for shift in (0..u32::BITS).step_by(DIGIT as usize).take_while(|shift| most >> shift != 0) {
        let digit = |arc: &Arc| (edge(arc) >> shift & ((1 << DIGIT) - 1)) as usize;
        let mut next = [0u32; 1 << DIGIT];
        arcs.iter().for_each(|arc| next[digit(arc)] += 1);
        let mut before = 0;
        for place in &mut next {
            before += std::mem::replace(place, before);
        }
        for arc in &arcs {
            let place = &mut next[digit(arc)];
            dealt[*place as usize] = *arc;
            *place += 1;
        }
        std::mem::swap(&mut arcs, &mut dealt);
    }
    arcs
}

//! [`Network`]: the facts between a start and a target as a plain digraph, for what is asked of arcs rather than of facts: cuts, flows, dominators.

use super::compile::{Edge, Graph};
use super::propagate::admits;
use super::traverse::Closure;
use super::{EntityIndex, Fact};
use crate::model::{Certainty, RelationKind, Right};

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

/// The held facts from which a target can be gained, and the arcs between them.
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

impl Network {
    /// The network of a closure. Costs a few passes over the edges that conduct on held facts.
    pub fn new(graph: &Graph, closure: &Closure, start: &[Fact], target: &[bool], admitted: Certainty, further: Further) -> Network {
        let mut builder = Builder {
            graph,
            number: vec![ABSENT; graph.estate.len() * 3],
            groups: vec![ABSENT; graph.groups.len()],
            network: Network { facts: Vec::new(), nodes: 0, arcs: Vec::new(), sources: Vec::new(), sinks: Vec::new(), most_premises: 1 },
        };
        for held in closure.facts() {
            builder.number[held.fact.position()] = builder.network.facts.len() as u32;
            builder.network.facts.push(held.fact);
        }
        builder.network.nodes = builder.network.facts.len();
        builder.implied();
        builder.relations(admitted, further);
        let mut network = builder.network;
        network.sources = start.iter().map(|fact| builder.number[fact.position()]).filter(|node| *node != ABSENT).collect();
        network.sources.sort_unstable();
        network.sources.dedup();
        let is_sink = |node: &u32| target[network.facts[*node as usize].entity.position()] && network.sources.binary_search(node).is_err();
        network.sinks = (0..network.facts.len() as u32).filter(is_sink).collect();
        network
    }

    /// The fact of a node; `None` for a group of equal secrets.
    pub fn fact(&self, node: u32) -> Option<Fact> {
        self.facts.get(node as usize).copied()
    }

    /// For each node where its arcs start in a list of arcs by origin, and that list.
    pub fn outgoing(&self) -> (Vec<u32>, Vec<u32>) {
        self.by(|arc| arc.from)
    }

    /// For each node where the arcs into it start in a list of arcs by end, and that list.
    pub fn incoming(&self) -> (Vec<u32>, Vec<u32>) {
        self.by(|arc| arc.to)
    }

    fn by(&self, end: impl Fn(&Arc) -> u32) -> (Vec<u32>, Vec<u32>) {
        let mut starts = vec![0u32; self.nodes + 1];
        for arc in &self.arcs {
            starts[end(arc) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut list = vec![0; self.arcs.len()];
        for (at, arc) in self.arcs.iter().enumerate() {
            let place = &mut next[end(arc) as usize];
            list[*place as usize] = at as u32;
            *place += 1;
        }
        (starts, list)
    }

    /// Only the nodes from which a sink can be gained, and what joins them.
    pub fn pruned(self) -> Network {
        let (starts, incoming) = self.incoming();
        let mut leads = vec![false; self.nodes];
        let mut stack = self.sinks.clone();
        for node in &stack {
            leads[*node as usize] = true;
        }
        while let Some(node) = stack.pop() {
            for arc in &incoming[starts[node as usize] as usize..starts[node as usize + 1] as usize] {
                let from = self.arcs[*arc as usize].from;
                if !std::mem::replace(&mut leads[from as usize], true) {
                    stack.push(from);
                }
            }
        }
        self.keep(&leads)
    }

    fn keep(self, kept: &[bool]) -> Network {
        let mut number = vec![ABSENT; self.nodes];
        let mut nodes = 0;
        for (node, _) in kept.iter().enumerate().filter(|(_, kept)| **kept) {
            number[node] = nodes;
            nodes += 1;
        }
        let renumber = |nodes: Vec<u32>| nodes.into_iter().map(|node| number[node as usize]).filter(|node| *node != ABSENT).collect();
        let arcs = self.arcs.into_iter().map(|arc| Arc { from: number[arc.from as usize], to: number[arc.to as usize], ..arc });
        Network {
            arcs: arcs.filter(|arc| arc.from != ABSENT && arc.to != ABSENT).collect(),
            facts: self.facts.iter().zip(kept).filter(|(_, kept)| **kept).map(|(fact, _)| *fact).collect(),
            nodes: nodes as usize,
            sources: renumber(self.sources),
            sinks: renumber(self.sinks),
            most_premises: self.most_premises,
        }
    }
}

struct Builder<'a> {
    graph: &'a Graph,
    number: Vec<u32>,
    groups: Vec<u32>,
    network: Network,
}

impl Builder<'_> {
    fn node(&self, fact: Fact) -> Option<u32> {
        Some(self.number[fact.position()]).filter(|node| *node != ABSENT)
    }

    fn arc(&mut self, from: u32, to: u32, label: Label) {
        self.network.arcs.push(Arc { from, to, label });
    }

    fn implied(&mut self) {
        for at in 0..self.network.facts.len() {
            let fact = self.network.facts[at];
            if fact.right != Right::Control {
                continue;
            }
            for right in [Right::Read, Right::Write] {
                if let Some(to) = self.node(Fact::new(fact.entity, right)) {
                    self.arc(at as u32, to, Label::Implied);
                }
            }
        }
    }

    fn relations(&mut self, admitted: Certainty, further: Further) {
        let graph = self.graph;
        for (at, edge) in graph.edges.iter().enumerate() {
            let Some(mut from) = self.node(Fact::new(edge.from, edge.requires)).filter(|_| admits(admitted, edge)) else { continue };
            if edge.has_also {
                let Some(premises) = graph.premises(edge).map(|premise| self.node(premise)).collect::<Option<Vec<_>>>() else { continue };
                self.network.most_premises = self.network.most_premises.max(premises.len());
                let Further::Alone(place) = further else { continue };
                from = premises[place.min(premises.len() - 1)];
            }
            if edge.kind == RelationKind::SameSecret {
                let group = self.group(edge);
                self.arc(from, group, Label::Leaves(at as u32));
            } else if let Some(to) = self.node(Fact::new(EntityIndex(edge.to), edge.grants)) {
                self.arc(from, to, Label::Relation(at as u32));
            }
        }
    }

    /// The node of a group of equal secrets, made with its arcs when first met.
    fn group(&mut self, edge: &Edge) -> u32 {
        let group = edge.to as usize;
        if self.groups[group] == ABSENT {
            let node = self.network.nodes as u32;
            self.network.nodes += 1;
            self.groups[group] = node;
            for secret in &self.graph.groups[group] {
                if let Some(to) = self.node(Fact::new(*secret, Right::Read)) {
                    self.arc(node, to, Label::Joins(*secret));
                }
            }
        }
        self.groups[group]
    }
}

//! [`Plan`]: which arcs every node has, counted and written part by part.

use super::arcs::{FREE, Joint, LISTED};
use super::edges::Edges;
use super::nodes::Nodes;
use super::sources::Source;
use super::{EntityIndex, Fact};
use crate::estate::{Estate, RelationColumns};
use crate::model::Right;
use std::mem;
use std::ops::Range;

/// What arcs are made of. After the facts stand the groups of equal secrets, then the joints.
pub(super) struct Plan<'a> {
    pub estate: &'a Estate,
    pub columns: &'a RelationColumns<'a>,
    pub nodes: &'a Nodes,
    pub edges: &'a Edges,
    pub groups: &'a [Vec<EntityIndex>],
    pub joints: &'a [Joint],
    /// The further nodes that each joint waits for, by node.
    pub premises: &'a [(u32, u32)],
}

/// Where the arcs of a part are written.
pub(super) struct Writer<'a> {
    pub before: u32,
    pub listed_before: u32,
    pub first: &'a mut [u32],
    pub numbers: &'a mut [u32],
    pub to: &'a mut [u32],
    pub listed: &'a mut [u32],
    /// How many nodes, arcs and numbers were written.
    pub at: (usize, usize, usize),
}

/// The nodes of a part.
const PART: usize = 1 << 15;

/// The first so many of a slice, which then goes on behind them.
pub(super) fn cut<'a>(slice: &mut &'a mut [u32], many: usize) -> &'a mut [u32] {
    let (first, rest) = mem::take(slice).split_at_mut(many);
    *slice = rest;
    first
}

impl Plan<'_> {
    /// Parts of the nodes that no entity is torn by, the last of which is what stands beyond the facts.
    pub fn parts(&self) -> Vec<Range<u32>> {
        let facts = self.nodes.len() as u32;
        let begins = |node: usize| self.nodes.of_entity(self.nodes.entity(node as u32)).start;
        let mut bounds: Vec<u32> = (0..facts as usize).step_by(PART).map(begins).collect();
        bounds.extend([facts, facts + (self.groups.len() + self.joints.len()) as u32]);
        bounds.windows(2).map(|pair| pair[0]..pair[1]).collect()
    }

    /// How many arcs a part has, and how many of them have their numbers listed.
    pub fn size(&self, part: Range<u32>) -> (usize, usize) {
        if part.start as usize >= self.nodes.len() {
            let arcs = self.groups.iter().map(Vec::len).sum::<usize>() + self.joints.len();
            return (arcs, arcs);
        }
        let (mut arcs, mut listed) = (0, 0);
        self.entities(part, |entity, nodes, waiting| {
            let own = self.edges.of_entity(entity).len() + waiting.len() + nodes.len() - 1;
            arcs += own;
            if !self.is_run(entity, &nodes, waiting) {
                listed += own;
            }
        });
        (arcs, listed)
    }

    /// Writes the arcs of a part.
    pub fn write(&self, part: Range<u32>, mut writer: Writer<'_>) {
        if part.start as usize >= self.nodes.len() {
            for group in self.groups {
                writer.free(group.iter().map(|secret| self.nodes.place(secret.0, Right::Read)));
            }
            for joint in self.joints {
                let edge = self.edges.get(self.columns, self.estate, joint.edge);
                writer.free([self.nodes.place(edge.to, edge.marks.grants())]);
            }
            return;
        }
        self.entities(part, |entity, nodes, waiting| {
            if self.is_run(entity, &nodes, waiting) {
                self.run(entity, &mut writer);
            } else {
                nodes.clone().for_each(|node| self.mixed(node, nodes.end, waiting, &mut writer));
            }
        });
    }

    /// Visits the entities of a part with their nodes and what waits for these.
    fn entities(&self, part: Range<u32>, mut visit: impl FnMut(EntityIndex, Range<u32>, &[(u32, u32)])) {
        let mut premises = &self.premises[self.premises.partition_point(|(premise, _)| *premise < part.start)..];
        let mut node = part.start;
        while node < part.end {
            let entity = self.nodes.entity(node);
            let nodes = self.nodes.of_entity(entity);
            let own = premises.iter().take_while(|(premise, _)| *premise < nodes.end).count();
            let (waiting, rest) = premises.split_at(own);
            (premises, node) = (rest, nodes.end);
            visit(entity, nodes, waiting);
        }
    }

    /// Whether the arcs of an entity are its edges one after the other.
    fn is_run(&self, entity: EntityIndex, nodes: &Range<u32>, waiting: &[(u32, u32)]) -> bool {
        nodes.len() == 1 && waiting.is_empty() && !self.edges.kinds[entity.position()].is_special()
    }

    fn run(&self, entity: EntityIndex, writer: &mut Writer<'_>) {
        let (nodes, columns) = (self.nodes, self.columns);
        writer.place(self.edges.of_entity(entity).start);
        let plain = self.edges.kinds[entity.position()].is_plain();
        for (source, length) in self.edges.pieces(columns, entity) {
            let to = writer.arcs(length as usize);
            match source {
                Source::Relation(at) => {
                    let run = at as usize..(at + length) as usize;
                    let ends = to.iter_mut().zip(&columns.to[run.clone()]);
                    if plain {
                        ends.for_each(|(to, end)| *to = nodes.control(*end));
                    } else {
                        ends.zip(&columns.rights[run]).for_each(|((to, end), rights)| {
                            *to = nodes.place(*end, rights.grants().unwrap_or(Right::Control));
                        });
                    }
                }
                Source::Derived(at) => (at..).zip(to).for_each(|(at, to)| *to = nodes.control(self.edges.sources.derived(at).0)),
            }
        }
    }

    /// One of the nodes of an entity, with the joints that wait for them.
    fn mixed(&self, node: u32, end: u32, waiting: &[(u32, u32)], writer: &mut Writer<'_>) {
        let nodes = self.nodes;
        let Fact { entity, right } = nodes.fact(node);
        writer.list();
        self.edges.each(self.columns, self.estate, entity, |edge| {
            if edge.marks.requires() != right {
                return;
            }
            let to = if edge.marks.is_same_secret() {
                nodes.len() as u32 + edge.to
            } else if edge.marks.has_also() {
                self.joint(edge.number)
            } else {
                nodes.place(edge.to, edge.marks.grants())
            };
            writer.add(to, edge.number);
        });
        for (_, edge) in waiting.iter().filter(|(premise, _)| *premise == node) {
            writer.add(self.joint(*edge), *edge);
        }
        if right == Right::Control {
            (node + 1..end).for_each(|implied| writer.add(implied, FREE));
        }
    }

    fn joint(&self, edge: u32) -> u32 {
        let at = self.joints.partition_point(|joint| joint.edge < edge);
        (self.nodes.len() + self.groups.len() + at) as u32
    }
}

impl Writer<'_> {
    /// Begins the arcs of the next node, the first of which has this number.
    fn place(&mut self, number: u32) {
        let (node, arcs, _) = self.at;
        self.first[node] = self.before + arcs as u32;
        self.numbers[node] = number;
        self.at.0 += 1;
    }

    /// Begins the arcs of the next node, whose numbers are listed.
    fn list(&mut self) {
        self.place(LISTED | (self.listed_before + self.at.2 as u32));
    }

    /// The place of the next arcs.
    fn arcs(&mut self, many: usize) -> &mut [u32] {
        let first = self.at.1;
        self.at.1 += many;
        &mut self.to[first..first + many]
    }

    fn add(&mut self, to: u32, number: u32) {
        self.to[self.at.1] = to;
        self.listed[self.at.2] = number;
        (self.at.1, self.at.2) = (self.at.1 + 1, self.at.2 + 1);
    }

    fn free(&mut self, to: impl IntoIterator<Item = u32>) {
        self.list();
        to.into_iter().for_each(|to| self.add(to, FREE));
    }
}

//! [`Arcs`]: the edges between nodes in compressed sparse rows, four bytes each.

use super::edges::Edges;
use super::nodes::Nodes;
use super::{EntityIndex, Fact};
use crate::estate::{Estate, RelationIndex};
use crate::model::Right;

/// The arcs of every node. After the facts stand the groups of equal secrets, then a joint for each relation that needs more than FROM.
///
/// A hop is an arc with the number of its edge. An arc without one ([`FREE`]) costs nothing: from control to what it implies, from a group to its records, from a joint to
/// what its relation grants once all that it needs is held.
#[derive(Debug)]
pub(super) struct Arcs {
    /// For each node where its arcs start; one more than there are nodes.
    pub first: Vec<u32>,
    /// Where they lead.
    pub to: Vec<u32>,
    /// For each node the number of the edge of its first arc; or where its numbers are listed.
    numbers: Vec<u32>,
    /// The numbers of the edges of those nodes whose arcs are not a run of plain edges.
    listed: Vec<u32>,
}

const LISTED: u32 = 1 << 31;

/// The number of an arc that is no hop.
pub(super) const FREE: u32 = u32::MAX;

/// The numbers of the edges of a node's arcs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Numbers<'a> {
    /// Plain edges, one after the other from this one.
    From(u32),
    /// Any, [`FREE`] too.
    Listed(&'a [u32]),
}

/// A relation that needs more than FROM.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joint {
    pub edge: u32,
    /// How many facts it needs.
    pub needs: u32,
}

impl Arcs {
    /// The arcs between the nodes of an estate, and the joints.
    pub fn of(estate: &Estate, nodes: &Nodes, edges: &Edges, groups: &[Vec<EntityIndex>]) -> (Arcs, Vec<Joint>) {
        let (joints, premises) = joints(estate, nodes, edges);
        let count = nodes.len() + groups.len() + joints.len();
        let arcs = Arcs {
            first: Vec::with_capacity(count + 1),
            to: Vec::with_capacity(edges.len()),
            numbers: Vec::with_capacity(count),
            listed: Vec::new(),
        };
        let mut builder = Builder { nodes, edges, groups: groups.len() as u32, joints: &joints, arcs };
        let mut premises = premises.as_slice();
        let mut node = 0;
        while (node as usize) < nodes.len() {
            let entity = nodes.entity(node);
            let end = nodes.of_entity(entity).end;
            let own = premises.iter().take_while(|(premise, _)| *premise < end).count();
            let (own, rest) = premises.split_at(own);
            premises = rest;
            if end == node + 1 && own.is_empty() && !edges.is_special(entity) {
                builder.plain(entity);
            } else {
                (node..end).for_each(|node| builder.mixed(node, end, own));
            }
            node = end;
        }
        let mut arcs = builder.arcs;
        for group in groups {
            arcs.free(group.iter().map(|secret| nodes.place(secret.0, Right::Read)));
        }
        for joint in &joints {
            let edge = joint.edge as usize;
            arcs.free([nodes.place(edges.to[edge], edges.marks[edge].grants())]);
        }
        arcs.first.push(arcs.to.len() as u32);
        (arcs, joints)
    }

    /// The number of nodes, groups and joints included.
    pub fn nodes(&self) -> usize {
        self.first.len() - 1
    }

    /// Where a node's arcs lead.
    pub fn of_node(&self, node: u32) -> &[u32] {
        &self.to[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }

    /// Where a node's arcs lead, and the numbers of their edges.
    pub fn numbered(&self, node: u32) -> (&[u32], Numbers<'_>) {
        let to = self.of_node(node);
        let number = self.numbers[node as usize];
        let numbers = if number & LISTED == 0 {
            Numbers::From(number)
        } else {
            let first = (number & !LISTED) as usize;
            Numbers::Listed(&self.listed[first..first + to.len()])
        };
        (to, numbers)
    }

    /// Whether the arcs of a node are not a run of plain edges: only then may some of them be free.
    #[inline]
    pub fn is_listed(&self, node: u32) -> bool {
        self.numbers[node as usize] & LISTED != 0
    }

    /// Where the free arcs of a node lead.
    pub fn free_arcs(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let (to, numbers) = self.numbered(node);
        let listed = if let Numbers::Listed(listed) = numbers { listed } else { &[] };
        listed.iter().zip(to).filter(|(number, _)| **number == FREE).map(|(_, to)| *to)
    }

    fn place(&mut self, number: u32) {
        self.first.push(self.to.len() as u32);
        self.numbers.push(number);
    }

    fn list(&mut self) {
        let number = LISTED | self.listed.len() as u32;
        self.place(number);
    }

    fn free(&mut self, to: impl IntoIterator<Item = u32>) {
        self.list();
        for to in to {
            self.add(to, FREE);
        }
    }

    fn add(&mut self, to: u32, number: u32) {
        self.to.push(to);
        self.listed.push(number);
    }
}

struct Builder<'a> {
    nodes: &'a Nodes,
    edges: &'a Edges,
    groups: u32,
    joints: &'a [Joint],
    arcs: Arcs,
}

impl Builder<'_> {
    /// An entity whose control is all that its edges ask for.
    fn plain(&mut self, entity: EntityIndex) {
        let edges = self.edges.of_entity(entity);
        self.arcs.place(edges.start as u32);
        let (nodes, to) = (self.nodes, &self.edges.to[edges.clone()]);
        if self.edges.plain[entity.position()] {
            self.arcs.to.extend(to.iter().map(|to| nodes.control(*to)));
        } else {
            self.arcs.to.extend(to.iter().zip(&self.edges.marks[edges]).map(|(to, marks)| nodes.place(*to, marks.grants())));
        }
    }

    /// One of the nodes of an entity, with the joints that wait for them.
    fn mixed(&mut self, node: u32, end: u32, waiting: &[(u32, u32)]) {
        let (edges, nodes) = (self.edges, self.nodes);
        let Fact { entity, right } = nodes.fact(node);
        self.arcs.list();
        for at in edges.of_entity(entity).filter(|at| edges.marks[*at].requires() == right) {
            let (to, marks) = (edges.to[at], edges.marks[at]);
            let to = if marks.is_same_secret() {
                nodes.len() as u32 + to
            } else if marks.has_also() {
                self.joint(at as u32)
            } else {
                nodes.place(to, marks.grants())
            };
            self.arcs.add(to, at as u32);
        }
        for (_, edge) in waiting.iter().filter(|(premise, _)| *premise == node) {
            let to = self.joint(*edge);
            self.arcs.add(to, *edge);
        }
        if right == Right::Control {
            (node + 1..end).for_each(|implied| self.arcs.add(implied, FREE));
        }
    }

    fn joint(&self, edge: u32) -> u32 {
        let at = self.joints.partition_point(|joint| joint.edge < edge) as u32;
        self.nodes.len() as u32 + self.groups + at
    }
}

impl Edges {
    fn is_special(&self, entity: EntityIndex) -> bool {
        !self.plain[entity.position()] && self.marks[self.of_entity(entity)].iter().any(|marks| marks.is_special())
    }
}

/// The relations that need more than FROM, by edge; and the further nodes that each waits for, by node.
fn joints(estate: &Estate, nodes: &Nodes, edges: &Edges) -> (Vec<Joint>, Vec<(u32, u32)>) {
    let (mut joints, mut premises) = (Vec::new(), Vec::new());
    for edge in (0..edges.len()).filter(|edge| edges.marks[*edge].has_also()) {
        let relation = estate.relation(RelationIndex(edges.relation[edge]));
        let from = nodes.place(relation.from().0, relation.requires());
        let first = premises.len();
        let also = relation.also().map(|(entity, right)| nodes.place(entity.0, right));
        premises.extend(also.filter(|premise| *premise != from).map(|premise| (premise, edge as u32)));
        joints.push(Joint { edge: edge as u32, needs: (premises.len() - first) as u32 + 1 });
    }
    premises.sort_unstable();
    (joints, premises)
}

//! [`Arcs`]: the edges between nodes in compressed sparse rows, four bytes each.

use super::EntityIndex;
use super::edges::Edges;
use super::nodes::Nodes;
use super::plan::{Plan, Writer, cut};
use crate::estate::Estate;
use crate::threads;

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

pub(super) const LISTED: u32 = 1 << 31;

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
    /// The arcs between the nodes of an estate, and the joints. Written in parts, each into its own place.
    pub fn of(estate: &Estate, nodes: &Nodes, edges: &Edges, groups: &[Vec<EntityIndex>]) -> (Arcs, Vec<Joint>) {
        let columns = estate.relation_columns();
        let (joints, premises) = joints(estate, nodes, edges);
        let plan = Plan { estate, columns: &columns, nodes, edges, groups, joints: &joints, premises: &premises };
        let parts = plan.parts();
        let sizes = threads::map(parts.iter().cloned(), |part| plan.size(part));
        let sum = |of: fn(&(usize, usize)) -> usize| sizes.iter().map(of).sum::<usize>();
        let count = nodes.len() + groups.len() + joints.len();
        let mut arcs = Arcs {
            first: vec![0; count + 1],
            to: vec![0; sum(|size| size.0)],
            numbers: vec![0; count],
            listed: vec![0; sum(|size| size.1)],
        };
        let (mut first, mut to) = (arcs.first.as_mut_slice(), arcs.to.as_mut_slice());
        let (mut numbers, mut listed) = (arcs.numbers.as_mut_slice(), arcs.listed.as_mut_slice());
        let (mut before, mut listed_before) = (0, 0);
        let mut writers = Vec::new();
        for (part, size) in parts.into_iter().zip(&sizes) {
            let writer = Writer {
                before,
                listed_before,
                first: cut(&mut first, part.len()),
                numbers: cut(&mut numbers, part.len()),
                to: cut(&mut to, size.0),
                listed: cut(&mut listed, size.1),
                at: (0, 0, 0),
            };
            writers.push((part, writer));
            (before, listed_before) = (before + size.0 as u32, listed_before + size.1 as u32);
        }
        threads::map(writers, |(part, writer)| plan.write(part, writer));
        arcs.first[count] = before;
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
}

/// The relations that need more than FROM, by edge; and the further nodes that each waits for, by node.
fn joints(estate: &Estate, nodes: &Nodes, edges: &Edges) -> (Vec<Joint>, Vec<(u32, u32)>) {
    let columns = estate.relation_columns();
    let (mut joints, mut premises) = (Vec::new(), Vec::new());
    for edge in edges.joined.iter().copied() {
        let Some(relation) = edges.get(&columns, estate, edge).relation else { continue };
        let relation = estate.relation(relation);
        let from = nodes.place(relation.from().0, relation.requires());
        let first = premises.len();
        let also = relation.also().map(|(entity, right)| nodes.place(entity.0, right));
        premises.extend(also.filter(|premise| *premise != from).map(|premise| (premise, edge)));
        joints.push(Joint { edge, needs: (premises.len() - first) as u32 + 1 });
    }
    premises.sort_unstable();
    (joints, premises)
}

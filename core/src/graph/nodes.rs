//! [`Nodes`]: which facts are nodes of a graph, and where they stand.

use super::edges::Edges;
use super::{EntityIndex, Fact};
use crate::estate::Estate;
use crate::model::Right;

/// The facts that are nodes: control of every entity, and another right over it only where a relation asks for it or gives it. Where control is all
/// that relations speak of, the graph is the plain one of its entities.
///
/// Nodes stand tenant by tenant, since most relations stay within one: a search then finds what it needs next in the cache.
#[derive(Debug)]
pub(super) struct Nodes {
    /// For each entity the node of its control, times four, and which further rights have a node after it: 1 read, 2 write.
    pub first: Vec<u32>,
    /// The fact of each node: entity times four, and the right.
    pub facts: Vec<u32>,
}

const READ: u8 = 1;
const WRITE: u8 = 2;

/// The bit of a further right.
pub(super) const fn bit(right: Right) -> u8 {
    match right {
        Right::Control => 0,
        Right::Read => READ,
        Right::Write => WRITE,
    }
}

impl Nodes {
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// The node of a fact, where it is one.
    pub fn of_fact(&self, fact: Fact) -> Option<u32> {
        let first = self.first[fact.entity.position()];
        let has = fact.right == Right::Control || first as u8 & bit(fact.right) != 0;
        has.then(|| self.place(fact.entity.0, fact.right))
    }

    /// The node of a fact that is one.
    pub fn place(&self, entity: u32, right: Right) -> u32 {
        let first = self.first[entity as usize];
        let before = match right {
            Right::Control => 0,
            Right::Read => 1,
            Right::Write => 1 + (first & u32::from(READ)),
        };
        (first >> 2) + before
    }

    /// The node of control of an entity.
    pub fn control(&self, entity: u32) -> u32 {
        self.first[entity as usize] >> 2
    }

    /// The node that decides whether a fact is held: its own, or that of the control which implies it.
    pub fn deciding(&self, fact: Fact) -> u32 {
        self.of_fact(fact).unwrap_or_else(|| self.control(fact.entity.0))
    }

    /// The nodes of an entity, control first.
    pub fn of_entity(&self, entity: EntityIndex) -> std::ops::Range<u32> {
        let first = self.first[entity.position()];
        let further = (first & 3).count_ones();
        first >> 2..(first >> 2) + 1 + further
    }

    /// The fact of a node.
    pub fn fact(&self, node: u32) -> Fact {
        let fact = self.facts[node as usize];
        let right = match fact & 3 {
            0 => Right::Control,
            1 => Right::Read,
            _ => Right::Write,
        };
        Fact::new(EntityIndex(fact >> 2), right)
    }

    /// The entity of a node.
    pub fn entity(&self, node: u32) -> EntityIndex {
        EntityIndex(self.facts[node as usize] >> 2)
    }
}

/// The rights besides control that edges ask for or give, by entity.
pub(super) fn wanted(estate: &Estate, edges: &Edges) -> Vec<u8> {
    let columns = estate.relation_columns();
    let mut wanted = vec![0; estate.len()];
    for entity in estate.indices().filter(|entity| !edges.kinds[entity.position()].is_plain()) {
        edges.each(&columns, estate, entity, |edge| {
            wanted[entity.position()] |= bit(edge.marks.requires());
            if let Some(relation) = edge.relation.filter(|_| edge.marks.has_also()) {
                for (entity, right) in estate.relation(relation).also() {
                    wanted[entity.position()] |= bit(right);
                }
            }
            if !edge.marks.is_same_secret() {
                wanted[edge.to as usize] |= bit(edge.marks.grants());
            }
        });
    }
    wanted
}

//! [`Edges`]: the relations of an estate that conduct, in canonical order, the derived ones in their place.

use super::compile::Edge;
use super::{EntityIndex, GraphOptions};
use crate::error::Result;
use crate::estate::{Estate, RelationRef};
use crate::model::{Certainty, RelationKind, Right};
use crate::observer::Observer;

/// The number of an edge's relation where rule 3 or 4 made it.
pub(super) const DERIVED: u32 = u32::MAX;

/// The conducting relations as columns. Their order is the canonical one, so that the least number is the one to report.
#[derive(Debug, Default)]
pub(super) struct Edges {
    /// For each entity where its edges start; one more than there are entities.
    pub starts: Vec<u32>,
    /// The entity that is gained; for `same_secret` the number of the group instead.
    pub to: Vec<u32>,
    /// The relation of the estate, or [`DERIVED`].
    pub relation: Vec<u32>,
    pub marks: Vec<Marks>,
    /// For each entity whether its edges are all plain.
    pub plain: Vec<bool>,
}

/// What a traversal asks of an edge, in a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks(u8);

impl Marks {
    const POSSIBLE: u8 = 16;
    const HAS_ALSO: u8 = 32;
    const SAME_SECRET: u8 = 64;

    const CONTAINS: Marks = Marks::new(Right::Control, Right::Control);
    const SAME: Marks = Marks(Marks::new(Right::Read, Right::Read).0 | Marks::SAME_SECRET);

    const fn new(requires: Right, grants: Right) -> Marks {
        Marks(requires as u8 | (grants as u8) << 2)
    }

    fn of(relation: RelationRef<'_>, grants: Right) -> Marks {
        let Marks(rights) = Marks::new(relation.requires(), grants);
        let possible = if relation.certainty() == Certainty::Possible { Marks::POSSIBLE } else { 0 };
        let has_also = if relation.also().len() > 0 { Marks::HAS_ALSO } else { 0 };
        Marks(rights | possible | has_also)
    }

    pub const fn requires(self) -> Right {
        right(self.0)
    }

    pub const fn grants(self) -> Right {
        right(self.0 >> 2)
    }

    /// Whether it is control that gives control, for sure and alone.
    pub const fn is_plain(self) -> bool {
        self.0 == 0
    }

    pub const fn is_possible(self) -> bool {
        self.0 & Marks::POSSIBLE != 0
    }

    pub const fn has_also(self) -> bool {
        self.0 & Marks::HAS_ALSO != 0
    }

    pub const fn is_same_secret(self) -> bool {
        self.0 & Marks::SAME_SECRET != 0
    }

    /// Whether it is neither sure, nor alone, nor to one entity.
    pub const fn is_special(self) -> bool {
        self.0 & (Marks::POSSIBLE | Marks::HAS_ALSO | Marks::SAME_SECRET) != 0
    }
}

const fn right(bits: u8) -> Right {
    match bits & 3 {
        0 => Right::Control,
        1 => Right::Read,
        _ => Right::Write,
    }
}

impl Edges {
    /// The edges of an estate at an instant: one pass over its relations.
    pub fn of(estate: &Estate, options: GraphOptions, groups: &[Vec<EntityIndex>], observer: &dyn Observer) -> Result<Edges> {
        let living: Vec<bool> = estate.entities().iter().map(|entity| entity.lives_at(options.as_of)).collect();
        let contained = Contained::of(estate, &living);
        let mut grouped = grouped(groups).into_iter().peekable();
        let total = estate.relations().len();
        let mut edges = Edges::with_capacity(estate.len(), total + contained.list.len());
        for entity in estate.indices() {
            if entity.0.is_multiple_of(16_384) {
                observer.check(edges.len() as u64, total as u64)?;
            }
            edges.begin();
            let mut inside = contained.of_container(entity).iter().copied().peekable();
            let lives = living[entity.position()];
            for relation in estate.relations_from(entity) {
                // A derived `contains` stands before a written one of the same ends.
                while let Some(to) = inside.next_if(|to| relation.kind() != RelationKind::Contains || *to <= relation.to().0) {
                    edges.derive(to, Marks::CONTAINS);
                }
                let to = relation.to();
                if let Some(grants) = relation.grants().filter(|_| lives && living[to.position()] && options.lets_through(relation)) {
                    edges.push(to.0, relation.index().0, Marks::of(relation, grants));
                }
            }
            for to in inside {
                edges.derive(to, Marks::CONTAINS);
            }
            if let Some((_, group)) = grouped.next_if(|(secret, _)| *secret == entity) {
                edges.derive(group, Marks::SAME);
            }
        }
        edges.end();
        Ok(edges)
    }

    fn with_capacity(entities: usize, edges: usize) -> Edges {
        Edges {
            starts: Vec::with_capacity(entities + 1),
            to: Vec::with_capacity(edges),
            relation: Vec::with_capacity(edges),
            marks: Vec::with_capacity(edges),
            plain: Vec::with_capacity(entities),
        }
    }

    pub fn len(&self) -> usize {
        self.to.len()
    }

    /// The edges of an entity, by number.
    pub fn of_entity(&self, entity: EntityIndex) -> std::ops::Range<usize> {
        self.starts[entity.position()] as usize..self.starts[entity.position() + 1] as usize
    }

    /// Begins the edges of the next entity.
    pub fn begin(&mut self) {
        self.starts.push(self.len() as u32);
        self.plain.push(true);
    }

    /// Ends the edges of the last.
    pub fn end(&mut self) {
        self.starts.push(self.len() as u32);
    }

    /// Adds an edge of a graph of the same estate.
    pub fn add(&mut self, estate: &Estate, edge: &Edge) {
        match edge.relation() {
            Some(relation) => self.push(edge.to, relation.0, Marks::of(estate.relation(relation), edge.grants)),
            None if edge.kind == RelationKind::SameSecret => self.derive(edge.to, Marks::SAME),
            None => self.derive(edge.to, Marks::CONTAINS),
        }
    }

    fn push(&mut self, to: u32, relation: u32, marks: Marks) {
        self.to.push(to);
        self.relation.push(relation);
        self.marks.push(marks);
        if !marks.is_plain()
            && let Some(plain) = self.plain.last_mut()
        {
            *plain = false;
        }
    }

    fn derive(&mut self, to: u32, marks: Marks) {
        self.push(to, DERIVED, marks);
    }
}

/// Rule 4: what each container holds, in order.
struct Contained {
    starts: Vec<u32>,
    list: Vec<u32>,
}

impl Contained {
    fn of(estate: &Estate, living: &[bool]) -> Contained {
        let conducts = |entity: EntityIndex| {
            let container = estate.container(entity)?;
            let conducts = living[entity.position()] && living[container.position()] && container != entity;
            conducts.then_some(container)
        };
        let mut starts = vec![0u32; estate.len() + 1];
        for container in estate.indices().filter_map(conducts) {
            starts[container.position() + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut list = vec![0; starts[estate.len()] as usize];
        for (entity, container) in estate.indices().filter_map(|entity| Some((entity, conducts(entity)?))) {
            let place = &mut next[container.position()];
            list[*place as usize] = entity.0;
            *place += 1;
        }
        Contained { starts, list }
    }

    fn of_container(&self, entity: EntityIndex) -> &[u32] {
        &self.list[self.starts[entity.position()] as usize..self.starts[entity.position() + 1] as usize]
    }
}

/// Rule 3: each secret that has copies, with its group, in order.
fn grouped(groups: &[Vec<EntityIndex>]) -> Vec<(EntityIndex, u32)> {
    let mut grouped: Vec<_> =
        groups.iter().enumerate().flat_map(|(group, secrets)| secrets.iter().map(move |secret| (*secret, group as u32))).collect();
    grouped.sort_unstable();
    grouped
}

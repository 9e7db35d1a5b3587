//! [`Edges`]: the relations of an estate that conduct, in canonical order, the derived ones in their place.

use super::compile::Edge;
use super::sources::{Source, Sources};
use super::{EntityIndex, GraphOptions};
use crate::error::Result;
use crate::estate::{Estate, RelationColumns, RelationIndex, Rights};
use crate::model::{RelationKind, Right};
use crate::observer::Observer;
use crate::parallel;
use std::ops::Range;

/// The conducting relations. Their order is the canonical one, so that the least number is the one to report. What stands in the columns of the estate is
/// not written anew: an edge says where it comes from.
#[derive(Debug, Default)]
pub(super) struct Edges {
    /// For each entity where its edges start; one more than there are entities.
    pub starts: Vec<u32>,
    /// For each entity what its edges are.
    pub kinds: Vec<Kind>,
    pub sources: Sources,
    /// Whether any edge is only possible.
    pub possible: bool,
    /// The edges that need more than FROM.
    pub joined: Vec<u32>,
}

/// What the edges of an entity are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind(u8);

impl Kind {
    /// All plain, and its own relations, all of them.
    const WHOLE: Kind = Kind(0);
    const NOT_PLAIN: u8 = 1;
    const SPECIAL: u8 = 2;
    const PARTIAL: u8 = 4;

    /// Whether each is control that gives control, for sure and alone.
    pub const fn is_plain(self) -> bool {
        self.0 & Kind::NOT_PLAIN == 0
    }

    /// Whether one of them is neither sure, nor alone, nor to one entity.
    pub const fn is_special(self) -> bool {
        self.0 & Kind::SPECIAL != 0
    }

    const fn is_whole(self) -> bool {
        self.0 & Kind::PARTIAL == 0
    }
}

/// An edge as it is compiled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw {
    pub number: u32,
    /// The entity that is gained; for `same_secret` the number of the group instead.
    pub to: u32,
    pub marks: Marks,
    pub relation: Option<RelationIndex>,
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

    /// What a relation that grants something says of itself. The bits are those of the estate.
    #[inline]
    const fn of(rights: Rights) -> Marks {
        Marks(rights.0)
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

/// The entities that are looked at between two looks at the observer, and those of a part of the work.
const ROUND: usize = 1 << 20;
const PART: usize = 1 << 15;

impl Edges {
    /// The edges of an estate at an instant: one pass over the columns of its relations, in parts.
    pub fn of(
        estate: &Estate,
        options: GraphOptions,
        containers: &[u32],
        groups: &[Vec<EntityIndex>],
        observer: &dyn Observer,
    ) -> Result<Edges> {
        let living = estate.living(options.as_of);
        let living = living.as_deref();
        let contained = Contained::of(containers, living);
        let grouped = grouped(groups);
        let columns = estate.relation_columns();
        let reader = Reader { estate, options, columns: &columns, living, contained: &contained, grouped: &grouped };
        let mut edges = Edges::default();
        edges.starts.reserve(estate.len() + 1);
        edges.kinds.reserve(estate.len());
        for round in (0..estate.len()).step_by(ROUND) {
            observer.check(edges.len().into(), columns.to.len() as u64)?;
            let end = (round + ROUND).min(estate.len());
            let parts = (round..end).step_by(PART).map(|first| first as u32..(first + PART).min(end) as u32);
            parallel::map(parts, |part| reader.read(part)).into_iter().for_each(|part| edges.append(part));
        }
        edges.end();
        Ok(edges)
    }

    fn append(&mut self, part: Edges) {
        let before = self.len();
        self.starts.extend(part.starts.iter().map(|start| start + before));
        self.kinds.extend(part.kinds);
        self.joined.extend(part.joined.iter().map(|edge| edge + before));
        self.possible |= part.possible;
        self.sources.append(part.sources);
    }

    pub fn len(&self) -> u32 {
        self.sources.len()
    }

    /// The numbers of the edges of an entity.
    pub fn of_entity(&self, entity: EntityIndex) -> Range<u32> {
        self.starts[entity.position()]..self.starts[entity.position() + 1]
    }

    /// The edges of an entity as pieces of where they come from, each with its length.
    pub fn pieces(&self, columns: &RelationColumns<'_>, entity: EntityIndex) -> impl Iterator<Item = (Source, u32)> + '_ {
        let own = self.of_entity(entity);
        let whole = self.kinds[entity.position()].is_whole();
        let one = whole.then(|| (Source::Relation(columns.starts[entity.position()]), own.len() as u32));
        one.into_iter().chain(self.sources.pieces(if whole { 0..0 } else { own }))
    }

    /// The edges of an entity in order.
    pub fn each(&self, columns: &RelationColumns<'_>, estate: &Estate, entity: EntityIndex, mut visit: impl FnMut(Raw)) {
        let mut number = self.of_entity(entity).start;
        for (source, length) in self.pieces(columns, entity) {
            for at in 0..length {
                visit(self.raw(columns, estate, number, source.plus(at)));
                number += 1;
            }
        }
    }

    /// One edge.
    pub fn get(&self, columns: &RelationColumns<'_>, estate: &Estate, number: u32) -> Raw {
        self.raw(columns, estate, number, self.sources.get(number))
    }

    fn raw(&self, columns: &RelationColumns<'_>, estate: &Estate, number: u32, source: Source) -> Raw {
        match source {
            Source::Relation(at) => {
                let relation = RelationIndex(at);
                let mut marks = Marks::of(columns.rights[at as usize]);
                if columns.further && estate.relation(relation).also().len() > 0 {
                    marks.0 |= Marks::HAS_ALSO;
                }
                Raw { number, to: columns.to[at as usize], marks, relation: Some(relation) }
            }
            Source::Derived(at) => {
                let (to, is_same) = self.sources.derived(at);
                Raw { number, to, marks: if is_same { Marks::SAME } else { Marks::CONTAINS }, relation: None }
            }
        }
    }

    /// Begins the edges of the next entity.
    pub fn begin(&mut self) {
        self.starts.push(self.len());
        self.kinds.push(Kind::WHOLE);
    }

    /// Ends the edges of the last.
    pub fn end(&mut self) {
        self.starts.push(self.len());
    }

    /// Adds an edge of a graph of the same estate.
    pub fn add(&mut self, columns: &RelationColumns<'_>, estate: &Estate, edge: &Edge) {
        self.mark(Kind::PARTIAL);
        match edge.relation() {
            Some(relation) => self.relation(columns, estate, relation.0),
            None => self.derive(edge.to, edge.kind == RelationKind::SameSecret),
        }
    }

    fn relation(&mut self, columns: &RelationColumns<'_>, estate: &Estate, at: u32) {
        let number = self.len();
        self.sources.push(Source::Relation(at), 1);
        let marks = self.raw(columns, estate, number, Source::Relation(at)).marks;
        if !marks.is_plain() {
            self.mark(Kind::NOT_PLAIN | if marks.is_special() { Kind::SPECIAL } else { 0 });
            self.possible |= marks.is_possible();
            if marks.has_also() {
                self.joined.push(number);
            }
        }
    }

    /// Adds what an entity contains.
    fn contain(&mut self, inside: &[u32]) {
        if !inside.is_empty() {
            self.sources.contain(inside);
            self.mark(Kind::PARTIAL);
        }
    }

    fn derive(&mut self, to: u32, is_same: bool) {
        self.sources.derive(to, is_same);
        self.mark(Kind::PARTIAL | if is_same { Kind::NOT_PLAIN | Kind::SPECIAL } else { 0 });
    }

    fn mark(&mut self, mark: u8) {
        if let Some(kind) = self.kinds.last_mut() {
            kind.0 |= mark;
        }
    }
}

/// Reads the edges of a part of the entities.
struct Reader<'a> {
    estate: &'a Estate,
    options: GraphOptions,
    columns: &'a RelationColumns<'a>,
    living: Option<&'a [bool]>,
    contained: &'a Contained,
    grouped: &'a [(EntityIndex, u32)],
}

impl Reader<'_> {
    fn read(&self, part: Range<u32>) -> Edges {
        let mut edges = Edges::default();
        edges.starts.reserve(part.len());
        edges.kinds.reserve(part.len());
        let mut grouped = self.grouped[self.grouped.partition_point(|(secret, _)| secret.0 < part.start)..].iter().peekable();
        for entity in part.map(EntityIndex) {
            edges.begin();
            let inside = self.contained.of_container(entity);
            let own = self.columns.starts[entity.position()]..self.columns.starts[entity.position() + 1];
            let lives = self.lives(entity.0);
            if inside.is_empty() && lives && self.all_plain(own.clone()) {
                edges.sources.push(Source::Relation(own.start), own.len() as u32);
            } else {
                self.mixed(&mut edges, own, lives, inside);
            }
            if let Some((_, group)) = grouped.next_if(|(secret, _)| *secret == entity) {
                edges.derive(*group, true);
            }
        }
        edges
    }

    fn lives(&self, entity: u32) -> bool {
        self.living.is_none_or(|living| living[entity as usize])
    }

    /// Whether relations are all control that gives control, for sure and alone, and conduct.
    #[inline]
    fn all_plain(&self, own: Range<u32>) -> bool {
        let own = own.start as usize..own.end as usize;
        let honoured = self.options.honoured.bits();
        let rights = self.columns.rights[own.clone()].iter().fold(0, |any, rights| any | rights.0);
        let guards = self.columns.guards[own.clone()].iter().fold(0, |any, guards| any | guards.bits() & honoured);
        let rare = self.columns.timed || self.columns.further;
        rights | guards == 0 && !rare && self.living.is_none_or(|living| self.columns.to[own].iter().all(|to| living[*to as usize]))
    }

    /// The relations that conduct, and what the entity contains: a derived `contains` stands before a written one of the same ends.
    fn mixed(&self, edges: &mut Edges, own: Range<u32>, lives: bool, mut inside: &[u32]) {
        for at in own {
            let relation = self.estate.relation(RelationIndex(at));
            let stands_before = |to: &u32| relation.kind() != RelationKind::Contains || *to <= relation.to().0;
            let (before, rest) = inside.split_at(inside.partition_point(stands_before));
            edges.contain(before);
            inside = rest;
            let conducts = lives && self.lives(relation.to().0) && relation.grants().is_some();
            if conducts && self.options.lets_through(relation) {
                edges.relation(self.columns, self.estate, at);
            } else {
                edges.mark(Kind::PARTIAL);
            }
        }
        edges.contain(inside);
    }
}

/// Rule 4: what each container holds, in order.
struct Contained {
    starts: Vec<u32>,
    list: Vec<u32>,
}

impl Contained {
    fn of(containers: &[u32], living: Option<&[bool]>) -> Contained {
        let lives = |entity: u32| living.is_none_or(|living| living[entity as usize]);
        let conducts =
            |(entity, container): &(u32, u32)| *container != u32::MAX && container != entity && lives(*entity) && lives(*container);
        let conducting = || (0..).zip(containers.iter().copied()).filter(conducts);
        let mut starts = vec![0u32; containers.len() + 2];
        for (_, container) in conducting() {
            starts[container as usize + 2] += 1;
        }
        for at in 2..starts.len() {
            starts[at] += starts[at - 1];
        }
        // While they are dealt out, each container's place stands one further on.
        let mut list = vec![0; starts[containers.len() + 1] as usize];
        for (entity, container) in conducting() {
            let place = &mut starts[container as usize + 1];
            list[*place as usize] = entity;
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

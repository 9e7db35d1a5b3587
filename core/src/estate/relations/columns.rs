//! [`Relations`]: a column a field. What every relation has is dense, the rest sparse, and every text stands once.

use super::{RelationRef, Row};
use crate::estate::columns::{Lists, Sparse, Texts, UniqueTexts};
use crate::estate::{EntityIndex, RelationIndex};
use crate::model::{Certainty, GuardSet, Instant, RelationKind, Right};
use std::ops::Range;

/// The relations of an estate in their canonical order. One without dates and permission costs 11 bytes, and an entity four for where its own start.
#[derive(Debug, Default)]
pub(in crate::estate) struct Relations {
    /// Where the relations of each entity start, and the end of the last.
    pub(super) starts: Vec<u32>,
    pub(super) from: Vec<u32>,
    pub(super) to: Vec<u32>,
    pub(super) kinds: Vec<RelationKind>,
    pub(super) rights: Vec<Rights>,
    pub(super) guards: Vec<GuardSet>,
    pub(super) texts: Texts,
    pub(super) permissions: Sparse<u32>,
    pub(super) also: Lists<(u32, Right)>,
    pub(super) granted_at: Sparse<Instant>,
    pub(super) valid_from: Sparse<Instant>,
    pub(super) valid_until: Sparse<Instant>,
    pub(super) last_used_at: Sparse<Instant>,
    pub(super) subjects: Sparse<u32>,
}

/// What decides whether relations conduct and where they lead, as slices of the columns.
pub(crate) struct RelationColumns<'a> {
    /// Where the relations of each entity start, and the end of the last.
    pub starts: &'a [u32],
    pub to: &'a [u32],
    pub rights: &'a [Rights],
    pub guards: &'a [GuardSet],
    /// Whether any is valid from or until an instant.
    pub timed: bool,
    /// Whether any needs more than FROM.
    pub further: bool,
}

/// What a relation requires and grants, and how sure it is: two bits for each right, one for the certainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights(pub u8);

const NO_RIGHT: u8 = 3;

impl Rights {
    fn new(requires: Right, grants: Option<Right>, certainty: Certainty) -> Rights {
        Rights(requires as u8 | grants.map_or(NO_RIGHT, |right| right as u8) << 2 | u8::from(certainty == Certainty::Possible) << 4)
    }

    #[inline]
    pub fn requires(self) -> Right {
        Rights::right(self.0 & 3).unwrap_or(Right::Control)
    }

    #[inline]
    pub fn grants(self) -> Option<Right> {
        Rights::right(self.0 >> 2 & 3)
    }

    #[inline]
    pub fn certainty(self) -> Certainty {
        if self.0 & 0b1_0000 == 0 { Certainty::Proven } else { Certainty::Possible }
    }

    #[inline]
    fn right(code: u8) -> Option<Right> {
        match code {
            0 => Some(Right::Control),
            1 => Some(Right::Read),
            2 => Some(Right::Write),
            _ => None,
        }
    }
}

impl Relations {
    /// The columns of rows between so many entities; `permissions` are the names by the numbers in the rows, from 1.
    pub fn new(mut rows: Vec<Row>, permissions: &[Box<str>], entities: usize) -> Self {
        let order = canonical_order(&rows, entities);
        let ordered = || order.iter().map(|at| &rows[*at as usize]);
        let mut relations = Relations { from: ordered().map(|row| row.from).collect(), ..Relations::default() };
        relations.starts = starts(relations.from.iter().copied(), entities);
        relations.to = ordered().map(|row| row.to).collect();
        relations.kinds = ordered().map(|row| row.kind).collect();
        relations.rights = ordered().map(|row| Rights::new(row.requires, row.grants, row.certainty)).collect();
        relations.guards = ordered().map(|row| row.guards).collect();
        let mut texts = UniqueTexts::default();
        for (at, row) in order.into_iter().enumerate() {
            relations.push_rare(at, &mut rows[row as usize], permissions, &mut texts);
        }
        relations.texts = texts.into_texts();
        relations.shrink();
        relations
    }

    /// Adds the fields that few relations have.
    fn push_rare(&mut self, at: usize, row: &mut Row, permissions: &[Box<str>], texts: &mut UniqueTexts) {
        let permission = row.permission.checked_sub(1).map(|number| texts.number(&permissions[number as usize]));
        self.permissions.push_some(at, permission);
        let Some(extra) = row.extra.take() else { return };
        self.also.push(at, extra.also);
        self.granted_at.push_some(at, extra.granted_at);
        self.valid_from.push_some(at, extra.valid_from);
        self.valid_until.push_some(at, extra.valid_until);
        self.last_used_at.push_some(at, extra.last_used_at);
        self.subjects.push_some(at, extra.subject.map(|subject| texts.number(&subject)));
    }

    fn shrink(&mut self) {
        self.texts.shrink();
        self.permissions.shrink();
        self.also.shrink();
        self.subjects.shrink();
        for column in [&mut self.granted_at, &mut self.valid_from, &mut self.valid_until, &mut self.last_used_at] {
            column.shrink();
        }
    }

    pub fn len(&self) -> usize {
        self.from.len()
    }

    /// The columns that decide whether relations conduct.
    pub fn conducting(&self) -> RelationColumns<'_> {
        RelationColumns {
            starts: &self.starts,
            to: &self.to,
            rights: &self.rights,
            guards: &self.guards,
            timed: !(self.valid_from.values().is_empty() && self.valid_until.values().is_empty()),
            further: !self.also.values().is_empty(),
        }
    }

    /// The indices of the relations that start at an entity.
    pub fn starting_at(&self, entity: EntityIndex) -> Range<u32> {
        self.starts[entity.position()]..self.starts[entity.position() + 1]
    }

    #[inline]
    pub fn get(&self, index: RelationIndex) -> RelationRef<'_> {
        assert!((index.0 as usize) < self.from.len(), "the index is of this estate");
        RelationRef::new(self, index)
    }
}

/// Where the rows of each entity start, and the end of the last.
pub(super) fn starts(from: impl Iterator<Item = u32>, entities: usize) -> Vec<u32> {
    let mut starts = vec![0; entities + 1];
    for entity in from {
        starts[entity as usize + 1] += 1;
    }
    for entity in 0..entities {
        starts[entity + 1] += starts[entity];
    }
    starts
}

/// The places of rows in their canonical order, equal ones once. Rows are dealt out by where they start, and the few of each entity are sorted.
fn canonical_order(rows: &[Row], entities: usize) -> Vec<u32> {
    let starts = starts(rows.iter().map(|row| row.from), entities);
    let mut next = starts.clone();
    let mut dealt = vec![(0, 0); rows.len()];
    for (at, row) in rows.iter().enumerate() {
        let place = &mut next[row.from as usize];
        dealt[*place as usize] = (u64::from(row.kind as u8) << 32 | u64::from(row.to), at as u32);
        *place += 1;
    }
    let mut order: Vec<u32> = Vec::with_capacity(rows.len());
    for ends in starts.windows(2) {
        let own = &mut dealt[ends[0] as usize..ends[1] as usize];
        own.sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then_with(|| rows[*one as usize].cmp(&rows[*other as usize])));
        let first = order.len();
        for (_, at) in own {
            if order.len() == first || order.last().is_some_and(|last| rows[*last as usize] != rows[*at as usize]) {
                order.push(*at);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_kept_in_a_byte() {
        for requires in Right::ALL.iter().copied() {
            for grants in Right::ALL.iter().copied().map(Some).chain([None]) {
                for certainty in Certainty::ALL.iter().copied() {
                    let rights = Rights::new(requires, grants, certainty);
                    assert_eq!((rights.requires(), rights.grants(), rights.certainty()), (requires, grants, certainty));
                }
            }
        }
    }
}

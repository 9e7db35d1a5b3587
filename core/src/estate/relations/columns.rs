//! [`Relations`]: a column a field. What every relation has is dense, the rest sparse, and every text stands once.

use super::row::{Extra, Places, Row, Rows};
use super::{RelationRef, Rights};
use crate::error::Result;
use crate::estate::columns::{Lists, Sparse, Texts, UniqueTexts};
use crate::estate::{EntityIndex, RelationIndex};
use crate::model::{GuardSet, Instant, RelationKind, Right};
use crate::observer::{Observer, Pace};
use crate::parallel;
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

impl Relations {
    /// The columns of rows between numbers of the builder, which `places` tells the place of.
    ///
    /// # Errors
    /// As [`Observer::check`].
    pub fn new(rows: Rows, places: &Places<'_>, observer: &dyn Observer) -> Result<Self> {
        let Rows { rows, mut extras } = rows;
        let count = rows.len();
        extras.iter_mut().for_each(|extra| extra.renumber(places));
        let pieces = dealt(rows, places, &mut Pace::new(observer))?;
        let pieces = parallel::all(pieces, observer, |piece| in_canonical_order(piece, &extras))?;
        let mut relations = Relations::with_capacity(count);
        let mut texts = UniqueTexts::default();
        let mut pace = Pace::new(observer);
        for piece in pieces {
            relations.append(&piece, &mut extras, places, &mut texts);
            pace.steps(piece.len())?;
        }
        relations.starts = starts(relations.from.iter().copied(), places.entities);
        relations.texts = texts.into_texts();
        relations.shrink();
        Ok(relations)
    }

    fn with_capacity(count: usize) -> Self {
        Relations {
            from: Vec::with_capacity(count),
            to: Vec::with_capacity(count),
            kinds: Vec::with_capacity(count),
            rights: Vec::with_capacity(count),
            guards: Vec::with_capacity(count),
            ..Relations::default()
        }
    }

    /// Appends rows that are in their canonical order.
    fn append(&mut self, rows: &[Row], extras: &mut [Extra], places: &Places<'_>, texts: &mut UniqueTexts) {
        let first = self.len();
        self.from.extend(rows.iter().map(|row| row.from));
        self.to.extend(rows.iter().map(|row| row.to));
        self.kinds.extend(rows.iter().map(|row| row.kind));
        self.rights.extend(rows.iter().map(|row| row.rights));
        self.guards.extend(rows.iter().map(|row| row.guards));
        for (at, row) in (first..).zip(rows).filter(|(_, row)| !row.is_plain()) {
            let permission = row.permission(extras);
            self.permissions.push_some(at, places.permission(permission).map(|name| texts.number(name)));
            let Some(extra) = row.extra_mut(extras).map(std::mem::take) else { continue };
            self.also.push(at, extra.also);
            self.granted_at.push_some(at, extra.granted_at);
            self.valid_from.push_some(at, extra.valid_from);
            self.valid_until.push_some(at, extra.valid_until);
            self.last_used_at.push_some(at, extra.last_used_at);
            self.subjects.push_some(at, extra.subject.map(|subject| texts.number(&subject)));
        }
    }

    fn shrink(&mut self) {
        // Only rows that stood twice leave room in these.
        self.from.shrink_to_fit();
        self.to.shrink_to_fit();
        self.kinds.shrink_to_fit();
        self.rights.shrink_to_fit();
        self.guards.shrink_to_fit();
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

/// The least number of rows of a piece: enough for a thread to be worth asking, few enough for the cache. Those of one entity stay together.
const A_PIECE: usize = 1 << 14;

/// Rows by the place of where they start, renumbered, in pieces of which each stands before the next.
fn dealt(mut rows: Vec<Row>, places: &Places<'_>, pace: &mut Pace<'_>) -> Result<Vec<Vec<Row>>> {
    let mut counts = vec![0_u32; places.entities];
    for row in &mut rows {
        row.renumber(places);
        counts[row.from as usize] += 1;
        pace.step()?;
    }
    let mut pieces = vec![Vec::new()];
    let mut within = 0;
    for count in &mut counts {
        within += *count as usize;
        *count = pieces.len() as u32 - 1;
        if within >= A_PIECE {
            pieces.push(Vec::with_capacity(A_PIECE));
            within = 0;
        }
    }
    for row in rows {
        pieces[counts[row.from as usize] as usize].push(row);
        pace.step()?;
    }
    Ok(pieces)
}

/// Rows in their canonical order, equal ones once.
fn in_canonical_order(mut rows: Vec<Row>, extras: &[Extra]) -> Vec<Row> {
    rows.sort_unstable_by(|one, other| one.order(other, extras));
    rows.dedup_by(|one, other| one.order(other, extras).is_eq());
    rows
}

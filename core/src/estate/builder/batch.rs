//! [`Batch`]: plain records that were read apart from the builder, on a thread of their own, and the numbers that thread gave to ids.

use super::slot::Known;
use super::{EstateBuilder, Position};
use crate::error::Result;
use crate::estate::columns::UniqueTexts;
use crate::estate::entities::{Flags, Plain};
use crate::estate::relations::{Permissions, Rights, Row};
use crate::model::{EntityType, Environment, RelationKind};
use crate::observer::Pace;

/// A record with none of the fields that few records have, in texts of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estate) enum PlainLine<'a> {
    Entity(PlainEntity<'a>),
    Relation(PlainRelation<'a>),
}

/// A plain tenant, identity, secret or resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estate) struct PlainEntity<'a> {
    pub entity_type: EntityType,
    pub id: &'a str,
    /// The place of the kind in the list of its type's kinds.
    pub kind: u8,
    /// Its tenant; of a tenant its parent.
    pub container: Option<&'a str>,
    pub environment: Option<Environment>,
    pub name: Option<&'a str>,
    pub owner: Option<&'a str>,
    pub flags: Flags,
}

/// A plain relation, with the rights of its kind where it states none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estate) struct PlainRelation<'a> {
    pub from: &'a str,
    pub kind: RelationKind,
    pub to: &'a str,
    pub rights: Rights,
    pub permission: Option<&'a str>,
}

/// The numbers that a thread gave to the texts it met.
#[derive(Debug, Default)]
pub(in crate::estate) struct Numbers {
    ids: UniqueTexts,
    texts: UniqueTexts,
    permissions: Permissions,
    /// Those of the lines that are being added.
    found: Vec<u32>,
}

/// The builder's own numbers, by those of a thread.
pub(in crate::estate) struct Renumbering {
    ids: Vec<u32>,
    texts: Vec<u32>,
    permissions: Vec<u32>,
}

/// Records by the numbers of a thread, each with its place among the records of the batch, from 1.
#[derive(Debug, Default)]
pub(in crate::estate) struct Batch {
    pub entities: Vec<Met>,
    rows: Vec<Row>,
    records: Vec<u32>,
}

/// A plain entity that was met.
#[derive(Debug)]
pub(in crate::estate) struct Met {
    pub record: u32,
    /// Where it starts in the input.
    pub at: usize,
    id: u32,
    plain: Plain,
}

impl Batch {
    /// How many relations there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds records, each with its number and where it starts. Many at once are added faster than one by one.
    pub fn add(&mut self, records: &[(u32, usize, PlainLine<'_>)], numbers: &mut Numbers) {
        let mut ids = Vec::with_capacity(records.len() * 2);
        for (.., record) in records {
            match record {
                PlainLine::Entity(entity) => ids.extend([Some(entity.id), entity.container].into_iter().flatten()),
                PlainLine::Relation(relation) => ids.extend([relation.from, relation.to]),
            }
        }
        numbers.found.clear();
        numbers.ids.numbers(&ids, &mut numbers.found);
        let mut found = numbers.found.iter().copied();
        // A number for every id that was asked for.
        let mut next = || found.next().unwrap_or_default();
        for (record, at, line) in records {
            match line {
                PlainLine::Entity(entity) => {
                    let (id, container) = (next(), entity.container.map(|_| next()));
                    let mut text = |text: Option<&str>| text.map(|text| numbers.texts.number(text));
                    let texts = [container, text(entity.name), text(entity.owner)];
                    let plain = Plain::new(entity.entity_type, entity.kind, entity.environment, entity.flags, texts);
                    self.entities.push(Met { record: *record, at: *at, id, plain });
                }
                PlainLine::Relation(relation) => {
                    let permission = numbers.permissions.number(relation.permission);
                    self.rows.push(Row::new((next(), relation.kind, next()), relation.rights, permission));
                    self.records.push(*record);
                }
            }
        }
    }
}

impl EstateBuilder {
    /// Counts records of the current source and gives the number of the one before them.
    pub(in crate::estate) fn records(&mut self, count: u64) -> u64 {
        let Some(source) = self.current.source.checked_sub(1).and_then(|at| self.sources.get_mut(at as usize)) else { return 0 };
        let before = source.records;
        source.records += count;
        self.current.record = source.records;
        before
    }

    /// Goes to a record of the current source: what is added from now on comes from there.
    pub(in crate::estate) fn at_record(&mut self, record: u64) {
        self.current.record = record;
    }

    /// The builder's own numbers of what threads numbered.
    ///
    /// # Errors
    /// As [`crate::Observer::check`].
    pub(in crate::estate) fn adopt(&mut self, threads: Vec<Numbers>, pace: &mut Pace<'_>) -> Result<Vec<Renumbering>> {
        let mut renumbered = Vec::with_capacity(threads.len());
        for numbers in threads {
            let ids = adopted(&mut self.ids, numbers.ids, pace)?;
            let texts = adopted(&mut self.texts, numbers.texts, pace)?;
            renumbered.push(Renumbering { ids, texts, permissions: self.permissions.adopt(&numbers.permissions, pace)? });
        }
        self.slots.resize_with(self.ids.len(), Default::default);
        Ok(renumbered)
    }

    /// Adds a plain entity; `false` where the current source already described its id.
    pub(in crate::estate) fn add_plain(&mut self, met: Met, numbers: &Renumbering) -> bool {
        let Met { id, mut plain, .. } = met;
        let number = numbers.ids[id as usize];
        if self.number_described_here(number) {
            return false;
        }
        plain.renumber(&numbers.ids, &numbers.texts);
        let slot = &mut self.slots[number as usize];
        if matches!(slot.known, Known::Nothing) {
            (slot.known, slot.source, slot.last) = (Known::Plain(plain), self.current.source, self.current.source);
        } else {
            self.add(plain.to_entity(number, &self.ids, &self.texts));
        }
        true
    }

    /// Adds the relations of a batch; `before` is the number of the record before it.
    pub(in crate::estate) fn relate_batch(&mut self, batch: Batch, before: u64, numbers: &Renumbering) {
        let source = self.current.source;
        for (mut row, record) in batch.rows.into_iter().zip(batch.records) {
            row.move_ends(&numbers.ids);
            row.move_permission(&numbers.permissions);
            self.rows.rows.push(row);
            self.origins.push(Position { source, record: before + u64::from(record) });
        }
    }
}

/// The own numbers of another's texts. The first are taken as they are.
fn adopted(own: &mut UniqueTexts, other: UniqueTexts, pace: &mut Pace<'_>) -> Result<Vec<u32>> {
    if own.len() == 0 {
        *own = other;
        return Ok((0..own.len() as u32).collect());
    }
    own.adopt(&other, pace)
}

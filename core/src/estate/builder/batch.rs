//! [`Batch`]: plain relations that were read apart from the builder, on a thread of their own, and the numbers that thread gave to ids.

use super::{EstateBuilder, Position};
use crate::estate::columns::UniqueTexts;
use crate::estate::relations::{Permissions, Row};
use crate::model::{Certainty, GuardSet, RelationKind, Right};

/// A relation with none of the fields that few relations have, in texts of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estate) struct PlainRelation<'a> {
    pub from: &'a str,
    pub kind: RelationKind,
    pub to: &'a str,
    pub requires: Option<Right>,
    pub grants: Option<Right>,
    pub certainty: Certainty,
    pub permission: Option<&'a str>,
}

/// The numbers that a thread gave to the ids and permissions it met.
#[derive(Debug, Default)]
pub(in crate::estate) struct Numbers {
    ids: UniqueTexts,
    permissions: Permissions,
}

/// Relations by the numbers of a thread, each with its place among the records of the batch, from 1.
#[derive(Debug, Default)]
pub(in crate::estate) struct Batch {
    rows: Vec<Row>,
    records: Vec<u32>,
}

impl Batch {
    /// Adds a relation; `false` where it must be looked at more closely, since it does not state the rights its kind must state.
    pub fn relate(&mut self, relation: PlainRelation<'_>, record: u32, numbers: &mut Numbers) -> bool {
        let row = relation.kind.row();
        let (Some(requires), grants) = (relation.requires.or(row.requires), relation.grants.or(row.grants)) else { return false };
        let unmapped = relation.kind == RelationKind::Unmapped;
        if !relation.kind.is_written() || grants.is_none() && !unmapped {
            return false;
        }
        self.rows.push(Row {
            from: numbers.ids.number(relation.from),
            kind: relation.kind,
            to: numbers.ids.number(relation.to),
            requires,
            grants: grants.filter(|_| !unmapped),
            guards: GuardSet::NONE,
            certainty: relation.certainty,
            permission: numbers.permissions.intern(relation.permission),
            extra: None,
        });
        self.records.push(record);
        true
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
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

    /// Adds the batches of threads, each with the number of its thread and of the record before it.
    pub(in crate::estate) fn relate_batches(&mut self, threads: Vec<Numbers>, batches: Vec<(usize, u64, Batch)>) {
        let renumbered: Vec<_> = threads.into_iter().map(|numbers| self.adopt(numbers)).collect();
        let count = batches.iter().map(|(.., batch)| batch.rows.len()).sum();
        self.rows.reserve(count);
        self.origins.reserve(count);
        let source = self.current.source;
        for (thread, before, batch) in batches {
            let (ids, permissions) = &renumbered[thread];
            self.origins.extend(batch.records.iter().map(|record| Position { source, record: before + u64::from(*record) }));
            self.rows.extend(batch.rows.into_iter().map(|mut row| {
                row.renumber(ids, permissions);
                row
            }));
        }
    }

    /// The builder's own numbers of what a thread numbered.
    fn adopt(&mut self, numbers: Numbers) -> (Vec<u32>, Vec<u32>) {
        let ids = (0..numbers.ids.len() as u32).map(|number| self.number(numbers.ids.get(number))).collect();
        let (names, sorted) = numbers.permissions.sorted();
        let own: Vec<u32> = names.iter().map(|name| self.permissions.intern(Some(name))).collect();
        let permissions = sorted.iter().map(|place| place.checked_sub(1).map_or(0, |place| own[place as usize])).collect();
        (ids, permissions)
    }
}

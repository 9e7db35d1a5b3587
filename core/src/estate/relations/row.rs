//! [`Row`]: a relation while the estate is being built, and [`Rows`], all of them.

use super::Rights;
use crate::model::{Certainty, GuardSet, Instant, Relation, RelationKind, Right};
use std::cmp::Ordering;

/// A relation between numbers, in 16 bytes. What few relations have stands beside it, in an [`Extra`].
#[derive(Debug, Clone, Copy)]
pub(in crate::estate) struct Row {
    pub from: u32,
    pub to: u32,
    pub kind: RelationKind,
    pub rights: Rights,
    pub guards: GuardSet,
    has_extra: bool,
    /// The number of its permission, from 1; or where its extra stands.
    link: u32,
}

/// What few relations have.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::estate) struct Extra {
    /// The number of the permission, from 1; 0 where there is none.
    pub permission: u32,
    pub also: Vec<(u32, Right)>,
    pub granted_at: Option<Instant>,
    pub valid_from: Option<Instant>,
    pub valid_until: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub subject: Option<Box<str>>,
}

/// Relations in the order in which they were added.
#[derive(Debug, Default)]
pub(in crate::estate) struct Rows {
    pub rows: Vec<Row>,
    pub extras: Vec<Extra>,
}

/// Where what the builder numbered stands in the estate.
#[derive(Debug)]
pub(in crate::estate) struct Places<'p> {
    /// The place of each number of an entity.
    pub of: &'p [u32],
    /// How many entities there are.
    pub entities: usize,
    /// The names of the permissions in order.
    pub names: &'p [Box<str>],
    /// The place of each number of a permission, from 1.
    pub permissions: &'p [u32],
}

impl Places<'_> {
    /// The name of a permission by its place, from 1.
    pub fn permission(&self, place: u32) -> Option<&str> {
        place.checked_sub(1).map(|at| &*self.names[at as usize])
    }
}

impl Row {
    /// A row without an extra; the number of its permission counts from 1.
    pub fn new((from, kind, to): (u32, RelationKind, u32), rights: Rights, permission: u32) -> Row {
        Row { from, to, kind, rights, guards: GuardSet::NONE, has_extra: false, link: permission }
    }

    /// Whether it has neither an extra nor a permission.
    pub fn is_plain(&self) -> bool {
        !self.has_extra && self.link == 0
    }

    /// The number of its permission, from 1.
    pub fn permission(&self, extras: &[Extra]) -> u32 {
        self.extra(extras).map_or(self.link, |extra| extra.permission)
    }

    /// Its extra.
    pub fn extra<'e>(&self, extras: &'e [Extra]) -> Option<&'e Extra> {
        self.has_extra.then(|| &extras[self.link as usize])
    }

    /// Its extra, to be taken.
    pub fn extra_mut<'e>(&self, extras: &'e mut [Extra]) -> Option<&'e mut Extra> {
        self.has_extra.then(|| &mut extras[self.link as usize])
    }

    /// The canonical order of relations: from, kind, to, then every other field.
    pub fn order(&self, other: &Row, extras: &[Extra]) -> Ordering {
        let ends = self.key().cmp(&other.key());
        ends.then_with(|| self.rest(extras).cmp(&other.rest(extras))).then_with(|| self.extra(extras).cmp(&other.extra(extras)))
    }

    /// Gives every number of an entity and a permission its place.
    pub fn renumber(&mut self, places: &Places<'_>) {
        self.move_ends(places.of);
        if !self.has_extra {
            self.link = places.permissions[self.link as usize];
        }
    }

    /// Gives the ends other numbers.
    pub fn move_ends(&mut self, numbers: &[u32]) {
        self.from = numbers[self.from as usize];
        self.to = numbers[self.to as usize];
    }

    /// Gives the permission of a row without an extra another number.
    pub fn move_permission(&mut self, numbers: &[u32]) {
        self.link = numbers[self.link as usize];
    }

    fn key(&self) -> u128 {
        u128::from(self.from) << 64 | u128::from(self.kind as u8) << 32 | u128::from(self.to)
    }

    fn rest(&self, extras: &[Extra]) -> (Right, Option<Right>, GuardSet, Certainty, u32) {
        (self.rights.requires(), self.rights.grants(), self.guards, self.rights.certainty(), self.permission(extras))
    }
}

impl Extra {
    /// Gives every number its place.
    pub fn renumber(&mut self, places: &Places<'_>) {
        self.permission = places.permissions[self.permission as usize];
        for (premise, _) in &mut self.also {
            *premise = places.of[*premise as usize];
        }
        self.also.sort_unstable();
    }
}

impl Rows {
    /// Adds a relation whose permission has that number; whether it states the rights that its kind must state.
    pub fn add(&mut self, relation: Relation, mut id: impl FnMut(&str) -> u32, permission: u32) -> bool {
        let Some(rights) = rights(relation.kind, relation.requires, relation.grants, relation.certainty) else { return false };
        let mut also: Vec<_> = relation.also.into_iter().map(|premise| (id(&premise.entity), premise.right)).collect();
        also.sort_unstable();
        also.dedup();
        let extra = Extra {
            permission,
            also,
            granted_at: relation.granted_at,
            valid_from: relation.valid_from,
            valid_until: relation.valid_until,
            last_used_at: relation.last_used_at,
            subject: relation.subject.map(String::into_boxed_str),
        };
        let row = Row::new((id(&relation.from), relation.kind, id(&relation.to)), rights, permission);
        let mut row = Row { guards: relation.guards, ..row };
        if extra != (Extra { permission, ..Extra::default() }) {
            (row.has_extra, row.link) = (true, self.extras.len() as u32);
            self.extras.push(extra);
        }
        self.rows.push(row);
        true
    }

    /// Every entity that a row names.
    pub fn named(&self, row: &Row) -> impl Iterator<Item = u32> {
        let also = row.extra(&self.extras).map_or(&[][..], |extra| &extra.also);
        [row.from, row.to].into_iter().chain(also.iter().map(|(entity, _)| *entity))
    }

    /// Whether a row accepts tokens by their subject.
    pub fn names_subject(&self, row: &Row) -> bool {
        row.kind == RelationKind::FederatesTo && row.extra(&self.extras).is_some_and(|extra| extra.subject.is_some())
    }
}

/// What a relation of a kind requires and grants; `None` where it does not state what its kind must state.
pub(in crate::estate) fn rights(
    kind: RelationKind,
    requires: Option<Right>,
    grants: Option<Right>,
    certainty: Certainty,
) -> Option<Rights> {
    let row = kind.row();
    let unmapped = kind == RelationKind::Unmapped;
    let (requires, grants) = (requires.or(row.requires)?, grants.or(row.grants).filter(|_| !unmapped));
    (grants.is_some() || unmapped).then(|| Rights::new(requires, grants, certainty))
}

//! [`Row`]: a relation while the estate is being built, and [`Permissions`], the providers' names of rights.

use crate::model::{Certainty, GuardSet, Instant, Relation, RelationKind, Right};
use std::collections::HashMap;

/// A relation between indices. Fields that few relations have are boxed together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::estate) struct Row {
    // The order of the fields is the canonical order of relations.
    pub from: u32,
    pub kind: RelationKind,
    pub to: u32,
    pub requires: Right,
    pub grants: Option<Right>,
    pub guards: GuardSet,
    pub certainty: Certainty,
    pub permission: u32,
    pub extra: Option<Box<Extra>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::estate) struct Extra {
    pub also: Vec<(u32, Right)>,
    pub granted_at: Option<Instant>,
    pub valid_from: Option<Instant>,
    pub valid_until: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub subject: Option<Box<str>>,
}

impl Row {
    /// The compact form of a relation whose ids were interned; `None` where a kind that must state its rights does not.
    pub fn new(relation: Relation, mut id: impl FnMut(&str) -> u32, permission: u32) -> Option<Row> {
        let row = relation.kind.row();
        let requires = relation.requires.or(row.requires)?;
        let grants = relation.grants.or(row.grants);
        if grants.is_none() && relation.kind != RelationKind::Unmapped {
            return None;
        }
        let mut also: Vec<_> = relation.also.into_iter().map(|premise| (id(&premise.entity), premise.right)).collect();
        also.sort_unstable();
        also.dedup();
        let extra = Extra {
            also,
            granted_at: relation.granted_at,
            valid_from: relation.valid_from,
            valid_until: relation.valid_until,
            last_used_at: relation.last_used_at,
            subject: relation.subject.map(String::into_boxed_str),
        };
        Some(Row {
            from: id(&relation.from),
            kind: relation.kind,
            to: id(&relation.to),
            requires,
            grants: if relation.kind == RelationKind::Unmapped { None } else { grants },
            guards: relation.guards,
            certainty: relation.certainty,
            permission,
            extra: (extra != Extra::default()).then(|| Box::new(extra)),
        })
    }

    /// Whether it accepts tokens by their subject.
    pub fn names_subject(&self) -> bool {
        self.kind == RelationKind::FederatesTo && self.extra.as_deref().is_some_and(|extra| extra.subject.is_some())
    }

    /// Every entity that it names.
    pub fn entities(&self) -> impl Iterator<Item = u32> {
        let also = self.extra.as_deref().map_or(&[][..], |extra| &extra.also);
        [self.from, self.to].into_iter().chain(also.iter().map(|(entity, _)| *entity))
    }

    /// Gives every index its new number.
    pub fn renumber(&mut self, entity: &[u32], permission: &[u32]) {
        self.from = entity[self.from as usize];
        self.to = entity[self.to as usize];
        self.permission = permission[self.permission as usize];
        if let Some(extra) = &mut self.extra {
            for (premise, _) in &mut extra.also {
                *premise = entity[*premise as usize];
            }
            extra.also.sort_unstable();
        }
    }
}

/// The provider's names of rights, each once. Number 0 is "none".
#[derive(Debug, Default)]
pub(in crate::estate) struct Permissions {
    names: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl Permissions {
    pub fn intern(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return 0 };
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.into());
        let number = self.names.len() as u32;
        self.numbers.insert(name.into(), number);
        number
    }

    /// The names in order, and for each old number the new one: the order of relations must not depend on the order of reading.
    pub fn sorted(self) -> (Vec<Box<str>>, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.names.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.names[*a as usize].cmp(&self.names[*b as usize]));
        let mut renumbered = vec![0; self.names.len() + 1];
        for (at, old) in order.iter().enumerate() {
            renumbered[*old as usize + 1] = at as u32 + 1;
        }
        let mut names = self.names;
        names.sort_unstable();
        (names, renumbered)
    }
}

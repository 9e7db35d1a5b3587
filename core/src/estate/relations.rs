//! The relations of an estate in compact form, and [`RelationRef`], the view of one.

use super::{EntityIndex, RelationIndex};
use crate::model::{Certainty, GuardSet, Instant, Premise, Relation, RelationKind, Right};
use std::collections::HashMap;
use std::ops::Range;

/// A relation between indices. Fields that few relations have are boxed together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Row {
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
pub(super) struct Extra {
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
pub(super) struct Permissions {
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

#[derive(Debug, Default)]
pub(super) struct Relations {
    rows: Vec<Row>,
    permissions: Vec<Box<str>>,
}

impl Relations {
    pub fn new(mut rows: Vec<Row>, permissions: Vec<Box<str>>) -> Self {
        rows.sort_unstable();
        rows.dedup();
        rows.shrink_to_fit();
        Relations { rows, permissions }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The indices of the relations that start at an entity.
    pub fn starting_at(&self, entity: EntityIndex) -> Range<u32> {
        let first = self.rows.partition_point(|row| row.from < entity.0);
        let end = first + self.rows[first..].partition_point(|row| row.from == entity.0);
        first as u32..end as u32
    }

    pub fn get(&self, index: RelationIndex) -> RelationRef<'_> {
        RelationRef { row: &self.rows[index.0 as usize], relations: self, index }
    }
}

/// A view of a relation of an estate.
#[derive(Debug, Clone, Copy)]
pub struct RelationRef<'a> {
    row: &'a Row,
    relations: &'a Relations,
    index: RelationIndex,
}

impl<'a> RelationRef<'a> {
    /// Its index in the estate.
    pub fn index(&self) -> RelationIndex {
        self.index
    }

    /// The entity that must be held.
    pub fn from(&self) -> EntityIndex {
        EntityIndex(self.row.from)
    }

    /// Its kind.
    pub fn kind(&self) -> RelationKind {
        self.row.kind
    }

    /// The entity that is gained.
    pub fn to(&self) -> EntityIndex {
        EntityIndex(self.row.to)
    }

    /// The right over FROM that is required.
    pub fn requires(&self) -> Right {
        self.row.requires
    }

    /// The right over TO that is granted; `None` where nobody mapped it.
    pub fn grants(&self) -> Option<Right> {
        self.row.grants
    }

    /// What must be held besides FROM.
    pub fn also(&self) -> impl ExactSizeIterator<Item = (EntityIndex, Right)> + use<'a> {
        let also = self.row.extra.as_deref().map_or(&[][..], |extra| &extra.also);
        also.iter().map(|(entity, right)| (EntityIndex(*entity), *right))
    }

    /// The conditions that stop a holder.
    pub fn guards(&self) -> GuardSet {
        self.row.guards
    }

    /// Whether every condition of the input was evaluated.
    pub fn certainty(&self) -> Certainty {
        self.row.certainty
    }

    /// The provider's own name of the right.
    pub fn permission(&self) -> Option<&'a str> {
        match self.row.permission {
            0 => None,
            number => Some(&self.relations.permissions[number as usize - 1]),
        }
    }

    /// When it was granted.
    pub fn granted_at(&self) -> Option<Instant> {
        self.row.extra.as_ref().and_then(|extra| extra.granted_at)
    }

    /// From when it holds, this instant included.
    pub fn valid_from(&self) -> Option<Instant> {
        self.row.extra.as_ref().and_then(|extra| extra.valid_from)
    }

    /// Until when it holds, this instant excluded.
    pub fn valid_until(&self) -> Option<Instant> {
        self.row.extra.as_ref().and_then(|extra| extra.valid_until)
    }

    /// When it was last used.
    pub fn last_used_at(&self) -> Option<Instant> {
        self.row.extra.as_ref().and_then(|extra| extra.last_used_at)
    }

    /// The regex over the federated subject.
    pub fn subject(&self) -> Option<&'a str> {
        self.row.extra.as_deref().and_then(|extra| extra.subject.as_deref())
    }

    /// Whether it is valid at an instant: `valid_from <= as_of < valid_until`, open ends allowed.
    pub fn valid_at(&self, as_of: Instant) -> bool {
        self.valid_from().is_none_or(|from| from <= as_of) && self.valid_until().is_none_or(|until| as_of < until)
    }

    /// The relation as plain data, with the rights only where they are not the kind's own.
    pub fn to_relation(&self, estate: &super::Estate) -> Relation {
        let row = self.kind().row();
        let id = |index: EntityIndex| estate.entity(index).id().to_owned();
        Relation {
            from: id(self.from()),
            kind: self.kind(),
            to: id(self.to()),
            requires: Some(self.requires()).filter(|right| row.requires != Some(*right)),
            grants: self.grants().filter(|right| row.grants != Some(*right)),
            also: self.also().map(|(entity, right)| Premise { entity: id(entity), right }).collect(),
            guards: self.guards(),
            certainty: self.certainty(),
            permission: self.permission().map(str::to_owned),
            granted_at: self.granted_at(),
            valid_from: self.valid_from(),
            valid_until: self.valid_until(),
            last_used_at: self.last_used_at(),
            subject: self.subject().map(str::to_owned),
        }
    }
}

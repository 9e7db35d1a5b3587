//! [`RelationRef`]: the view of a relation of an estate.

use super::Relations;
use crate::estate::{EntityIndex, Estate, RelationIndex};
use crate::model::{Certainty, GuardSet, Instant, Premise, Relation, RelationKind, Right};

/// A view of a relation of an estate.
#[derive(Debug, Clone, Copy)]
pub struct RelationRef<'a> {
    relations: &'a Relations,
    index: RelationIndex,
}

impl<'a> RelationRef<'a> {
    #[inline]
    pub(super) fn new(relations: &'a Relations, index: RelationIndex) -> Self {
        RelationRef { relations, index }
    }

    /// Its index in the estate.
    pub fn index(&self) -> RelationIndex {
        self.index
    }

    /// The entity that must be held.
    #[inline]
    pub fn from(&self) -> EntityIndex {
        EntityIndex(self.relations.from[self.row()])
    }

    /// Its kind.
    #[inline]
    pub fn kind(&self) -> RelationKind {
        self.relations.kinds[self.row()]
    }

    /// The entity that is gained.
    #[inline]
    pub fn to(&self) -> EntityIndex {
        EntityIndex(self.relations.to[self.row()])
    }

    /// The right over FROM that is required.
    #[inline]
    pub fn requires(&self) -> Right {
        self.relations.rights[self.row()].requires()
    }

    /// The right over TO that is granted; `None` where nobody mapped it.
    #[inline]
    pub fn grants(&self) -> Option<Right> {
        self.relations.rights[self.row()].grants()
    }

    /// What must be held besides FROM.
    #[inline]
    pub fn also(&self) -> impl ExactSizeIterator<Item = (EntityIndex, Right)> + use<'a> {
        self.relations.also.get(self.row()).iter().map(|(entity, right)| (EntityIndex(*entity), *right))
    }

    /// The conditions that stop a holder.
    #[inline]
    pub fn guards(&self) -> GuardSet {
        self.relations.guards[self.row()]
    }

    /// Whether every condition of the input was evaluated.
    #[inline]
    pub fn certainty(&self) -> Certainty {
        self.relations.rights[self.row()].certainty()
    }

    /// The provider's own name of the right.
    #[inline]
    pub fn permission(&self) -> Option<&'a str> {
        self.relations.permissions.get(self.row()).map(|number| self.relations.texts.get(*number))
    }

    /// When it was granted.
    #[inline]
    pub fn granted_at(&self) -> Option<Instant> {
        self.relations.granted_at.get(self.row()).copied()
    }

    /// From when it holds, this instant included.
    #[inline]
    pub fn valid_from(&self) -> Option<Instant> {
        self.relations.valid_from.get(self.row()).copied()
    }

    /// Until when it holds, this instant excluded.
    #[inline]
    pub fn valid_until(&self) -> Option<Instant> {
        self.relations.valid_until.get(self.row()).copied()
    }

    /// When it was last used.
    #[inline]
    pub fn last_used_at(&self) -> Option<Instant> {
        self.relations.last_used_at.get(self.row()).copied()
    }

    /// The regex over the federated subject.
    #[inline]
    pub fn subject(&self) -> Option<&'a str> {
        self.relations.subjects.get(self.row()).map(|number| self.relations.texts.get(*number))
    }

    /// Whether it is valid at an instant: `valid_from <= as_of < valid_until`, open ends allowed.
    pub fn valid_at(&self, as_of: Instant) -> bool {
        self.valid_from().is_none_or(|from| from <= as_of) && self.valid_until().is_none_or(|until| as_of < until)
    }

    /// The relation as plain data, with the rights only where they are not the kind's own.
    pub fn to_relation(&self, estate: &Estate) -> Relation {
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

    #[inline]
    fn row(&self) -> usize {
        self.index.0 as usize
    }
}

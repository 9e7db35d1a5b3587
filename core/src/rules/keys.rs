//! [`Keys`]: which identities each secret authenticates as, whichever of its records says so, and who uses it.

use super::rule::Context;
use crate::estate::{EntityIndex, SecretCopies};
use crate::model::{Guard, RelationKind};
use std::collections::{BTreeMap, BTreeSet};

/// The living secrets, each by the first of its records.
#[derive(Debug)]
pub(super) struct Keys {
    copies: SecretCopies,
    opens: BTreeMap<EntityIndex, BTreeSet<EntityIndex>>,
    used_by: BTreeMap<EntityIndex, BTreeSet<EntityIndex>>,
}

impl Keys {
    /// Costs a pass over the entities and one over the relations. A use that somebody must approve each time, or that must be asked for, is none.
    pub fn of(context: &Context<'_>) -> Keys {
        let lives = |entity: EntityIndex| context.graph.lives(entity);
        let copies = SecretCopies::of(context.estate, lives);
        let (mut opens, mut used_by) = (BTreeMap::<_, BTreeSet<_>>::new(), BTreeMap::<_, BTreeSet<_>>::new());
        for relation in context.estate.relations() {
            let (from, to) = (relation.from(), relation.to());
            let asked = relation.guards().contains(Guard::Approval) || relation.guards().contains(Guard::JustInTime);
            if asked || !relation.valid_at(context.as_of) || !lives(from) || !lives(to) {
                continue;
            }
            match relation.kind() {
                RelationKind::AuthenticatesAs => opens.entry(copies.first(from)).or_default().insert(to),
                RelationKind::Uses => used_by.entry(copies.first(to)).or_default().insert(from),
                _ => continue,
            };
        }
        Keys { copies, opens, used_by }
    }

    /// The identities that a secret authenticates as, in order.
    pub fn opens(&self, secret: EntityIndex) -> impl Iterator<Item = EntityIndex> + '_ {
        self.opens.get(&self.copies.first(secret)).into_iter().flatten().copied()
    }

    /// The identities that use a secret, in order.
    pub fn used_by(&self, secret: EntityIndex) -> impl Iterator<Item = EntityIndex> + '_ {
        self.used_by.get(&self.copies.first(secret)).into_iter().flatten().copied()
    }

    /// The first records of the secrets that somebody uses or that authenticate as somebody, in order.
    pub fn all(&self) -> impl Iterator<Item = EntityIndex> {
        self.opens.keys().chain(self.used_by.keys()).copied().collect::<BTreeSet<_>>().into_iter()
    }

    /// The records of a secret.
    pub fn records(&self, secret: EntityIndex) -> Vec<EntityIndex> {
        let records = self.copies.of_secret(secret);
        if records.is_empty() { vec![secret] } else { records.to_vec() }
    }
}

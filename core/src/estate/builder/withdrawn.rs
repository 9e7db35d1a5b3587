//! What a planned change takes away, whichever source still has it, and what it leaves open.

use super::{EstateBuilder, Slot};
use crate::estate::RelationKey;
use std::collections::{BTreeSet, HashSet};

/// The ids and relations that are taken away when the estate is built.
#[derive(Debug, Default)]
pub(super) struct Withdrawn {
    entities: BTreeSet<String>,
    relations: BTreeSet<RelationKey>,
    /// Whose relations are only possible.
    doubted: BTreeSet<String>,
}

impl EstateBuilder {
    /// Takes an entity away, with its relations, whatever else is added.
    pub fn withdraw(&mut self, id: impl Into<String>) {
        self.withdrawn.entities.insert(id.into());
    }

    /// Takes away every relation with these ends and kind, whatever else is added.
    pub fn withdraw_relation(&mut self, relation: RelationKey) {
        self.withdrawn.relations.insert(relation);
    }

    /// Makes every relation from an entity only possible, whoever adds it: nobody knows yet who it will be.
    pub fn doubt(&mut self, id: impl Into<String>) {
        self.withdrawn.doubted.insert(id.into());
    }

    /// Takes away what was withdrawn, and doubts what is doubted.
    pub(super) fn take_withdrawn(&mut self) {
        let Withdrawn { entities, relations, doubted } = std::mem::take(&mut self.withdrawn);
        let doubted: HashSet<u32> = doubted.iter().filter_map(|id| self.ids.find(id)).collect();
        if !doubted.is_empty() {
            for row in self.rows.rows.iter_mut().filter(|row| doubted.contains(&row.from)) {
                row.rights = row.rights.doubted();
            }
        }
        if entities.is_empty() && relations.is_empty() {
            return;
        }
        let gone: HashSet<u32> = entities.iter().filter_map(|id| self.ids.find(id)).collect();
        for number in &gone {
            if let Some(slot) = self.slots.get_mut(*number as usize) {
                *slot = Slot::default();
            }
        }
        let ends = |relation: &RelationKey| Some((self.ids.find(&relation.from)?, relation.kind, self.ids.find(&relation.to)?));
        let ended: HashSet<_> = relations.iter().filter_map(ends).collect();
        let rows = std::mem::take(&mut self.rows.rows);
        let origins = std::mem::take(&mut self.origins);
        for (at, row) in (0..).zip(rows) {
            let is_ended = ended.contains(&(row.from, row.kind, row.to)) || self.rows.named(&row).any(|entity| gone.contains(&entity));
            if !is_ended {
                self.origins.push(origins.of(at));
                self.rows.rows.push(row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, IdentityKind, Relation, RelationKind};

    #[test]
    fn what_is_withdrawn_is_gone_whoever_adds_it() {
        let mut builder = EstateBuilder::new();
        builder.withdraw("b");
        builder.withdraw_relation(RelationKey { from: "a".into(), kind: RelationKind::Assumes, to: "c".into() });
        for id in ["a", "b", "c"] {
            builder.add(Identity::new(id, IdentityKind::Role));
        }
        for (from, to) in [("a", "b"), ("a", "c"), ("c", "a")] {
            builder.relate(Relation::new(from, RelationKind::Assumes, to));
        }
        let estate = builder.build();
        assert_eq!((estate.len(), estate.relations().count(), estate.find("b")), (2, 1, None));
        assert!(estate.reading().placeholders.is_empty());
    }
}

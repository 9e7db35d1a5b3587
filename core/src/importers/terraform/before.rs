//! What a plan takes away: what stood before it and does not stand after.

use super::translate::{Source, translated};
use crate::estate::{Estate, EstateBuilder, RelationKey};
use crate::importers::{ReadOptions, read};
use crate::model::EntityType;
use std::collections::HashSet;

/// Takes out of an estate what the plans destroy, whatever other export still has it. Both sides are read by themselves: what only an export knows stays.
pub(super) fn withdraw(before: &[Source], after: &[Source], builder: &mut EstateBuilder) {
    let estate = |sources: &[Source]| read(&translated(sources), &ReadOptions::default()).ok();
    let (Some(before), Some(after)) = (estate(before), estate(after)) else { return };
    let known = |estate: &Estate| -> HashSet<String> {
        let described = estate.entities().iter().filter(|entity| entity.entity_type() != EntityType::Unknown);
        described.map(|entity| entity.id().to_owned()).collect()
    };
    let stays = known(&after);
    for id in known(&before).into_iter().filter(|id| !stays.contains(id)) {
        // A tenant is named by what is in it: that nothing is left does not end it.
        let is_tenant = before.find(&id).is_some_and(|at| before.entity(at).entity_type() == EntityType::Tenant);
        if !is_tenant {
            builder.withdraw(id);
        }
    }
    let relations = |estate: &Estate| -> HashSet<RelationKey> {
        estate.relations().map(|relation| RelationKey::of(&relation.to_relation(estate))).collect()
    };
    let stays = relations(&after);
    for relation in relations(&before).into_iter().filter(|relation| !stays.contains(relation)) {
        builder.withdraw_relation(relation);
    }
}

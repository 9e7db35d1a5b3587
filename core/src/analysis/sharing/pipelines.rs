//! [`Pipelines`]: which identities are pipelines, or are what pipelines act as.

use super::sides::Sides;
use crate::estate::{EntityIndex, SecretCopies};
use crate::model::{Guard, IdentityKind, RelationKind, ResourceKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

/// For each identity that is a pipeline or that pipelines act as: these pipelines, and the runners that act as it. A pipeline that must be approved to act as
/// another is not among them.
#[derive(Debug, Default)]
pub(super) struct Pipelines(HashMap<EntityIndex, BTreeSet<EntityIndex>>);

impl Pipelines {
    /// Costs one pass over the entities and one over the relations.
    pub fn new(sides: Sides<'_>, copies: &SecretCopies) -> Self {
        let estate = sides.estate;
        let is_pipeline = |entity: EntityIndex| sides.kind(entity) == Some(IdentityKind::Pipeline);
        let is_runner = |entity: EntityIndex| estate.entity(entity).as_resource().is_some_and(|it| it.kind == ResourceKind::Runner);
        let mut pipelines = Pipelines::default();
        estate.indices().filter(|entity| is_pipeline(*entity)).for_each(|entity| pipelines.add(entity, entity));
        let mut hold: BTreeMap<EntityIndex, BTreeSet<EntityIndex>> = BTreeMap::new();
        let mut opens = Vec::new();
        for relation in sides.relations().filter(|relation| !relation.guards().contains(Guard::Approval)) {
            let (from, to) = (relation.from(), relation.to());
            match relation.kind() {
                RelationKind::Assumes | RelationKind::FederatesTo if is_pipeline(from) => pipelines.add(to, from),
                RelationKind::RunsAs if is_runner(from) => pipelines.add(to, from),
                RelationKind::Uses if is_pipeline(from) => {
                    hold.entry(copies.first(to)).or_default().insert(from);
                }
                RelationKind::AuthenticatesAs => opens.push((copies.first(from), to)),
                _ => {}
            }
            let runs = relation.permission().is_some_and(|permission| PERMISSIONS.contains(permission));
            if runs && sides.kind(from).is_some_and(IdentityKind::is_machine) {
                pipelines.add(from, from);
            }
        }
        for (secret, identity) in opens {
            hold.get(&secret).into_iter().flatten().for_each(|pipeline| pipelines.add(identity, *pipeline));
        }
        pipelines
    }

    /// The pipelines that an identity is, or that act as it, in order.
    pub fn of(&self, identity: EntityIndex) -> impl Iterator<Item = EntityIndex> {
        self.0.get(&identity).into_iter().flatten().copied()
    }

    fn add(&mut self, identity: EntityIndex, pipeline: EntityIndex) {
        self.0.entry(identity).or_default().insert(pipeline);
    }
}

/// The permissions of what a provider's pipelines run as.
static PERMISSIONS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/pipeline_permissions.csv").lines().skip(1);
    rows.filter_map(|row| row.split(',').nth(1)).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_by_its_second_column() {
        assert!(PERMISSIONS.contains("roles/cloudbuild.builds.builder"));
        assert!(PERMISSIONS.iter().all(|permission| permission.starts_with("roles/")), "{PERMISSIONS:?}");
    }
}

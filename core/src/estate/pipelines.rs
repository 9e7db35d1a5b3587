//! What a pipeline is.

use super::{EntityIndex, Estate, RelationRef};
use crate::model::{Guard, IdentityKind, Instant};
use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

impl Estate {
    /// The identities that are pipelines at an instant: those that are by their kind, and the machines that hold without an approval what a provider's pipelines
    /// run with. The one place that decides it. One pass over the entities and one over the relations.
    pub(crate) fn pipelines(&self, as_of: Instant) -> HashSet<EntityIndex> {
        let kind = |entity: EntityIndex| self.entity(entity).as_identity().map(|identity| identity.kind);
        let by_kind = self.indices().filter(|entity| kind(*entity) == Some(IdentityKind::Pipeline));
        let runs = |relation: &RelationRef<'_>| {
            relation.permission().is_some_and(|permission| PERMISSIONS.contains(permission))
                && !relation.guards().contains(Guard::Approval)
                && relation.grants().is_some()
                && relation.valid_at(as_of)
        };
        let by_right = self.relations().filter(runs).map(|relation| relation.from());
        by_kind.chain(by_right.filter(|entity| kind(*entity).is_some_and(IdentityKind::is_machine))).collect()
    }
}

/// The permissions of what a provider's pipelines run as.
static PERMISSIONS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let rows = include_str!("../../data/pipeline_permissions.csv").lines().skip(1);
    rows.filter_map(|row| row.split(',').nth(1)).collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, Relation, RelationKind, Resource, ResourceKind};

    #[test]
    fn the_table_is_read_by_its_second_column() {
        assert!(PERMISSIONS.contains("roles/cloudbuild.builds.builder"));
        assert!(PERMISSIONS.iter().all(|permission| permission.starts_with("roles/")), "{PERMISSIONS:?}");
    }

    #[test]
    fn a_machine_that_runs_builds_is_a_pipeline_and_a_person_is_not() {
        let mut builder = Estate::builder();
        builder.add(Identity::new("a", IdentityKind::Pipeline));
        builder.add(Identity::new("b", IdentityKind::ServiceAccount));
        builder.add(Identity::new("c", IdentityKind::Human));
        builder.add(Identity::new("d", IdentityKind::ServiceAccount));
        builder.add(Resource::new("e", ResourceKind::Other));
        for id in ["b", "c"] {
            builder.relate(Relation::new(id, RelationKind::Administers, "e").permission("roles/cloudbuild.builds.builder"));
        }
        let estate = builder.build();
        let found = estate.pipelines(Instant::from_unix_seconds(0));
        let pipelines = estate.indices().filter(|entity| found.contains(entity));
        assert_eq!(pipelines.map(|entity| estate.entity(entity).id().to_owned()).collect::<Vec<_>>(), ["a", "b"]);
    }
}

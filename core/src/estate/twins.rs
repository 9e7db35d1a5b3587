//! [`Twins`]: the same thing in another environment.

use super::{EntityIndex, Estate};
use crate::model::{EntityType, EnvironmentClass};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// For what is not production, its twins in production: tenants, identities and resources of the same kind, with the same name once the words of
/// environments are taken out (in tenants whose names are the same in that sense, where both are in one), and the same owner where both have one. A name
/// that fits more than 16 things in production tells none of them.
#[derive(Debug, Default)]
pub struct Twins {
    of: BTreeMap<EntityIndex, Arc<[EntityIndex]>>,
}

const AMBIGUOUS: usize = 16;

impl Twins {
    /// The twins of an estate. Costs one pass and a stem a name.
    pub fn of(estate: &Estate) -> Twins {
        let mut alike: HashMap<Likeness<'_>, [Vec<EntityIndex>; 2]> = HashMap::new();
        let stem = |entity: EntityIndex| estate.environment_matcher().stem(estate.entity(entity).name());
        for index in estate.indices() {
            let entity = estate.entity(index);
            let side = match estate.environment(index).class() {
                EnvironmentClass::Production => 1,
                EnvironmentClass::NonProduction => 0,
                EnvironmentClass::Shared | EnvironmentClass::Unknown => continue,
            };
            let name = stem(index);
            let compared = matches!(entity.entity_type(), EntityType::Tenant | EntityType::Identity | EntityType::Resource);
            if compared && !name.is_empty() {
                let tenant = if entity.entity_type() == EntityType::Tenant { None } else { estate.container(index).map(stem) };
                alike.entry((entity.entity_type(), entity.kind(), name, tenant)).or_default()[side].push(index);
            }
        }
        let owner = |entity: &EntityIndex| estate.entity(*entity).owner();
        let mut twins = Twins::default();
        for [others, production] in alike.into_values() {
            // Those of one owner have the same twins.
            let mut by_owner: HashMap<Option<&str>, Arc<[EntityIndex]>> = HashMap::new();
            for other in others {
                let own = owner(&other);
                let fits = |twin: &EntityIndex| own.zip(owner(twin)).is_none_or(|(one, two)| one == two);
                let found = by_owner.entry(own).or_insert_with(|| production.iter().copied().filter(fits).collect());
                if (1..=AMBIGUOUS).contains(&found.len()) {
                    twins.of.insert(other, Arc::clone(found));
                }
            }
        }
        twins
    }

    /// The production twins of what is not production, in order; none where it has none.
    pub fn of_entity(&self, entity: EntityIndex) -> &[EntityIndex] {
        self.of.get(&entity).map_or(&[], |twins| twins)
    }

    /// Everything that has a twin, with its twins, in order.
    pub fn iter(&self) -> impl Iterator<Item = (EntityIndex, &[EntityIndex])> {
        self.of.iter().map(|(entity, twins)| (*entity, &**twins))
    }
}

/// What twins have in common: type, kind, and the stems of the name and of the tenant's name.
type Likeness<'a> = (EntityType, &'a str, String, Option<String>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Environment, Identity, IdentityKind, Tenant, TenantKind};

    #[test]
    fn stems_lose_the_words_of_environments_and_nothing_else() {
        let estate = Estate::builder().build();
        for (name, stem) in [
            ("shop-prod", "shop"),
            ("ShopStaging", "shop"),
            ("shop-pre-prod-eu1", "shop-eu-1"),
            ("devops-prod", "devops"),
            ("product-catalogue-test", "product-catalogue"),
            ("production", ""),
            ("deployer@shop-dev.example.com", "deployer-shop-example-com"),
        ] {
            assert_eq!(estate.environment_matcher().stem(name), stem, "{name}");
        }
    }

    #[test]
    fn a_twin_has_the_same_name_kind_and_owner() {
        let mut builder = Estate::builder();
        for (id, environment) in
            [("shop-prod", Environment::Production), ("shop-dev", Environment::Development), ("bank-dev", Environment::Development)]
        {
            builder.add(Tenant { environment: Some(environment), ..Tenant::new(id, TenantKind::Other) });
            builder.add(Identity {
                tenant: Some(id.into()),
                name: Some("robot".into()),
                ..Identity::new(format!("{id}/robot"), IdentityKind::Workload)
            });
        }
        for (id, owner) in [("a-dev", "one"), ("b-dev", "one")] {
            builder.add(Identity { owner: Some(owner.into()), ..Identity::new(id, IdentityKind::Role) });
        }
        for (id, owner) in [("a-prod", "one"), ("b-prod", "two")] {
            builder.add(Identity { owner: Some(owner.into()), ..Identity::new(id, IdentityKind::Role) });
        }
        let estate = builder.build();
        let id = |entity: EntityIndex| estate.entity(entity).id();
        let found: Vec<_> = Twins::of(&estate).iter().map(|(entity, twins)| format!("{} {}", id(entity), id(twins[0]))).collect();
        assert_eq!(found, ["a-dev a-prod", "shop-dev shop-prod", "shop-dev/robot shop-prod/robot"]);
    }
}

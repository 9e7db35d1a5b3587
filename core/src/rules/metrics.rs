//! [`Metric`]: shares over the whole estate and over its parts, each beside the figure that was published for it.

use super::rule::Context;
use super::share::{Share, Shares, Tally};
use crate::analysis::RotationShare;
use crate::error::Result;
use crate::estate::EntityIndex;
use crate::model::{Certainty, EntityType, Environment, EnvironmentClass, Storage};
use crate::observer::Observer;
use serde::Serialize;
use std::collections::BTreeMap;

/// A share over the whole estate and over its parts. Unknown, not zero, where nothing could be counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Metric {
    /// Its id.
    pub id: &'static str,
    /// What is counted, of what.
    pub definition: &'static str,
    /// `numerator` of `denominator`; absent where there is nothing to count.
    pub value: Option<f64>,
    /// How many are counted.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
    /// The published figure to hold it against, where there is one.
    pub published: Option<Published>,
    /// The same by the id of the tenant, for every tenant with something to count or to judge: what stands in a tenant counts for that one, not for its
    /// parents, and a tenant for itself. Absent where parts say nothing more than the whole.
    pub by_tenant: Option<BTreeMap<String, Share>>,
    /// The same by environment. Absent as `by_tenant`.
    pub by_environment: Option<BTreeMap<Environment, Share>>,
}

impl Metric {
    /// Whether a high share is a good one: the coverages. Of the others a low one is.
    pub fn more_is_better(&self) -> bool {
        [LABEL_COVERAGE, OWNER_COVERAGE].contains(&self.id)
    }

    /// The tenants in which most of what is counted is amiss, the worst first, then by id; those where nothing is are left out.
    pub fn worst_tenants(&self) -> Vec<(&str, Share)> {
        let amiss = |share: &Share| if self.more_is_better() { share.denominator - share.numerator } else { share.numerator };
        let mut tenants: Vec<_> = self.by_tenant.iter().flatten().map(|(tenant, share)| (tenant.as_str(), *share)).collect();
        tenants.retain(|(_, share)| amiss(share) > 0);
        tenants.sort_by_key(|(tenant, share)| (std::cmp::Reverse(amiss(share)), *tenant));
        tenants
    }
}

/// A published figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Published {
    /// The figure, a share.
    pub value: f64,
    /// What was counted, and by whom, as far as that was said.
    pub note: &'static str,
}

const NOT_ROTATED: Published = Published {
    value: 0.71,
    note: "of machine identities are not rotated within the recommended time, as quoted by practitioners' guidance on non-human identities",
};
const OUTSIDE_MANAGERS: Published = Published {
    value: 0.96,
    note: "of organisations keep some secrets outside a secret manager, as quoted by practitioners' guidance on non-human identities; it counts \
           organisations, not secrets",
};

const EXCESSIVE: Published = Published {
    value: 0.97,
    note: "of machine identities hold more privilege than they need, as quoted by practitioners' guidance on non-human identities",
};

const LABEL_COVERAGE: &str = "label_coverage";
const OWNER_COVERAGE: &str = "owner_coverage";

/// The metrics of an estate. Costs a few passes over the entities and one against the direction of the relations, whatever the number of tenants.
pub(crate) fn metrics(context: &Context<'_>, observer: &dyn Observer) -> Result<Vec<Metric>> {
    Ok(vec![
        metric(
            "secrets_outside_rotation_limit",
            "secrets older than their limit, of the working secrets whose age and limit are known",
            rotation(context),
            Some(NOT_ROTATED),
        ),
        metric(
            "secrets_outside_manager",
            "secrets kept anywhere but in a secret manager, of the working secrets of which it is known where they are kept",
            storage(context),
            Some(OUTSIDE_MANAGERS),
        ),
        metric(
            "machine_identities_with_excessive_privilege",
            "machine identities that control a tenant, hold a wildcard or privileged permission, themselves or through a group or role, or hold a right they \
             have not used for long, of the working machine identities that were granted a right",
            privilege(context),
            Some(EXCESSIVE),
        ),
        metric(
            "production_entities_reached",
            "production entities over which non-production is proven to gain a right, of all production entities",
            production_reached(context),
            None,
        ),
        metric(
            "nonproduction_tenants_reaching_production",
            "non-production tenants whose control alone is proven to give a right over a production entity that is not their own, of all non-production \
             tenants",
            tenants_reaching(context, observer)?,
            None,
        ),
        // A tenant whose environment is not known has none to be counted under, and of one tenant the share says nothing.
        Metric {
            by_tenant: None,
            by_environment: None,
            ..metric(LABEL_COVERAGE, "tenants whose environment is known, of all tenants", labelled(context), None)
        },
        metric(OWNER_COVERAGE, "tenants, machine identities, secrets and resources with an owner, of all of them", owned(context), None),
    ])
}

fn metric(id: &'static str, definition: &'static str, shares: Shares, published: Option<Published>) -> Metric {
    let Share { value, numerator, denominator } = shares.all;
    let (by_tenant, by_environment) = (Some(shares.by_tenant), Some(shares.by_environment));
    Metric { id, definition, value, numerator, denominator, published, by_tenant, by_environment }
}

fn rotation(context: &Context<'_>) -> Shares {
    let summary = context.rotation.summary();
    let outside = |share: &RotationShare| Share::of(share.judged - share.within_limit, share.judged);
    Shares {
        all: outside(&summary.all),
        by_tenant: summary.by_tenant.iter().map(|(tenant, share)| (tenant.clone(), outside(share))).collect(),
        by_environment: summary.by_environment.iter().map(|(environment, share)| (*environment, outside(share))).collect(),
    }
}

fn storage(context: &Context<'_>) -> Shares {
    let estate = context.estate;
    let mut tally = Tally::of(estate);
    for entity in estate.indices().filter(|entity| context.graph.lives(*entity)) {
        if let Some(secret) = estate.entity(entity).as_secret() {
            let known = secret.storage.filter(|storage| *storage != Storage::Unknown);
            tally.add(entity, known.map(|storage| !context.policy.secret_managers.contains(&storage)));
        }
    }
    tally.shares()
}

fn privilege(context: &Context<'_>) -> Shares {
    let mut tally = Tally::of(context.estate);
    for identity in context.privilege.identities.iter().filter(|identity| identity.kind.is_machine()) {
        if let Some(entity) = context.estate.find(&identity.identity) {
            tally.add(entity, Some(identity.is_excessive()));
        }
    }
    tally.shares()
}

fn production_reached(context: &Context<'_>) -> Shares {
    let estate = context.estate;
    let mut reached = vec![false; estate.len()];
    for entity in context.reach.proven_entities().filter_map(|id| estate.find(id)) {
        reached[entity.position()] = true;
    }
    let mut tally = Tally::of(estate);
    for entity in estate.indices().filter(|entity| class(context, *entity) == EnvironmentClass::Production) {
        tally.add(entity, Some(reached[entity.position()]));
    }
    tally.shares()
}

fn tenants_reaching(context: &Context<'_>, observer: &dyn Observer) -> Result<Shares> {
    let estate = context.estate;
    let is_tenant = |entity: &EntityIndex| estate.entity(*entity).entity_type() == EntityType::Tenant;
    let tenants = estate.indices().filter(is_tenant).filter(|entity| class(context, *entity) == EnvironmentClass::NonProduction);
    let production: Vec<bool> = estate.indices().map(|entity| class(context, entity) == EnvironmentClass::Production).collect();
    let mut has_own = vec![false; estate.len()];
    for entity in estate.indices().filter(|entity| production[entity.position()]) {
        if let Some(tenant) = estate.own_tenant(entity) {
            has_own[tenant.position()] = true;
        }
    }
    // A tenant with production of its own reaches that in any case; what it reaches beyond is asked fact by fact.
    let (mixed, plain): (Vec<EntityIndex>, Vec<_>) = tenants.partition(|tenant| has_own[tenant.position()]);
    let starts: Vec<_> = plain.iter().map(|tenant| context.graph.taken(*tenant)).collect();
    let leads = context.graph.leads_to(&starts, &production, Certainty::Proven, observer)?;
    let starts: Vec<_> = mixed.iter().map(|tenant| vec![context.graph.taken(*tenant)]).collect();
    let mut beyond = vec![false; mixed.len()];
    context.graph.many(&starts, Certainty::Proven, &production, observer, |lane| {
        beyond[lane.start] |= estate.own_tenant(lane.fact.entity) != Some(mixed[lane.start]);
    })?;
    let mut tally = Tally::of(estate);
    for (tenant, reaches) in plain.into_iter().zip(leads).chain(mixed.into_iter().zip(beyond)) {
        tally.add(tenant, Some(reaches));
    }
    Ok(tally.shares())
}

fn labelled(context: &Context<'_>) -> Shares {
    let estate = context.estate;
    let mut tally = Tally::of(estate);
    for tenant in estate.indices().filter(|entity| estate.entity(*entity).entity_type() == EntityType::Tenant) {
        tally.add(tenant, Some(estate.environment(tenant).environment != Environment::Unknown));
    }
    tally.shares()
}

/// People own themselves, and groups and roles are containers of rights.
fn owned(context: &Context<'_>) -> Shares {
    let mut tally = Tally::of(context.estate);
    for index in context.estate.indices() {
        let entity = context.estate.entity(index);
        let counts = match entity.as_identity() {
            Some(identity) => identity.kind.is_machine(),
            None => entity.entity_type() != EntityType::Unknown,
        };
        if counts {
            tally.add(index, Some(entity.owner().is_some()));
        }
    }
    tally.shares()
}

fn class(context: &Context<'_>, entity: EntityIndex) -> EnvironmentClass {
    context.estate.environment(entity).class()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind, Secret, SecretKind};
    use crate::rules::testing::{Scene, at};

    fn values(scene: Scene) -> Vec<(u64, u64)> {
        scene.with_context("", |context| {
            let metrics = metrics(context, &crate::observer::Unobserved).expect("nobody cancels");
            assert!(metrics.iter().all(|metric| metric.value.is_some() == (metric.denominator > 0)));
            metrics.into_iter().map(|metric| (metric.numerator, metric.denominator)).collect()
        })
    }

    #[test]
    fn nothing_counted_is_unknown_not_zero() {
        assert_eq!(values(Scene::new()), [(0, 0); 7]);
    }

    #[test]
    fn secrets_are_counted_where_something_is_known_of_them() {
        let secret = |id: &str, created: Option<&str>, storage| Secret {
            created_at: created.map(at),
            storage,
            ..Secret::new(id, SecretKind::Token)
        };
        let scene = Scene::new()
            .secret(secret("old", Some("2020-01-01"), Some(Storage::SourceCode)))
            .secret(secret("new", Some("2026-04-01"), Some(Storage::SecretManager)))
            .secret(secret("unknown", None, Some(Storage::Unknown)))
            .secret(Secret { revoked: Some(true), ..secret("dead", Some("2020-01-01"), Some(Storage::Device)) });
        assert_eq!(values(scene)[..2], [(1, 2), (1, 2)]);
    }

    #[test]
    fn a_tenant_reaches_production_only_beyond_what_is_its_own() {
        let own = Resource {
            tenant: Some("mixed-dev".into()),
            environment: Some(Environment::Production),
            ..Resource::new("own", ResourceKind::Other)
        };
        let scene = Scene::new()
            .tenant("mixed-dev")
            .tenant("acme-dev")
            .tenant("quiet-dev")
            .tenant("acme-prod")
            .tenant("acme")
            .identity("robot", "acme-dev")
            .add(own)
            .relate(Relation::new("robot", RelationKind::Reads, "acme-prod"));
        let values = values(scene);
        assert_eq!(values[2], (0, 1));
        assert_eq!(values[3], (2, 2));
        assert_eq!(values[4], (1, 3));
        assert_eq!(values[5], (4, 5));
    }

    #[test]
    fn people_and_groups_need_no_owner() {
        let identity = |id: &str, kind, owner: Option<&str>| Identity { owner: owner.map(Into::into), ..Identity::new(id, kind) };
        let scene = Scene::new()
            .add(identity("person", IdentityKind::Human, None))
            .add(identity("group", IdentityKind::Group, None))
            .add(identity("robot", IdentityKind::ServiceAccount, Some("team")))
            .add(identity("stray", IdentityKind::Pipeline, None));
        assert_eq!(values(scene)[6], (1, 2));
    }

    #[test]
    fn each_part_has_its_own_share_and_one_that_nobody_could_judge_has_none() {
        let secret = |id: &str, tenant: &str, created: Option<&str>, storage| Secret {
            tenant: Some(tenant.into()),
            created_at: created.map(at),
            storage,
            ..Secret::new(id, SecretKind::Token)
        };
        let scene = Scene::new()
            .tenant("acme-dev")
            .tenant("acme-prod")
            .tenant("acme-test")
            .identity("robot", "acme-dev")
            .relate(Relation::new("robot", RelationKind::Administers, "acme-prod"))
            .secret(secret("old", "acme-dev", Some("2020-01-01"), Some(Storage::SourceCode)))
            .secret(secret("new", "acme-dev", Some("2026-04-01"), Some(Storage::SecretManager)))
            .secret(secret("bare", "acme-test", None, None));
        let told = scene.with_context("", |context| {
            let metrics = metrics(context, &crate::observer::Unobserved).expect("nobody cancels");
            let of = |metric: &Metric| {
                let share = |share: &Share| share.value.map_or("unknown".into(), |_| format!("{}/{}", share.numerator, share.denominator));
                let tenants = metric.by_tenant.iter().flatten().map(|(tenant, it)| format!("{tenant} {}", share(it)));
                let environments = metric.by_environment.iter().flatten().map(|(environment, it)| format!("{environment} {}", share(it)));
                tenants.chain(environments).collect::<Vec<_>>().join(", ")
            };
            assert_eq!(metrics[0].worst_tenants(), [("acme-dev", Share::of(1, 2))]);
            assert_eq!(metrics[6].worst_tenants()[0], ("acme-dev", Share::of(0, 4)));
            metrics.iter().map(of).collect::<Vec<_>>()
        });
        let secrets = "acme-dev 1/2, acme-test unknown, testing unknown, development 1/2";
        let expected = [
            secrets,
            secrets,
            "acme-dev 1/1, development 1/1",
            "acme-prod 1/1, production 1/1",
            "acme-dev 1/1, acme-test 0/1, testing 0/1, development 1/1",
            "",
            "acme-dev 0/4, acme-prod 0/1, acme-test 0/2, production 0/1, testing 0/2, development 0/4",
        ];
        assert_eq!(told, expected);
    }
}

//! [`Metric`]: shares over the whole estate, each beside the figure that was published for it.

use super::rule::Context;
use crate::error::Result;
use crate::estate::EntityIndex;
use crate::model::{Certainty, EntityType, Environment, EnvironmentClass, Storage};
use crate::observer::Observer;
use serde::Serialize;

/// A share over the whole estate. Unknown, not zero, where nothing could be counted.
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

/// The metrics of an estate. Costs one pass over the entities and one against the direction of the relations.
pub(crate) fn metrics(context: &Context<'_>, observer: &dyn Observer) -> Result<Vec<Metric>> {
    let rotation = context.rotation.summary.all;
    let privilege = context.privilege.summary;
    Ok(vec![
        metric(
            "secrets_outside_rotation_limit",
            "secrets older than their limit, of the working secrets whose age and limit are known",
            (rotation.judged - rotation.within_limit, rotation.judged),
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
            (privilege.excessive_machine_identities, privilege.machine_identities),
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
        metric("label_coverage", "tenants whose environment is known, of all tenants", labelled(context), None),
        metric("owner_coverage", "tenants, machine identities, secrets and resources with an owner, of all of them", owned(context), None),
    ])
}

fn metric(id: &'static str, definition: &'static str, (numerator, denominator): (u64, u64), published: Option<Published>) -> Metric {
    let value = (denominator > 0).then(|| numerator as f64 / denominator as f64);
    Metric { id, definition, value, numerator, denominator, published }
}

fn storage(context: &Context<'_>) -> (u64, u64) {
    let estate = context.estate;
    let living = estate.indices().filter(|entity| context.graph.lives(*entity));
    let kept = living.filter_map(|entity| estate.entity(entity).as_secret()?.storage).filter(|storage| *storage != Storage::Unknown);
    count(kept.map(|storage| !context.policy.secret_managers.contains(&storage)))
}

fn production_reached(context: &Context<'_>) -> (u64, u64) {
    let production = context.estate.indices().filter(|entity| class(context, *entity) == EnvironmentClass::Production);
    (context.reach.proven_entities().count() as u64, production.count() as u64)
}

fn tenants_reaching(context: &Context<'_>, observer: &dyn Observer) -> Result<(u64, u64)> {
    let estate = context.estate;
    let is_tenant = |entity: &EntityIndex| estate.entity(*entity).entity_type() == EntityType::Tenant;
    let tenants: Vec<_> =
        estate.indices().filter(is_tenant).filter(|entity| class(context, *entity) == EnvironmentClass::NonProduction).collect();
    let production: Vec<bool> = estate.indices().map(|entity| class(context, entity) == EnvironmentClass::Production).collect();
    let mut has_own = vec![false; estate.len()];
    for entity in estate.indices().filter(|entity| production[entity.position()]) {
        if let Some(tenant) = estate.own_tenant(entity) {
            has_own[tenant.position()] = true;
        }
    }
    // A tenant with production of its own reaches that in any case; what it reaches beyond is asked fact by fact.
    let (mixed, plain): (Vec<EntityIndex>, Vec<_>) = tenants.iter().partition(|tenant| has_own[tenant.position()]);
    let starts: Vec<_> = plain.iter().map(|tenant| context.graph.taken(*tenant)).collect();
    let plain = context.graph.leads_to(&starts, &production, Certainty::Proven, observer)?.into_iter().filter(|leads| *leads).count();
    let starts: Vec<_> = mixed.iter().map(|tenant| vec![context.graph.taken(*tenant)]).collect();
    let mut beyond = vec![false; mixed.len()];
    context.graph.many(&starts, Certainty::Proven, &production, observer, |lane| {
        beyond[lane.start] |= estate.own_tenant(lane.fact.entity) != Some(mixed[lane.start]);
    })?;
    let reaching = plain + beyond.into_iter().filter(|reaches| *reaches).count();
    Ok((reaching as u64, tenants.len() as u64))
}

fn labelled(context: &Context<'_>) -> (u64, u64) {
    let estate = context.estate;
    let tenants = estate.indices().filter(|entity| estate.entity(*entity).entity_type() == EntityType::Tenant);
    count(tenants.map(|tenant| estate.environment(tenant).environment != Environment::Unknown))
}

/// People own themselves, and groups and roles are containers of rights.
fn owned(context: &Context<'_>) -> (u64, u64) {
    let counted = context.estate.entities().iter().filter(|entity| match entity.as_identity() {
        Some(identity) => identity.kind.is_machine(),
        None => entity.entity_type() != EntityType::Unknown,
    });
    count(counted.map(|entity| entity.owner().is_some()))
}

fn class(context: &Context<'_>, entity: EntityIndex) -> EnvironmentClass {
    context.estate.environment(entity).class()
}

/// How many are true, of how many.
fn count(flags: impl Iterator<Item = bool>) -> (u64, u64) {
    flags.fold((0, 0), |(numerator, denominator), flag| (numerator + u64::from(flag), denominator + 1))
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
}

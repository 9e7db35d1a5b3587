use super::*;
use crate::estate::EstateBuilder;
use crate::model::{Identity, IdentityKind, Relation, RelationKind, Resource, Secret, SecretKind, Tenant, TenantKind};

const NOW: Instant = Instant::from_unix_seconds(1_777_593_600);

/// Two tenants, a robot in each, and what else is given.
fn shared(fill: impl FnOnce(&mut EstateBuilder)) -> Vec<SharedEntity> {
    let mut builder = Estate::builder();
    for (tenant, robot) in [("acme-staging", "staging-robot"), ("acme-prod", "prod-robot")] {
        builder.add(Tenant::new(tenant, TenantKind::GcpProject));
        builder.add(Identity { tenant: Some(tenant.into()), ..Identity::new(robot, IdentityKind::ServiceAccount) });
    }
    fill(&mut builder);
    sharing(&builder.build(), NOW).shared
}

fn told(shared: &[SharedEntity]) -> Vec<String> {
    let words = |entity: &SharedEntity| entity.environments.iter().map(|it| it.as_str()).collect::<Vec<_>>().join("+");
    shared.iter().map(|it| format!("{} {} {}", it.category, it.entity, words(it))).collect()
}

fn resource(id: &str, kind: ResourceKind, tenant: Option<&str>) -> Resource {
    Resource { tenant: tenant.map(Into::into), ..Resource::new(id, kind) }
}

#[test]
fn a_secret_of_two_records_and_one_that_is_used_from_both_sides_are_shared() {
    let found = shared(|builder| {
        let copy = |id: &str, tenant: &str| Secret {
            tenant: Some(tenant.into()),
            fingerprint: Some("f".into()),
            ..Secret::new(id, SecretKind::Token)
        };
        builder.add(copy("b-prod", "acme-prod"));
        builder.add(copy("a-staging", "acme-staging"));
        builder.add(Secret::new("key", SecretKind::ApiKey));
        builder.relate(Relation::new("staging-robot", RelationKind::Uses, "key"));
        builder.relate(Relation::new("key", RelationKind::AuthenticatesAs, "prod-robot"));
    });
    assert_eq!(told(&found), ["secret a-staging production+staging", "secret key production+staging"]);
    assert_eq!(found[0].records, ["a-staging", "b-prod"]);
    assert!(found.iter().all(SharedEntity::spans_production));
    let roles: Vec<_> = found[1].evidence.iter().map(|it| (it.role, it.entity.as_str())).collect();
    assert_eq!(roles, [(SharingRole::Serves, "prod-robot"), (SharingRole::UsedFrom, "staging-robot")]);
    assert_eq!(found[1].evidence[0].relation.as_ref().map(|tie| tie.kind), Some(RelationKind::AuthenticatesAs));
}

#[test]
fn an_identity_is_shared_by_what_it_does_not_by_where_it_stands() {
    let alone = shared(|builder| builder.relate(Relation::new("staging-robot", RelationKind::Writes, "acme-prod")));
    assert!(alone.is_empty(), "{alone:?}");
    let both = shared(|builder| {
        builder.relate(Relation::new("staging-robot", RelationKind::Writes, "acme-prod"));
        builder.relate(Relation::new("staging-robot", RelationKind::Reads, "acme-staging"));
    });
    assert_eq!(told(&both), ["identity staging-robot production+staging"]);
    let used = shared(|builder| {
        builder.add(Identity::new("deployer", IdentityKind::ServicePrincipal));
        builder.relate(Relation::new("staging-robot", RelationKind::Assumes, "deployer"));
        builder.relate(Relation::new("prod-robot", RelationKind::Assumes, "deployer"));
    });
    assert_eq!(told(&used), ["identity deployer production+staging"]);
}

#[test]
fn vaults_runners_and_stores_are_shared_where_both_sides_come() {
    let found = shared(|builder| {
        builder.add(resource("vault", ResourceKind::Vault, None));
        builder.add(resource("runner", ResourceKind::Runner, Some("acme-prod")));
        builder.add(resource("orders", ResourceKind::Database, Some("acme-prod")));
        builder.add(resource("quiet", ResourceKind::Database, Some("acme-prod")));
        builder.relate(Relation::new("staging-robot", RelationKind::Reads, "vault"));
        builder.relate(Relation::new("prod-robot", RelationKind::Reads, "vault"));
        builder.relate(Relation::new("staging-robot", RelationKind::RunsOn, "runner"));
        builder.relate(Relation::new("staging-robot", RelationKind::Reads, "orders"));
        builder.relate(Relation::new("prod-robot", RelationKind::Reads, "quiet"));
        builder.add(resource("drop", ResourceKind::ObjectStore, Some("acme-staging")));
        builder.relate(Relation::new("prod-robot", RelationKind::Writes, "drop"));
    });
    let found: Vec<_> = told(&found).into_iter().filter(|it| !it.starts_with("identity")).collect();
    assert_eq!(found, ["vault vault production+staging", "runner runner production+staging", "store orders production+staging"]);
}

#[test]
fn a_tenant_is_shared_by_what_it_contains_unless_it_groups_tenants() {
    let found = |kind| {
        shared(|builder| {
            builder.add(Tenant { name: Some("cell".into()), ..Tenant::new("outer", kind) });
            for id in ["shop-prod", "shop-dev"] {
                builder.add(Tenant { parent: Some("outer".into()), ..Tenant::new(id, TenantKind::KubernetesNamespace) });
            }
        })
    };
    assert_eq!(told(&found(TenantKind::KubernetesCluster)), ["tenant outer production+development"]);
    assert!(found(TenantKind::GcpFolder).is_empty());
    let users = shared(|builder| {
        builder.add(Tenant::new("hub", TenantKind::GcpProject));
        builder.relate(Relation::new("staging-robot", RelationKind::Writes, "hub"));
        builder.relate(Relation::new("prod-robot", RelationKind::Writes, "hub"));
    });
    assert_eq!(told(&users), ["tenant hub production+staging"]);
}

#[test]
fn what_a_vendor_holds_is_named_by_the_vendor() {
    let found = shared(|builder| {
        let vendor = Identity { vendor: Some("globex".into()), ..Identity::new("connector", IdentityKind::ThirdPartyIntegration) };
        builder.add(vendor);
        builder.add(Secret::new("token", SecretKind::Token));
        builder.relate(Relation::new("token", RelationKind::AuthenticatesAs, "connector"));
        builder.relate(Relation::new("connector", RelationKind::Reads, "acme-prod"));
        builder.relate(Relation::new("connector", RelationKind::Reads, "acme-staging"));
        builder.relate(Relation::new("staging-robot", RelationKind::Uses, "token"));
        builder.relate(Relation::new("prod-robot", RelationKind::Uses, "token"));
    });
    assert_eq!(told(&found), ["vendor_credential connector production+staging", "vendor_credential token production+staging"]);
    assert!(found.iter().all(|it| it.vendor.as_deref() == Some("globex")));
}

#[test]
fn what_is_over_dead_or_of_no_side_does_not_count() {
    let found = shared(|builder| {
        builder.add(resource("vault", ResourceKind::Vault, None));
        builder.add(Identity { enabled: Some(false), tenant: Some("acme-prod".into()), ..Identity::new("gone", IdentityKind::Workload) });
        builder.add(Identity { environment: Some(Environment::Shared), ..Identity::new("common", IdentityKind::Workload) });
        builder.relate(Relation { valid_until: Some(NOW), ..Relation::new("prod-robot", RelationKind::Reads, "vault") });
        builder.relate(Relation::new("gone", RelationKind::Reads, "vault"));
        builder.relate(Relation::new("common", RelationKind::Reads, "vault"));
        builder.relate(Relation::new("staging-robot", RelationKind::Reads, "vault"));
    });
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn ties_are_counted_where_they_are_not_all_shown() {
    let found = shared(|builder| {
        builder.add(resource("vault", ResourceKind::Vault, Some("acme-prod")));
        for at in 0..40 {
            let id = format!("robot-{at:02}");
            builder.add(Identity { tenant: Some("acme-staging".into()), ..Identity::new(id.clone(), IdentityKind::Workload) });
            builder.relate(Relation::new(id, RelationKind::Reads, "vault"));
        }
    });
    let ties: Vec<u64> = found[0].ties.values().copied().collect();
    assert_eq!((ties, found[0].evidence.len()), (vec![1, 40], 26));
}

use super::*;
use crate::estate::EstateBuilder;
use crate::model::{Guard, GuardSet, Identity, IdentityKind, Relation, RelationKind, Resource, Secret, SecretKind, Tenant, TenantKind};

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
        builder.add(resource("runner", ResourceKind::Runner, Some("acme-staging")));
        builder.add(resource("orders", ResourceKind::Database, None));
        builder.add(resource("quiet", ResourceKind::Database, Some("acme-prod")));
        builder.relate(Relation::new("staging-robot", RelationKind::Reads, "vault"));
        builder.relate(Relation::new("prod-robot", RelationKind::Reads, "vault"));
        builder.relate(Relation::new("staging-robot", RelationKind::RunsOn, "runner"));
        builder.relate(Relation::new("prod-robot", RelationKind::RunsOn, "runner"));
        builder.relate(Relation::new("staging-robot", RelationKind::Reads, "orders"));
        builder.relate(Relation::new("prod-robot", RelationKind::Writes, "orders"));
        builder.relate(Relation::new("prod-robot", RelationKind::Reads, "quiet"));
        builder.add(resource("crossed", ResourceKind::Database, Some("acme-prod")));
        builder.relate(Relation::new("staging-robot", RelationKind::Reads, "crossed"));
        builder.relate(Relation::new("prod-robot", RelationKind::Writes, "crossed"));
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
        builder.add(resource("vault", ResourceKind::Vault, None));
        builder.relate(Relation::new("prod-robot", RelationKind::Reads, "vault"));
        for at in 0..40 {
            let id = format!("robot-{at:02}");
            builder.add(Identity { tenant: Some("acme-staging".into()), ..Identity::new(id.clone(), IdentityKind::Workload) });
            builder.relate(Relation::new(id, RelationKind::Reads, "vault"));
        }
    });
    let ties: Vec<u64> = found[0].ties.values().copied().collect();
    assert_eq!((ties, found[0].evidence.len()), (vec![1, 40], 26));
}

#[test]
fn what_a_vault_holds_and_a_host_runs_as_makes_it_shared() {
    let found = shared(|builder| {
        builder.add(resource("vault", ResourceKind::Vault, Some("acme-prod")));
        builder.add(Secret { environment: Some(Environment::Staging), ..Secret::new("token", SecretKind::Token) });
        builder.relate(Relation::new("vault", RelationKind::Stores, "token"));
        builder.add(Secret { tenant: Some("acme-prod".into()), ..Secret::new("prod-token", SecretKind::Token) });
        builder.relate(Relation::new("vault", RelationKind::Stores, "prod-token"));
        builder.add(resource("config", ResourceKind::Compute, Some("acme-staging")));
        builder.relate(Relation::new("config", RelationKind::Stores, "prod-token"));
        builder.add(resource("host", ResourceKind::Compute, None));
        builder.relate(Relation::new("host", RelationKind::RunsAs, "staging-robot"));
        builder.relate(Relation::new("host", RelationKind::RunsAs, "prod-robot"));
        builder.add(resource("copy", ResourceKind::Database, None));
        builder.add(resource("orders", ResourceKind::Database, Some("acme-prod")));
        builder.add(resource("trial", ResourceKind::Database, Some("acme-staging")));
        builder.relate(Relation::new("copy", RelationKind::CopyOf, "orders"));
        builder.relate(Relation::new("copy", RelationKind::CopyOf, "trial"));
    });
    let resources = told(&found).into_iter().filter(|it| !it.starts_with("secret"));
    assert_eq!(resources.collect::<Vec<_>>(), ["vault vault production+staging", "compute host production+staging"]);
}

#[test]
fn a_right_that_is_held_through_a_group_or_a_secret_is_held_where_it_leads() {
    let found = shared(|builder| {
        builder.add(Identity::new("builders", IdentityKind::Group));
        builder.add(Identity::new("robot", IdentityKind::ServiceAccount));
        builder.add(Secret::new("key", SecretKind::AccessKey));
        builder.relate(Relation::new("robot", RelationKind::MemberOf, "builders"));
        builder.relate(Relation::new("builders", RelationKind::Writes, "acme-staging"));
        builder.relate(Relation::new("robot", RelationKind::Uses, "key"));
        builder.relate(Relation::new("key", RelationKind::AuthenticatesAs, "prod-robot"));
    });
    assert_eq!(told(&found), ["identity robot production+staging"]);
    assert_eq!(found[0].evidence.iter().map(|it| it.entity.as_str()).collect::<Vec<_>>(), ["key", "builders"]);
}

#[test]
fn what_spans_by_itself_is_told_once_and_not_of_everybody_who_acts_as_it() {
    let found = shared(|builder| {
        builder.add(Identity::new("deployer", IdentityKind::ServiceAccount));
        builder.relate(Relation::new("deployer", RelationKind::Writes, "acme-staging"));
        builder.relate(Relation::new("deployer", RelationKind::Writes, "acme-prod"));
        for id in ["pipeline-a", "pipeline-b"] {
            builder.add(Identity::new(id, IdentityKind::Pipeline));
            builder.relate(Relation::new(id, RelationKind::Assumes, "deployer"));
        }
    });
    assert_eq!(told(&found), ["identity deployer production+staging"]);
    assert_eq!(found[0].pipelines, ["pipeline-a", "pipeline-b"]);
}

#[test]
fn what_stands_on_one_side_and_is_used_from_the_other_alone_is_crossed_not_shared() {
    let found = shared(|builder| {
        builder.relate(Relation::new("staging-robot", RelationKind::FederatesTo, "prod-robot"));
        builder.relate(Relation::new("prod-robot", RelationKind::Reads, "acme-prod"));
    });
    assert!(found.is_empty(), "{found:?}");
    let down = shared(|builder| {
        builder.add(Identity { tenant: Some("acme-staging".into()), ..Identity::new("pod", IdentityKind::Workload) });
        builder.relate(Relation::new("pod", RelationKind::FederatesTo, "staging-robot"));
        builder.relate(Relation::new("prod-robot", RelationKind::Assumes, "staging-robot"));
    });
    assert!(down.is_empty(), "{down:?}");
    let promotes = |kind: RelationKind| {
        shared(|builder| {
            builder.add(resource("candidates", ResourceKind::ObjectStore, Some("acme-staging")));
            builder.relate(Relation::new("prod-robot", kind, "candidates"));
            builder.relate(Relation::new("prod-robot", RelationKind::Writes, "acme-prod"));
        })
    };
    assert!(promotes(RelationKind::Reads).is_empty());
    assert_eq!(told(&promotes(RelationKind::Administers)), ["identity prod-robot production+staging"]);
}

#[test]
fn a_role_is_used_from_where_its_members_stand_and_agents_of_the_provider_do_not_count() {
    let found = |managed: &str| {
        shared(|builder| {
            let labels = [(Identity::PROVIDER_MANAGED.to_owned(), managed.to_owned())].into();
            let agent = Identity { tenant: Some("acme-prod".into()), labels, ..Identity::new("agent", IdentityKind::ServiceAccount) };
            builder.add(agent);
            builder.add(Identity { tenant: Some("acme-prod".into()), ..Identity::new("reader", IdentityKind::Role) });
            builder.add(resource("vault", ResourceKind::Vault, None));
            builder.relate(Relation::new("reader", RelationKind::Reads, "vault"));
            builder.relate(Relation::new("staging-robot", RelationKind::MemberOf, "reader"));
            builder.relate(Relation::new("agent", RelationKind::MemberOf, "reader"));
        })
    };
    assert!(found("true").is_empty());
    assert_eq!(told(&found("false")), ["vault vault production+staging"]);
}

#[test]
fn a_registry_is_shared_by_who_fills_it_not_by_who_pulls() {
    let found = |kind| {
        shared(|builder| {
            builder.add(resource("images", ResourceKind::ArtifactRegistry, None));
            builder.relate(Relation::new("staging-robot", kind, "images"));
            builder.relate(Relation::new("prod-robot", RelationKind::Reads, "images"));
        })
    };
    assert!(found(RelationKind::Reads).is_empty());
    assert_eq!(told(&found(RelationKind::Writes)), ["store images production+staging"]);
}

#[test]
fn what_somebody_must_approve_is_told_apart() {
    let found = |guards: GuardSet| {
        shared(|builder| {
            builder.add(Identity::new("release", IdentityKind::Pipeline));
            builder.add(Identity::new("prod-deployers", IdentityKind::Group));
            builder.relate(Relation::new("release", RelationKind::Writes, "acme-staging"));
            builder.relate(Relation::new("release", RelationKind::MemberOf, "prod-deployers").guards(guards));
            builder.relate(Relation::new("prod-deployers", RelationKind::Writes, "acme-prod"));
        })
    };
    let release = |guards| found(guards).into_iter().find(|it| it.entity == "release").map(|it| it.unapproved);
    assert_eq!(release(GuardSet::NONE), Some(vec![Environment::Production, Environment::Staging]));
    assert_eq!(release(GuardSet::NONE.with(Guard::Approval)), Some(vec![Environment::Staging]));
}

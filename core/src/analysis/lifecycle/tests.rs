use super::*;
use crate::estate::EstateBuilder;
use crate::model::{Environment, Identity, IdentityKind, Relation, RelationKind, Secret, SecretKind, Tenant, TenantKind};

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a test instant")
}

/// The answer as of 2026-05-01.
fn answer(policy: &str, fill: impl FnOnce(&mut EstateBuilder)) -> Lifecycle {
    let mut builder = Estate::builder();
    fill(&mut builder);
    lifecycle(&builder.build(), &Policy::from_toml(policy).expect("a policy"), at("2026-05-01"))
}

fn robot(id: &str) -> Identity {
    Identity::new(id, IdentityKind::ServiceAccount)
}

fn owned(id: &str, owner: &str) -> Identity {
    Identity { owner: Some(owner.into()), ..robot(id) }
}

fn known(lifecycle: &Lifecycle, topic: &str) -> Option<(u64, u64)> {
    lifecycle.coverage.iter().find(|it| it.topic == topic).map(|it| (it.known, it.total))
}

#[test]
fn a_missing_owner_counts_where_others_of_the_kind_have_one() {
    let gaps = answer("", |builder| {
        builder.add(owned("a", "payments"));
        builder.add(robot("b"));
        builder.add(Identity { enabled: Some(false), ..robot("gone") });
        builder.add(Identity::new("pipeline", IdentityKind::Pipeline));
        builder.add(Identity::new("someone", IdentityKind::Human));
    });
    let told: Vec<_> = gaps.owners.iter().map(|gap| (gap.entity.as_str(), gap.problem)).collect();
    assert_eq!(told, [("b", OwnerProblem::Missing)]);
    assert_eq!(known(&gaps, "owners"), Some((2, 3)));
}

#[test]
fn whoever_owns_a_project_answers_for_what_is_in_it_and_nobody_for_what_is_not_ours() {
    let gaps = answer("", |builder| {
        for (id, owner) in [("shop", Some("shop team")), ("lighthouse", None)] {
            builder.add(Tenant { owner: owner.map(Into::into), ..Tenant::new(id, TenantKind::GcpProject) });
        }
        builder.add(Tenant { owner: Some("board".into()), ..Tenant::new("directory", TenantKind::EntraTenant) });
        for (id, tenant) in [("a", "shop"), ("b", "lighthouse"), ("c", "directory"), ("foreign", "elsewhere")] {
            builder.add(Identity { tenant: Some(tenant.into()), ..robot(id) });
        }
        let labels = [("provider_managed".to_owned(), "true".to_owned())].into();
        builder.add(Identity { labels, tenant: Some("lighthouse".into()), ..robot("agent") });
    });
    let told: Vec<_> = gaps.owners.iter().map(|gap| gap.entity.as_str()).collect();
    assert_eq!(told, ["b", "c", "lighthouse"]);
}

#[test]
fn an_owner_left_where_the_policy_or_a_disabled_person_says_so() {
    let gaps = answer("left_owners = ['ex-*']", |builder| {
        let person = |id: &str, name: &str, enabled| Identity {
            name: Some(name.into()),
            enabled: Some(enabled),
            ..Identity::new(id, IdentityKind::Human)
        };
        builder.add(person("person-1", "Ann.Doe@example.com", false));
        builder.add(person("person-2", "bob@example.com", false));
        builder.add(person("person-3", "bob@example.com", true));
        builder.add(owned("a", "ann.doe@EXAMPLE.com"));
        builder.add(owned("b", "bob@example.com"));
        builder.add(Tenant { owner: Some("EX-contractors".into()), ..Tenant::new("t", TenantKind::Other) });
    });
    let told: Vec<_> = gaps.owners.iter().map(|gap| (gap.entity.as_str(), gap.problem, gap.person.as_deref())).collect();
    assert_eq!(told, [("a", OwnerProblem::Left, Some("person-1")), ("t", OwnerProblem::Left, None)]);
}

#[test]
fn dormant_is_what_was_last_used_long_ago_by_all_that_is_known() {
    let used = |id: &str, last_used_at: &str| Identity { last_used_at: Some(at(last_used_at)), ..robot(id) };
    let key =
        |id: &str, last_used_at: Option<&str>| Secret { last_used_at: last_used_at.map(at), ..Secret::new(id, SecretKind::AccessKey) };
    let found = answer("", |builder| {
        builder.add(used("asleep", "2026-01-01"));
        builder.add(used("awake", "2026-04-01"));
        builder.add(used("by-key", "2026-01-01"));
        builder.add(used("by-role", "2026-01-01"));
        builder.add(used("from-the-future", "2027-01-01"));
        builder.add(robot("unknown"));
        builder.add(key("fresh", Some("2026-04-30")));
        builder.add(key("stale", Some("2026-03-01")));
        builder.add(Secret { fingerprint: Some("f".into()), ..key("copy-1", Some("2026-03-01")) });
        builder.add(Secret { fingerprint: Some("f".into()), ..key("copy-2", Some("2026-04-30")) });
        builder.add(Secret { dynamic: Some(true), ..key("lease", Some("2026-01-01")) });
        builder.add(key("untold", None));
        builder.relate(Relation::new("fresh", RelationKind::AuthenticatesAs, "by-key"));
        builder.relate(Relation { last_used_at: Some(at("2026-04-30")), ..Relation::new("awake", RelationKind::Assumes, "by-role") });
    });
    let told: Vec<_> = found.dormant.iter().map(|it| (it.entity.as_str(), it.unused_days, it.limit_days)).collect();
    assert_eq!(told, [("asleep", 120, 90), ("stale", 61, 45)]);
    assert_eq!((known(&found, "identity_uses"), known(&found, "secret_uses")), (Some((4, 6)), Some((4, 5))));
}

#[test]
fn expired_is_what_is_past_its_end_and_neither_disabled_nor_revoked() {
    let ended = Some(at("2026-04-01"));
    let found = answer("", |builder| {
        let key = |id: &str| Secret { expires_at: ended, ..Secret::new(id, SecretKind::Token) };
        builder.add(key("kept"));
        builder.add(Secret { revoked: Some(true), ..key("revoked") });
        builder.add(Secret { expires_at: Some(Instant::NEVER), ..key("endless") });
        builder.add(Identity { expires_at: ended, ..robot("robot") });
        builder.add(Identity { expires_at: ended, enabled: Some(false), ..robot("disabled") });
        builder.add(Tenant { expires_at: ended, ..Tenant::new("trial", TenantKind::Other) });
        builder.relate(Relation::new("kept", RelationKind::AuthenticatesAs, "disabled"));
    });
    let told: Vec<_> = found.expired.iter().map(|it| (it.entity.as_str(), it.expired_days, it.holders)).collect();
    assert_eq!(told, [("kept", 30, 1), ("robot", 30, 0), ("trial", 30, 0)]);
    assert_eq!(found.expired[0].held_by[0].to, "disabled");
}

fn offboarded(tenant: Tenant) -> Vec<String> {
    let found = answer("", |builder| {
        let id = tenant.id.clone();
        builder.add(tenant);
        builder.add(Tenant { parent: Some(id.clone()), ..Tenant::new("below", TenantKind::KubernetesNamespace) });
        builder.add(Tenant::new("acme-prod", TenantKind::Other));
        builder.add(Identity { tenant: Some(id), ..robot("inside") });
        builder.add(Secret { tenant: Some("below".into()), ..Secret::new("key", SecretKind::Token) });
        builder.add(Secret { tenant: Some("below".into()), revoked: Some(true), ..Secret::new("dead", SecretKind::Token) });
        builder.relate(Relation::new("inside", RelationKind::Reads, "acme-prod"));
        builder.relate(Relation::new("inside", RelationKind::Uses, "key"));
    });
    found.offboarding.iter().map(|it| format!("{} {} {} {}", it.tenant, it.reason, it.trusts, it.living_secrets.join(" "))).collect()
}

#[test]
fn a_tenant_past_its_end_is_found_while_it_is_trusted_or_holds_secrets() {
    let tenant = |environment| Tenant { environment: Some(environment), ..Tenant::new("trial", TenantKind::SaasOrganization) };
    assert_eq!(offboarded(Tenant { expires_at: Some(at("2026-04-01")), ..tenant(Environment::Testing) }), ["trial expired 1 key"]);
    assert_eq!(offboarded(tenant(Environment::Demo)), ["trial without_end 1 key"]);
    assert_eq!(offboarded(Tenant { expires_at: Some(Instant::NEVER), ..tenant(Environment::Preview) }), ["trial without_end 1 key"]);
    assert!(offboarded(Tenant { expires_at: Some(at("2026-06-01")), ..tenant(Environment::Demo) }).is_empty());
    assert!(offboarded(Tenant { created_at: Some(at("2026-04-20")), ..tenant(Environment::Preview) }).is_empty());
    assert!(offboarded(tenant(Environment::Testing)).is_empty());
    let empty = answer("", |builder| builder.add(Tenant { expires_at: Some(at("2026-04-01")), ..tenant(Environment::Demo) }));
    assert!(empty.offboarding.is_empty() && empty.expired.len() == 1);
}

#[test]
fn a_trust_is_stale_where_it_is_unused_or_old_and_never_reviewed() {
    let found = answer("", |builder| {
        for id in ["a", "b", "c", "d"] {
            builder.add(Tenant::new(id, TenantKind::EntraTenant));
            builder.add(Identity { tenant: Some(id.into()), ..Identity::new(format!("app-{id}"), IdentityKind::Application) });
        }
        builder.add(Tenant {
            labels: [("Reviewed_At".to_owned(), "2026-01-15".to_owned())].into(),
            ..Tenant::new("d", TenantKind::EntraTenant)
        });
        let trust = |to: &str| Relation::new("a", RelationKind::TrustedBy, to);
        builder.relate(Relation { granted_at: Some(at("2020-01-01")), last_used_at: Some(at("2026-04-30")), ..trust("b") });
        builder.relate(Relation { granted_at: Some(at("2026-01-01")), last_used_at: Some(at("2025-09-01")), ..trust("c") });
        builder.relate(Relation { granted_at: Some(at("2020-01-01")), ..trust("d") });
        builder.relate(Relation::new("app-a", RelationKind::Instantiates, "app-b"));
        builder.relate(Relation { granted_at: Some(at("2020-01-01")), ..Relation::new("app-b", RelationKind::Assumes, "app-b") });
    });
    let told: Vec<_> = found.trusts.iter().map(|it| (it.relation.to.as_str(), it.problems[0], it.unused_days)).collect();
    assert_eq!(told, [("b", TrustProblem::NotReviewed, Some(1)), ("c", TrustProblem::Unused, Some(242))]);
    assert_eq!((known(&found, "trust_uses"), known(&found, "trust_ages")), (Some((2, 4)), Some((3, 4))));
}

use super::*;
use crate::estate::EstateBuilder;
use crate::model::{Guard, GuardSet, Identity, Relation, Resource, ResourceKind, Right, Tenant, TenantKind};

fn now() -> Instant {
    Instant::parse("2026-05-01").expect("a test instant")
}

fn robot(id: &str, tenant: &str) -> Identity {
    Identity { tenant: Some(tenant.into()), ..Identity::new(id, IdentityKind::ServiceAccount) }
}

/// Two tenants that are twins, and what else is given.
fn answer(fill: impl FnOnce(&mut EstateBuilder)) -> Privilege {
    let mut builder = Estate::builder();
    for tenant in ["shop-dev", "shop-prod"] {
        builder.add(Tenant::new(tenant, TenantKind::GcpProject));
        builder.add(Identity { name: Some("robot".into()), ..robot(&format!("{tenant}/robot"), tenant) });
        builder.add(Resource { tenant: Some(tenant.into()), ..Resource::new(format!("orders-{tenant}"), ResourceKind::Database) });
    }
    fill(&mut builder);
    privilege(&builder.build(), &Policy::default(), now())
}

fn of<'a>(answer: &'a Privilege, id: &str) -> &'a IdentityPrivilege {
    answer.identities.iter().find(|it| it.identity == id).expect("an identity with rights")
}

#[test]
fn what_nobody_says_was_used_is_unknown_not_unused() {
    let used =
        |at: &str, to: &str| Relation { last_used_at: Instant::parse(at).ok(), ..Relation::new("shop-dev/robot", RelationKind::Reads, to) };
    let answer = answer(|builder| {
        builder.relate(used("2026-04-01", "orders-shop-dev"));
        builder.relate(used("2026-01-01", "orders-shop-prod"));
        builder.relate(used("2027-01-01", "shop-prod"));
        builder.relate(Relation::new("shop-dev/robot", RelationKind::Writes, "orders-shop-dev"));
        builder.relate(Relation { valid_until: Some(now()), ..used("2026-04-01", "shop-dev") });
    });
    let robot = of(&answer, "shop-dev/robot");
    assert_eq!(robot.counts, GrantCounts { granted: 4, used: 1, unused: 1, unknown: 2 });
    assert_eq!((robot.unused_grants[0].relation.to.as_str(), robot.unused_grants[0].unused_days), ("orders-shop-prod", 120));
    assert_eq!((answer.coverage[0].known, answer.coverage[0].total), (2, 4));
    assert_eq!(answer.summary.excessive_machine_identities, 1);
}

#[test]
fn administrators_wildcards_and_known_permissions_are_told_apart() {
    let answer = answer(|builder| {
        builder.relate(Relation::new("shop-dev/robot", RelationKind::Administers, "shop-dev"));
        for database in ["orders-shop-dev", "orders-shop-prod"] {
            builder.relate(Relation::new("shop-dev/robot", RelationKind::Writes, database).permission("dynamodb:*"));
        }
        builder.relate(Relation::new("shop-prod/robot", RelationKind::Unmapped, "shop-prod").permission("roles/owner"));
        builder.relate(Relation::new("shop-prod/robot", RelationKind::Reads, "orders-shop-prod").permission("roles/viewer"));
    });
    let told = |id: &str| {
        let privileged = of(&answer, id).privileged.iter();
        privileged.map(|it| (it.reasons[0], it.relations, it.tier)).collect::<Vec<_>>()
    };
    assert_eq!(told("shop-dev/robot"), [(PrivilegeReason::Wildcard, 2, None), (PrivilegeReason::Administrator, 1, None)]);
    assert_eq!(told("shop-prod/robot"), [(PrivilegeReason::PrivilegedPermission, 1, Some(0))]);
    assert_eq!((answer.summary.machine_identities, answer.summary.privileged_machine_identities), (2, 2));
}

#[test]
fn members_command_through_their_groups_and_what_must_be_asked_for_does_not_stand() {
    let answer = answer(|builder| {
        for group in ["admins", "operators", "idle"] {
            builder.add(Identity::new(group, IdentityKind::Group));
        }
        builder.relate(Relation::new("admins", RelationKind::Administers, "shop-prod"));
        builder.relate(Relation::new("operators", RelationKind::MemberOf, "admins"));
        builder.relate(Relation::new("admins", RelationKind::MemberOf, "operators"));
        builder.relate(Relation::new("shop-dev/robot", RelationKind::MemberOf, "operators"));
        builder.relate(Relation::new("shop-dev/robot", RelationKind::MemberOf, "idle"));
        let asked = Relation::new("shop-prod/robot", RelationKind::Administers, "shop-prod");
        builder.relate(asked.guards(GuardSet::NONE.with(Guard::JustInTime)));
    });
    assert_eq!(of(&answer, "shop-dev/robot").through, ["operators"]);
    assert_eq!(of(&answer, "operators").through, ["admins"]);
    assert!(answer.identities.iter().all(|it| it.identity != "shop-prod/robot"));
    assert_eq!(answer.summary.privileged_machine_identities, 1);
}

fn broader(answer: &Privilege) -> Vec<String> {
    let rights = answer.broader_than_production.iter().flat_map(|drift| drift.broader.iter().map(move |right| (drift, right)));
    rights.map(|(drift, right)| format!("{}: {} {}", drift.entity, right.relation.kind, right.relation.to)).collect()
}

#[test]
fn a_right_without_a_match_in_production_is_drift() {
    let answer = answer(|builder| {
        builder.add(Resource { tenant: Some("shop-dev".into()), ..Resource::new("scratch", ResourceKind::ObjectStore) });
        builder.relate(Relation::new("shop-prod/robot", RelationKind::Administers, "orders-shop-prod"));
        builder.relate(Relation::new("shop-prod/robot", RelationKind::Reads, "shop-prod"));
        builder.relate(Relation::new("shop-dev/robot", RelationKind::Writes, "orders-shop-dev"));
        builder.relate(Relation::new("shop-dev/robot", RelationKind::Administers, "shop-dev"));
        builder.relate(Relation::new("shop-dev/robot", RelationKind::Reads, "scratch"));
    });
    assert_eq!(broader(&answer), ["shop-dev/robot: reads scratch", "shop-dev/robot: administers shop-dev"]);
    let drift = &answer.broader_than_production[0];
    assert_eq!(drift.twins, ["shop-prod/robot"]);
    assert_eq!((drift.broader[1].matched_over.join(" "), drift.broader[1].held), ("shop-prod".into(), Some(Right::Read)));
    assert_eq!(drift.broader[0].held, None);
}

#[test]
fn one_role_that_meets_other_things_is_no_drift() {
    let answer = answer(|builder| {
        builder.add(Resource { tenant: Some("shop-dev".into()), ..Resource::new("scratch", ResourceKind::ObjectStore) });
        let editor = |from, kind, to| Relation::new(from, kind, to).permission("roles/editor");
        builder.relate(editor("shop-prod/robot", RelationKind::Writes, "orders-shop-prod"));
        builder.relate(editor("shop-dev/robot", RelationKind::Administers, "scratch"));
    });
    assert!(broader(&answer).is_empty());
}

#[test]
fn nothing_is_said_where_nothing_is_known_of_the_twin() {
    let answer = answer(|builder| builder.relate(Relation::new("shop-dev/robot", RelationKind::Administers, "shop-dev")));
    assert!(answer.broader_than_production.is_empty());
}

#[test]
fn more_people_command_a_tenant_than_its_twin() {
    let answer = answer(|builder| {
        for group in ["developers", "operators"] {
            builder.add(Identity::new(group, IdentityKind::Group));
            builder.relate(Relation::new(group, RelationKind::Administers, "shop-dev"));
        }
        builder.relate(Relation::new("developers", RelationKind::Reads, "shop-prod"));
        builder.relate(Relation::new("operators", RelationKind::Administers, "shop-prod"));
    });
    assert_eq!(broader(&answer), ["shop-dev: administers shop-dev"]);
    let right = &answer.broader_than_production[0].broader[0];
    assert_eq!((right.relation.from.as_str(), right.held), ("developers", Some(Right::Read)));
}

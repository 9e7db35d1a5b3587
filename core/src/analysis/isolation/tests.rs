use super::*;
use crate::estate::EstateBuilder;
use crate::graph::GraphOptions;
use crate::model::{Identity, IdentityKind, Relation, RelationKind, Secret, SecretKind, Tenant, TenantKind};
use crate::observer::Unobserved;

const NOW: Instant = Instant::from_unix_seconds(1_700_000_000);

fn isolated() -> EstateBuilder {
    let mut builder = Estate::builder();
    builder.add(Tenant { environment: Some(Environment::Staging), ..Tenant::new("t-staging", TenantKind::Other) });
    builder.add(Tenant { environment: Some(Environment::Production), ..Tenant::new("t-production", TenantKind::Other) });
    for (id, tenant) in [("a", "t-staging"), ("b", "t-staging"), ("x", "t-production"), ("y", "t-production")] {
        builder.add(Identity { tenant: Some(tenant.into()), ..Identity::new(id, IdentityKind::Role) });
    }
    builder.add(Identity { environment: Some(Environment::Shared), ..Identity::new("between", IdentityKind::Role) });
    builder.add(Secret { tenant: Some("t-staging".into()), fingerprint: Some("f".into()), ..Secret::new("s", SecretKind::Token) });
    builder.relate(Relation::new("a", RelationKind::Assumes, "b"));
    builder.relate(Relation::new("b", RelationKind::Assumes, "between"));
    builder.relate(Relation::new("between", RelationKind::Assumes, "x").also("y", Right::Control));
    builder.relate(Relation::new("y", RelationKind::Uses, "s"));
    builder
}

#[test]
fn what_nobody_knows_the_side_of_is_possible_never_isolated() {
    let mut builder = isolated();
    builder.add(Identity::new("stray", IdentityKind::Role));
    let policy = Policy::default();
    let answer = ask(&builder.build(), &policy);
    assert_eq!(answer.verdict, IsolationVerdict::Isolated);
    let environments = answer.coverage.iter().find(|it| it.topic == "environments").expect("how many are known");
    assert_eq!((environments.known, environments.total), (8, 9));
    let mut builder = isolated();
    builder.add(Identity::new("stray", IdentityKind::Role));
    builder.relate(Relation::new("stray", RelationKind::Assumes, "x"));
    let answer = ask(&builder.build(), &policy);
    assert_eq!((answer.verdict, answer.certificate), (IsolationVerdict::Possible, None));
    assert_eq!((answer.flows[0].paths[0].entity.as_str(), answer.flows[0].paths[0].certainty), ("x", Certainty::Possible));
}

#[test]
fn a_side_on_which_nothing_is_known_to_stand_proves_nothing() {
    let policy = Policy::default();
    assert_eq!(ask(&Estate::builder().build(), &policy).verdict, IsolationVerdict::Possible);
    let mut builder = Estate::builder();
    builder.add(Tenant::new("t", TenantKind::Other));
    assert_eq!(ask(&builder.build(), &policy).verdict, IsolationVerdict::Possible);
    let mut builder = Estate::builder();
    builder.add(Tenant { environment: Some(Environment::Production), ..Tenant::new("t", TenantKind::Other) });
    assert_eq!(ask(&builder.build(), &policy).verdict, IsolationVerdict::Isolated);
}

fn ask(estate: &Estate, policy: &Policy) -> Isolation {
    isolation(&Graph::new(estate, GraphOptions::at(NOW)), policy, 2, &Unobserved).expect("nobody cancels")
}

#[test]
fn a_certificate_is_accepted_and_refused_after_any_change_that_opens_a_way() {
    let policy = Policy::default();
    let estate = isolated().build();
    let answer = ask(&estate, &policy);
    assert_eq!(answer.verdict, IsolationVerdict::Isolated);
    let certificate = answer.certificate.expect("isolation has a certificate");
    verify(&certificate, &estate, &policy).expect("the estate it was made for");
    let text = serde_json::to_string(&certificate).expect("a certificate is JSON");
    assert_eq!(Certificate::from_json("c.json", &text).expect("its own JSON"), certificate);
    let mut copy = Secret::new("copy", SecretKind::Token);
    (copy.fingerprint, copy.tenant) = (Some("f".into()), Some("t-production".into()));
    let changes: [&dyn Fn(&mut EstateBuilder); 4] = [
        &|builder| builder.relate(Relation::new("b", RelationKind::Reads, "x")),
        &|builder| builder.relate(Relation::new("between", RelationKind::Manages, "y").certainty(Certainty::Possible)),
        &|builder| builder.add(Identity { tenant: Some("t-staging".into()), ..Identity::new("x2", IdentityKind::Role) }),
        &|builder| builder.add(copy.clone()),
    ];
    for change in changes {
        let mut builder = isolated();
        change(&mut builder);
        let changed = builder.build();
        assert!(verify(&certificate, &changed, &policy).is_err());
        // Even where somebody writes the new hash into it.
        let forged = Certificate { estate: changed.content_hash(), ..certificate.clone() };
        assert!(verify(&forged, &changed, &policy).is_err());
    }
}

#[test]
fn every_part_of_a_certificate_is_checked() {
    let policy = Policy::default();
    let estate = isolated().build();
    let certificate = ask(&estate, &policy).certificate.expect("isolation has a certificate");
    let with = |change: &dyn Fn(&mut Certificate)| {
        let mut changed = certificate.clone();
        change(&mut changed);
        verify(&changed, &estate, &policy).is_err()
    };
    assert!(with(&|it| it.sets.clear()));
    assert!(with(&|it| it.sets[0].environments.retain(|environment| *environment != Environment::Staging)));
    assert!(with(&|it| it.sets[0].facts = "0".repeat(estate.len())));
    assert!(with(&|it| it.sets[0].facts = "7".repeat(estate.len())));
    assert!(with(&|it| it.sets[0].facts.push('0')));
    assert!(with(&|it| {
        let to = Side::Class(crate::model::EnvironmentClass::Production);
        let flow = Flow { from: it.sets[0].boundary.from, to, right: Right::Control, reason: "r".into(), owner: "o".into(), expires: None };
        it.sets[0].flows.push(flow);
    }));
}

#[test]
fn three_verdicts_and_flows_that_end() {
    let with = |relation: Relation| {
        let mut builder = isolated();
        builder.relate(relation);
        builder.build()
    };
    let reads = with(Relation::new("a", RelationKind::Reads, "x"));
    let answer = ask(&reads, &Policy::default());
    let verdicts: Vec<_> = answer.flows.iter().map(|flow| (flow.right, flow.verdict)).collect();
    use IsolationVerdict::{Broken, Isolated};
    assert_eq!(verdicts, [(Right::Control, Isolated), (Right::Read, Broken), (Right::Write, Isolated)]);
    assert_eq!(answer.flows[1].paths[0].steps.len(), 1);
    assert!(answer.certificate.is_none());
    let possible = with(Relation::new("a", RelationKind::Reads, "x").certainty(Certainty::Possible));
    assert_eq!(ask(&possible, &Policy::default()).verdict, IsolationVerdict::Possible);
    let flow = "[[flows]]\nfrom = 'staging'\nto = 'production'\nright = 'read'\nreason = 'replay'\nowner = 'orders'\n";
    let until = |end: &str| Policy::from_toml(&format!("{flow}expires = {end}\n")).expect("a policy");
    let answer = ask(&reads, &until("2024-01-01"));
    assert_eq!(answer.verdict, Isolated);
    verify(&answer.certificate.expect("isolation has a certificate"), &reads, &until("2024-01-01")).expect("the flow is allowed");
    assert_eq!(ask(&reads, &until("2023-01-01")).verdict, Broken);
}

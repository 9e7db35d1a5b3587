use super::*;
use crate::estate::EstateBuilder;
use crate::graph::GraphOptions;
use crate::model::{
    Controls, DataKind, Guard, GuardSet, Identity, IdentityKind, Instant, Relation, RelationKind, Resource, ResourceKind, Secret,
    SecretKind, Tenant, TenantKind,
};
use crate::observer::Unobserved;

/// `qa` is a test tenant with a robot and `acme-prod` production with an admin; and what else is given.
fn answer(fill: impl FnOnce(&mut EstateBuilder)) -> Classification {
    let mut builder = Estate::builder();
    for (tenant, identity) in [("qa", "robot"), ("acme-prod", "admin")] {
        builder.add(Tenant::new(tenant, TenantKind::Other));
        builder.add(Identity { tenant: Some(tenant.into()), ..Identity::new(identity, IdentityKind::ServiceAccount) });
    }
    fill(&mut builder);
    let graph = Graph::new(&builder.build(), GraphOptions::at(Instant::parse("2026-05-01").expect("a test instant")));
    classification(&graph, &Policy::default(), &Unobserved).expect("nobody cancels")
}

fn of<'a>(answer: &'a Classification, tenant: &str) -> &'a TenantClassification {
    answer.tenants.iter().find(|it| it.tenant == tenant).expect("a tenant")
}

fn evidence(fill: impl FnOnce(&mut EstateBuilder)) -> Vec<String> {
    let answer = answer(fill);
    let found = of(&answer, "qa");
    assert_eq!(found.verdict == LabelVerdict::Coupled, !found.evidence.is_empty());
    assert_eq!(of(&answer, "acme-prod").verdict, LabelVerdict::Consistent);
    found.evidence.iter().map(|it| format!("{} {} {}", it.kind, it.entity, it.production.as_deref().unwrap_or("-"))).collect()
}

fn resource(id: &str, tenant: &str, data: Option<DataKind>) -> Resource {
    Resource { tenant: Some(tenant.into()), data, ..Resource::new(id, ResourceKind::Database) }
}

fn secret(id: &str, tenant: &str, fingerprint: Option<&str>) -> Secret {
    Secret { tenant: Some(tenant.into()), fingerprint: fingerprint.map(Into::into), ..Secret::new(id, SecretKind::Token) }
}

#[test]
fn data_and_copies_of_data_are_evidence_unless_they_are_masked() {
    let found = evidence(|builder| {
        builder.add(resource("orders", "acme-prod", None));
        builder.add(resource("dump", "qa", Some(DataKind::Production)));
        builder.add(resource("clone", "qa", None));
        builder.add(resource("masked", "qa", Some(DataKind::Masked)));
        builder.add(resource("made-up", "qa", Some(DataKind::Synthetic)));
        builder.relate(Relation::new("clone", RelationKind::CopyOf, "orders").requiring(crate::model::Right::Control));
        builder.relate(Relation::new("masked", RelationKind::CopyOf, "orders").requiring(crate::model::Right::Write));
    });
    assert_eq!(found[..2], ["production_data clone orders", "production_data dump -"]);
}

#[test]
fn credentials_are_evidence_by_what_they_open_and_by_their_copies() {
    let found = evidence(|builder| {
        builder.add(secret("key", "qa", None));
        builder.add(secret("copy", "qa", Some("f")));
        builder.add(secret("original", "acme-prod", Some("f")));
        builder.add(resource("vault", "qa", None));
        builder.add(secret("loose", "acme-prod", None));
        builder.relate(Relation::new("key", RelationKind::AuthenticatesAs, "admin"));
        builder.relate(Relation::new("vault", RelationKind::Stores, "loose"));
        builder.relate(Relation::new("robot", RelationKind::Uses, "key"));
    });
    assert_eq!(
        found,
        [
            "production_credential copy original",
            "production_credential key admin",
            "production_credential vault loose",
            "production_path qa admin"
        ]
    );
}

#[test]
fn trust_and_a_way_are_evidence_and_what_is_guarded_is_not() {
    let found = evidence(|builder| {
        builder.relate(Relation::new("robot", RelationKind::FederatesTo, "admin").certainty(crate::model::Certainty::Possible));
        builder.relate(Relation::new("qa", RelationKind::TrustedBy, "acme-prod").guards(GuardSet::NONE.with(Guard::Approval)));
    });
    assert_eq!(found, ["production_trust robot admin"]);
    let answer = answer(|builder| builder.relate(Relation::new("robot", RelationKind::Reads, "acme-prod")));
    let path = &of(&answer, "qa").evidence[0];
    let steps: Vec<_> = path.path.iter().map(|step| (step.kind, step.to.as_str())).collect();
    assert_eq!(steps, [(RelationKind::Contains, "robot"), (RelationKind::Reads, "acme-prod")]);
}

#[test]
fn verdicts_come_from_labels_and_contents() {
    let answer = answer(|builder| {
        builder.add(Tenant { environment: Some(Environment::Testing), ..Tenant::new("live-shop", TenantKind::Other) });
        builder.add(Tenant::new("blue", TenantKind::Other));
        builder.add(Tenant { labels: [("env".to_owned(), "prod".to_owned())].into(), ..Tenant::new("acme-dev", TenantKind::Other) });
        builder.add(Tenant { environment: Some(Environment::Shared), ..Tenant::new("hub", TenantKind::Other) });
        for (id, tenant, environment) in [("a", "live-shop", Environment::Production), ("b", "hub", Environment::Production)] {
            builder.add(Resource { environment: Some(environment), ..resource(id, tenant, None) });
        }
    });
    let verdicts: Vec<_> = answer.tenants.iter().map(|it| format!("{} {}", it.tenant, it.verdict)).collect();
    assert_eq!(
        verdicts,
        ["acme-dev contradictory", "acme-prod consistent", "blue unlabelled", "hub consistent", "live-shop mislabelled", "qa consistent"]
    );
    let counts: Vec<_> = of(&answer, "live-shop").counts.iter().collect();
    assert_eq!(counts, [(&CouplingKind::ProductionContent, &1)]);
    assert_eq!(of(&answer, "acme-dev").claims.len(), 2);
}

#[test]
fn controls_are_held_against_the_baseline_and_the_twin_and_absence_is_unknown() {
    let with = |id: &str, controls| Tenant { controls, ..Tenant::new(id, TenantKind::EntraTenant) };
    let known = Controls { mfa_required: Some(true), audit_logging: Some(true), monitored: None, max_secret_age_days: Some(30) };
    let answer = answer(|builder| {
        builder.add(with("shop-prod", known));
        builder.add(with("shop-test", Controls { mfa_required: Some(false), max_secret_age_days: Some(60), ..Controls::default() }));
        builder.add(with("bank-test", Controls { monitored: Some(false), ..Controls::default() }));
    });
    let drift: Vec<_> = answer.control_drift.iter().map(|it| format!("{} {} {}", it.tenant, it.control, it.against)).collect();
    assert_eq!(
        drift,
        [
            "bank-test monitored baseline",
            "shop-test mfa_required baseline",
            "shop-test mfa_required twin",
            "shop-test max_secret_age_days twin"
        ]
    );
    let last = &answer.control_drift[3];
    assert_eq!((last.value, last.expected, last.twin.as_deref()), (ControlValue::Days(60), ControlValue::Days(30), Some("shop-prod")));
    assert_eq!(answer.unmonitored.iter().map(|it| it.tenant.as_str()).collect::<Vec<_>>(), ["bank-test"]);
    let monitored = answer.coverage.iter().find(|it| it.topic == "control_monitored").expect("a topic");
    assert_eq!((monitored.known, monitored.total), (1, 5));
}

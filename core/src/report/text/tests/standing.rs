//! Sharing, privilege, lifecycle and classification as text: what matters first, with names, and what is not known last.

use super::*;
use crate::estate::Changes;

const ADDED: &str = r#"{"add": {
  "tenants": [
    {"id": "acme-demo", "owner": "ann", "created_at": "2025-01-01"},
    {"id": "acme-prod", "owner": "bob", "controls": {"mfa_required": true, "max_secret_age_days": 90}},
    {"id": "acme-staging", "owner": "bob", "controls": {"mfa_required": false, "audit_logging": false}},
    {"id": "acme-test", "environment": "production"},
    {"id": "blue", "owner": "ann"}],
  "identities": [
    {"id": "connector", "kind": "third_party_integration", "vendor": "Globex"},
    {"id": "prod-robot", "name": "robot", "kind": "service_account", "tenant": "acme-prod"},
    {"id": "staging-robot", "name": "robot", "kind": "service_account", "tenant": "acme-staging", "last_used_at": "2025-05-01"}],
  "secrets": [
    {"id": "key", "kind": "access_key", "tenant": "acme-prod", "expires_at": "2026-04-01"},
    {"id": "token", "kind": "token", "tenant": "acme-staging", "fingerprint": "f"},
    {"id": "token-copy", "kind": "token", "tenant": "acme-prod", "fingerprint": "f"}],
  "resources": [{"id": "queue", "kind": "queue", "tenant": "acme-staging"}],
  "relations": [
    {"from": "acme-demo", "kind": "trusted_by", "to": "acme-prod", "granted_at": "2025-01-01", "last_used_at": "2025-06-01"},
    {"from": "acme-demo", "kind": "custom", "to": "queue", "requires": "control", "grants": "read"},
    {"from": "connector", "kind": "reads", "to": "acme-prod"},
    {"from": "connector", "kind": "reads", "to": "acme-staging"},
    {"from": "key", "kind": "authenticates_as", "to": "prod-robot"},
    {"from": "prod-robot", "kind": "reads", "to": "acme-prod"},
    {"from": "staging-robot", "kind": "administers", "to": "acme-staging", "permission": "roles/owner", "last_used_at": "2025-05-01"},
    {"from": "staging-robot", "kind": "assumes", "to": "prod-robot", "certainty": "possible"}]}}"#;

fn standing() -> Estate {
    let added = Changes::from_json("added.json", ADDED).expect("changes");
    Estate::builder().build().with_changes(&added).expect("an estate")
}

fn now() -> Instant {
    at("2026-05-01")
}

/// Lines that nothing wraps.
fn wide() -> TextOptions {
    TextOptions { width: 300, ..TextOptions::default() }
}

#[track_caller]
fn says(text: &str, expected: &[&str]) {
    for line in expected {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
}

#[test]
fn sharing_leads_with_both_sides_and_shows_a_tie_to_each() {
    let estate = standing();
    let text = sharing(&analysis::sharing(&estate, now()), &estate, now(), &wide());
    says(
        &text,
        &[
            "Sharing as of 2026-05-01T00:00:00Z\n3 things serve production and non-production: secret 1, identity 1, vendor_credential 1\n",
            "  token [token of acme-staging, staging]: production 1 (as token-copy), staging 1 (it stands there)\n",
            "  connector [third_party_integration, unknown], run by Globex: production 1 (serves acme-prod), staging 1 (serves acme-staging)\n",
            "0 things serve several environments, but not both sides\n",
        ],
    );
    assert!(!text.contains("Several environments"), "{text}");
    let none = Estate::builder().build();
    says(&sharing(&analysis::sharing(&none, now()), &none, now(), &wide()), &["nothing serves more than one environment"]);
}

#[test]
fn what_is_shared_on_one_side_is_listed_where_nothing_is_worse() {
    let mut builder = Estate::builder();
    for (tenant, robot) in [("acme-dev", "a"), ("acme-test", "b")] {
        builder.add(Tenant::new(tenant, TenantKind::Other));
        builder.add(Identity { tenant: Some(tenant.into()), ..Identity::new(robot, IdentityKind::Workload) });
        builder.relate(Relation::new("both", RelationKind::Reads, tenant));
    }
    builder.add(Identity::new("both", IdentityKind::Pipeline));
    let estate = builder.build();
    let text = sharing(&analysis::sharing(&estate, now()), &estate, now(), &wide());
    says(
        &text,
        &["0 things serve production and non-production\n", "Several environments\n  identity: both [pipeline, unknown]: testing 1"],
    );
}

#[test]
fn privilege_sums_and_then_names_who_commands_and_what_has_no_match() {
    let estate = standing();
    let text = privilege(&analysis::privilege(&estate, &Policy::default(), now()), &estate, now(), &wide());
    says(
        &text,
        &[
            "5 rights of 3 identities: 0 used, 1 not used for long, 4 of which nobody says whether they are\n",
            "machine identities that command much: 1 of 3 (33 %)\n1 identity or tenant is broader than in production\n",
            "Broader than in production\n  robot [service_account of acme-staging, staging], twin of robot [service_account of acme-prod,",
            "administers acme-staging (roles/owner), where the twin has read\n",
            "  robot [service_account of acme-staging, staging]: administers acme-staging (roles/owner)\n",
            "  365 days: robot [service_account of acme-staging, staging] administers acme-staging (roles/owner)\n",
            "grant_uses: known of 1 of 5; ",
        ],
    );
    let none = Estate::builder().build();
    let answer = analysis::privilege(&none, &Policy::default(), now());
    says(&privilege(&answer, &none, now(), &wide()), &["no living identity was granted a right"]);
}

#[test]
fn lifecycle_leads_with_what_should_be_gone() {
    let estate = standing();
    let policy = Policy::from_toml("left_owners = ['bob']").expect("a policy");
    let text = lifecycle(&analysis::lifecycle(&estate, &policy, now()), &estate, now(), &wide());
    says(
        &text,
        &[
            "tenants to be gone 1, past their end 1, owner left 2, without owner 1, not used for long 1, stale trusts 1\n",
            "  acme-demo [other, demo] made 2025-01-01, states no end; leads on: acme-demo trusted_by acme-prod",
            "  key [access_key of acme-prod, production] ended 2026-04-01, 30 days ago; key authenticates_as robot\n",
            "  acme-demo trusted_by acme-prod [demo to production]: not used for 334 days, granted 2025-01-01, never reviewed\n",
            "The owner left\n  acme-prod [other, production]: bob\n",
            "  365 days, limit 90: robot [service_account of acme-staging, staging]\n",
            "Without an owner\n  acme-test [other, production]\n",
            "identity_uses: known of 1 of 3; ",
        ],
    );
    let (gone, left) = (text.find("Tenants that should be gone"), text.find("The owner left"));
    assert!(gone < left && gone.is_some(), "{text}");
}

#[test]
fn classification_shows_verdicts_evidence_a_way_and_weak_controls() {
    let estate = standing();
    let answer = analysis::classification(&graph(&estate), &Policy::default(), &Unobserved).expect("nobody cancels");
    let text = classification(&answer, &estate, now(), &wide());
    says(
        &text,
        &[
            "5 tenants: consistent 1, coupled 2, unlabelled 1, contradictory 1\n",
            "for example token is token-copy",
            "robot assumes robot (possible)",
            "The way from acme-staging to production\n  acme-staging  [other, staging]\n    │ contains\n",
            "  acme-test [other, production] as declared; its declaration says production, its name says testing\n",
            "Without a label\n  blue [other, unknown]\n",
            "  acme-staging [other, staging]: mfa_required is off, and on in its twin acme-prod\n",
            "Nobody watches or logs\n  acme-staging [other, staging]: audit_logging off\n",
            "control_monitored: known of 0 of 5; ",
        ],
    );
    let none = Estate::builder().build();
    let answer = analysis::classification(&graph(&none), &Policy::default(), &Unobserved).expect("nobody cancels");
    says(&classification(&answer, &none, now(), &wide()), &["there is no tenant"]);
}

mod standing;

use super::*;
use crate::analysis::{self, BlastRadiusOptions, ReachOptions};
use crate::estate::Estate;
use crate::graph::{Graph, GraphOptions};
use crate::model::{Identity, IdentityKind, Instant, Relation, RelationKind, Right, Secret, SecretKind, Tenant, TenantKind};
use crate::observer::Unobserved;
use crate::policy::Policy;
use crate::rules::RULES;

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a test instant")
}

fn estate() -> Estate {
    let mut builder = Estate::builder();
    for (id, name) in [("projects/1", "acme-dev"), ("projects/2", "acme-prod")] {
        builder.add(Tenant { name: Some(name.into()), ..Tenant::new(id, TenantKind::GcpProject) });
    }
    for (id, tenant) in [("robot", "projects/1"), ("admin\u{1b}[31m", "projects/2")] {
        builder.add(Identity { tenant: Some(tenant.into()), ..Identity::new(id, IdentityKind::ServiceAccount) });
    }
    let key = Secret { created_at: Some(at("2025-01-01")), tenant: Some("projects/1".into()), ..Secret::new("key", SecretKind::AccessKey) };
    builder.add(key);
    builder.relate(Relation::new("key", RelationKind::AuthenticatesAs, "robot"));
    builder.relate(
        Relation::new("robot", RelationKind::Assumes, "admin\u{1b}[31m")
            .permission("roles/tokenCreator")
            .also("projects/1", Right::Control),
    );
    builder.build()
}

fn graph(estate: &Estate) -> Graph {
    Graph::new(estate, GraphOptions::at(at("2026-05-01")))
}

#[test]
fn a_report_says_the_numbers_the_worst_and_a_path_without_help() {
    let estate = estate();
    let answer = estate.assess(&Policy::default(), at("2026-05-01")).expect("a report");
    let text = report(&answer, &estate, &TextOptions::default());
    for expected in [
        "1 of 1 non-production tenant reaches production, each taken alone",
        "1 of 2 production entities can be held from non-production, over 1 crossing\n",
        "Secrets   1 of 1 older than their limit (100 %; published: 71 %)\n",
        "Findings  1 critical, 1 high, 1 medium\n",
        "  robot  [service_account of acme-dev, development]\n    │ assumes (roles/tokenCreator)\n    ▼ gains control\n",
        "secret_storage: known of 0 of 1",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(!text.contains('\u{1b}') && text.contains("admin\\u{1b}[31m"), "{text}");
    let wide = text.lines().filter(|line| line.chars().count() > 100).count();
    assert_eq!(wide, 0, "{text}");
    assert!(report(&answer, &estate, &TextOptions { colour: true, ..TextOptions::default() }).contains("\u{1b}[1;31m  critical\u{1b}[0m"));
}

#[test]
fn an_estate_without_findings_says_that_silence_is_no_proof() {
    let empty = Estate::builder().build();
    let answer = empty.assess(&Policy::default(), at("2026-05-01")).expect("a report");
    let text = report(&answer, &empty, &TextOptions::default());
    assert!(text.contains("No open finding\n  What is not known stands below"), "{text}");
    assert!(text.contains("Secrets   none could be judged\n") && text.contains("  unknown "), "{text}");
}

#[test]
fn each_question_answers_with_names() {
    let estate = estate();
    let graph = graph(&estate);
    let options = TextOptions::default();
    let reached = analysis::reach(&graph, &ReachOptions::default(), &Unobserved).expect("nobody cancels");
    let text = reach(&reached, &estate, &options);
    assert!(text.contains("1 entity of the target held (1 proven, 0 only possible), over 1 crossing"), "{text}");
    assert!(text.contains("robot gains control of admin\\u{1b}[31m by assumes (1 target entity from there)"), "{text}");
    let cells = analysis::tenant_matrix(&graph, &Unobserved).expect("nobody cancels");
    let text = matrix(&cells, &estate, at("2026-05-01"), &options);
    assert!(text.contains("1 non-production tenant reaches 1 production tenant\n"), "{text}");
    assert!(text.contains("acme-dev reaches acme-prod: 1 entity, at most control, the nearest after 2 hops"), "{text}");
    let lost = analysis::blast_radius(&graph, &BlastRadiusOptions::of(["projects/1"]), &Unobserved).expect("nobody cancels");
    let text = blast_radius(&lost, &estate, at("2026-05-01"), &options);
    assert!(text.starts_with("Blast radius of acme-dev as of 2026-05-01T00:00:00Z\n4 entities held"), "{text}");
    assert!(text.contains("Rotate these secrets, in this order\n") && text.ends_with("1. key\n"), "{text}");
}

#[test]
fn a_path_that_needs_two_things_shows_both() {
    let step = |from: &str, to: &str| crate::analysis::PathStep {
        from: from.into(),
        kind: RelationKind::Reads,
        to: to.into(),
        right: Right::Read,
        permission: None,
    };
    let options = TextOptions::default();
    let mut lines = lines::Lines::new(&options);
    chain::chain(&mut lines, &Estate::builder().build(), &[step("a", "b"), step("c", "d")]);
    let expected = "  a\n    │ reads\n    ▼ gains read\n  b\n  and\n  c\n    │ reads\n    ▼ gains read\n  d\n";
    assert_eq!(lines.into_text(), expected);
}

#[test]
fn rotation_shows_what_is_due_first() {
    let estate = estate();
    let answer = analysis::rotation(&estate, &Policy::default(), at("2026-05-01"));
    let text = rotation(&answer, &estate, at("2026-05-01"), &TextOptions::default());
    assert!(text.contains("1 secret: 1 of 1 judged are older than their limit (100 %)\noverdue 1\n"), "{text}");
    assert!(text.contains("overdue due 2025-04-01, 485 days old: key [access_key of acme-dev, development]"), "{text}");
    let none = Estate::builder().build();
    let answer = analysis::rotation(&none, &Policy::default(), at("2026-05-01"));
    assert!(rotation(&answer, &none, at("2026-05-01"), &TextOptions::default()).contains("there is no secret"));
}

#[test]
fn long_lists_say_what_they_hide() {
    let mut builder = Estate::builder();
    for at in 0..30 {
        builder.add(Tenant::new(format!("tenant-{at}"), TenantKind::Other));
    }
    let estate = builder.build();
    let answer = estate.assess(&Policy::default(), at("2026-05-01")).expect("a report");
    let text = report(&answer, &estate, &TextOptions::default());
    assert!(text.contains("  … and 26 more; `--format json` has all\n"), "{text}");
}

#[test]
fn every_rule_is_listed_with_what_it_answers_to() {
    let text = rules(RULES, &TextOptions::default());
    for rule in RULES {
        assert!(text.contains(&format!("{} ({})\n  {}", rule.id, rule.severity, rule.title)), "{}", rule.id);
    }
    assert!(
        text.contains("NHI8:2025: Environment Isolation\n") && text.contains("PR.AC-1: in version 2.0: PR.AA-01, PR.AA-05\n"),
        "{text}"
    );
}

//! The commands about how an estate stands, as their users meet them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

const ESTATE: &str = r#"{
  "format": "tenantgraph/1",
  "tenants": [{"id": "acme-dev", "owner": "ann"}, {"id": "acme-prod", "owner": "bob"}],
  "identities": [{"id": "robot", "kind": "service_account", "tenant": "acme-dev", "last_used_at": "2026-01-01"}],
  "secrets": [{"id": "deploy-key", "kind": "api_key", "tenant": "acme-dev"}],
  "resources": [{"id": "orders", "kind": "database", "tenant": "acme-prod"}],
  "relations": [
    {"from": "deploy-key", "kind": "authenticates_as", "to": "robot", "guards": ["mfa"]},
    {"from": "robot", "kind": "administers", "to": "acme-dev", "permission": "roles/owner"},
    {"from": "robot", "kind": "reads", "to": "orders", "guards": ["approval"]}
  ]
}"#;

/// The name of each of these commands and what it says of the estate to a person.
const SAID: [(&str, &str); 4] = [
    ("sharing", "  robot [service_account of acme-dev, development]: production 1 (serves orders), development"),
    ("privilege", "  robot [service_account of acme-dev, development]: administers acme-dev (roles/owner)\n"),
    ("lifecycle", "  120 days, limit 90: robot [service_account of acme-dev, development]\n"),
    ("classification", "2 tenants: consistent 2\n"),
];

/// Runs the command in a folder of its own that holds the estate and a policy.
fn run(test: &str, arguments: &str) -> (Option<i32>, String, String) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("standing").join(test);
    fs::create_dir_all(&folder).expect("a folder for the test");
    fs::write(folder.join("estate.json"), ESTATE).expect("a file for the test");
    fs::write(folder.join("policy.toml"), "left_owners = [\"bob\"]\n").expect("a file for the test");
    let command = Command::new(env!("CARGO_BIN_EXE_tenantgraph")).args(arguments.split(' ')).current_dir(folder).output();
    let Output { status, stdout, stderr } = command.expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn each_answers_a_person_and_is_the_same_every_time_as_json() {
    for (question, said) in SAID {
        let (code, out, err) = run(question, &format!("{question} estate.json --as-of 2026-05-01"));
        assert_eq!(code, Some(0), "{err}");
        assert!(out.contains(said), "{said:?} is not in\n{out}");
        let json = run(question, &format!("{question} estate.json --as-of 2026-05-01 --format json"));
        let parsed: serde_json::Value = serde_json::from_str(&json.1).expect("JSON");
        assert!(parsed.is_array() == (question == "sharing"), "{}", json.1);
        assert_eq!(run(question, &format!("{question} estate.json --as-of 2026-05-01 --format json")), json);
    }
}

#[test]
fn guards_are_for_the_question_that_follows_relations() {
    let (code, out, _) = run("guards", "classification estate.json --as-of 2026-05-01 --ignore-guards approval");
    assert_eq!(code, Some(0));
    assert!(out.contains("2 tenants: consistent 1, coupled 1\n") && out.contains("The way from acme-dev to production\n"), "{out}");
    let (code, out, err) = run("guards", "sharing estate.json --ignore-guards approval");
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: "), "{err}");
}

#[test]
fn a_policy_decides_who_left() {
    let (_, out, _) = run("policy", "lifecycle estate.json --as-of 2026-05-01 --policy policy.toml");
    assert!(out.contains("The owner left\n  acme-prod [other, production]: bob\n"), "{out}");
    let (_, out, _) = run("policy", "lifecycle estate.json --as-of 2026-05-01");
    assert!(!out.contains("The owner left"), "{out}");
}

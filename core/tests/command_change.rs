//! The commands about cuts, isolation and change, as their users meet them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

const TENANTS: &str = r#""tenants": [{"id": "acme-dev"}, {"id": "acme-prod"}],
  "identities": [{"id": "robot", "tenant": "acme-dev"}],
  "resources": [{"id": "orders", "kind": "database", "tenant": "acme-prod"}]"#;

/// A folder of its own with an isolated estate, one that is not, changes and nothing else.
fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("change").join(test);
    fs::create_dir_all(&folder).expect("a folder for the test");
    let write = |name: &str, content: String| fs::write(folder.join(name), content).expect("a file for the test");
    let relation = r#"{"from": "robot", "kind": "reads", "to": "orders"}"#;
    write("isolated.json", format!(r#"{{"format": "tenantgraph/1", {TENANTS}}}"#));
    write("open.json", format!(r#"{{"format": "tenantgraph/1", {TENANTS}, "relations": [{relation}]}}"#));
    write("opens.json", format!(r#"{{"add": {{"relations": [{relation}]}}}}"#));
    let member = r#""project": "acme-prod", "role": "roles/editor", "member": "serviceAccount:ci@acme-dev.iam.gserviceaccount.com""#;
    let granted = format!(
        r#"{{"address": "google_project_iam_member.m", "mode": "managed", "type": "google_project_iam_member", "values": {{{member}}}}}"#
    );
    let plan = format!(
        r#"{{"format_version": "1.1", "terraform_version": "1.5.0", "planned_values": {{"root_module": {{"resources": [{granted}]}}}}, "resource_changes": []}}"#
    );
    let member = "\"serviceAccount:ci@acme-dev.iam.gserviceaccount.com\"";
    let change = r#"{"address": "google_project_iam_member.m", "mode": "managed", "type": "google_project_iam_member",
      "change": {"actions": ["create"], "after": {"project": "acme-prod", "role": "roles/editor"}, "after_unknown": {"member": true}}}"#;
    write("open-plan.json", plan.replace(&format!(", \"member\": {member}"), "").replace("[]", &format!("[{change}]")));
    write("plan.json", plan);
    write("state.json", r#"{"format_version": "1.0", "values": {"root_module": {}}}"#.to_owned());
    write("cut.json", r#"{"format_version": "1.1", "planned_val"#.to_owned());
    write(
        "projects.json",
        r#"{"format": "tenantgraph/1", "tenants": [{"id": "projects/acme-dev"}, {"id": "projects/acme-prod"}]}"#.to_owned(),
    );
    write("closes.json", format!(r#"{{"remove": {{"relations": [{relation}]}}}}"#));
    folder
}

fn run(test: &str, arguments: &str) -> (Option<i32>, String, String) {
    let command = Command::new(env!("CARGO_BIN_EXE_tenantgraph")).args(arguments.split(' ')).current_dir(folder(test)).output();
    let Output { status, stdout, stderr } = command.expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn cuts_say_what_to_end_and_which_ways_are_meant() {
    let (code, out, _) = run("cuts", "cuts open.json --as-of 2026-05-01");
    assert_eq!(code, Some(0));
    assert!(out.contains("1 change cuts every proven way to the target at a cost of 1; no cheaper cut exists"), "{out}");
    assert!(out.contains("take from `robot` the grant over `orders` (cost 1)"), "{out}");
}

#[test]
fn isolation_fails_on_the_verdict_that_is_asked_for() {
    assert_eq!(run("isolation", "isolation open.json --as-of 2026-05-01").0, Some(0));
    assert_eq!(run("isolation", "isolation open.json --as-of 2026-05-01 --fail-on possible").0, Some(1));
    assert_eq!(run("isolation", "isolation isolated.json --as-of 2026-05-01 --fail-on possible").0, Some(0));
}

#[test]
fn a_certificate_is_accepted_for_its_estate_and_refused_for_another() {
    let written = run("verify", "isolation isolated.json --as-of 2026-05-01 --format json --output certificate.json");
    assert_eq!(written.0, Some(0), "{}", written.2);
    let (code, out, _) = run("verify", "verify certificate.json isolated.json");
    assert_eq!((code, out.as_str()), (Some(0), "accepted: nothing crosses the boundaries of the policy\n"));
    let (code, _, err) = run("verify", "verify certificate.json open.json");
    assert_eq!(code, Some(2));
    assert!(err.contains("error: certificate.json: the certificate is refused"), "{err}");
    let (code, _, err) = run("verify", "verify open.json open.json");
    assert!(code == Some(2) && err.contains("holds no certificate"), "{err}");
}

#[test]
fn what_if_and_diff_stop_a_pipeline_where_something_new_comes() {
    let gate = "--as-of 2026-05-01 --fail-on new";
    let (code, out, _) = run("gate", &format!("what-if isolated.json --changes opens.json {gate}"));
    assert_eq!(code, Some(1));
    assert!(out.contains("robot gains read of orders by reads"), "{out}");
    assert_eq!(run("gate", &format!("what-if open.json --changes closes.json {gate}")).0, Some(0));
    assert_eq!(run("gate", &format!("diff open.json --before isolated.json {gate}")).0, Some(1));
    let (code, out, _) = run("gate", &format!("what-if projects.json --plan plan.json {gate}"));
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("ci@acme-dev.iam.gserviceaccount.com"), "{out}");
    // Whom it grants production to is known only after it is applied: that opens no gate either.
    let (code, out, _) = run("gate", &format!("what-if projects.json --plan open-plan.json {gate}"));
    assert_eq!(code, Some(1), "{out}");
    let whom = "group:terraform://open-plan.json#google_project_iam_member.m.member";
    assert!(out.contains("Known only after it is applied, so not known to be safe") && out.contains(whom), "{out}");
    assert!(out.contains("may gain control of"), "{out}");
    // A plan that was cut, or is none, opens no gate.
    for file in ["state.json", "cut.json", "projects.json"] {
        assert_eq!(run("gate", &format!("what-if projects.json --plan {file} {gate}")).0, Some(2), "{file}");
    }
    assert_eq!(run("gate", "what-if projects.json --plan plan.json --changes opens.json --as-of 2026-05-01").0, Some(2));
    assert_eq!(run("gate", &format!("diff isolated.json --before open.json {gate}")).0, Some(0));
}

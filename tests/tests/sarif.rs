//! SARIF is held against the schema of the standard, which the crate `serde-sarif` carries: no copy of it stands in this repository.

use serde_json::Value;
use std::path::PathBuf;
use tenantgraph::model::{Certainty, Instant, Relation, RelationKind, Tenant, TenantKind};
use tenantgraph::policy::Policy;
use tenantgraph::report::sarif::to_sarif;
use tenantgraph::{Estate, rules::RULES};
use tenantgraph_tests::corpus::scenarios;

/// The schema of SARIF 2.1.0. The compiler notes beside this test which files it built the crate from; the schema stands among them.
fn schema() -> Value {
    let built = std::env::current_exe().expect("this test").parent().expect("its folder").to_owned();
    let notes = std::fs::read_dir(built).expect("the folder of this test").map(|entry| entry.expect("an entry").path());
    let notes = notes.filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("serde_sarif-") && name.ends_with(".d")
    });
    let sources = notes.flat_map(|note| {
        let text = std::fs::read_to_string(note).expect("a note of the compiler");
        // One file a line, followed by a colon; a space in a path is escaped.
        text.lines().filter_map(|line| Some(PathBuf::from(line.strip_suffix("src/lib.rs:")?.replace("\\ ", " ")))).collect::<Vec<_>>()
    });
    let path =
        sources.map(|folder| folder.join("src/schema.json")).find(|path| path.exists()).expect("the schema in the source of the crate");
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("JSON");
    // The pattern of the standard for a language has a bracket too many; we write no language.
    for holder in ["run", "toolComponent"] {
        schema["definitions"][holder]["properties"]["language"]["pattern"] = "".into();
    }
    assert!(schema["title"].as_str().is_some_and(|title| title.contains("SARIF") && title.contains("2.1.0")), "{}", schema["title"]);
    schema
}

/// An estate and a policy with findings of many kinds: proven and possible paths, waivers of both kinds, odd names.
fn everything() -> (Estate, Policy) {
    let mut builder = Estate::builder();
    for id in ["acme-prod", "acme-dev", "globex", "test-prod"] {
        builder.add(Tenant::new(id, TenantKind::AwsAccount));
    }
    builder.relate(Relation::new("acme-dev", RelationKind::TrustedBy, "acme-prod"));
    builder
        .relate(Relation::new("robot [ns/{x}]", RelationKind::Reads, "acme-prod").certainty(Certainty::Possible).permission("role\u{7}"));
    builder.relate(Relation::new("acme-dev", RelationKind::Contains, "robot [ns/{x}]"));
    let policy = r#"
        flows = [{ from = "non_production", to = "production", right = "control", reason = "replay", owner = "data" }]
        [[exceptions]]
        rule = "unlabelled-tenant"
        subject = "glob*"
        reason = "new"
        owner = "ops"
        [[exceptions]]
        rule = "rotation-overdue"
        subject = "*"
        reason = "old"
        owner = "ops"
        expires = 2020-01-01
    "#;
    (builder.build(), Policy::from_toml(policy).expect("a policy"))
}

#[test]
fn every_report_of_the_corpus_is_sarif() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let as_of = Instant::parse("2026-05-01").expect("an instant");
    let mut estates = vec![everything()];
    estates.extend(scenarios().iter().filter_map(|scenario| Some((scenario.read(&scenario.inputs()).ok()?, Policy::default()))));
    let (mut results, mut suppressed, mut flows) = (0, 0, 0);
    for (estate, policy) in estates {
        let report = estate.assess(&policy, as_of).expect("a report");
        let log: Value = serde_json::from_str(&to_sarif(&report).expect("SARIF")).expect("JSON");
        let faults: Vec<_> = validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(faults.is_empty(), "{faults:#?}");
        let found = log["runs"][0]["results"].as_array().expect("results");
        results += found.len();
        suppressed += found.iter().filter(|result| result["suppressions"][0].is_object()).count();
        flows += found.iter().filter(|result| result["codeFlows"][0].is_object()).count();
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(RULES.len()));
    }
    assert!(results > 10 && suppressed >= 2 && flows > 2, "{results} results, {suppressed} suppressed, {flows} with a path");
}

#[test]
fn the_schema_refuses_what_is_no_sarif() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let (estate, policy) = everything();
    let report = estate.assess(&policy, Instant::parse("2026-05-01").expect("an instant")).expect("a report");
    let log: Value = serde_json::from_str(&to_sarif(&report).expect("SARIF")).expect("JSON");
    assert!(validator.is_valid(&log));
    let broken = |change: fn(&mut Value)| {
        let mut log = log.clone();
        change(&mut log);
        !validator.is_valid(&log)
    };
    assert!(broken(|log| log["runs"][0]["results"][0]["level"] = "bad".into()));
    assert!(broken(|log| log["runs"][0]["results"][0]["message"] = Value::Null));
    assert!(broken(|log| log["runs"][0]["own"] = 1.into()));
}

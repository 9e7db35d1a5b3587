//! What is written for BloodHound: it is read back as the same estate, and what the official schema asks for holds; with real data at hand, by that schema itself.

use proptest::prelude::*;
use serde_json::Value;
use std::path::PathBuf;
use tenantgraph::door;
use tenantgraph::report::opengraph::{to_extension, to_opengraph};
use tenantgraph::{Estate, Input, ReadOptions, Unobserved};
use tenantgraph_tests::estates::{config, estates};
use tenantgraph_tests::house::root;

fn read(inputs: &[Input]) -> Estate {
    tenantgraph::read(inputs, &ReadOptions::default()).expect("good inputs")
}

fn example(name: &str) -> Estate {
    let folder = root().join("tests/data").join(name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "ndjson"));
    files.sort();
    let input = |path: &PathBuf| Input::new(path.to_string_lossy(), std::fs::read(path).expect("a file"));
    read(&files.iter().map(input).collect::<Vec<_>>())
}

/// What the schema of BloodHound asks for, in our words: its own text is not ours to keep.
fn is_accepted(file: &Value) -> Result<(), String> {
    let known =
        |value: &Value, keys: &[&str]| value.as_object().is_some_and(|object| object.keys().all(|key| keys.contains(&key.as_str())));
    let properties = |value: &Value| match value {
        Value::Null => true,
        Value::Object(properties) => properties.iter().all(|(key, value)| {
            key != "objectid"
                && match value {
                    Value::String(_) | Value::Number(_) | Value::Bool(_) => true,
                    Value::Array(values) => {
                        values.iter().all(Value::is_string) || values.iter().all(Value::is_number) || values.iter().all(Value::is_boolean)
                    }
                    _ => false,
                }
        }),
        _ => false,
    };
    let refused = |what: &str, value: &Value| Err(format!("{what}: {value}"));
    if !known(file, &["$schema", "metadata", "graph"])
        || !known(&file["metadata"], &["source_kind"])
        || !known(&file["graph"], &["nodes", "edges"])
    {
        return refused("the frame", &file["metadata"]);
    }
    for node in file["graph"]["nodes"].as_array().ok_or("no nodes")? {
        let kinds = node["kinds"].as_array().is_some_and(|kinds| (1..=3).contains(&kinds.len()) && kinds.iter().all(Value::is_string));
        if !node["id"].is_string() || !kinds || !properties(&node["properties"]) {
            return refused("a node", node);
        }
    }
    for edge in file["graph"]["edges"].as_array().ok_or("no edges")? {
        let kind =
            edge["kind"].as_str().is_some_and(|kind| !kind.is_empty() && kind.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_'));
        let end = |end: &Value| known(end, &["match_by", "value", "kind"]) && end["match_by"] == "id" && end["value"].is_string();
        if !kind || !end(&edge["start"]) || !end(&edge["end"]) || !properties(&edge["properties"]) {
            return refused("an edge", edge);
        }
    }
    Ok(())
}

#[test]
fn any_estate_is_read_back_and_accepted() {
    proptest!(config(200, 13), |(random in estates(12, 24))| {
        let estate = random.build();
        let text = to_opengraph(&estate).expect("a graph");
        prop_assert_eq!(is_accepted(&serde_json::from_str(&text).expect("JSON")), Ok(()));
        let again = read(&[Input::new("graph.json", text).format("bloodhound")]);
        prop_assert_eq!(again.to_document_ndjson(), estate.to_document_ndjson());
        prop_assert!(again.reading().skipped.is_empty(), "{:?}", again.reading().skipped);
    });
}

#[test]
fn no_id_holds_a_colon_and_ids_stay_apart() {
    let estate = example("acme");
    let file: Value = serde_json::from_str(&to_opengraph(&estate).expect("a graph")).expect("JSON");
    let ids: Vec<&str> = file["graph"]["nodes"].as_array().expect("nodes").iter().filter_map(|node| node["id"].as_str()).collect();
    assert!(ids.len() == estate.len() && ids.iter().all(|id| !id.contains(':')));
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
}

#[test]
fn paths_of_answers_are_accepted() {
    let estate = example("acme");
    for question in ["assess", "reach", "matrix"] {
        let options = door::options(r#"{"as_of": "2026-05-01"}"#).expect("options");
        let answer = door::ask(&estate, question, options, &Unobserved).expect("an answer");
        let file: Value = serde_json::from_str(&answer.to_opengraph(&estate).expect("paths")).expect("JSON");
        assert_eq!(is_accepted(&file), Ok(()), "{question}");
        let edges = file["graph"]["edges"].as_array().expect("edges");
        assert!(edges.len() > 1 && edges.iter().all(|edge| edge["properties"]["path_steps"].is_array()), "{question}");
    }
    let options = door::options(r#"{"as_of": "2026-05-01"}"#).expect("options");
    let answer = door::ask(&estate, "rotation", options, &Unobserved).expect("an answer");
    assert!(answer.to_opengraph(&estate).is_err());
}

#[test]
fn every_kind_that_is_written_is_defined() {
    let definition: Value = serde_json::from_str(&to_extension().expect("a definition")).expect("JSON");
    let names = |list: &str| -> Vec<String> {
        let kinds = definition[list].as_array().expect("kinds");
        kinds.iter().map(|kind| kind["name"].as_str().expect("a name").to_owned()).collect()
    };
    let (nodes, edges) = (names("node_kinds"), names("relationship_kinds"));
    let file: Value = serde_json::from_str(&to_opengraph(&example("acme")).expect("a graph")).expect("JSON");
    for node in file["graph"]["nodes"].as_array().expect("nodes") {
        assert!(node["kinds"].as_array().expect("kinds").iter().all(|kind| nodes.iter().any(|name| kind == name.as_str())), "{node}");
    }
    for edge in file["graph"]["edges"].as_array().expect("edges") {
        assert!(edges.iter().any(|name| edge["kind"] == name.as_str()), "{edge}");
    }
}

#[test]
fn the_official_schemas_accept_it() {
    let Some(folder) = std::env::var_os("TENANTGRAPH_REAL_DATA").map(|folder| PathBuf::from(folder).join("bloodhound")) else {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose bloodhound/ holds the official schemas");
        return;
    };
    let schema = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap_or_else(|_| panic!("{name} can be read"));
        let mut schema: Value = serde_json::from_str(&text).expect("a schema");
        // One of them names the draft by an address that nobody registered.
        schema.as_object_mut().map(|schema| schema.remove("$schema"));
        jsonschema::validator_for(&schema).expect("a schema")
    };
    let whole = schema("EntraAuthPolicyHound__bloodhound-opengraph.schema.json");
    let (node, edge) = (schema("bloodhound-docs__opengraph-node.json"), schema("bloodhound-docs__opengraph-edge.json"));
    let estate = example("acme");
    let options = door::options(r#"{"as_of": "2026-05-01"}"#).expect("options");
    let paths = door::ask(&estate, "reach", options, &Unobserved).and_then(|answer| answer.to_opengraph(&estate)).expect("paths");
    for text in [to_opengraph(&estate).expect("a graph"), to_opengraph(&example("aws")).expect("a graph"), paths] {
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let faults: Vec<String> = whole.iter_errors(&file).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
        for (list, schema) in [("nodes", &node), ("edges", &edge)] {
            for element in file["graph"][list].as_array().expect("a list") {
                assert!(schema.is_valid(element), "{element}");
            }
        }
    }
}

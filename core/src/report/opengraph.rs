//! BloodHound OpenGraph: an estate, or the paths of an answer, as nodes and edges; and the definition of the kinds that are used.
//!
//! A node and an edge hold their record of this library (`tg_record`), so that reading gives the same estate back. BloodHound follows an edge whatever it
//! gives: an edge is marked `traversable` where what it grants is enough for every edge that goes on from there, so that no path is shown that does not exist. What needs several things, is guarded, or gives too little
//! for what follows is not; the paths of an answer are exact.

mod edge;
mod extension;
mod node;

pub use extension::to_extension;

use crate::analysis::PathStep;
use crate::error::Result;
use crate::estate::{EntityIndex, Estate};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The kind of source that the files name.
const SOURCE_KIND: &str = "TenantGraph";

#[derive(Serialize)]
struct File {
    metadata: Metadata,
    graph: Body,
}

#[derive(Serialize)]
struct Metadata {
    source_kind: &'static str,
}

#[derive(Serialize)]
struct Body {
    nodes: Vec<node::Node>,
    edges: Vec<edge::Edge>,
}

/// The properties of a node or an edge: texts, numbers, flags and lists of texts, never null.
type Properties = Map<String, Value>;

/// An estate: every entity, every relation, and what is derived from them. Costs the estate.
///
/// # Errors
/// As [`super::json::to_json`].
pub fn to_opengraph(estate: &Estate) -> Result<String> {
    let needed = edge::needed(estate);
    let mut edges: Vec<edge::Edge> = estate.relations().map(|relation| edge::Edge::of(estate, &relation, &needed)).collect();
    edges.extend(edge::contained(estate, &needed));
    edges.extend(edge::same(estate));
    let nodes = estate.indices().map(|index| node::Node::of(estate, index)).collect();
    written(nodes, edges)
}

/// Paths of an answer: the entities on them, and their hops, each with the numbers of the path and of the hop.
///
/// # Errors
/// As [`super::json::to_json`].
pub fn paths_to_opengraph(paths: &[&[PathStep]], estate: &Estate) -> Result<String> {
    let mut on: BTreeSet<EntityIndex> = BTreeSet::new();
    let mut hops: BTreeMap<(&str, &str, &str), (&PathStep, Vec<String>)> = BTreeMap::new();
    for (path, steps) in paths.iter().enumerate() {
        for (at, step) in steps.iter().enumerate() {
            on.extend([estate.find(&step.from), estate.find(&step.to)].into_iter().flatten());
            let hop = hops.entry((&step.from, step.kind.as_str(), &step.to)).or_insert((step, Vec::new()));
            hop.1.push(format!("{}:{}", path + 1, at + 1));
        }
    }
    let edges = hops.into_values().map(|(step, places)| edge::Edge::of_step(step, places)).collect();
    written(on.into_iter().map(|index| node::Node::of(estate, index)).collect(), edges)
}

fn written(nodes: Vec<node::Node>, edges: Vec<edge::Edge>) -> Result<String> {
    super::json::to_json(&File { metadata: Metadata { source_kind: SOURCE_KIND }, graph: Body { nodes, edges } })
}

/// An id as it stands in a graph: BloodHound's search takes a `:` for its own, so that everything but letters, digits and `-._~/@` is written as `%XX`.
fn encoded(id: &str) -> String {
    let mut text = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/@".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// A word as the name of a kind: `service_account` is `TG_ServiceAccount`.
fn kind(word: &str) -> String {
    let mut text = String::from("TG_");
    for part in word.split('_') {
        let mut letters = part.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, ReadOptions, read};

    const ESTATE: &str = r#"{"format":"tenantgraph/1","tenants":[{"id":"aws:1","name":"till-prod","labels":{"a=b":"c"}}],
        "identities":[{"id":"ci"},{"id":"role","tenant":"aws:1"}],
        "secrets":[{"id":"k1","fingerprint":"f"},{"id":"k2","fingerprint":"f"}],
        "resources":[{"id":"runner","kind":"runner"},{"id":"bucket","kind":"object_store","tenant":"aws:1"}],
        "relations":[{"from":"ci","kind":"reads","to":"runner"},{"from":"ci","kind":"runs_on","to":"runner"},{"from":"runner","kind":"runs_as","to":"role"},
        {"from":"role","kind":"reads","to":"bucket"},{"from":"k1","kind":"authenticates_as","to":"ci","guards":["mfa"]},{"from":"ci","kind":"unmapped","to":"lost"}]}"#;

    fn estate() -> Estate {
        read(&[Input::new("x.json", ESTATE)], &ReadOptions::default()).expect("an estate")
    }

    #[test]
    fn an_edge_is_traversable_where_no_path_is_invented() {
        let text = to_opengraph(&estate()).expect("a graph");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let edges = file["graph"]["edges"].as_array().expect("edges");
        let short = |edge: &Value| {
            let flag = edge["properties"]["traversable"].as_bool().expect("a flag");
            let word = |value: &Value| value.as_str().expect("a text").to_owned();
            format!("{} {} {} {flag}", word(&edge["start"]["value"]), word(&edge["kind"]), word(&edge["end"]["value"]))
        };
        let found: Vec<String> = edges.iter().map(short).collect();
        assert_eq!(
            found,
            [
                "ci TG_Reads runner false",
                "ci TG_RunsOn runner true",
                "ci TG_Unmapped lost false",
                "k1 TG_AuthenticatesAs ci false",
                "role TG_Reads bucket true",
                "runner TG_RunsAs role true",
                "aws%3A1 TG_Contains bucket true",
                "aws%3A1 TG_Contains role true",
                "k1 TG_SameSecret k2 true",
                "k2 TG_SameSecret k1 true",
            ]
        );
        assert_eq!(file["metadata"]["source_kind"], "TenantGraph");
        let node = &file["graph"]["nodes"][0];
        assert_eq!((&node["id"], &node["kinds"][0], &node["kinds"][1]), (&"aws%3A1".into(), &"TG_Other".into(), &"TG_Tenant".into()));
        assert_eq!(node["properties"]["environment"], "production");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let estate = estate();
        let again = read(&[Input::new("graph.json", to_opengraph(&estate).expect("a graph"))], &ReadOptions::default()).expect("an estate");
        assert_eq!(again.to_document_ndjson(), estate.to_document_ndjson());
        assert_eq!(again.reading().placeholders, estate.reading().placeholders);
        assert!(again.reading().skipped.is_empty());
    }

    #[test]
    fn paths_hold_only_what_is_on_them() {
        let estate = estate();
        let step = |from: &str, kind, to: &str| PathStep {
            from: from.into(),
            kind,
            to: to.into(),
            right: crate::model::Right::Control,
            permission: Some("x".into()),
        };
        use crate::model::RelationKind::{RunsAs, RunsOn};
        let (first, second) = ([step("ci", RunsOn, "runner"), step("runner", RunsAs, "role")], [step("runner", RunsAs, "role")]);
        let text = paths_to_opengraph(&[&first, &second], &estate).expect("a graph");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(file["graph"]["nodes"].as_array().map(Vec::len), Some(3));
        assert_eq!(file["graph"]["edges"][1]["properties"]["path_steps"], serde_json::json!(["1:2", "2:1"]));
    }
}

//! The definition of the kinds that the files use, for BloodHound to show and to follow.

use super::{SOURCE_KIND, kind};
use crate::error::Result;
use crate::model::{EntityType, IdentityKind, RELATION_TABLE, RelationKind, ResourceKind, SecretKind, TenantKind};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Extension {
    schema: Schema,
    node_kinds: Vec<NodeKind>,
    relationship_kinds: Vec<RelationshipKind>,
    environments: Vec<Environment>,
    relationship_findings: [(); 0],
}

#[derive(Serialize)]
struct Schema {
    name: &'static str,
    display_name: &'static str,
    version: String,
    namespace: &'static str,
}

#[derive(Serialize)]
struct NodeKind {
    name: String,
    display_name: String,
    description: String,
    is_display_kind: bool,
    icon: &'static str,
    color: &'static str,
}

#[derive(Serialize)]
struct RelationshipKind {
    name: String,
    description: String,
    is_traversable: bool,
}

#[derive(Serialize)]
struct Environment {
    environment_kind: String,
    source_kind: &'static str,
    principal_kinds: Vec<String>,
}

/// The definition of the extension: every kind of node with its icon, and every kind of edge with whether it conducts.
///
/// # Errors
/// As [`crate::report::json::to_json`].
pub fn to_extension() -> Result<String> {
    let mut kinds: BTreeMap<String, NodeKind> = BTreeMap::new();
    let of_types: [(EntityType, Vec<&str>, &str, &str); 5] = [
        (EntityType::Tenant, TenantKind::ALL.iter().map(|kind| kind.as_str()).collect(), "building", "#6C8EBF"),
        (EntityType::Identity, IdentityKind::ALL.iter().map(|kind| kind.as_str()).collect(), "user-gear", "#82B366"),
        (EntityType::Secret, SecretKind::ALL.iter().map(|kind| kind.as_str()).collect(), "key", "#D6B656"),
        (EntityType::Resource, ResourceKind::ALL.iter().map(|kind| kind.as_str()).collect(), "box-archive", "#9673A6"),
        (EntityType::Unknown, vec![], "question", "#999999"),
    ];
    for (entity, words, icon, color) in of_types {
        let own = entity.as_str();
        for word in words.into_iter().chain([own]) {
            let name = kind(word);
            kinds.entry(name.clone()).or_insert_with(|| NodeKind {
                display_name: word.replace('_', " "),
                description: format!("a {own} of kind {word}"),
                is_display_kind: word != own,
                icon,
                color,
                name,
            });
        }
    }
    let relationship = |row: &crate::model::RelationRow| RelationshipKind {
        name: kind(row.kind.as_str()),
        description: format!("whoever holds {} can gain {}", row.from.as_str(), row.to.as_str()),
        is_traversable: row.kind != RelationKind::Unmapped,
    };
    super::super::json::to_json(&Extension {
        schema: Schema {
            name: SOURCE_KIND,
            display_name: "tenantgraph",
            version: format!("v{}", env!("CARGO_PKG_VERSION")),
            namespace: "TG",
        },
        node_kinds: kinds.into_values().collect(),
        relationship_kinds: RELATION_TABLE.iter().map(relationship).collect(),
        environments: vec![Environment {
            environment_kind: kind(EntityType::Tenant.as_str()),
            source_kind: SOURCE_KIND,
            principal_kinds: vec![kind(EntityType::Identity.as_str())],
        }],
        relationship_findings: [],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_defined_once_and_all_but_one_conduct() {
        let text = to_extension().expect("a definition");
        let file: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let names: Vec<&str> = file["node_kinds"].as_array().expect("kinds").iter().filter_map(|kind| kind["name"].as_str()).collect();
        assert!(names.contains(&"TG_ServiceAccount") && names.contains(&"TG_Tenant") && names.windows(2).all(|pair| pair[0] < pair[1]));
        let edges = file["relationship_kinds"].as_array().expect("kinds");
        assert_eq!(
            (edges.len(), edges.iter().filter(|kind| kind["is_traversable"] == true).count()),
            (RELATION_TABLE.len(), RELATION_TABLE.len() - 1)
        );
    }
}

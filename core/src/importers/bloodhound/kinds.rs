//! What kinds of nodes and edges are, by the tables.

use crate::model::{Certainty, EntityType, IdentityKind, RelationKind, ResourceKind, Right, SecretKind, TenantKind};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a node of a kind is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Tenant(TenantKind),
    Identity(IdentityKind),
    Secret(SecretKind),
    Resource(ResourceKind),
}

/// What an edge of a kind gives; no right where it conducts nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EdgeKind {
    pub relation: RelationKind,
    pub requires: Option<Right>,
    pub grants: Option<Right>,
    pub certainty: Certainty,
}

static NODES: LazyLock<HashMap<&'static str, NodeKind>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/bloodhound_nodes.csv").lines().skip(1);
    let row = |line: &'static str| {
        let mut cells = line.splitn(4, ',');
        let (kind, entity, word) = (cells.next()?, cells.next()?, cells.next()?);
        Some((kind, node_of(entity, word)?))
    };
    rows.filter_map(row).collect()
});

static EDGES: LazyLock<HashMap<&'static str, EdgeKind>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/bloodhound_edges.csv").lines().skip(1);
    let row = |line: &'static str| {
        let mut cells = line.splitn(6, ',');
        let (kind, relation) = (cells.next()?, RelationKind::parse(cells.next()?)?);
        let (requires, grants) = (Right::parse(cells.next()?), Right::parse(cells.next()?));
        Some((kind, EdgeKind { relation, requires, grants, certainty: Certainty::parse(cells.next()?)? }))
    };
    rows.filter_map(row).collect()
});

fn node_of(entity: &str, word: &str) -> Option<NodeKind> {
    Some(match entity {
        "tenant" => NodeKind::Tenant(TenantKind::parse(word)?),
        "identity" => NodeKind::Identity(IdentityKind::parse(word)?),
        "secret" => NodeKind::Secret(SecretKind::parse(word)?),
        "resource" => NodeKind::Resource(ResourceKind::parse(word)?),
        _ => return None,
    })
}

/// What the first known of the kinds of a node says that it is.
pub(super) fn node(kinds: &[String]) -> Option<NodeKind> {
    kinds.iter().find_map(|kind| NODES.get(kind.as_str()).copied())
}

/// What a kind of edge gives.
pub(super) fn edge(kind: &str) -> Option<EdgeKind> {
    EDGES.get(kind).copied()
}

impl NodeKind {
    /// What the node becomes.
    pub fn entity_type(self) -> EntityType {
        match self {
            NodeKind::Tenant(_) => EntityType::Tenant,
            NodeKind::Identity(_) => EntityType::Identity,
            NodeKind::Secret(_) => EntityType::Secret,
            NodeKind::Resource(_) => EntityType::Resource,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_is_read() {
        let rows = |text: &str| text.lines().skip(1).filter(|row| !row.is_empty()).count();
        assert_eq!(NODES.len(), rows(include_str!("../../../data/bloodhound_nodes.csv")));
        assert_eq!(EDGES.len(), rows(include_str!("../../../data/bloodhound_edges.csv")));
        assert_eq!(node(&["Base".into(), "User".into()]), Some(NodeKind::Identity(IdentityKind::Human)));
        let unmapped = edge("GetChanges").expect("a row");
        assert_eq!((unmapped.relation, unmapped.grants), (RelationKind::Unmapped, None));
    }

    #[test]
    fn what_conducts_states_its_rights() {
        for (kind, edge) in EDGES.iter() {
            assert_eq!(edge.grants.is_none(), edge.relation == RelationKind::Unmapped, "{kind}");
            assert!(edge.requires.is_some(), "{kind}");
        }
    }
}

//! A graph with some of its edges taken out: how a cut is tried.

use super::compile::{Edge, Graph};
use super::network::Label;
use crate::estate::EntityIndex;
use crate::model::RelationKind;
use std::collections::HashSet;

impl Graph {
    /// The same graph without what these labels stand for: relations are removed, secrets rotated out of their group. Costs one pass over the edges.
    pub(crate) fn without(&self, removed: &HashSet<Label>) -> Graph {
        let rotated: HashSet<EntityIndex> = removed.iter().filter_map(|label| self.rotated(*label)).collect();
        let keeps = |edge: &Edge| {
            let same = edge.kind == RelationKind::SameSecret && rotated.contains(&edge.from);
            !same && !removed.contains(&Label::Relation(edge.number))
        };
        let groups = self.groups.iter().map(|group| group.iter().copied().filter(|secret| !rotated.contains(secret)).collect());
        self.of_edges(keeps, groups.collect())
    }

    /// The secret that a label rotates.
    fn rotated(&self, label: Label) -> Option<EntityIndex> {
        match label {
            Label::Leaves(edge) => Some(self.edge_from(edge)),
            Label::Joins(secret) => Some(secret),
            Label::Implied | Label::Relation(_) => None,
        }
    }
}

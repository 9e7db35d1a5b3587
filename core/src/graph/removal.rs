//! A graph with some of its edges taken out: how a cut is tried.

use super::compile::{Graph, starts, watches};
use super::network::Label;
use crate::estate::EntityIndex;
use crate::model::RelationKind;
use std::collections::HashSet;

impl Graph {
    /// The same graph without what these labels stand for: relations are removed, secrets rotated out of their group. Costs one pass over the edges.
    pub(crate) fn without(&self, removed: &HashSet<Label>) -> Graph {
        let rotated: HashSet<EntityIndex> = removed.iter().filter_map(|label| self.rotated(*label)).collect();
        let keeps = |at: usize| {
            let edge = &self.edges[at];
            let same = edge.kind == RelationKind::SameSecret && rotated.contains(&edge.from);
            !same && !removed.contains(&Label::Relation(at as u32))
        };
        let edges: Vec<_> = (0..self.edges.len()).filter(|at| keeps(*at)).map(|at| self.edges[at]).collect();
        let groups = self.groups.iter().map(|group| group.iter().copied().filter(|secret| !rotated.contains(secret)).collect());
        Graph {
            estate: self.estate.clone(),
            options: self.options(),
            starts: starts(&edges, self.estate.len()),
            watches: watches(&self.estate, &edges),
            groups: groups.collect(),
            has_possible: self.has_possible,
            edges,
        }
    }

    /// The secret that a label rotates.
    fn rotated(&self, label: Label) -> Option<EntityIndex> {
        match label {
            Label::Leaves(edge) => Some(self.edges[edge as usize].from),
            Label::Joins(secret) => Some(secret),
            Label::Implied | Label::Relation(_) => None,
        }
    }
}

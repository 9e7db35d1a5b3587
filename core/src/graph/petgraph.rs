//! The graph as petgraph's own type, for tool authors who want its algorithms.

use super::compile::Graph;
use super::path::Step;
use crate::estate::EntityIndex;
use petgraph::graph::{DiGraph, NodeIndex};

impl Graph {
    /// The conducting relations between entities as a petgraph `DiGraph`: node `i` is the entity of index `i`, each edge a [`Step`]. `same_secret` is written out, one
    /// edge a pair. Rights and `also` are not expressed by the shape: an edge conducts only for a holder of what the relation requires.
    pub fn to_petgraph(&self) -> DiGraph<EntityIndex, Step> {
        let mut graph = DiGraph::with_capacity(self.estate.len(), self.len());
        for entity in self.estate.indices() {
            graph.add_node(entity);
        }
        for edge in (0..self.len() as u32).map(|number| self.edge(number)) {
            for to in self.targets(&edge) {
                let step = super::path::step(&edge, to);
                graph.add_edge(NodeIndex::new(edge.from.position()), NodeIndex::new(to.position()), step);
            }
        }
        graph
    }
}

//! [`ProductionData`]: what outside production holds its data.

use crate::estate::{Coverage, EntityIndex, Estate, RelationRef, Tie};
use crate::graph::Graph;
use crate::model::{DataKind, Environment, EnvironmentClass, RelationKind, ResourceKind};
use serde::Serialize;

/// A resource outside production that holds data of production.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductionData {
    /// Its id.
    pub resource: String,
    /// Its environment.
    pub environment: Environment,
    /// Whether it is stated to hold data of production.
    pub stated: bool,
    /// By which relations it is a copy of what holds data of production.
    pub copies: Vec<Tie>,
}

/// Which resources hold data of production: those that are stated to, and copies of those and of what stands in production, through any number of copies. What
/// is masked or made up is no longer that.
#[derive(Debug)]
pub(super) struct ProductionHolders<'a> {
    graph: &'a Graph,
    holds: Vec<bool>,
}

impl<'a> ProductionHolders<'a> {
    /// Costs a pass over the entities, one over the relations, and one over the copies for each step of the longest chain of copies.
    pub fn of(graph: &'a Graph) -> Self {
        let estate = graph.estate();
        let original = |entity: EntityIndex| match data(estate, entity) {
            Some(stated) => stated == DataKind::Production,
            None => estate.environment(entity).class() == EnvironmentClass::Production,
        };
        let mut holders = ProductionHolders { graph, holds: estate.indices().map(original).collect() };
        let copies: Vec<_> = holders.copies().map(|relation| (relation.from(), relation.to())).collect();
        let mut changed = true;
        while changed {
            changed = false;
            for (copy, original) in &copies {
                if holders.is_copied(*copy, *original) && !holders.holds[copy.position()] {
                    holders.holds[copy.position()] = true;
                    changed = true;
                }
            }
        }
        holders
    }

    /// Whether a copy holds the data of production as it is.
    pub fn is_copied(&self, copy: EntityIndex, original: EntityIndex) -> bool {
        let masked = matches!(data(self.graph.estate(), copy), Some(DataKind::Masked | DataKind::Synthetic));
        !masked && self.holds[original.position()]
    }

    /// The resources outside production that hold its data, by id.
    pub fn outside(&self) -> Vec<ProductionData> {
        let estate = self.graph.estate();
        let mut copies: Vec<Vec<Tie>> = vec![Vec::new(); estate.len()];
        for relation in self.copies().filter(|relation| self.is_copied(relation.from(), relation.to())) {
            copies[relation.from().position()].push(Tie::of(estate, relation));
        }
        let outside = estate.indices().filter(|entity| estate.environment(*entity).class() == EnvironmentClass::NonProduction);
        let found = outside.map(|entity| ProductionData {
            resource: estate.entity(entity).id().to_owned(),
            environment: estate.environment(entity).environment,
            stated: data(estate, entity) == Some(DataKind::Production),
            copies: std::mem::take(&mut copies[entity.position()]),
        });
        found.filter(|found| found.stated || !found.copies.is_empty()).collect()
    }

    /// How many stores outside production say what data they hold.
    pub fn coverage(&self) -> Option<Coverage> {
        let estate = self.graph.estate();
        let outside = estate.indices().filter(|entity| estate.environment(*entity).class() == EnvironmentClass::NonProduction);
        let stores: Vec<_> = outside.filter_map(|entity| estate.entity(entity).as_resource()).filter(|it| holds_data(it.kind)).collect();
        let known = stores.iter().filter(|store| store.data.is_some()).count() as u64;
        let note = "stores outside production of which nobody says what data they hold may hold data of production";
        let coverage = Coverage { topic: "resource_data".into(), known, total: stores.len() as u64, note: note.into() };
        (!stores.is_empty()).then_some(coverage)
    }

    fn copies(&self) -> impl Iterator<Item = RelationRef<'a>> {
        let graph = self.graph;
        graph.estate().relations().filter(|relation| relation.kind() == RelationKind::CopyOf && graph.conducts(*relation))
    }
}

fn data(estate: &Estate, entity: EntityIndex) -> Option<DataKind> {
    estate.entity(entity).as_resource().and_then(|resource| resource.data)
}

/// Whether a resource is there to hold data of users.
fn holds_data(kind: ResourceKind) -> bool {
    use ResourceKind as K;
    matches!(kind, K::Database | K::ObjectStore | K::MailboxStore | K::Queue)
}

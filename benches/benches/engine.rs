//! The work items that the library is measured on beside its peers, on the seeded graph of 10,000 nodes and, with `TENANTGRAPH_BENCH_SIZE=large`, of
//! 1,000,000: compile, reach with its derivations, matrix, blast radius of one secret a tenant, choke points with the cut, rotation.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use tenantgraph::analysis::{CutsOptions, cuts, rotation};
use tenantgraph::estate::{EntityIndex, Estate, Selection};
use tenantgraph::graph::{Fact, Graph, GraphOptions, NO_GROUP};
use tenantgraph::model::{Certainty, EntityType, EnvironmentClass, Instant};
use tenantgraph::policy::{CutCosts, Policy};
use tenantgraph::{Result, Unobserved};
use tenantgraph_benches::digraph::Digraph;

fn engine(criterion: &mut Criterion) {
    size(criterion, "S", &Digraph::small().estate());
    if std::env::var("TENANTGRAPH_BENCH_SIZE").is_ok_and(|size| size == "large") {
        size(criterion, "M", &Digraph::medium().estate());
    }
}

fn size(criterion: &mut Criterion, name: &str, estate: &Estate) {
    let as_of = Instant::parse("2026-05-01").expect("a date");
    let compile = || Graph::new(estate, GraphOptions::at(as_of));
    let graph = compile();
    let asked = Asked { estate, graph: &graph };
    let (identities, tenants, secrets) = (asked.identities(), asked.tenants(), asked.secrets());
    let (by_tenant, by_environment) = (asked.by_production_tenant(), asked.by_environment());
    let count = |starts: &[Vec<Fact>], group: &[u32]| graph.count_by_group(starts, Certainty::Proven, group, &Unobserved);
    let mut to_jewels = CutsOptions::at(CutCosts::default());
    to_jewels.to = Selection::parse(["class=production,kind=database"]).expect("a selection");
    let policy = Policy::default();

    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    group.bench_function("W1a compile", |bencher| bencher.iter(compile));
    group.bench_function("W2 reach", |bencher| {
        bencher.iter(|| black_box(graph.closure(&identities, Certainty::Proven, &Unobserved)).map(drop));
    });
    group.bench_function("W3 matrix", |bencher| bencher.iter(|| done(count(&tenants, &by_tenant))));
    group.bench_function("W4 blast radius", |bencher| bencher.iter(|| done(count(&secrets, &by_environment))));
    group.bench_function("W5 cut and choke points", |bencher| bencher.iter(|| done(cuts(&graph, &to_jewels, &Unobserved))));
    group.bench_function("W6 rotation", |bencher| bencher.iter(|| rotation(estate, &policy, as_of)));
    group.finish();
}

/// Nobody cancels.
fn done<T>(answer: Result<T>) -> T {
    answer.expect("nobody cancels")
}

/// The starts and the groups of the work items.
struct Asked<'a> {
    estate: &'a Estate,
    graph: &'a Graph,
}

impl Asked<'_> {
    fn is(&self, entity: EntityIndex, kind: EntityType, class: EnvironmentClass) -> bool {
        self.estate.entity(entity).entity_type() == kind && self.estate.environment(entity).class() == class
    }

    /// Every non-production identity.
    fn identities(&self) -> Vec<Fact> {
        let wanted = |entity: &EntityIndex| self.is(*entity, EntityType::Identity, EnvironmentClass::NonProduction);
        self.estate.indices().filter(wanted).map(|entity| self.graph.taken(entity)).collect()
    }

    /// Every non-production tenant on its own.
    fn tenants(&self) -> Vec<Vec<Fact>> {
        let wanted = |entity: &EntityIndex| self.is(*entity, EntityType::Tenant, EnvironmentClass::NonProduction);
        self.estate.indices().filter(wanted).map(|entity| vec![self.graph.taken(entity)]).collect()
    }

    /// Every secret on its own.
    fn secrets(&self) -> Vec<Vec<Fact>> {
        let wanted = |entity: &EntityIndex| self.estate.entity(*entity).entity_type() == EntityType::Secret;
        self.estate.indices().filter(wanted).map(|entity| vec![self.graph.taken(entity)]).collect()
    }

    /// What belongs to each production tenant.
    fn by_production_tenant(&self) -> Vec<u32> {
        let mut numbers = vec![NO_GROUP; self.estate.len()];
        let is_production = |entity: &EntityIndex| self.is(*entity, EntityType::Tenant, EnvironmentClass::Production);
        for (number, tenant) in (0..).zip(self.estate.indices().filter(is_production)) {
            numbers[tenant.position()] = number;
        }
        let group = |entity| self.estate.own_tenant(entity).map_or(NO_GROUP, |tenant| numbers[tenant.position()]);
        self.estate.indices().map(group).collect()
    }

    fn by_environment(&self) -> Vec<u32> {
        self.estate.indices().map(|entity| self.estate.environment(entity).environment as u32).collect()
    }
}

criterion_group!(benches, engine);
criterion_main!(benches);

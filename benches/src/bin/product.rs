//! The library on the work items of `benches/peers/`, through its public face: `product FOLDER REPEATS SECONDS ITEM…`.

use std::time::Instant as Clock;
use std::{fs, io};
use tenantgraph::analysis::{CutsOptions, ReachOptions, Rotation, RotationStatus, choke_points, cuts, reach, rotation, tenant_matrix};
use tenantgraph::estate::{EntityIndex, Selection};
use tenantgraph::graph::{Fact, Graph, GraphOptions, NO_GROUP};
use tenantgraph::model::{Certainty, EntityType, EnvironmentClass, Instant};
use tenantgraph::policy::{CutCosts, Policy};
use tenantgraph::{Estate, Input, Observer, ReadOptions, Result, Unobserved, read};
use tenantgraph_benches::calls::{self, CALLS};
use tenantgraph_benches::checks;
use tenantgraph_benches::digraph::Digraph;
use tenantgraph_benches::secrets::Secrets;
use tenantgraph_benches::timing::Timing;

fn main() -> io::Result<()> {
    let timing = Timing::of_arguments()?;
    let as_of = Instant::parse("2026-05-01").map_err(io::Error::other)?;
    let (called, items): (Vec<String>, Vec<String>) = timing.items.iter().cloned().partition(|item| CALLS.contains(&item.as_str()));
    let of_graph = |item: &&String| !["read", "rotation"].contains(&item.as_str());
    if items.iter().any(|item| of_graph(&item)) {
        let estate = Digraph::read(&timing.folder)?.estate();
        let graph = Graph::new(&estate, GraphOptions::at(as_of));
        let asked = Asked::of(&timing, &estate, &graph);
        items.iter().filter(of_graph).try_for_each(|item| asked.run(item))?;
    }
    for item in items.iter().filter(|item| !of_graph(item)) {
        match item.as_str() {
            "read" => {
                let path = timing.folder.join("estate.ndjson");
                let edges = |graph: &Graph| {
                    let estate = graph.estate();
                    checks::read(estate.len(), estate.relations().map(|relation| (relation.from().0, relation.to().0)))
                };
                timing.measure(item, || done(read_and_compile(&path, as_of)), edges)?;
            }
            _ => {
                let estate = Secrets::read(&timing.folder)?.estate(as_of);
                let policy = Policy::default();
                timing.measure(item, || rotation(&estate, &policy, as_of), statuses)?;
            }
        }
    }
    calls::run(&timing, &called, as_of)
}

fn read_and_compile(path: &std::path::Path, as_of: Instant) -> Result<Graph> {
    let bytes = fs::read(path).expect("`make bench-peers` wrote the file");
    Ok(Graph::new(&read(&[Input::new("estate.ndjson", bytes)], &ReadOptions::default())?, GraphOptions::at(as_of)))
}

fn statuses(rotation: &Rotation) -> Vec<u64> {
    use RotationStatus::{DueSoon, Overdue, UnknownAge, Within};
    [Overdue, DueSoon, Within, UnknownAge].iter().map(|status| rotation.count(*status)).collect()
}

/// Nobody cancels, and the seeded data is valid.
fn done<T>(answer: Result<T>) -> T {
    answer.expect("the seeded data is valid and nobody cancels")
}

/// In a hurry once the time is up: a cut then comes with its bound.
struct Hurry(Clock);

impl Observer for Hurry {
    fn hurried(&self) -> bool {
        Clock::now() >= self.0
    }
}

/// The estate of a graph and what the work items ask of it.
struct Asked<'a> {
    timing: &'a Timing,
    estate: &'a Estate,
    graph: &'a Graph,
    /// How many of the entities are nodes of the peers: all but the tenants, whose ids stand last.
    nodes: usize,
    production: Vec<bool>,
}

impl<'a> Asked<'a> {
    fn of(timing: &'a Timing, estate: &'a Estate, graph: &'a Graph) -> Asked<'a> {
        let nodes = estate.entities().into_iter().filter(|entity| entity.entity_type() != EntityType::Tenant).count();
        let production = estate.indices().map(|entity| estate.environment(entity).class() == EnvironmentClass::Production).collect();
        Asked { timing, estate, graph, nodes, production }
    }

    fn run(&self, item: &str) -> io::Result<()> {
        let (timing, graph) = (self.timing, self.graph);
        let count = |starts: &[Vec<Fact>], group: &[u32]| done(graph.count_by_group(starts, Certainty::Proven, group, &Unobserved));
        let mut to_jewels = CutsOptions::at(CutCosts::default());
        to_jewels.choke_points = usize::MAX;
        match item {
            "compile" => {
                let compile = || Graph::new(self.estate, graph.options());
                timing.measure(item, compile, |_| vec![self.nodes as u64, self.estate.relations().len() as u64])
            }
            "reach" => {
                let starts = self.identities();
                let held = |closure: &tenantgraph::graph::Closure| {
                    let held = (0..self.nodes as u32).filter(|node| closure.held_over(EntityIndex(*node)).next().is_some());
                    checks::reach(held, &self.production)
                };
                timing.measure(item, || done(graph.closure(&starts, Certainty::Proven, &Unobserved)), held)
            }
            "matrix" => {
                let (starts, group) = (self.tenants(), self.by_production_tenant());
                timing.measure(
                    item,
                    || count(&starts, &group),
                    |counts| {
                        let row =
                            |source| counts.of(source).iter().enumerate().map(move |(target, it)| (source, target, it.entities.into()));
                        checks::matrix((0..starts.len()).flat_map(row))
                    },
                )
            }
            "blast_radius" => {
                let starts = self.secrets();
                let group: Vec<u32> = self.production.iter().map(|production| u32::from(*production)).collect();
                timing.measure(
                    item,
                    || count(&starts, &group),
                    |counts| {
                        checks::blast_radius(
                            (0..starts.len()).map(|start| (counts.of(start)[0].entities.into(), counts.of(start)[1].entities.into())),
                        )
                    },
                )
            }
            "choke_points" => timing.measure(
                item,
                || done(choke_points(graph, &to_jewels, &Unobserved)),
                |points| {
                    let node = |id: &str| self.estate.find(id).map_or(0, |entity| entity.0);
                    checks::choke_points(points.iter().map(|point| (node(&point.entity), point.alone_lead_to)))
                },
            ),
            "cut" => {
                to_jewels.choke_points = 0;
                to_jewels.to = done(Selection::parse(["class=production,kind=database"]));
                let found = |cuts: &tenantgraph::analysis::Cuts| cuts.cost.into_iter().chain((!cuts.exact).then_some(cuts.bound)).collect();
                timing.measure(item, || done(cuts(graph, &to_jewels, &Hurry(Clock::now() + timing.limit()))), found)
            }
            "reach_answer" => {
                timing.measure(item, || done(reach(graph, &ReachOptions::default(), &Unobserved)), |it| vec![it.reached.len() as u64])
            }
            "matrix_answer" => timing.measure(item, || done(tenant_matrix(graph, &Unobserved)), |it| vec![it.cells.len() as u64]),
            _ => Err(io::Error::other(format!("there is no work item `{item}`"))),
        }
    }

    fn are(&self, kind: EntityType, production: bool) -> Vec<EntityIndex> {
        let of_kind = |entity: &EntityIndex| self.estate.entity(*entity).entity_type() == kind;
        self.estate.indices().filter(|entity| self.production[entity.position()] == production).filter(of_kind).collect()
    }

    /// Every non-production identity.
    fn identities(&self) -> Vec<Fact> {
        self.are(EntityType::Identity, false).into_iter().map(|entity| self.graph.taken(entity)).collect()
    }

    /// Every non-production tenant on its own.
    fn tenants(&self) -> Vec<Vec<Fact>> {
        self.are(EntityType::Tenant, false).into_iter().map(|entity| vec![self.graph.taken(entity)]).collect()
    }

    /// Every secret on its own, by its number.
    fn secrets(&self) -> Vec<Vec<Fact>> {
        let is_secret = |entity: &EntityIndex| self.estate.entity(*entity).entity_type() == EntityType::Secret;
        self.estate.indices().filter(is_secret).map(|entity| vec![self.graph.taken(entity)]).collect()
    }

    /// What belongs to each production tenant; not the tenant itself, which is no node of the peers.
    fn by_production_tenant(&self) -> Vec<u32> {
        let mut numbers = vec![NO_GROUP; self.estate.len()];
        for (number, tenant) in (0..).zip(self.are(EntityType::Tenant, true)) {
            numbers[tenant.position()] = number;
        }
        let tenant = |entity| self.estate.own_tenant(entity).filter(|tenant| *tenant != entity);
        self.estate.indices().map(|entity| tenant(entity).map_or(NO_GROUP, |tenant| numbers[tenant.position()])).collect()
    }
}

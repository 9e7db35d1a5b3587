//! petgraph on the work items of `benches/peers/`, as its users write it: `petgraph FOLDER REPEATS SECONDS ITEM…`.
//!
//! The item `read` parses with serde_json, borrowing from the text.

use petgraph::Direction;
use petgraph::algo::dominators::simple_fast;
use petgraph::algo::maximum_flow::dinics;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, VisitMap};
use serde::Deserialize;
use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::{fs, io};
use tenantgraph_benches::checks;
use tenantgraph_benches::digraph::{Digraph, Node, is_production};
use tenantgraph_benches::timing::Timing;

fn main() -> io::Result<()> {
    let timing = Timing::of_arguments()?;
    let digraph = Digraph::read(&timing.folder)?;
    let asked = Asked {
        production: digraph.tenant.iter().map(|tenant| is_production(*tenant)).collect(),
        edges: digraph.from.iter().copied().zip(digraph.to.iter().copied()).collect(),
        digraph,
    };
    timing.items.iter().try_for_each(|item| asked.run(&timing, item))
}

struct Asked {
    digraph: Digraph,
    production: Vec<bool>,
    edges: Vec<(u32, u32)>,
}

impl Asked {
    fn run(&self, timing: &Timing, item: &str) -> io::Result<()> {
        let compile = || DiGraph::<(), ()>::from_edges(&self.edges);
        match item {
            "compile" => timing.measure(item, compile, |graph| vec![graph.node_count() as u64, graph.edge_count() as u64]),
            "read" => timing.measure(
                item,
                || read(&timing.folder.join("estate.ndjson")),
                |(entities, graph)| {
                    let ends = graph.raw_edges().iter().map(|edge| (edge.source().index() as u32, edge.target().index() as u32));
                    checks::read(*entities, ends)
                },
            ),
            "reach" => {
                let (graph, starts) = (compile(), self.nodes(|node, production| node == Node::Identity && !production));
                timing.measure(
                    item,
                    || parents(&graph, &starts),
                    |parents| {
                        checks::reach((0..).zip(parents).filter(|(_, parent)| **parent != NONE).map(|(node, _)| node), &self.production)
                    },
                )
            }
            "matrix" => {
                let (graph, starts) = (compile(), self.of_tenants());
                timing.measure(
                    item,
                    || self.matrix(&graph, &starts),
                    |rows| {
                        let cells = |(source, row): (usize, &Vec<u64>)| {
                            row.iter().enumerate().map(|(target, count)| (source, target, *count)).collect::<Vec<_>>()
                        };
                        checks::matrix(rows.iter().enumerate().flat_map(cells))
                    },
                )
            }
            "blast_radius" => {
                let (graph, starts) = (compile(), self.nodes(|node, _| node == Node::Secret));
                let one = |start: &NodeIndex| {
                    let (mut outside, mut inside) = (0, 0);
                    search(&graph, &[*start], |node| if self.production[node.index()] { inside += 1 } else { outside += 1 });
                    (outside, inside)
                };
                timing.measure(item, || starts.iter().map(one).collect::<Vec<_>>(), |counts| checks::blast_radius(counts.iter().copied()))
            }
            "choke_points" => {
                let mut graph = compile();
                let root = graph.add_node(());
                for start in self.nodes(|_, production| !production) {
                    graph.add_edge(root, start, ());
                }
                timing.measure(
                    item,
                    || simple_fast(&graph, root),
                    |dominators| checks::choke_points(self.hanging(root, |node| dominators.immediate_dominator(node))),
                )
            }
            "cut" => {
                let mut graph: DiGraph<(), u32> = compile().map(|_, ()| (), |_, ()| 1);
                let (source, sink) = (graph.add_node(()), graph.add_node(()));
                for start in self.nodes(|_, production| !production) {
                    graph.add_edge(source, start, UNCUTTABLE);
                }
                for jewel in self.nodes(|node, _| node == Node::Jewel) {
                    graph.add_edge(jewel, sink, UNCUTTABLE);
                }
                timing.measure(item, || dinics(&graph, source, sink).0, |cost| vec![u64::from(*cost)])
            }
            _ => Err(io::Error::other(format!("petgraph has nothing for `{item}`"))),
        }
    }

    fn nodes(&self, wanted: impl Fn(Node, bool) -> bool) -> Vec<NodeIndex> {
        let of = |number: &usize| wanted(self.digraph.node[*number], self.production[*number]);
        (0..self.production.len()).filter(of).map(NodeIndex::new).collect()
    }

    /// The nodes of each non-production tenant.
    fn of_tenants(&self) -> Vec<Vec<NodeIndex>> {
        let mut nodes = vec![Vec::new(); self.digraph.tenants as usize];
        for (number, tenant) in self.digraph.tenant.iter().enumerate() {
            nodes[*tenant as usize].push(NodeIndex::new(number));
        }
        (0..).zip(nodes).filter(|(tenant, _)| !is_production(*tenant)).map(|(_, nodes)| nodes).collect()
    }

    fn matrix(&self, graph: &DiGraph<(), ()>, starts: &[Vec<NodeIndex>]) -> Vec<Vec<u64>> {
        let before: Vec<u32> = (0..self.digraph.tenants)
            .scan(0, |many, tenant| Some(std::mem::replace(many, *many + u32::from(is_production(tenant)))))
            .collect();
        let targets = (0..self.digraph.tenants).filter(|tenant| is_production(*tenant)).count();
        let row = |starts: &Vec<NodeIndex>| {
            let mut row = vec![0; targets];
            search(graph, starts, |node| {
                if self.production[node.index()] {
                    row[before[self.digraph.tenant[node.index()] as usize] as usize] += 1;
                }
            });
            row
        };
        starts.iter().map(row).collect()
    }

    /// How many production nodes hang on each node of a dominator tree, itself left out.
    fn hanging(&self, root: NodeIndex, above: impl Fn(NodeIndex) -> Option<NodeIndex>) -> impl Iterator<Item = (u32, u64)> {
        let mut counts = vec![0; self.production.len()];
        for node in (0..self.production.len()).filter(|node| self.production[*node]) {
            let mut at = NodeIndex::new(node);
            while let Some(node) = above(at).filter(|node| *node != root) {
                counts[node.index()] += 1;
                at = node;
            }
        }
        (0..).zip(counts)
    }
}

/// What no cut would take: more than there are edges.
const UNCUTTABLE: u32 = 1 << 28;
/// The parent of a node that is not reached.
const NONE: u32 = u32::MAX;

/// The parents of all that is reached from some starts; a start is its own.
fn parents(graph: &DiGraph<(), ()>, starts: &[NodeIndex]) -> Vec<u32> {
    let mut parents = vec![NONE; graph.node_count()];
    let mut waiting: VecDeque<NodeIndex> = starts.iter().copied().collect();
    for start in starts {
        parents[start.index()] = start.index() as u32;
    }
    while let Some(node) = waiting.pop_front() {
        for next in graph.neighbors_directed(node, Direction::Outgoing) {
            if parents[next.index()] == NONE {
                parents[next.index()] = node.index() as u32;
                waiting.push_back(next);
            }
        }
    }
    parents
}

/// Tells every node that is reached from some starts.
fn search(graph: &DiGraph<(), ()>, starts: &[NodeIndex], mut tell: impl FnMut(NodeIndex)) {
    let mut search = Bfs::new(graph, starts[0]);
    for start in &starts[1..] {
        if search.discovered.visit(*start) {
            search.stack.push_back(*start);
        }
    }
    while let Some(node) = search.next(graph) {
        tell(node);
    }
}

#[derive(Deserialize)]
struct Record<'a> {
    record: &'a str,
    #[serde(borrow, default)]
    id: &'a str,
    #[serde(borrow, default)]
    from: &'a str,
    #[serde(borrow, default)]
    to: &'a str,
}

/// The entities of a text, numbered in the order of their ids, and the graph of its relations.
fn read(path: &Path) -> (usize, DiGraph<(), ()>) {
    let text = fs::read_to_string(path).expect("`make bench-peers` wrote the file");
    let (mut ids, mut ends) = (Vec::new(), Vec::new());
    for line in text.lines().skip(1) {
        let record: Record<'_> = serde_json::from_str(line).expect("the seeded text is valid");
        if record.record == "relation" {
            ends.push((record.from, record.to));
        } else {
            ids.push(record.id);
        }
    }
    ids.sort_unstable();
    let numbers: HashMap<&str, u32> = ids.iter().copied().zip(0..).collect();
    (ids.len(), DiGraph::from_edges(ends.into_iter().map(|(from, to)| (numbers[from], numbers[to]))))
}

//! [`Residual`]: what a flow leaves of a network. Shortest augmenting ways by distances that are mended where a way ends (R. K. Ahuja and J. B. Orlin, 1991):
//! a whole search each time a distance is used up, as Dinic's algorithm makes, costs several times as much on large networks.

use super::flow::UNCUTTABLE;
use super::network::Network;
use crate::error::Result;
use crate::observer::Observer;

/// The residual graph: each arc and its reverse, by the node that they leave; then the arcs from the super-source and into the super-sink.
pub(super) struct Residual {
    /// For each node where its arcs start; one more than there are nodes.
    starts: Vec<u32>,
    head: Vec<u32>,
    /// Where the reverse of each arc stands.
    reverse: Vec<u32>,
    left: Vec<u64>,
    /// Where each arc of the network stands.
    place: Vec<u32>,
    /// At most the distance of each node to the sink; as many as there are nodes where it leads there no more.
    level: Vec<u32>,
    /// How many nodes have each level.
    many: Vec<u32>,
    /// The arc of each node to look at next.
    next: Vec<u32>,
    queue: Vec<u32>,
    source: u32,
    sink: u32,
}

/// The steps between two looks at the observer.
const STEPS: u32 = 1 << 16;

impl Residual {
    pub fn new(network: &Network, capacity: &[u64]) -> Self {
        let (source, sink) = (network.nodes as u32, network.nodes as u32 + 1);
        let within = || network.arcs.iter().zip(capacity).map(|(arc, capacity)| (arc.from, arc.to, *capacity));
        let entering = || network.sources.iter().map(|node| (source, *node, UNCUTTABLE));
        let leaving = || network.sinks.iter().map(|node| (*node, sink, UNCUTTABLE));
        let arcs = || within().chain(entering()).chain(leaving());
        let nodes = network.nodes + 2;
        let mut starts = vec![0u32; nodes + 2];
        for (from, to, _) in arcs() {
            starts[from as usize + 2] += 1;
            starts[to as usize + 2] += 1;
        }
        for at in 2..starts.len() {
            starts[at] += starts[at - 1];
        }
        let both = starts[nodes + 1] as usize;
        let (mut head, mut reverse, mut left) = (vec![0; both], vec![0; both], vec![0; both]);
        let mut place = Vec::with_capacity(both / 2);
        // While they are dealt out, the place of each node stands one further on.
        let mut deal = |node: u32| {
            let next = &mut starts[node as usize + 1];
            *next += 1;
            *next - 1
        };
        for (from, to, capacity) in arcs() {
            let (there, back) = (deal(from), deal(to));
            (head[there as usize], head[back as usize]) = (to, from);
            (reverse[there as usize], reverse[back as usize]) = (back, there);
            left[there as usize] = capacity;
            place.push(there);
        }
        starts.pop();
        let next = starts.clone();
        Residual {
            starts,
            head,
            reverse,
            left,
            place,
            level: vec![0; nodes],
            many: vec![0; nodes + 1],
            next,
            queue: Vec::new(),
            source,
            sink,
        }
    }

    /// What is left of an arc of the network; behind these come the arcs into the sources and out of the sinks.
    pub fn left(&self, arc: usize) -> u64 {
        self.left[self.place[arc] as usize]
    }

    /// Pushes what can flow, and whether that is all: not where the observer is in a hurry, or where nothing cuts what flows.
    pub fn maximum_flow(&mut self, observer: &dyn Observer) -> Result<(u64, bool)> {
        let (nodes, both) = (self.level.len() as u32, self.head.len());
        let (mut value, mut steps, mut mended) = (0u64, 0u32, both);
        let mut path: Vec<u32> = Vec::new();
        loop {
            // Once mending cost as much as a search from the sink, that tells the distances anew.
            if mended >= both {
                observer.check(value, 0)?;
                self.distances();
                path.clear();
                mended = 0;
            }
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(STEPS) {
                observer.check(value, 0)?;
            }
            if self.level[self.source as usize] >= nodes {
                return Ok((value, true));
            }
            let node = path.last().map_or(self.source, |arc| self.head[*arc as usize]);
            if node == self.sink {
                value = value.saturating_add(self.augment(&mut path));
                if value >= UNCUTTABLE || observer.hurried() {
                    return Ok((value, value >= UNCUTTABLE));
                }
            } else if let Some(arc) = self.advance(node) {
                path.push(arc);
            } else {
                mended += (self.starts[node as usize + 1] - self.starts[node as usize]) as usize + 1;
                if !self.mend(node) {
                    return Ok((value, true));
                }
                path.pop();
            }
        }
    }

    /// The distance of every node to the sink.
    fn distances(&mut self) {
        let nodes = self.level.len() as u32;
        self.next.copy_from_slice(&self.starts);
        self.level.fill(nodes);
        self.many.fill(0);
        self.level[self.sink as usize] = 0;
        self.queue.clear();
        self.queue.push(self.sink);
        let mut at = 0;
        while let Some(node) = self.queue.get(at).copied() {
            at += 1;
            let level = self.level[node as usize];
            self.many[level as usize] += 1;
            for arc in self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize {
                let from = self.head[arc] as usize;
                if self.level[from] == nodes && self.left[self.reverse[arc] as usize] > 0 {
                    self.level[from] = level + 1;
                    self.queue.push(from as u32);
                }
            }
        }
    }

    /// The next arc that leads nearer to the sink.
    fn advance(&mut self, node: u32) -> Option<u32> {
        let (node, level) = (node as usize, self.level[node as usize]);
        while self.next[node] < self.starts[node + 1] {
            let arc = self.next[node];
            if self.level[self.head[arc as usize] as usize] + 1 == level && self.left[arc as usize] > 0 {
                return Some(arc);
            }
            self.next[node] += 1;
        }
        None
    }

    /// Puts a node from which nothing leads nearer as far away as it is by now; whether anything may flow still: not once a distance is empty that what
    /// flows would have to pass.
    fn mend(&mut self, node: u32) -> bool {
        let (at, nodes) = (node as usize, self.level.len() as u32);
        let arcs = self.starts[at] as usize..self.starts[at + 1] as usize;
        let nearest = arcs.filter(|arc| self.left[*arc] > 0).map(|arc| self.level[self.head[arc] as usize] + 1).min();
        let level = nearest.unwrap_or(nodes).min(nodes);
        let old = std::mem::replace(&mut self.level[at], level);
        self.many[old as usize] -= 1;
        self.many[level as usize] += 1;
        self.next[at] = self.starts[at];
        self.many[old as usize] > 0
    }

    /// Pushes what the path carries and goes back to before its first full arc.
    fn augment(&mut self, path: &mut Vec<u32>) -> u64 {
        let carried = path.iter().map(|arc| self.left[*arc as usize]).min().unwrap_or(0);
        let mut full = path.len();
        for (at, arc) in path.iter().enumerate().rev() {
            let back = self.reverse[*arc as usize] as usize;
            self.left[*arc as usize] -= carried;
            self.left[back] = self.left[back].saturating_add(carried);
            if self.left[*arc as usize] == 0 {
                full = at;
            }
        }
        path.truncate(full);
        carried
    }

    /// Of so many nodes whether the source still leads there.
    pub fn start_side(&mut self, nodes: usize) -> Vec<bool> {
        let mut is_held = vec![false; nodes + 2];
        is_held[self.source as usize] = true;
        self.queue.clear();
        self.queue.push(self.source);
        while let Some(node) = self.queue.pop() {
            for arc in self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize {
                let to = self.head[arc];
                if self.left[arc] > 0 && !is_held[to as usize] {
                    is_held[to as usize] = true;
                    self.queue.push(to);
                }
            }
        }
        is_held.truncate(nodes);
        is_held
    }
}

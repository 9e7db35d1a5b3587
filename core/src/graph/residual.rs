//! [`Residual`]: what a flow leaves of a network, for Dinic's algorithm.

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
    /// The distance of each node to the sink.
    level: Vec<u32>,
    next: Vec<u32>,
    queue: Vec<u32>,
    source: u32,
    sink: u32,
}

const NO_LEVEL: u32 = u32::MAX;
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
        Residual { starts, head, reverse, left, place, level: vec![NO_LEVEL; nodes], next, queue: Vec::new(), source, sink }
    }

    /// What is left of an arc of the network; behind these come the arcs into the sources and out of the sinks.
    pub fn left(&self, arc: usize) -> u64 {
        self.left[self.place[arc] as usize]
    }

    /// Numbers the nodes by their distance to the sink, no farther than the source; whether that has one. From the sink, since a way that follows the
    /// distances down then ends nowhere else.
    pub fn levels(&mut self) -> bool {
        self.level.fill(NO_LEVEL);
        self.level[self.sink as usize] = 0;
        self.queue.clear();
        self.queue.push(self.sink);
        let mut at = 0;
        while let Some(node) = self.queue.get(at).copied() {
            at += 1;
            let level = self.level[node as usize];
            if level >= self.level[self.source as usize] {
                break;
            }
            for arc in self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize {
                let from = self.head[arc] as usize;
                if self.level[from] == NO_LEVEL && self.left[self.reverse[arc] as usize] > 0 {
                    self.level[from] = level + 1;
                    self.queue.push(from as u32);
                }
            }
        }
        self.level[self.source as usize] != NO_LEVEL
    }

    /// Pushes along shortest paths until none is left, or the observer is in a hurry: what was pushed, and whether none is left.
    pub fn blocking_flow(&mut self, observer: &dyn Observer) -> Result<(u64, bool)> {
        self.next.copy_from_slice(&self.starts);
        let (mut pushed, mut steps) = (0u64, 0u32);
        let mut path: Vec<u32> = Vec::new();
        loop {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(STEPS) {
                observer.check(pushed, 0)?;
            }
            let node = path.last().map_or(self.source, |arc| self.head[*arc as usize]);
            if node == self.sink {
                pushed = pushed.saturating_add(self.augment(&mut path));
                if pushed >= UNCUTTABLE {
                    return Ok((pushed, true));
                }
                if observer.hurried() {
                    return Ok((pushed, false));
                }
            } else if let Some(arc) = self.advance(node) {
                path.push(arc);
            } else {
                // A dead end: nothing goes through this node at this level again.
                self.level[node as usize] = NO_LEVEL;
                if path.pop().is_none() {
                    return Ok((pushed, true));
                }
            }
        }
    }

    fn advance(&mut self, node: u32) -> Option<u32> {
        let (node, level) = (node as usize, self.level[node as usize]);
        while self.next[node] < self.starts[node + 1] {
            let arc = self.next[node];
            let onward = self.level[self.head[arc as usize] as usize];
            if onward != NO_LEVEL && onward + 1 == level && self.left[arc as usize] > 0 {
                return Some(arc);
            }
            self.next[node] += 1;
        }
        None
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

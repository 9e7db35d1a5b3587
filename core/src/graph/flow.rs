//! Maximum flow and minimum cut of a [`Network`]: Dinic's algorithm (E. A. Dinitz, 1970), on a stack instead of recursion.

use super::network::{Arc, Network};
use crate::error::Result;
use crate::observer::Observer;
use std::collections::{HashMap, VecDeque};

/// More than any sum of costs: an arc that nothing cuts.
pub(crate) const UNCUTTABLE: u64 = u64::MAX / 4;

/// A maximum flow, and the cut of the same value that lies nearest the start.
#[derive(Debug)]
pub(crate) struct Flow {
    /// What flows; at least [`UNCUTTABLE`] where no cut exists.
    pub value: u64,
    /// What flows through each arc of the network.
    pub through: Vec<u64>,
    /// What flows into each source, in their order.
    pub entering: Vec<u64>,
    /// What flows out of each sink, in their order.
    pub leaving: Vec<u64>,
    /// Whether a node lies on the start's side of the cut.
    pub start_side: Vec<bool>,
}

/// A maximum flow from the sources to the sinks. Costs at most `arcs × nodes²`, in practice a few passes.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub(crate) fn maximum_flow(network: &Network, capacity: &[u64], observer: &dyn Observer) -> Result<Flow> {
    let mut residual = Residual::new(network, capacity);
    let mut value: u64 = 0;
    while residual.levels() {
        observer.check(value, 0)?;
        let pushed = residual.blocking_flow();
        value = value.saturating_add(pushed);
        if value >= UNCUTTABLE {
            break;
        }
    }
    // What flowed through an arc is what its reverse has gained; a pair that carried both ways counts once.
    let flowed = |arc: usize, capacity: u64| capacity.saturating_sub(residual.left[arc * 2]);
    let through = capacity.iter().enumerate().map(|(arc, capacity)| flowed(arc, *capacity)).collect();
    let first = capacity.len();
    let entering = (0..network.sources.len()).map(|at| flowed(first + at, UNCUTTABLE)).collect();
    let first = first + network.sources.len();
    let leaving = (0..network.sinks.len()).map(|at| flowed(first + at, UNCUTTABLE)).collect();
    // Where the sink was still gained, the levels are those of before the last push.
    if value >= UNCUTTABLE {
        residual.levels();
    }
    let start_side = residual.level[..network.nodes].iter().map(|level| *level != NO_LEVEL).collect();
    Ok(Flow { value, through, entering, leaving, start_side })
}

const NO_LEVEL: u32 = u32::MAX;

/// The residual graph: arc `2i` is arc `i` of the network, `2i + 1` its reverse; then the arcs from the super-source and into the super-sink.
struct Residual {
    head: Vec<u32>,
    left: Vec<u64>,
    starts: Vec<u32>,
    list: Vec<u32>,
    level: Vec<u32>,
    next: Vec<u32>,
    source: u32,
    sink: u32,
}

impl Residual {
    fn new(network: &Network, capacity: &[u64]) -> Self {
        let (source, sink) = (network.nodes as u32, network.nodes as u32 + 1);
        let within = network.arcs.iter().zip(capacity).map(|(arc, capacity)| (arc.from, arc.to, *capacity));
        let entering = network.sources.iter().map(|node| (source, *node, UNCUTTABLE));
        let leaving = network.sinks.iter().map(|node| (*node, sink, UNCUTTABLE));
        let arcs = (network.arcs.len() + network.sources.len() + network.sinks.len()) * 2;
        let (mut head, mut left, mut tail) = (Vec::with_capacity(arcs), Vec::with_capacity(arcs), Vec::with_capacity(arcs));
        for (from, to, capacity) in within.chain(entering).chain(leaving) {
            tail.extend([from, to]);
            head.extend([to, from]);
            left.extend([capacity, 0]);
        }
        let nodes = network.nodes + 2;
        let mut starts = vec![0u32; nodes + 1];
        for from in &tail {
            starts[*from as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut place = starts.clone();
        let mut list = vec![0; tail.len()];
        for (arc, from) in tail.iter().enumerate() {
            list[place[*from as usize] as usize] = arc as u32;
            place[*from as usize] += 1;
        }
        let next = starts.clone();
        Residual { head, left, starts, list, level: vec![NO_LEVEL; nodes], next, source, sink }
    }

    /// Numbers the nodes by their distance from the source, no farther than the sink; whether that has one.
    fn levels(&mut self) -> bool {
        self.level.fill(NO_LEVEL);
        self.level[self.source as usize] = 0;
        let mut queue = VecDeque::from([self.source]);
        while let Some(node) = queue.pop_front() {
            if self.level[node as usize] >= self.level[self.sink as usize] {
                break;
            }
            for at in self.starts[node as usize]..self.starts[node as usize + 1] {
                let arc = self.list[at as usize] as usize;
                let to = self.head[arc] as usize;
                if self.left[arc] > 0 && self.level[to] == NO_LEVEL {
                    self.level[to] = self.level[node as usize] + 1;
                    queue.push_back(to as u32);
                }
            }
        }
        self.level[self.sink as usize] != NO_LEVEL
    }

    /// Pushes along shortest paths until none is left; what was pushed.
    fn blocking_flow(&mut self) -> u64 {
        self.next.copy_from_slice(&self.starts);
        let mut pushed: u64 = 0;
        let mut path: Vec<u32> = Vec::new();
        loop {
            let node = path.last().map_or(self.source, |arc| self.head[*arc as usize]);
            if node == self.sink {
                pushed = pushed.saturating_add(self.augment(&mut path));
                if pushed >= UNCUTTABLE {
                    return pushed;
                }
            } else if let Some(arc) = self.advance(node) {
                path.push(arc);
            } else {
                // A dead end: nothing goes through this node at this level again.
                self.level[node as usize] = NO_LEVEL;
                match path.pop() {
                    Some(_) => {}
                    None => return pushed,
                }
            }
        }
    }

    fn advance(&mut self, node: u32) -> Option<u32> {
        let node = node as usize;
        while self.next[node] < self.starts[node + 1] {
            let arc = self.list[self.next[node] as usize];
            let to = self.head[arc as usize] as usize;
            let onward = self.level[to] != NO_LEVEL && self.level[to] == self.level[node] + 1;
            if self.left[arc as usize] > 0 && onward {
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
            self.left[*arc as usize] -= carried;
            self.left[*arc as usize ^ 1] = self.left[*arc as usize ^ 1].saturating_add(carried);
            if self.left[*arc as usize] == 0 {
                full = at;
            }
        }
        path.truncate(full);
        carried
    }
}

/// A flow as paths of arcs from a source to a sink, each carrying one. Costs the sum of the paths' lengths.
pub(crate) fn paths(network: &Network, flow: &Flow) -> Vec<Vec<u32>> {
    let mut left = flow.through.clone();
    let mut leaving = vec![0; network.nodes];
    for (node, through) in network.sinks.iter().zip(&flow.leaving) {
        leaving[*node as usize] = *through;
    }
    let (starts, outgoing) = network.outgoing();
    let mut next = starts.clone();
    let mut paths = Vec::new();
    for (source, entering) in network.sources.iter().zip(&flow.entering) {
        for _ in 0..*entering {
            let mut path = Vec::new();
            let mut node = *source as usize;
            // What enters a node leaves it, so the walk ends at a sink.
            while leaving[node] == 0 {
                while next[node] < starts[node + 1] && left[outgoing[next[node] as usize] as usize] == 0 {
                    next[node] += 1;
                }
                let Some(arc) = outgoing[..starts[node + 1] as usize].get(next[node] as usize) else { break };
                left[*arc as usize] -= 1;
                path.push(*arc);
                node = network.arcs[*arc as usize].to as usize;
            }
            leaving[node] = u64::saturating_sub(leaving[node], 1);
            paths.push(without_cycles(network, path));
        }
    }
    paths
}

/// The path without the rounds that it makes.
fn without_cycles(network: &Network, path: Vec<u32>) -> Vec<u32> {
    let mut place = HashMap::new();
    let mut kept: Vec<u32> = Vec::new();
    for arc in path {
        let Arc { from, to, .. } = network.arcs[arc as usize];
        place.entry(from).or_insert(kept.len());
        if let Some(back) = place.get(&to).copied() {
            for dropped in kept.drain(back..) {
                place.remove(&network.arcs[dropped as usize].to);
            }
            place.insert(to, back);
        } else {
            kept.push(arc);
            place.insert(to, kept.len());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::network::Label;
    use super::*;
    use crate::observer::Unobserved;

    fn network(nodes: usize, arcs: &[(u32, u32)]) -> Network {
        let arcs = arcs.iter().map(|(from, to)| Arc { from: *from, to: *to, label: Label::Implied }).collect();
        Network { facts: Vec::new(), nodes, arcs, sources: vec![0], sinks: vec![nodes as u32 - 1], most_premises: 1 }
    }

    #[test]
    fn the_flow_is_as_great_as_the_cut() {
        let network = network(6, &[(0, 1), (0, 2), (1, 3), (2, 3), (1, 4), (3, 5), (4, 5), (4, 1)]);
        let flow = maximum_flow(&network, &[1; 8], &Unobserved).expect("nobody cancels");
        assert_eq!(flow.value, 2);
        let cut = network.arcs.iter().filter(|arc| flow.start_side[arc.from as usize] && !flow.start_side[arc.to as usize]);
        assert_eq!(cut.count(), 2);
        let paths = paths(&network, &flow);
        assert_eq!(paths.len(), 2);
        for path in paths {
            assert_eq!(network.arcs[path[0] as usize].from, 0);
            assert!(path.windows(2).all(|pair| network.arcs[pair[0] as usize].to == network.arcs[pair[1] as usize].from));
            assert_eq!(path.last().map(|arc| network.arcs[*arc as usize].to), Some(5));
        }
    }

    #[test]
    fn what_nothing_cuts_has_no_cut() {
        let network = network(2, &[(0, 1)]);
        assert!(maximum_flow(&network, &[UNCUTTABLE], &Unobserved).expect("nobody cancels").value >= UNCUTTABLE);
    }
}

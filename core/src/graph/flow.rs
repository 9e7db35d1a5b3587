//! Maximum flow and minimum cut of a [`Network`].

use super::network::{Arc, Network};
use super::residual::Residual;
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
    /// Whether a node lies on the start's side of the cut. Where the flow is not the largest the cut costs more than flows.
    pub start_side: Vec<bool>,
}

/// A maximum flow from the sources to the sinks. Costs at most `arcs × nodes²`, in practice a few passes. Where the observer is in a hurry, the flow found so
/// far, and the cheapest cut between two distances from the sources.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub(crate) fn maximum_flow(network: &Network, capacity: &[u64], observer: &dyn Observer) -> Result<Flow> {
    let mut residual = Residual::new(network, capacity);
    let (value, complete) = residual.maximum_flow(observer)?;
    // What flowed through an arc is what its reverse has gained; a pair that carried both ways counts once.
    let flowed = |arc: usize, capacity: u64| capacity.saturating_sub(residual.left(arc));
    let through = capacity.iter().enumerate().map(|(arc, capacity)| flowed(arc, *capacity)).collect();
    let first = capacity.len();
    let entering = (0..network.sources.len()).map(|at| flowed(first + at, UNCUTTABLE)).collect();
    let first = first + network.sources.len();
    let leaving = (0..network.sinks.len()).map(|at| flowed(first + at, UNCUTTABLE)).collect();
    let start_side = if complete { residual.start_side(network.nodes) } else { cheapest_layer(network, capacity) };
    Ok(Flow { value, through, entering, leaving, start_side })
}

/// The start's side of the cheapest cut between two distances from the sources.
fn cheapest_layer(network: &Network, capacity: &[u64]) -> Vec<bool> {
    let (starts, outgoing) = network.outgoing();
    let mut layer = vec![u32::MAX; network.nodes];
    network.sources.iter().for_each(|source| layer[*source as usize] = 0);
    let mut queue: VecDeque<u32> = network.sources.iter().copied().collect();
    let mut costs: Vec<u64> = Vec::new();
    while let Some(node) = queue.pop_front() {
        let at = layer[node as usize];
        for arc in &outgoing[starts[node as usize] as usize..starts[node as usize + 1] as usize] {
            let to = network.arcs[*arc as usize].to;
            if layer[to as usize] == u32::MAX {
                layer[to as usize] = at + 1;
                queue.push_back(to);
            }
            if layer[to as usize] == at + 1 {
                costs.resize(costs.len().max(at as usize + 1), 0);
                costs[at as usize] = costs[at as usize].saturating_add(capacity[*arc as usize]);
            }
        }
    }
    let nearest = network.sinks.iter().map(|sink| layer[*sink as usize]).min().unwrap_or(0);
    let cheapest = (0..nearest).min_by_key(|at| costs.get(*at as usize).copied().unwrap_or(u64::MAX)).unwrap_or(0);
    layer.into_iter().map(|layer| layer <= cheapest).collect()
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

    #[test]
    fn who_is_in_a_hurry_gets_a_cut_and_a_bound() {
        struct Hurry;
        impl Observer for Hurry {
            fn hurried(&self) -> bool {
                true
            }
        }
        let network = network(7, &[(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 5), (4, 6), (5, 6), (1, 5)]);
        let flow = maximum_flow(&network, &[3, 1, 1, 1, 1, 1, 1, 2, 1], &Hurry).expect("nobody cancels");
        let crosses = |arc: &Arc| flow.start_side[arc.from as usize] && !flow.start_side[arc.to as usize];
        let cut: u64 = network.arcs.iter().zip([3, 1, 1, 1, 1, 1, 1, 2, 1]).filter(|(arc, _)| crosses(arc)).map(|(_, cost)| cost).sum();
        assert_eq!((flow.value, cut), (1, 3));
    }
}

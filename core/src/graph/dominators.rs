//! Dominators of a [`Network`]: the nodes that every way from the sources to a node passes. The simple Lengauer-Tarjan algorithm (1979), without recursion.

use super::network::Network;

const NONE: u32 = u32::MAX;

/// The immediate dominator of each node, in the numbering of the network; `None` where only the start dominates it or it is not gained.
///
/// Costs `arcs × log nodes` at most, in practice a few passes.
pub(crate) fn immediate_dominators(network: &Network) -> Vec<Option<u32>> {
    Search::new(network).dominators()
}

/// A depth-first numbering from a super-source, and the forest of Lengauer and Tarjan over it.
struct Search {
    /// The node of each number; number 0 is the super-source.
    node: Vec<u32>,
    number: Vec<u32>,
    parent: Vec<u32>,
    /// The arcs into each node.
    starts: Vec<u32>,
    incoming: Vec<u32>,
    is_source: Vec<bool>,
    semi: Vec<u32>,
    ancestor: Vec<u32>,
    label: Vec<u32>,
}

impl Search {
    fn new(network: &Network) -> Self {
        let (out_starts, outgoing) = network.outgoing();
        let (starts, list) = network.incoming();
        let incoming = list.iter().map(|arc| network.arcs[*arc as usize].from).collect();
        let mut is_source = vec![false; network.nodes];
        let mut search = Search {
            node: vec![NONE],
            number: vec![NONE; network.nodes],
            parent: vec![0],
            starts,
            incoming,
            is_source: Vec::new(),
            semi: Vec::new(),
            ancestor: Vec::new(),
            label: Vec::new(),
        };
        for source in &network.sources {
            is_source[*source as usize] = true;
        }
        let mut stack: Vec<(u32, u32)> = network.sources.iter().rev().map(|source| (0, *source)).collect();
        while let Some((parent, node)) = stack.pop() {
            if search.number[node as usize] != NONE {
                continue;
            }
            let number = search.node.len() as u32;
            search.number[node as usize] = number;
            search.node.push(node);
            search.parent.push(parent);
            let arcs = &outgoing[out_starts[node as usize] as usize..out_starts[node as usize + 1] as usize];
            stack.extend(arcs.iter().rev().map(|arc| (number, network.arcs[*arc as usize].to)));
        }
        let count = search.node.len() as u32;
        search.is_source = is_source;
        search.semi = (0..count).collect();
        search.label = (0..count).collect();
        search.ancestor = vec![NONE; count as usize];
        search
    }

    fn dominators(mut self) -> Vec<Option<u32>> {
        let count = self.node.len();
        let mut dominator = vec![0u32; count];
        let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); count];
        for number in (1..count as u32).rev() {
            let node = self.node[number as usize] as usize;
            let mut semi = if self.is_source[node] { 0 } else { number };
            for at in self.starts[node]..self.starts[node + 1] {
                let from = self.number[self.incoming[at as usize] as usize];
                if from != NONE {
                    let least = self.least(from);
                    semi = semi.min(self.semi[least as usize]);
                }
            }
            self.semi[number as usize] = semi;
            buckets[semi as usize].push(number);
            let parent = self.parent[number as usize];
            self.ancestor[number as usize] = parent;
            for waiting in std::mem::take(&mut buckets[parent as usize]) {
                let least = self.least(waiting);
                dominator[waiting as usize] = if self.semi[least as usize] < parent { least } else { parent };
            }
        }
        for number in 1..count {
            if dominator[number] != self.semi[number] {
                dominator[number] = dominator[dominator[number] as usize];
            }
        }
        let mut answer = vec![None; self.number.len()];
        for number in 1..count {
            let by = dominator[number] as usize;
            answer[self.node[number] as usize] = (by != 0).then(|| self.node[by]);
        }
        answer
    }

    /// The number of least semidominator on the way up from a number, with the way compressed.
    fn least(&mut self, number: u32) -> u32 {
        if self.ancestor[number as usize] == NONE {
            return number;
        }
        let mut way = vec![number];
        let mut top = self.ancestor[number as usize];
        while self.ancestor[top as usize] != NONE {
            way.push(top);
            top = self.ancestor[top as usize];
        }
        let mut above = None;
        for number in way.into_iter().rev() {
            let at = number as usize;
            if let Some(above) = above {
                let (own, better): (u32, u32) = (self.label[at], self.label[above as usize]);
                if self.semi[better as usize] < self.semi[own as usize] {
                    self.label[at] = better;
                }
                self.ancestor[at] = top;
            }
            above = Some(number);
        }
        self.label[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::super::network::{Arc, Label};
    use super::*;

    fn network(nodes: usize, sources: &[u32], arcs: &[(u32, u32)]) -> Network {
        let arcs = arcs.iter().map(|(from, to)| Arc { from: *from, to: *to, label: Label::Implied }).collect();
        Network { facts: Vec::new(), nodes, arcs, sources: sources.to_vec(), sinks: Vec::new(), most_premises: 1 }
    }

    /// By the definition: what is no longer gained without a node.
    fn by_removal(network: &Network) -> Vec<Vec<u32>> {
        let gained = |without: Option<u32>| {
            let mut seen = vec![false; network.nodes];
            let mut stack: Vec<u32> = network.sources.iter().copied().filter(|node| Some(*node) != without).collect();
            while let Some(node) = stack.pop() {
                if !std::mem::replace(&mut seen[node as usize], true) {
                    let next = network.arcs.iter().filter(|arc| arc.from == node && Some(arc.to) != without);
                    stack.extend(next.map(|arc| arc.to));
                }
            }
            seen
        };
        let all = gained(None);
        (0..network.nodes)
            .map(|node| {
                let others = (0..network.nodes as u32).filter(|other| *other != node as u32 && all[node]);
                others.filter(|other| !gained(Some(*other))[node]).collect()
            })
            .collect()
    }

    #[test]
    fn the_tree_says_what_removal_says() {
        let mut state = 7u64;
        let mut random = move |below: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as u32) % below
        };
        for _ in 0..500 {
            let nodes = 2 + random(9);
            let arcs: Vec<_> = (0..random(20)).map(|_| (random(nodes), random(nodes))).collect();
            let network = network(nodes as usize, &[0, random(nodes)], &arcs);
            let tree = immediate_dominators(&network);
            for (node, expected) in by_removal(&network).into_iter().enumerate() {
                let mut found = Vec::new();
                let mut at = tree[node];
                while let Some(dominator) = at {
                    found.push(dominator);
                    at = tree[dominator as usize];
                }
                found.sort_unstable();
                assert_eq!(found, expected, "node {node} of {arcs:?}");
            }
        }
    }
}

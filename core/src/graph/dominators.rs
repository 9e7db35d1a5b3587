//! Dominators of a [`Network`]: the nodes that every way from the sources to a node passes. The Semi-NCA algorithm (Georgiadis and Tarjan, 2005), without recursion.

use super::network::{Network, dealt};

const NONE: u32 = u32::MAX;

/// The immediate dominator of each node, in the numbering of the network; `None` where only the start dominates it or it is not gained.
///
/// Costs `nodes²` at most, in practice a few passes over the arcs.
pub(crate) fn immediate_dominators(network: &Network) -> Vec<Option<u32>> {
    let tree = Tree::new(network);
    let dominators = tree.dominators(network);
    let mut answer = vec![None; network.nodes];
    for (node, by) in tree.node.iter().zip(dominators).skip(1) {
        answer[*node as usize] = (by != 0).then(|| tree.node[by as usize]);
    }
    answer
}

/// A depth-first numbering from a super-source, which is number 0.
struct Tree {
    /// The node of each number.
    node: Vec<u32>,
    number: Vec<u32>,
    parent: Vec<u32>,
}

impl Tree {
    fn new(network: &Network) -> Tree {
        let (starts, heads) = network.heads();
        let mut tree = Tree { node: vec![NONE], number: vec![NONE; network.nodes], parent: vec![0] };
        // The next arc to follow of each node on the way.
        let mut way: Vec<(u32, u32)> = Vec::new();
        for source in &network.sources {
            tree.meet(*source, 0, &starts, &mut way);
            while let Some((node, next)) = way.last_mut() {
                let node = *node;
                if *next == starts[node as usize + 1] {
                    way.pop();
                    continue;
                }
                let to = heads[*next as usize];
                *next += 1;
                tree.meet(to, tree.number[node as usize], &starts, &mut way);
            }
        }
        tree
    }

    fn meet(&mut self, node: u32, parent: u32, starts: &[u32], way: &mut Vec<(u32, u32)>) {
        if self.number[node as usize] == NONE {
            self.number[node as usize] = self.node.len() as u32;
            self.node.push(node);
            self.parent.push(parent);
            way.push((node, starts[node as usize]));
        }
    }

    /// The immediate dominator of each number.
    fn dominators(&self, network: &Network) -> Vec<u32> {
        let count = self.node.len();
        let mut semi = self.parent.clone();
        let mut forest = Forest { above: self.parent.clone(), least: self.parent.clone(), way: Vec::new() };
        let (starts, into) = self.into(network);
        for number in (1..count as u32).rev() {
            let mut least = semi[number as usize];
            for from in &into[starts[number as usize] as usize..starts[number as usize + 1] as usize] {
                least = least.min(if *from <= number { *from } else { forest.least(*from, number) });
            }
            semi[number as usize] = least;
            forest.least[number as usize] = least;
        }
        // The dominator is the nearest one above that is not below the semidominator. What is above is settled, for its number is less.
        let mut dominator = self.parent.clone();
        for number in 1..count {
            let mut above = self.parent[number];
            while above > semi[number] {
                above = dominator[above as usize];
            }
            dominator[number] = above;
        }
        dominator
    }

    /// For each number where the numbers from which it is gained start in a list, and that list.
    fn into(&self, network: &Network) -> (Vec<u32>, Vec<u32>) {
        let number = |node: u32| self.number[node as usize];
        let arcs = network.arcs.iter().map(|arc| (number(arc.from), number(arc.to))).filter(|(from, to)| *from != NONE && *to != NONE);
        let sources = network.sources.iter().map(|source| (0, number(*source)));
        let pairs: Vec<(u32, u32)> = arcs.chain(sources).collect();
        dealt(pairs.iter().map(|(from, to)| (*to, *from)), self.node.len())
    }
}
/// The numbers that were worked off, each with the least semidominator on its way up; ways are shortened as they are walked.
struct Forest {
    above: Vec<u32>,
    least: Vec<u32>,
    way: Vec<u32>,
}

impl Forest {
    /// The least semidominator on the way up from a number, as far as numbers were worked off: those above `last`.
    fn least(&mut self, number: u32, last: u32) -> u32 {
        let mut top = number;
        while self.above[top as usize] > last {
            self.way.push(top);
            top = self.above[top as usize];
        }
        let (end, mut least) = (self.above[top as usize], self.least[top as usize]);
        while let Some(below) = self.way.pop() {
            least = least.min(self.least[below as usize]);
            (self.above[below as usize], self.least[below as usize]) = (end, least);
        }
        least
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

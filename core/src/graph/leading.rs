//! [`Leading`]: the nodes of a network from which a sink can be gained.

use super::network::{Arc, by_end};

/// Whether a sink can be gained from each node, worked out against the direction of the arcs.
pub(super) struct Leading<'a> {
    arcs: &'a [Arc],
    further: &'a [Arc],
    /// For each node where the arcs that end there start in the list of them.
    starts: Vec<u32>,
    incoming: Vec<u32>,
    leads: Vec<bool>,
    stack: Vec<u32>,
}

/// Calls a visitor with every node that a node leads to.
type Visit<'v> = &'v mut dyn FnMut(u32);

/// A node from which nothing of a sink can be gained.
const DEAD: u32 = u32::MAX;

impl<'a> Leading<'a> {
    /// Costs a pass over the arcs.
    pub fn new(arcs: &'a [Arc], further: &'a [Arc], nodes: usize, sinks: &[u32]) -> Self {
        let (starts, incoming) = by_end(arcs.iter().chain(further).map(|arc| arc.to), nodes);
        let mut leading = Leading { arcs, further, starts, incoming, leads: vec![false; nodes], stack: Vec::new() };
        sinks.iter().for_each(|sink| leading.mark(*sink));
        leading
    }

    pub fn into_leads(self) -> Vec<bool> {
        self.leads
    }

    /// A node leads to a sink, and so does what leads to it.
    fn mark(&mut self, node: u32) {
        if std::mem::replace(&mut self.leads[node as usize], true) {
            return;
        }
        self.stack.push(node);
        while let Some(node) = self.stack.pop() {
            for arc in &self.incoming[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize] {
                let at = *arc as usize;
                let from = if at < self.arcs.len() { self.arcs[at].from } else { self.further[at - self.arcs.len()].from };
                if !std::mem::replace(&mut self.leads[from as usize], true) {
                    self.stack.push(from);
                }
            }
        }
    }

    /// Marks also what leads on only through arcs that were not drawn: `returns` are those of them that lead back, and `follow` gives where any node leads.
    /// Follows each that is in doubt, which is little where most nodes lead on; whether it was little enough to be finished.
    pub fn through(&mut self, returns: &[(u32, u32)], follow: impl Fn(u32, Visit<'_>)) -> bool {
        let mut left = self.leads.len() * 4;
        // In which search each node was met, and from where.
        let mut met = vec![(0u32, 0u32); self.leads.len()];
        for ((from, to), search) in returns.iter().zip(1..) {
            if self.leads[*from as usize] || met[*to as usize].0 == DEAD {
                continue;
            }
            let mut queue = vec![*to];
            met[*to as usize] = (search, *to);
            let mut found = self.leads[*to as usize].then_some(*to);
            let mut at = 0;
            while let Some(node) = queue.get(at).copied().filter(|_| found.is_none()) {
                at += 1;
                follow(node, &mut |next| {
                    left = left.saturating_sub(1);
                    let (when, _) = met[next as usize];
                    if self.leads[next as usize] {
                        found = Some(node);
                    } else if when != search && when != DEAD {
                        met[next as usize] = (search, node);
                        queue.push(next);
                    }
                });
                if left == 0 {
                    return false;
                }
            }
            match found {
                Some(mut node) => {
                    while node != *to {
                        self.mark(node);
                        node = met[node as usize].1;
                    }
                    self.mark(*to);
                    self.mark(*from);
                }
                None => queue.iter().for_each(|node| met[*node as usize].0 = DEAD),
            }
        }
        true
    }
}

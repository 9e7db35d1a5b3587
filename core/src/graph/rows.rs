//! [`Condensed`]: what is reached from up to 512 starts at once, pushed through the components in their order.

use super::Fact;
use super::compile::Graph;
use super::components::{Arrows, Components, View};
use crate::error::Result;
use crate::model::Certainty;
use crate::observer::Observer;

/// The starts from which a component is reached, one bit each.
pub(super) type Row<const WORDS: usize> = [u64; WORDS];

/// The components that some starts reach, and the arcs between them, each once.
pub(super) struct Condensed {
    components: Components,
    first: Vec<u32>,
    to: Vec<u32>,
    joints: Vec<Joined>,
}

/// A relation that needs more than FROM: the components of what it needs, and of what it gives.
struct Joined {
    premises: Vec<u32>,
    to: u32,
}

impl Condensed {
    /// Costs one visit of what is reached.
    pub fn of(graph: &Graph, starts: &[Vec<Fact>], admitted: Certainty, observer: &dyn Observer) -> Result<Condensed> {
        let view = View::of(graph, admitted);
        let nodes = starts.iter().flatten().filter_map(|fact| graph.nodes.of_fact(*fact));
        // What a joint gives may be reached by it alone.
        let joined = graph.joints.iter().zip(graph.first_joint()..).filter(|(joint, _)| graph.admits(admitted, joint.edge));
        let given = joined.clone().map(|(_, node)| graph.gained(node));
        let arrows = view.arrows();
        let components = Components::of(arrows, graph.arcs.nodes(), nodes.chain(given), observer)?;
        observer.check(0, 0)?;
        let (first, to) = arcs(arrows, graph.first_joint(), &components);
        let joint = |(joint, node): (&super::arcs::Joint, u32)| {
            let premises = graph.premise_nodes(joint.edge).into_iter().map(|node| components.component(node)).collect::<Option<_>>();
            Some(Joined { premises: premises?, to: components.reached(graph.gained(node)) })
        };
        let joints = joined.filter_map(joint).collect();
        Ok(Condensed { components, first, to, joints })
    }

    pub fn count(&self) -> usize {
        self.components.count as usize
    }

    pub fn component(&self, node: u32) -> Option<u32> {
        self.components.component(node)
    }

    /// Fills in the rows of these starts. Costs a row operation an arc between components; where relations need more than FROM, again for each that fires late.
    pub fn rows<const WORDS: usize>(
        &self,
        graph: &Graph,
        starts: &[Vec<Fact>],
        rows: &mut Vec<Row<WORDS>>,
        observer: &dyn Observer,
    ) -> Result<()> {
        observer.claim((self.count() * size_of::<Row<WORDS>>()) as u64)?;
        rows.clear();
        rows.resize(self.count(), [0; WORDS]);
        for (lane, fact) in starts.iter().enumerate().flat_map(|(lane, facts)| facts.iter().map(move |fact| (lane, *fact))) {
            if let Some(component) = graph.nodes.of_fact(fact).and_then(|node| self.component(node)) {
                rows[component as usize][lane / 64] |= 1 << (lane % 64);
            }
        }
        loop {
            self.push(rows, observer)?;
            if !self.join(rows) {
                return Ok(());
            }
        }
    }

    fn push<const WORDS: usize>(&self, rows: &mut [Row<WORDS>], observer: &dyn Observer) -> Result<()> {
        for component in 0..self.count() {
            if component.is_multiple_of(65_536) {
                observer.check(component as u64, 0)?;
            }
            let (done, further) = rows.split_at_mut(component + 1);
            let row = done[component];
            if row == [0; WORDS] {
                continue;
            }
            for to in &self.to[self.first[component] as usize..self.first[component + 1] as usize] {
                or(&mut further[*to as usize - component - 1], &row);
            }
        }
        Ok(())
    }

    /// Lets the joints fire whose premises are all held; whether anything is gained by it.
    fn join<const WORDS: usize>(&self, rows: &mut [Row<WORDS>]) -> bool {
        let mut gained = false;
        for Joined { premises, to } in &self.joints {
            let mut all = [u64::MAX; WORDS];
            for premise in premises {
                all.iter_mut().zip(&rows[*premise as usize]).for_each(|(all, word)| *all &= word);
            }
            let to = &mut rows[*to as usize];
            gained |= all.iter().zip(to.iter()).any(|(all, word)| all & !word != 0);
            or(to, &all);
        }
        gained
    }
}

pub(super) fn or<const WORDS: usize>(row: &mut Row<WORDS>, other: &Row<WORDS>) {
    row.iter_mut().zip(other).for_each(|(word, other)| *word |= other);
}

/// The arcs between different components, by the component they start at, each once.
fn arcs(arrows: Arrows<'_>, nodes: u32, components: &Components) -> (Vec<u32>, Vec<u32>) {
    let mut pairs = Vec::new();
    let mut first = vec![0u32; components.count as usize + 1];
    for node in 0..nodes {
        let Some(from) = components.component(node) else { continue };
        for to in arrows.of_node(node).iter().filter(|to| !components.same(node, **to)) {
            pairs.push((from, components.reached(*to)));
            first[from as usize + 1] += 1;
        }
    }
    for at in 1..first.len() {
        first[at] += first[at - 1];
    }
    let mut next = first.clone();
    let mut sorted = vec![0; pairs.len()];
    for (from, to) in pairs {
        sorted[next[from as usize] as usize] = to;
        next[from as usize] += 1;
    }
    once(first, sorted)
}

/// The same arcs, each once.
fn once(mut first: Vec<u32>, mut to: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
    let mut seen = vec![u32::MAX; first.len()];
    let (mut kept, mut at) = (0, 0);
    for component in 0..first.len() - 1 {
        let end = first[component + 1] as usize;
        first[component] = kept as u32;
        while at < end {
            let end_of_arc = to[at];
            at += 1;
            if std::mem::replace(&mut seen[end_of_arc as usize], component as u32) != component as u32 {
                to[kept] = end_of_arc;
                kept += 1;
            }
        }
    }
    let last = first.len() - 1;
    first[last] = kept as u32;
    to.truncate(kept);
    (first, to)
}

//! [`Components`]: the strongly connected parts of what some nodes reach, in topological order. Pearce's algorithm (2016), without recursion.

use super::arcs::{FREE, Numbers};
use super::compile::Graph;
use crate::error::Result;
use crate::model::Certainty;
use crate::observer::Observer;
use std::borrow::Cow;

/// The arcs that conduct under what is admitted. Joints lead nowhere here: whether they fire is not a question of one arc.
pub(super) struct View<'a> {
    first: Cow<'a, [u32]>,
    to: Cow<'a, [u32]>,
    joints: u32,
}

impl<'a> View<'a> {
    pub fn of(graph: &'a Graph, admitted: Certainty) -> View<'a> {
        let joints = graph.first_joint();
        if admitted == Certainty::Possible || !graph.has_possible() {
            return View { first: Cow::Borrowed(&graph.arcs.first), to: Cow::Borrowed(&graph.arcs.to), joints };
        }
        let (mut first, mut to) = (Vec::with_capacity(graph.arcs.first.len()), Vec::with_capacity(graph.arcs.to.len()));
        for node in 0..graph.arcs.nodes() as u32 {
            first.push(to.len() as u32);
            match graph.arcs.numbered(node) {
                (ends, Numbers::From(_)) => to.extend_from_slice(ends),
                (ends, Numbers::Listed(numbers)) => {
                    let conducts = |number: u32| number == FREE || !graph.is_possible(number);
                    to.extend(ends.iter().zip(numbers).filter(|(_, number)| conducts(**number)).map(|(to, _)| *to));
                }
            }
        }
        first.push(to.len() as u32);
        View { first: Cow::Owned(first), to: Cow::Owned(to), joints }
    }

    /// The arcs as plain slices.
    pub fn arrows(&self) -> Arrows<'_> {
        Arrows { first: &self.first, to: &self.to, joints: self.joints }
    }
}

/// The arcs of a view.
#[derive(Clone, Copy)]
pub(super) struct Arrows<'a> {
    first: &'a [u32],
    to: &'a [u32],
    joints: u32,
}

impl<'a> Arrows<'a> {
    /// Where the arcs of a node lead.
    #[inline]
    pub fn of_node(self, node: u32) -> &'a [u32] {
        if node >= self.joints {
            return &[];
        }
        &self.to[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}

/// The component of each node. Arcs lead to the same or to a greater one.
pub(super) struct Components {
    of: Vec<u32>,
    pub count: u32,
}

/// Numbers of finished components count down from here, so that they are greater than every number of a node on the way.
const LAST: u32 = u32::MAX;

impl Components {
    /// The components of what these nodes reach. Costs one visit of every node and arc that is reached.
    pub fn of(arrows: Arrows<'_>, nodes: usize, starts: impl Iterator<Item = u32>, observer: &dyn Observer) -> Result<Components> {
        let mut search = Search { arrows, low: vec![0; nodes], met: 0, finished: 0, frames: Vec::new(), waiting: Vec::new() };
        for start in starts.filter(|start| (*start as usize) < nodes) {
            if search.low[start as usize] == 0 {
                search.visit(start, observer)?;
            }
        }
        Ok(Components { of: search.low, count: search.finished })
    }

    /// The component of a node; `None` where it is not reached.
    pub fn component(&self, node: u32) -> Option<u32> {
        let low = self.of[node as usize];
        (low != 0).then(|| self.number(low))
    }

    /// The component of a node that is reached.
    pub fn reached(&self, node: u32) -> u32 {
        self.number(self.of[node as usize])
    }

    /// Whether two nodes that are reached are in one component.
    #[inline]
    pub fn same(&self, node: u32, other: u32) -> bool {
        self.of[node as usize] == self.of[other as usize]
    }

    fn number(&self, low: u32) -> u32 {
        low - (LAST - self.count) - 1
    }
}

/// A node on the way, its place in the order of meeting, and how many of its arcs were followed.
struct Frame {
    node: u32,
    met: u32,
    followed: u32,
}

struct Search<'a> {
    arrows: Arrows<'a>,
    /// Nothing where a node was not met; then the least node met that it leads back to; once finished its component.
    low: Vec<u32>,
    met: u32,
    finished: u32,
    frames: Vec<Frame>,
    waiting: Vec<u32>,
}

impl Search<'_> {
    fn visit(&mut self, start: u32, observer: &dyn Observer) -> Result<()> {
        self.meet(start);
        'next: while let Some(frame) = self.frames.last_mut() {
            let node = frame.node;
            let to = self.arrows.of_node(node);
            let mut low = self.low[node as usize];
            for (at, to) in to.iter().enumerate().skip(frame.followed as usize) {
                let other = self.low[*to as usize];
                if other == 0 {
                    // When it is done, the arc is looked at again.
                    frame.followed = at as u32;
                    self.low[node as usize] = low;
                    self.meet(*to);
                    continue 'next;
                }
                low = low.min(other);
            }
            self.low[node as usize] = low;
            let met = frame.met;
            self.frames.pop();
            if low == met {
                self.finish(node, met);
                if self.finished.is_multiple_of(16_384) {
                    observer.check(self.met.into(), 0)?;
                }
            } else {
                self.waiting.push(node);
            }
        }
        Ok(())
    }

    fn meet(&mut self, node: u32) {
        self.met += 1;
        self.low[node as usize] = self.met;
        self.frames.push(Frame { node, met: self.met, followed: 0 });
    }

    /// The node and what was met after it and not finished is a component.
    fn finish(&mut self, node: u32, met: u32) {
        let component = LAST - self.finished;
        self.finished += 1;
        while let Some(other) = self.waiting.pop_if(|other| self.low[*other as usize] >= met) {
            self.low[other as usize] = component;
        }
        self.low[node as usize] = component;
    }
}

//! [`GroupCounts`]: how many entities of each group each of many starts comes to hold.

use super::Fact;
use super::alone::Alone;
use super::compile::Graph;
use super::members::Members;
use super::rows::Condensed;
use crate::error::Result;
use crate::model::{Certainty, Right};
use crate::observer::Observer;

/// The group of an entity that is not counted.
pub const NO_GROUP: u32 = u32::MAX;

/// What a start holds in one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GroupCount {
    /// How many entities of the group are held at all.
    pub entities: u32,
    /// The strongest right held over any of them, in the order control, write, read.
    pub strongest: Option<Right>,
}

/// How many entities of each group each start holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupCounts {
    groups: usize,
    counts: Vec<GroupCount>,
}

impl GroupCounts {
    pub(super) fn new(starts: usize, groups: usize) -> Self {
        GroupCounts { groups, counts: vec![GroupCount::default(); starts * groups] }
    }

    /// What a start holds, by group.
    pub fn of(&self, start: usize) -> &[GroupCount] {
        &self.counts[start * self.groups..(start + 1) * self.groups]
    }

    /// What all starts hold from one on.
    pub(super) fn beginning_with(&mut self, start: usize) -> &mut [GroupCount] {
        &mut self.counts[start * self.groups..]
    }

    pub(super) fn of_mut(&mut self, start: usize) -> &mut [GroupCount] {
        &mut self.counts[start * self.groups..(start + 1) * self.groups]
    }
}

impl GroupCount {
    /// Counts so many more entities over which a right is held.
    pub(super) fn add(&mut self, entities: u32, right: Right) {
        self.entities += entities;
        self.strengthen(right);
    }

    pub(super) fn strengthen(&mut self, right: Right) {
        self.strongest = super::strongest(self.strongest.into_iter().chain([right]));
    }
}

/// The facts of a start that are no nodes, since nothing asks for them: an entity once, with the strongest right.
pub(super) fn loose(graph: &Graph, start: &[Fact]) -> Vec<Fact> {
    let mut loose: Vec<Fact> = start.iter().copied().filter(|fact| graph.nodes.of_fact(*fact).is_none()).collect();
    // Write is stronger than read, and control is always a node.
    loose.sort_unstable_by_key(|fact| (fact.entity, std::cmp::Reverse(fact.right)));
    loose.dedup_by_key(|fact| fact.entity);
    loose
}

/// The widest row, in words of 64 starts.
const WIDE: usize = 8;

impl Graph {
    /// For each start on its own, how many entities of each group it comes to hold at all, and the strongest right over any of them. `group` gives the group of
    /// each entity, from 0, or [`NO_GROUP`].
    ///
    /// Where little is reached, costs what is reached from each start. Where much is, the components of the graph once, and then a pass over the arcs between them
    /// for each 512 starts, however much each of them reaches.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`], [`crate::ErrorCode::LimitExceeded`].
    pub fn count_by_group(&self, starts: &[Vec<Fact>], admitted: Certainty, group: &[u32], observer: &dyn Observer) -> Result<GroupCounts> {
        self.counted(starts, admitted, group, true, observer)
    }

    /// `alone`: whether starts are first followed one by one, for as long as that is cheap.
    fn counted(
        &self,
        starts: &[Vec<Fact>],
        admitted: Certainty,
        group: &[u32],
        alone: bool,
        observer: &dyn Observer,
    ) -> Result<GroupCounts> {
        let groups = group.iter().filter(|group| **group != NO_GROUP).max().map_or(0, |last| *last as usize + 1);
        observer.claim((starts.len() * groups * size_of::<GroupCount>()) as u64)?;
        let mut counts = GroupCounts::new(starts.len(), groups);
        let mut done = 0;
        if alone {
            let mut alone = Alone::new(self, admitted, group, starts.len());
            while done < starts.len() && alone.count(&starts[done], counts.of_mut(done), observer)? {
                done += 1;
            }
        }
        if done == starts.len() {
            return Ok(counts);
        }
        let starts = &starts[done..];
        let condensed = Condensed::of(self, starts, admitted, observer)?;
        let members = Members::of(self, &condensed, group, groups);
        if starts.len() <= 64 {
            members.count::<1>(self, &condensed, starts, done, &mut counts, observer)?;
        } else {
            members.count::<WIDE>(self, &condensed, starts, done, &mut counts, observer)?;
        }
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::EntityIndex;
    use crate::graph::GraphOptions;
    use crate::graph::tests::random_estate;
    use crate::model::Instant;
    use crate::observer::Unobserved;

    /// By the definition: from the closure of each start.
    fn by_closure(graph: &Graph, starts: &[Vec<Fact>], admitted: Certainty, group: &[u32]) -> GroupCounts {
        let mut counts = GroupCounts::new(starts.len(), 2);
        for (at, start) in starts.iter().enumerate() {
            let closure = graph.closure(start, admitted, &Unobserved).expect("nobody cancels");
            for (entity, group) in group.iter().enumerate().filter(|(_, group)| **group != NO_GROUP) {
                let held = closure.held_over(EntityIndex(entity as u32));
                if let Some(right) = crate::graph::strongest(held.map(|held| held.fact.right)) {
                    counts.of_mut(at)[*group as usize].add(1, right);
                }
            }
        }
        counts
    }

    #[test]
    fn each_way_of_counting_says_what_the_closures_say() {
        for seed in 0..300 {
            let estate = random_estate(seed);
            let graph = Graph::new(&estate, GraphOptions::at(Instant::from_unix_seconds(1_700_000_000)));
            // Every entity counts in one of two groups, but for one in five; the last in the second, so that there are two.
            let mut group: Vec<u32> = (0..estate.len() as u32).map(|at| if at % 5 == 0 { NO_GROUP } else { at % 2 }).collect();
            group[1] = 1;
            let facts: Vec<Fact> =
                estate.indices().flat_map(|entity| Right::ALL.iter().map(move |right| Fact::new(entity, *right))).collect();
            let pairs = facts.iter().zip(facts.iter().skip(7)).map(|(one, other)| vec![*one, *other]);
            let starts: Vec<Vec<Fact>> = facts.iter().map(|fact| vec![*fact]).chain(pairs).chain([Vec::new()]).collect();
            for admitted in [Certainty::Proven, Certainty::Possible] {
                let expected = by_closure(&graph, &starts, admitted, &group);
                let one_by_one = graph.counted(&starts, admitted, &group, true, &Unobserved).expect("nobody cancels");
                assert_eq!(one_by_one, expected, "seed {seed}, {admitted}");
                let together = graph.counted(&starts, admitted, &group, false, &Unobserved).expect("nobody cancels");
                assert_eq!(together, expected, "seed {seed}, {admitted}");
                let few = graph.counted(&starts[..20], admitted, &group, false, &Unobserved).expect("nobody cancels");
                assert!((0..20).all(|start| few.of(start) == expected.of(start)), "seed {seed}, {admitted}");
            }
        }
    }
}

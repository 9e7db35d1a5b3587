//! [`Members`]: the components that decide which entities of each group are held, and how their rows are counted.

use super::compile::Graph;
use super::groups::{GroupCount, GroupCounts, NO_GROUP, loose};
use super::rows::{Condensed, Row, or};
use super::{EntityIndex, Fact};
use crate::error::Result;
use crate::model::Right;
use crate::observer::{Observer, Shared};
use crate::parallel;
use std::ops::Range;

/// What decides about some entities, group by group.
pub(super) struct Members {
    /// For each group where its parts start; one more than there are groups.
    first: Vec<u32>,
    parts: Vec<Part>,
    /// The group of each entity.
    group: Vec<u32>,
}

/// So many entities are held where either of two components is reached, and then a right over them.
struct Part {
    component: u32,
    other: u32,
    entities: u32,
    right: Right,
}

impl Members {
    pub fn of(graph: &Graph, condensed: &Condensed, group: &[u32], groups: usize) -> Members {
        let mut first = vec![0u32; groups + 1];
        let mut parts: Vec<Part> = Vec::new();
        // Where the part of a component stands in the current group.
        let mut place = vec![u32::MAX; condensed.count()];
        let by_group = by_group(graph, group, groups);
        for (at, entities) in by_group.iter().enumerate() {
            first[at] = parts.len() as u32;
            for nodes in entities {
                if nodes.len() > 1 {
                    mixed(graph, condensed, nodes.clone(), &mut parts);
                    continue;
                }
                let Some(component) = condensed.component(nodes.start) else { continue };
                let known = place[component as usize];
                let known = parts.get_mut(known as usize).filter(|part| known >= first[at] && part.component == component);
                if let Some(part) = known {
                    part.entities += 1;
                } else {
                    place[component as usize] = parts.len() as u32;
                    parts.push(Part { component, other: component, entities: 1, right: Right::Control });
                }
            }
        }
        first[groups] = parts.len() as u32;
        Members { first, parts, group: group.to_vec() }
    }

    /// Counts what many starts hold, the first of which has this number, so many words of them a pass, the passes on as many threads as there are.
    pub fn count<const WORDS: usize>(
        &self,
        graph: &Graph,
        condensed: &Condensed,
        starts: &[Vec<Fact>],
        first: usize,
        counts: &mut GroupCounts,
        observer: &dyn Observer,
    ) -> Result<()> {
        let shared = Shared::new(observer);
        let passes = starts.chunks(64 * WORDS).zip(counts.beginning_with(first).chunks_mut((64 * WORDS * (self.first.len() - 1)).max(1)));
        let done = parallel::map(passes, |(starts, counts)| {
            let mut rows: Vec<Row<WORDS>> = Vec::new();
            condensed.rows(graph, starts, &mut rows, &shared)?;
            self.gather(graph, condensed, starts, &rows, counts);
            Ok(())
        });
        done.into_iter().collect()
    }

    fn gather<const WORDS: usize>(
        &self,
        graph: &Graph,
        condensed: &Condensed,
        starts: &[Vec<Fact>],
        rows: &[Row<WORDS>],
        counts: &mut [GroupCount],
    ) {
        let groups = self.first.len() - 1;
        for group in 0..groups {
            let mut sums = Sums::<WORDS>::default();
            let mut held = [[0; WORDS]; Right::ALL.len()];
            for part in &self.parts[self.first[group] as usize..self.first[group + 1] as usize] {
                let mut row = rows[part.component as usize];
                or(&mut held[part.right as usize], &row);
                or(&mut row, &rows[part.other as usize]);
                sums.add(&row, part.entities);
            }
            for (start, _) in starts.iter().enumerate() {
                let count = &mut counts[start * groups + group];
                let is_held = |right: &&Right| held[**right as usize][start / 64] >> (start % 64) & 1 != 0;
                *count = GroupCount { entities: sums.of(start), strongest: super::strongest(Right::ALL.iter().filter(is_held).copied()) };
            }
        }
        for (start, facts) in starts.iter().enumerate() {
            self.count_loose(graph, condensed, rows, start, facts, &mut counts[start * groups..(start + 1) * groups]);
        }
    }

    /// What of the start is no node holds its entity too.
    fn count_loose<const WORDS: usize>(
        &self,
        graph: &Graph,
        condensed: &Condensed,
        rows: &[Row<WORDS>],
        start: usize,
        facts: &[Fact],
        counts: &mut [GroupCount],
    ) {
        let nodes = &graph.nodes;
        for fact in loose(graph, facts) {
            let group = self.group[fact.entity.position()];
            if group != NO_GROUP {
                let row = |node| condensed.component(node).map_or(0, |component| rows[component as usize][start / 64]);
                let is_held = nodes.of_entity(fact.entity).any(|node| row(node) >> (start % 64) & 1 != 0);
                counts[group as usize].add(u32::from(!is_held), fact.right);
            }
        }
    }
}

/// The nodes of the entities of each group. Those of one tenant stand near each other when entities are taken in order.
fn by_group(graph: &Graph, group: &[u32], groups: usize) -> Vec<Vec<Range<u32>>> {
    let mut entities = vec![Vec::new(); groups];
    for (entity, group) in (0..).map(EntityIndex).zip(group).filter(|(_, group)| **group != NO_GROUP) {
        entities[*group as usize].push(graph.nodes.of_entity(entity));
    }
    entities
}

/// The parts of an entity that has more nodes than that of control.
fn mixed(graph: &Graph, condensed: &Condensed, nodes: Range<u32>, parts: &mut Vec<Part>) {
    let reached: Vec<(u32, Right)> = nodes.filter_map(|node| Some((condensed.component(node)?, graph.nodes.fact(node).right))).collect();
    // Control gives the others without a hop, so the rows of these say all.
    let further: Vec<u32> = reached.iter().filter(|(_, right)| *right != Right::Control).map(|(component, _)| *component).collect();
    let whole = reached.len() - further.len();
    for (at, (component, right)) in reached.into_iter().enumerate() {
        let other = further.last().copied().filter(|_| at == whole).unwrap_or(component);
        parts.push(Part { component, other, entities: u32::from(at == whole), right });
    }
}

/// A sum a start, as the planes of its binary digits.
#[derive(Default)]
struct Sums<const WORDS: usize> {
    planes: Vec<Row<WORDS>>,
}

impl<const WORDS: usize> Sums<WORDS> {
    /// Adds so many to the sum of every start whose bit is set.
    fn add(&mut self, row: &Row<WORDS>, many: u32) {
        let mut left = many;
        while left != 0 {
            let digit = left.trailing_zeros() as usize;
            left &= left - 1;
            self.carry(*row, digit);
        }
    }

    fn carry(&mut self, mut carry: Row<WORDS>, digit: usize) {
        if self.planes.len() <= digit {
            self.planes.resize(digit + 1, [0; WORDS]);
        }
        for plane in &mut self.planes[digit..] {
            let mut any = 0;
            for (sum, carry) in plane.iter_mut().zip(&mut carry) {
                let both = *sum & *carry;
                *sum ^= *carry;
                *carry = both;
                any |= both;
            }
            if any == 0 {
                return;
            }
        }
        self.planes.push(carry);
    }

    fn of(&self, start: usize) -> u32 {
        let digit = |plane: &Row<WORDS>| (plane[start / 64] >> (start % 64) & 1) as u32;
        self.planes.iter().rev().fold(0, |sum, plane| sum << 1 | digit(plane))
    }
}

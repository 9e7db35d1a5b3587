//! [`Sources`]: where the edges of a graph come from, as runs: most are the relations of the estate one after the other.

use std::ops::Range;

/// Where an edge comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The relation of the estate.
    Relation(u32),
    /// Rule 3 or 4, by its place among all that were derived.
    Derived(u32),
}

impl Source {
    /// The source so many edges further on in its run.
    pub const fn plus(self, many: u32) -> Source {
        match self {
            Source::Relation(at) => Source::Relation(at + many),
            Source::Derived(at) => Source::Derived(at + many),
        }
    }
}

/// Where edges come from, by number.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The first edge of each run.
    first: Vec<u32>,
    /// The source of that edge: a relation, or with the highest bit what was derived.
    source: Vec<u32>,
    /// What each derived edge leads to: an entity, or with the highest bit a group of equal secrets.
    derived: Vec<u32>,
    length: u32,
}

const HIGHEST: u32 = 1 << 31;

impl Sources {
    pub fn len(&self) -> u32 {
        self.length
    }

    /// Adds a run.
    pub fn push(&mut self, source: Source, length: u32) {
        if length == 0 {
            return;
        }
        let code = match source {
            Source::Relation(at) => at,
            Source::Derived(at) => at | HIGHEST,
        };
        let goes_on = self.first.last().zip(self.source.last()).is_some_and(|(first, source)| source + (self.length - first) == code);
        if !goes_on {
            self.first.push(self.length);
            self.source.push(code);
        }
        self.length += length;
    }

    /// Adds a derived edge: to an entity, or to a group of equal secrets.
    pub fn derive(&mut self, to: u32, is_group: bool) {
        self.push(Source::Derived(self.derived.len() as u32), 1);
        self.derived.push(if is_group { to | HIGHEST } else { to });
    }

    /// Adds a derived edge to each of these entities.
    pub fn contain(&mut self, entities: &[u32]) {
        self.push(Source::Derived(self.derived.len() as u32), entities.len() as u32);
        self.derived.extend_from_slice(entities);
    }

    /// Adds all that come after.
    pub fn append(&mut self, other: Sources) {
        let before = self.derived.len() as u32;
        let ends = other.first.iter().skip(1).copied().chain([other.length]);
        for ((first, source), end) in other.first.iter().zip(&other.source).zip(ends) {
            let source = if source & HIGHEST == 0 { Source::Relation(*source) } else { Source::Derived((source & !HIGHEST) + before) };
            self.push(source, end - first);
        }
        self.derived.extend(other.derived);
    }

    /// What a derived edge leads to, and whether that is a group of equal secrets.
    pub fn derived(&self, at: u32) -> (u32, bool) {
        let to = self.derived[at as usize];
        (to & !HIGHEST, to & HIGHEST != 0)
    }

    /// The source of an edge. Costs a binary search among the runs.
    pub fn get(&self, number: u32) -> Source {
        self.in_run(self.run(number), number)
    }

    /// The sources of some edges, run by run, each with its length.
    pub fn pieces(&self, edges: Range<u32>) -> impl Iterator<Item = (Source, u32)> + '_ {
        let mut at = edges.start;
        let mut run = if edges.is_empty() { 0 } else { self.run(at) };
        std::iter::from_fn(move || {
            (at < edges.end).then(|| {
                let end = self.first.get(run + 1).map_or(edges.end, |end| *end.min(&edges.end));
                let piece = (self.in_run(run, at), end - at);
                (at, run) = (end, run + 1);
                piece
            })
        })
    }

    fn run(&self, number: u32) -> usize {
        self.first.partition_point(|first| *first <= number) - 1
    }

    fn in_run(&self, run: usize, number: u32) -> Source {
        let (source, further) = (self.source[run], number - self.first[run]);
        if source & HIGHEST == 0 { Source::Relation(source + further) } else { Source::Derived((source & !HIGHEST) + further) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edge_knows_where_it_comes_from() {
        let mut sources = Sources::default();
        sources.push(Source::Relation(4), 3);
        sources.push(Source::Relation(7), 1);
        sources.push(Source::Relation(9), 0);
        sources.contain(&[20]);
        sources.derive(3, true);
        let mut more = Sources::default();
        more.derive(21, false);
        more.push(Source::Relation(8), 2);
        sources.append(more);
        use Source::{Derived, Relation};
        let all = [Relation(4), Relation(5), Relation(6), Relation(7), Derived(0), Derived(1), Derived(2), Relation(8), Relation(9)];
        assert_eq!((0..sources.len()).map(|number| sources.get(number)).collect::<Vec<_>>(), all);
        assert_eq!((0..3).map(|at| sources.derived(at)).collect::<Vec<_>>(), [(20, false), (3, true), (21, false)]);
        assert_eq!(sources.pieces(2..8).collect::<Vec<_>>(), [(Relation(6), 2), (Derived(0), 3), (Relation(8), 1)]);
        assert_eq!(sources.pieces(5..5).count(), 0);
    }
}

//! [`Origins`]: where each relation came from.

use super::Position;

/// Where each relation came from, in the order of adding: a run is one record after the other, so that those of a document of a million lines are one.
#[derive(Debug, Default)]
pub(super) struct Origins {
    runs: Vec<(u32, Position)>,
    count: u32,
}

impl Origins {
    /// Adds the origin of the next relation.
    pub fn push(&mut self, origin: Position) {
        if self.runs.last().is_none_or(|run| after(*run, self.count) != origin) {
            self.runs.push((self.count, origin));
        }
        self.count += 1;
    }

    /// Where a relation came from.
    pub fn of(&self, relation: u32) -> Position {
        let run = self.runs.partition_point(|(first, _)| *first <= relation);
        run.checked_sub(1).map_or_else(Position::default, |run| after(self.runs[run], relation))
    }
}

fn after((first, position): (u32, Position), relation: u32) -> Position {
    // What has no record has none however many follow.
    let passed = if position.record == 0 { 0 } else { u64::from(relation - first) };
    Position { record: position.record + passed, ..position }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_relation_has_its_own_origin() {
        let origins = [(0, 0), (0, 0), (1, 4), (1, 5), (1, 5), (1, 6), (1, 8), (2, 9), (2, 10)];
        let origins = origins.map(|(source, record)| Position { source, record });
        let mut kept = Origins::default();
        origins.iter().for_each(|origin| kept.push(*origin));
        for (relation, origin) in (0..).zip(origins) {
            assert_eq!(kept.of(relation), origin, "{relation}");
        }
        assert_eq!(kept.runs.len(), 5);
    }
}

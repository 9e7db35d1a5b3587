//! The status of every secret, worked out from what the estate keeps of it when it is asked for.

use super::RotationStatus;
use super::judge::{Bound, Judge};
use crate::estate::{EntityIndex, Estate, PlainSecrets, UNDATED};
use crate::model::{EnvironmentClass, SecretKind};
use crate::parallel;

/// How many secrets have each status.
pub(super) type Counts = [u64; RotationStatus::ALL.len()];

/// The secrets that a thread looks at before it asks for more.
const PIECE: usize = 1 << 16;

/// What is said of plain secrets, as numbers of dates, by group.
#[derive(Debug, Clone)]
pub(super) struct Statuses {
    bounds: [Bounds; PlainSecrets::GROUPS],
    /// The first number that lies in the future.
    future: u32,
    /// Whether these numbers tell all: else each secret is judged by its fields.
    tell: bool,
}

/// The bounds of a group, each no later than the future.
#[derive(Debug, Clone, Copy, Default)]
struct Bounds {
    /// What is before is overdue.
    overdue: u32,
    /// What is before is due soon, if not overdue.
    soon: u32,
    /// From the future on, so many numbers are of unknown age: those of dates, and [`UNDATED`] where an age is needed.
    unknown: u32,
}

/// How many of some plain secrets have each status.
#[derive(Default)]
struct Tally {
    overdue: u32,
    /// Those that are overdue too.
    soon: u32,
    unknown: u32,
}

impl Statuses {
    pub fn new(estate: &Estate, judge: &Judge) -> Statuses {
        let as_of = judge.as_of.unix_microseconds();
        let future = PlainSecrets::date(as_of.saturating_add(1));
        let mut bounds = [Bounds::default(); PlainSecrets::GROUPS];
        for kind in SecretKind::ALL.iter().copied() {
            for class in EnvironmentClass::ALL.iter().copied() {
                bounds[usize::from(PlainSecrets::group(kind, class))] = Bounds::of(judge.bound(kind, class), future);
            }
        }
        Statuses { bounds, future, tell: estate.plain_secrets().tell(as_of) }
    }

    /// The status of an entity; `None` where it is no secret.
    pub fn get(&self, estate: &Estate, judge: &Judge, entity: EntityIndex) -> Option<RotationStatus> {
        match estate.plain_secrets().get(entity) {
            Some((group, date)) if self.tell => Some(self.plain(group, date)),
            _ => judge.row(estate, entity).map(|row| row.status),
        }
    }

    fn plain(&self, group: u8, date: u32) -> RotationStatus {
        let mut tally = Tally::default();
        tally.add(self, group, date);
        match tally {
            Tally { unknown: 1, .. } => RotationStatus::UnknownAge,
            Tally { overdue: 1, .. } => RotationStatus::Overdue,
            Tally { soon: 1, .. } => RotationStatus::DueSoon,
            _ => RotationStatus::Within,
        }
    }

    /// How many secrets have each status.
    pub fn count(&self, estate: &Estate, judge: &Judge) -> Counts {
        let secrets = estate.plain_secrets();
        let mut counts = Counts::default();
        if self.tell {
            let (groups, dates) = secrets.all();
            let tallies = parallel::map(groups.chunks(PIECE).zip(dates.chunks(PIECE)), |(groups, dates)| self.tally(groups, dates));
            let others = parallel::map(secrets.others().chunks(PIECE), |piece| judged(estate, judge, piece.iter().copied()));
            tallies.iter().chain(&others).for_each(|more| add(&mut counts, more));
        } else {
            let pieces = (0..estate.len() as u32).step_by(PIECE).map(|first| first..(first + PIECE as u32).min(estate.len() as u32));
            parallel::map(pieces, |piece| judged(estate, judge, piece)).iter().for_each(|more| add(&mut counts, more));
        }
        counts
    }

    /// What [`Judge::row`] says of plain secrets, without a branch: what a secret is and how old it is cannot be foretold.
    fn tally(&self, groups: &[u8], dates: &[u32]) -> Counts {
        let mut tally = Tally::default();
        groups.iter().zip(dates).for_each(|(group, date)| tally.add(self, *group, *date));
        tally.counts(groups.len())
    }
}

impl Bounds {
    fn of(bound: Bound, future: u32) -> Bounds {
        Bounds {
            overdue: PlainSecrets::date(bound.overdue_before).min(future),
            soon: PlainSecrets::date(bound.soon_until.saturating_add(1)).min(future),
            unknown: UNDATED - future + u32::from(bound.needs_age),
        }
    }
}

impl Tally {
    #[inline]
    fn add(&mut self, statuses: &Statuses, group: u8, date: u32) {
        let bounds = &statuses.bounds[usize::from(group) % PlainSecrets::GROUPS];
        self.overdue += u32::from(date < bounds.overdue);
        self.soon += u32::from(date < bounds.soon);
        self.unknown += u32::from(date.wrapping_sub(statuses.future) < bounds.unknown);
    }

    /// The counts of so many secrets.
    fn counts(&self, many: usize) -> Counts {
        let mut counts = Counts::default();
        counts[RotationStatus::Overdue as usize] = self.overdue.into();
        counts[RotationStatus::DueSoon as usize] = (self.soon - self.overdue).into();
        counts[RotationStatus::UnknownAge as usize] = self.unknown.into();
        counts[RotationStatus::Within as usize] = many as u64 - u64::from(self.soon + self.unknown);
        counts
    }
}

/// How many of some entities have each status, each judged by its fields.
fn judged(estate: &Estate, judge: &Judge, entities: impl Iterator<Item = u32>) -> Counts {
    let mut counts = Counts::default();
    entities.filter_map(|at| judge.row(estate, EntityIndex(at))).for_each(|row| counts[row.status as usize] += 1);
    counts
}

fn add(counts: &mut Counts, more: &Counts) {
    counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
}

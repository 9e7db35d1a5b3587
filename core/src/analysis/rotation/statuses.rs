//! The status of every secret as a column, worked out from the columns of the estate.

use super::RotationStatus;
use super::judge::{Bound, Judge};
use crate::estate::{EntityIndex, Estate, PlainSecrets};
use crate::model::{Environment, SecretKind};
use crate::parallel;

/// The status of each entity, in pieces of as many; none where it is no secret.
#[derive(Debug, Clone)]
pub(super) struct Statuses(Vec<Piece>);

type Piece = Vec<Option<RotationStatus>>;

/// How many secrets have each status.
pub(super) type Counts = [u64; RotationStatus::ALL.len()];

/// The entities of a piece: few enough that every thread has its share, and that what is written stays in the cache.
const PIECE: usize = 1 << 16;

impl Statuses {
    pub fn get(&self, entity: EntityIndex) -> Option<RotationStatus> {
        self.0.get(entity.position() / PIECE)?.get(entity.position() % PIECE).copied().flatten()
    }
}

/// The status of every secret, and how many have each.
pub(super) fn statuses(estate: &Estate, judge: &Judge) -> (Statuses, Counts) {
    let table = Table::new(judge);
    let starts: Vec<usize> = (0..estate.len()).step_by(PIECE).collect();
    let pieces = parallel::map(starts, |start| {
        let end = (start + PIECE).min(estate.len());
        let (mut piece, mut counts) = (Piece::with_capacity(end - start), Counts::default());
        for first in (start..end).step_by(PlainSecrets::MOST) {
            let last = (first + PlainSecrets::MOST).min(end);
            match estate.plain_secrets(first..last) {
                Some(secrets) => table.judge(&secrets, &mut piece, &mut counts),
                None => {
                    let statuses = (first..last).map(|at| judge.row(estate, EntityIndex(at as u32)).map(|row| row.status));
                    piece.extend(statuses.inspect(|status| status.iter().for_each(|status| counts[*status as usize] += 1)));
                }
            }
        }
        (piece, counts)
    });
    let mut counts = Counts::default();
    for (_, more) in &pieces {
        counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
    }
    (Statuses(pieces.into_iter().map(|(piece, _)| piece).collect()), counts)
}

/// The bounds of every kind in every environment.
struct Table {
    as_of: i64,
    bounds: Box<[Bound; BOUNDS]>,
}

/// Kinds and environments are sixteen at most: half a byte each.
const HALF: usize = 4;
const BOUNDS: usize = 1 << (2 * HALF);
const _: () = assert!(SecretKind::ALL.len() <= 1 << HALF && Environment::ALL.len() <= 1 << HALF);

/// The statuses that a plain secret can have.
const PLAIN: [RotationStatus; 4] = [RotationStatus::Within, RotationStatus::DueSoon, RotationStatus::Overdue, RotationStatus::UnknownAge];
const UNKNOWN: u8 = 3;
/// The bits of a count of a block.
const COUNT: u8 = 16;

impl Table {
    fn new(judge: &Judge) -> Table {
        let mut bounds = Box::new([Bound { overdue_before: i64::MIN, soon_until: i64::MIN, needs_age: false }; BOUNDS]);
        for kind in SecretKind::ALL {
            for environment in Environment::ALL {
                bounds[(*kind as usize) << HALF | *environment as usize] = judge.bound(*kind, *environment);
            }
        }
        Table { as_of: judge.as_of.unix_microseconds(), bounds }
    }

    /// What [`Judge::row`] says of each, without a branch: what a secret is and how old it is cannot be foretold.
    fn judge(&self, secrets: &PlainSecrets<'_>, piece: &mut Piece, counts: &mut Counts) {
        let (mut dates, mut dated, mut many) = (secrets.created_at.iter(), secrets.dated, 0u64);
        piece.extend(secrets.kinds.iter().zip(secrets.environments).map(|(kind, environment)| {
            let bound = self.bounds[((*kind as usize) << HALF | environment.environment as usize) % BOUNDS];
            let has_date = dated & 1 != 0;
            dated >>= 1;
            let date = dates.as_slice().first().map_or(i64::MAX, |date| date.unix_microseconds());
            if has_date {
                dates.next();
            }
            let known =
                if date > self.as_of { UNKNOWN } else { u8::from(date < bound.overdue_before) + u8::from(date <= bound.soon_until) };
            let status = if has_date { known } else { UNKNOWN * u8::from(bound.needs_age) };
            many += 1 << (status * COUNT);
            Some(PLAIN[status as usize])
        }));
        for (at, status) in (0..).zip(PLAIN) {
            counts[status as usize] += many >> (at * COUNT) & u64::from(u16::MAX);
        }
    }
}

//! [`PlainSecrets`]: the secrets of which their age alone decides, in five bytes each.

use super::Entities;
use crate::error::Result;
use crate::estate::EntityIndex;
use crate::estate::columns::Sparse;
use crate::model::{EntityType, EnvironmentClass, ResolvedEnvironment, SecretKind};
use crate::observer::Pace;

/// The secrets that state no end and are neither dynamic nor revoked: what each is, and since when it has its value. Made once an estate, so that whoever asks
/// about their age reads nothing else.
#[derive(Debug, Default)]
pub(crate) struct PlainSecrets {
    /// The [`PlainSecrets::date`] of each, or [`UNDATED`].
    dates: Sparse<u32>,
    /// The [`PlainSecrets::group`] of each.
    groups: Vec<u8>,
    /// The rows of the other secrets.
    others: Vec<u32>,
    /// Whether a date lies within a second.
    fractional: bool,
}

/// Where nothing says since when.
pub(crate) const UNDATED: u32 = u32::MAX;

/// 1980-01-01: dates are counted from there, for 68 years.
const BASE: i64 = 315_532_800 * SECOND;
const SECOND: i64 = 1_000_000;
const CLASSES: usize = 4;
const _: () = assert!(EnvironmentClass::ALL.len() <= CLASSES && SecretKind::ALL.len() * CLASSES <= PlainSecrets::GROUPS);

impl PlainSecrets {
    /// How many groups there may be.
    pub const GROUPS: usize = 64;

    /// One pass over the entities.
    ///
    /// # Errors
    /// As [`crate::Observer::check`].
    pub(in crate::estate) fn of(entities: &Entities, environments: &[ResolvedEnvironment], pace: &mut Pace<'_>) -> Result<Self> {
        let mut secrets = PlainSecrets::default();
        for (row, _) in entities.types.iter().enumerate().filter(|(_, it)| **it == EntityType::Secret) {
            pace.step()?;
            match entities.plain_date(row) {
                Some(date) => {
                    secrets.fractional |= date != UNDATED && date.is_multiple_of(2);
                    secrets.dates.push(row, date);
                    secrets.groups.push(PlainSecrets::group(entities.secret_kind(row), environments[row].class()));
                }
                None => secrets.others.push(row as u32),
            }
        }
        secrets.dates.shrink();
        secrets.groups.shrink_to_fit();
        secrets.others.shrink_to_fit();
        Ok(secrets)
    }

    /// The number of a kind in a class.
    pub const fn group(kind: SecretKind, class: EnvironmentClass) -> u8 {
        (kind as usize * CLASSES + class as usize) as u8
    }

    /// The number of an instant, by microseconds: odd for a whole second, the even one after it for all that lies within that second, so that what is less is
    /// what lies before. What is before all numbers is 1, what is after them [`UNDATED`].
    pub fn date(microseconds: i64) -> u32 {
        let since = microseconds.saturating_sub(BASE).max(0);
        u32::try_from(since / SECOND * 2 + i64::from(since % SECOND != 0) + 1).unwrap_or(UNDATED)
    }

    /// Whether numbers of dates tell what lies before an instant, by microseconds: not where both lie within seconds.
    pub fn tell(&self, microseconds: i64) -> bool {
        !self.fractional || microseconds % SECOND == 0
    }

    /// The groups and the dates, in the order of the rows.
    pub fn all(&self) -> (&[u8], &[u32]) {
        (&self.groups, self.dates.values())
    }

    /// The group and the date of an entity that is one of these.
    #[inline]
    pub fn get(&self, entity: EntityIndex) -> Option<(u8, u32)> {
        let place = self.dates.place(entity.position())?;
        Some((self.groups[place], self.dates.values()[place]))
    }

    /// The secrets that are none of these.
    pub fn others(&self) -> &[u32] {
        &self.others
    }
}

impl Entities {
    /// The number of the date since when a plain secret has its value; `None` where it is not plain, or the date has no number.
    fn plain_date(&self, row: usize) -> Option<u32> {
        if self.expires_at.get(row).is_some() || self.flags[row].any() {
            return None;
        }
        let Some(date) = self.rotated_at.get(row).or_else(|| self.created_at.get(row)) else { return Some(UNDATED) };
        let number = PlainSecrets::date(date.unix_microseconds());
        (date.unix_microseconds() >= BASE && number != UNDATED).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Instant;

    #[test]
    fn numbers_of_dates_stand_in_the_order_of_dates() {
        let date = |text: &str| PlainSecrets::date(Instant::parse(text).expect("a test instant").unix_microseconds());
        let dates =
            ["0001-01-01", "1980-01-01T00:00:00.000001Z", "1980-01-01T00:00:01Z", "2026-05-01", "2048-01-01", "2048-02-01"].map(date);
        assert_eq!((dates[0], dates[1], dates[2], dates[5]), (1, 2, 3, UNDATED));
        assert!(dates.is_sorted() && dates[4] < UNDATED);
    }
}

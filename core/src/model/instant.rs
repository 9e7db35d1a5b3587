//! [`Instant`]: a point in time, to the microsecond, and [`Instant::NEVER`].

use crate::error::{Error, ErrorCode, Result};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use std::fmt;

/// A point in time in UTC, to the microsecond. Written and read as RFC 3339.
///
/// The library never reads a clock: every instant comes from an input or from the caller.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

const MICROSECONDS_A_SECOND: i64 = 1_000_000;
const SECONDS_A_DAY: i64 = 86_400;

impl Instant {
    /// `9999-12-31T23:59:59Z`: how exports write "never ends" (Google Cloud service-account keys do). As an `expires_at` it states that
    /// there is no end; a missing `expires_at` states nothing.
    pub const NEVER: Instant = Instant(253_402_300_799 * MICROSECONDS_A_SECOND);

    /// The microseconds of a day.
    pub(crate) const DAY: i64 = SECONDS_A_DAY * MICROSECONDS_A_SECOND;

    /// The first and the last instant that RFC 3339 can write.
    const FIRST: Instant = Instant(-62_135_596_800 * MICROSECONDS_A_SECOND);
    pub(crate) const LAST: Instant = Instant(Self::NEVER.0 + MICROSECONDS_A_SECOND - 1);

    /// The instant so many microseconds after 1970-01-01T00:00:00Z.
    pub const fn from_unix_microseconds(microseconds: i64) -> Self {
        Instant(microseconds)
    }

    /// The instant so many seconds after 1970-01-01T00:00:00Z.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Instant(seconds.saturating_mul(MICROSECONDS_A_SECOND))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn unix_microseconds(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 (`2026-05-01T00:00:00Z`, any offset, any fraction) or a bare date, which is its first instant in UTC.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInstant`] for anything else; the text is not repeated.
    pub fn parse(text: &str) -> Result<Self> {
        let instant = DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_micros());
        let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == "2026-05-01".len());
        instant
            .or_else(|| Some(day()?.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros()))
            .map(Instant)
            .filter(|at| (Instant::FIRST..=Instant::LAST).contains(at))
            .ok_or_else(|| {
                Error::new(ErrorCode::InvalidInstant, "not an RFC 3339 instant; write it like `2026-05-01T00:00:00Z` or `2026-05-01`")
            })
    }

    /// The day in UTC, as `2026-05-01`.
    pub fn date(self) -> String {
        self.to_string().chars().take_while(|character| *character != 'T').collect()
    }

    /// Whole days from `earlier` to this instant, rounded down; negative where `earlier` is later.
    pub const fn days_since(self, earlier: Instant) -> i64 {
        (self.0 - earlier.0).div_euclid(Self::DAY)
    }

    /// The instant so many days later (earlier, where negative); stays within the years 1 to 9999.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Instant {
        let at = self.0.saturating_add(days.saturating_mul(Self::DAY));
        if at > Instant::LAST.0 {
            Instant::LAST
        } else if at < Instant::FIRST.0 {
            Instant::FIRST
        } else {
            Instant(at)
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::<Utc>::from_timestamp_micros(self.0) {
            Some(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => write!(f, "{}us", self.0),
        }
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Instant {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Instant::parse(text)
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Instant;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 instant")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Instant, E> {
                Instant::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect("a test instant")
    }

    #[test]
    fn reads_offsets_fractions_and_bare_dates() {
        assert_eq!(at("2026-05-01T02:00:00+02:00"), at("2026-05-01"));
        assert_eq!(at("2021-04-08T20:32:11.215176Z").to_string(), "2021-04-08T20:32:11.215176Z");
        assert_eq!(at("9999-12-31T23:59:59Z"), Instant::NEVER);
        assert_eq!(at("2026-05-01T23:59:59-02:00").date(), "2026-05-02");
    }

    #[test]
    fn only_what_can_be_written_can_be_read() {
        for text in ["+12026-01-01", "-0001-01-01", "2026-5-1", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00"] {
            assert_eq!(Instant::parse(text).expect_err(text).code(), ErrorCode::InvalidInstant);
        }
        assert_eq!(Instant::NEVER.plus_days(90).to_string(), "9999-12-31T23:59:59.999999Z");
        assert_eq!(at("0001-01-01").plus_days(-1), at("0001-01-01"));
    }

    #[test]
    fn an_error_does_not_repeat_the_text() {
        let error = Instant::parse("hunter2").expect_err("not an instant");
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn counts_whole_days() {
        assert_eq!(at("2026-05-01").days_since(at("2026-04-30T00:00:01Z")), 0);
        assert_eq!(at("2026-05-01").days_since(at("2026-01-31")), 90);
        assert_eq!(at("2026-05-01").days_since(at("2026-05-01T00:00:01Z")), -1);
        assert_eq!(at("2026-05-01").plus_days(90), at("2026-07-30"));
    }
}

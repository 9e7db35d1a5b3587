//! Instants, in the forms in which scanners write them.

use crate::model::Instant;
use chrono::DateTime;

/// The instant in a text; `None` where it is none, or the year 1 that Go writes for no date.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let text = text.trim();
    let instant = Instant::parse(text).ok().or_else(|| seconds(text).map(Instant::from_unix_seconds))?;
    (instant > Instant::from_unix_seconds(0)).then_some(instant)
}

fn seconds(text: &str) -> Option<i64> {
    // Go repeats the zone by its name, `2022-06-16 10:17:40 -0700 PDT`, or says it by name alone.
    let mut words = text.split_ascii_whitespace();
    let first = match (words.next(), words.next(), words.next()) {
        (Some(day), Some(time), Some("UTC")) => format!("{day} {time} +0000"),
        (Some(day), Some(time), Some(zone)) => format!("{day} {time} {zone}"),
        _ => text.to_owned(),
    };
    let written = |text: &str, form| DateTime::parse_from_str(text, form).ok().map(|at| at.timestamp());
    written(&first, "%Y-%m-%d %H:%M:%S%.f %z").or_else(|| written(text, "%s %z")).or_else(|| written(text, "%a %b %e %H:%M:%S %Y %z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_date_is_read() {
        for text in [
            "2021-03-13T12:12:00Z",
            "2021-03-13T17:42:00+05:30",
            "2021-03-13 17:42:00 +0530",
            "2021-03-13 05:12:00 -0700 PDT",
            "2021-03-13 12:12:00 UTC",
            "Sat Mar 13 17:42:00 2021 +0530",
            "1615637520 +0100",
        ] {
            assert_eq!(parse(text).map(|at| at.to_string()).as_deref(), Some("2021-03-13T12:12:00Z"), "{text}");
        }
        for text in ["", "10-19-2003", "0001-01-01T00:00:00Z", "yesterday", "1e300 +0100"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

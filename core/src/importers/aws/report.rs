//! The credential report: a table of users with their passwords, keys and certificates.

use super::export::When;
use super::names::{Arn, root_user_id};
use super::world::{ReportRow, Slot, World};
use crate::error::Place;
use crate::importers::ImportContext;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashMap;

/// The first columns of a report, by which it is known.
const HEAD: &[u8] = b"user,arn,user_creation_time";
const BAD_ROW: &str = "a row of the credential report without the ARN of a user";
const NOT_A_TABLE: &str = "a row of the credential report that is no row of a table";

/// Whether bytes are a report as a table.
pub(super) fn is_table(bytes: &[u8]) -> bool {
    bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes).starts_with(HEAD)
}

/// The table in the content of an output: in base64 as the command writes it, or plain as the libraries do.
pub(super) fn decoded(content: &str) -> Option<Vec<u8>> {
    if is_table(content.as_bytes()) {
        return Some(content.as_bytes().to_vec());
    }
    let letters: String = content.split_whitespace().collect();
    STANDARD.decode(letters).ok().filter(|table| is_table(table))
}

/// Reads a report. Columns are told by their names, for newer reports add some. Of a user in two reports the later row is kept.
pub(super) fn take(world: &mut World, bytes: &[u8], place: &Place, context: &mut ImportContext<'_>) {
    world.seen.report = true;
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let columns: HashMap<String, usize> = match table.headers() {
        Ok(head) => head.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect(),
        Err(_) => return context.builder.skip(place.clone(), NOT_A_TABLE),
    };
    for (number, record) in table.records().enumerate() {
        let number = number as u64 + 1;
        context.builder.record();
        let place = Place { record: Some(number), ..place.clone() };
        let Ok(record) = record else {
            context.builder.skip(place, NOT_A_TABLE);
            continue;
        };
        let cell = |name: &str| columns.get(name).and_then(|at| record.get(*at)).unwrap_or_default();
        let Some(arn) = Arn::parse(cell("arn")) else {
            context.builder.skip(place, BAD_ROW);
            continue;
        };
        let id = if arn.resource == "root" { root_user_id(arn.partition, arn.account) } else { cell("arn").to_owned() };
        world.report.insert(id, ReportRow { position: context.builder.position(), ..row(&cell) });
    }
}

/// `N/A`, `no_information` and `not_supported` are no dates and no flags: unknown.
fn row<'a>(cell: &impl Fn(&str) -> &'a str) -> ReportRow {
    let flag = |name: &str| match cell(name) {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    let date = |name: &str| When::parse(cell(name));
    let slot = |kind: &str, number: u8| Slot {
        active: flag(&format!("{kind}_{number}_active")),
        last_rotated: date(&format!("{kind}_{number}_last_rotated")),
        last_used: date(&format!("{kind}_{number}_last_used_date")),
    };
    ReportRow {
        created_at: date("user_creation_time"),
        password_enabled: flag("password_enabled"),
        password_last_used: date("password_last_used"),
        password_last_changed: date("password_last_changed"),
        mfa_active: flag("mfa_active"),
        keys: [slot("access_key", 1), slot("access_key", 2)],
        certificates: [slot("cert", 1), slot("cert", 2)],
        ..ReportRow::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_plain_and_in_base64() {
        assert_eq!(decoded("user,arn,user_creation_time\n").as_deref(), Some(&b"user,arn,user_creation_time\n"[..]));
        assert_eq!(decoded("dXNlcixhcm4sdXNlcl9jcmVhdGlvbl90aW1l\n").as_deref(), Some(&b"user,arn,user_creation_time"[..]));
        assert!(decoded("AAAA").is_none() && decoded("not base64!").is_none());
    }
}

//! gitleaks as CSV: the columns are told by their names, for their order changed from version to version.

use super::gitleaks::{Finding, found};
use super::reading::Report;
use crate::error::Place;
use crate::importers::ImportContext;
use std::collections::HashMap;

const NO_ROW: &str = "a row that is no row of a table";
const NO_FINDING: &str = "a row without a rule and a file";

fn text(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes)
}

/// Whether bytes are such a table.
pub(super) fn is_table(bytes: &[u8]) -> bool {
    let head = text(bytes).split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let columns: Vec<&[u8]> = head.split(|byte| *byte == b',').collect();
    [&b"RuleID"[..], b"File", b"Secret"].iter().all(|column| columns.contains(column))
}

/// Reads a table, a finding a row.
pub(super) fn take(bytes: &[u8], report: &mut Report<'_>, context: &mut ImportContext<'_>) {
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(text(bytes));
    let source = context.builder.source_name().to_owned();
    let Ok(head) = table.headers() else { return context.builder.skip(Place::new(source).line(1), NO_ROW) };
    let columns: HashMap<String, usize> = head.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
    for row in table.into_records() {
        let number = context.builder.record();
        let place = Place::new(&source).record(number);
        let Ok(row) = row else {
            context.builder.skip(place, NO_ROW);
            continue;
        };
        let cell = |name: &str| columns.get(name).and_then(|at| row.get(*at)).filter(|cell| !cell.is_empty()).map(str::to_owned);
        let finding = Finding {
            rule_id: cell("RuleID"),
            start_line: cell("StartLine").and_then(|line| line.parse().ok()),
            start_column: cell("StartColumn").and_then(|column| column.parse().ok()),
            secret: cell("Secret"),
            matched: cell("Match"),
            file: cell("File"),
            commit: cell("Commit"),
            date: cell("Date"),
            link: cell("Link"),
        };
        if finding.rule_id.is_none() || finding.file.is_none() {
            context.builder.skip(place, NO_FINDING);
            continue;
        }
        let found = found(finding, context.key);
        report.keep(found, context);
    }
}

//! Whether an input is a report of a scanner, judged by its first records.

use super::gitleaks_table;
use super::sarif;
use super::shape::Shape;
use crate::importers::Input;
use crate::importers::records::Records;

/// How far into an input its marks must show.
const WINDOW: usize = 64 * 1024;
/// How many records are looked at: the first may be lines of a log.
const FIRST: usize = 20;
/// Names of members that reports have.
const MARKS: [&str; 12] = [
    "\"RuleID\"",
    "\"offender\"",
    "gitleaks",
    "\"DetectorName\"",
    "\"secret\"",
    "\"plugins_used\"",
    "\"rule_name\"",
    "\"entities_with_incidents\"",
    "\"total_incidents\"",
    "\"secret_type\"",
    "sarif",
    "\"rule\"",
];
/// How people name the reports of these tools.
const NAMES: [&str; 7] = ["gitleaks", "trufflehog", "detect-secrets", "secrets.baseline", "noseyparker", "ggshield", "secret-scanning"];

/// Whether an input looks like a report.
pub(super) fn detects(input: &Input) -> bool {
    if gitleaks_table::is_table(&input.bytes) {
        return true;
    }
    // A report of no finding looks like nothing: its name tells.
    let is_nothing = input.bytes.len() <= 8 && matches!(input.bytes.trim_ascii(), b"null" | b"[]" | b"{}");
    if is_nothing {
        let name = input.name.to_ascii_lowercase().replace('_', "-");
        return NAMES.iter().any(|tool| name.contains(tool));
    }
    let start = &input.bytes[..input.bytes.len().min(WINDOW)];
    let holds = |mark: &str| start.windows(mark.len()).any(|window| window == mark.as_bytes());
    if !MARKS.iter().any(|mark| holds(mark)) {
        return false;
    }
    let Ok(records) = Records::new(&input.name, &input.bytes) else { return false };
    records.take(FIRST).any(|record| {
        let Ok(text) = record.object() else { return false };
        match Shape::of(text) {
            Some(Shape::Sarif) => record.parse().is_ok_and(|log| sarif::is_known(&log)),
            Some(shape) => shape.is_telling(),
            None => false,
        }
    })
}

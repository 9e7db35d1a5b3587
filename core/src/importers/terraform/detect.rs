//! Whether an input is a state or a plan of Terraform, judged by its frame.

use super::document::Frame;
use crate::importers::Input;
use crate::importers::records::Records;

/// How far into an input its marks must show.
const WINDOW: usize = 64 * 1024;
const MARKS: [&str; 3] = ["\"terraform_version\"", "\"format_version\"", "\"lineage\""];

/// Whether an input looks like a state or a plan.
pub(super) fn detects(input: &Input) -> bool {
    let start = &input.bytes[..input.bytes.len().min(WINDOW)];
    if !MARKS.iter().any(|mark| start.windows(mark.len()).any(|window| window == mark.as_bytes())) {
        return false;
    }
    let Ok(mut records) = Records::new(&input.name, &input.bytes) else { return false };
    records.next().is_some_and(|record| record.parse::<Frame<'_>>().is_ok_and(|frame| frame.is_terraform()))
}

//! The account of a reading as tables.

use super::columns::{Columns, count};
use crate::error::Result;
use crate::estate::{Conflict, Coverage, Skipped, Source};
use arrow_array::RecordBatch;

/// The inputs that were read.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn sources(sources: &[Source]) -> Result<RecordBatch> {
    Columns::over(sources)
        .text("name", |row| Some(&row.name))
        .text("format", |row| Some(&row.format))
        .number("records", |row| count(row.records))
        .table()
}

/// The records that were left out, each with its place and the reason.
///
/// # Errors
/// As [`sources`].
pub fn skipped(skipped: &[Skipped]) -> Result<RecordBatch> {
    Columns::over(skipped)
        .text("source", |row| Some(&row.place.source))
        .number("line", |row| row.place.line.and_then(count))
        .number("column", |row| row.place.column.and_then(count))
        .number("record", |row| row.place.record.and_then(count))
        .text("field", |row| row.place.field.as_ref())
        .text("reason", |row| Some(&row.reason))
        .table()
}

/// The facts on which two sources disagree.
///
/// # Errors
/// As [`sources`].
pub fn conflicts(conflicts: &[Conflict]) -> Result<RecordBatch> {
    Columns::over(conflicts)
        .text("entity", |row| Some(&row.entity))
        .text("field", |row| Some(&row.field))
        .text("kept", |row| Some(&row.kept))
        .text("other", |row| Some(&row.other))
        .table()
}

/// The ids that something refers to and nobody describes.
///
/// # Errors
/// As [`sources`].
pub fn placeholders(placeholders: &[String]) -> Result<RecordBatch> {
    Columns::over(placeholders).text("id", Some).table()
}

/// What was not in the input, or could not be judged.
///
/// # Errors
/// As [`sources`].
pub fn coverage(coverage: &[Coverage]) -> Result<RecordBatch> {
    Columns::over(coverage)
        .text("topic", |row| Some(&row.topic))
        .number("known", |row| count(row.known))
        .number("total", |row| count(row.total))
        .text("note", |row| Some(&row.note))
        .table()
}

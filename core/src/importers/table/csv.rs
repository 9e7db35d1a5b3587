//! CSV: a line with the names of the columns, then a row a line. An empty cell says nothing.

use super::known;
use super::mapped::Mapped;
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::document::{Cell, Field, Form, Tables, json_or_text};
use crate::importers::{ImportContext, Input};
use ::csv::{Reader, ReaderBuilder, StringRecord};
use serde_json::Value;
use std::borrow::Cow;

/// How often the observer is asked.
const ROWS_A_CHECK: u64 = 4096;

/// Whether an input is CSV whose columns are those of the document, but perhaps for one: one with a column `record`, or a table that is named after its rows.
pub(super) fn is_of_estate(input: &Input) -> bool {
    let name = input.name.to_ascii_lowercase();
    let (Some(columns), true) = (columns(&mut reader(&input.bytes)), name.ends_with(".csv") || name.ends_with(".tsv")) else {
        return false;
    };
    let tables = Tables::of(columns.iter(), |_| None, &input.name).ok().flatten();
    // A slip in a column is told by the table's own error.
    tables.is_some_and(|tables| {
        tables.layout("", columns.iter()).is_ok() || columns.len() >= 3 && tables.knows(columns.iter()) + 1 == columns.len()
    })
}

/// Adds every row.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] for what is no CSV, [`ErrorCode::InvalidDocument`] for columns that no document has, [`ErrorCode::Cancelled`].
pub(super) fn read(input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
    let mut reader = reader(&input.bytes);
    let no_csv = || Error::new(ErrorCode::InvalidInput, "neither CSV in UTF-8 nor Parquet nor Arrow; write it again as one of these");
    let columns = columns(&mut reader).ok_or_else(no_csv)?;
    let mapped = Mapped::of(context.mappings, &input.name, columns.iter())?;
    let layout = match mapped {
        Some(_) => None,
        None => Some(known(Tables::of(columns.iter(), |_| None, &input.name)?)?.layout(&input.name, columns.iter())?),
    };
    let mut row = StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut row) {
            Ok(false) => return Ok(()),
            Ok(true) => match (&mapped, &layout) {
                (Some(mapped), _) => mapped.add(context.builder, context.key, |at| cell(row.get(at)?, None)),
                (None, Some(layout)) => layout.add(context.builder, |at, field| Ok(row.get(at).and_then(|text| cell(text, field))))?,
                (None, None) => {}
            },
            Err(error) => {
                let number = context.builder.record();
                let reason = match error.kind() {
                    ::csv::ErrorKind::UnequalLengths { .. } => "the row has another number of cells than the first line has columns",
                    ::csv::ErrorKind::Utf8 { .. } => "the row is not UTF-8 text",
                    _ => "the row cannot be read",
                };
                context.builder.skip(Place::new(&input.name).line(line).record(number), reason);
            }
        }
        if reader.position().record().is_multiple_of(ROWS_A_CHECK) {
            context.observer.check(reader.position().byte(), input.bytes.len() as u64)?;
        }
    }
}

/// A reader of what is CSV, with the separator that its first line has most of.
fn reader(bytes: &[u8]) -> Reader<&[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: &u8| first.iter().filter(|byte| *byte == separator).count();
    let separator = [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
    ReaderBuilder::new().delimiter(separator).from_reader(bytes)
}

/// The names of the columns.
fn columns(reader: &mut Reader<&[u8]>) -> Option<StringRecord> {
    let columns = reader.headers().ok()?.clone();
    (!columns.is_empty()).then_some(columns)
}

/// What a cell says of a field. Words of a list stand as JSON, or after one another with `;` between them.
fn cell<'c>(text: &'c str, field: Option<&Field>) -> Option<Cell<'c>> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    Some(match field.map(|field| &field.form) {
        None | Some(Form::Text | Form::Instant | Form::Word(_)) => Cell::Text(Cow::Borrowed(text)),
        Some(Form::Words(_)) if !text.starts_with('[') => {
            Cell::Value(Value::Array(text.split(';').map(|word| Value::from(word.trim())).collect()))
        }
        // Spreadsheets write truth values in capitals.
        Some(Form::Flag) => Cell::Value(json_or_text(&text.to_ascii_lowercase())),
        Some(_) => Cell::Value(json_or_text(text)),
    })
}

//! Tables of an estate: CSV, Parquet files, and Arrow files and streams.

mod csv;
#[cfg(feature = "table")]
mod ipc;
mod mapped;
mod mapping;
#[cfg(feature = "table")]
mod opened;
#[cfg(feature = "table")]
mod pages;
#[cfg(feature = "table")]
mod parquet;
#[cfg(all(test, feature = "table"))]
mod tests;

pub use mapping::TableMapping;

use super::{ImportContext, ImportReading, Importer, Input};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::document::Tables;

/// How Parquet and Arrow begin; a stream's mark is no text.
const PARQUET: &[u8] = b"PAR1";
const ARROW_FILE: &[u8] = b"ARROW1";
const ARROW_STREAM: &[u8] = &[0xff; 4];

/// The reader of tables.
pub(super) struct Table;

impl Importer for Table {
    fn format(&self) -> &'static str {
        "table"
    }

    fn summary(&self) -> &'static str {
        "an estate as Parquet, as an Arrow file or stream, or as CSV: one table of all records, one of its five tables, or any table with a mapping"
    }

    fn detects(&self, input: &Input) -> bool {
        is_columns(&input.bytes) || csv::is_of_estate(input)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::new(Table)
    }
}

impl ImportReading for Table {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let read = if is_columns(&input.bytes) { columns(input, context) } else { csv::read(input, context) };
        read.map_err(|error| if error.place().is_some() { error } else { error.at(Place::new(&input.name)) })
    }

    fn finish(self: Box<Self>, _context: &mut ImportContext<'_>) -> Result<()> {
        Ok(())
    }
}

fn is_columns(bytes: &[u8]) -> bool {
    [PARQUET, ARROW_FILE, ARROW_STREAM].iter().any(|mark| bytes.starts_with(mark))
}

#[cfg(feature = "table")]
fn columns(input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
    opened::open(&input.bytes, *context.unpacked)?.read(input, context)
}

#[cfg(not(feature = "table"))]
fn columns(_input: &Input, _context: &mut ImportContext<'_>) -> Result<()> {
    Err(Error::new(
        ErrorCode::UnknownFormat,
        "this build reads neither Parquet nor Arrow; build it with the feature `table`, or give CSV or JSON",
    ))
}

/// What the rows are, which has to be known.
fn known(tables: Option<Tables>) -> Result<Tables> {
    let message = "the table does not say what its rows are; add a column `record`, name the input after its table, such as `secrets.parquet`, or give a mapping for it";
    tables.ok_or_else(|| Error::new(ErrorCode::InvalidDocument, message))
}

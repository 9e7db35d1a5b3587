//! An estate, or one of its tables, as a Parquet file.

use super::document::{document_batches, document_schema, unwritten};
use crate::error::Result;
use crate::estate::Estate;
use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// An estate as one Parquet file that [`crate::read`] reads back: the records of the document, their type under `record`, packed by Snappy. Each type has row
/// groups of its own, so that a query for one of them skips the others. The same estate gives the same bytes.
///
/// ```
/// let estate = tenantgraph::Estate::builder().build();
/// assert!(tenantgraph::report::table::to_parquet(&estate)?.starts_with(b"PAR1"));
/// # Ok::<(), tenantgraph::Error>(())
/// ```
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn to_parquet(estate: &Estate) -> Result<Vec<u8>> {
    let schema = document_schema()?;
    let mut writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties())).map_err(|_| unwritten())?;
    let mut last = None;
    document_batches(estate, &schema, |record_type, batch| {
        if last.replace(record_type).is_some_and(|last| last != record_type) {
            writer.flush().map_err(|_| unwritten())?;
        }
        writer.write(&batch).map_err(|_| unwritten())
    })?;
    writer.into_inner().map_err(|_| unwritten())
}

/// One table as a Parquet file.
///
/// # Errors
/// As [`to_parquet`].
pub fn table_to_parquet(table: &RecordBatch) -> Result<Vec<u8>> {
    let mut writer = ArrowWriter::try_new(Vec::new(), table.schema(), Some(properties())).map_err(|_| unwritten())?;
    writer.write(table).map_err(|_| unwritten())?;
    writer.into_inner().map_err(|_| unwritten())
}

fn properties() -> WriterProperties {
    let writer = concat!("tenantgraph ", env!("CARGO_PKG_VERSION")).to_owned();
    WriterProperties::builder().set_compression(Compression::SNAPPY).set_created_by(writer).build()
}

//! An estate, or one of its tables, as an Arrow file or stream.

use super::document::{document_batches, document_schema, unwritten};
use crate::error::Result;
use crate::estate::Estate;
use crate::estate::document::TABLE_KEY;
use arrow_array::RecordBatch;
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{Schema, SchemaRef};
use std::sync::Arc;

/// How Arrow is written: a file has an index and can be mapped, a stream can be read as it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrowForm {
    /// A file, also known as Feather.
    File,
    /// A stream.
    Stream,
}

/// An estate as one Arrow table that [`crate::read`] reads back: the records of the document, their type under `record`, packed by LZ4. The same estate gives the
/// same bytes.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn to_arrow(estate: &Estate, form: ArrowForm) -> Result<Vec<u8>> {
    let schema = document_schema()?;
    // What a type of record has no column for is nulls, and packs to nothing.
    written(&schema, form, Some(CompressionType::LZ4_FRAME), |write| document_batches(estate, &schema, |_, batch| write(&batch)))
}

/// One table as an Arrow file or stream.
///
/// # Errors
/// As [`to_arrow`].
pub fn table_to_arrow(table: &RecordBatch, form: ArrowForm) -> Result<Vec<u8>> {
    written(&table.schema(), form, None, |write| write(table))
}

/// Batches of one table as a stream, which says which of the five it is where that is given.
///
/// # Errors
/// As [`to_arrow`], and for batches of different columns.
pub fn named_stream(name: Option<&str>, batches: &[RecordBatch]) -> Result<Vec<u8>> {
    let schema = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
    let mut metadata = schema.metadata().clone();
    metadata.extend(name.map(|name| (TABLE_KEY.to_owned(), name.to_owned())));
    let schema = Arc::new(Schema::new_with_metadata(schema.fields().clone(), metadata));
    written(&schema, ArrowForm::Stream, None, |write| batches.iter().try_for_each(write))
}

type Write<'w> = dyn FnMut(&RecordBatch) -> Result<()> + 'w;

fn written(
    schema: &SchemaRef,
    form: ArrowForm,
    packing: Option<CompressionType>,
    give: impl FnOnce(&mut Write<'_>) -> Result<()>,
) -> Result<Vec<u8>> {
    let bad = |_| unwritten();
    let options = IpcWriteOptions::default().try_with_compression(packing).map_err(bad)?;
    match form {
        ArrowForm::File => {
            let mut writer = FileWriter::try_new_with_options(Vec::new(), schema, options).map_err(bad)?;
            give(&mut |batch| writer.write(batch).map_err(bad))?;
            writer.into_inner().map_err(bad)
        }
        ArrowForm::Stream => {
            let mut writer = StreamWriter::try_new_with_options(Vec::new(), schema, options).map_err(bad)?;
            give(&mut |batch| writer.write(batch).map_err(bad))?;
            writer.into_inner().map_err(bad)
        }
    }
}

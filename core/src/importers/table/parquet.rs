//! Parquet files.

use super::opened::{BATCH, Batches, Opened, damaged};
use super::pages::{Pages, SingleChunk};
use crate::error::{Error, ErrorCode, Result};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, RowGroups};
use parquet::arrow::{FieldLevels, ProjectionMask, parquet_to_arrow_field_levels};
use parquet::basic::Compression;
use parquet::column::page::PageIterator;
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use std::sync::Arc;

const WHAT: &str = "Parquet file";

/// Opens a Parquet file, whose row groups are read one after the other.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] for what is damaged, or packed in a way that is not read.
pub(super) fn open(bytes: &[u8]) -> Result<Opened> {
    let bad = |_| damaged(WHAT);
    let bytes = Bytes::copy_from_slice(bytes);
    let read = ArrowReaderMetadata::load(&bytes, ArrowReaderOptions::new()).map_err(bad)?;
    let (metadata, schema) = (Arc::clone(read.metadata()), Arc::clone(read.schema()));
    let packings = metadata.row_groups().iter().flat_map(|group| group.columns()).map(|column| column.compression());
    if let Some(name) = packings.clone().find_map(unread) {
        let message =
            format!("the Parquet file is packed by {name}, which is not read; write it again with Snappy, gzip, LZ4 or Zstandard");
        return Err(Error::new(ErrorCode::InvalidInput, message));
    }
    let descriptor = metadata.file_metadata().schema_descr();
    let levels = parquet_to_arrow_field_levels(descriptor, ProjectionMask::all(), Some(schema.fields())).map_err(bad)?;
    let rows = metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).unwrap_or_default()).fold(0, u64::saturating_add);
    Ok(Opened { schema: schema.clone(), rows, batches: Box::new(Groups { bytes, metadata, levels, schema, next: 0, reading: None }) })
}

fn unread(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::BROTLI(_) => Some("Brotli"),
        Compression::LZO => Some("LZO"),
        _ => None,
    }
}

/// The row groups of a file, and the one that is being read.
struct Groups {
    bytes: Bytes,
    metadata: Arc<ParquetMetaData>,
    levels: FieldLevels,
    schema: SchemaRef,
    next: usize,
    reading: Option<ParquetRecordBatchReader>,
}

impl Batches for Groups {
    fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if let Some(batch) = self.reading.as_mut().and_then(Iterator::next) {
                let batch = batch.map_err(|_| damaged(WHAT))?;
                // The metadata of the schema are not those of the columns that were read.
                return RecordBatch::try_new(Arc::clone(&self.schema), batch.columns().to_vec()).or(Ok(batch)).map(Some);
            }
            let Some(metadata) = self.metadata.row_groups().get(self.next) else { return Ok(None) };
            self.next += 1;
            let group = Group { bytes: self.bytes.clone(), file: Arc::clone(&self.metadata), metadata: metadata.clone() };
            let reader = ParquetRecordBatchReader::try_new_with_row_groups(&self.levels, &group, BATCH, None);
            self.reading = Some(reader.map_err(|_| damaged(WHAT))?);
        }
    }
}

/// A row group, whose columns are read through [`Pages`].
struct Group {
    bytes: Bytes,
    file: Arc<ParquetMetaData>,
    metadata: RowGroupMetaData,
}

impl RowGroups for Group {
    fn num_rows(&self) -> usize {
        usize::try_from(self.metadata.num_rows()).unwrap_or_default()
    }

    fn column_chunks(&self, column: usize) -> ParquetResult<Box<dyn PageIterator>> {
        let pages = Pages::new(&self.bytes, self.metadata.column(column), self.num_rows())?;
        Ok(Box::new(SingleChunk::new(pages)))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::once(&self.metadata))
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.file
    }
}

//! [`Pages`]: the pages of a column of a Parquet file. What Zstandard packed is unpacked here, by the library that unpacks inputs; `parquet` itself would ask for
//! a C compiler.

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use ruzstd::decoding::StreamingDecoder;
use std::io::Read;
use std::sync::Arc;

/// The pages of one column of one row group.
pub(super) struct Pages {
    inner: SerializedPageReader<Bytes>,
    zstandard: bool,
}

/// No page holds more: its length is a number of 31 bits.
const LARGEST: u64 = i32::MAX as u64;

impl Pages {
    /// # Errors
    /// Where the metadata do not fit the file.
    pub fn new(bytes: &Bytes, column: &ColumnChunkMetaData, rows: usize) -> Result<Self> {
        let zstandard = matches!(column.compression(), Compression::ZSTD(_));
        let mut column = column.clone();
        if zstandard {
            // Pages are then given as they stand in the file.
            column = column.into_builder().set_compression(Compression::UNCOMPRESSED).build()?;
        }
        Ok(Pages { inner: SerializedPageReader::new(Arc::new(bytes.clone()), &column, rows, None)?, zstandard })
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.inner.get_next_page()?;
        if self.zstandard { page.map(unpacked).transpose() } else { Ok(page) }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

/// A page whose values are no longer packed; the levels before them never were in the second version of pages.
fn unpacked(mut page: Page) -> Result<Page> {
    match &mut page {
        Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => *buf = zstandard(&[], buf)?,
        Page::DataPageV2 { buf, is_compressed: true, def_levels_byte_len, rep_levels_byte_len, .. } => {
            let levels = *def_levels_byte_len as usize + *rep_levels_byte_len as usize;
            let (levels, values) = buf.split_at_checked(levels).ok_or_else(broken)?;
            *buf = if values.is_empty() { Bytes::copy_from_slice(levels) } else { zstandard(levels, values)? };
        }
        Page::DataPageV2 { .. } => {}
    }
    Ok(page)
}

fn zstandard(before: &[u8], packed: &[u8]) -> Result<Bytes> {
    let mut whole = before.to_vec();
    let decoder = StreamingDecoder::new(packed).map_err(|_| broken())?;
    decoder.take(LARGEST).read_to_end(&mut whole).map_err(|_| broken())?;
    Ok(whole.into())
}

fn broken() -> ParquetError {
    ParquetError::General("a page is damaged".to_owned())
}

/// The one chunk that a column has in a row group.
pub(super) struct SingleChunk(Option<Pages>);

impl SingleChunk {
    pub fn new(pages: Pages) -> Self {
        SingleChunk(Some(pages))
    }
}

impl Iterator for SingleChunk {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(|pages| Ok(Box::new(pages) as Box<dyn PageReader>))
    }
}

impl PageIterator for SingleChunk {}

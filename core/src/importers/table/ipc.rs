//! Arrow files and streams. A file is a stream between two marks, with an index behind it, and is read as the stream.

use super::opened::{Batches, Opened, damaged, too_large};
use super::{ARROW_FILE, ARROW_STREAM};
use crate::error::{Error, ErrorCode, Result};
use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::{CompressionType, RecordBatch as BatchHeader, root_as_message};
use std::io::Cursor;

/// What stands before a message: the mark and its length.
const PREFIX: usize = 8;
const WHAT: &str = "Arrow file or stream";

/// Opens an Arrow file or stream that unpacks to no more than so many bytes.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] for what is damaged, packed in a way that is not read, or larger.
pub(super) fn open(bytes: &[u8], room: u64) -> Result<Opened> {
    let stream = match bytes.strip_prefix(ARROW_FILE) {
        // Writers fill the first mark up with zeros, to eight bytes or to as many as they align by.
        Some(file) if file.ends_with(ARROW_FILE) => &file[file.iter().position(|byte| *byte != 0).unwrap_or_default()..],
        Some(_) => return Err(damaged(WHAT)),
        None => bytes,
    };
    check(stream, room)?;
    let reader = StreamReader::try_new(Cursor::new(stream.to_vec()), None).map_err(|_| damaged(WHAT))?;
    Ok(Opened { schema: reader.schema(), rows: 0, batches: Box::new(Stream(reader)) })
}

struct Stream(StreamReader<Cursor<Vec<u8>>>);

impl Batches for Stream {
    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.0.next().transpose().map_err(|_| damaged(WHAT))
    }
}

/// Holds every length that a message states against what there is, before anything of that length is asked of the memory.
fn check(stream: &[u8], room: u64) -> Result<()> {
    let (mut rest, mut left) = (stream, room);
    loop {
        let Some(length) = rest.strip_prefix(ARROW_STREAM).and_then(|rest| rest.first_chunk::<4>()) else { return Err(damaged(WHAT)) };
        let length = usize::try_from(i32::from_le_bytes(*length)).map_err(|_| damaged(WHAT))?;
        if length == 0 {
            return Ok(());
        }
        let header = rest.get(PREFIX..).and_then(|rest| rest.get(..length)).ok_or_else(|| damaged(WHAT))?;
        let message = root_as_message(header).map_err(|_| damaged(WHAT))?;
        let body = &rest[PREFIX + length..];
        let body_length = usize::try_from(message.bodyLength()).ok().filter(|length| *length <= body.len()).ok_or_else(|| damaged(WHAT))?;
        let (body, after) = body.split_at(body_length);
        let batch = message.header_as_record_batch().or_else(|| message.header_as_dictionary_batch().and_then(|batch| batch.data()));
        if let Some(batch) = batch {
            check_batch(&batch, body, &mut left, room)?;
        }
        rest = after;
        // A stream may end without a mark of its own.
        if rest.is_empty() {
            return Ok(());
        }
    }
}

fn check_batch(batch: &BatchHeader<'_>, body: &[u8], left: &mut u64, room: u64) -> Result<()> {
    let packed = batch.compression();
    if packed.is_some_and(|packed| packed.codec() != CompressionType::LZ4_FRAME) {
        let message =
            "the Arrow data is packed by Zstandard, which is not read there; write it again with LZ4, without packing, or as Parquet";
        return Err(Error::new(ErrorCode::InvalidInput, message));
    }
    for buffer in batch.buffers().into_iter().flatten() {
        let (from, length) = (usize::try_from(buffer.offset()), usize::try_from(buffer.length()));
        let (Ok(from), Ok(length)) = (from, length) else { return Err(damaged(WHAT)) };
        let bytes = body.get(from..).and_then(|body| body.get(..length)).ok_or_else(|| damaged(WHAT))?;
        if packed.is_some() && !bytes.is_empty() {
            let stated = i64::from_le_bytes(*bytes.first_chunk().ok_or_else(|| damaged(WHAT))?);
            // -1 states that the buffer is not packed.
            let stated = if stated == -1 { length as u64 } else { u64::try_from(stated).map_err(|_| damaged(WHAT))? };
            *left = left.checked_sub(stated).ok_or_else(|| too_large(room))?;
        }
    }
    Ok(())
}

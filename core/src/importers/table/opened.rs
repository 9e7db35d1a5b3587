//! [`Opened`]: a table of columns that is read batch by batch.

use super::mapped::Mapped;
use super::{Input, PARQUET, ipc, known, parquet};
use crate::error::{Error, ErrorCode, Result};
use crate::estate::document::{Tables, add_batch, plain};
use crate::importers::ImportContext;
use arrow_array::{Array, RecordBatch};
use arrow_schema::SchemaRef;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Rows that are decoded at a time.
pub(super) const BATCH: usize = 1 << 14;
/// How many bytes of an estate a byte of its columns becomes, at most.
const ESTATE_OF_COLUMNS: u64 = 2;

/// A table that is read batch by batch.
pub(super) struct Opened {
    pub schema: SchemaRef,
    /// How many rows there are; 0 where that is not said in advance.
    pub rows: u64,
    pub batches: Box<dyn Batches>,
}

/// The batches of a table.
pub(super) trait Batches {
    /// The following batch; nothing at the end.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for what is damaged.
    fn next(&mut self) -> Result<Option<RecordBatch>>;
}

/// Opens what begins as one of the formats does.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] for what is damaged, packed in a way that is not read, or larger than there is room for.
pub(super) fn open(bytes: &[u8], room: u64) -> Result<Opened> {
    caught(|| if bytes.starts_with(PARQUET) { parquet::open(bytes) } else { ipc::open(bytes, room) })
}

/// What a decoder gives. Those of Arrow take the lengths in a file for good and panic where they are not: what is read then ends here, and nothing of it is used.
fn caught<T>(decode: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(damaged("table")))
}

impl Opened {
    /// Adds every row.
    ///
    /// # Errors
    /// As [`open`] and [`add_batch`], [`ErrorCode::LimitExceeded`] and [`ErrorCode::Cancelled`].
    pub fn read(mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let names = self.schema.fields().iter().map(|column| column.name().as_str());
        let stated = |key: &str| self.schema.metadata().get(key).map(String::as_str);
        let mapped = Mapped::of(context.mappings, &input.name, names.clone())?;
        let tables = if mapped.is_none() { Some(known(Tables::of(names, stated, &input.name)?)?) } else { None };
        let (mut done, mut held) = (0, 0);
        while let Some(batch) = caught(|| self.batches.next())? {
            held += take_bytes(&batch, context.unpacked)?;
            context.observer.claim(held * ESTATE_OF_COLUMNS)?;
            match (&mapped, tables) {
                (Some(mapped), _) => add_mapped(mapped, &batch, context),
                (None, Some(tables)) => add_batch(context.builder, tables, &batch)?,
                (None, None) => {}
            }
            done += batch.num_rows() as u64;
            let length = input.bytes.len() as u64;
            context.observer.check((u128::from(length) * u128::from(done.min(self.rows)) / u128::from(self.rows.max(1))) as u64, length)?;
        }
        Ok(())
    }
}

/// Adds the rows of a batch by a mapping. What no field can hold says nothing.
fn add_mapped(mapped: &Mapped<'_>, batch: &RecordBatch, context: &mut ImportContext<'_>) {
    for row in 0..batch.num_rows() {
        mapped.add(context.builder, context.key, |at| plain(batch.column(at).as_ref(), row).ok().flatten());
    }
}

/// Takes the bytes of a decoded batch from the limit on what inputs unpack to: a small file may decode to more than the memory of a machine.
fn take_bytes(batch: &RecordBatch, room: &mut u64) -> Result<u64> {
    let size = |array: &dyn Array| array.to_data().get_slice_memory_size().unwrap_or_else(|_| array.get_array_memory_size()) as u64;
    let bytes = batch.columns().iter().map(|column| size(column.as_ref())).sum::<u64>() + batch.num_rows() as u64;
    *room = room.checked_sub(bytes).ok_or_else(|| too_large(*room))?;
    Ok(bytes)
}

/// What is refused for the limit on what inputs unpack to.
pub(super) fn too_large(room: u64) -> Error {
    Error::new(ErrorCode::InvalidInput, format!("unpacked it is larger than the limit leaves room for, {room} bytes; raise the limit"))
}

/// What a damaged file is refused with: the words of another library may quote its data.
pub(super) fn damaged(what: &str) -> Error {
    Error::new(ErrorCode::InvalidInput, format!("the {what} is damaged or cut off; write it again"))
}

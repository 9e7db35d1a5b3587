//! An estate as one table: the records of the document, each with its type under `record`, in columns that all of them share.

use super::{identities, relations, resources, secrets, tenants};
use crate::error::{Error, ErrorCode, Result};
use crate::estate::Estate;
use crate::estate::document::{FORMAT, FORMAT_KEY, RECORD, RecordType};
use arrow_array::{ArrayRef, RecordBatch, StringArray, new_null_array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use std::collections::HashMap;
use std::sync::Arc;

/// The most rows of a batch: a reader holds no more of a large estate at a time.
const ROWS: usize = 1 << 16;

/// What builds the table of a type of record.
fn table_of(record_type: RecordType, estate: &Estate) -> Result<RecordBatch> {
    match record_type {
        RecordType::Tenant => tenants(estate),
        RecordType::Identity => identities(estate),
        RecordType::Secret => secrets(estate),
        RecordType::Resource => resources(estate),
        RecordType::Relation => relations(estate),
    }
}

/// The columns of the one table: `record`, then those of the five tables, each once.
///
/// # Errors
/// As every table: [`ErrorCode::Internal`] for a broken invariant only.
pub(super) fn document_schema() -> Result<SchemaRef> {
    let nothing = Estate::builder().build();
    let mut fields = vec![Field::new(RECORD, DataType::Utf8, false)];
    for record_type in RecordType::ALL {
        for field in table_of(record_type, &nothing)?.schema_ref().fields() {
            if !fields.iter().any(|known| known.name() == field.name()) {
                fields.push(field.as_ref().clone());
            }
        }
    }
    let metadata = HashMap::from([(FORMAT_KEY.to_owned(), FORMAT.to_owned())]);
    Ok(Arc::new(Schema::new_with_metadata(fields, metadata)))
}

/// Gives the batches of the one table in order, those of a type of record together, and of no more rows than a reader likes to hold.
///
/// # Errors
/// As [`document_schema`], and the first that `take` gives.
pub(super) fn document_batches(
    estate: &Estate,
    schema: &SchemaRef,
    mut take: impl FnMut(RecordType, RecordBatch) -> Result<()>,
) -> Result<()> {
    for record_type in RecordType::ALL {
        let table = table_of(record_type, estate)?;
        for from in (0..table.num_rows()).step_by(ROWS) {
            let part = table.slice(from, ROWS.min(table.num_rows() - from));
            let column = |field: &Arc<Field>| -> ArrayRef {
                match part.column_by_name(field.name()) {
                    Some(column) => Arc::clone(column),
                    None if field.name() == RECORD => Arc::new(StringArray::from_iter_values(vec![record_type.word(); part.num_rows()])),
                    None => new_null_array(field.data_type(), part.num_rows()),
                }
            };
            let columns = schema.fields().iter().map(column).collect();
            take(record_type, RecordBatch::try_new(Arc::clone(schema), columns).map_err(|_| unwritten())?)?;
        }
    }
    Ok(())
}

/// What writing to memory fails with: only a broken invariant.
pub(super) fn unwritten() -> Error {
    Error::new(ErrorCode::Internal, "a table could not be written; please report it")
}

//! The rows of Arrow batches, and their values as cells.
//!
//! A null is a fact that is not known. Words may be dictionaries, numbers of any width, instants timestamps of any unit (without a zone: UTC), dates or
//! text; `labels` and the other columns with fields of their own may be JSON text, structs or maps.

use super::fields::{Field, Form};
use super::row::{Cell, json_or_text};
use super::tables::Tables;
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::EstateBuilder;
use crate::model::Instant;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use serde_json::{Number, Value};
use std::borrow::Cow;

/// Adds the rows of a batch to a builder, whose current source they are of. Bad rows are skipped.
///
/// # Errors
/// [`ErrorCode::InvalidDocument`] for an unknown or missing column, or one of a type that nothing in the document has.
pub(crate) fn add_batch(builder: &mut EstateBuilder, tables: Tables, batch: &RecordBatch) -> Result<()> {
    let source = builder.source_name().to_owned();
    let layout = tables.layout(&source, batch.schema_ref().fields().iter().map(|column| column.name().as_str()))?;
    let columns = batch.columns();
    for row in 0..batch.num_rows() {
        layout.add(builder, |at, field| {
            let bad = || bad_type(&source, field.map_or("record", |field| field.name));
            cell(field, columns[at].as_ref(), row).map_err(|()| bad())
        })?;
    }
    Ok(())
}

fn bad_type(source: &str, column: &str) -> Error {
    let place = Place::new(source).field(column);
    Error::new(ErrorCode::InvalidDocument, "the column is of a type that no fact has; give text, numbers, instants or lists").at(place)
}

/// What a value says of a field: nothing where it is null. What has fields of its own, and a list of words where a table has no lists, is JSON text and is
/// parsed; text that is no JSON stays, and the record is skipped.
///
/// # Errors
/// Nothing, for a type that nothing in the document has.
fn cell<'a>(field: Option<&Field>, array: &'a dyn Array, row: usize) -> Result<Option<Cell<'a>>, ()> {
    if array.is_null(row) {
        return Ok(None);
    }
    let Some(field) = field else { return Ok(text(array, row).map(|text| Cell::Text(Cow::Borrowed(text)))) };
    let plain = matches!(field.form, Form::Text | Form::Instant | Form::Flag | Form::Days | Form::Word(_));
    if let Some(text) = text(array, row) {
        return Ok(Some(if plain { Cell::Text(Cow::Borrowed(text)) } else { Cell::Value(json_or_text(text)) }));
    }
    match value(array, row).ok_or(())? {
        Value::Null => Ok(None),
        Value::Array(items) if items.is_empty() => Ok(None),
        value => Ok(Some(Cell::Value(value))),
    }
}

/// What a value says, whatever it is of; nothing where it is null.
///
/// # Errors
/// Nothing, for a type that nothing in the document has.
pub(crate) fn plain(array: &dyn Array, row: usize) -> Result<Option<Cell<'_>>, ()> {
    match text(array, row) {
        Some(text) => Ok(Some(Cell::Text(Cow::Borrowed(text)))),
        None => Ok(Some(value(array, row).ok_or(())?).filter(|value| !value.is_null()).map(Cell::Value)),
    }
}

/// The text of a value, where the array holds text, as it is or in a dictionary.
fn text(array: &dyn Array, row: usize) -> Option<&str> {
    if array.is_null(row) {
        return None;
    }
    match array.data_type() {
        DataType::Utf8 => Some(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Some(array.as_string::<i64>().value(row)),
        DataType::Utf8View => Some(array.as_string_view().value(row)),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary_opt()?;
            text(dictionary.values().as_ref(), key(dictionary.keys(), row)?)
        }
        _ => None,
    }
}

fn key(keys: &dyn Array, row: usize) -> Option<usize> {
    usize::try_from(value(keys, row)?.as_u64()?).ok()
}

/// The JSON of one value of an array; `None` for a type that nothing in the document has.
fn value(array: &dyn Array, row: usize) -> Option<Value> {
    if array.is_null(row) {
        return Some(Value::Null);
    }
    if let Some(text) = text(array, row) {
        return Some(text.into());
    }
    macro_rules! whole {
        ($type:ty) => {
            Value::from(array.as_primitive::<$type>().value(row))
        };
    }
    macro_rules! microseconds {
        ($type:ty, $of:expr) => {{
            let of: fn(i64) -> i64 = $of;
            Value::from(Instant::from_unix_microseconds(of(array.as_primitive::<$type>().value(row).into())).to_string())
        }};
    }
    Some(match array.data_type() {
        DataType::Null => Value::Null,
        DataType::Boolean => array.as_boolean().value(row).into(),
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => whole!(UInt64Type),
        DataType::Float32 => float(array.as_primitive::<Float32Type>().value(row).into()),
        DataType::Float64 => float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Date32 => microseconds!(Date32Type, |days| days.saturating_mul(86_400_000_000)),
        DataType::Date64 => microseconds!(Date64Type, |milliseconds| milliseconds.saturating_mul(1000)),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => microseconds!(TimestampSecondType, |seconds| seconds.saturating_mul(1_000_000)),
            TimeUnit::Millisecond => microseconds!(TimestampMillisecondType, |milliseconds| milliseconds.saturating_mul(1000)),
            TimeUnit::Microsecond => microseconds!(TimestampMicrosecondType, |microseconds| microseconds),
            TimeUnit::Nanosecond => microseconds!(TimestampNanosecondType, |nanoseconds| nanoseconds.div_euclid(1000)),
        },
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary_opt()?;
            value(dictionary.values().as_ref(), key(dictionary.keys(), row)?)?
        }
        DataType::List(_) => list(array.as_list::<i32>().value(row).as_ref())?,
        DataType::LargeList(_) => list(array.as_list::<i64>().value(row).as_ref())?,
        DataType::Struct(fields) => {
            let columns = fields.iter().zip(array.as_struct().columns());
            let fields = columns.map(|(field, column)| Some((field.name().clone(), value(column.as_ref(), row)?)));
            Value::Object(fields.filter(|field| !matches!(field, Some((_, Value::Null)))).collect::<Option<_>>()?)
        }
        DataType::Map(..) => {
            let entries = array.as_map().value(row);
            let (keys, values) = (entries.column(0), entries.column(1));
            let entry = |at| Some((value(keys.as_ref(), at)?.as_str()?.to_owned(), value(values.as_ref(), at)?));
            Value::Object((0..entries.len()).map(entry).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn list(array: &dyn Array) -> Option<Value> {
    (0..array.len()).map(|at| value(array, at)).collect::<Option<Vec<_>>>().map(Value::Array)
}

/// A float that is whole is a whole number: a table without nulls of its own keeps them so.
fn float(value: f64) -> Value {
    if value.is_nan() {
        Value::Null
    } else if value.fract() == 0.0 && value.abs() < 9e15 {
        Value::from(value as i64)
    } else {
        Number::from_f64(value).map_or(Value::Null, Value::Number)
    }
}

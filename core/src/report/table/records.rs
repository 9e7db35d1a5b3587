//! Tables back into records: rows become lines of the estate document, which its reader then judges like any other.

use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::document::{Field, Form, Need, RecordType};
use crate::model::Instant;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use serde_json::{Map, Number, Value};

/// The column in which pandas keeps its index: no fact of the estate.
const PANDAS_INDEX: &str = "__index_level_";

/// Rows of a table of the document as NDJSON text of the document, one line a row. A null is a fact that is not known.
///
/// Words may be dictionaries, numbers of any width, instants timestamps of any unit (without a zone: UTC), dates or text; `labels` and the other columns
/// with fields of their own may be JSON text, structs or maps.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for an unknown table; [`ErrorCode::InvalidDocument`] for an unknown or missing column, or one of a type that nothing
/// in the document has.
pub fn to_document(source: &str, table: &str, batches: &[RecordBatch]) -> Result<Vec<u8>> {
    let table = RecordType::of_list(table).ok_or_else(|| {
        let names = RecordType::ALL.map(|table| format!("`{}`", table.list()));
        Error::new(ErrorCode::InvalidOption, format!("unknown table; an estate is read from {}", names.join(", ")))
    })?;
    let mut text = Vec::new();
    for batch in batches {
        let columns = columns(source, table, batch)?;
        for row in 0..batch.num_rows() {
            let mut record = Map::new();
            record.insert("record".into(), table.word().into());
            for (field, array) in &columns {
                let value = fact(field, value(array.as_ref(), row).ok_or_else(|| bad_type(source, field.name))?);
                if !value.is_null() {
                    record.insert(field.name.into(), value);
                }
            }
            serde_json::to_writer(&mut text, &record)
                .map_err(|_| Error::new(ErrorCode::Internal, "a record could not be written as JSON; please report it"))?;
            text.push(b'\n');
        }
    }
    Ok(text)
}

type Column = (&'static Field, ArrayRef);

/// The columns of a batch that are fields of the record; all of the batch's must be, and all that a record must have must be there.
fn columns(source: &str, table: RecordType, batch: &RecordBatch) -> Result<Vec<Column>> {
    let invalid =
        |message: String| Error::new(ErrorCode::InvalidDocument, format!("the table `{}` {message}", table.list())).at(Place::new(source));
    let schema = batch.schema();
    let mut columns: Vec<Column> = Vec::new();
    for (column, array) in schema.fields().iter().zip(batch.columns()).filter(|(column, _)| !column.name().starts_with(PANDAS_INDEX)) {
        let Some(field) = table.fields().iter().find(|field| field.name == column.name()) else {
            let known: Vec<_> = table.fields().iter().map(|field| format!("`{}`", field.name)).collect();
            return Err(invalid(format!("has an unknown column; it may have {}", known.join(", "))));
        };
        if columns.iter().any(|(taken, _)| taken.name == field.name) {
            return Err(invalid(format!("has the column `{}` twice; leave one out", field.name)));
        }
        columns.push((field, array.clone()));
    }
    let missing =
        table.fields().iter().find(|field| field.need == Need::Required && !columns.iter().any(|(known, _)| known.name == field.name));
    match missing {
        Some(missing) => Err(invalid(format!("has no column `{}`; add it", missing.name))),
        None => Ok(columns),
    }
}

/// A value as its field takes it. What has fields of its own, and a list of words where a table has no lists, is JSON text and is parsed; text that is
/// no JSON stays, and the reader skips the record.
fn fact(field: &Field, value: Value) -> Value {
    match value {
        Value::String(text) if !matches!(field.form, Form::Text | Form::Instant | Form::Flag | Form::Days | Form::Word(_)) => {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        other => other,
    }
}

/// The JSON of one value of an array; `None` for a type that nothing in the document has.
fn value(array: &dyn Array, row: usize) -> Option<Value> {
    if array.is_null(row) {
        return Some(Value::Null);
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
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).into(),
        DataType::Utf8View => array.as_string_view().value(row).into(),
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
            let key = value(dictionary.keys(), row)?.as_u64()?;
            value(dictionary.values().as_ref(), usize::try_from(key).ok()?)?
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

fn bad_type(source: &str, column: &str) -> Error {
    let place = Place::new(source).field(column);
    Error::new(ErrorCode::InvalidDocument, "the column is of a type that no fact has; give text, numbers, instants or lists").at(place)
}

//! [`Columns`]: gathers the columns of a table over the same rows.

use crate::error::{Error, ErrorCode, Result};
use crate::model::Instant;
use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema};
use serde::Serialize;
use std::sync::Arc;

/// The columns of a table, one after the other, over the same rows.
pub(super) struct Columns<'a, R> {
    rows: &'a [R],
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl<'a, R> Columns<'a, R> {
    /// A table over these rows.
    pub fn over(rows: &'a [R]) -> Self {
        Columns { rows, fields: Vec::new(), arrays: Vec::new() }
    }

    /// A column of text.
    pub fn text<T: AsRef<str>>(self, name: &str, of: impl Fn(&'a R) -> Option<T>) -> Self {
        let mut column = StringBuilder::with_capacity(self.rows.len(), self.rows.len() * 16);
        for row in self.rows {
            column.append_option(of(row));
        }
        self.with(name, DataType::Utf8, Arc::new(column.finish()))
    }

    /// A column of what has fields of its own, as JSON text.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] where a value has no JSON form; those of the model all have one.
    pub fn json<T: Serialize>(self, name: &str, of: impl Fn(&'a R) -> Option<T>) -> Result<Self> {
        let mut column = StringBuilder::new();
        for row in self.rows {
            let text = of(row).map(|value| serde_json::to_string(&value)).transpose();
            column.append_option(text.map_err(|_| broken())?);
        }
        Ok(self.with(name, DataType::Utf8, Arc::new(column.finish())))
    }

    /// A column of lists of text.
    pub fn texts<T: AsRef<str>, L: IntoIterator<Item = T>>(self, name: &str, of: impl Fn(&'a R) -> L) -> Self {
        let mut column = ListBuilder::new(StringBuilder::new());
        for row in self.rows {
            column.append_value(of(row).into_iter().map(Some));
        }
        let column = column.finish();
        let item = Field::new_list_field(DataType::Utf8, true);
        self.with(name, DataType::List(Arc::new(item)), Arc::new(column))
    }

    /// A column of whole numbers.
    pub fn number(self, name: &str, of: impl Fn(&'a R) -> Option<i64>) -> Self {
        let mut column = Int64Builder::with_capacity(self.rows.len());
        for row in self.rows {
            column.append_option(of(row));
        }
        self.with(name, DataType::Int64, Arc::new(column.finish()))
    }

    /// A column of shares and other numbers that are not whole.
    pub fn share(self, name: &str, of: impl Fn(&'a R) -> Option<f64>) -> Self {
        let mut column = Float64Builder::with_capacity(self.rows.len());
        for row in self.rows {
            column.append_option(of(row));
        }
        self.with(name, DataType::Float64, Arc::new(column.finish()))
    }

    /// A column of yes and no.
    pub fn flag(self, name: &str, of: impl Fn(&'a R) -> Option<bool>) -> Self {
        let mut column = BooleanBuilder::with_capacity(self.rows.len());
        for row in self.rows {
            column.append_option(of(row));
        }
        self.with(name, DataType::Boolean, Arc::new(column.finish()))
    }

    /// A column of instants.
    pub fn instant(self, name: &str, of: impl Fn(&'a R) -> Option<Instant>) -> Self {
        let mut column = TimestampMicrosecondBuilder::with_capacity(self.rows.len());
        for row in self.rows {
            column.append_option(of(row).map(Instant::unix_microseconds));
        }
        let column = column.finish().with_timezone("UTC");
        let data_type = arrow_array::Array::data_type(&column).clone();
        self.with(name, data_type, Arc::new(column))
    }

    /// The table.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] for a broken invariant only: every column has a value a row.
    pub fn table(self) -> Result<RecordBatch> {
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows.len()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(self.fields)), self.arrays, &options).map_err(|_| broken())
    }

    fn with(mut self, name: &str, data_type: DataType, array: ArrayRef) -> Self {
        self.fields.push(Field::new(name, data_type, true));
        self.arrays.push(array);
        self
    }
}

/// A count as the tables hold it: signed, so that a difference of two never wraps.
pub(super) fn count(count: u64) -> Option<i64> {
    i64::try_from(count).ok()
}

fn broken() -> Error {
    Error::new(ErrorCode::Internal, "a table could not be built; please report it")
}

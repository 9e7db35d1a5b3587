//! [`Table`]: columns over the same rows, handed out as an Arrow stream or value by value.

use crate::stream;
use crate::watch::watched;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyList, PyString};
use tenantgraph::door;

/// Columns over the same rows.
#[pyclass(frozen, module = "tenantgraph._native")]
pub struct Table {
    batch: RecordBatch,
}

impl Table {
    /// The table of what a door gives.
    pub fn build(py: Python<'_>, build: impl FnOnce() -> tenantgraph::Result<RecordBatch> + Send) -> PyResult<Self> {
        Ok(Table { batch: watched(py, None, |_| build())? })
    }
}

#[pymethods]
impl Table {
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// The names of the columns.
    fn columns(&self) -> Vec<String> {
        self.batch.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// One value: text, a number, a truth value, an instant, a list of text, or nothing.
    fn value<'py>(&self, py: Python<'py>, row: usize, column: usize) -> PyResult<Bound<'py, PyAny>> {
        if row >= self.batch.num_rows() || column >= self.batch.num_columns() {
            return Err(PyIndexError::new_err("no such row or column"));
        }
        value(py, self.batch.column(column).as_ref(), row)
    }

    #[pyo3(signature = (requested_schema: "object | None" = None) -> "object")]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyCapsule>> {
        // By the protocol another schema is a wish; consumers cast themselves.
        let _ = requested_schema;
        stream::capsule(py, &self.batch)
    }
}

/// A table of the estate document, from any object with an Arrow stream, as a stream in memory that says which table it is.
#[pyfunction]
#[pyo3(signature = (source, table, data))]
pub fn table_input<'py>(py: Python<'py>, source: &str, table: Option<&str>, data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let batches = stream::batches(data)?;
    let input = watched(py, None, |_| door::table::table_input(source, table, &batches))?;
    Ok(PyBytes::new(py, &input.bytes))
}

/// The closed lists of words, by name: what the literal types of the package are generated from.
#[pyfunction]
#[pyo3(signature = () -> "list[tuple[str, list[str]]]")]
pub fn words() -> Vec<(&'static str, Vec<&'static str>)> {
    door::words().into_iter().map(|list| (list.name, list.words)).collect()
}

fn value<'py>(py: Python<'py>, array: &dyn Array, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    match array.data_type() {
        DataType::Utf8 => Ok(PyString::new(py, array.as_string::<i32>().value(row)).into_any()),
        DataType::Int64 => Ok(array.as_primitive::<Int64Type>().value(row).into_pyobject(py)?.into_any()),
        DataType::Float64 => Ok(array.as_primitive::<Float64Type>().value(row).into_pyobject(py)?.into_any()),
        DataType::Boolean => Ok(array.as_boolean().value(row).into_pyobject(py)?.to_owned().into_any()),
        DataType::Timestamp(..) => {
            let at = chrono::DateTime::from_timestamp_micros(array.as_primitive::<TimestampMicrosecondType>().value(row));
            Ok(at.into_pyobject(py)?.into_any())
        }
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            let items = (0..items.len()).map(|at| value(py, items.as_ref(), at)).collect::<PyResult<Vec<_>>>()?;
            Ok(PyList::new(py, items)?.into_any())
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            value(py, dictionary.values().as_ref(), dictionary.normalized_keys()[row])
        }
        // The tables of the library hold nothing else.
        _ => Ok(py.None().into_bound(py)),
    }
}

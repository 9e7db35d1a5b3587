//! The library's errors as Python exceptions: one class a code, built by `tenantgraph._errors`, which maps the code and never the message.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use tenantgraph::{Error, Place};

/// The exception of an error.
pub fn exception(py: Python<'_>, error: &Error) -> PyErr {
    match build(py, error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    }
}

fn build<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let place = error.place().map(|place| place_parts(py, place)).transpose()?;
    py.import("tenantgraph._errors")?.call_method1("error_of", (error.code().as_str(), error.message(), place))
}

fn place_parts<'py>(py: Python<'py>, place: &Place) -> PyResult<Bound<'py, PyDict>> {
    let parts = PyDict::new(py);
    parts.set_item("source", &place.source)?;
    parts.set_item("line", place.line)?;
    parts.set_item("column", place.column)?;
    parts.set_item("record", place.record)?;
    parts.set_item("field", &place.field)?;
    parts.set_item("text", place.to_string())?;
    Ok(parts)
}

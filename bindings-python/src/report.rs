//! [`Report`]: what an assessment says, as JSON or as tables.

use crate::table::Table;
use crate::watch::watched;
use pyo3::prelude::*;
use tenantgraph::{door, report};

/// Everything an assessment says.
#[pyclass(frozen, module = "tenantgraph._native")]
pub struct Report {
    inner: report::Report,
}

impl From<report::Report> for Report {
    fn from(inner: report::Report) -> Self {
        Report { inner }
    }
}

#[pymethods]
impl Report {
    /// The report as JSON, byte for byte what the command prints.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        watched(py, None, |_| report::json::to_json(&self.inner))
    }

    /// What the report says besides its tables, as JSON.
    fn head(&self) -> String {
        door::table::report_head(&self.inner).to_string()
    }

    /// The names of the tables.
    fn tables(&self) -> Vec<&'static str> {
        door::table::report_tables().collect()
    }

    /// A table by its name.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        Table::build(py, || door::table::report_table(&self.inner, name))
    }
}

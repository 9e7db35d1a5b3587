//! [`Answer`]: what a question gave, as JSON or as tables.

use crate::table::Table;
use pyo3::prelude::*;
use tenantgraph::door;

/// The answer to a question.
#[pyclass(frozen, module = "tenantgraph._native")]
pub struct Answer {
    inner: door::Answer,
    /// What was asked: the names that a report is written with.
    estate: tenantgraph::Estate,
}

impl Answer {
    /// The answer of an estate, as the question saw it.
    pub fn of(inner: door::Answer, estate: tenantgraph::Estate) -> Self {
        Answer { inner, estate }
    }
}

#[pymethods]
impl Answer {
    /// The answer as JSON, byte for byte what the command prints.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        crate::watch::watched(py, None, |observer| self.inner.to_json_observed(observer))
    }

    /// A report as Markdown, byte for byte what the command prints.
    fn to_markdown(&self, py: Python<'_>) -> PyResult<String> {
        crate::watch::watched(py, None, |_| self.inner.to_markdown(&self.estate))
    }

    /// The paths of the answer as BloodHound OpenGraph, byte for byte what the command prints.
    fn to_opengraph(&self, py: Python<'_>) -> PyResult<String> {
        crate::watch::watched(py, None, |_| self.inner.to_opengraph(&self.estate))
    }

    /// What the answer says besides its tables, as JSON.
    fn head(&self) -> String {
        door::table::answer_head(&self.inner).to_string()
    }

    /// The names of the tables.
    fn tables(&self) -> Vec<&'static str> {
        door::table::answer_tables(&self.inner)
    }

    /// A table by its name.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        Table::build(py, || door::table::answer_table(&self.inner, name))
    }
}

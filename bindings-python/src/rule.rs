//! [`RulePage`]: the page of one rule.

use crate::error::exception;
use pyo3::prelude::*;
use tenantgraph::door::{self, Explanation};
use tenantgraph::report::text::TextOptions;

/// The page of one rule.
#[pyclass(frozen, module = "tenantgraph._native")]
pub struct RulePage {
    inner: Explanation,
}

#[pymethods]
impl RulePage {
    /// The page as JSON, byte for byte what the command prints.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        self.inner.to_json().map_err(|error| exception(py, &error))
    }

    /// The page as Markdown, byte for byte what the command prints.
    fn to_markdown(&self) -> String {
        self.inner.to_markdown()
    }

    /// The page in lines of so many characters.
    fn to_text(&self, width: usize) -> String {
        let mut options = TextOptions::default();
        options.width = width;
        self.inner.to_text(&options)
    }
}

/// The page of the rule of an id.
#[pyfunction]
pub fn explain(py: Python<'_>, rule: &str) -> PyResult<RulePage> {
    door::explain(rule).map(|inner| RulePage { inner }).map_err(|error| exception(py, &error))
}

//! [`Policy`]: what the organisation has decided.

use crate::error::exception;
use crate::watch::watched;
use pyo3::prelude::*;
use std::path::PathBuf;
use tenantgraph::{Result, cli, policy};

/// What the organisation has decided.
#[pyclass(frozen, module = "tenantgraph._native")]
pub struct Policy {
    inner: policy::Policy,
}

impl Policy {
    /// The policy of the library.
    pub fn inner(&self) -> &policy::Policy {
        &self.inner
    }
}

#[pymethods]
impl Policy {
    /// The default policy.
    #[new]
    fn new() -> Self {
        Policy { inner: policy::Policy::default() }
    }

    /// Reads a file, TOML or, where its name says so, JSON.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        Ok(Policy { inner: watched(py, None, |_| cli::policy(Some(&path)))?.unwrap_or_default() })
    }

    /// Reads TOML.
    #[staticmethod]
    fn from_toml(py: Python<'_>, text: &str) -> PyResult<Self> {
        of(py, policy::Policy::from_toml(text))
    }

    /// Reads JSON.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        of(py, policy::Policy::from_json(text))
    }

    /// The whole policy as TOML.
    fn to_toml(&self) -> String {
        self.inner.to_toml()
    }

    /// The whole policy as JSON.
    fn to_json(&self) -> String {
        self.inner.to_json()
    }

    /// The default policy as TOML, with a comment and a source for every value.
    #[staticmethod]
    fn default_toml() -> &'static str {
        policy::Policy::DEFAULT_TOML
    }
}

fn of(py: Python<'_>, read: Result<policy::Policy>) -> PyResult<Policy> {
    read.map(|inner| Policy { inner }).map_err(|error| exception(py, &error))
}

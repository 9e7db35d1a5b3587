//! [`Estate`] and how it is read.

use crate::answer::Answer;
use crate::error::exception;
use crate::policy::Policy;
use crate::table::Table;
use crate::watch::watched;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use tenantgraph::Limited;
use tenantgraph::cli;
use tenantgraph::cli::files::{Files, NamedPath, mapping_file, read_file};
use tenantgraph::door;
use tenantgraph::estate::FingerprintKey;
use tenantgraph::importers::{IMPORTERS, Input, ReadOptions, TableMapping, read_observed};
use tenantgraph::model::Instant;
use tenantgraph::report::table::{self, ArrowForm};

/// Everything that was read. Immutable.
#[pyclass(frozen, module = "tenantgraph._native")]
pub struct Estate {
    inner: tenantgraph::Estate,
}

#[pymethods]
impl Estate {
    fn __len__(&self) -> usize {
        self.inner.len()
    }

    /// The number of relations.
    fn relations(&self) -> usize {
        self.inner.relations().len()
    }

    /// The row of an id in the table `entities`.
    fn find(&self, id: &str) -> Option<usize> {
        self.inner.find(id).map(|index| index.position())
    }

    /// The number of entities by type and class, where there are any.
    #[pyo3(signature = () -> "list[tuple[str, str, int]]")]
    fn counts(&self) -> Vec<(&'static str, &'static str, u64)> {
        let mut counts = BTreeMap::new();
        for index in self.inner.indices() {
            let of = (self.inner.entity(index).entity_type(), self.inner.environment(index).class());
            *counts.entry(of).or_default() += 1;
        }
        counts.into_iter().map(|((entity_type, class), count)| (entity_type.as_str(), class.as_str(), count)).collect()
    }

    /// Answers a question; the options are JSON. A question between two estates needs the earlier one.
    #[pyo3(signature = (question, options, progress = None, before = None))]
    fn ask(
        &self,
        py: Python<'_>,
        question: &str,
        options: &str,
        progress: Option<Py<PyAny>>,
        before: Option<Py<Estate>>,
    ) -> PyResult<Answer> {
        let before = before.as_ref().map(|before| &before.get().inner);
        watched(py, progress, |observer| {
            let options = door::options(options)?;
            let estate = options.resolved(&self.inner)?;
            let answer = match before {
                Some(before) => door::ask_since(before, &estate, question, options, observer),
                None => door::ask(&estate, question, options, observer),
            };
            Ok(Answer::of(answer?, estate))
        })
    }

    /// Checks a certificate of isolation, which is JSON.
    #[pyo3(signature = (certificate, policy = None))]
    fn verify(&self, py: Python<'_>, certificate: &str, policy: Option<Py<Policy>>) -> PyResult<()> {
        let policy = policy.as_ref().map(|policy| policy.get().inner());
        watched(py, None, |_| door::verify("certificate", certificate, &self.inner, policy))
    }

    /// The estate document, as JSON.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        watched(py, None, |observer| self.inner.to_document_json_observed(observer))
    }

    /// The estate as BloodHound OpenGraph.
    fn to_opengraph(&self, py: Python<'_>) -> PyResult<String> {
        watched(py, None, |_| tenantgraph::report::opengraph::to_opengraph(&self.inner))
    }

    /// The estate as a Parquet file.
    fn to_parquet<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &watched(py, None, |_| table::to_parquet(&self.inner))?))
    }

    /// The estate as an Arrow file, or as a stream.
    fn to_ipc<'py>(&self, py: Python<'py>, stream: bool) -> PyResult<Bound<'py, PyBytes>> {
        let form = if stream { ArrowForm::Stream } else { ArrowForm::File };
        Ok(PyBytes::new(py, &watched(py, None, |_| table::to_arrow(&self.inner, form))?))
    }

    /// The names of the tables.
    fn tables(&self) -> Vec<&'static str> {
        door::table::estate_tables()
    }

    /// A table by its name.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        Table::build(py, || door::table::estate_table(&self.inner, name))
    }
}

/// Reads paths (directories and globs among them) and named bytes into one estate, each with its format where that is forced.
#[pyfunction]
#[pyo3(signature = (paths, inputs, label_paths, labels, key = None, progress = None, memory_limit = None, unpacked_limit = None, mapping_paths = Vec::new(), mappings = Vec::new()))]
#[allow(clippy::too_many_arguments, reason = "what Python gives, one by one")]
pub fn read(
    py: Python<'_>,
    paths: Vec<(PathBuf, Option<String>)>,
    inputs: Vec<(String, Vec<u8>, Option<String>)>,
    label_paths: Vec<PathBuf>,
    labels: Vec<(String, Vec<u8>)>,
    key: Option<Vec<u8>>,
    progress: Option<Py<PyAny>>,
    memory_limit: Option<u64>,
    unpacked_limit: Option<u64>,
    mapping_paths: Vec<PathBuf>,
    mappings: Vec<String>,
) -> PyResult<Estate> {
    let inner = watched(py, progress, |observer| {
        let paths: Vec<_> = paths.into_iter().map(|(path, format)| NamedPath { path, format }).collect();
        let files_of_mappings = mapping_paths.iter().map(|path| mapping_file(path));
        let given = mappings.iter().map(|text| TableMapping::from_json(text));
        let mappings = files_of_mappings.chain(given).collect::<tenantgraph::Result<Vec<_>>>()?;
        let files = Files::gather_mapped(&paths, &mappings)?;
        let Files { inputs: gathered, labels: overlays, found, skipped } = files;
        let mut options = ReadOptions { labels: overlays, mappings, skipped, found, unpacked_limit, ..ReadOptions::default() };
        for path in &label_paths {
            options.labels.push(read_file(path)?);
        }
        options.labels.extend(labels.into_iter().map(|(name, bytes)| Input::new(name, bytes)));
        options.key = key.map(|key| FingerprintKey::from_bytes(&key)).transpose()?;
        let given = inputs.into_iter().map(|(name, bytes, format)| Input { name, bytes, format });
        let inputs: Vec<_> = gathered.into_iter().chain(given).collect();
        read_observed(&inputs, &options, &Limited::new(observer, memory_limit))
    })?;
    Ok(Estate { inner })
}

/// The readers, in the order in which they are asked: the name of each format and what it is.
#[pyfunction]
#[pyo3(signature = () -> "list[tuple[str, str]]")]
pub fn formats() -> Vec<(&'static str, &'static str)> {
    IMPORTERS.iter().map(|importer| (importer.format(), importer.summary())).collect()
}

/// The questions: the name of each, what it answers, and the options that it knows besides `as_of`, `policy` and `memory_limit`.
#[pyfunction]
#[pyo3(signature = () -> "list[tuple[str, str, list[str]]]")]
pub fn questions() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    door::QUESTIONS.iter().map(|question| (question.name, question.summary, question.options.to_vec())).collect()
}

/// An instant as the library writes it.
#[pyfunction]
pub fn instant(py: Python<'_>, text: &str) -> PyResult<String> {
    Instant::parse(text).map(|instant| instant.to_string()).map_err(|error| exception(py, &error))
}

/// Runs the command on the standard streams of this process and gives its exit code.
#[pyfunction]
pub fn command(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<i32> {
    watched(py, None, |_| Ok(cli::main(arguments)))
}

//! The tables that a binding may ask for, by name, and tables as inputs.

use super::Answer;
use crate::error::{Error, ErrorCode, Result};
use crate::estate::Estate;
use crate::importers::Input;
use crate::report::{Report, table};
use arrow_array::RecordBatch;
use serde_json::{Value, json};

#[cfg(test)]
mod tests;

type EstateTable = fn(&Estate) -> Result<RecordBatch>;

/// The tables of an estate: those of the document, `entities` with the resolved environments, and the account of the reading.
const ESTATE_TABLES: [(&str, EstateTable); 11] = [
    ("tenants", table::tenants),
    ("identities", table::identities),
    ("secrets", table::secrets),
    ("resources", table::resources),
    ("relations", table::relations),
    ("entities", table::entities),
    ("sources", |estate| table::sources(&estate.reading().sources)),
    ("skipped", |estate| table::skipped(&estate.reading().skipped)),
    ("conflicts", |estate| table::conflicts(&estate.reading().conflicts)),
    ("placeholders", |estate| table::placeholders(&estate.reading().placeholders)),
    ("coverage", |estate| table::coverage(&estate.reading().coverage)),
];

/// The names of the tables of an estate.
pub fn estate_tables() -> impl Iterator<Item = &'static str> {
    ESTATE_TABLES.iter().map(|(name, _)| *name)
}

/// A table of an estate.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for an unknown name.
pub fn estate_table(estate: &Estate, name: &str) -> Result<RecordBatch> {
    match ESTATE_TABLES.iter().find(|(known, _)| *known == name) {
        Some((_, table)) => table(estate),
        None => Err(unknown(estate_tables())),
    }
}

/// The names of the tables of an answer.
pub fn answer_tables(answer: &Answer) -> Vec<&'static str> {
    let names: &[&str] = match answer {
        Answer::Report(_) => return report_tables().collect(),
        Answer::Reach(_) => &["reached", "crossings", "steps"],
        Answer::Matrix(_) => &["cells", "steps"],
        Answer::BlastRadius(_) => &["entities", "rotate"],
        Answer::Rotation(_) => &["secrets", "shares", "data_problems"],
    };
    names.to_vec()
}

/// A table of an answer.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for a name that the answer does not know.
pub fn answer_table(answer: &Answer, name: &str) -> Result<RecordBatch> {
    match (answer, name) {
        (Answer::Report(report), name) => report_table(report, name),
        (Answer::Reach(reach), "reached") => table::reach_reached(reach),
        (Answer::Reach(reach), "crossings") => table::reach_crossings(reach),
        (Answer::Reach(reach), "steps") => table::reach_steps(reach),
        (Answer::Matrix(matrix), "cells") => table::matrix_cells(matrix),
        (Answer::Matrix(matrix), "steps") => table::matrix_steps(matrix),
        (Answer::BlastRadius(blast_radius), "entities") => table::blast_radius_entities(blast_radius),
        (Answer::BlastRadius(blast_radius), "rotate") => table::blast_radius_rotate(blast_radius),
        (Answer::Rotation(rotation), "secrets") => table::rotation_secrets(rotation),
        (Answer::Rotation(rotation), "shares") => table::rotation_shares(rotation),
        (Answer::Rotation(rotation), "data_problems") => table::rotation_data_problems(rotation),
        _ => Err(unknown(answer_tables(answer).into_iter())),
    }
}

/// What an answer says besides its tables: the instant, the selectors, the counts.
pub fn answer_head(answer: &Answer) -> Value {
    match answer {
        Answer::Report(report) => report_head(report),
        Answer::Reach(reach) => json!({ "as_of": reach.as_of, "from": reach.from, "to": reach.to }),
        Answer::Matrix(_) => json!({}),
        Answer::BlastRadius(lost) => json!({
            "start": lost.start,
            "held": lost.held,
            "by_environment": lost.by_environment,
            "by_tenant": lost.by_tenant,
            "by_kind": lost.by_kind,
        }),
        Answer::Rotation(rotation) => json!({ "summary": rotation.summary }),
    }
}

type ReportTable = fn(&Report) -> Result<RecordBatch>;

/// The tables of a report: its findings with their paths, its metrics, and its account of what was read and what is not known.
const REPORT_TABLES: [(&str, ReportTable); 8] = [
    ("findings", table::report_findings),
    ("steps", table::report_steps),
    ("metrics", table::report_metrics),
    ("coverage", |report| table::coverage(&report.coverage)),
    ("sources", |report| table::sources(&report.reading.sources)),
    ("skipped", |report| table::skipped(&report.reading.skipped)),
    ("conflicts", |report| table::conflicts(&report.reading.conflicts)),
    ("placeholders", |report| table::placeholders(&report.reading.placeholders)),
];

/// The names of the tables of a report.
pub fn report_tables() -> impl Iterator<Item = &'static str> {
    REPORT_TABLES.iter().map(|(name, _)| *name)
}

/// A table of a report.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for an unknown name.
pub fn report_table(report: &Report, name: &str) -> Result<RecordBatch> {
    match REPORT_TABLES.iter().find(|(known, _)| *known == name) {
        Some((_, table)) => table(report),
        None => Err(unknown(report_tables())),
    }
}

/// What a report says besides its tables: the version, the instant, the counts and the summary.
pub fn report_head(report: &Report) -> Value {
    json!({ "version": report.version, "as_of": report.as_of, "estate": report.estate, "summary": report.summary })
}

/// A table of the estate document (`tenants`, `identities`, `secrets`, `resources`, `relations`) as an input to be read with others.
///
/// # Errors
/// As [`table::to_document`].
pub fn table_input(source: &str, name: &str, batches: &[RecordBatch]) -> Result<Input> {
    Ok(Input::new(source, table::to_document(source, name, batches)?).format("tenantgraph"))
}

fn unknown(names: impl Iterator<Item = &'static str>) -> Error {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    Error::new(ErrorCode::InvalidOption, format!("unknown table; ask for one of {}", names.join(", ")))
}

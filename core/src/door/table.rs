//! The tables that a binding may ask for, by name, and tables as inputs.

use super::Answer;
use crate::analysis::{
    BlastRadius, Classification, Cuts, Diff, Isolation, Lifecycle, Privilege, Reach, Rotation, Sharing, TenantMatrix, WhatIf,
};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::Estate;
use crate::importers::Input;
use crate::report::{Report, table};
use crate::rules::Finding;
use arrow_array::RecordBatch;
use serde_json::{Value, json};

#[cfg(test)]
mod tests;

/// The tables of something by their names, each with what builds it.
type Tables<T> = [(&'static str, fn(&T) -> Result<RecordBatch>)];

/// Those of the document, `entities` with the resolved environments, and the account of the reading.
const ESTATE: &Tables<Estate> = &[
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

/// The findings with their paths, the metrics, and the account of what was read and what is not known.
const REPORT: &Tables<Report> = &[
    ("findings", table::report_findings),
    ("steps", table::report_steps),
    ("metrics", table::report_metrics),
    ("metric_shares", table::report_metric_shares),
    ("coverage", |report| table::coverage(&report.coverage)),
    ("sources", |report| table::sources(&report.reading.sources)),
    ("skipped", |report| table::skipped(&report.reading.skipped)),
    ("conflicts", |report| table::conflicts(&report.reading.conflicts)),
    ("placeholders", |report| table::placeholders(&report.reading.placeholders)),
];

const REACH: &Tables<Reach> = &[("reached", table::reach_reached), ("crossings", table::reach_crossings), ("steps", table::reach_steps)];

const MATRIX: &Tables<TenantMatrix> = &[("cells", table::matrix_cells), ("steps", table::matrix_steps)];

const BLAST_RADIUS: &Tables<BlastRadius> = &[("entities", table::blast_radius_entities), ("rotate", table::blast_radius_rotate)];

const ROTATION: &Tables<Rotation> =
    &[("secrets", table::rotation_secrets), ("shares", table::rotation_shares), ("data_problems", table::rotation_data_problems)];

const SHARING: &Tables<Sharing> = &[("shared", table::sharing_shared), ("evidence", table::sharing_evidence)];

const PRIVILEGE: &Tables<Privilege> = &[
    ("identities", table::privilege_identities),
    ("privileged", table::privilege_privileged),
    ("unused_grants", table::privilege_unused_grants),
    ("broader_than_production", table::privilege_broader_than_production),
    ("broader_rights", table::privilege_broader_rights),
    ("coverage", |it| table::coverage(&it.coverage)),
];

const LIFECYCLE: &Tables<Lifecycle> = &[
    ("owners", table::lifecycle_owners),
    ("dormant", table::lifecycle_dormant),
    ("expired", table::lifecycle_expired),
    ("held_by", table::lifecycle_held_by),
    ("offboarding", table::lifecycle_offboarding),
    ("trusted_by", table::lifecycle_trusted_by),
    ("trusts", table::lifecycle_trusts),
    ("coverage", |it| table::coverage(&it.coverage)),
];

const CLASSIFICATION: &Tables<Classification> = &[
    ("tenants", table::classification_tenants),
    ("claims", table::classification_claims),
    ("evidence", table::classification_evidence),
    ("steps", table::classification_steps),
    ("control_drift", table::classification_control_drift),
    ("unmonitored", table::classification_unmonitored),
    ("coverage", |it| table::coverage(&it.coverage)),
];

const CUTS: &Tables<Cuts> = &[("cut", table::cuts_cut), ("choke_points", table::cuts_choke_points), ("flow", table::cuts_flow)];

const ISOLATION: &Tables<Isolation> = &[("flows", table::isolation_flows)];

const WHAT_IF: &Tables<WhatIf<Finding>> = &[
    ("opened", |it| table::crossings(&it.opened)),
    ("closed", |it| table::crossings(&it.closed)),
    ("findings_added", |it| table::findings(&it.findings_added)),
    ("findings_resolved", |it| table::findings(&it.findings_resolved)),
    ("undecided", |it| table::undecided(&it.undecided)),
];

const DIFF: &Tables<Diff<Finding>> = &[
    ("relations_added", table::diff_relations_added),
    ("relations_removed", table::diff_relations_removed),
    ("opened", |it| table::crossings(&it.crossings.opened)),
    ("closed", |it| table::crossings(&it.crossings.closed)),
    ("findings_added", |it| table::findings(&it.findings.added)),
    ("findings_resolved", |it| table::findings(&it.findings.resolved)),
];

/// The names of the tables of an estate.
pub fn estate_tables() -> Vec<&'static str> {
    names(ESTATE)
}

/// A table of an estate.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for an unknown name.
pub fn estate_table(estate: &Estate, name: &str) -> Result<RecordBatch> {
    build(ESTATE, estate, name)
}

/// The names of the tables of an answer.
pub fn answer_tables(answer: &Answer) -> Vec<&'static str> {
    match answer {
        Answer::Report(_) => names(REPORT),
        Answer::Reach(_) => names(REACH),
        Answer::Matrix(_) => names(MATRIX),
        Answer::BlastRadius(_) => names(BLAST_RADIUS),
        Answer::Rotation(_) => names(ROTATION),
        Answer::Sharing(_) => names(SHARING),
        Answer::Privilege(_) => names(PRIVILEGE),
        Answer::Lifecycle(_) => names(LIFECYCLE),
        Answer::Classification(_) => names(CLASSIFICATION),
        Answer::Cuts(_) => names(CUTS),
        Answer::Isolation(_) => names(ISOLATION),
        Answer::WhatIf(_) => names(WHAT_IF),
        Answer::Diff(_) => names(DIFF),
    }
}

/// A table of an answer.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for a name that the answer does not know.
pub fn answer_table(answer: &Answer, name: &str) -> Result<RecordBatch> {
    match answer {
        Answer::Report(report) => build(REPORT, report, name),
        Answer::Reach(reach) => build(REACH, reach, name),
        Answer::Matrix(matrix) => build(MATRIX, matrix, name),
        Answer::BlastRadius(blast_radius) => build(BLAST_RADIUS, blast_radius, name),
        Answer::Rotation(rotation) => build(ROTATION, rotation, name),
        Answer::Sharing(sharing) => build(SHARING, sharing, name),
        Answer::Privilege(privilege) => build(PRIVILEGE, privilege, name),
        Answer::Lifecycle(lifecycle) => build(LIFECYCLE, lifecycle, name),
        Answer::Classification(classification) => build(CLASSIFICATION, classification, name),
        Answer::Cuts(cuts) => build(CUTS, cuts, name),
        Answer::Isolation(isolation) => build(ISOLATION, isolation, name),
        Answer::WhatIf(what_if) => build(WHAT_IF, what_if, name),
        Answer::Diff(diff) => build(DIFF, diff, name),
    }
}

/// What an answer says besides its tables: the instant, the selectors, the counts.
pub fn answer_head(answer: &Answer) -> Value {
    match answer {
        Answer::Report(it) => json!({ "version": it.version, "as_of": it.as_of, "estate": it.estate, "summary": it.summary }),
        Answer::Reach(it) => json!({ "as_of": it.as_of, "from": it.from, "to": it.to }),
        Answer::Matrix(_) => json!({}),
        Answer::BlastRadius(it) => json!({
            "start": it.start,
            "held": it.held,
            "by_environment": it.by_environment,
            "by_tenant": it.by_tenant,
            "by_kind": it.by_kind,
        }),
        Answer::Rotation(it) => json!({ "summary": it.summary() }),
        Answer::Privilege(it) => json!({ "summary": it.summary }),
        Answer::Sharing(_) | Answer::Lifecycle(_) | Answer::Classification(_) => json!({}),
        Answer::Cuts(it) => json!({ "exact": it.exact, "cost": it.cost, "bound": it.bound, "start_side": it.start_side }),
        Answer::Isolation(it) => json!({ "verdict": it.verdict, "coverage": it.coverage, "certificate": it.certificate }),
        Answer::WhatIf(_) => json!({}),
        Answer::Diff(it) => json!({ "entities": it.entities, "secrets": it.secrets }),
    }
}

/// A table of the estate document (`tenants`, `identities`, `secrets`, `resources`, `relations`) as an input to be read with others; without a name, one
/// whose column `record` or a mapping says what its rows are.
///
/// # Errors
/// [`ErrorCode::InvalidDocument`] for batches of different columns.
pub fn table_input(source: &str, name: Option<&str>, batches: &[RecordBatch]) -> Result<Input> {
    let first = batches.first().map(|batch| batch.schema_ref().fields());
    if batches.iter().any(|batch| Some(batch.schema_ref().fields()) != first) {
        let error = Error::new(ErrorCode::InvalidDocument, "the parts of the table have different columns; give it again as one table");
        return Err(error.at(Place::new(source)));
    }
    Ok(Input::new(source, table::named_stream(name, batches)?).format("table"))
}

fn names<T>(tables: &Tables<T>) -> Vec<&'static str> {
    tables.iter().map(|(name, _)| *name).collect()
}

fn build<T>(tables: &Tables<T>, of: &T, name: &str) -> Result<RecordBatch> {
    match tables.iter().find(|(known, _)| *known == name) {
        Some((_, table)) => table(of),
        None => {
            let names: Vec<_> = tables.iter().map(|(name, _)| format!("`{name}`")).collect();
            Err(Error::new(ErrorCode::InvalidOption, format!("unknown table; ask for one of {}", names.join(", "))))
        }
    }
}

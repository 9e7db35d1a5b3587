//! The labels of tenants against the evidence, as tables.

use super::columns::{Columns, count};
use super::steps::{numbered, steps_of};
use crate::analysis::{Classification, Coupling, TenantClassification};
use crate::error::Result;
use crate::estate::EnvironmentClaim;
use arrow_array::RecordBatch;

/// Every tenant and how its label stands; `counts` is JSON text.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn classification_tenants(classification: &Classification) -> Result<RecordBatch> {
    Columns::over(&classification.tenants)
        .text("tenant", |row| Some(&row.tenant))
        .text("kind", |row| Some(row.kind))
        .text("environment", |row| Some(row.environment.as_str()))
        .text("source", |row| Some(row.source.as_str()))
        .text("verdict", |row| Some(row.verdict.as_str()))
        .number("contents", |row| count(row.contents))
        .number("stated_production", |row| count(row.stated_production))
        .number("stated_non_production", |row| count(row.stated_non_production))
        .json("counts", |row| Some(&row.counts))?
        .table()
}

/// What each source says of the tenants whose sources disagree.
///
/// # Errors
/// As [`classification_tenants`].
pub fn classification_claims(classification: &Classification) -> Result<RecordBatch> {
    let rows: Vec<(&TenantClassification, &EnvironmentClaim)> =
        classification.tenants.iter().flat_map(|tenant| tenant.claims.iter().map(move |claim| (tenant, claim))).collect();
    Columns::over(&rows)
        .text("tenant", |row| Some(&row.0.tenant))
        .text("source", |row| Some(row.1.source.as_str()))
        .text("label", |row| row.1.label.as_ref())
        .text("environment", |row| Some(row.1.environment.as_str()))
        .table()
}

/// What speaks of production in tenants that are not labelled so.
///
/// # Errors
/// As [`classification_tenants`].
pub fn classification_evidence(classification: &Classification) -> Result<RecordBatch> {
    let rows: Vec<_> = couplings(classification).collect();
    Columns::over(&rows)
        .text("tenant", |row| Some(&row.0.tenant))
        .text("coupling", |row| Some(row.1.kind.as_str()))
        .text("entity", |row| Some(&row.1.entity))
        .text("production", |row| row.1.production.as_ref())
        .relation(|row| row.1.relation.as_ref())
        .table()
}

/// The steps of the ways from tenants to production.
///
/// # Errors
/// As [`classification_tenants`].
pub fn classification_steps(classification: &Classification) -> Result<RecordBatch> {
    let ways: Vec<_> = couplings(classification).filter(|(_, coupling)| !coupling.path.is_empty()).collect();
    let steps: Vec<_> = numbered(&ways, |(_, coupling)| &coupling.path).collect();
    steps_of(&steps).text("tenant", |row| Some(&row.of.0.tenant)).text("production", |row| row.of.1.production.as_ref()).table()
}

/// The controls that are below a baseline or a twin; `value` and `expected` are JSON text, a flag or a number of days.
///
/// # Errors
/// As [`classification_tenants`].
pub fn classification_control_drift(classification: &Classification) -> Result<RecordBatch> {
    Columns::over(&classification.control_drift)
        .text("tenant", |row| Some(&row.tenant))
        .text("environment", |row| Some(row.environment.as_str()))
        .text("control", |row| Some(row.control.as_str()))
        .json("value", |row| Some(row.value))?
        .json("expected", |row| Some(row.expected))?
        .text("against", |row| Some(row.against.as_str()))
        .text("twin", |row| row.twin.as_ref())
        .table()
}

/// The tenants that are stated to have no audit log or nobody who watches.
///
/// # Errors
/// As [`classification_tenants`].
pub fn classification_unmonitored(classification: &Classification) -> Result<RecordBatch> {
    Columns::over(&classification.unmonitored)
        .text("tenant", |row| Some(&row.tenant))
        .text("environment", |row| Some(row.environment.as_str()))
        .flag("audit_logging", |row| row.audit_logging)
        .flag("monitored", |row| row.monitored)
        .table()
}

fn couplings(classification: &Classification) -> impl Iterator<Item = (&TenantClassification, &Coupling)> {
    classification.tenants.iter().flat_map(|tenant| tenant.evidence.iter().map(move |coupling| (tenant, coupling)))
}

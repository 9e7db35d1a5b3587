//! What is shared as tables.

use super::columns::Columns;
use crate::analysis::{SharedEntity, Sharing, SharingEvidence};
use crate::error::Result;
use arrow_array::RecordBatch;

/// What serves more than one environment; `ties` is JSON text.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn sharing_shared(sharing: &Sharing) -> Result<RecordBatch> {
    Columns::over(&sharing.shared)
        .text("category", |row| Some(row.category.as_str()))
        .text("entity", |row| Some(&row.entity))
        .texts("records", |row| &row.records)
        .text("kind", |row| Some(row.kind))
        .text("vendor", |row| row.vendor.as_ref())
        .texts("environments", |row| row.environments.iter().map(|it| it.as_str()))
        .texts("classes", |row| row.classes.iter().map(|it| it.as_str()))
        .texts("rights", |row| row.rights.iter().map(|it| it.as_str()))
        .texts("unapproved", |row| row.unapproved.iter().map(|it| it.as_str()))
        .texts("pipelines", |row| &row.pipelines)
        .json("ties", |row| Some(&row.ties))?
        .table()
}

/// The ties that are shown, each with what is shared.
///
/// # Errors
/// As [`sharing_shared`].
pub fn sharing_evidence(sharing: &Sharing) -> Result<RecordBatch> {
    let rows: Vec<(&SharedEntity, &SharingEvidence)> =
        sharing.shared.iter().flat_map(|shared| shared.evidence.iter().map(move |tie| (shared, tie))).collect();
    Columns::over(&rows)
        .text("shared", |row| Some(&row.0.entity))
        .text("environment", |row| Some(row.1.environment.as_str()))
        .text("role", |row| Some(row.1.role.as_str()))
        .text("entity", |row| Some(&row.1.entity))
        .relation(|row| row.1.relation.as_ref())
        .table()
}

//! What should have ended, or has nobody to end it, as tables.

use super::columns::{Columns, count};
use crate::analysis::{Expired, Lifecycle, NotOffboarded};
use crate::error::Result;
use crate::estate::Tie;
use arrow_array::RecordBatch;

/// What nobody answers for.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn lifecycle_owners(lifecycle: &Lifecycle) -> Result<RecordBatch> {
    Columns::over(&lifecycle.owners)
        .text("entity", |row| Some(&row.entity))
        .text("entity_type", |row| Some(row.entity_type.as_str()))
        .text("kind", |row| Some(row.kind))
        .text("environment", |row| Some(row.environment.as_str()))
        .text("problem", |row| Some(row.problem.as_str()))
        .text("owner", |row| row.owner.as_ref())
        .text("person", |row| row.person.as_ref())
        .table()
}

/// The identities and secrets that have not been used for long.
///
/// # Errors
/// As [`lifecycle_owners`].
pub fn lifecycle_dormant(lifecycle: &Lifecycle) -> Result<RecordBatch> {
    Columns::over(&lifecycle.dormant)
        .text("entity", |row| Some(&row.entity))
        .text("entity_type", |row| Some(row.entity_type.as_str()))
        .text("kind", |row| Some(row.kind))
        .text("environment", |row| Some(row.environment.as_str()))
        .instant("last_used_at", |row| Some(row.last_used_at))
        .number("unused_days", |row| Some(row.unused_days))
        .number("limit_days", |row| Some(row.limit_days.into()))
        .table()
}

/// What is past its end and still there.
///
/// # Errors
/// As [`lifecycle_owners`].
pub fn lifecycle_expired(lifecycle: &Lifecycle) -> Result<RecordBatch> {
    Columns::over(&lifecycle.expired)
        .text("entity", |row| Some(&row.entity))
        .text("entity_type", |row| Some(row.entity_type.as_str()))
        .text("kind", |row| Some(row.kind))
        .text("environment", |row| Some(row.environment.as_str()))
        .instant("expires_at", |row| Some(row.expires_at))
        .number("expired_days", |row| Some(row.expired_days))
        .number("holders", |row| count(row.holders))
        .table()
}

/// The relations that say who still keeps or uses an expired secret, or whom it stands for.
///
/// # Errors
/// As [`lifecycle_owners`].
pub fn lifecycle_held_by(lifecycle: &Lifecycle) -> Result<RecordBatch> {
    let rows: Vec<(&Expired, &Tie)> =
        lifecycle.expired.iter().flat_map(|expired| expired.held_by.iter().map(move |tie| (expired, tie))).collect();
    Columns::over(&rows).text("entity", |row| Some(&row.0.entity)).relation(|row| Some(row.1)).table()
}

/// The tenants that should be gone and are not.
///
/// # Errors
/// As [`lifecycle_owners`].
pub fn lifecycle_offboarding(lifecycle: &Lifecycle) -> Result<RecordBatch> {
    Columns::over(&lifecycle.offboarding)
        .text("tenant", |row| Some(&row.tenant))
        .text("kind", |row| Some(row.kind))
        .text("environment", |row| Some(row.environment.as_str()))
        .text("reason", |row| Some(row.reason.as_str()))
        .instant("created_at", |row| row.created_at)
        .instant("expires_at", |row| row.expires_at)
        .number("trusts", |row| count(row.trusts))
        .texts("living_secrets", |row| &row.living_secrets)
        .table()
}

/// The relations that lead from the tenants that should be gone into those that are to stay.
///
/// # Errors
/// As [`lifecycle_owners`].
pub fn lifecycle_trusted_by(lifecycle: &Lifecycle) -> Result<RecordBatch> {
    let rows: Vec<(&NotOffboarded, &Tie)> =
        lifecycle.offboarding.iter().flat_map(|gone| gone.trusted_by.iter().map(move |tie| (gone, tie))).collect();
    Columns::over(&rows).text("tenant", |row| Some(&row.0.tenant)).relation(|row| Some(row.1)).table()
}

/// The trusts and federations that nobody uses or nobody looks at.
///
/// # Errors
/// As [`lifecycle_owners`].
pub fn lifecycle_trusts(lifecycle: &Lifecycle) -> Result<RecordBatch> {
    Columns::over(&lifecycle.trusts)
        .relation(|row| Some(&row.relation))
        .text("from_environment", |row| Some(row.from_environment.as_str()))
        .text("to_environment", |row| Some(row.to_environment.as_str()))
        .texts("problems", |row| row.problems.iter().map(|problem| problem.as_str()))
        .instant("granted_at", |row| row.granted_at)
        .instant("last_used_at", |row| row.last_used_at)
        .number("unused_days", |row| row.unused_days)
        .instant("reviewed_at", |row| row.reviewed_at)
        .table()
}

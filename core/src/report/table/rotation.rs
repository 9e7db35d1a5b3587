//! The rotation of secrets as tables.

use super::columns::{Columns, count};
use crate::analysis::{Rotation, RotationShare, SecretRotation};
use crate::error::Result;
use arrow_array::RecordBatch;

/// Every secret and how it stands.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn rotation_secrets(rotation: &Rotation) -> Result<RecordBatch> {
    let rows: Vec<SecretRotation<'_>> = rotation.secrets().collect();
    Columns::over(&rows)
        .text("secret", |row| Some(row.secret))
        .text("kind", |row| Some(row.kind.as_str()))
        .text("tenant", |row| row.tenant)
        .text("environment", |row| Some(row.environment.as_str()))
        .number("age_days", |row| row.age_days)
        .number("limit_days", |row| row.limit_days.map(Into::into))
        .instant("due", |row| row.due)
        .text("status", |row| Some(row.status.as_str()))
        .table()
}

/// How many secrets are within their limit: over all, and by kind, tenant, environment and storage.
///
/// # Errors
/// As [`rotation_secrets`].
pub fn rotation_shares(rotation: &Rotation) -> Result<RecordBatch> {
    let summary = rotation.summary();
    let mut rows: Vec<(&str, Option<&str>, RotationShare)> = vec![("all", None, summary.all)];
    rows.extend(summary.by_kind.iter().map(|(key, share)| ("kind", Some(key.as_str()), *share)));
    rows.extend(summary.by_tenant.iter().map(|(key, share)| ("tenant", Some(key.as_str()), *share)));
    rows.extend(summary.by_environment.iter().map(|(key, share)| ("environment", Some(key.as_str()), *share)));
    rows.extend(summary.by_storage.iter().map(|(key, share)| ("storage", Some(key.as_str()), *share)));
    Columns::over(&rows)
        .text("by", |row| Some(row.0))
        .text("key", |row| row.1)
        .number("secrets", |row| count(row.2.secrets))
        .number("judged", |row| count(row.2.judged))
        .number("within_limit", |row| count(row.2.within_limit))
        .share("share_within_limit", |row| row.2.share_within_limit)
        .table()
}

/// The dates that cannot be true.
///
/// # Errors
/// As [`rotation_secrets`].
pub fn rotation_data_problems(rotation: &Rotation) -> Result<RecordBatch> {
    Columns::over(&rotation.summary().data_problems)
        .text("secret", |row| Some(&row.secret))
        .text("field", |row| Some(row.field))
        .text("problem", |row| Some(row.problem))
        .table()
}

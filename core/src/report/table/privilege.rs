//! What identities may do as tables.

use super::columns::{Columns, count};
use crate::analysis::{BroaderRight, IdentityPrivilege, Privilege, PrivilegedGrant, TwinDrift, UnusedGrant};
use crate::error::Result;
use arrow_array::RecordBatch;

/// The identities that were granted a right.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn privilege_identities(privilege: &Privilege) -> Result<RecordBatch> {
    Columns::over(&privilege.identities)
        .text("identity", |row| Some(&row.identity))
        .text("kind", |row| Some(row.kind.as_str()))
        .text("environment", |row| Some(row.environment.as_str()))
        .number("granted", |row| count(row.counts.granted))
        .number("used", |row| count(row.counts.used))
        .number("unused", |row| count(row.counts.unused))
        .number("unknown", |row| count(row.counts.unknown))
        .flag("is_privileged", |row| Some(row.is_privileged()))
        .texts("through", |row| &row.through)
        .table()
}

/// The rights that command much.
///
/// # Errors
/// As [`privilege_identities`].
pub fn privilege_privileged(privilege: &Privilege) -> Result<RecordBatch> {
    let rows: Vec<(&IdentityPrivilege, &PrivilegedGrant)> =
        privilege.identities.iter().flat_map(|it| it.privileged.iter().map(move |grant| (it, grant))).collect();
    Columns::over(&rows)
        .text("identity", |row| Some(&row.0.identity))
        .texts("reasons", |row| row.1.reasons.iter().map(|reason| reason.as_str()))
        .number("tier", |row| row.1.tier.map(Into::into))
        .number("relations", |row| count(row.1.relations))
        .relation(|row| Some(&row.1.relation))
        .table()
}

/// The rights that were not used for long.
///
/// # Errors
/// As [`privilege_identities`].
pub fn privilege_unused_grants(privilege: &Privilege) -> Result<RecordBatch> {
    let rows: Vec<(&IdentityPrivilege, &UnusedGrant)> =
        privilege.identities.iter().flat_map(|it| it.unused_grants.iter().map(move |grant| (it, grant))).collect();
    Columns::over(&rows)
        .text("identity", |row| Some(&row.0.identity))
        .instant("granted_at", |row| row.1.granted_at)
        .instant("last_used_at", |row| Some(row.1.last_used_at))
        .number("unused_days", |row| Some(row.1.unused_days))
        .relation(|row| Some(&row.1.relation))
        .table()
}

/// What holds more than its twin in production, or over which more is held.
///
/// # Errors
/// As [`privilege_identities`].
pub fn privilege_broader_than_production(privilege: &Privilege) -> Result<RecordBatch> {
    Columns::over(&privilege.broader_than_production)
        .text("entity", |row| Some(&row.entity))
        .text("entity_type", |row| Some(row.entity_type.as_str()))
        .text("kind", |row| Some(row.kind))
        .text("environment", |row| Some(row.environment.as_str()))
        .texts("twins", |row| &row.twins)
        .number("rights", |row| count(row.broader.len() as u64))
        .table()
}

/// The rights that have no match in production.
///
/// # Errors
/// As [`privilege_identities`].
pub fn privilege_broader_rights(privilege: &Privilege) -> Result<RecordBatch> {
    let rows: Vec<(&TwinDrift, &BroaderRight)> =
        privilege.broader_than_production.iter().flat_map(|drift| drift.broader.iter().map(move |right| (drift, right))).collect();
    Columns::over(&rows)
        .text("entity", |row| Some(&row.0.entity))
        .texts("matched_over", |row| &row.1.matched_over)
        .text("held", |row| row.1.held.map(|right| right.as_str()))
        .relation(|row| Some(&row.1.relation))
        .table()
}

//! The tables of an estate: those of the document, and `entities` with what was resolved.

use super::columns::Columns;
use crate::error::Result;
use crate::estate::{EntityIndex, EntityRef, Estate, IdentityRef, LabelsRef, RelationRef, ResourceRef, SecretRef, TenantRef};
use arrow_array::RecordBatch;

/// The tenants, with the columns of the document.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn tenants(estate: &Estate) -> Result<RecordBatch> {
    let rows: Vec<TenantRef<'_>> = estate.entities().iter().filter_map(EntityRef::as_tenant).collect();
    Columns::over(&rows)
        .text("id", |row| Some(row.id))
        .text("name", |row| row.name)
        .text("kind", |row| Some(row.kind.as_str()))
        .text("environment", |row| row.environment.map(|it| it.as_str()))
        .text("parent", |row| row.parent)
        .text("owner", |row| row.owner)
        .json("labels", |row| labels(row.labels))?
        .instant("created_at", |row| row.created_at)
        .instant("expires_at", |row| row.expires_at)
        .json("controls", |row| Some(&row.controls).filter(|controls| **controls != Default::default()))?
        .table()
}

/// The identities, with the columns of the document.
///
/// # Errors
/// As [`tenants`].
pub fn identities(estate: &Estate) -> Result<RecordBatch> {
    let rows: Vec<IdentityRef<'_>> = estate.entities().iter().filter_map(EntityRef::as_identity).collect();
    Columns::over(&rows)
        .text("id", |row| Some(row.id))
        .text("name", |row| row.name)
        .text("kind", |row| Some(row.kind.as_str()))
        .text("tenant", |row| row.tenant)
        .text("environment", |row| row.environment.map(|it| it.as_str()))
        .text("owner", |row| row.owner)
        .json("labels", |row| labels(row.labels))?
        .flag("enabled", |row| row.enabled)
        .instant("created_at", |row| row.created_at)
        .instant("expires_at", |row| row.expires_at)
        .instant("last_used_at", |row| row.last_used_at)
        .texts("authentication", |row| row.authentication.iter().map(|it| it.as_str()))
        .text("vendor", |row| row.vendor)
        .table()
}

/// The secrets, with the columns of the document.
///
/// # Errors
/// As [`tenants`].
pub fn secrets(estate: &Estate) -> Result<RecordBatch> {
    let rows: Vec<SecretRef<'_>> = estate.entities().iter().filter_map(EntityRef::as_secret).collect();
    Columns::over(&rows)
        .text("id", |row| Some(row.id))
        .text("name", |row| row.name)
        .text("kind", |row| Some(row.kind.as_str()))
        .text("tenant", |row| row.tenant)
        .text("environment", |row| row.environment.map(|it| it.as_str()))
        .text("owner", |row| row.owner)
        .json("labels", |row| labels(row.labels))?
        .text("fingerprint", |row| row.fingerprint)
        .instant("created_at", |row| row.created_at)
        .instant("rotated_at", |row| row.rotated_at)
        .instant("expires_at", |row| row.expires_at)
        .instant("last_used_at", |row| row.last_used_at)
        .flag("dynamic", |row| row.dynamic)
        .flag("revoked", |row| row.revoked)
        .text("storage", |row| row.storage.map(|it| it.as_str()))
        .json("exposures", |row| Some(row.exposures).filter(|exposures| !exposures.is_empty()))?
        .table()
}

/// The resources, with the columns of the document.
///
/// # Errors
/// As [`tenants`].
pub fn resources(estate: &Estate) -> Result<RecordBatch> {
    let rows: Vec<ResourceRef<'_>> = estate.entities().iter().filter_map(EntityRef::as_resource).collect();
    Columns::over(&rows)
        .text("id", |row| Some(row.id))
        .text("name", |row| row.name)
        .text("kind", |row| Some(row.kind.as_str()))
        .text("tenant", |row| row.tenant)
        .text("environment", |row| row.environment.map(|it| it.as_str()))
        .text("owner", |row| row.owner)
        .json("labels", |row| labels(row.labels))?
        .flag("critical", |row| row.critical)
        .text("data", |row| row.data.map(|it| it.as_str()))
        .table()
}

/// The relations, with the columns of the document; `requires` and `grants` are written out where the kind says them.
///
/// # Errors
/// As [`tenants`].
pub fn relations(estate: &Estate) -> Result<RecordBatch> {
    let rows: Vec<RelationRef<'_>> = estate.relations().collect();
    Columns::over(&rows)
        .text("from", |row| Some(estate.entity(row.from()).id()))
        .text("kind", |row| Some(row.kind().as_str()))
        .text("to", |row| Some(estate.entity(row.to()).id()))
        .text("requires", |row| Some(row.requires().as_str()))
        .text("grants", |row| row.grants().map(|it| it.as_str()))
        .json("also", |row| Some(row.to_relation(estate).also).filter(|_| row.also().len() > 0))?
        .texts("guards", |row| row.guards().iter().map(|it| it.as_str()))
        .text("certainty", |row| Some(row.certainty().as_str()))
        .text("permission", |row| row.permission())
        .instant("granted_at", |row| row.granted_at())
        .instant("valid_from", |row| row.valid_from())
        .instant("valid_until", |row| row.valid_until())
        .instant("last_used_at", |row| row.last_used_at())
        .text("subject", |row| row.subject())
        .table()
}

/// Every entity, placeholders included, with its environment as it was resolved and where that was learnt.
///
/// # Errors
/// As [`tenants`].
pub fn entities(estate: &Estate) -> Result<RecordBatch> {
    let rows: Vec<EntityIndex> = estate.indices().collect();
    let entity = |row: &EntityIndex| estate.entity(*row);
    let resolved = |row: &EntityIndex| estate.environment(*row);
    Columns::over(&rows)
        .text("id", |row| Some(entity(row).id()))
        .text("type", |row| Some(entity(row).entity_type().as_str()))
        .text("kind", |row| Some(entity(row).kind()))
        .text("name", |row| Some(entity(row).name()))
        .text("tenant", |row| estate.own_tenant(*row).map(|tenant| estate.entity(tenant).id()))
        .text("environment", |row| Some(resolved(row).environment.as_str()))
        .text("class", |row| Some(resolved(row).class().as_str()))
        .text("environment_source", |row| Some(resolved(row).source.as_str()))
        .text("owner", |row| entity(row).owner())
        .table()
}

fn labels(labels: LabelsRef<'_>) -> Option<LabelsRef<'_>> {
    Some(labels).filter(|labels| !labels.is_empty())
}

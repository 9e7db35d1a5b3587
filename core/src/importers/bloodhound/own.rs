//! Records of this library within a graph that it wrote.

use crate::importers::Input;
use crate::importers::objects::{Fields, is_json_with};
use crate::model::{Entity, Identity, Relation, Resource, Secret, Tenant};

/// The property that holds a record of this library as JSON.
const RECORD: &str = "tg_record";

/// Whether an input is a graph that this library wrote, as its source or the kinds in it say: the records in it bear the marks of what they were read from.
pub(in crate::importers) fn is_own_graph(input: &Input) -> bool {
    let source = ["\"source_kind\":\"TenantGraph\"", "\"source_kind\": \"TenantGraph\""];
    is_json_with(input, &["\"graph\""]) && (is_json_with(input, &source) || is_json_with(input, &["\"TG_"]))
}

/// Whether a node or an edge was written by this library.
pub(super) fn is_own(kind: &str) -> bool {
    kind.starts_with("TG_")
}

/// The entity that a node holds; nothing for what nobody described.
pub(super) fn entity(kinds: &[String], properties: Fields<'_>) -> Option<Entity> {
    let record = properties.text(RECORD)?;
    let is = |kind: &str| kinds.iter().any(|known| known == kind);
    if is("TG_Tenant") {
        serde_json::from_str::<Tenant>(record).ok().map(Entity::from)
    } else if is("TG_Identity") {
        serde_json::from_str::<Identity>(record).ok().map(Entity::from)
    } else if is("TG_Secret") {
        serde_json::from_str::<Secret>(record).ok().map(Entity::from)
    } else if is("TG_Resource") {
        serde_json::from_str::<Resource>(record).ok().map(Entity::from)
    } else {
        None
    }
}

/// The relation that an edge holds.
pub(super) fn relation(properties: Fields<'_>) -> Option<Relation> {
    serde_json::from_str(properties.text(RECORD)?).ok()
}

/// Whether an edge was derived, so that whoever reads derives it again.
pub(super) fn is_derived(properties: Fields<'_>) -> bool {
    properties.flag("derived") == Some(true)
}

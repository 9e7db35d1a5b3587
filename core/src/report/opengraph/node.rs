//! [`Node`]: an entity as a node.

use super::{Properties, encoded, kind};
use crate::estate::{EntityIndex, EntityView, Estate};
use serde::Serialize;
use serde_json::Value;

/// A node. The first kind shows, the second is what an edge may ask for.
#[derive(Serialize)]
pub(super) struct Node {
    id: String,
    kinds: [String; 2],
    properties: Properties,
}

impl Node {
    /// The node of an entity. Each property is a text, a flag or a list of texts.
    pub fn of(estate: &Estate, index: EntityIndex) -> Node {
        let entity = estate.entity(index);
        let mut properties = Properties::new();
        let mut text = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                properties.insert(name.to_owned(), Value::from(value));
            }
        };
        text("name", Some(entity.name()));
        text("displayname", Some(entity.name()));
        text("tg_id", Some(entity.id()));
        text("kind", Some(entity.kind()));
        let environment = estate.environment(index).environment;
        text("environment", Some(environment.as_str()));
        text("environment_class", Some(environment.class().as_str()));
        text("tenant", entity.container());
        text("owner", entity.owner());
        let record = match entity.view() {
            EntityView::Tenant(tenant) => serde_json::to_string(&tenant),
            EntityView::Identity(identity) => serde_json::to_string(&identity),
            EntityView::Secret(secret) => serde_json::to_string(&secret),
            EntityView::Resource(resource) => serde_json::to_string(&resource),
            EntityView::Unknown(_) => Ok(String::new()),
        };
        text("tg_record", record.ok().as_deref().filter(|record| !record.is_empty()));
        let labels: Vec<Value> =
            entity.labels().into_iter().flat_map(|labels| labels.iter()).map(|(key, value)| format!("{key}={value}").into()).collect();
        if !labels.is_empty() {
            properties.insert("labels".into(), Value::Array(labels));
        }
        Node { id: encoded(entity.id()), kinds: [kind(entity.kind()), kind(entity.entity_type().as_str())], properties }
    }
}

//! [`Changes`]: what is added to, taken from and altered in an estate.

use super::{Estate, EstateBuilder};
use crate::error::{Error, ErrorCode, Place, Result, json_reason};
use crate::model::{Entity, EntityType, Identity, Premise, Relation, RelationKind, Resource, Secret, Tenant};
use crate::observer::{Observer, Pace, Unobserved};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};

/// Changes of an estate, written like its document: the same records under `add`, ids and relations under `remove`, records with only what differs under
/// `alter` (null takes a field away).
///
/// ```json
/// { "format": "tenantgraph/1",
///   "add":    { "relations": [{ "from": "pipeline", "kind": "deploys_to", "to": "shop" }] },
///   "remove": { "entities": ["old-key"], "relations": [{ "from": "tester", "kind": "assumes", "to": "deployer" }] },
///   "alter":  { "identities": [{ "id": "robot", "enabled": false }] } }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Changes {
    /// `tenantgraph/1`, or left out.
    pub format: Option<String>,
    /// What is added.
    pub add: Added,
    /// What is taken away.
    pub remove: Removed,
    /// What becomes different.
    pub alter: Altered,
}

/// Records that are added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Added {
    /// Tenants.
    pub tenants: Vec<Tenant>,
    /// Identities.
    pub identities: Vec<Identity>,
    /// Secrets.
    pub secrets: Vec<Secret>,
    /// Resources.
    pub resources: Vec<Resource>,
    /// Relations.
    pub relations: Vec<Relation>,
}

/// What is taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Removed {
    /// Ids. With an entity go its relations; what it contained stays, in no tenant.
    pub entities: Vec<String>,
    /// Relations, by their ends and kind: every relation that has them goes.
    pub relations: Vec<RelationKey>,
}

/// A relation by its ends and kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelationKey {
    /// The id of FROM.
    pub from: String,
    /// The kind.
    pub kind: RelationKind,
    /// The id of TO.
    pub to: String,
}

/// Records with only what differs: `id` (or `from`, `kind` and `to`) and the fields that change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Altered {
    /// Tenants.
    pub tenants: Vec<Map<String, Value>>,
    /// Identities.
    pub identities: Vec<Map<String, Value>>,
    /// Secrets.
    pub secrets: Vec<Map<String, Value>>,
    /// Resources.
    pub resources: Vec<Map<String, Value>>,
    /// Relations.
    pub relations: Vec<Map<String, Value>>,
}

impl RelationKey {
    /// The ends and kind of a relation.
    pub fn of(relation: &Relation) -> Self {
        RelationKey { from: relation.from.clone(), kind: relation.kind, to: relation.to.clone() }
    }
}

impl Changes {
    /// Reads changes from JSON.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidDocument`] with the line and column.
    pub fn from_json(name: &str, text: &str) -> Result<Changes> {
        let changes: Changes = serde_json::from_str(text).map_err(|error| {
            let place = Place::new(name).line(error.line() as u64).column(error.column() as u64);
            Error::new(ErrorCode::InvalidDocument, format!("not a document of changes: {}", json_reason(&error))).at(place)
        })?;
        match changes.format.as_deref() {
            None | Some("tenantgraph/1") => Ok(changes),
            Some(_) => {
                Err(Error::new(ErrorCode::InvalidDocument, "the format of changes is `tenantgraph/1`").at(Place::new(name).field("format")))
            }
        }
    }
}

impl Estate {
    /// The estate with changes made. Costs a copy of the estate.
    ///
    /// # Errors
    /// [`ErrorCode::UnknownEntity`] where an entity or relation to be removed or altered is not there, or an end of a relation to be added; [`ErrorCode::InvalidDocument`] where an altered record
    /// is none any more or an added entity is there already.
    pub fn with_changes(&self, changes: &Changes) -> Result<Estate> {
        self.with_changes_observed(changes, &Unobserved)
    }

    /// [`Estate::with_changes`], watched.
    ///
    /// # Errors
    /// As [`Estate::with_changes`], and [`ErrorCode::Cancelled`].
    pub fn with_changes_observed(&self, changes: &Changes, observer: &dyn Observer) -> Result<Estate> {
        let mut pace = Pace::new(observer);
        let mut entities: BTreeMap<String, Entity> = self
            .entities()
            .iter()
            .filter(|entity| entity.entity_type() != EntityType::Unknown)
            .map(|entity| (entity.id().to_owned(), entity.to_entity()))
            .collect();
        let mut relations: Vec<Relation> = self.relations().map(|relation| relation.to_relation(self)).collect();
        remove(&mut entities, &mut relations, &changes.remove, self)?;
        alter(&mut entities, &mut relations, &changes.alter)?;
        let mut builder = EstateBuilder::new();
        builder.source("changes", "tenantgraph");
        for entity in entities.into_values() {
            pace.step()?;
            builder.add(entity);
        }
        add(&mut builder, &changes.add)?;
        ends_are_there(&builder, &changes.add, self, &changes.remove)?;
        for relation in relations.into_iter().chain(changes.add.relations.iter().cloned()) {
            pace.step()?;
            builder.relate(relation);
        }
        for coverage in &self.reading().coverage {
            builder.cover(coverage.clone());
        }
        let changed = builder.build_observed(observer)?.asking(self.asking.clone());
        match changed.reading().skipped.first() {
            Some(skipped) => Err(Error::new(ErrorCode::InvalidDocument, format!("a change cannot be made: {}", skipped.reason))),
            None => Ok(changed),
        }
    }
}

fn remove(entities: &mut BTreeMap<String, Entity>, relations: &mut Vec<Relation>, removed: &Removed, estate: &Estate) -> Result<()> {
    let gone: HashSet<&str> = removed.entities.iter().map(String::as_str).collect();
    for id in &removed.entities {
        if entities.remove(id).is_none() && estate.find(id).is_none() {
            return Err(missing(&format!("no entity of the estate has the id `{id}`")));
        }
    }
    let is_gone = |id: &str| gone.contains(id);
    for entity in entities.values_mut() {
        if entity.container().is_some_and(is_gone) {
            entity.set_container(None);
        }
    }
    let keys: HashSet<&RelationKey> = removed.relations.iter().collect();
    let mut met = HashSet::new();
    relations.retain(|relation| {
        let key = RelationKey::of(relation);
        if keys.contains(&key) {
            met.insert(key);
            return false;
        }
        let premises = relation.also.iter().map(|Premise { entity, .. }| entity.as_str());
        ![relation.from.as_str(), relation.to.as_str()].into_iter().chain(premises).any(is_gone)
    });
    match removed.relations.iter().find(|key| !met.contains(key)) {
        Some(RelationKey { from, kind, to }) => Err(missing(&format!(
            "the estate has no relation from `{from}` of kind `{kind}` to `{to}`; derived ones go with what they are derived from"
        ))),
        None => Ok(()),
    }
}

fn alter(entities: &mut BTreeMap<String, Entity>, relations: &mut [Relation], altered: &Altered) -> Result<()> {
    let lists = [&altered.tenants, &altered.identities, &altered.secrets, &altered.resources];
    let types = [EntityType::Tenant, EntityType::Identity, EntityType::Secret, EntityType::Resource];
    for (list, entity_type) in lists.into_iter().zip(types) {
        for (at, record) in list.iter().enumerate() {
            let id = record.get("id").and_then(Value::as_str).ok_or_else(|| invalid(entity_type.as_str(), at))?;
            let entity = entities.get_mut(id).filter(|entity| entity.entity_type() == entity_type);
            let entity = entity.ok_or_else(|| missing(&format!("no {entity_type} of the estate has the id `{id}`")))?;
            let changed = match &*entity {
                Entity::Tenant(it) => laid_over::<Tenant>(it, record).map(Entity::from),
                Entity::Identity(it) => laid_over::<Identity>(it, record).map(Entity::from),
                Entity::Secret(it) => laid_over::<Secret>(it, record).map(Entity::from),
                Entity::Resource(it) => laid_over::<Resource>(it, record).map(Entity::from),
                Entity::Unknown(_) => None,
            };
            *entity = changed.ok_or_else(|| invalid(entity_type.as_str(), at))?;
        }
    }
    for (at, record) in altered.relations.iter().enumerate() {
        let ends: Map<String, Value> = record
            .iter()
            .filter(|(key, _)| ["from", "kind", "to"].contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let key: RelationKey = serde_json::from_value(Value::Object(ends)).map_err(|_| invalid("relation", at))?;
        let mut met = false;
        for relation in relations.iter_mut().filter(|relation| RelationKey::of(relation) == key) {
            *relation = laid_over(relation, record).ok_or_else(|| invalid("relation", at))?;
            met = true;
        }
        if !met {
            return Err(missing("an altered relation is not in the estate; give its `from`, `kind` and `to` as they are"));
        }
    }
    Ok(())
}

fn add(builder: &mut EstateBuilder, added: &Added) -> Result<()> {
    let tenants = added.tenants.iter().cloned().map(Entity::from);
    let identities = added.identities.iter().cloned().map(Entity::from);
    let secrets = added.secrets.iter().cloned().map(Entity::from);
    let resources = added.resources.iter().cloned().map(Entity::from);
    for entity in tenants.chain(identities).chain(secrets).chain(resources) {
        if builder.get(entity.id()).is_some() {
            return Err(Error::new(
                ErrorCode::InvalidDocument,
                format!("the estate has an entity `{}` already; alter it instead", entity.id()),
            ));
        }
        builder.add(entity);
    }
    Ok(())
}

/// A relation that leads nowhere opens nothing: a slip in an id must not pass for a change that is safe.
fn ends_are_there(builder: &EstateBuilder, added: &Added, estate: &Estate, removed: &Removed) -> Result<()> {
    let is_there = |id: &str| builder.get(id).is_some() || estate.find(id).is_some() && !removed.entities.iter().any(|gone| gone == id);
    for Relation { from, to, also, .. } in &added.relations {
        let ends = [from, to].into_iter().chain(also.iter().map(|premise| &premise.entity));
        if let Some(end) = ends.into_iter().find(|end| !is_there(end)) {
            return Err(missing(&format!("an added relation names `{end}`, which neither the estate nor the changes have; add it too")));
        }
    }
    Ok(())
}

/// A record with the fields of another laid over it; null takes a field away.
fn laid_over<T: Serialize + DeserializeOwned>(known: &T, record: &Map<String, Value>) -> Option<T> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(known) else { return None };
    for (key, value) in record {
        if value.is_null() {
            fields.remove(key);
        } else {
            fields.insert(key.clone(), value.clone());
        }
    }
    serde_json::from_value(Value::Object(fields)).ok()
}

fn missing(message: &str) -> Error {
    Error::new(ErrorCode::UnknownEntity, message)
}

fn invalid(what: &str, at: usize) -> Error {
    let message = format!("an altered {what} gives its id and fields of its own record; null takes a field away");
    Error::new(ErrorCode::InvalidDocument, message).at(Place::new("alter").record(at as u64 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{IdentityKind, TenantKind};

    fn estate() -> Estate {
        let mut builder = Estate::builder();
        builder.add(Tenant::new("t", TenantKind::Other));
        for id in ["a", "b", "c"] {
            builder.add(Identity { tenant: Some("t".into()), ..Identity::new(id, IdentityKind::Role) });
        }
        builder.relate(Relation::new("a", RelationKind::Assumes, "b"));
        builder.relate(Relation::new("b", RelationKind::Assumes, "c").also("a", crate::model::Right::Control));
        builder.build()
    }

    fn changed(text: &str) -> Result<Estate> {
        estate().with_changes(&Changes::from_json("changes.json", text)?)
    }

    #[test]
    fn adds_removes_and_alters() {
        let changed = changed(
            r#"{ "format": "tenantgraph/1",
                 "add": { "identities": [{ "id": "d", "kind": "role" }], "relations": [{ "from": "c", "kind": "assumes", "to": "d" }] },
                 "remove": { "entities": ["t"], "relations": [{ "from": "a", "kind": "assumes", "to": "b" }] },
                 "alter": { "identities": [{ "id": "a", "enabled": false, "tenant": null }],
                            "relations": [{ "from": "b", "kind": "assumes", "to": "c", "also": null, "guards": ["mfa"] }] } }"#,
        )
        .expect("changes that can be made");
        assert_eq!(changed.len(), 4);
        let relations: Vec<_> = changed.relations().map(|relation| relation.to_relation(&changed)).collect();
        assert_eq!((relations[0].from.as_str(), relations[0].also.len(), relations[0].guards.is_empty()), ("b", 0, false));
        assert_eq!(relations.len(), 2);
        assert!(changed.entities().iter().all(|entity| entity.container().is_none()));
    }

    #[test]
    fn what_is_not_there_cannot_be_changed() {
        let code = |text: &str| changed(text).expect_err(text).code();
        assert_eq!(code(r#"{"remove": {"entities": ["x"]}}"#), ErrorCode::UnknownEntity);
        assert_eq!(code(r#"{"remove": {"relations": [{"from": "a", "kind": "reads", "to": "b"}]}}"#), ErrorCode::UnknownEntity);
        for (from, to) in [("a", "x"), ("x", "a")] {
            let text = format!(r#"{{"add": {{"relations": [{{"from": "{from}", "kind": "reads", "to": "{to}"}}]}}}}"#);
            let error = changed(&text).expect_err("an end that nobody has");
            assert!(error.code() == ErrorCode::UnknownEntity && error.message().contains("`x`"), "{error}");
        }
        assert_eq!(code(r#"{"alter": {"tenants": [{"id": "a"}]}}"#), ErrorCode::UnknownEntity);
        assert_eq!(code(r#"{"alter": {"identities": [{"id": "a", "colour": 1}]}}"#), ErrorCode::InvalidDocument);
        assert_eq!(code(r#"{"add": {"identities": [{"id": "a"}]}}"#), ErrorCode::InvalidDocument);
        assert_eq!(code(r#"{"format": "other"}"#), ErrorCode::InvalidDocument);
        assert_eq!(code("{"), ErrorCode::InvalidDocument);
    }
}

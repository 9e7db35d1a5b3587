//! [`Plan`]: the two sides of a plan, and what is not known until it is applied.

use super::aws;
use super::document::{Document, Frame};
use super::names::predicted;
use super::references::{Known, References, index};
use super::resource::Resource;
use super::unsettled::{Part, Unsettled, is_unknown, part_of};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A resource as `show -json` writes it. It holds secret values, so it has no `Debug`.
#[derive(Deserialize)]
pub(super) struct ShownResource {
    address: String,
    mode: Option<String>,
    r#type: String,
    #[serde(default)]
    values: Option<Map<String, Value>>,
    sensitive_values: Option<Value>,
}

impl ShownResource {
    /// The resource.
    pub fn into_resource(self) -> Resource {
        let sensitive = self.sensitive_values.as_ref().map(marked).unwrap_or_default();
        Resource {
            is_data: self.mode.as_deref() == Some("data"),
            address: self.address,
            kind: self.r#type,
            values: self.values.unwrap_or_default(),
            sensitive,
        }
    }
}

/// The names of the attributes that are marked, whole or in part.
fn marked(marks: &Value) -> Vec<String> {
    let is_marked = |value: &Value| match value {
        Value::Bool(marked) => *marked,
        Value::Array(parts) => !parts.is_empty(),
        Value::Object(parts) => !parts.is_empty(),
        _ => false,
    };
    let names = marks.as_object().into_iter().flatten().filter(|(_, mark)| is_marked(mark));
    names.map(|(name, _)| name.clone()).collect()
}

/// The change of one resource.
#[derive(Deserialize)]
struct Change {
    address: String,
    mode: Option<String>,
    r#type: String,
    change: Sides,
}

#[derive(Deserialize)]
struct Sides {
    #[serde(default)]
    actions: Vec<String>,
    before: Option<Map<String, Value>>,
    after: Option<Map<String, Value>>,
    after_unknown: Option<Value>,
    after_sensitive: Option<Value>,
}

#[derive(Deserialize)]
struct Prior<'a> {
    #[serde(borrow)]
    values: Option<&'a RawValue>,
}

/// A plan under way.
pub(super) struct Plan {
    document: Document,
    before: Vec<Resource>,
}

/// An attribute that nobody knows before the plan is applied.
struct Unknown {
    address: String,
    name: String,
    /// What it was before, where the resource is only changed.
    old: Option<Value>,
}

const NO_CHANGE: &str = "a change of a plan with a field of a wrong type";

impl Plan {
    /// The two sides of a plan.
    pub fn of(frame: &Frame<'_>, mut document: Document) -> Plan {
        let prior = frame.prior_state.and_then(|text| document.part::<Prior<'_>>(text)).and_then(|prior| prior.values);
        let mut before = by_address(prior.map(|values| document.shown(values)).unwrap_or_default());
        let mut after = by_address(frame.planned_values.map(|values| document.shown(values)).unwrap_or_default());
        // What is only looked up stands in neither, and on both sides.
        for (address, resource) in before.iter().filter(|(_, resource)| resource.is_data) {
            after.entry(address.clone()).or_insert_with(|| resource.clone());
        }
        let references = frame.configuration.map(References::of).unwrap_or_default();
        let mut unknown = Vec::new();
        for text in frame.resource_changes.iter().flatten() {
            let Ok(change) = serde_json::from_str::<Change>(text.get()) else {
                document.skipped.push(NO_CHANGE);
                continue;
            };
            take(change, &mut before, &mut after, &mut unknown);
        }
        document.settle(unknown, &mut after, &references);
        document.resources = after.into_values().collect();
        Plan { document, before: before.into_values().collect() }
    }

    /// The document of the plan.
    pub fn document(self) -> Document {
        Document { before: Some(self.before), ..self.document }
    }
}

fn by_address(resources: Vec<Resource>) -> BTreeMap<String, Resource> {
    resources.into_iter().map(|resource| (resource.address.clone(), resource)).collect()
}

/// Adds what a change says that neither side has, and what was known before and is unknown only because it is made anew.
fn take(change: Change, before: &mut BTreeMap<String, Resource>, after: &mut BTreeMap<String, Resource>, unknown: &mut Vec<Unknown>) {
    let Change { address, mode, r#type, change } = change;
    let is_data = mode.as_deref() == Some("data");
    let resource =
        |values: Map<String, Value>, sensitive| Resource { address: address.clone(), kind: r#type.clone(), is_data, values, sensitive };
    let is_gone = change.actions.iter().all(|action| action == "delete") && !change.actions.is_empty();
    if let Some(values) = &change.before {
        before.entry(address.clone()).or_insert_with(|| resource(values.clone(), Vec::new()));
    }
    if is_gone {
        after.remove(&address);
        return;
    }
    if let Some(values) = change.after {
        let sensitive = change.after_sensitive.as_ref().map(marked).unwrap_or_default();
        after.entry(address.clone()).or_insert_with(|| resource(values, sensitive));
    }
    for (name, _) in change.after_unknown.iter().filter_map(Value::as_object).flatten().filter(|(_, mark)| is_unknown(mark)) {
        let old = change.before.as_ref().and_then(|before| before.get(name)).filter(|value| !value.is_null());
        unknown.push(Unknown { address: address.clone(), name: name.clone(), old: old.cloned() });
    }
}

impl Document {
    /// Finds what was unknown in what stood before and in what the configuration names, and notes what stays open of a grant.
    fn settle(&mut self, unknown: Vec<Unknown>, after: &mut BTreeMap<String, Resource>, references: &References) {
        let part = |unknown: &Unknown, resource: &Resource| {
            part_of(&resource.kind, &unknown.name, references.sets(&unknown.address, &unknown.name)).filter(|_| !resource.is_data)
        };
        for unknown in &unknown {
            let Some(resource) = after.get_mut(&unknown.address) else { continue };
            // The name of a thing, and so its address at the provider, stays what it was; whom a grant names does not.
            if part(unknown, resource) != Some(Part::Grantee)
                && let Some(old) = unknown.old.as_ref().filter(|_| resource.values.get(&unknown.name).is_none_or(Value::is_null))
            {
                resource.values.insert(unknown.name.clone(), old.clone());
            }
        }
        let account = aws::account(after.values());
        after.values_mut().for_each(|resource| predicted(resource, &account));
        let known: Known = after.values().map(|resource| (resource.address.clone(), resource.values.clone())).collect();
        for unknown in unknown {
            self.unknown[0] += 1;
            let Some(resource) = after.get_mut(&unknown.address) else { continue };
            let Unknown { address, name, .. } = unknown;
            let part = part(&Unknown { address: address.clone(), name: name.clone(), old: None }, resource);
            let made_of = references.made_of(&address, &name);
            let found = made_of.as_ref().and_then(|parts| referenced(&address, &name, parts, &known));
            if part.is_some() || resource.values.get(&name).is_none_or(Value::is_null) {
                match found {
                    Some(value) => {
                        resource.values.insert(name, value);
                    }
                    None => {
                        let Some(part) = part else { continue };
                        let names = made_of.filter(|parts| parts.len() == 1).and_then(|mut parts| parts.pop());
                        let names = names.and_then(|(of, _)| Some((of.clone(), resource_of(&of, &address, &known)?.clone())));
                        self.unsettled.push(Unsettled { address, attribute: name, part, names });
                        continue;
                    }
                }
            }
            self.unknown[1] += 1;
        }
    }
}

/// The resource of a reference: itself, or its instance with the index of who refers to it.
fn resource_of<'k>(of: &str, address: &str, known: &'k Known) -> Option<&'k Map<String, Value>> {
    known.get(of).or_else(|| known.get(&format!("{of}{}", index(address))))
}

/// The value of an attribute that is made of others: the one, or in a list each of them.
fn referenced(address: &str, name: &str, parts: &[(String, String)], known: &Known) -> Option<Value> {
    let value = |(of, attribute): &(String, String)| {
        let text = resource_of(of, address, known)?.get(attribute)?.as_str().filter(|text| !text.is_empty())?;
        // A template around it is not told; who is named by an address is.
        let is_member = attribute == "email" && matches!(name, "member" | "members");
        Some(if is_member { format!("serviceAccount:{text}") } else { text.to_owned() })
    };
    let values: Vec<String> = parts.iter().map(value).collect::<Option<_>>()?;
    let is_list = matches!(name, "groups" | "members" | "owners" | "roles" | "users");
    match <[String; 1]>::try_from(values) {
        // A document that is written in place only holds what it refers to.
        Ok([one]) if name.ends_with("policy") || name == "policy_data" => one.trim_start().starts_with('{').then_some(Value::String(one)),
        Ok([one]) => Some(Value::String(one)),
        Err(several) => is_list.then(|| several.into_iter().map(Value::String).collect()),
    }
}

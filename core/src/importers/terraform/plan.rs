//! [`Plan`]: the two sides of a plan, and what is not known until it is applied.

use super::document::{Document, Frame};
use super::names::predicted;
use super::resource::Resource;
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
        let references = frame.configuration.map(references).unwrap_or_default();
        let mut unknown = Vec::new();
        for text in frame.resource_changes.iter().flatten() {
            let Ok(change) = serde_json::from_str::<Change>(text.get()) else {
                document.skipped.push(NO_CHANGE);
                continue;
            };
            take(change, &mut before, &mut after, &mut unknown);
        }
        let mut known: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        for resource in after.values_mut() {
            predicted(resource);
            known.insert(resource.address.clone(), resource.values.clone());
        }
        for (address, name) in unknown {
            document.unknown[0] += 1;
            let Some(resource) = after.get_mut(&address) else { continue };
            if resource.values.get(&name).is_none_or(Value::is_null) {
                let found = referenced(&address, &name, &references, &known);
                if let Some(value) = found {
                    resource.values.insert(name, value);
                } else {
                    continue;
                }
            }
            document.unknown[1] += 1;
        }
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
fn take(
    change: Change,
    before: &mut BTreeMap<String, Resource>,
    after: &mut BTreeMap<String, Resource>,
    unknown: &mut Vec<(String, String)>,
) {
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
    let Some(after) = after.get_mut(&address) else { return };
    let names = change.after_unknown.as_ref().map(marked).unwrap_or_default();
    for name in names {
        let old = change.before.as_ref().and_then(|before| before.get(&name)).filter(|value| !value.is_null());
        // The name of a thing, and so its address at the provider, stays what it was.
        if let Some(old) = old.filter(|_| after.values.get(&name).is_none_or(Value::is_null)) {
            after.values.insert(name.clone(), old.clone());
        }
        unknown.push((address.clone(), name));
    }
}

/// What each attribute of a resource refers to, by the address of the resource without indices.
type References = BTreeMap<(String, String), Vec<String>>;

fn references(configuration: &RawValue) -> References {
    let mut references = References::new();
    let configuration: Value = serde_json::from_str(configuration.get()).unwrap_or_default();
    let mut modules = vec![(String::new(), configuration.get("root_module"))];
    while let Some((path, module)) = modules.pop() {
        let Some(module) = module else { continue };
        for resource in module.get("resources").and_then(Value::as_array).into_iter().flatten() {
            let Some(address) = resource.get("address").and_then(Value::as_str) else { continue };
            for (name, expression) in resource.get("expressions").and_then(Value::as_object).into_iter().flatten() {
                let named = expression.get("references").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
                let named: Vec<String> = named.map(|name| format!("{path}{name}")).collect();
                references.insert((format!("{path}{address}"), name.clone()), named);
            }
        }
        for (name, call) in module.get("module_calls").and_then(Value::as_object).into_iter().flatten() {
            modules.push((format!("{path}module.{name}."), call.get("module")));
        }
    }
    references
}

/// The value of the attribute that another refers to, where it refers to one.
fn referenced(address: &str, name: &str, references: &References, known: &BTreeMap<String, Map<String, Value>>) -> Option<Value> {
    let (bare, index) = match address.rsplit_once('[').filter(|_| address.ends_with(']')) {
        Some((bare, index)) => (bare, format!("[{index}")),
        None => (address, String::new()),
    };
    let named = references.get(&(bare.to_owned(), name.to_owned()))?;
    // `a.b.arn` and `a.b`, which the longer one implies.
    let mut attributes = named.iter().filter_map(|reference| reference.rsplit_once('.'));
    let value = |(of, attribute): (&str, &str)| {
        let values = known.get(of).or_else(|| known.get(&format!("{of}{index}")))?;
        values.get(attribute).filter(|value| value.is_string()).cloned().map(|value| (attribute.to_owned(), value))
    };
    let (attribute, found) = attributes.find_map(value)?;
    let text = found.as_str()?;
    // A template around it is not told; who is named by an address is.
    Some(Value::String(if attribute == "email" && matches!(name, "member" | "members") {
        format!("serviceAccount:{text}")
    } else {
        text.to_owned()
    }))
}

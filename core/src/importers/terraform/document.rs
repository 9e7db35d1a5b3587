//! [`Document`]: the resources of a state or a plan, whatever version wrote it.

use super::flat::nested;
use super::plan::{self, Plan};
use super::resource::Resource;
use super::unsettled::Unsettled;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What an input holds.
pub(super) struct Document {
    /// The resources, of a plan those that stand once it is applied.
    pub resources: Vec<Resource>,
    /// Of a plan, those that stood before; `None` for a state.
    pub before: Option<Vec<Resource>>,
    /// Why some resource was left out.
    pub skipped: Vec<&'static str>,
    /// The values that nobody knows before the plan is applied, and how many of them were found elsewhere.
    pub unknown: [u64; 2],
    /// What they leave open of grants.
    pub unsettled: Vec<Unsettled>,
}

/// The frame of every shape.
#[derive(Deserialize)]
pub(super) struct Frame<'a> {
    version: Option<u64>,
    lineage: Option<Value>,
    serial: Option<serde::de::IgnoredAny>,
    pub terraform_version: Option<serde::de::IgnoredAny>,
    pub format_version: Option<serde::de::IgnoredAny>,
    #[serde(borrow)]
    resources: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    modules: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub values: Option<&'a RawValue>,
    #[serde(borrow)]
    pub planned_values: Option<&'a RawValue>,
    #[serde(borrow)]
    pub prior_state: Option<&'a RawValue>,
    #[serde(borrow)]
    pub resource_changes: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub configuration: Option<&'a RawValue>,
}

impl Frame<'_> {
    /// The name that a state keeps from its first version on.
    pub fn lineage(&self) -> Option<&str> {
        self.lineage.as_ref()?.as_str().filter(|lineage| !lineage.is_empty())
    }

    /// Whether it is one of Terraform's.
    pub fn is_terraform(&self) -> bool {
        let state = self.version.is_some()
            && (self.lineage.is_some() || self.serial.is_some())
            && (self.resources.is_some() || self.modules.is_some());
        let shown = self.format_version.is_some() && (self.terraform_version.is_some() || self.is_plan() || self.values.is_some());
        state || shown
    }

    fn is_plan(&self) -> bool {
        self.planned_values.is_some() || self.resource_changes.is_some()
    }
}

const NO_RESOURCE: &str = "a resource of a state with a field of a wrong type, or without its type";
const NO_PART: &str = "a part of the document with a field of a wrong type";
const NO_VERSION: &str = "a state of a version that this reader does not know; write it again with a newer Terraform";

impl Document {
    /// The resources in a frame.
    pub fn of(frame: &Frame<'_>) -> Document {
        let mut document = Document { resources: Vec::new(), before: None, skipped: Vec::new(), unknown: [0, 0], unsettled: Vec::new() };
        match (&frame.resources, &frame.modules) {
            _ if frame.is_plan() => return Plan::of(frame, document).document(),
            (_, Some(modules)) => modules.iter().for_each(|module| document.old_module(module)),
            (Some(resources), _) if frame.version == Some(4) => resources.iter().for_each(|text| document.stated(text)),
            (Some(_), _) => document.skipped.push(NO_VERSION),
            _ => {
                let shown = frame.values.map(|values| document.shown(values)).unwrap_or_default();
                document.resources = shown;
            }
        }
        document
    }

    /// A part of the document; a bad one is noted.
    pub fn part<'a, T: Deserialize<'a>>(&mut self, text: &'a RawValue) -> Option<T> {
        let part = serde_json::from_str(text.get()).ok();
        if part.is_none() {
            self.skipped.push(NO_PART);
        }
        part
    }

    /// A resource of version 4, with its instances.
    fn stated(&mut self, text: &RawValue) {
        let Ok(resource) = serde_json::from_str::<Stated>(text.get()) else { return self.skipped.push(NO_RESOURCE) };
        let module = resource.module.map(|module| module + ".").unwrap_or_default();
        let is_data = resource.mode.as_deref() == Some("data");
        let data = if is_data { "data." } else { "" };
        for instance in resource.instances {
            let index = instance.index_key.map(|key| format!("[{key}]")).unwrap_or_default();
            let values = match (instance.attributes, instance.attributes_flat) {
                (Some(values), _) => values,
                (None, Some(flat)) => nested(flat),
                (None, None) => continue,
            };
            let address = format!("{module}{data}{}.{}{index}", resource.r#type, resource.name);
            let sensitive = instance.sensitive_attributes.into_iter().flatten().filter_map(|path| first_name(&path)).collect();
            self.resources.push(Resource { address, kind: resource.r#type.clone(), is_data, values, sensitive });
        }
    }

    /// A module of version 3.
    fn old_module(&mut self, text: &RawValue) {
        let Some(module) = self.part::<OldModule<'_>>(text) else { return };
        let path: String = module.path.iter().skip(1).map(|name| format!("module.{name}.")).collect();
        for (address, text) in module.resources {
            let Ok(resource) = serde_json::from_str::<OldResource>(text.get()) else {
                self.skipped.push(NO_RESOURCE);
                continue;
            };
            let Some(primary) = resource.primary else { continue };
            let mut values = nested(primary.attributes);
            if let Some(id) = primary.id {
                values.entry("id").or_insert(Value::String(id));
            }
            let is_data = address.starts_with("data.");
            self.resources.push(Resource {
                address: format!("{path}{address}"),
                kind: resource.r#type,
                is_data,
                values,
                sensitive: Vec::new(),
            });
        }
    }

    /// The resources of `show -json`: of a module and of those in it.
    pub fn shown(&mut self, values: &RawValue) -> Vec<Resource> {
        let mut resources = Vec::new();
        let Some(shown) = self.part::<Shown<'_>>(values) else { return resources };
        let mut modules: Vec<&RawValue> = shown.root_module.into_iter().collect();
        while let Some(text) = modules.pop() {
            let Some(module) = self.part::<Module<'_>>(text) else { continue };
            modules.extend(module.child_modules);
            for text in module.resources {
                match serde_json::from_str::<plan::ShownResource>(text.get()) {
                    Ok(resource) => resources.push(resource.into_resource()),
                    Err(_) => self.skipped.push(NO_RESOURCE),
                }
            }
        }
        resources
    }
}

/// The name of an attribute in the path of a sensitive one, `[{"type": "get_attr", "value": "secret"}]`.
fn first_name(path: &Value) -> Option<String> {
    let step = path.as_array().and_then(|steps| steps.first()).unwrap_or(path);
    step.get("value")?.as_str().map(str::to_owned)
}

#[derive(Deserialize)]
struct Stated {
    module: Option<String>,
    mode: Option<String>,
    r#type: String,
    name: String,
    #[serde(default)]
    instances: Vec<Instance>,
}

#[derive(Deserialize)]
struct Instance {
    index_key: Option<Value>,
    attributes: Option<Map<String, Value>>,
    attributes_flat: Option<BTreeMap<String, String>>,
    sensitive_attributes: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct OldModule<'a> {
    #[serde(default)]
    path: Vec<String>,
    #[serde(default, borrow)]
    resources: BTreeMap<String, &'a RawValue>,
}

#[derive(Deserialize)]
struct OldResource {
    r#type: String,
    primary: Option<OldInstance>,
}

#[derive(Deserialize)]
struct OldInstance {
    id: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Shown<'a> {
    #[serde(borrow)]
    root_module: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Module<'a> {
    #[serde(default, borrow)]
    resources: Vec<&'a RawValue>,
    #[serde(default, borrow)]
    child_modules: Vec<&'a RawValue>,
}

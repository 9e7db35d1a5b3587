//! [`Resource`]: one resource of a state, as its provider describes it.

use serde_json::{Map, Value};

/// A resource with its values, secret ones included: it has no `Debug`, and lives only while its input is read.
#[derive(Clone)]
pub(super) struct Resource {
    /// Where it stands in the configuration: `module.till.aws_iam_role.deployer["x"]`.
    pub address: String,
    /// Its type: `aws_iam_role`.
    pub kind: String,
    /// Whether it is only looked up, not managed.
    pub is_data: bool,
    /// Its attributes.
    pub values: Map<String, Value>,
    /// The names of the attributes that the state marks as secret.
    pub sensitive: Vec<String>,
}

impl Resource {
    /// A text that says something.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// The first of several attributes that says something.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.text(name))
    }

    /// The texts of a list, or the one in its place.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.values.get(name) {
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one],
            _ => Vec::new(),
        }
    }

    /// A flag.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.values.get(name)? {
            Value::Bool(flag) => Some(*flag),
            // As version 3 of states writes it.
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The blocks of a name: Terraform writes a list also of what there is one of.
    pub fn blocks(&self, name: &str) -> Vec<&Map<String, Value>> {
        blocks(&self.values, name)
    }

    /// The one block of a name.
    pub fn block(&self, name: &str) -> Option<&Map<String, Value>> {
        self.blocks(name).into_iter().next()
    }

    /// An attribute as it stands.
    pub fn value(&self, name: &str) -> Value {
        self.values.get(name).cloned().unwrap_or(Value::Null)
    }

    /// Labels or tags: a map of texts.
    pub fn labels(&self, names: &[&str]) -> Map<String, Value> {
        let maps = names.iter().filter_map(|name| self.values.get(*name)?.as_object());
        let texts = maps.flat_map(|map| map.iter().filter(|(_, value)| value.is_string()));
        texts.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

/// The blocks of a name within another.
pub(super) fn blocks<'v>(values: &'v Map<String, Value>, name: &str) -> Vec<&'v Map<String, Value>> {
    match values.get(name) {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_object).collect(),
        Some(Value::Object(one)) => vec![one],
        _ => Vec::new(),
    }
}

/// The text of a name within a block.
pub(super) fn text<'v>(values: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    values.get(name)?.as_str().filter(|text| !text.is_empty())
}

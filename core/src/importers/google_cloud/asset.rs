//! [`Record`]: the shapes a record of an export may have, and the parts of each asset's data that are read.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A record of an export, of `search-all-iam-policies`, or a bare policy. Every field is optional; which are there tells which it is.
#[derive(Debug, Deserialize)]
pub(super) struct Record<'a> {
    pub name: Option<String>,
    #[serde(alias = "assetType")]
    pub asset_type: Option<String>,
    #[serde(alias = "iamPolicy", alias = "policy")]
    pub iam_policy: Option<Policy>,
    /// An object with the data of an asset; in `search-all-iam-policies` the name of the resource.
    #[serde(borrow)]
    pub resource: Option<&'a RawValue>,
    pub ancestors: Option<Vec<String>>,
    pub project: Option<String>,
    pub folders: Option<Vec<String>>,
    pub organization: Option<String>,
    pub bindings: Option<Vec<Binding>>,
    pub etag: Option<String>,
    /// The records of a response of the API.
    #[serde(alias = "results", borrow)]
    pub assets: Option<Vec<&'a RawValue>>,
}

/// A policy. An empty one is written `{}`.
#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    pub bindings: Option<Vec<Binding>>,
}

/// A role and those who hold it.
#[derive(Debug, Deserialize)]
pub(super) struct Binding {
    #[serde(default)]
    pub role: String,
    #[serde(default, deserialize_with = "or_none")]
    pub members: Vec<String>,
    #[serde(default, deserialize_with = "is_there")]
    pub condition: bool,
}

/// The resource part of an asset.
#[derive(Debug, Deserialize)]
pub(super) struct Resource<'a> {
    pub parent: Option<String>,
    #[serde(borrow)]
    pub data: Option<&'a RawValue>,
}

/// The data of a project.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Project {
    pub project_id: Option<String>,
    pub project_number: Option<Number>,
    /// Its id in the first version of the API, `projects/NUMBER` in the third.
    pub name: Option<String>,
    pub display_name: Option<String>,
    pub labels: Option<crate::model::Labels>,
    #[serde(alias = "state")]
    pub lifecycle_state: Option<String>,
    pub create_time: Option<String>,
    pub parent: Option<Parent>,
}

/// The data of a folder or an organisation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Container {
    pub display_name: Option<String>,
    #[serde(alias = "state")]
    pub lifecycle_state: Option<String>,
    #[serde(alias = "creationTime")]
    pub create_time: Option<String>,
    pub parent: Option<Parent>,
}

/// A parent: `{"id": "1", "type": "folder"}` in the first version of the API, `folders/1` later.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Parent {
    Parts { id: Number, r#type: String },
    Name(String),
}

/// A number that is written as one or as text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Number {
    Text(String),
    Number(u64),
}

/// The data of a service account.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub email: Option<String>,
    pub unique_id: Option<String>,
    pub project_id: Option<String>,
    pub disabled: Option<bool>,
}

/// The data of a service-account key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Key {
    pub valid_after_time: Option<String>,
    pub valid_before_time: Option<String>,
    pub key_type: Option<String>,
    pub disabled: Option<bool>,
}

/// The data of a secret of the Secret Manager.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Secret {
    pub labels: Option<crate::model::Labels>,
    pub expire_time: Option<String>,
}

/// The data of a version of a secret.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Version {
    pub create_time: Option<String>,
    pub state: Option<String>,
}

/// The data of an API key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApiKey {
    pub display_name: Option<String>,
    pub create_time: Option<String>,
    pub delete_time: Option<String>,
}

/// The data of a role.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Role {
    pub name: Option<String>,
    #[serde(default, deserialize_with = "or_none")]
    pub included_permissions: Vec<String>,
    pub stage: Option<String>,
    pub deleted: Option<bool>,
}

/// What any other asset's data may tell.
#[derive(Debug, Deserialize)]
pub(super) struct Other {
    #[serde(alias = "resourceLabels", alias = "userLabels")]
    pub labels: Option<crate::model::Labels>,
}

impl Parent {
    /// The parent as `folders/1`.
    pub fn container(&self) -> String {
        match self {
            Parent::Parts { id, r#type } => format!("{type}s/{}", id.text()),
            Parent::Name(name) => name.clone(),
        }
    }
}

impl Number {
    /// The number as text.
    pub fn text(&self) -> String {
        match self {
            Number::Text(text) => text.clone(),
            Number::Number(number) => number.to_string(),
        }
    }
}

/// A list that may be `null`.
fn or_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Whether a value is there that is not `null`.
fn is_there<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::<serde::de::IgnoredAny>::deserialize(deserializer)?.is_some())
}

//! The parts of Kubernetes objects that are read. Values of secrets pass through here and become fingerprints at once, so nothing here can be shown.

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What every object has, and the objects of a list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header<'a> {
    pub api_version: Option<String>,
    pub kind: Option<String>,
    #[serde(borrow)]
    pub metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    pub items: Option<Vec<&'a RawValue>>,
    /// Only in what the cluster says of its tokens, which is no object.
    #[serde(borrow)]
    pub issuer: Option<&'a RawValue>,
    #[serde(rename = "jwks_uri")]
    pub keys: Option<de::IgnoredAny>,
}

/// The metadata of an object.
#[derive(Deserialize, Default, Clone)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Metadata {
    pub name: Option<Text>,
    pub generate_name: Option<Text>,
    pub namespace: Option<Text>,
    pub uid: Option<Text>,
    pub creation_timestamp: Option<Text>,
    pub labels: Option<BTreeMap<String, Option<Text>>>,
    pub annotations: Option<BTreeMap<String, Option<Text>>>,
    pub owner_references: Option<Vec<OwnerReference>>,
    pub managed_fields: Option<Vec<ManagedFields>>,
}

/// Which fields somebody set, and when.
#[derive(Deserialize, Default, Clone)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ManagedFields {
    pub time: Option<Text>,
    pub fields_v1: Option<BTreeMap<String, de::IgnoredAny>>,
}

/// The object that made another.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct OwnerReference {
    pub kind: String,
    pub name: String,
    pub controller: Option<bool>,
}

/// A scalar as text: manifests that were written by hand leave quotes out.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Text(pub String);

/// A rule of a role.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Rule {
    #[serde(deserialize_with = "or_none")]
    pub api_groups: Vec<String>,
    #[serde(deserialize_with = "or_none")]
    pub resources: Vec<String>,
    #[serde(deserialize_with = "or_none")]
    pub verbs: Vec<String>,
    #[serde(deserialize_with = "or_none")]
    pub resource_names: Vec<String>,
}

/// A role or a cluster role.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Role {
    #[serde(default, deserialize_with = "or_none")]
    pub rules: Vec<Rule>,
    pub aggregation_rule: Option<AggregationRule>,
}

/// Which cluster roles another one is made of.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AggregationRule {
    #[serde(default, deserialize_with = "or_none")]
    pub cluster_role_selectors: Vec<LabelSelector>,
}

/// Which labels an object must have.
#[derive(Deserialize, Default, Clone)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LabelSelector {
    pub match_labels: Option<BTreeMap<String, Option<Text>>>,
    #[serde(deserialize_with = "or_none")]
    pub match_expressions: Vec<Requirement>,
}

/// A requirement of a selector.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Requirement {
    pub key: String,
    pub operator: String,
    #[serde(deserialize_with = "or_none")]
    pub values: Vec<Text>,
}

/// A role binding or a cluster role binding.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Binding {
    pub role_ref: Option<RoleRef>,
    #[serde(default, deserialize_with = "or_none")]
    pub subjects: Vec<Subject>,
}

/// The role that a binding gives.
#[derive(Deserialize)]
pub(super) struct RoleRef {
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub name: String,
}

/// Who a binding gives a role to.
#[derive(Deserialize)]
pub(super) struct Subject {
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub name: String,
    pub namespace: Option<String>,
}

/// A service account.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceAccount {
    pub automount_service_account_token: Option<bool>,
}

/// A secret. Its values are base64 in one map and text in the other.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Secret {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub data: Option<BTreeMap<String, Option<Text>>>,
    pub string_data: Option<BTreeMap<String, Option<Text>>>,
}

/// A secret that a controller copies from the secret manager of a cloud.
#[derive(Deserialize)]
pub(super) struct ExternalSecret {
    pub spec: Option<ExternalSecretSpec>,
}

/// Where such a secret comes from.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ExternalSecretSpec {
    pub backend_type: Option<String>,
    pub project_id: Option<String>,
    #[serde(deserialize_with = "or_none")]
    pub data: Vec<ExternalData>,
}

/// A value of such a secret.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ExternalData {
    pub key: Option<String>,
}

/// A node.
#[derive(Deserialize)]
pub(super) struct Node {
    pub spec: Option<NodeSpec>,
}

/// What a node is.
#[derive(Deserialize)]
pub(super) struct NodeSpec {
    #[serde(rename = "providerID")]
    pub provider_id: Option<String>,
}

/// A list that may be null.
pub(super) fn or_none<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Scalar)
    }
}

struct Scalar;

impl Visitor<'_> for Scalar {
    type Value = Text;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }
}

impl Header<'_> {
    /// The issuer of the cluster's tokens, where this is what `/.well-known/openid-configuration` says.
    pub fn token_issuer(&self) -> Option<String> {
        let issuer = self.issuer.filter(|_| self.keys.is_some() && self.kind.is_none())?;
        let issuer: String = serde_json::from_str(issuer.get()).ok()?;
        issuer.starts_with("https://").then(|| issuer.trim_end_matches('/').to_owned())
    }

    /// The metadata. Serde would read a list as well, its elements as the fields in order.
    pub fn metadata(&self) -> Option<Metadata> {
        let Some(text) = self.metadata else { return Some(Metadata::default()) };
        serde_json::from_str(text.get()).ok().filter(|_| text.get().starts_with('{'))
    }
}

impl Metadata {
    /// A label or annotation of exactly this key.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        Some(self.annotations.as_ref()?.get(key)?.as_ref()?.0.as_str()).filter(|text| !text.is_empty())
    }

    /// When the values of a secret were last set, where the export tells.
    pub fn values_set_at(&self) -> Option<&str> {
        let sets = |fields: &&ManagedFields| {
            let names = fields.fields_v1.as_ref().map(|fields| fields.keys());
            names.is_some_and(|mut names| names.any(|name| matches!(name.as_str(), "f:data" | "f:stringData")))
        };
        self.managed_fields.iter().flatten().filter(sets).filter_map(|fields| text(&fields.time)).max()
    }

    /// The labels, as text.
    pub fn labels(&self) -> crate::model::Labels {
        let labels = self.labels.iter().flatten();
        labels.filter_map(|(key, value)| Some((key.clone(), value.as_ref()?.0.clone()))).collect()
    }
}

/// The text of an optional scalar, unless it is empty.
pub(super) fn text(text: &Option<Text>) -> Option<&str> {
    text.as_ref().map(|text| text.0.as_str()).filter(|text| !text.is_empty())
}

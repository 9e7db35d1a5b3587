//! Secrets: a store whose values stand under keys. A value becomes a fingerprint at once.

use super::manifest::{self, Metadata};
use crate::estate::FingerprintKey;
use crate::importers::values::{KeyFile, fingerprint, kind_of_name};
use crate::model::SecretKind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// A value of a secret: what it is, and its fingerprint where it can be told from others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub kind: SecretKind,
    pub fingerprint: Option<String>,
    /// The identity that it proves, where it says so itself.
    pub proves: Option<String>,
}

/// The key that stands for the values of a secret whose keys the input does not show.
pub(super) const ANY_KEY: &str = "*";
/// The type of secrets that hold the token of a service account.
pub(super) const ACCOUNT_TOKEN: &str = "kubernetes.io/service-account-token";
/// The annotation that names that account.
pub(super) const ACCOUNT_NAME: &str = "kubernetes.io/service-account.name";
/// The records that Helm keeps of what it installed.
const HELM: &str = "helm.sh/release.v1";
/// Keys under which nothing is kept that must be kept.
const PUBLIC: [&str; 18] = [
    "ca.crt",
    "tls.crt",
    "namespace",
    "username",
    "user",
    "host",
    "hostname",
    "port",
    "database",
    "dbname",
    "region",
    "email",
    "endpoint",
    "issuer",
    "expiration",
    "usage-bootstrap-authentication",
    "usage-bootstrap-signing",
    "token-id",
];
/// The values of a secret by key; none where the secret is of a type that holds no value of its own.
pub(super) fn values(secret: manifest::Secret, metadata: &Metadata, key: &FingerprintKey) -> BTreeMap<String, Value> {
    let of_type = secret.kind.as_deref().unwrap_or_default();
    let mut values = BTreeMap::new();
    let shown = secret.data.is_some() || secret.string_data.is_some();
    for (name, value) in secret.data.into_iter().flatten() {
        let value = value.and_then(|value| STANDARD.decode(value.0.split_ascii_whitespace().collect::<String>()).ok());
        values.insert(name, value.unwrap_or_default());
    }
    values.extend(
        secret.string_data.into_iter().flatten().map(|(name, value)| (name, value.map_or(Vec::new(), |value| value.0.into_bytes()))),
    );
    if of_type == HELM || metadata.labels().get("owner").is_some_and(|owner| owner == "helm") {
        return BTreeMap::new();
    }
    if !shown {
        let kind = kind_of(of_type, ANY_KEY);
        return BTreeMap::from([(ANY_KEY.to_owned(), Value { kind, fingerprint: None, proves: None })]);
    }
    let private = values.into_iter().filter(|(name, _)| !PUBLIC.contains(&name.to_ascii_lowercase().as_str()));
    private
        .map(|(name, value)| {
            let value = valued(of_type, &name, &value, key);
            (name, value)
        })
        .collect()
}

fn valued(of_type: &str, name: &str, value: &[u8], key: &FingerprintKey) -> Value {
    let file = KeyFile::parse(value);
    let kind = if file.is_some() { SecretKind::AccessKey } else { kind_of(of_type, name) };
    let proves = file.map(|file| file.account_id());
    Value { kind, fingerprint: fingerprint(value, key), proves }
}

fn kind_of(of_type: &str, name: &str) -> SecretKind {
    match of_type {
        ACCOUNT_TOKEN | "bootstrap.kubernetes.io/token" => SecretKind::Token,
        "kubernetes.io/tls" => SecretKind::Certificate,
        "kubernetes.io/basic-auth" | "kubernetes.io/dockerconfigjson" | "kubernetes.io/dockercfg" => SecretKind::Password,
        "kubernetes.io/ssh-auth" => SecretKind::SshKey,
        _ => kind_of_name(name).unwrap_or(SecretKind::Generic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> BTreeMap<String, Value> {
        let key = FingerprintKey::from_bytes(&[7; 20]).expect("a key");
        let metadata = serde_json::from_str(text).unwrap_or_default();
        values(serde_json::from_str(text).expect("a secret"), &metadata, &key)
    }

    #[test]
    fn both_maps_give_the_same_fingerprint() {
        let read = read(
            r#"{"data":{"password":"aHVudGVyMi1vZi1h\nY21l","username":"YW5uYQ==","short":"YWJj","broken":"%%"},"stringData":{"api-key":"hunter2-of-acme\n"}}"#,
        );
        assert_eq!(read.keys().collect::<Vec<_>>(), ["api-key", "broken", "password", "short"]);
        assert!(read["password"].fingerprint.is_some() && read["password"].fingerprint == read["api-key"].fingerprint);
        assert!(read["short"].fingerprint.is_none() && read["broken"].fingerprint.is_none());
        assert_eq!((read["password"].kind, read["api-key"].kind), (SecretKind::Password, SecretKind::ApiKey));
    }

    #[test]
    fn a_secret_without_values_has_one_that_is_not_shown() {
        assert_eq!(read(r#"{"type":"kubernetes.io/tls"}"#)["*"], Value { kind: SecretKind::Certificate, fingerprint: None, proves: None });
        assert!(read(r#"{"data":{"ca.crt":"YQ=="}}"#).is_empty() && read(r#"{"type":"helm.sh/release.v1"}"#).is_empty());
    }

    #[test]
    fn a_key_file_says_whose_it_is() {
        let file = r#"{\"type\":\"service_account\",\"client_email\":\"till@acme.iam.gserviceaccount.com\",\"private_key\":\"hunter2\"}"#;
        let read = read(&format!(r#"{{"stringData":{{"key.json":"{file}"}}}}"#));
        let key = &read["key.json"];
        assert_eq!((key.kind, key.proves.as_deref()), (SecretKind::AccessKey, Some("serviceAccount:till@acme.iam.gserviceaccount.com")));
    }
}

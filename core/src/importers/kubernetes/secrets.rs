//! Secrets: a store whose values stand under keys. A value becomes a fingerprint at once.

use super::manifest::{self, Metadata};
use crate::estate::FingerprintKey;
use crate::model::SecretKind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A value of a secret: what it is, and its fingerprint where it can be told from others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub kind: SecretKind,
    pub fingerprint: Option<String>,
    /// The identity that it proves, where it says so itself.
    pub proves: Option<String>,
}

/// What a key file of a Google Cloud service account says of itself.
#[derive(Deserialize)]
struct KeyFile {
    #[serde(rename = "type")]
    of: String,
    client_email: String,
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
/// A shorter value is found in many places by chance.
const LEAST_LENGTH: usize = 8;
const LEAST_CHARACTERS: usize = 4;

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
    let file = serde_json::from_slice::<KeyFile>(value).ok().filter(|file| file.of == "service_account" && file.client_email.contains('@'));
    let kind = if file.is_some() { SecretKind::AccessKey } else { kind_of(of_type, name) };
    // As the reader of Google Cloud names the account.
    let proves = file.map(|file| format!("serviceAccount:{}", file.client_email));
    Value { kind, fingerprint: fingerprint(value, key), proves }
}

/// The fingerprint of a value; none where equal values may be equal by chance.
pub(super) fn fingerprint(value: &[u8], key: &FingerprintKey) -> Option<String> {
    let value = value.trim_ascii();
    let mut seen = [false; 256];
    value.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    let told = value.len() >= LEAST_LENGTH && seen.iter().filter(|seen| **seen).count() >= LEAST_CHARACTERS;
    if told { key.fingerprint(value) } else { None }
}

/// What is kept under a name; `None` where the name does not say that it is a secret.
pub(super) fn kind_of_name(name: &str) -> Option<SecretKind> {
    let name = name.to_ascii_lowercase().replace(['-', '.'], "_");
    // The name, place or file of a secret is none.
    let about =
        ["_name", "_file", "_path", "_dir", "_url", "_uri", "_id", "_arn", "_ref", "_ttl", "_type", "_length", "_expiry", "_enabled"];
    if about.iter().any(|end| name.ends_with(end)) {
        return None;
    }
    let words: [(&[&str], SecretKind); 6] = [
        (&["password", "passwd", "passphrase"], SecretKind::Password),
        (&["private_key", "signing_key", "id_rsa", "id_ed25519"], SecretKind::SigningKey),
        (&["access_key"], SecretKind::AccessKey),
        (&["api_key", "apikey"], SecretKind::ApiKey),
        (&["client_secret"], SecretKind::ClientSecret),
        (&["token"], SecretKind::Token),
    ];
    let known = words.iter().find(|(words, _)| words.iter().any(|word| name.contains(word))).map(|(_, kind)| *kind);
    known.or_else(|| ["secret", "credential"].iter().any(|word| name.contains(word)).then_some(SecretKind::Generic))
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

    #[test]
    fn names_tell_what_is_secret() {
        for (name, kind) in [
            ("DB_PASSWORD", Some(SecretKind::Password)),
            ("AWS_SECRET_ACCESS_KEY", Some(SecretKind::AccessKey)),
            ("GITHUB_TOKEN", Some(SecretKind::Token)),
            ("APP_SECRET", Some(SecretKind::Generic)),
            ("TOKEN_FILE", None),
            ("SECRET_NAME", None),
            ("AWS_ACCESS_KEY_ID", None),
            ("LOG_LEVEL", None),
        ] {
            assert_eq!(kind_of_name(name), kind, "{name}");
        }
    }
}

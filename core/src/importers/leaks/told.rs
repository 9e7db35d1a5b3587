//! [`Told`]: what a value tells before it is dropped: its fingerprint, and whose it is.

use crate::estate::{FingerprintKey, PLACEHOLDERS};
use crate::importers::values::{self, KeyFile};
use crate::model::{Identity, IdentityKind, SecretKind};
use serde::Deserialize;
use sha1::{Digest, Sha1};
use std::collections::HashSet;
use std::sync::OnceLock;

/// What is kept of a value, and what the report says of whose it is. None of it is secret.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The keyed fingerprint; `None` where the text stands for no value of its own.
    pub fingerprint: Option<String>,
    /// The id that the provider gives the credential.
    pub credential: Option<String>,
    /// What it is, where the value shows that.
    pub kind: Option<SecretKind>,
    /// The tenant that it is of.
    pub tenant: Option<String>,
    /// Whom it proves.
    pub identity: Option<Identity>,
    /// Whether only the name of the credential was found, not what proves it.
    pub is_name_only: bool,
}

/// What TruffleHog writes of a secret of an application of Entra.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationSecret {
    client_id: String,
    client_secret: String,
    tenant_id: Option<String>,
}

impl Told {
    /// What a value tells.
    pub fn of_value(value: &str, key: &FingerprintKey) -> Told {
        let value = value.trim();
        if let Some(file) = KeyFile::parse(value.as_bytes()) {
            let identity = Identity::new(file.account_id(), IdentityKind::ServiceAccount);
            let fingerprint = values::fingerprint(value.as_bytes(), key);
            return Told {
                fingerprint,
                credential: file.key_id(),
                kind: Some(SecretKind::AccessKey),
                identity: Some(identity),
                ..Told::default()
            };
        }
        if let Some(secret) = value.starts_with('{').then(|| serde_json::from_str::<ApplicationSecret>(value).ok()).flatten() {
            return of_application(&secret, key);
        }
        let (name, rest) = value.split_once(':').unwrap_or((value, ""));
        if is_access_key_id(name, key) {
            let fingerprint = values::fingerprint(rest.as_bytes(), key);
            let is_name_only = fingerprint.is_none();
            let credential = Some(name.to_owned());
            return Told { fingerprint, credential, kind: Some(SecretKind::AccessKey), is_name_only, ..Told::default() };
        }
        Told { fingerprint: values::fingerprint(value.as_bytes(), key), ..Told::default() }
    }

    /// What a hash tells, of a tool and in a way of hashing that are named: it is compared with others of these alone.
    pub fn of_hash(hash: &str, way: &str, key: &FingerprintKey) -> Told {
        let is_hash = hash.len() >= 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = hash.to_ascii_lowercase();
        let text = format!("{way}:{hash}");
        let is_hash = is_hash && !hashed_placeholders().contains(&hash);
        Told { fingerprint: is_hash.then(|| key.fingerprint(text.as_bytes())).flatten(), ..Told::default() }
    }

    /// Adds what the report says of an ARN: whose credential it is, as the reader of AWS names it.
    pub fn add_arn(&mut self, arn: &str) {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, service @ ("iam" | "sts"), _, account, resource] = parts[..] else { return };
        if !is_account(account) {
            return;
        }
        let id = match (service, resource.split('/').collect::<Vec<_>>()[..].as_ref()) {
            (_, ["root"]) => format!("arn:{partition}:iam::{account}:root-user"),
            ("sts", ["assumed-role", role, ..]) => format!("arn:{partition}:iam::{account}:role/{role}"),
            ("iam", ["user" | "role", ..]) => arn.to_owned(),
            _ => return,
        };
        self.add_account(partition, account);
        let name = id.rsplit(['/', ':']).next().map(str::to_owned);
        self.identity = Some(Identity { name, tenant: self.tenant.clone(), ..Identity::new(id, IdentityKind::Other) });
    }

    /// Adds the account of AWS that it is of.
    pub fn add_account(&mut self, partition: &str, account: &str) {
        if is_account(account) {
            self.tenant = Some(format!("arn:{partition}:iam::{account}:root"));
        }
    }
}

/// The SHA-1 of what stands for a value, in the spellings that are common: equal ones are no secret in common.
fn hashed_placeholders() -> &'static HashSet<String> {
    static HASHES: OnceLock<HashSet<String>> = OnceLock::new();
    HASHES.get_or_init(|| {
        let capital = |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
        let words = PLACEHOLDERS.iter().flat_map(|word| [(*word).to_owned(), word.to_uppercase(), capital(word)]);
        let hashed = |word: String| Sha1::digest(word.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        words.chain([String::new()]).map(hashed).collect()
    })
}

fn of_application(secret: &ApplicationSecret, key: &FingerprintKey) -> Told {
    let guid =
        |text: &str| (text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')).then(|| text.to_lowercase());
    let tenant = secret.tenant_id.as_deref().and_then(guid);
    let identity = guid(&secret.client_id).map(|id| Identity::new(id, IdentityKind::Other));
    let fingerprint = values::fingerprint(secret.client_secret.as_bytes(), key);
    Told { fingerprint, kind: Some(SecretKind::ClientSecret), tenant, identity, ..Told::default() }
}

/// Whether a text is the id of an access key of AWS, and not the one of its documentation. Source: IAM user guide, "Understanding unique ID prefixes".
fn is_access_key_id(text: &str, key: &FingerprintKey) -> bool {
    let known = text.starts_with("AKIA") || text.starts_with("ASIA");
    let plain = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    known && plain && (16..=32).contains(&text.len()) && key.fingerprint(text.as_bytes()).is_some()
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> FingerprintKey {
        FingerprintKey::from_bytes(&[7; 20]).expect("a key")
    }

    #[test]
    fn a_value_tells_whose_it_is_where_it_holds_that() {
        let key = key();
        let pair = Told::of_value("AKIAACMETILLDEPLOYER:hunter2/of/acme/0123456789", &key);
        assert_eq!((pair.credential.as_deref(), pair.is_name_only), (Some("AKIAACMETILLDEPLOYER"), false));
        assert_eq!(pair.fingerprint, Told::of_value("hunter2/of/acme/0123456789", &key).fingerprint);
        let name = Told::of_value("AKIAACMETILLDEPLOYER", &key);
        assert!(name.is_name_only && name.fingerprint.is_none() && name.credential.is_some());
        let documented = Told::of_value("AKIAIOSFODNN7EXAMPLE", &key);
        assert!(documented.credential.is_none() && documented.fingerprint.is_none());
        let application =
            Told::of_value(r#"{"clientSecret":"hunter2-of-till","clientId":"AAAAAAAA-0000-4000-8000-000000000001","tenantId":"x"}"#, &key);
        assert_eq!(application.identity.map(|identity| identity.id).as_deref(), Some("aaaaaaaa-0000-4000-8000-000000000001"));
        assert_eq!(application.fingerprint, Told::of_value("hunter2-of-till", &key).fingerprint);
    }

    #[test]
    fn hashes_meet_hashes_of_their_kind_alone() {
        let hash = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee11";
        let of = |way: &str| Told::of_hash(hash, way, &key()).fingerprint.expect("a hash");
        assert_eq!(of("sha1"), Told::of_hash(&hash.to_uppercase(), "sha1", &key()).fingerprint.expect("a hash"));
        assert!(of("sha1") != of("ggshield") && Told::of_value(hash, &key()).fingerprint != Some(of("sha1")));
        // No hash, and those of nothing and of `REDACTED`.
        for text in ["hunter2", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "b02dff0ec9d24823e77c27c281a852247896b86d"] {
            let told = Told::of_hash(text, "sha1", &key());
            assert!(told.fingerprint.is_none(), "{text}");
        }
    }

    #[test]
    fn an_arn_tells_the_identity_and_the_account() {
        for (arn, identity) in [
            ("arn:aws:iam::111122223333:user/team/till", Some("arn:aws:iam::111122223333:user/team/till")),
            ("arn:aws:iam::111122223333:root", Some("arn:aws:iam::111122223333:root-user")),
            ("arn:aws-cn:sts::111122223333:assumed-role/till/session", Some("arn:aws-cn:iam::111122223333:role/till")),
            ("arn:aws:s3:::till", None),
            ("arn:aws:iam::1:user/till", None),
            ("hunter2", None),
        ] {
            let mut told = Told::default();
            told.add_arn(arn);
            assert_eq!(told.identity.as_ref().map(|identity| identity.id.as_str()), identity, "{arn}");
            assert_eq!(told.tenant.is_some(), identity.is_some(), "{arn}");
        }
    }
}

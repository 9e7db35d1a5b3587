//! [`Credential`]: passwords and certificates of applications and service principals. A value becomes a fingerprint at once.

use super::fields::Fields;
use crate::estate::FingerprintKey;
use crate::model::{Instant, Secret, SecretKind, Storage};
use std::collections::BTreeMap;

/// A password or a certificate that proves an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credential {
    /// The key id, in lower case.
    pub id: String,
    pub kind: SecretKind,
    pub name: Option<String>,
    pub created_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    pub fingerprint: Option<String>,
}

/// The credentials of an object. The entries of a SAML signing pair (`Sign`, `Verify` and the password of its file) have one key id, and are one secret.
pub(super) fn of_object(fields: &Fields, key: &FingerprintKey) -> Vec<Credential> {
    let mut found: BTreeMap<String, Credential> = BTreeMap::new();
    let certificates = fields.objects("keyCredentials");
    let passwords = fields.objects("passwordCredentials");
    let all = certificates.iter().map(|entry| certificate(entry, key)).chain(passwords.iter().map(|entry| password(entry, key)));
    for credential in all.flatten() {
        match found.get_mut(&credential.id) {
            Some(known) => {
                known.fingerprint = known.fingerprint.take().or(credential.fingerprint);
                if credential.kind == SecretKind::SigningKey {
                    known.kind = SecretKind::SigningKey;
                }
            }
            None => {
                found.insert(credential.id.clone(), credential);
            }
        }
    }
    found.into_values().collect()
}

/// A password.
pub(super) fn password(fields: &Fields, key: &FingerprintKey) -> Option<Credential> {
    let value = fields.text("secretText").filter(|value| value.len() >= SHORTEST && !value.starts_with("REDACTED"));
    Some(Credential {
        id: fields.id("keyId")?,
        kind: SecretKind::ClientSecret,
        name: fields.owned("displayName"),
        created_at: fields.instant("startDateTime"),
        expires_at: fields.instant("endDateTime"),
        fingerprint: value.and_then(|value| key.fingerprint(value.as_bytes())),
    })
}

/// Shorter values may be equal by chance.
const SHORTEST: usize = 16;
/// The letters of a thumbprint.
const THUMBPRINT: usize = 40;

/// A certificate. The same thumbprint is the same private key, wherever it stands; what else somebody wrote in its place tells nothing and is dropped.
fn certificate(fields: &Fields, key: &FingerprintKey) -> Option<Credential> {
    let thumbprint = fields.text("customKeyIdentifier");
    let thumbprint = thumbprint.filter(|text| text.len() == THUMBPRINT && text.bytes().all(|letter| letter.is_ascii_hexdigit()));
    let thumbprint = thumbprint.map(|text| format!("certificate:{}", text.to_ascii_uppercase()));
    let kind = match (fields.text("usage"), fields.text("type")) {
        (Some(usage), _) if usage.eq_ignore_ascii_case("sign") => SecretKind::SigningKey,
        (_, Some("Symmetric")) => SecretKind::ClientSecret,
        _ => SecretKind::Certificate,
    };
    Some(Credential {
        id: fields.id("keyId")?,
        kind,
        name: fields.owned("displayName"),
        created_at: fields.instant("startDateTime"),
        expires_at: fields.instant("endDateTime"),
        fingerprint: thumbprint.and_then(|text| key.fingerprint(text.as_bytes())),
    })
}

impl Credential {
    /// The secret of an object in a tenant.
    pub fn secret(&self, owner: &str, tenant: Option<&str>) -> Secret {
        Secret {
            name: self.name.clone(),
            tenant: tenant.map(str::to_owned),
            fingerprint: self.fingerprint.clone(),
            created_at: self.created_at,
            expires_at: self.expires_at,
            storage: Some(Storage::Unknown),
            ..Secret::new(format!("{owner}/credentials/{}", self.id), self.kind)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signing_pair_is_one_secret_and_equal_certificates_are_told() {
        let key = FingerprintKey::from_bytes(&[7; 32]).expect("a key");
        let read = |text: &str| of_object(&Fields::of(serde_json::from_str(text).expect("an object")), &key);
        let pair = read(
            r#"{"keyCredentials":[{"keyId":"AA","usage":"Verify","type":"AsymmetricX509Cert"},{"keyId":"aa","usage":"Sign","type":"X509CertAndPassword"}],
                "passwordCredentials":[{"keyId":"AA","endDateTime":"2100-12-31T00:00:00Z"}]}"#,
        );
        assert_eq!(pair.len(), 1);
        assert_eq!(pair[0].kind, SecretKind::SigningKey);
        let of = |thumbprint: &str| {
            let text = format!(r#"{{"keyCredentials":{{"keyId":"a","customKeyIdentifier":"{thumbprint}"}}}}"#);
            read(&text)[0].fingerprint.clone()
        };
        let thumbprint = "AB".repeat(20);
        assert!(of(&thumbprint).is_some() && of(&thumbprint) == of(&thumbprint.to_lowercase()));
        assert_eq!(of("my password"), None);
        assert!(read(r#"{"passwordCredentials":[{"hint":"abc"}]}"#).is_empty());
    }
}

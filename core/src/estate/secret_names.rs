//! What the name of a value tells of it: whether it is a secret, and of which kind.

use super::FingerprintKey;
use crate::model::{Labels, SecretKind};

/// What is kept under a name; `None` where the name does not say that it is a secret.
pub(crate) fn kind_of_name(name: &str) -> Option<SecretKind> {
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

/// Takes the values out of labels whose keys name a secret: people put passwords into tags. A fingerprint under the key comes in their place, so that the
/// same value is still told; what only stands for a value, or has no key, becomes `redacted`.
pub(super) fn hide(labels: &mut Labels, key: Option<&FingerprintKey>) {
    for (_, value) in labels.iter_mut().filter(|(name, value)| !says_nothing(value) && kind_of_name(last_part(name)).is_some()) {
        *value = key.and_then(|key| key.fingerprint(value.as_bytes())).unwrap_or_else(|| REDACTED.to_owned());
    }
}

const REDACTED: &str = "redacted";
/// Words that are no secret under any name.
const PLAIN: [&str; 7] = ["", "true", "false", "yes", "no", "none", REDACTED];

/// Whether a value is no secret, or its fingerprint already.
fn says_nothing(value: &str) -> bool {
    let digest = value.strip_prefix("hmac-sha256:").filter(|digest| digest.len() == 64);
    PLAIN.iter().any(|word| value.eq_ignore_ascii_case(word))
        || digest.is_some_and(|digest| digest.bytes().all(|letter| letter.is_ascii_hexdigit()))
}

/// The name of a key without its prefix: `secrets.example/team` is a team.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', ':']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn values_of_labels_that_name_a_secret_are_taken_out() {
        let key = FingerprintKey::from_bytes(&[7; 32]).expect("a key");
        let before = [
            ("Password", "hunter2-of-acme"),
            ("acme.example/api-token", "hunter2-of-acme"),
            ("db:secret", "****"),
            ("secret", "true"),
            ("secret_name", "till/db"),
            ("secrets.example/team", "till"),
            ("environment", "production"),
        ];
        let mut labels: Labels = before.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        hide(&mut labels, Some(&key));
        let fingerprint = key.fingerprint(b"hunter2-of-acme").expect("a fingerprint");
        assert_eq!((&labels["Password"], &labels["acme.example/api-token"]), (&fingerprint, &fingerprint));
        assert_eq!((labels["db:secret"].as_str(), labels["secret"].as_str()), ("redacted", "true"));
        let kept = ["secret_name", "secrets.example/team", "environment"].map(|name| labels[name].as_str());
        assert_eq!(kept, ["till/db", "till", "production"]);
        let once = labels.clone();
        hide(&mut labels, None);
        assert_eq!(labels, once);
    }
}

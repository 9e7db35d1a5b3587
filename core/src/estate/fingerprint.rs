//! [`FingerprintKey`]: turns a secret's value into a keyed fingerprint and forgets it.

use crate::error::{Error, ErrorCode, Result};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use std::sync::OnceLock;

/// The key under which values become fingerprints.
///
/// Equal values have equal fingerprints under one key, and a fingerprint says nothing to who lacks the key. The default key is random and lives
/// as long as the process: its fingerprints compare within one run. Give the same key to compare runs, and keep it like a secret.
///
/// ```
/// use tenantgraph::estate::FingerprintKey;
/// let key = FingerprintKey::from_bytes(b"a key of sixteen bytes or more")?;
/// assert_eq!(key.fingerprint(b"hunter2"), key.fingerprint(b" hunter2\n"));
/// assert_eq!(key.fingerprint(b"REDACTED"), None);
/// # Ok::<(), tenantgraph::Error>(())
/// ```
#[derive(Clone)]
pub struct FingerprintKey(Hmac<Sha256>);

/// The least length of a key: below it a fingerprint could be guessed back.
const LEAST_BYTES: usize = 16;

/// Values that stand for a value, compared in lower case without the brackets around them.
pub(crate) const PLACEHOLDERS: [&str; 35] = [
    "redacted",
    "removed",
    "masked",
    "hidden",
    "secret",
    "sensitive",
    "filtered",
    "null",
    "nil",
    "none",
    "undefined",
    "empty",
    "n/a",
    "na",
    "unknown",
    "true",
    "false",
    "todo",
    "tbd",
    "fixme",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "example",
    "dummy",
    "sample",
    "test",
    "insert_here",
    "password",
    "passwd",
    "passphrase",
    "username",
    "default",
    "string",
];

/// How a template writes "the value of", whole.
const TEMPLATES: [(&str, &str); 6] = [("${", "}"), ("{{", "}}"), ("$(", ")"), ("<", ">"), ("%(", ")s"), ("#{", "}")];

impl FingerprintKey {
    /// The random key of this process: the same for every reading that is given none, so that estates read in one process compare.
    ///
    /// # Errors
    /// As [`FingerprintKey::random`].
    pub fn of_process() -> Result<&'static Self> {
        static KEY: OnceLock<FingerprintKey> = OnceLock::new();
        if KEY.get().is_none() {
            // Of two that come at once one is kept.
            let _ = KEY.set(FingerprintKey::random()?);
        }
        KEY.get().ok_or_else(|| Error::new(ErrorCode::Internal, "the key of the process is gone; please report it"))
    }

    /// A new random key.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] where the system has no randomness.
    pub fn random() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)
            .map_err(|_| Error::new(ErrorCode::Internal, "the system gives no random bytes; give a fingerprint key of your own"))?;
        FingerprintKey::from_bytes(&bytes)
    }

    /// The key of these bytes.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidOption`] for fewer than 16 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let short =
            || Error::new(ErrorCode::InvalidOption, format!("a fingerprint key has at least {LEAST_BYTES} bytes; give a longer one"));
        if bytes.len() < LEAST_BYTES {
            return Err(short());
        }
        Ok(FingerprintKey(Hmac::new_from_slice(bytes).map_err(|_| short())?))
    }

    /// The fingerprint of a value, `hmac-sha256:` and 64 hexadecimal digits; white space around the value does not count.
    ///
    /// `None` where the text only stands for a value, so that two of them never count as one secret: empty, masked in whole or in part
    /// (`****`, `xxxx-xxxx`, `AKIA***`, `ghp_xxxxxxxx`), cut off (`abc...`), a template (`${TOKEN}`), the bare header of a private key, a word such as `REDACTED` or
    /// `changeme`, or a documented example.
    pub fn fingerprint(&self, value: &[u8]) -> Option<String> {
        let value = value.trim_ascii();
        if stands_for_a_value(value) {
            return None;
        }
        let digest = self.0.clone().chain_update(value).finalize().into_bytes();
        let mut text = String::from("hmac-sha256:");
        for byte in digest {
            text.push(char::from(HEXADECIMAL[usize::from(byte >> 4)]));
            text.push(char::from(HEXADECIMAL[usize::from(byte & 15)]));
        }
        Some(text)
    }
}

const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";

impl fmt::Debug for FingerprintKey {
    // The key undoes what the fingerprint hides.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(hidden)")
    }
}

/// Whether a trimmed value holds no secret of its own.
fn stands_for_a_value(value: &[u8]) -> bool {
    // What is not text was not masked or templated by anybody.
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let bare = text.trim_matches(|character| "[](){}<>\"'`".contains(character)).to_lowercase();
    bare.is_empty()
        || is_one_character(&bare)
        || is_bare_header(text)
        || is_mostly_one_character(&bare)
        || text.contains("***")
        || text.contains("•••")
        || text.ends_with("...")
        || text.contains('…')
        || text.ends_with("EXAMPLE")
        || text.ends_with("EXAMPLEKEY")
        || PLACEHOLDERS.contains(&bare.as_str())
        || TEMPLATES.iter().any(|(start, end)| text.starts_with(start) && text.ends_with(end))
}

/// Whether one character fills at least half of a text in one run, as in `ghp_xxxxxxxxxxxxxxxx`.
fn is_mostly_one_character(text: &str) -> bool {
    let (mut longest, mut run, mut last) = (0, 0, None);
    for character in text.chars() {
        run = if last == Some(character) { run + 1 } else { 1 };
        longest = longest.max(run);
        last = Some(character);
    }
    longest >= 8 && longest * 2 >= text.chars().count()
}

/// Whether a text is the first line of a private key and nothing of the key: scanners of patterns report it alone.
fn is_bare_header(text: &str) -> bool {
    let inner = text.strip_prefix("-----BEGIN ").and_then(|text| text.strip_suffix("-----"));
    inner.is_some_and(|inner| !inner.contains("-----"))
}

/// Whether a text is one character over and over, dashes and the like aside.
fn is_one_character(text: &str) -> bool {
    let mut characters = text.chars().filter(|character| !"-_.: /".contains(*character));
    let first = characters.next();
    characters.all(|character| Some(character) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> FingerprintKey {
        FingerprintKey::from_bytes(&[byte; 20]).expect("a key")
    }

    #[test]
    fn a_fingerprint_is_the_hmac_of_rfc_4231() {
        // Test case 1 of RFC 4231.
        let expected = "hmac-sha256:b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(key(0x0b).fingerprint(b"Hi There").as_deref(), Some(expected));
    }

    #[test]
    fn equal_values_are_equal_under_one_key_only() {
        assert_eq!(key(1).fingerprint(b"hunter2"), key(1).fingerprint(b"\thunter2\r\n"));
        assert_ne!(key(1).fingerprint(b"hunter2"), key(1).fingerprint(b"hunter3"));
        assert_ne!(key(1).fingerprint(b"hunter2"), key(2).fingerprint(b"hunter2"));
        let random = [FingerprintKey::random(), FingerprintKey::random()].map(|key| key.expect("a key").fingerprint(b"hunter2"));
        assert_ne!(random[0], random[1]);
    }

    #[test]
    fn what_stands_for_a_value_has_none() {
        let values = [
            "",
            "  \n",
            "REDACTED",
            "[redacted]",
            "<REDACTED>",
            "****",
            "xxxx",
            "XXXX-XXXX-xxxx",
            "00000000",
            "AKIA************",
            "ghp_abc...",
            "•••••",
            "abc…",
            "changeme",
            "${TOKEN}",
            "${{ secrets.TOKEN }}",
            "{{ token }}",
            "<your key>",
            "\"\"",
            "null",
            "N/A",
            "AKIAIOSFODNN7EXAMPLE",
            "---",
            "-----BEGIN RSA PRIVATE KEY-----",
            "ghp_xxxxxxxxxxxxxxxxxxxx",
        ];
        for value in values {
            assert_eq!(key(1).fingerprint(value.as_bytes()), None, "{value}");
        }
        let key_file = &b"-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----"[..];
        for value in [&b"hunter2"[..], b"xxy", b"-----BEGIN", key_file, b"\xff\xff\xff", b"p*ss"] {
            assert!(key(1).fingerprint(value).is_some(), "{value:?}");
        }
    }

    #[test]
    fn a_key_is_long_enough_and_never_shown() {
        let error = FingerprintKey::from_bytes(b"canary-in-a-key").expect_err("15 bytes");
        assert_eq!(error.code(), ErrorCode::InvalidOption);
        let shown = format!("{:?} {error}", FingerprintKey::from_bytes(b"canary-in-a-key-of-length").expect("a key"));
        assert!(!shown.contains("canary"), "{shown}");
    }
}

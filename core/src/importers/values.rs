//! What a value of a secret tells before it is dropped: for every reader that meets values.

use crate::estate::FingerprintKey;
pub(super) use crate::estate::kind_of_name;
use serde::Deserialize;

/// A shorter value is found in many places by chance.
const LEAST_LENGTH: usize = 8;
const LEAST_CHARACTERS: usize = 4;

/// What a key file of a Google Cloud service account says of itself. It holds the key, so it has no `Debug`.
#[derive(Deserialize)]
pub(super) struct KeyFile {
    #[serde(rename = "type")]
    of: String,
    client_email: String,
    project_id: Option<String>,
    private_key_id: Option<String>,
    private_key: Option<String>,
}

impl KeyFile {
    /// The key file in a value; `None` where it is none.
    pub fn parse(value: &[u8]) -> Option<KeyFile> {
        let value = value.trim_ascii();
        let file = value.starts_with(b"{").then(|| serde_json::from_slice::<KeyFile>(value).ok())??;
        (file.of == "service_account" && file.client_email.contains('@')).then_some(file)
    }

    /// The account, as the reader of Google Cloud names it.
    pub fn account_id(&self) -> String {
        format!("serviceAccount:{}", self.client_email)
    }

    /// The key, as the reader of Google Cloud names it; `None` where the file does not say which key of which project it is.
    pub fn key_id(&self) -> Option<String> {
        let (project, key) = (self.project_id.as_deref()?, self.private_key_id.as_deref()?);
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-:.".contains(&byte));
        (plain(project) && plain(key))
            .then(|| format!("//iam.googleapis.com/projects/{project}/serviceAccounts/{}/keys/{key}", self.client_email))
    }
}

/// The fingerprint of a value; none where equal values may be equal by chance. A key file is the key in it, however the file is laid out.
pub(super) fn fingerprint(value: &[u8], key: &FingerprintKey) -> Option<String> {
    if let Some(private) = KeyFile::parse(value).and_then(|file| file.private_key) {
        return fingerprint(private.as_bytes(), key);
    }
    let value = value.trim_ascii();
    let mut seen = [false; 256];
    value.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    let told = value.len() >= LEAST_LENGTH && seen.iter().filter(|seen| **seen).count() >= LEAST_CHARACTERS;
    if told { key.fingerprint(value) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_its_key_however_it_is_laid_out() {
        let key = FingerprintKey::from_bytes(&[7; 20]).expect("a key");
        let file = |blank: &str| {
            let fields =
                r#""type":"service_account","client_email":"till@acme.iam.gserviceaccount.com","project_id":"acme","private_key_id":"a1""#;
            format!("{{{blank}{fields},{blank}\"private_key\":\"hunter2-of-acme\"}}")
        };
        let found = KeyFile::parse(file("\n").as_bytes()).expect("a key file");
        assert_eq!(found.account_id(), "serviceAccount:till@acme.iam.gserviceaccount.com");
        let id = "//iam.googleapis.com/projects/acme/serviceAccounts/till@acme.iam.gserviceaccount.com/keys/a1";
        assert_eq!(found.key_id().as_deref(), Some(id));
        assert_eq!(fingerprint(file("").as_bytes(), &key), fingerprint(file("\n ").as_bytes(), &key));
        assert!(KeyFile::parse(b"hunter2").is_none() && KeyFile::parse(b"{}").is_none());
    }
}

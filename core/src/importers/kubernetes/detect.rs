//! Whether an input holds Kubernetes objects, judged by its first records.

use super::manifest::Header;
use crate::importers::Input;
use crate::importers::records::Records;
use crate::importers::yaml::Documents;

/// How far into an input its marks must show.
const WINDOW: usize = 64 * 1024;
/// How many records are looked at: the first may be a broken one.
const FIRST: usize = 3;

/// Whether an input looks like Kubernetes objects.
pub(super) fn detects(input: &Input) -> bool {
    let start = &input.bytes[..input.bytes.len().min(WINDOW)];
    let holds = |mark: &[u8]| start.windows(mark.len()).any(|window| window == mark);
    // Other issuers of tokens say where people sign in.
    let says_its_issuer = holds(b"\"jwks_uri\"") && (!holds(b"authorization_endpoint") || holds(b"urn:kubernetes:"));
    if !says_its_issuer && (!holds(b"apiVersion") || !(holds(b"kind") || holds(b"items"))) {
        return false;
    }
    if is_json(&input.bytes) {
        let Ok(records) = Records::new(&input.name, &input.bytes) else { return false };
        return records.take(FIRST).filter_map(|record| record.object().ok()).any(is_object);
    }
    // The window may end within a character.
    let text = start.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    Documents::new(&input.name, text).take(FIRST).any(|document| document.starts_like(&["apiVersion", "kind"]))
}

/// Whether an input is JSON, as far as its first character tells; else it is YAML.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    matches!(text.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'['))
}

fn is_object(text: &str) -> bool {
    let Ok(header) = serde_json::from_str::<Header<'_>>(text) else { return false };
    if header.token_issuer().is_some() {
        return true;
    }
    let versioned = header.api_version.as_deref().is_some_and(is_version);
    versioned && (header.kind.is_some() || header.items.is_some())
}

/// Whether a text is a version of an API: `v1`, `apps/v1`, `rbac.authorization.k8s.io/v1beta1`.
fn is_version(text: &str) -> bool {
    let version = text.rsplit('/').next().unwrap_or(text);
    version.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(text: &str) -> bool {
        detects(&Input::new("export", text))
    }

    #[test]
    fn its_own_are_claimed() {
        for text in [
            r#"{"apiVersion":"v1","kind":"List","items":[]}"#,
            r#"{"apiVersion":"v1","items":[]}"#,
            r#"{"apiVersion":"v1","items":[],"kind":"List","metadata":{"resourceVersion":""}}"#,
            "{\"kind\":\"RoleBinding\",\"apiVersion\":\"rbac.authorization.k8s.io/v1\"}\n{}",
            r#"[{"apiVersion":"apps/v1","kind":"Deployment"}]"#,
            r#"{"issuer":"https://issuer.example/id/1","jwks_uri":"https://10.0.0.1/openid/v1/jwks","response_types_supported":["id_token"]}"#,
            "# a comment\n---\napiVersion: v1\nkind: Pod\n",
            "kind: Role\napiVersion: rbac.authorization.k8s.io/v1\n",
            "\u{feff}---\n\"kind\": Role\n'apiVersion': v1\n",
        ] {
            assert!(claims(text), "{text}");
        }
    }

    #[test]
    fn others_are_left() {
        for text in [
            "",
            "{}",
            "kind: x",
            "apiVersion kind",
            "note: |\n  apiVersion: v1\n  kind: Pod\n",
            r#"{"format":"tenantgraph/1","tenants":[{"id":"apiVersion","kind":"other"}]}"#,
            r#"{"apiVersion":7,"kind":"Pod"}"#,
            r#"{"issuer":"https://login.example","authorization_endpoint":"https://login.example/authorize","jwks_uri":"https://login.example/keys"}"#,
            r#"{"apiVersion":"acme","kind":"Pod"}"#,
        ] {
            assert!(!claims(text), "{text}");
        }
    }
}

//! Whether an input is an export of Google Cloud, judged by its first records.

use super::asset::Record;
use crate::importers::Input;
use crate::importers::records::Records;
use serde::Deserialize;
use serde_json::value::RawValue;

/// How far into an input its marks must show.
const WINDOW: usize = 64 * 1024;
/// How many records are looked at: the first may be a broken one.
const FIRST: usize = 3;

/// Whether an input looks like an export of Google Cloud.
pub(super) fn detects(input: &Input) -> bool {
    let start = &input.bytes[..input.bytes.len().min(WINDOW)];
    let holds = |mark: &[u8]| start.windows(mark.len()).any(|window| window == mark);
    let marked = [&b"\"asset_type\""[..], b"\"assetType\"", b"\"bindings\"", b"\"etag\""].into_iter().any(holds);
    if !marked && !is_named_like_a_policy(&input.name) {
        return false;
    }
    let Ok(records) = Records::new(&input.name, &input.bytes) else { return false };
    records.take(FIRST).filter_map(|record| record.object().ok()).any(|text| is_record(text, &input.name))
}

fn is_record(text: &str, source: &str) -> bool {
    let Ok(record) = serde_json::from_str::<Record<'_>>(text) else { return false };
    if let Some(inner) = record.assets.as_ref().and_then(|assets| assets.first()) {
        return is_record(inner.get(), source);
    }
    if record.asset_type.is_some() {
        let named = record.name.as_deref().is_some_and(|name| name.starts_with("//"));
        return named || record.resource.is_some_and(|resource| resource.get().starts_with("\"//"));
    }
    is_policy(text, source)
}

/// A bare policy: nothing but its own fields, and bindings or an etag among them. A file that holds `{}` is one where its name says so.
fn is_policy(text: &str, source: &str) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Bare<'a> {
        #[serde(borrow)]
        bindings: Option<Vec<Bound<'a>>>,
        etag: Option<String>,
        #[serde(borrow, rename = "version")]
        _version: Option<&'a RawValue>,
        #[serde(borrow, rename = "auditConfigs")]
        _audit: Option<&'a RawValue>,
    }
    #[derive(Deserialize)]
    struct Bound<'a> {
        role: String,
        #[serde(borrow, rename = "members")]
        _members: Option<&'a RawValue>,
    }
    let Ok(policy) = serde_json::from_str::<Bare<'_>>(text) else { return false };
    match policy.bindings {
        Some(bindings) if !bindings.is_empty() => bindings.iter().all(|bound| bound.role.contains("roles/")),
        _ => policy.etag.is_some() || is_named_like_a_policy(source),
    }
}

fn is_named_like_a_policy(source: &str) -> bool {
    let file = source.rsplit(['/', '\\']).next().unwrap_or(source);
    ["iam", "policy"].iter().any(|word| file.to_ascii_lowercase().contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(text: &str) -> bool {
        detects(&Input::new("export.json", text))
    }

    #[test]
    fn its_own_are_claimed() {
        for text in [
            r#"{"name":"//storage.googleapis.com/acme","asset_type":"storage.googleapis.com/Bucket","iam_policy":{}}"#,
            r#"[{"assetType":"storage.googleapis.com/Bucket","name":"//storage.googleapis.com/acme","resource":{"data":{}}}]"#,
            r#"{"assets":[{"assetType":"storage.googleapis.com/Bucket","name":"//storage.googleapis.com/acme"}]}"#,
            r#"[{"resource":"//storage.googleapis.com/acme","assetType":"storage.googleapis.com/Bucket","policy":{"bindings":[]}}]"#,
            r#"{"bindings":[{"role":"roles/owner","members":["user:anna@acme.example"]}],"etag":"x","version":1}"#,
            r#"{"etag":"ACAB"}"#,
            "\u{feff}\n{\"asset_type\": \"a/B\", cut\n{\"name\":\"//a.googleapis.com/b\",\"asset_type\":\"a.googleapis.com/B\"}",
        ] {
            assert!(claims(text), "{text}");
        }
        assert!(detects(&Input::new("projects/acme-prod/iam.json", "{}")));
    }

    #[test]
    fn others_are_left() {
        for text in [
            "",
            "{}",
            "[]",
            "asset_type,name",
            r#"{"format":"tenantgraph/1","resources":[{"id":"a","labels":{"asset_type":"x","etag":"y"}}]}"#,
            r#"{"record":"resource","id":"a","labels":{"asset_type":"x"}}"#,
            r#"{"kind":"RoleBinding","bindings":[],"etag":"x"}"#,
            r#"{"bindings":[{"name":"x"}],"etag":"x"}"#,
            r#"{"UserDetailList":[{"UserName":"x"}],"etag":"x"}"#,
        ] {
            assert!(!claims(text), "{text}");
        }
    }
}

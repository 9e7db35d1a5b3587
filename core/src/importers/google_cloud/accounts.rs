//! The service accounts that code runs as, wherever an asset's data names them.

use serde_json::Value;
use serde_json::value::RawValue;

/// A service account that an asset names as the one its code runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunsAs {
    /// The address; `None` stands for the project's default compute account.
    pub email: Option<String>,
    /// Whether the access scopes leave out the one for everything: what the account may do there is then less than its roles.
    pub narrowed: bool,
}

/// The keys under which services name the account of their code.
const KEYS: [&str; 5] = ["serviceAccount", "serviceAccountEmail", "serviceAccountName", "service_account", "serviceAccounts"];
const DEFAULT: &str = "default";
const WHOLE: &str = "cloud-platform";

/// The accounts named in the data of an asset, each once.
pub(super) fn accounts_of(data: &RawValue) -> Vec<RunsAs> {
    let mut found = Vec::new();
    // Data nested deeper than the parser allows names no account.
    if let Ok(data) = serde_json::from_str::<Value>(data.get()) {
        walk(&data, &mut found);
    }
    found
}

/// The workload identity pool of a cluster, `PROJECT.svc.id.goog`.
pub(super) fn pool_of(data: &RawValue) -> Option<String> {
    let data = serde_json::from_str::<Value>(data.get()).ok()?;
    let config = data.get("workloadIdentityConfig")?;
    let pool = config.get("workloadPool").or_else(|| config.get("identityNamespace"))?.as_str()?;
    pool.ends_with(".svc.id.goog").then(|| pool.to_owned())
}

fn walk(value: &Value, found: &mut Vec<RunsAs>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if KEYS.contains(&key.as_str()) { named(value, fields, found) } else { walk(value, found) }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| walk(value, found)),
        _ => {}
    }
}

/// The value under a key that names an account: an address, a resource name, or a list of `{email, scopes}`.
fn named(value: &Value, around: &serde_json::Map<String, Value>, found: &mut Vec<RunsAs>) {
    match value {
        Value::String(text) => add(text, scopes(around, "oauthScopes"), found),
        Value::Array(values) => values.iter().for_each(|value| named(value, around, found)),
        Value::Object(fields) => {
            let scopes = scopes(fields, "scopes").or_else(|| scopes(fields, "scope"));
            if let Some(email) = fields.get("email").and_then(Value::as_str) {
                add(email, scopes, found);
            }
        }
        _ => {}
    }
}

/// Whether scopes are listed under a key, and the one for everything among them.
fn scopes(fields: &serde_json::Map<String, Value>, key: &str) -> Option<bool> {
    let scopes = fields.get(key)?.as_array()?;
    Some(scopes.iter().filter_map(Value::as_str).any(|scope| scope.ends_with(WHOLE)))
}

fn add(text: &str, whole: Option<bool>, found: &mut Vec<RunsAs>) {
    let email = text.rsplit('/').next().unwrap_or(text);
    let email = match email {
        DEFAULT => None,
        email if email.ends_with("gserviceaccount.com") && email.contains('@') => Some(email.to_owned()),
        _ => return,
    };
    let account = RunsAs { email, narrowed: whole == Some(false) };
    if !found.contains(&account) {
        found.push(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Option<String>, bool)> {
        let data: Box<RawValue> = serde_json::from_str(text).expect("JSON");
        accounts_of(&data).into_iter().map(|account| (account.email, account.narrowed)).collect()
    }

    #[test]
    fn accounts_are_found_where_services_write_them() {
        let email = Some("run@acme-prod.iam.gserviceaccount.com".to_owned());
        for text in [
            r#"{"serviceAccounts":[{"email":"run@acme-prod.iam.gserviceaccount.com","scopes":["https://x/auth/cloud-platform"]}]}"#,
            r#"{"serviceAccount":[{"email":"run@acme-prod.iam.gserviceaccount.com"}]}"#,
            r#"{"serviceConfig":{"serviceAccountEmail":"run@acme-prod.iam.gserviceaccount.com"}}"#,
            r#"{"spec":{"template":{"spec":{"serviceAccountName":"run@acme-prod.iam.gserviceaccount.com"}}}}"#,
            r#"{"serviceAccount":"projects/acme-prod/serviceAccounts/run@acme-prod.iam.gserviceaccount.com"}"#,
        ] {
            assert_eq!(found(text), [(email.clone(), false)], "{text}");
        }
        let nodes = r#"{"nodePools":[{"config":{"serviceAccount":"default","oauthScopes":["https://x/auth/logging.write"]}}]}"#;
        assert_eq!(found(nodes), [(None, true)]);
        assert!(found(r#"{"sourceServiceAccounts":["run@acme-prod.iam.gserviceaccount.com"],"serviceAccount":7}"#).is_empty());
    }

    #[test]
    fn a_cluster_names_its_pool() {
        let data: Box<RawValue> = serde_json::from_str(r#"{"workloadIdentityConfig":{"workloadPool":"acme.svc.id.goog"}}"#).expect("JSON");
        assert_eq!(pool_of(&data).as_deref(), Some("acme.svc.id.goog"));
    }
}

//! [`found`]: the secret values that a state holds in clear. Each becomes a fingerprint; the state stores the secret.

use super::resource::Resource;
use crate::estate::FingerprintKey;
use crate::importers::values;
use crate::model::{Instant, SecretKind, Storage};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Attributes that hold a secret: the type, the attribute, what it is, and the attribute whose text is the id that the provider's reader gives the secret (none: it
/// has no id there). Sources: the providers' documentation of each type, where the attribute is marked as sensitive.
const SECRETS: [(&str, &str, SecretKind, Option<&str>); 32] = [
    ("aws_api_gateway_api_key", "value", SecretKind::ApiKey, None),
    ("aws_db_instance", "password", SecretKind::Password, None),
    ("aws_iam_access_key", "secret", SecretKind::AccessKey, Some("id")),
    ("aws_rds_cluster", "master_password", SecretKind::Password, None),
    ("aws_secretsmanager_secret_version", "secret_string", SecretKind::Generic, Some("secret_id")),
    ("aws_ssm_parameter", "value", SecretKind::Generic, Some("arn")),
    ("azuread_application_password", "value", SecretKind::ClientSecret, None),
    ("azuread_service_principal_password", "value", SecretKind::ClientSecret, None),
    ("azurerm_container_registry", "admin_password", SecretKind::Password, None),
    ("azurerm_key_vault_secret", "value", SecretKind::Generic, None),
    ("azurerm_mssql_server", "administrator_login_password", SecretKind::Password, None),
    ("azurerm_storage_account", "primary_access_key", SecretKind::AccessKey, None),
    ("github_actions_environment_secret", "plaintext_value", SecretKind::Generic, None),
    ("github_actions_organization_secret", "plaintext_value", SecretKind::Generic, None),
    ("github_actions_secret", "plaintext_value", SecretKind::Generic, None),
    ("github_codespaces_organization_secret", "plaintext_value", SecretKind::Generic, None),
    ("github_codespaces_secret", "plaintext_value", SecretKind::Generic, None),
    ("github_dependabot_organization_secret", "plaintext_value", SecretKind::Generic, None),
    ("github_dependabot_secret", "plaintext_value", SecretKind::Generic, None),
    ("google_compute_ssl_certificate", "private_key", SecretKind::Certificate, None),
    ("google_secret_manager_secret_version", "secret_data", SecretKind::Generic, Some("name")),
    ("google_service_account_key", "private_key", SecretKind::AccessKey, Some("name")),
    ("google_sql_user", "password", SecretKind::Password, None),
    ("google_storage_hmac_key", "secret", SecretKind::AccessKey, None),
    ("local_sensitive_file", "content", SecretKind::Generic, None),
    ("random_password", "result", SecretKind::Password, None),
    ("tls_private_key", "private_key_pem", SecretKind::SigningKey, None),
    ("vault_approle_auth_backend_role_secret_id", "secret_id", SecretKind::Token, None),
    ("vault_generic_secret", "data_json", SecretKind::Generic, None),
    ("vault_kv_secret", "data_json", SecretKind::Generic, None),
    ("vault_kv_secret_v2", "data_json", SecretKind::Generic, None),
    ("vault_token", "client_token", SecretKind::Token, None),
];

/// Whether a type holds a secret in a known attribute.
pub(super) fn is_read(kind: &str) -> bool {
    SECRETS.iter().any(|(known, ..)| *known == kind)
}

/// A secret of a state, without its value.
pub(super) struct Found {
    /// The id that the provider's reader gives it.
    pub id: Option<String>,
    /// The attribute, by its address.
    pub address: String,
    pub kind: SecretKind,
    pub fingerprint: Option<String>,
    pub created_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    /// How it is kept where it belongs, beside the state.
    pub storage: Option<Storage>,
    /// Whom it proves.
    pub proves: Option<String>,
}

/// The secrets of a resource: those of known attributes, and what the state marks and is called like a secret.
pub(super) fn found(resource: &Resource, key: &FingerprintKey) -> Vec<Found> {
    let mut found = Vec::new();
    if resource.kind.starts_with("kubernetes_") || resource.kind == "aws_ssm_parameter" && resource.text("type") != Some("SecureString") {
        return found;
    }
    let known: Vec<_> = SECRETS.iter().filter(|(kind, ..)| *kind == resource.kind).collect();
    for (_, attribute, kind, id) in &known {
        let id = id.and_then(|id| resource.text(id)).map(|id| id_of(resource, id));
        found.extend(secret(resource, attribute, *kind, id, key));
    }
    for attribute in &resource.sensitive {
        let named = values::kind_of_name(attribute).filter(|_| known.iter().all(|(_, known, ..)| known != attribute));
        if let Some(kind) = named {
            found.extend(secret(resource, attribute, kind, None, key));
        }
    }
    found
}

/// The id of the secret as the provider's reader writes it.
fn id_of(resource: &Resource, text: &str) -> String {
    match resource.kind.as_str() {
        "google_service_account_key" => format!("//iam.googleapis.com/{text}"),
        "google_secret_manager_secret_version" => format!("//secretmanager.googleapis.com/{text}"),
        _ => text.to_owned(),
    }
}

fn secret(resource: &Resource, attribute: &str, kind: SecretKind, id: Option<String>, key: &FingerprintKey) -> Option<Found> {
    let value = resource.text(attribute)?;
    // A Google key file stands in base64.
    let decoded = if resource.kind == "google_service_account_key" { STANDARD.decode(value.trim()).ok() } else { None };
    let bytes = decoded.as_deref().unwrap_or(value.as_bytes());
    let file = values::KeyFile::parse(bytes);
    let instant = |names: &[&str]| names.iter().find_map(|name| Instant::parse(resource.text(name)?).ok());
    let storage = match resource.kind.as_str() {
        "aws_secretsmanager_secret_version" | "google_secret_manager_secret_version" | "azurerm_key_vault_secret" | "aws_ssm_parameter" => {
            Some(Storage::SecretManager)
        }
        kind if kind.starts_with("github_") => Some(Storage::CiVariable),
        _ if id.is_some() => None,
        _ => Some(Storage::ConfigFile),
    };
    Some(Found {
        id,
        address: format!("{}.{attribute}", resource.address),
        kind,
        fingerprint: values::fingerprint(bytes, key),
        created_at: instant(&["create_date", "create_time", "valid_after", "start_date"]),
        expires_at: instant(&["valid_before", "end_date", "expiration_date"]),
        storage,
        proves: file.map(|file| file.account_id()).or_else(|| proves(resource)),
    })
}

/// The identity that a credential of a provider proves, as the provider's reader names it.
fn proves(resource: &Resource) -> Option<String> {
    match resource.kind.as_str() {
        "google_storage_hmac_key" => Some(format!("serviceAccount:{}", resource.text("service_account_email")?)),
        _ => None,
    }
}

/// Takes every value out that a provider's reader has no use for: what is left is handed on.
pub(super) fn drop_values(resource: &mut Resource) {
    for (_, attribute, ..) in SECRETS.iter().filter(|(kind, ..)| *kind == resource.kind) {
        resource.values.insert((*attribute).to_owned(), Value::Null);
    }
    super::github::drop_values(resource);
}

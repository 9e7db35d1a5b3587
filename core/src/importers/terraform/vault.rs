//! Vault: what its API would say of the resources of a state.

use super::resource::Resource;
use super::translate::Source;
use serde_json::{Map, Value, json};

/// Roles of auth methods: the type, and the attribute that names the role. Their paths are `auth/BACKEND/role/NAME`.
const ROLES: [(&str, &str); 6] = [
    ("vault_approle_auth_backend_role", "role_name"),
    ("vault_aws_auth_backend_role", "role"),
    ("vault_azure_auth_backend_role", "role"),
    ("vault_gcp_auth_backend_role", "role"),
    ("vault_jwt_auth_backend_role", "role_name"),
    ("vault_kubernetes_auth_backend_role", "role_name"),
];

/// The attributes of roles that the API has too, under the same name or another.
const ATTRIBUTES: [(&str, &str); 17] = [
    ("token_policies", "token_policies"),
    ("policies", "policies"),
    ("token_bound_cidrs", "token_bound_cidrs"),
    ("secret_id_bound_cidrs", "secret_id_bound_cidrs"),
    ("bound_audiences", "bound_audiences"),
    ("bound_subject", "bound_subject"),
    ("bound_claims", "bound_claims"),
    ("bound_claims_type", "bound_claims_type"),
    ("user_claim", "user_claim"),
    ("role_type", "role_type"),
    ("bound_service_account_names", "bound_service_account_names"),
    ("bound_service_account_namespaces", "bound_service_account_namespaces"),
    ("bound_iam_principal_arns", "bound_iam_principal_arn"),
    ("bound_account_ids", "bound_account_id"),
    ("bound_service_principal_ids", "bound_service_principal_ids"),
    ("bound_service_accounts", "bound_service_accounts"),
    ("bound_projects", "bound_projects"),
];

/// Whether a type is read.
pub(super) fn is_read(kind: &str) -> bool {
    matches!(kind, "vault_policy" | "vault_mount" | "vault_auth_backend" | "vault_jwt_auth_backend")
        || ROLES.iter().any(|(known, _)| *known == kind)
}

/// The records of a source.
pub(super) fn records(source: &Source) -> Vec<Value> {
    source.resources.iter().filter(|resource| resource.kind.starts_with("vault_")).flat_map(of).collect()
}

fn of(resource: &Resource) -> Vec<Value> {
    let said = |name: &str| resource.text(name);
    let path = || said("path").map(|path| path.trim_matches('/'));
    match resource.kind.as_str() {
        "vault_policy" => {
            said("name").zip(said("policy")).map(|(name, policy)| json!({ "name": name, "policy": policy })).into_iter().collect()
        }
        "vault_mount" => {
            path().map(|path| json!({ (format!("{path}/")): { "type": said("type"), "accessor": "mount" } })).into_iter().collect()
        }
        "vault_auth_backend" | "vault_jwt_auth_backend" => {
            let Some(path) = path().or_else(|| said("type")) else { return Vec::new() };
            let mount = json!({ (format!("{path}/")): { "type": said("type").unwrap_or("jwt"), "accessor": "auth_" } });
            let issuer = ["oidc_discovery_url", "bound_issuer"].into_iter().find_map(|name| Some((name, said(name)?)));
            let config = issuer.map(|(name, issuer)| json!({ "path": format!("auth/{path}/config"), (name): issuer }));
            [mount].into_iter().chain(config).collect()
        }
        kind => {
            let Some((_, named)) = ROLES.iter().find(|(known, _)| *known == kind) else { return Vec::new() };
            role(resource, named).into_iter().collect()
        }
    }
}

fn role(resource: &Resource, named: &str) -> Option<Value> {
    let method = resource.kind.strip_prefix("vault_")?.split('_').next()?;
    let backend = resource.text("backend").unwrap_or(method).trim_matches('/');
    let backend = backend.strip_prefix("auth/").unwrap_or(backend);
    let mut role = Map::new();
    for (attribute, name) in ATTRIBUTES {
        if let Some(value) = resource.values.get(attribute).filter(|value| !value.is_null()) {
            role.insert(name.to_owned(), value.clone());
        }
    }
    role.entry("token_policies").or_insert_with(|| json!([]));
    role.insert("path".into(), format!("auth/{backend}/role/{}", resource.text(named)?).into());
    Some(Value::Object(role))
}

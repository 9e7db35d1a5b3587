//! [`Unsettled`]: what a plan does not know of a grant before it is applied. A gate must not take it for nothing.

use serde_json::{Map, Value};

/// What an attribute decides of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Whom it names.
    Grantee,
    /// The policy that stands on the resource itself: whom it lets in.
    Policy,
    /// What it is over, or what it gives.
    Object,
}

/// An attribute of a grant whose value is known only once the plan is applied.
#[derive(Debug, Clone)]
pub(super) struct Unsettled {
    /// The address of the resource.
    pub address: String,
    /// The name of the attribute.
    pub attribute: String,
    /// What it decides.
    pub part: Part,
    /// The resource of the plan that it will name, with what is known of that, where the configuration says one.
    pub names: Option<(String, Map<String, Value>)>,
}

use Part::{Grantee, Object, Policy};

/// Attributes that decide of a grant, by the type of the resource without its version.
const DECIDING: [(&str, &[(&str, Part)]); 38] = [
    ("aws_iam_group_membership", &[("users", Grantee), ("group", Object)]),
    ("aws_iam_group_policy", &[("group", Grantee), ("policy", Object)]),
    ("aws_iam_group_policy_attachment", &[("group", Grantee), ("policy_arn", Object)]),
    ("aws_iam_instance_profile", &[("role", Object)]),
    ("aws_iam_policy", &[("policy", Object)]),
    ("aws_iam_policy_attachment", &[("roles", Grantee), ("users", Grantee), ("groups", Grantee), ("policy_arn", Object)]),
    ("aws_iam_role", &[("assume_role_policy", Policy), ("managed_policy_arns", Object), ("inline_policy", Object)]),
    ("aws_iam_role_policy", &[("role", Grantee), ("policy", Object)]),
    ("aws_iam_role_policy_attachment", &[("role", Grantee), ("policy_arn", Object)]),
    ("aws_iam_user_group_membership", &[("user", Grantee), ("groups", Object)]),
    ("aws_iam_user_policy", &[("user", Grantee), ("policy", Object)]),
    ("aws_iam_user_policy_attachment", &[("user", Grantee), ("policy_arn", Object)]),
    ("aws_kms_key", &[("policy", Policy)]),
    ("aws_kms_key_policy", &[("policy", Policy), ("key_id", Object)]),
    ("aws_lambda_function", &[("role", Object)]),
    ("aws_s3_bucket", &[("policy", Policy)]),
    ("aws_s3_bucket_policy", &[("policy", Policy), ("bucket", Object)]),
    ("aws_secretsmanager_secret", &[("policy", Policy)]),
    ("aws_secretsmanager_secret_policy", &[("policy", Policy), ("secret_arn", Object)]),
    ("azuread_app_role_assignment", &[("principal_object_id", Grantee), ("resource_object_id", Object), ("app_role_id", Object)]),
    ("azuread_application", &[("owners", Grantee), ("required_resource_access", Object)]),
    ("azuread_application_federated_identity_credential", &[("issuer", Object), ("subject", Object)]),
    ("azuread_directory_role_assignment", &[("principal_object_id", Grantee), ("role_id", Object), ("directory_scope_id", Object)]),
    ("azuread_group", &[("members", Grantee), ("owners", Grantee)]),
    ("azuread_group_member", &[("member_object_id", Grantee), ("group_object_id", Object)]),
    ("azuread_service_principal", &[("owners", Grantee)]),
    (
        "azurerm_federated_identity_credential",
        &[("issuer", Object), ("subject", Object), ("parent_id", Object), ("user_assigned_identity_id", Object)],
    ),
    ("azurerm_key_vault_access_policy", &[("object_id", Grantee), ("key_vault_id", Object), ("secret_permissions", Object)]),
    (
        "azurerm_role_assignment",
        &[("principal_id", Grantee), ("scope", Object), ("role_definition_id", Object), ("role_definition_name", Object)],
    ),
    ("kubernetes_cluster_role", &[("rule", Object)]),
    ("kubernetes_cluster_role_binding", &[("subject", Object), ("role_ref", Object)]),
    ("kubernetes_role", &[("rule", Object)]),
    ("kubernetes_role_binding", &[("subject", Object), ("role_ref", Object)]),
    ("vault_approle_auth_backend_role", &[("token_policies", Object)]),
    ("vault_aws_auth_backend_role", &[("token_policies", Object), ("bound_iam_principal_arns", Object), ("bound_account_ids", Object)]),
    ("vault_jwt_auth_backend_role", &[("token_policies", Object), ("bound_subject", Object), ("bound_claims", Object)]),
    (
        "vault_kubernetes_auth_backend_role",
        &[("token_policies", Object), ("bound_service_account_names", Object), ("bound_service_account_namespaces", Object)],
    ),
    ("vault_policy", &[("policy", Object)]),
];

/// What a provider fills in itself: where the configuration is silent about the resource, it is taken not to be set there.
const COMPUTED: [&str; 6] = ["inline_policy", "managed_policy_arns", "owners", "project", "required_resource_access", "role_definition_id"];

/// What an attribute decides of a grant; `is_set` tells whether the configuration sets it, where that is known.
pub(super) fn part_of(kind: &str, attribute: &str, is_set: Option<bool>) -> Option<Part> {
    let is_set = is_set.unwrap_or(!COMPUTED.contains(&attribute));
    if kind != "google_iam_policy" && ["_iam_policy", "_iam_binding", "_iam_member"].iter().any(|end| kind.ends_with(end)) {
        let part = match attribute {
            "member" | "members" => Some(Grantee),
            "condition" | "etag" | "id" => None,
            _ => Some(Object),
        };
        return part.filter(|_| is_set && kind.starts_with("google_"));
    }
    let bare = kind.strip_suffix("_v1").filter(|_| kind.starts_with("kubernetes_")).unwrap_or(kind);
    let (_, parts) = DECIDING.iter().find(|(known, _)| *known == bare)?;
    parts.iter().find(|(name, _)| *name == attribute).map(|(_, part)| *part).filter(|_| is_set)
}

/// Whether something in a value is marked as unknown.
pub(super) fn is_unknown(mark: &Value) -> bool {
    match mark {
        Value::Bool(unknown) => *unknown,
        Value::Array(parts) => parts.iter().any(is_unknown),
        Value::Object(parts) => parts.values().any(is_unknown),
        _ => false,
    }
}

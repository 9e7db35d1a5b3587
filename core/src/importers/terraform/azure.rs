//! Azure AD and the Azure Resource Manager: the objects of Microsoft Graph and of Azure that the resources of a state stand for.

use super::resource::{Resource, blocks, text};
use super::translate::{Source, World};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The types that are read.
const READ: [&str; 24] = [
    "azuread_app_role_assignment",
    "azuread_application",
    "azuread_application_certificate",
    "azuread_application_federated_identity_credential",
    "azuread_application_password",
    "azuread_application_registration",
    "azuread_client_config",
    "azuread_directory_role",
    "azuread_directory_role_assignment",
    "azuread_group",
    "azuread_group_member",
    "azuread_service_principal",
    "azuread_service_principal_certificate",
    "azuread_service_principal_password",
    "azuread_user",
    "azurerm_client_config",
    "azurerm_federated_identity_credential",
    "azurerm_key_vault",
    "azurerm_key_vault_access_policy",
    "azurerm_key_vault_secret",
    "azurerm_resource_group",
    "azurerm_role_assignment",
    "azurerm_subscription",
    "azurerm_user_assigned_identity",
];

/// Whether a type is read.
pub(super) fn is_read(kind: &str) -> bool {
    READ.contains(&kind)
}

/// The records of a source.
pub(super) fn records(source: &Source, world: &World<'_>) -> Vec<Value> {
    let mut tenants = BTreeSet::new();
    let mut records = Vec::new();
    for resource in &source.resources {
        tenants.extend(
            resource
                .text("tenant_id")
                .or_else(|| resource.text("application_tenant_id"))
                .filter(|_| resource.kind.ends_with("_client_config")),
        );
        records.extend(record(resource, source, world));
        if resource.kind == "azuread_group" {
            let id = resource.text("object_id");
            records.extend(bonds(resource, id, "members"));
        }
    }
    if tenants.len() == 1 {
        let organizations: Vec<Value> =
            tenants.into_iter().map(|tenant| json!({ "@odata.type": "#microsoft.graph.organization", "id": tenant })).collect();
        records.splice(0..0, organizations);
    }
    records
}

/// Whether a resource is of a type that is read, but has no id yet.
pub(super) fn is_nameless(resource: &Resource) -> bool {
    let ids = ["object_id", "id", "client_id", "principal_object_id", "group_object_id", "scope", "key_vault_id", "subscription_id"];
    // What stands under another's name has that one's.
    let is_part = ["_password", "_certificate", "_credential"].iter().any(|end| resource.kind.ends_with(end));
    is_read(&resource.kind) && !is_part && resource.first(&ids).is_none()
}

fn typed(kind: &str, mut object: Value, resource: &Resource) -> Value {
    object["@odata.type"] = format!("#microsoft.graph.{kind}").into();
    let owners: Vec<Value> = resource.texts("owners").into_iter().map(|id| json!({ "id": id })).collect();
    if !owners.is_empty() {
        object["owners"] = owners.into();
    }
    object
}

fn record(resource: &Resource, source: &Source, world: &World<'_>) -> Option<Value> {
    let said = |name: &str| resource.text(name);
    match resource.kind.as_str() {
        "azuread_application" | "azuread_application_registration" => {
            let (passwords, keys) = credentials(resource, source, world, "application");
            let object = json!({ "id": said("object_id"), "appId": resource.first(&["client_id", "application_id"])?, "displayName": said("display_name"),
                "signInAudience": said("sign_in_audience"), "passwordCredentials": passwords, "keyCredentials": keys,
                "requiredResourceAccess": required(resource) });
            Some(typed("application", object, resource))
        }
        "azuread_service_principal" => {
            let (passwords, keys) = credentials(resource, source, world, "service_principal");
            let object = json!({ "id": said("object_id")?, "appId": resource.first(&["client_id", "application_id"]), "displayName": said("display_name"),
                "servicePrincipalType": said("type").unwrap_or("Application"), "appOwnerOrganizationId": said("application_tenant_id"),
                "accountEnabled": resource.flag("account_enabled"), "passwordCredentials": passwords, "keyCredentials": keys });
            Some(typed("servicePrincipal", object, resource))
        }
        "azuread_group" => Some(typed("group", json!({ "id": said("object_id")?, "displayName": said("display_name") }), resource)),
        "azuread_user" => {
            let object = json!({ "id": said("object_id")?, "userPrincipalName": said("user_principal_name"), "displayName": said("display_name"),
                "accountEnabled": resource.flag("account_enabled") });
            Some(typed("user", object, resource))
        }
        "azuread_group_member" => bond(said("group_object_id")?, &[said("member_object_id")?], "members"),
        "azuread_app_role_assignment" => Some(json!({ "appRoleId": said("app_role_id")?, "principalId": said("principal_object_id")?,
            "resourceId": said("resource_object_id")?, "principalDisplayName": said("principal_display_name") })),
        "azuread_directory_role" => Some(
            json!({ "@odata.type": "#microsoft.graph.directoryRole", "id": said("object_id")?, "roleTemplateId": said("template_id"), "displayName": said("display_name") }),
        ),
        "azuread_directory_role_assignment" => {
            Some(json!({ "roleDefinitionId": said("role_id")?, "principalId": said("principal_object_id")?,
            "directoryScopeId": said("directory_scope_id").unwrap_or("/") }))
        }
        "azuread_application_federated_identity_credential" => federated(resource, source, world),
        "azurerm_federated_identity_credential" => {
            let parent = resource.first(&["user_assigned_identity_id", "parent_id"])?;
            Some(json!({ "id": format!("{parent}/federatedIdentityCredentials/{}", said("name")?),
                "properties": { "issuer": said("issuer"), "subject": said("subject"), "audiences": resource.texts("audience") } }))
        }
        "azurerm_role_assignment" => {
            let scope = said("scope")?;
            let id = said("id").map_or_else(|| format!("{scope}/providers/Microsoft.Authorization/roleAssignments/planned"), str::to_owned);
            Some(
                json!({ "id": id, "scope": scope, "roleDefinitionId": said("role_definition_id"), "roleDefinitionName": said("role_definition_name"),
                "principalId": said("principal_id")?, "condition": said("condition") }),
            )
        }
        "azurerm_user_assigned_identity" => {
            let id = said("id")?;
            Some(
                json!({ "id": id, "type": "Microsoft.ManagedIdentity/userAssignedIdentities", "name": said("name"), "tags": resource.labels(&["tags"]),
                "properties": { "clientId": said("client_id"), "principalId": said("principal_id"), "tenantId": said("tenant_id") } }),
            )
        }
        "azurerm_key_vault" => Some(vault(resource)),
        "azurerm_key_vault_access_policy" => {
            let entry = access(&resource.values);
            Some(json!({ "id": said("key_vault_id")?, "type": "Microsoft.KeyVault/vaults", "properties": { "accessPolicies": [entry] } }))
        }
        "azurerm_key_vault_secret" => Some(json!({ "id": resource.first(&["versionless_id", "id"])?, "tags": resource.labels(&["tags"]),
            "attributes": { "expires": said("expiration_date"), "enabled": true } })),
        "azurerm_subscription" => {
            let id = said("subscription_id")?;
            Some(
                json!({ "id": format!("/subscriptions/{id}"), "subscriptionId": id, "displayName": said("display_name"), "state": said("state").unwrap_or("Enabled"), "tenantId": said("tenant_id") }),
            )
        }
        "azurerm_resource_group" => Some(
            json!({ "id": said("id")?, "type": "Microsoft.Resources/resourceGroups", "name": said("name"), "tags": resource.labels(&["tags"]) }),
        ),
        _ => None,
    }
}

fn vault(resource: &Resource) -> Value {
    let policies: Vec<Value> = resource.blocks("access_policy").into_iter().map(access).collect();
    let by_role = resource.flag("enable_rbac_authorization").or_else(|| resource.flag("rbac_authorization_enabled"));
    json!({ "id": resource.text("id"), "type": "Microsoft.KeyVault/vaults", "name": resource.text("name"), "tags": resource.labels(&["tags"]),
        "properties": { "tenantId": resource.text("tenant_id"), "vaultUri": resource.text("vault_uri"), "enableRbacAuthorization": by_role, "accessPolicies": policies } })
}

fn access(block: &Map<String, Value>) -> Value {
    let secrets = block.get("secret_permissions").cloned().unwrap_or_else(|| json!([]));
    json!({ "objectId": text(block, "object_id"), "tenantId": text(block, "tenant_id"), "permissions": { "secrets": secrets } })
}

/// The passwords and certificates of an application or a service principal, wherever they stand.
fn credentials(of: &Resource, source: &Source, world: &World<'_>, word: &str) -> (Vec<Value>, Vec<Value>) {
    let is_of = |credential: &&Resource| {
        let names = [format!("{word}_object_id"), format!("{word}_id")];
        let named = names.iter().find_map(|name| credential.text(name)).map(last);
        named.is_some() && (named == of.text("object_id") || named == of.text("id").map(last))
    };
    let one = |credential: &Resource| {
        json!({ "keyId": credential.text("key_id"), "displayName": credential.text("display_name"), "startDateTime": credential.text("start_date"),
            "endDateTime": credential.text("end_date"), "type": credential.text("type") })
    };
    let (password, certificate): (&'static str, &'static str) = if word == "application" {
        ("azuread_application_password", "azuread_application_certificate")
    } else {
        ("azuread_service_principal_password", "azuread_service_principal_certificate")
    };
    let all = |kind: &'static str| -> Vec<Value> { world.of_kind(source, kind).filter(is_of).map(one).collect() };
    let mut passwords = all(password);
    // One that stands within its application.
    passwords.extend(of.blocks("password").into_iter().filter(|block| text(block, "key_id").is_some()).map(|block| {
        json!({ "keyId": text(block, "key_id"), "displayName": text(block, "display_name"), "startDateTime": text(block, "start_date"), "endDateTime": text(block, "end_date") })
    }));
    (passwords, all(certificate))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn required(resource: &Resource) -> Vec<Value> {
    let access = resource.blocks("required_resource_access").into_iter().map(|block| {
        let entries: Vec<Value> = blocks(block, "resource_access")
            .into_iter()
            .map(|entry| json!({ "id": text(entry, "id"), "type": text(entry, "type") }))
            .collect();
        json!({ "resourceAppId": text(block, "resource_app_id"), "resourceAccess": entries })
    });
    access.collect()
}

/// A federated credential within its application, which alone says whose it is.
fn federated(resource: &Resource, source: &Source, world: &World<'_>) -> Option<Value> {
    let object = last(resource.first(&["application_object_id", "application_id"])?);
    let named = |application: &&Resource| application.text("object_id") == Some(object) || application.text("id").map(last) == Some(object);
    let applications = ["azuread_application", "azuread_application_registration"];
    let application = applications.iter().find_map(|kind| world.of_kind(source, kind).find(named))?;
    let credential = json!({ "id": resource.text("credential_id"), "name": resource.text("display_name"), "issuer": resource.text("issuer"),
        "subject": resource.text("subject"), "audiences": resource.texts("audiences") });
    Some(json!({ "@odata.type": "#microsoft.graph.application", "id": application.text("object_id"),
        "appId": application.first(&["client_id", "application_id"])?, "federatedIdentityCredentials": [credential] }))
}

fn bonds(resource: &Resource, id: Option<&str>, list: &str) -> Option<Value> {
    bond(id?, &resource.texts(list), list)
}

fn bond(group: &str, members: &[&str], list: &str) -> Option<Value> {
    let members: Vec<Value> = members.iter().map(|id| json!({ "id": id })).collect();
    (!members.is_empty()).then(|| json!({ "@odata.type": "#microsoft.graph.group", "id": group, (list): members }))
}

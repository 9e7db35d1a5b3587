//! [`Shape`]: what an object is, by what its surroundings say and else by which fields it has.

use super::fields::Fields;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Organization,
    Application,
    ServicePrincipal,
    User,
    Group,
    Device,
    RoleGrant,
    Consent,
    Federated,
    Holding,
    Eligibility,
    RoleDefinition,
    DirectoryRole,
    RolePolicy,
    SignIn,
    Registration,
    Partner,
    CrossTenantDefault,
    Credential,
    AzureRoleDefinition,
    AzureHolding,
    AzureResource,
    Subscription,
    VaultItem,
    StorageKey,
    GroupHolding,
    AdministrativeUnit,
    ScopedRole,
    AccessPolicy,
    SecurityDefaults,
    Delegation,
    Delegated,
}

/// The words by which Graph, the command line and gatherers name what is in a list.
const NAMES: &[(&str, Shape)] = &[
    ("organization", Shape::Organization),
    ("tenants", Shape::Organization),
    ("applications", Shape::Application),
    ("application", Shape::Application),
    ("serviceprincipals", Shape::ServicePrincipal),
    ("serviceprincipal", Shape::ServicePrincipal),
    ("users", Shape::User),
    ("user", Shape::User),
    ("groups", Shape::Group),
    ("group", Shape::Group),
    ("devices", Shape::Device),
    ("device", Shape::Device),
    ("approleassignments", Shape::RoleGrant),
    ("approleassignedto", Shape::RoleGrant),
    ("oauth2permissiongrants", Shape::Consent),
    ("federatedidentitycredentials", Shape::Federated),
    ("roleeligibilityschedules", Shape::Eligibility),
    ("roleeligibilityscheduleinstances", Shape::Eligibility),
    ("roleassignmentschedules", Shape::Holding),
    ("roleassignmentscheduleinstances", Shape::Holding),
    ("directoryroles", Shape::DirectoryRole),
    ("directoryrole", Shape::DirectoryRole),
    ("rolemanagementpolicyassignments", Shape::RolePolicy),
    ("serviceprincipalsigninactivities", Shape::SignIn),
    ("userregistrationdetails", Shape::Registration),
    ("crosstenantaccesspolicyconfigurationpartner", Shape::Partner),
    ("subscriptions", Shape::Subscription),
    ("administrativeunits", Shape::AdministrativeUnit),
    ("administrativeunit", Shape::AdministrativeUnit),
    ("conditionalaccesspolicy", Shape::AccessPolicy),
    ("identitysecuritydefaultsenforcementpolicy", Shape::SecurityDefaults),
    ("delegatedadminrelationships", Shape::Delegation),
    ("delegatedadminrelationship", Shape::Delegation),
    ("accessassignments", Shape::Delegated),
];

impl Shape {
    /// What a word names: a collection of Graph, a type, a field of a gathered object.
    pub fn named(word: &str) -> Option<Shape> {
        let word = word.to_ascii_lowercase().replace('_', "");
        NAMES.iter().find(|(name, _)| *name == word).map(|(_, shape)| *shape)
    }

    /// What an object is; `hint` is what its surroundings say. `None` for what this reader does not know.
    pub fn of(fields: &Fields, hint: Option<Shape>) -> Option<Shape> {
        if let Some(shape) = of_type(fields) {
            return Some(shape);
        }
        let shape = of_fields(fields);
        match (hint, shape) {
            // A schedule of a role looks like an assignment, a list of owners like anything.
            (Some(Shape::Eligibility), Some(Shape::Holding)) => hint,
            // `roleAssignments` and `roleDefinitions` are names in Azure too: what has a path is Azure's.
            (_, Some(shape)) => Some(shape),
            (hint, None) => hint.filter(|_| fields.has("id") || fields.has("objectId")),
        }
    }
}

fn of_type(fields: &Fields) -> Option<Shape> {
    let kind = fields.text("@odata.type").or_else(|| fields.text("odataType"))?;
    Shape::named(kind.rsplit('.').next().unwrap_or(kind))
}

fn of_fields(fields: &Fields) -> Option<Shape> {
    let has = |name: &str| fields.has(name);
    let path = fields.text("id").or_else(|| fields.text("roleAssignmentId")).filter(|id| id.starts_with('/'));
    let in_azure = path.is_some() || fields.text("scope").is_some_and(|scope| scope.starts_with('/')) && has("roleDefinitionId");
    if in_azure {
        return of_azure(fields, path.unwrap_or_default());
    }
    if fields
        .text("id")
        .is_some_and(|id| id.contains(".vault.azure.net/") || id.contains(".vault.azure.cn/") || id.contains(".vault.usgovcloudapi.net/"))
    {
        return Some(Shape::VaultItem);
    }
    if has("appRoleId") && has("principalId") && has("resourceId") {
        return Some(Shape::RoleGrant);
    }
    if has("clientId") && has("resourceId") && (has("consentType") || has("scope")) {
        return Some(Shape::Consent);
    }
    if has("issuer") && (has("subject") || has("claimsMatchingExpression")) {
        return Some(Shape::Federated);
    }
    if has("groupId") && has("principalId") && has("accessId") {
        return Some(Shape::GroupHolding);
    }
    if has("administrativeUnitId") && has("roleMemberInfo") {
        return Some(Shape::ScopedRole);
    }
    if has("accessDetails") && (has("customer") || has("accessContainer")) {
        return Some(if has("customer") { Shape::Delegation } else { Shape::Delegated });
    }
    if has("conditions") && (has("grantControls") || has("sessionControls")) {
        return Some(Shape::AccessPolicy);
    }
    if has("isMemberManagementRestricted") {
        return Some(Shape::AdministrativeUnit);
    }
    if has("roleDefinitionId") && has("principalId") {
        let eligible = has("roleEligibilityScheduleId");
        return Some(if eligible { Shape::Eligibility } else { Shape::Holding });
    }
    if has("roleDefinitionId") && (has("policy") || has("policyId") || has("endUserAssignmentRequiresApproval")) {
        return Some(Shape::RolePolicy);
    }
    if has("roleTemplateId") {
        return Some(Shape::DirectoryRole);
    }
    if has("isBuiltIn") && (has("templateId") || has("rolePermissions")) {
        return Some(Shape::RoleDefinition);
    }
    if has("lastSignInActivity") && has("appId") {
        return Some(Shape::SignIn);
    }
    if has("isMfaRegistered") || has("isMfaCapable") {
        return Some(Shape::Registration);
    }
    if has("userSyncInbound") || has("inboundTrust") || has("b2bCollaborationInbound") || has("b2bDirectConnectInbound") {
        return Some(if has("tenantId") { Shape::Partner } else { Shape::CrossTenantDefault });
    }
    if has("appId") {
        let principal =
            ["servicePrincipalType", "servicePrincipalNames", "appOwnerOrganizationId", "accountEnabled", "appRoleAssignmentRequired"];
        let registration =
            ["publisherDomain", "identifierUris", "requiredResourceAccess", "signInAudience", "passwordCredentials", "keyCredentials"];
        if principal.iter().any(|name| has(name)) {
            return Some(Shape::ServicePrincipal);
        }
        if registration.iter().any(|name| has(name)) {
            return Some(Shape::Application);
        }
    }
    if has("userPrincipalName") {
        return Some(Shape::User);
    }
    if has("securityEnabled") || has("groupTypes") || has("mailEnabled") {
        return Some(Shape::Group);
    }
    if has("verifiedDomains") || has("tenantType") {
        return Some(Shape::Organization);
    }
    if has("subscriptionId") && has("state") || has("homeTenantId") && has("isDefault") {
        return Some(Shape::Subscription);
    }
    if has("keyId") && (has("secretText") || has("hint") || has("customKeyIdentifier") || has("endDateTime")) {
        return Some(Shape::Credential);
    }
    (has("keyName") && has("permissions")).then_some(Shape::StorageKey)
}

fn of_azure(fields: &Fields, path: &str) -> Option<Shape> {
    let path = path.to_ascii_lowercase();
    if path.contains("/roledefinitions/") {
        // A definition of Azure; Graph's have no path.
        return Some(Shape::AzureRoleDefinition);
    }
    let holds = fields.has("roleDefinitionId") || fields.has("roleDefinitionName");
    if holds && (fields.has("principalId") || fields.has("objectId")) {
        return Some(Shape::AzureHolding);
    }
    if path.contains("/federatedidentitycredentials/") {
        return Some(Shape::Federated);
    }
    if path.starts_with("/tenants/") {
        return Some(Shape::Organization);
    }
    if path.starts_with("/subscriptions/") && path.matches('/').count() == 2 {
        return Some(Shape::Subscription);
    }
    Some(Shape::AzureResource)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str, hint: Option<&str>) -> Option<Shape> {
        Shape::of(&Fields::of(serde_json::from_str(text).expect("an object")), hint.and_then(Shape::named))
    }

    #[test]
    fn objects_are_told_by_their_surroundings_and_fields() {
        let rows = [
            (r##"{"@odata.type":"#microsoft.graph.user","id":"a"}"##, None, Shape::User),
            (r#"{"id":"a","appId":"b","publisherDomain":"acme.example"}"#, None, Shape::Application),
            (r#"{"id":"a","appId":"b","accountEnabled":true}"#, None, Shape::ServicePrincipal),
            (r#"{"id":"a","principalId":"b","roleDefinitionId":"c","directoryScopeId":"/"}"#, None, Shape::Holding),
            (r#"{"id":"a","principalId":"b","roleDefinitionId":"c"}"#, Some("roleEligibilitySchedules"), Shape::Eligibility),
            (r#"{"id":"a","displayName":"x"}"#, Some("groups"), Shape::Group),
            (
                r#"{"id":"/subscriptions/1/providers/Microsoft.Authorization/roleAssignments/2","properties":{"principalId":"b","roleDefinitionId":"c"}}"#,
                None,
                Shape::AzureHolding,
            ),
            (r#"{"RoleAssignmentId":"/x","Scope":"/","ObjectId":"b","RoleDefinitionId":"c"}"#, None, Shape::AzureHolding),
            (r#"{"id":"/subscriptions/1","subscriptionId":"1"}"#, None, Shape::Subscription),
            (r#"{"id":"https://acme.vault.azure.net/secrets/db"}"#, None, Shape::VaultItem),
        ];
        for (text, hint, expected) in rows {
            assert_eq!(shape(text, hint), Some(expected), "{text}");
        }
        assert_eq!(shape(r#"{"name":"x"}"#, Some("groups")), None);
        assert_eq!(shape(r#"{"id":"x"}"#, None), None);
    }
}

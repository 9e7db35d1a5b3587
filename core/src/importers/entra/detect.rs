//! Whether an input is of Microsoft Graph, AzureHound or Azure, judged by its first records.

use super::azurehound;
use super::fields::Fields;
use super::shape::Shape;
use crate::importers::Input;
use crate::importers::records::Records;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How far into an input its marks must show.
const WINDOW: usize = 64 * 1024;
/// What only such outputs hold. AzureHound writes its `meta` last, but each record of it has a kind.
const MARKS: &[&str] = &[
    "graph.microsoft.com",
    "microsoft.graph.",
    "management.azure.com",
    "\"servicePrincipalType\"",
    "\"service_principal_type\"",
    "\"ServicePrincipalType\"",
    "\"appOwnerOrganizationId\"",
    "\"AppOwnerOrganizationId\"",
    "\"signInAudience\"",
    "\"sign_in_audience\"",
    "\"SignInAudience\"",
    "\"requiredResourceAccess\"",
    "\"passwordCredentials\"",
    "\"PasswordCredentials\"",
    "\"appRoleId\"",
    "\"AppRoleId\"",
    "\"app_role_id\"",
    "\"consentType\"",
    "\"ConsentType\"",
    "\"directoryScopeId\"",
    "\"DirectoryScopeId\"",
    "\"directory_scope_id\"",
    "\"roleTemplateId\"",
    "\"RoleTemplateId\"",
    "\"roleDefinitionId\"",
    "\"RoleDefinitionId\"",
    "\"role_definition_id\"",
    "\"userPrincipalName\"",
    "\"UserPrincipalName\"",
    "\"securityEnabled\"",
    "\"SecurityEnabled\"",
    "\"verifiedDomains\"",
    "\"VerifiedDomains\"",
    "\"lastSignInActivity\"",
    "\"isMfaRegistered\"",
    "\"inboundTrust\"",
    "\"InboundTrust\"",
    "\"kind\":\"AZ",
    "\"kind\": \"AZ",
    "/providers/Microsoft.",
    "/providers/microsoft.",
    "\"/subscriptions/",
    "\"homeTenantId\"",
    ".vault.azure.net/",
    ".vault.azure.cn/",
    ".vault.usgovcloudapi.net/",
    "\"claimsMatchingExpression\"",
    "api://AzureADTokenExchange",
    "\"accessId\"",
    "\"AccessId\"",
    "\"grantControls\"",
    "\"GrantControls\"",
    "\"accessDetails\"",
    "\"AccessDetails\"",
    "\"isMemberManagementRestricted\"",
    "\"IsMemberManagementRestricted\"",
    "\"administrativeUnitId\"",
    "\"userSyncInbound\"",
];

/// How many records, and elements of a list, are looked at: the first may be a broken one.
const FIRST: usize = 3;

/// Whether an input looks like such an output.
pub(super) fn detects(input: &Input) -> bool {
    let start = &input.bytes[..input.bytes.len().min(WINDOW)];
    if !MARKS.iter().any(|mark| start.windows(mark.len()).any(|window| window == mark.as_bytes())) {
        return false;
    }
    let Ok(records) = Records::new(&input.name, &input.bytes) else { return false };
    records.take(FIRST).filter_map(|record| record.object().ok()).any(is_output)
}

/// Whether an object is an output: what wraps others is told by its frame, for it may be long, and else by what is in it.
fn is_output(text: &str) -> bool {
    let Ok(frame) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) else { return false };
    let text_of = |name: &str| frame.get(name).and_then(|value| serde_json::from_str::<String>(value.get()).ok()).unwrap_or_default();
    let is_of = |address: &str| ["graph.microsoft.", "management.azure.", "management.core."].iter().any(|host| address.contains(host));
    if is_of(&text_of("@odata.context")) || text_of("kind").starts_with("AZ") && frame.contains_key("data") {
        return true;
    }
    if frame.contains_key("body") && (is_of(&text_of("uri")) || is_of(&text_of("url"))) {
        return true;
    }
    if frame.contains_key("data") && frame.get("data").is_some_and(|data| first(data).iter().any(azurehound::is_record)) {
        return true;
    }
    let own = serde_json::from_str::<Map<String, Value>>(text).map(Fields::of).ok();
    own.is_some_and(|fields| Shape::of(&fields, None).is_some())
        || frame.iter().any(|(name, value)| {
            let hint = Shape::named(name);
            first(value).into_iter().any(|element| Shape::of(&Fields::of(element), hint).is_some())
        })
}

/// The first objects of a list, or the one in its place.
fn first(value: &RawValue) -> Vec<Map<String, Value>> {
    let elements: Vec<&RawValue> = serde_json::from_str(value.get()).unwrap_or_else(|_| vec![value]);
    elements.into_iter().take(FIRST).filter_map(|element| serde_json::from_str(element.get()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_own_are_claimed_and_others_left() {
        for text in [
            r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#applications","value":[]}"#,
            r#"[{"AppId":"a","SignInAudience":"AzureADMyOrg","PasswordCredentials":null}]"#,
            r#"{"data":[{"kind":"AZApp","data":{}}],"meta":{"type":"azure","version":5,"count":1}}"#,
            r#"[{"id":"/subscriptions/1/resourceGroups/a/providers/Microsoft.KeyVault/vaults/b"}]"#,
        ] {
            assert!(detects(&Input::new("x.json", text)), "{text}");
        }
        for text in [
            "",
            "{}",
            r#"{"apiVersion":"v1","kind":"List","items":[{"note":"graph.microsoft.com"}]}"#,
            r#"{"terraform_version":"1","resources":["/subscriptions/1","\"/subscriptions/"]}"#,
            "id: graph.microsoft.com",
            r#"{"SourceMetadata":{"Data":{"Git":{"file":"a"}}},"Raw":"https://acme.vault.azure.net/secrets/x","DetectorName":"Azure"}"#,
        ] {
            assert!(!detects(&Input::new("x.json", text)), "{text}");
        }
    }
}

//! What is kept of the objects of Azure.

use super::azure_roles::Effects;
use super::fields::{Fields, id_of};
use super::take::{NO_ID, Take};
use super::world::{AccessPolicy, AzureHolding, VaultItem};
use serde_json::Value;

impl Take<'_, '_> {
    /// The definition of a role.
    pub(super) fn azure_role(&mut self, fields: &Fields) -> Option<()> {
        let id = last_part(&fields.id("id")?).to_owned();
        let name = fields.owned("roleName").or_else(|| fields.owned("name"));
        let mut effects = Effects::default();
        for permission in fields.objects("permissions") {
            let list = |name: &str| permission.texts(name);
            effects =
                effects.with(Effects::of_actions(&list("actions"), &list("notActions"), &list("dataActions"), &list("notDataActions")));
        }
        self.world.azure_roles.insert(id, (name, effects));
        Some(())
    }

    /// A role that somebody holds at a scope.
    pub(super) fn azure_holding(&mut self, fields: &Fields) -> Option<()> {
        self.world.seen.azure = true;
        let assignment = fields.first_id(&["id", "roleAssignmentId"]).unwrap_or_default();
        let before = assignment.split_once("/providers/microsoft.authorization/").map(|(scope, _)| scope.to_owned());
        let scope = fields.id("scope").or(before).filter(|scope| scope.starts_with('/'))?;
        let name = fields.owned("roleDefinitionName");
        let role = fields.id("roleDefinitionId").map(|role| last_part(&role).to_owned()).or_else(|| name.as_deref().map(id_of))?;
        let kept = self.keep(AzureHolding {
            role,
            name,
            principal: fields.first_id(&["principalId", "objectId"])?,
            scope,
            conditional: fields.text("condition").is_some(),
            eligible: assignment.contains("/roleeligibilityschedule"),
            assignment,
            created_at: fields.instant("createdOn"),
        });
        self.world.azure_holdings.push(kept);
        Some(())
    }

    /// The entries of a vault's access policies, or one entry.
    pub fn access_policy(&mut self, vault: &str, fields: &Fields) {
        let entries = fields.objects("accessPolicies");
        let one = fields.id("objectId").map(|_| fields);
        for entry in entries.iter().chain(one) {
            let Some(principal) = entry.id("objectId") else {
                self.skip(NO_ID);
                continue;
            };
            let permissions = entry.inner("permissions").unwrap_or_default();
            let may = |word: &str| {
                let words = permissions.texts("secrets");
                words.iter().any(|given| given.eq_ignore_ascii_case(word) || given.eq_ignore_ascii_case("all"))
            };
            let policy = AccessPolicy { vault: vault.to_owned(), principal, read: may("get"), write: may("set") };
            let kept = self.keep(policy);
            self.world.access_policies.push(kept);
        }
    }

    /// A secret, key or certificate in a vault.
    pub(super) fn vault_item(&mut self, fields: &Fields) -> Option<()> {
        self.world.seen.azure = true;
        let attributes = fields.inner("attributes").unwrap_or_default();
        let instant = |names: [&str; 2]| attributes.instant(names[0]).or_else(|| fields.instant(names[1]));
        let kept = self.keep(VaultItem {
            id: fields.first_id(&["id", "kid", "sid"])?,
            enabled: attributes.flag("enabled").or_else(|| fields.flag("enabled")),
            created_at: instant(["created", "createdOn"]),
            expires_at: instant(["expires", "expiresOn"]).or_else(|| attributes.instant("exp")),
            labels: fields.labels(),
        });
        self.world.vault_items.push(kept);
        Some(())
    }
}

/// The last part of a path.
pub(super) fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The ids of the managed identities of a resource: its own, and those that stand apart, by their paths.
pub(super) fn identities_of(fields: &Fields) -> impl Iterator<Item = String> {
    let identity = fields.inner("identity").unwrap_or_default();
    let own = identity.id("principalId");
    let apart: Vec<String> = match identity.get("userAssignedIdentities") {
        Some(Value::Object(apart)) => apart.keys().map(|path| id_of(path)).collect(),
        Some(Value::Array(apart)) => apart.iter().filter_map(|one| Fields::of_value(one)?.first_id(&["identityId", "id"])).collect(),
        _ => Vec::new(),
    };
    own.into_iter().chain(apart).filter(|id| !id.is_empty())
}

//! The resources of Azure, the management groups, subscriptions and resource groups they stand in, and what code on them runs as.

use super::add::Adding;
use super::azure_roles::{Target, kind_of};
use super::fields::Fields;
use super::take::Take;
use super::take_azure::{identities_of, last_part};
use super::world::{AzureResource, Kept};
use crate::model::{Relation, RelationKind, Resource, Tenant, TenantKind};
use std::collections::BTreeMap;

const DENIAL: &str = "a deny assignment, which this reader does not evaluate: what it takes away is shown as held";
const NO_RIGHT: &str = "an object of Azure's authorization that says of nobody what they may do";
const MANAGEMENT_GROUP: &str = "/providers/microsoft.management/managementgroups/";

impl Take<'_, '_> {
    /// Keeps a resource of Azure, or one of what resources stand in.
    pub fn azure_resource(&mut self, fields: &Fields, subscription: bool) -> Option<()> {
        self.world.seen.azure = true;
        let mut id = fields.first_id(&["id", "resourceId"])?;
        if subscription && !id.starts_with('/') {
            id = format!("/subscriptions/{id}");
        }
        if !id.starts_with('/') {
            return None;
        }
        let kind = type_of(&id);
        if kind.starts_with("microsoft.authorization/") {
            let deny = kind.ends_with("/denyassignments");
            self.world.seen.denied |= deny;
            self.skip(if deny { DENIAL } else { NO_RIGHT });
            return Some(());
        }
        // What is in a management group says which; the tenant's own group stands under the tenant.
        let details = fields.inner("details").unwrap_or_default();
        let parent = fields.inner("parent").or_else(|| details.inner("parent")).and_then(|parent| parent.id("id"));
        let parent = parent.filter(|parent| parent.starts_with('/'));
        if let Some(tenant) = fields.id("tenantId").filter(|_| subscription || id.starts_with(MANAGEMENT_GROUP)) {
            self.origin.tenant = Some(tenant);
        }
        if fields.has("accessPolicies") {
            self.access_policy(&id, fields);
        }
        let name = fields.owned("displayName").or_else(|| fields.owned("name"));
        let value = AzureResource {
            kind,
            name,
            parent,
            labels: fields.labels(),
            identities: identities_of(fields).collect(),
            by_roles: fields.flag("enableRbacAuthorization"),
            address: fields.id("vaultUri"),
            id: id.clone(),
        };
        // A managed identity that stands apart tells its service principal.
        if let (Some(principal), true) = (fields.id("principalId"), value.kind.ends_with("userassignedidentities")) {
            let principal = super::world::ServicePrincipal {
                id: principal,
                app_id: fields.id("clientId"),
                name: value.name.clone(),
                managed: true,
                labels: value.labels.clone(),
                resource: Some(id),
                ..Default::default()
            };
            let kept = Kept { value: principal, origin: self.origin.clone() };
            self.world.service_principals.push(kept);
            return Some(());
        }
        let kept = Kept { value, origin: self.origin.clone() };
        self.world.azure_resources.push(kept);
        Some(())
    }
}

/// The type in a path: `microsoft.sql/servers/databases`.
pub(super) fn type_of(path: &str) -> String {
    let Some((_, rest)) = path.rsplit_once("/providers/") else { return String::new() };
    let parts: Vec<&str> = rest.split('/').collect();
    let types = parts.iter().enumerate().filter(|(at, _)| *at == 0 || at % 2 == 1).map(|(_, part)| *part);
    types.collect::<Vec<_>>().join("/")
}

/// Adds them.
pub(super) fn add(adding: &mut Adding<'_>) {
    let groups: Vec<&Kept<AzureResource>> = adding.world.azure_resources.iter().filter(|kept| is_scope(&kept.value.id)).collect();
    for kept in &groups {
        adding.at(&kept.origin);
        let tenant = adding.tenant_of(&kept.origin);
        let value = &kept.value;
        scope(adding, &value.id, &tenant);
        let parent = value.parent.clone().filter(|parent| parent.starts_with(MANAGEMENT_GROUP) && *parent != value.id);
        if let Some(parent) = &parent {
            scope(adding, parent, &tenant);
        }
        let name = value.name.clone();
        adding.builder.add(Tenant { name, labels: value.labels.clone(), parent, ..Tenant::new(&value.id, scope_kind(&value.id)) });
    }
    for kept in adding.world.azure_resources.iter().filter(|kept| !is_scope(&kept.value.id)) {
        adding.at(&kept.origin);
        resource(adding, kept);
    }
    let by_resource = adding.by_resource.clone();
    for (path, principal) in by_resource.iter().filter(|(path, _)| !path.contains("/userassignedidentities/")) {
        // What a system-assigned identity is of is told by the identity alone, where its resource was not read.
        let tenant = adding.principals.get(principal).map(|known| known.tenant.clone()).unwrap_or_default();
        bare(adding, path, &tenant);
        adding.relate(Relation::new(path, RelationKind::RunsAs, principal));
    }
}

fn resource(adding: &mut Adding<'_>, kept: &Kept<AzureResource>) {
    let value = &kept.value;
    let tenant = adding.tenant_of(&kept.origin);
    let within = containing_scope(&value.id);
    if let Some(within) = &within {
        scope(adding, within, &tenant);
    }
    let (kind, _) = kind_of(&value.kind);
    adding.builder.add(Resource {
        name: value.name.clone(),
        tenant: within.or(Some(tenant)),
        labels: value.labels.clone(),
        ..Resource::new(&value.id, kind)
    });
    for identity in &value.identities {
        // One that stands apart is told by its path.
        let principal = adding.by_resource.get(identity).cloned().unwrap_or_else(|| identity.clone());
        adding.relate(Relation::new(&value.id, RelationKind::RunsAs, principal));
    }
}

/// Adds a resource of which only the path is known.
pub(super) fn bare(adding: &mut Adding<'_>, path: &str, tenant: &str) {
    if adding.builder.get(path).is_some() {
        return;
    }
    let within = containing_scope(path);
    if let Some(within) = &within {
        scope(adding, within, tenant);
    }
    let (kind, _) = kind_of(&type_of(path));
    adding.builder.add(Resource { name: Some(last_part(path).to_owned()), tenant: within, ..Resource::new(path, kind) });
}

/// Adds a management group, subscription or resource group, and what it stands in.
pub(super) fn scope(adding: &mut Adding<'_>, path: &str, tenant: &str) {
    if adding.builder.get(path).is_some() {
        return;
    }
    let parent = match containing_scope(path) {
        Some(parent) => {
            scope(adding, &parent, tenant);
            parent
        }
        None => {
            let told = adding.resources.get(path).and_then(|told| told.parent);
            match told.filter(|parent| parent.starts_with(MANAGEMENT_GROUP) && *parent != path) {
                Some(parent) => parent.to_owned(),
                None => tenant.to_owned(),
            }
        }
    };
    let name = adding.resources.get(path).and_then(|told| told.name).or(Some(last_part(path))).map(str::to_owned);
    adding.builder.add(Tenant { name, parent: Some(parent), ..Tenant::new(path, scope_kind(path)) });
}

fn scope_kind(path: &str) -> TenantKind {
    match path {
        _ if path.starts_with(MANAGEMENT_GROUP) => TenantKind::AzureManagementGroup,
        _ if path.contains("/resourcegroups/") => TenantKind::AzureResourceGroup,
        _ => TenantKind::AzureSubscription,
    }
}

/// Whether a path is a management group, subscription or resource group.
pub(super) fn is_scope(path: &str) -> bool {
    let parts = path.split('/').count();
    path.starts_with(MANAGEMENT_GROUP) && parts == 5
        || path.starts_with("/subscriptions/") && (parts == 3 || parts == 5 && path.contains("/resourcegroups/"))
}

/// The resource group or subscription that a path stands in, by the path itself.
pub(super) fn containing_scope(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["", "subscriptions", subscription, "resourcegroups", group, _, ..] => {
            Some(format!("/subscriptions/{subscription}/resourcegroups/{group}"))
        }
        ["", "subscriptions", subscription, _, ..] => Some(format!("/subscriptions/{subscription}")),
        _ => None,
    }
}

/// The resources by what they stand in and what acts on them.
pub(super) fn contents(adding: &Adding<'_>) -> BTreeMap<(String, Target), Vec<String>> {
    let mut contents: BTreeMap<(String, Target), Vec<String>> = BTreeMap::new();
    let told = adding.world.azure_resources.iter().map(|kept| kept.value.id.clone());
    let named = adding.by_resource.keys().cloned();
    for path in told.chain(named).filter(|path| !is_scope(path) && !path.contains("/userassignedidentities/")) {
        if let Some(within) = containing_scope(&path) {
            let (_, target) = kind_of(&type_of(&path));
            contents.entry((within, target)).or_default().push(path);
        }
    }
    contents.values_mut().for_each(|paths| {
        paths.sort_unstable();
        paths.dedup();
    });
    contents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell_what_they_stand_in() {
        let vault = "/subscriptions/1/resourcegroups/a/providers/microsoft.keyvault/vaults/b";
        assert_eq!(containing_scope(vault).as_deref(), Some("/subscriptions/1/resourcegroups/a"));
        assert_eq!(containing_scope("/subscriptions/1/resourcegroups/a").as_deref(), Some("/subscriptions/1"));
        assert_eq!(containing_scope("/subscriptions/1"), None);
        assert!(is_scope("/subscriptions/1") && is_scope("/subscriptions/1/resourcegroups/a") && !is_scope(vault));
        assert!(is_scope("/providers/microsoft.management/managementgroups/root"));
        assert_eq!(
            type_of("/subscriptions/1/resourcegroups/a/providers/microsoft.sql/servers/b/databases/c"),
            "microsoft.sql/servers/databases"
        );
        assert_eq!(type_of("/subscriptions/1"), "");
    }
}

//! Key vaults: who reads them by access policies, and the secrets that they store.

use super::add::Adding;
use super::azure_resources::bare;
use super::world::{Kept, VaultItem};
use crate::model::{Certainty, Relation, RelationKind, Resource, ResourceKind, Secret, SecretKind, Storage};
use std::collections::BTreeMap;

/// Adds them.
pub(super) fn add(adding: &mut Adding<'_>) {
    for kept in &adding.world.access_policies {
        adding.at(&kept.origin);
        let policy = &kept.value;
        let tenant = adding.tenant_of(&kept.origin);
        bare(adding, &policy.vault, &tenant);
        // Where roles decide, policies that are left give nothing; where the vault does not say what decides, perhaps.
        let certainty = match adding.resources.get(policy.vault.as_str()).and_then(|told| told.by_roles) {
            Some(true) => continue,
            Some(false) => Certainty::Proven,
            None => Certainty::Possible,
        };
        for (held, kind, permission) in [
            (policy.read, RelationKind::Reads, "access policy: secrets get"),
            (policy.write, RelationKind::Writes, "access policy: secrets set"),
        ] {
            if held {
                adding.relate(Relation::new(&policy.principal, kind, &policy.vault).permission(permission).certainty(certainty));
            }
        }
    }
    let addresses = addresses(adding);
    for kept in &adding.world.vault_items {
        adding.at(&kept.origin);
        item(adding, kept, &addresses);
    }
}

/// The vaults by their addresses: as they say, and as their names make them.
fn addresses(adding: &Adding<'_>) -> BTreeMap<String, String> {
    let mut addresses = BTreeMap::new();
    for kept in adding.world.azure_resources.iter().filter(|kept| kept.value.kind == "microsoft.keyvault/vaults") {
        let name = super::take_azure::last_part(&kept.value.id);
        addresses.insert(format!("https://{name}.vault.azure.net"), kept.value.id.clone());
        if let Some(address) = &kept.value.address {
            addresses.insert(address.clone(), kept.value.id.clone());
        }
    }
    addresses
}

fn item(adding: &mut Adding<'_>, kept: &Kept<VaultItem>, addresses: &BTreeMap<String, String>) {
    let item = &kept.value;
    let mut parts = item.id.splitn(5, '/');
    let address = format!("{}//{}", parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    let collection = parts.next().unwrap_or_default();
    let vault = match addresses.get(&address) {
        Some(path) => path.clone(),
        None => {
            let tenant = adding.tenant_of(&kept.origin);
            let name = address.trim_start_matches("https://").split('.').next().map(str::to_owned);
            adding.builder.add(Resource { name, tenant: Some(tenant), ..Resource::new(&address, ResourceKind::Vault) });
            address
        }
    };
    let tenant = adding.builder.get(&vault).and_then(|vault| vault.container().map(str::to_owned));
    let name = item.id.split('/').nth(4).map(str::to_owned);
    if collection == "keys" {
        // Its key never leaves the vault: it is used in place.
        adding.builder.add(Resource {
            name,
            tenant,
            labels: item.labels.clone(),
            ..Resource::new(&item.id, ResourceKind::KeyManagementKey)
        });
        return;
    }
    let kind = if collection == "certificates" { SecretKind::Certificate } else { SecretKind::Generic };
    adding.builder.add(Secret {
        name,
        tenant,
        labels: item.labels.clone(),
        created_at: item.created_at,
        expires_at: item.expires_at,
        revoked: item.enabled.map(|enabled| !enabled),
        storage: Some(Storage::SecretManager),
        ..Secret::new(&item.id, kind)
    });
    adding.relate(Relation::new(vault, RelationKind::Stores, &item.id));
}

//! [`Engines`]: the mounts of secrets engines, and which of them are key-value stores.

use super::names::Home;
use super::world::{Key, World};
use crate::model::ResourceKind;
use std::collections::{BTreeMap, BTreeSet};

/// The mounts of secrets engines: those that are told, and the first segments of the paths that were used.
#[derive(Debug, Default)]
pub(super) struct Engines {
    pub kinds: BTreeMap<Key, ResourceKind>,
    stores: BTreeSet<Key>,
}

/// What operations of engines other than key-value stores are called, behind the mount; whether they use a key in place.
const OPERATIONS: [(&str, bool); 17] = [
    ("encrypt", true),
    ("decrypt", true),
    ("rewrap", true),
    ("datakey", true),
    ("hmac", true),
    ("verify", true),
    ("issue", true),
    ("sign", true),
    ("root", true),
    ("intermediate", true),
    ("crl", true),
    ("ca", true),
    ("creds", false),
    ("static-creds", false),
    ("code", false),
    ("roles", false),
    ("config", false),
];

impl Engines {
    /// The engines of what was read.
    pub fn of(world: &World) -> Engines {
        let mut engines = Engines::default();
        for (key, mount) in world.mounts.iter().filter(|(_, mount)| !mount.is_auth) {
            let kind = match mount.engine.as_deref() {
                Some("transit" | "pki" | "ssh" | "kmip" | "gcpkms" | "keymgmt") => ResourceKind::KeyManagementKey,
                Some("system" | "identity" | "cubbyhole" | "token") => continue,
                _ => ResourceKind::Vault,
            };
            engines.kinds.insert(key.clone(), kind);
            // Until an operation tells otherwise.
            if matches!(mount.engine.as_deref(), None | Some("kv" | "generic")) {
                engines.stores.insert(key.clone());
            }
        }
        for (home, path) in world.secrets.keys() {
            let mount = engines.mount_of(home, path).unwrap_or_else(|| path.split('/').next().unwrap_or(path)).to_owned();
            let operation = path[mount.len()..].trim_start_matches('/').split('/').next().unwrap_or_default();
            let found = OPERATIONS.iter().find(|(name, _)| *name == operation).map(|(_, key)| *key);
            let key = (home.clone(), mount);
            if world.mounts.get(&key).is_some_and(|mount| mount.engine.is_some()) {
                continue;
            }
            if !engines.kinds.contains_key(&key) {
                engines.kinds.insert(key.clone(), ResourceKind::Vault);
                engines.stores.insert(key.clone());
            }
            if found.is_some() {
                engines.stores.remove(&key);
            }
            if found == Some(true) {
                engines.kinds.insert(key, ResourceKind::KeyManagementKey);
            }
        }
        engines
    }

    /// The longest known mount that a path stands under.
    pub fn mount_of<'p>(&self, home: &Home, path: &'p str) -> Option<&'p str> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]).collect::<Vec<_>>();
        ends.into_iter().rev().map(|end| &path[..end]).find(|mount| self.kinds.contains_key(&(home.clone(), (*mount).to_owned())))
    }

    /// Whether a path is one of a key-value store.
    pub fn is_key_value(&self, home: &Home, path: &str) -> bool {
        let Some(mount) = self.mount_of(home, path) else { return false };
        let rest = path[mount.len()..].trim_start_matches('/');
        self.stores.contains(&(home.clone(), mount.to_owned())) && !rest.is_empty() && !rest.starts_with("metadata/")
    }

    /// The mounts of a home.
    pub fn of_home<'e>(&'e self, home: &'e Home) -> impl Iterator<Item = &'e str> {
        self.kinds.range((home.clone(), String::new())..).take_while(move |((at, _), _)| at == home).map(|((_, path), _)| path.as_str())
    }
}

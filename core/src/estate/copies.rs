//! [`SecretCopies`]: which records of secrets are one secret.

use super::{EntityIndex, Estate};
use std::collections::HashMap;

/// The groups of secrets with one fingerprint.
#[derive(Debug, Default)]
pub(crate) struct SecretCopies {
    groups: Vec<Vec<EntityIndex>>,
    places: HashMap<EntityIndex, u32>,
}

impl SecretCopies {
    /// The groups of more than one among the secrets that are wanted, in order. Costs one pass over the entities.
    pub fn of(estate: &Estate, wanted: impl Fn(EntityIndex) -> bool) -> SecretCopies {
        if estate.data.entities.no_fingerprints() {
            return SecretCopies::default();
        }
        let mut by_fingerprint: HashMap<&str, Vec<EntityIndex>> = HashMap::new();
        for index in estate.indices().filter(|index| wanted(*index)) {
            let fingerprint = estate.entity(index).as_secret().and_then(|secret| secret.fingerprint);
            if let Some(fingerprint) = fingerprint.filter(|fingerprint| !fingerprint.is_empty()) {
                by_fingerprint.entry(fingerprint).or_default().push(index);
            }
        }
        let mut groups: Vec<_> = by_fingerprint.into_values().filter(|secrets| secrets.len() > 1).collect();
        groups.sort_unstable();
        let places = groups.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |secret| (*secret, at as u32))).collect();
        SecretCopies { groups, places }
    }

    /// Every group, each in order.
    pub fn into_groups(self) -> Vec<Vec<EntityIndex>> {
        self.groups
    }

    /// The records of the secret that one record is of, itself included; none where it has no copy.
    pub fn of_secret(&self, secret: EntityIndex) -> &[EntityIndex] {
        self.places.get(&secret).map_or(&[], |at| &self.groups[*at as usize])
    }

    /// The first record of the secret that one record is of.
    pub fn first(&self, secret: EntityIndex) -> EntityIndex {
        self.of_secret(secret).first().copied().unwrap_or(secret)
    }
}

//! [`Entities`] as bytes, for the snapshot.

use super::Entities;
use super::columns::{Flags, NONE};
use crate::estate::columns::{Fixed, Lists, Sink, Sparse, Stored, Stream};
use crate::model::{Controls, EntityType, Exposure, IdentityKind, ResourceKind, SecretKind, TenantKind};

/// What few tenants and secrets have, and by row: as JSON.
type Rare = (Vec<(usize, Controls)>, Vec<(usize, Vec<Exposure>)>);

impl Stored for Entities {
    fn store(&self, out: &mut Sink<'_>) {
        self.ids.store(out);
        self.types.store(out);
        self.kinds.store(out);
        self.environments.store(out);
        self.containers.store(out);
        self.flags.store(out);
        self.texts.store(out);
        self.names.store(out);
        self.owners.store(out);
        self.labels.store(out);
        self.created_at.store(out);
        self.expires_at.store(out);
        self.last_used_at.store(out);
        self.rotated_at.store(out);
        self.authentication.store(out);
        self.vendors.store(out);
        self.fingerprints.store(out);
        self.storage.store(out);
        self.data.store(out);
        let controls = self.controls.iter().map(|(row, controls)| (row, *controls)).collect();
        let exposures = self.exposures.iter().map(|(row, exposures)| (row, exposures.to_vec())).collect();
        let rare: Rare = (controls, exposures);
        // Plain data of texts and numbers always has a JSON form.
        serde_json::to_vec(&rare).unwrap_or_default().store(out);
    }

    fn load(stream: &mut Stream<'_>) -> Option<Self> {
        let mut entities = Entities {
            ids: Stored::load(stream)?,
            types: Stored::load(stream)?,
            kinds: Stored::load(stream)?,
            environments: Stored::load(stream)?,
            containers: Stored::load(stream)?,
            flags: Stored::load(stream)?,
            texts: Stored::load(stream)?,
            names: Stored::load(stream)?,
            owners: Stored::load(stream)?,
            labels: Stored::load(stream)?,
            created_at: Stored::load(stream)?,
            expires_at: Stored::load(stream)?,
            last_used_at: Stored::load(stream)?,
            rotated_at: Stored::load(stream)?,
            authentication: Stored::load(stream)?,
            vendors: Stored::load(stream)?,
            fingerprints: Stored::load(stream)?,
            storage: Stored::load(stream)?,
            data: Stored::load(stream)?,
            controls: Sparse::default(),
            exposures: Lists::default(),
        };
        let rare: Vec<u8> = Vec::load(stream)?;
        let (controls, exposures): Rare = serde_json::from_slice(&rare).ok()?;
        let ascending =
            controls.is_sorted_by(|(one, _), (other, _)| one < other) && exposures.is_sorted_by(|(one, _), (other, _)| one < other);
        if !ascending || !entities.agree() {
            return None;
        }
        controls.into_iter().for_each(|(row, controls)| entities.controls.push(row, controls));
        exposures.into_iter().for_each(|(row, exposures)| entities.exposures.push(row, exposures));
        Some(entities)
    }
}

impl Entities {
    /// Whether the columns are of one length and refer to what there is.
    fn agree(&self) -> bool {
        let (count, texts) = (self.len(), self.texts.len() as u32);
        let lengths = [self.ids.len(), self.kinds.len(), self.environments.len(), self.containers.len(), self.flags.len()];
        let known = |column: &Sparse<u32>| column.values().iter().all(|text| *text < texts);
        lengths == [count; 5]
            && self.types.iter().zip(&self.kinds).all(|(entity_type, kind)| usize::from(*kind) < kinds(*entity_type))
            && self.containers.iter().all(|container| *container == NONE || (*container as usize) < count)
            && [&self.names, &self.owners, &self.vendors, &self.fingerprints].into_iter().all(known)
            && self.labels.values().iter().all(|(key, value)| *key < texts && *value < texts)
    }
}

/// How many kinds there are of a type.
fn kinds(entity_type: EntityType) -> usize {
    match entity_type {
        EntityType::Tenant => TenantKind::ALL.len(),
        EntityType::Identity => IdentityKind::ALL.len(),
        EntityType::Secret => SecretKind::ALL.len(),
        EntityType::Resource => ResourceKind::ALL.len(),
        EntityType::Unknown => 1,
    }
}

impl Fixed for Flags {
    const SIZE: usize = 1;

    fn put(self, out: &mut Vec<u8>) {
        out.push(self.0);
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        bytes.first().map(|bits| Flags(*bits))
    }
}

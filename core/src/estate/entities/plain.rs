//! [`Plain`]: an entity while the estate is being built, of which no more is known than most inputs say.

use super::columns::{Flags, NONE};
use crate::estate::columns::UniqueTexts;
use crate::model::{
    Entity, EntityType, Environment, Identity, IdentityKind, Resource, ResourceKind, Secret, SecretKind, Tenant, TenantKind,
};

/// What is known of a plain entity, besides its id, in 16 bytes: texts are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estate) struct Plain {
    pub(super) entity_type: EntityType,
    /// The place of the kind in the list of its type's kinds.
    pub(super) kind: u8,
    pub(super) environment: Option<Environment>,
    pub(super) flags: Flags,
    container: u32,
    name: u32,
    owner: u32,
}

impl Plain {
    /// An entity of this type and kind, with the numbers of its tenant or parent, its name and its owner.
    pub fn new(entity_type: EntityType, kind: u8, environment: Option<Environment>, flags: Flags, numbers: [Option<u32>; 3]) -> Plain {
        let [container, name, owner] = numbers.map(|number| number.unwrap_or(NONE));
        Plain { entity_type, kind, environment, flags, container, name, owner }
    }

    pub fn entity_type(&self) -> EntityType {
        self.entity_type
    }

    /// The number of what it names as its tenant or parent.
    pub fn container(&self) -> Option<u32> {
        known(self.container)
    }

    /// The number of its name.
    pub fn name(&self) -> Option<u32> {
        known(self.name)
    }

    /// The number of its owner.
    pub fn owner(&self) -> Option<u32> {
        known(self.owner)
    }

    /// Gives every number its new one.
    pub fn renumber(&mut self, ids: &[u32], texts: &[u32]) {
        let new = |number: u32, numbers: &[u32]| known(number).map_or(NONE, |number| numbers[number as usize]);
        self.container = new(self.container, ids);
        self.name = new(self.name, texts);
        self.owner = new(self.owner, texts);
    }

    /// The same as plain data.
    pub fn to_entity(self, id: u32, ids: &UniqueTexts, texts: &UniqueTexts) -> Entity {
        let text = |number: Option<u32>, of: &UniqueTexts| number.map(|number| of.get(number).to_owned());
        let (id, kind, environment, flags) = (ids.get(id), self.kind as usize, self.environment, self.flags);
        let (container, name, owner) = (text(self.container(), ids), text(self.name(), texts), text(self.owner(), texts));
        match self.entity_type {
            EntityType::Tenant => Tenant { name, environment, parent: container, owner, ..Tenant::new(id, TenantKind::ALL[kind]) }.into(),
            EntityType::Identity => {
                let enabled = flags.first();
                Identity { name, environment, tenant: container, owner, enabled, ..Identity::new(id, IdentityKind::ALL[kind]) }.into()
            }
            EntityType::Secret => {
                let (revoked, dynamic) = (flags.first(), flags.second());
                Secret { name, environment, tenant: container, owner, revoked, dynamic, ..Secret::new(id, SecretKind::ALL[kind]) }.into()
            }
            EntityType::Resource => {
                let critical = flags.first();
                Resource { name, environment, tenant: container, owner, critical, ..Resource::new(id, ResourceKind::ALL[kind]) }.into()
            }
            EntityType::Unknown => Entity::Unknown(id.to_owned()),
        }
    }
}

fn known(number: u32) -> Option<u32> {
    (number != NONE).then_some(number)
}

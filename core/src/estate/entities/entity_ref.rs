//! [`EntityRef`], the view of an entity of an estate, and [`EntityView`], the same with its fields.

use super::{Entities, IdentityRef, LabelsRef, ResourceRef, SecretRef, TenantRef};
use crate::estate::EntityIndex;
use crate::model::{Entity, EntityType, Environment, Instant};
use std::fmt;

/// A view of an entity of an estate: two words, to be passed by value.
#[derive(Clone, Copy)]
pub struct EntityRef<'a> {
    entities: &'a Entities,
    index: EntityIndex,
}

/// What an entity is, with its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityView<'a> {
    /// A tenant.
    Tenant(TenantRef<'a>),
    /// An identity.
    Identity(IdentityRef<'a>),
    /// A secret.
    Secret(SecretRef<'a>),
    /// A resource.
    Resource(ResourceRef<'a>),
    /// The id of something that nobody described.
    Unknown(&'a str),
}

impl<'a> EntityRef<'a> {
    #[inline]
    pub(in crate::estate) fn new(entities: &'a Entities, index: EntityIndex) -> Self {
        EntityRef { entities, index }
    }

    /// Its index in the estate.
    #[inline]
    pub fn index(self) -> EntityIndex {
        self.index
    }

    /// The id, unique across the estate.
    #[inline]
    pub fn id(self) -> &'a str {
        self.entities.ids.get(self.index.0)
    }

    /// What people call it; the id where the input gives no name.
    pub fn name(self) -> &'a str {
        self.entities.name(self.row()).unwrap_or_else(|| self.id())
    }

    /// Which of the four things it is.
    #[inline]
    pub fn entity_type(self) -> EntityType {
        self.entities.types[self.row()]
    }

    /// The word of its kind, for example `service_account`; `unknown` for a placeholder.
    pub fn kind(self) -> &'static str {
        self.entities.kind(self.row())
    }

    /// The id of the tenant it says it belongs to; for a tenant its parent. See [`crate::Estate::container`] for what counts.
    pub fn container(self) -> Option<&'a str> {
        self.entities.named_container(self.row()).map(|container| self.entities.ids.get(container.0))
    }

    /// The declared environment, where there is one.
    pub fn declared_environment(self) -> Option<Environment> {
        self.entities.environment(self.row())
    }

    /// Who answers for it.
    pub fn owner(self) -> Option<&'a str> {
        self.entities.owner(self.row())
    }

    /// Its labels; `None` for a placeholder.
    pub fn labels(self) -> Option<LabelsRef<'a>> {
        (self.entity_type() != EntityType::Unknown).then(|| self.labels_ref())
    }

    /// Whether it can act or be used at an instant: a disabled or expired identity and an expired or revoked secret cannot; everything else
    /// lives, an expired tenant above all.
    #[inline]
    pub fn lives_at(self, as_of: Instant) -> bool {
        let row = self.row();
        let ends = match self.entity_type() {
            EntityType::Identity => self.entities.enabled(row) == Some(false),
            EntityType::Secret => self.entities.revoked(row) == Some(true),
            EntityType::Tenant | EntityType::Resource | EntityType::Unknown => return true,
        };
        !ends && self.entities.expires_at(row).is_none_or(|end| as_of < end)
    }

    /// The tenant, if it is one.
    #[inline]
    pub fn as_tenant(self) -> Option<TenantRef<'a>> {
        (self.entity_type() == EntityType::Tenant).then(|| TenantRef::new(self, self.entities, self.row()))
    }

    /// The identity, if it is one.
    #[inline]
    pub fn as_identity(self) -> Option<IdentityRef<'a>> {
        (self.entity_type() == EntityType::Identity).then(|| IdentityRef::new(self, self.entities, self.row()))
    }

    /// The secret, if it is one.
    #[inline]
    pub fn as_secret(self) -> Option<SecretRef<'a>> {
        (self.entity_type() == EntityType::Secret).then(|| SecretRef::new(self, self.entities, self.row()))
    }

    /// The resource, if it is one.
    #[inline]
    pub fn as_resource(self) -> Option<ResourceRef<'a>> {
        (self.entity_type() == EntityType::Resource).then(|| ResourceRef::new(self, self.entities, self.row()))
    }

    /// What it is, with its fields.
    pub fn view(self) -> EntityView<'a> {
        let (entities, row) = (self.entities, self.row());
        match self.entity_type() {
            EntityType::Tenant => EntityView::Tenant(TenantRef::new(self, entities, row)),
            EntityType::Identity => EntityView::Identity(IdentityRef::new(self, entities, row)),
            EntityType::Secret => EntityView::Secret(SecretRef::new(self, entities, row)),
            EntityType::Resource => EntityView::Resource(ResourceRef::new(self, entities, row)),
            EntityType::Unknown => EntityView::Unknown(self.id()),
        }
    }

    /// The entity as plain data.
    pub fn to_entity(self) -> Entity {
        match self.view() {
            EntityView::Tenant(it) => it.to_tenant().into(),
            EntityView::Identity(it) => it.to_identity().into(),
            EntityView::Secret(it) => it.to_secret().into(),
            EntityView::Resource(it) => it.to_resource().into(),
            EntityView::Unknown(id) => Entity::Unknown(id.to_owned()),
        }
    }

    pub(super) fn labels_ref(self) -> LabelsRef<'a> {
        LabelsRef::new(self.entities, self.entities.label_pairs(self.row()))
    }

    #[inline]
    fn row(self) -> usize {
        self.index.position()
    }
}

/// Two entities are equal that say the same, wherever they stand.
impl PartialEq for EntityRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.view() == other.view()
    }
}

impl Eq for EntityRef<'_> {}

impl fmt::Debug for EntityRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

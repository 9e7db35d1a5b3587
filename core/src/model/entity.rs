//! [`Entity`]: a tenant, identity, secret or resource, or the placeholder of one that nobody described.

use super::words::words;
use super::{Environment, Identity, Instant, Labels, Resource, Secret, Tenant};

words! {
    /// The four things an estate is made of, and the placeholder of one that was only named.
    EntityType {
        /// An identity boundary.
        Tenant => "tenant",
        /// Who acts.
        Identity => "identity",
        /// What proves it.
        Secret => "secret",
        /// What is acted on.
        Resource => "resource",
        /// Named by a relation or as a tenant, described by nobody.
        Unknown => "unknown",
    }
}

/// Anything a relation may join. Boxed, so that an estate's list of them stays dense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entity {
    /// A tenant.
    Tenant(Box<Tenant>),
    /// An identity.
    Identity(Box<Identity>),
    /// A secret.
    Secret(Box<Secret>),
    /// A resource.
    Resource(Box<Resource>),
    /// The id of something that nobody described.
    Unknown(String),
}

macro_rules! each {
    ($self:expr, $it:ident => $answer:expr, $unknown:ident => $otherwise:expr) => {
        match $self {
            Entity::Tenant($it) => $answer,
            Entity::Identity($it) => $answer,
            Entity::Secret($it) => $answer,
            Entity::Resource($it) => $answer,
            Entity::Unknown($unknown) => $otherwise,
        }
    };
}

impl Entity {
    /// The label of what stands for something that a planned change does not know before it is applied, `true`: whom a grant names, or what it is over.
    pub const KNOWN_AFTER_APPLY: &'static str = "known_after_apply";

    /// The id, unique across the estate.
    pub fn id(&self) -> &str {
        each!(self, it => &it.id, id => id)
    }

    /// What people call it; the id where the input gives no name.
    pub fn name(&self) -> &str {
        each!(self, it => it.name.as_deref().unwrap_or(&it.id), id => id)
    }

    /// Which of the four things it is.
    pub fn entity_type(&self) -> EntityType {
        match self {
            Entity::Tenant(_) => EntityType::Tenant,
            Entity::Identity(_) => EntityType::Identity,
            Entity::Secret(_) => EntityType::Secret,
            Entity::Resource(_) => EntityType::Resource,
            Entity::Unknown(_) => EntityType::Unknown,
        }
    }

    /// The word of its kind, for example `service_account`; `unknown` for a placeholder.
    pub fn kind(&self) -> &'static str {
        match self {
            Entity::Tenant(tenant) => tenant.kind.as_str(),
            Entity::Identity(identity) => identity.kind.as_str(),
            Entity::Secret(secret) => secret.kind.as_str(),
            Entity::Resource(resource) => resource.kind.as_str(),
            Entity::Unknown(_) => "unknown",
        }
    }

    /// The id of the tenant it belongs to; for a tenant its parent.
    pub fn container(&self) -> Option<&str> {
        match self {
            Entity::Tenant(tenant) => tenant.parent.as_deref(),
            Entity::Identity(identity) => identity.tenant.as_deref(),
            Entity::Secret(secret) => secret.tenant.as_deref(),
            Entity::Resource(resource) => resource.tenant.as_deref(),
            Entity::Unknown(_) => None,
        }
    }

    /// Says what tenant it belongs to; for a tenant its parent.
    pub(crate) fn set_container(&mut self, container: Option<String>) {
        match self {
            Entity::Tenant(tenant) => tenant.parent = container,
            Entity::Identity(identity) => identity.tenant = container,
            Entity::Secret(secret) => secret.tenant = container,
            Entity::Resource(resource) => resource.tenant = container,
            Entity::Unknown(_) => {}
        }
    }

    /// The declared environment, where there is one.
    pub fn declared_environment(&self) -> Option<Environment> {
        each!(self, it => it.environment, _id => None)
    }

    /// Who answers for it.
    pub fn owner(&self) -> Option<&str> {
        each!(self, it => it.owner.as_deref(), _id => None)
    }

    /// Its labels.
    pub fn labels(&self) -> Option<&Labels> {
        each!(self, it => Some(&it.labels), _id => None)
    }

    /// Its labels, to be changed.
    pub(crate) fn labels_mut(&mut self) -> Option<&mut Labels> {
        each!(self, it => Some(&mut it.labels), _id => None)
    }

    /// Whether it can act or be used at an instant: a disabled or expired identity and an expired or revoked secret cannot; everything else
    /// lives, an expired tenant above all.
    pub fn lives_at(&self, as_of: Instant) -> bool {
        match self {
            Entity::Identity(identity) => identity.enabled != Some(false) && identity.expires_at.is_none_or(|end| as_of < end),
            Entity::Secret(secret) => secret.revoked != Some(true) && secret.expires_at.is_none_or(|end| as_of < end),
            Entity::Tenant(_) | Entity::Resource(_) | Entity::Unknown(_) => true,
        }
    }

    /// The tenant, if it is one.
    pub fn as_tenant(&self) -> Option<&Tenant> {
        if let Entity::Tenant(tenant) = self { Some(tenant) } else { None }
    }

    /// The identity, if it is one.
    pub fn as_identity(&self) -> Option<&Identity> {
        if let Entity::Identity(identity) = self { Some(identity) } else { None }
    }

    /// The secret, if it is one.
    pub fn as_secret(&self) -> Option<&Secret> {
        if let Entity::Secret(secret) = self { Some(secret) } else { None }
    }

    /// The resource, if it is one.
    pub fn as_resource(&self) -> Option<&Resource> {
        if let Entity::Resource(resource) = self { Some(resource) } else { None }
    }
}

macro_rules! from {
    ($($type:ident)*) => { $(
        impl From<$type> for Entity {
            fn from(it: $type) -> Entity {
                Entity::$type(Box::new(it))
            }
        }
    )* };
}
from!(Tenant Identity Secret Resource);

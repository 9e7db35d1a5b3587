//! The words of the estate as plain data: tenants, identities, secrets, resources, and the relations between them.

mod entity;
mod environment;
mod identity;
mod instant;
mod relation;
mod resource;
mod right;
mod secret;
mod tenant;
pub(crate) mod words;

pub use entity::{Entity, EntityType};
pub use environment::{Environment, EnvironmentClass, EnvironmentSource, ResolvedEnvironment};
pub use identity::{Authentication, Identity, IdentityKind};
pub use instant::Instant;
pub use relation::{End, Premise, RELATION_TABLE, Relation, RelationKind, RelationRow};
pub use resource::{DataKind, Resource, ResourceKind};
pub use right::{Certainty, Guard, GuardSet, Right};
pub use secret::{Exposure, Secret, SecretKind, Storage};
pub use tenant::{Controls, Tenant, TenantKind};

/// Labels of an entity, sorted by key.
pub type Labels = std::collections::BTreeMap<String, String>;

//! [`Entities`]: the entities of an estate as columns, and the views of one: [`EntityRef`] and, with its fields, [`TenantRef`], [`IdentityRef`],
//! [`SecretRef`] and [`ResourceRef`].

mod columns;
mod entity_ref;
mod identity_ref;
mod labels_ref;
mod list;
mod plain;
mod plain_secrets;
mod resource_ref;
mod secret_ref;
mod stored;
mod tenant_ref;

pub(super) use columns::{Described, Entities, Flags};
pub use entity_ref::{EntityRef, EntityView};
pub use identity_ref::IdentityRef;
pub use labels_ref::{LabelsIter, LabelsRef};
pub use list::{EntityIter, EntityList};
pub(super) use plain::Plain;
pub(crate) use plain_secrets::{PlainSecrets, UNDATED};
pub use resource_ref::ResourceRef;
pub use secret_ref::SecretRef;
pub use tenant_ref::TenantRef;

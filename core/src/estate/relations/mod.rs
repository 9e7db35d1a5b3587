//! [`Relations`]: the relations of an estate as columns, and [`RelationRef`], the view of one.

mod columns;
mod relation_ref;
mod row;
mod stored;

pub(super) use columns::Relations;
pub(crate) use columns::{RelationColumns, Rights};
pub use relation_ref::RelationRef;
pub(super) use row::{Permissions, Row};

//! [`Relations`]: the relations of an estate as columns, and [`RelationRef`], the view of one.

mod columns;
mod permissions;
mod relation_ref;
mod rights;
mod row;
mod stored;

pub(crate) use columns::RelationColumns;
pub(super) use columns::Relations;
pub(super) use permissions::Permissions;
pub use relation_ref::RelationRef;
pub(crate) use rights::Rights;
pub(super) use row::{Places, Row, Rows, rights};

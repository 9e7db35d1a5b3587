//! [`Graph`]: an estate compiled for traversal at one instant, and the rules of the graph.
//!
//! A **fact** is a pair of an entity and a right over it. The facts held are the least set that contains the start and is closed under: control of an
//! entity gives read and write of it (no hop); a relation that conducts gives its grant once what it requires, and all of `also`, is held (one hop);
//! reading a secret reads every other record of the same fingerprint (one hop); control of a container gives control of what is in it (one hop).
//! This folder is the only one that knows how that is computed.

mod alone;
mod arcs;
mod backward;
mod bits;
mod compile;
mod components;
pub(crate) mod dominators;
mod edges;
pub(crate) mod flow;
mod groups;
mod leading;
mod many;
mod members;
pub(crate) mod network;
mod nodes;
mod path;
#[cfg(feature = "petgraph")]
mod petgraph;
mod plan;
mod propagate;
mod removal;
mod residual;
mod rows;
mod search;
mod sources;
#[cfg(test)]
mod tests;
mod traverse;

pub use compile::{Graph, GraphOptions};
pub use groups::{GroupCount, GroupCounts, NO_GROUP};
pub use many::Lane;
pub(crate) use many::{marks, strongest};
pub(crate) use path::Crossing;
pub use path::Step;
pub use traverse::{Closure, HeldFact};

use crate::estate::EntityIndex;
use crate::model::Right;

/// A right over an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    /// The entity.
    pub entity: EntityIndex,
    /// The right over it.
    pub right: Right,
}

impl Fact {
    /// A right over an entity.
    pub const fn new(entity: EntityIndex, right: Right) -> Self {
        Fact { entity, right }
    }
}

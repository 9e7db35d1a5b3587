//! [`Tie`]: a relation of an estate with ids, as an answer shows it.

use super::{EntityIndex, Estate, RelationRef};
use crate::model::{Certainty, GuardSet, RelationKind, Right};
use serde::Serialize;

/// A relation of an estate, shown as evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Tie {
    /// The id of FROM.
    pub from: String,
    /// The kind.
    pub kind: RelationKind,
    /// The id of TO.
    pub to: String,
    /// The right over TO; null where nobody mapped it.
    pub right: Option<Right>,
    /// The provider's own name of the right; null where there is none.
    pub permission: Option<String>,
    /// The conditions that stop a holder.
    pub guards: GuardSet,
    /// How sure it is.
    pub certainty: Certainty,
}

impl Tie {
    /// A relation with the ids of its estate.
    pub fn of(estate: &Estate, relation: RelationRef<'_>) -> Tie {
        let id = |entity: EntityIndex| estate.entity(entity).id().to_owned();
        Tie {
            from: id(relation.from()),
            kind: relation.kind(),
            to: id(relation.to()),
            right: relation.grants(),
            permission: relation.permission().map(str::to_owned),
            guards: relation.guards(),
            certainty: relation.certainty(),
        }
    }
}

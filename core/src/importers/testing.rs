//! What the tests of several readers look at.

use crate::Estate;
use crate::estate::RelationRef;
use crate::model::Certainty;

/// The relations of an estate as `from kind to`, with a question mark behind the kind of one that is only possible.
pub(super) fn relations(estate: &Estate) -> Vec<String> {
    let text = |it: RelationRef<'_>| {
        let sure = if it.certainty() == Certainty::Possible { "?" } else { "" };
        format!("{} {}{sure} {}", estate.entity(it.from()).id(), it.kind(), estate.entity(it.to()).id())
    };
    estate.relations().map(text).collect()
}

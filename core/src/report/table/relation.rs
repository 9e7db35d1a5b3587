//! The columns of a relation that an answer shows as evidence.

use super::columns::Columns;
use crate::estate::Tie;

impl<'a, R> Columns<'a, R> {
    /// The ends, the kind, the right and the guards of a relation; nothing in a row that shows none.
    pub fn relation(self, of: impl Fn(&'a R) -> Option<&'a Tie> + Copy) -> Self {
        self.text("from", move |row| of(row).map(|tie| &tie.from))
            .text("kind", move |row| of(row).map(|tie| tie.kind.as_str()))
            .text("to", move |row| of(row).map(|tie| &tie.to))
            .text("right", move |row| of(row).and_then(|tie| tie.right).map(|right| right.as_str()))
            .text("permission", move |row| of(row).and_then(|tie| tie.permission.as_ref()))
            .texts("guards", move |row| of(row).into_iter().flat_map(|tie| tie.guards.iter()).map(|guard| guard.as_str()))
            .text("certainty", move |row| of(row).map(|tie| tie.certainty.as_str()))
    }
}

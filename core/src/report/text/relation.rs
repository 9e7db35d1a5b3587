//! A relation that an answer shows as evidence, in words.

use super::chain::name;
use crate::estate::{Estate, Tie};

/// What FROM may do, without FROM: `administers acme-prod (roles/owner)`.
pub(super) fn right(estate: &Estate, tie: &Tie) -> String {
    over(tie, name(estate, &tie.to))
}

/// The whole relation: `robot administers acme-prod (roles/owner)`.
pub(super) fn relation(estate: &Estate, tie: &Tie) -> String {
    format!("{} {}", name(estate, &tie.from), right(estate, tie))
}

/// A right over something, with the provider's own name of it where what it is over does not say it already.
pub(super) fn over(tie: &Tie, what: &str) -> String {
    let permission = tie.permission.as_ref().filter(|permission| !what.contains(permission.as_str()));
    format!("{} {what}{}", tie.kind, permission.map(|permission| format!(" ({permission})")).unwrap_or_default())
}

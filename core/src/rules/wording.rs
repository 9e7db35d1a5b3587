//! How messages say lists, numbers and rights.

use super::rule::Context;
use crate::estate::Tie;
use crate::model::{Certainty, RelationKind};

/// The first three of so many, and how many more there are.
pub(super) fn listed(mut items: Vec<String>, all: u64) -> String {
    items.truncate(3);
    let more = all.saturating_sub(items.len() as u64);
    let text = items.join(", ");
    if more > 0 { format!("{text} and {more} more") } else { text }
}

/// A number of things: `1 secret`, `2 secrets`.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A number of days.
pub(super) fn days(number: i64) -> String {
    counted(number.unsigned_abs(), "day", "days")
}

/// A right that somebody holds: by which name, over what, and whether that is only possible.
pub(super) fn granted(context: &Context<'_>, relation: &Tie) -> String {
    let over = context.name_of(&relation.to);
    let sure = if relation.certainty == Certainty::Possible { " (possible)" } else { "" };
    match relation.kind {
        RelationKind::MemberOf => format!("membership of {over}{sure}"),
        kind => format!("`{}` over {over}{sure}", relation.permission.as_deref().unwrap_or(kind.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_says_how_much_it_leaves_out() {
        let items = |number: usize| (0..number).map(|at| at.to_string()).collect();
        assert_eq!(listed(items(3), 3), "0, 1, 2");
        assert_eq!(listed(items(5), 40), "0, 1, 2 and 37 more");
        assert_eq!((days(1), counted(0, "secret", "secrets")), ("1 day".into(), "0 secrets".into()));
    }
}

//! [`explain`]: the page of one rule.

use super::to_json;
use crate::error::{Error, ErrorCode, Result};
use crate::report::markdown;
use crate::report::text::{self, TextOptions};
use crate::rules::{RULES, Rule, StandardItem};
use serde::Serialize;

/// The page of one rule: what it finds, why that matters, how to mend it, an example, why it is as severe as it is, and what it answers to.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The rule.
    #[serde(flatten)]
    pub rule: &'static Rule,
    /// The items of the standards, with their titles.
    pub items: Vec<StandardItem>,
}

/// The page of the rule of an id.
///
/// ```
/// let page = tenantgraph::door::explain("rotation-overdue")?;
/// assert!(page.to_markdown().starts_with("# Secret not rotated in time\n"));
/// assert!(tenantgraph::door::explain("rotation-overdu").is_err_and(|error| error.message().contains("`rotation-overdue`")));
/// # Ok::<(), tenantgraph::Error>(())
/// ```
///
/// # Errors
/// [`ErrorCode::InvalidOption`] where there is no such rule, with the nearest ids, or with all of them.
pub fn explain(rule: &str) -> Result<Explanation> {
    let found = RULES.iter().copied().find(|known| known.id == rule);
    let rule = found.ok_or_else(|| {
        let near = nearest(rule);
        let (what, ids) =
            if near.is_empty() { ("the rules are", RULES.iter().map(|rule| rule.id).collect()) } else { ("the nearest are", near) };
        let ids: Vec<_> = ids.into_iter().map(|id: &str| format!("`{id}`")).collect();
        Error::new(ErrorCode::InvalidOption, format!("no rule of this name; {what} {}", ids.join(", ")))
    })?;
    Ok(Explanation { rule, items: rule.standards.items() })
}

impl Explanation {
    /// The page as JSON: that of the rule in the list of rules, and the titles.
    ///
    /// # Errors
    /// As [`to_json`].
    pub fn to_json(&self) -> Result<String> {
        to_json(self)
    }

    /// The page as Markdown.
    pub fn to_markdown(&self) -> String {
        markdown::rule(self.rule)
    }

    /// The page for a terminal.
    pub fn to_text(&self, options: &TextOptions) -> String {
        text::rule(self.rule, options)
    }
}

/// How many names are near at most.
const NEAREST: usize = 3;
/// A name longer than this is near none, and not worth the comparison.
const LONGEST: usize = 64;

/// The ids that a mistyped one may mean: those a few letters away, then those that contain it.
fn nearest(given: &str) -> Vec<&'static str> {
    if given.len() > LONGEST {
        return Vec::new();
    }
    let given = given.trim().to_ascii_lowercase().replace(['_', ' '], "-");
    let away = |id: &str| match strsim::damerau_levenshtein(&given, id) {
        letters if letters <= 1 + given.chars().count() / 4 => Some(letters),
        _ if given.len() > 3 && id.contains(&given) => Some(LONGEST),
        _ => None,
    };
    let mut near: Vec<_> = RULES.iter().filter_map(|rule| Some((away(rule.id)?, rule.id))).collect();
    near.sort_unstable();
    near.into_iter().take(NEAREST).map(|(_, id)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page_in_every_format() {
        for rule in RULES {
            let page = explain(rule.id).expect("a rule of ours");
            let (text, markdown) = (page.to_text(&TextOptions::default()), page.to_markdown());
            let value: serde_json::Value = serde_json::from_str(&page.to_json().expect("JSON")).expect("JSON");
            assert_eq!(value["id"], rule.id);
            assert_eq!(value["items"].as_array().map(Vec::len), Some(rule.standards.ids().len()));
            for part in [rule.id, rule.title, rule.severity.as_str()] {
                assert!(text.contains(part) && markdown.contains(part), "{}: {part}", rule.id);
            }
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            for part in [rule.why, rule.remedy, rule.example, rule.severity_reason] {
                assert!(words(&text).contains(&words(part)), "{}: {part} is not in\n{text}", rule.id);
            }
            for item in &page.items {
                assert!(!item.title.is_empty() && markdown.contains(item.id), "{}: {}", rule.id, item.id);
            }
        }
    }

    #[test]
    fn a_mistyped_rule_is_told_what_it_may_mean() {
        let message = |rule: &str| explain(rule).expect_err("no such rule").message().to_owned();
        assert_eq!(message("Rotation_Overdu"), "no rule of this name; the nearest are `rotation-overdue`");
        assert!(message("never-expires").contains("`secret-never-expires`"));
        assert!(message("").starts_with("no rule of this name; the rules are `cross-environment-path`, "));
        assert!(message(&"x".repeat(1 << 20)).len() < 2_000);
    }
}

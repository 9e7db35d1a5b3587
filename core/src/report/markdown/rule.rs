//! The page of one rule.

use super::Page;
use super::escape::{code, sentence, text};
use crate::rules::Rule;

/// The page of a rule: what it finds, why that matters, how to mend it, an example, its severity and what it answers to.
pub fn rule(rule: &Rule) -> String {
    let mut page = Page::default();
    page.line(format!("# {}", text(rule.title)));
    page.block(format!("{}, {}", code(rule.id), rule.severity));
    let parts = [("Why it matters", rule.why), ("How to fix it", rule.remedy), ("Example", rule.example)];
    for (heading, words) in parts {
        page.block(format!("## {heading}"));
        page.block(sentence(words));
    }
    page.block("## Severity");
    page.block(format!("{}.", sentence(&rule.severity_sentence())));
    page.block("## Standards");
    let items = rule.standards.items();
    page.table(["Standard", "Item", "Title"], items.into_iter().map(|item| [text(item.standard), text(item.id), text(&item.title)]));
    page.text
}

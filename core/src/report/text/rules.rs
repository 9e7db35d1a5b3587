//! The list of rules as text.

use super::TextOptions;
use super::lines::{Lines, Style};
use crate::rules::Rule;

/// The rules, for a terminal: what each looks for, why, what to do, and what it answers to.
pub fn rules(rules: &[&Rule], options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    for rule in rules {
        lines.heading(&format!("{} ({})", rule.id, rule.severity));
        lines.add(2, rule.title);
        for (label, text) in [("  why", rule.why), ("  fix", rule.remedy)] {
            lines.labelled(label, Some(Style::Quiet), 7, text);
        }
        for item in rule.standards.items() {
            lines.add(7, format!("{}: {}", item.id, item.title));
        }
    }
    lines.into_text()
}

/// The page of one rule, for a terminal: what `rules` says of it, and an example, why it is as severe as it is, and the names of the standards.
pub fn rule(rule: &Rule, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.heading(&format!("{} ({})", rule.id, rule.severity));
    lines.add(0, rule.title);
    let severity = rule.severity_sentence();
    let parts = [("Why it matters", rule.why), ("How to fix it", rule.remedy), ("Example", rule.example), ("Severity", &severity)];
    for (heading, words) in parts {
        lines.heading(heading);
        lines.labelled("  ", None, 2, words);
    }
    lines.heading("Standards");
    for item in rule.standards.items() {
        lines.labelled("  ", None, 4, format!("{}: {} ({})", item.id, item.title, item.standard));
    }
    lines.into_text()
}

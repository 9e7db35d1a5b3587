//! The list of rules as text.

use super::TextOptions;
use super::lines::{Lines, Style};
use crate::rules::{Rule, Standards};

/// The rules, for a terminal: what each looks for, why, what to do, and what it answers to.
pub fn rules(rules: &[&Rule], options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    for rule in rules {
        lines.heading(&format!("{} ({})", rule.id, rule.severity));
        lines.add(2, rule.title);
        for (label, text) in [("  why", rule.why), ("  fix", rule.remedy)] {
            lines.labelled(label, Some(Style::Quiet), 7, text);
        }
        for id in rule.standards.ids() {
            let title = Standards::title(id).unwrap_or("named so in the Cybersecurity Framework 1.1");
            lines.add(7, format!("{id}: {title}"));
        }
    }
    lines.into_text()
}

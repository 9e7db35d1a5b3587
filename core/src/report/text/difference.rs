//! The answers of `what-if` and `diff` as text.

use super::TextOptions;
use super::chain::name;
use super::lines::{Lines, Style, counted};
use crate::analysis::{Crossing, Diff, Undecided, WhatIf};
use crate::estate::Estate;
use crate::model::{Certainty, EntityType, Instant};
use crate::rules::Finding;

/// The answer of `what-if`, for a terminal. `estate` is the one before the changes: what they add is shown by its id.
pub fn what_if(answer: &WhatIf<Finding>, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("What the changes would do, as of {as_of}"), Some(Style::Heading));
    let open = |it: &Undecided| match it.entity_type {
        EntityType::Identity => format!("whom a grant in production names: {}", it.entity),
        _ => format!("what a grant is over, or what it gives: {}", it.entity),
    };
    lines.list("Known only after it is applied, so not known to be safe", answer.undecided.iter().map(open));
    let crossings = [&answer.opened, &answer.closed].iter().all(|list| list.is_empty());
    let findings = [&answer.findings_added, &answer.findings_resolved].iter().all(|list| list.is_empty());
    if crossings && findings {
        lines.plain("no crossing and no finding would come or go", None);
    }
    crossings_and_findings(&mut lines, estate, (&answer.opened, &answer.closed), (&answer.findings_added, &answer.findings_resolved));
    lines.into_text()
}

/// The answer of `diff`, for a terminal. `estate` is the later one.
pub fn diff(answer: &Diff<Finding>, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("What came and went, as of {as_of}"), Some(Style::Heading));
    let entities = &answer.entities;
    let count = |list: usize, one: &str, several: &str| counted(list as u64, one, several);
    lines.add(
        0,
        format!(
            "{} came, {} went, {} changed; {} came, {} went",
            count(entities.added.len(), "entity", "entities"),
            entities.removed.len(),
            entities.changed.len(),
            count(answer.relations.added.len(), "relation", "relations"),
            answer.relations.removed.len(),
        ),
    );
    lines.add(
        0,
        format!("{} rotated, {} not", count(answer.secrets.rotated.len(), "secret was", "secrets were"), answer.secrets.unrotated.len()),
    );
    let crossings = (answer.crossings.opened.as_slice(), answer.crossings.closed.as_slice());
    crossings_and_findings(&mut lines, estate, crossings, (&answer.findings.added, &answer.findings.resolved));
    lines.into_text()
}

fn crossings_and_findings(
    lines: &mut Lines<'_>,
    estate: &Estate,
    crossings: (&[Crossing], &[Crossing]),
    findings: (&[Finding], &[Finding]),
) {
    let crossing = |it: &Crossing| {
        let gains = if it.certainty == Certainty::Possible { "may gain" } else { "gains" };
        format!("{} {gains} {} of {} by {}", name(estate, &it.from), it.right, name(estate, &it.to), it.kind)
    };
    let finding = |it: &Finding| format!("{}: {} [{}]", it.severity, it.message, it.rule);
    lines.list("Crossings opened", crossings.0.iter().map(crossing));
    lines.list("Crossings closed", crossings.1.iter().map(crossing));
    lines.list("Findings added", findings.0.iter().map(finding));
    lines.list("Findings resolved", findings.1.iter().map(finding));
}

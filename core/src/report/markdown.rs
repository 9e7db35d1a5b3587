//! Markdown: a report to be pasted into a ticket or a wiki. It is CommonMark with the tables of GitHub.

mod escape;
mod rule;

pub use rule::rule;

use super::Report;
use super::overview::overview;
use super::text::{counted, name, number, percent};
use crate::analysis::PathStep;
use crate::estate::Estate;
use crate::rules::{Evidence, Finding, Metric, RULES, Rule};
use escape::{code, sentence, text};
use std::collections::HashMap;

/// How many findings are told, and how many of one rule.
const FINDINGS: usize = 20;
const OF_ONE_RULE: usize = 4;
/// How many steps of a path are told.
const STEPS: usize = 20;
/// How many subjects of a finding are named.
const SUBJECTS: usize = 5;
/// How many tenants are named beside a metric.
const WORST_TENANTS: usize = 3;

/// The report of an assessment of an estate: what a manager reads first, the worst findings with path and remedy, the rules that found something with what
/// is waived, the metrics with the published figures, and what is not known. The estate gives the names; its environments should be those of the report.
///
/// Names are written as code and every other word escaped, so that no id of an input becomes markup, a link, a mention or HTML. Costs one pass over the
/// findings.
pub fn to_markdown(report: &Report, estate: &Estate) -> String {
    let mut page = Page::default();
    page.line(format!("# Where non-production reaches production, as of {}", report.as_of.date()));
    summary(&mut page, report);
    worst(&mut page, report, estate);
    rules(&mut page, report);
    metrics(&mut page, report, estate);
    not_known(&mut page, report);
    read(&mut page, report);
    page.text
}

/// The lines of a page.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    /// A line with an empty one before it: a block of its own.
    fn block(&mut self, line: impl AsRef<str>) {
        self.text.push('\n');
        self.line(line);
    }

    /// A table of cells that are Markdown already.
    fn table<const N: usize>(&mut self, heading: [&str; N], rows: impl Iterator<Item = [String; N]>) {
        self.block(format!("| {} |", heading.join(" | ")));
        self.line(format!("|{}", " --- |".repeat(N)));
        for row in rows {
            self.line(format!("| {} |", row.join(" | ")));
        }
    }
}

fn summary(page: &mut Page, report: &Report) {
    page.block("## Summary");
    let rows = overview(report).into_iter().map(|(label, sentences)| [label.to_owned(), sentence(&sentences.join("; "))]);
    page.table(["", ""], rows);
}

fn worst(page: &mut Page, report: &Report, estate: &Estate) {
    let open: Vec<&Finding> = report.findings.iter().filter(|finding| finding.waived.is_none()).collect();
    if open.is_empty() {
        page.block("## No open finding");
        page.block("What is not known stands below: silence there proves nothing.");
        return;
    }
    page.block("## Worst findings");
    let mut told: HashMap<&str, usize> = HashMap::new();
    let mut number_of = 0;
    for found in &open {
        let of_rule = told.entry(found.rule).or_default();
        if *of_rule < OF_ONE_RULE && number_of < FINDINGS {
            *of_rule += 1;
            number_of += 1;
            finding(page, found, estate, number_of);
        }
    }
    let hidden = (open.len() - number_of) as u64;
    if hidden > 0 {
        page.block(format!("… and {}; the report as JSON has all.", counted(hidden, "more open finding", "more open findings")));
    }
}

fn finding(page: &mut Page, finding: &Finding, estate: &Estate, number: usize) {
    page.block(format!("### {number}. {}: {}", finding.severity, text(finding.title)));
    page.block(sentence(&finding.message));
    let paths = finding.evidence.iter().filter_map(|evidence| match evidence {
        Evidence::Path { steps, .. } => Some(steps),
        _ => None,
    });
    for steps in paths {
        path(page, steps, estate);
    }
    page.block(format!("- **Severity:** {}", sentence(&finding.severity_reason)));
    page.line(format!("- **Remedy:** {}", sentence(finding.remedy)));
    page.line(format!("- **About:** {}", listed(finding.subjects.iter().map(|id| code(id)), SUBJECTS)));
    page.line(format!("- **Rule:** {}, finding {}", code(finding.rule), code(&finding.fingerprint)));
}

/// A path as a list. Where a hop does not start at the end of the one before, it needs both.
fn path(page: &mut Page, steps: &[PathStep], estate: &Estate) {
    let Some(first) = steps.first() else { return };
    page.block(format!("1. {}", node(estate, &first.from)));
    let mut at = first.from.as_str();
    for step in steps.iter().take(STEPS) {
        let permission = step.permission.as_ref().map(|permission| format!(" ({})", code(permission))).unwrap_or_default();
        let also = if at == step.from { String::new() } else { format!(", together with {}", node(estate, &step.from)) };
        page.line(format!("1. gains {} of {} by {}{permission}{also}", step.right, node(estate, &step.to), code(step.kind.as_str())));
        at = &step.to;
    }
    if steps.len() > STEPS {
        page.line(format!("1. … and {}", counted((steps.len() - STEPS) as u64, "more step", "more steps")));
    }
}

fn node(estate: &Estate, id: &str) -> String {
    let Some(index) = estate.find(id) else { return code(id) };
    let entity = estate.entity(index);
    let tenant = estate.container(index).map(|tenant| format!(" of {}", code(estate.entity(tenant).name()))).unwrap_or_default();
    format!("{} ({}{tenant}, {})", code(entity.name()), text(&entity.kind().replace('_', " ")), estate.environment(index).environment)
}

fn rules(page: &mut Page, report: &Report) {
    let mut counts: HashMap<&str, [u64; 2]> = HashMap::new();
    for finding in &report.findings {
        counts.entry(finding.rule).or_default()[usize::from(finding.waived.is_some())] += 1;
    }
    if counts.is_empty() {
        return;
    }
    page.block("## Findings by rule");
    let found = RULES.iter().filter_map(|rule| Some((*rule, counts.get(rule.id)?)));
    let standards = |rule: &Rule| text(&rule.standards.ids().join(", "));
    let rows = found.map(|(rule, [open, waived])| {
        [format!("{}: {}", code(rule.id), text(rule.title)), number(*open), number(*waived), standards(rule)]
    });
    page.table(["Rule", "Open", "Waived", "Standards"], rows);
}

fn metrics(page: &mut Page, report: &Report, estate: &Estate) {
    page.block("## Metrics");
    let rows = report.metrics.iter().map(|metric| {
        let Metric { numerator, denominator, .. } = *metric;
        let of = if denominator > 0 { format!("{} of {}", number(numerator), number(denominator)) } else { String::new() };
        let published = metric.published.map(|published| format!("{:.0} % {}", published.value * 100.0, text(published.note)));
        let worst = metric.worst_tenants();
        let part = |(tenant, share): &(&str, crate::rules::Share)| {
            format!("{} ({} of {})", code(name(estate, tenant)), number(share.numerator), number(share.denominator))
        };
        let worst = listed(worst.iter().map(part), WORST_TENANTS);
        [text(metric.definition), percent(numerator, denominator), of, published.unwrap_or_default(), worst]
    });
    page.table(["What is counted", "Share", "Count", "Published", "Worst tenants"], rows);
}

fn not_known(page: &mut Page, report: &Report) {
    let gaps: Vec<_> = report.coverage.iter().filter(|coverage| coverage.known < coverage.total).collect();
    if gaps.is_empty() {
        return;
    }
    page.block("## Not known");
    page.block("Where something is not known, silence proves nothing.");
    let rows = gaps.into_iter().map(|gap| [code(&gap.topic), number(gap.known), number(gap.total), sentence(&gap.note)]);
    page.table(["Topic", "Known", "Of", "What that means"], rows);
}

fn read(page: &mut Page, report: &Report) {
    let reading = &report.reading;
    let records = reading.sources.iter().map(|source| source.records).sum();
    let read = [
        counted(reading.sources.len() as u64, "input", "inputs"),
        counted(records, "record", "records"),
        format!("{} skipped", number(reading.skipped.len() as u64)),
        counted(reading.conflicts.len() as u64, "conflict", "conflicts"),
        format!("{} only named", counted(reading.placeholders.len() as u64, "entity", "entities")),
    ];
    page.block("## Read");
    page.block(format!("{}, by tenantgraph {}.", read.join(", "), report.version));
}

/// The first items, and how many more there are.
fn listed(items: impl ExactSizeIterator<Item = String>, most: usize) -> String {
    let more = items.len().saturating_sub(most);
    let shown = items.take(most).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {} more", number(more as u64)) } else { shown }
}

#[cfg(test)]
mod tests;

//! The report of an assessment as text: the numbers first, then the worst findings, one path, and what is not known.

use super::TextOptions;
use super::chain::{chain, name};
use super::lines::{Lines, Style, counted, number, percent};
use crate::estate::Estate;
use crate::report::Report;
use crate::report::overview::overview;
use crate::rules::{Evidence, Finding, Metric, RULES, Share};
use std::collections::HashMap;

/// How many findings of one rule stand among the worst.
const OF_ONE_RULE: usize = 4;
/// How many tenants are named beside a metric.
const WORST_TENANTS: usize = 3;
/// How many characters of a note of the coverage are written.
const LONGEST_NOTE: usize = 160;
/// The margin behind a label of the summary and behind a severity.
const MARGIN: usize = 10;

/// The report of an assessment of an estate, for a terminal.
pub fn report(report: &Report, estate: &Estate, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("tenantgraph {}, as of {}", report.version, report.as_of), Some(Style::Heading));
    lines.plain("", None);
    summary(&mut lines, report);
    worst(&mut lines, report, options);
    path(&mut lines, report, estate);
    by_rule(&mut lines, report);
    metrics(&mut lines, report, estate);
    not_known(&mut lines, report);
    lines.into_text()
}

fn summary(lines: &mut Lines<'_>, report: &Report) {
    for (label, sentences) in overview(report) {
        for (at, sentence) in sentences.iter().enumerate() {
            lines.labelled(if at == 0 { label } else { "" }, Some(Style::Heading), MARGIN, sentence);
        }
    }
}

fn worst(lines: &mut Lines<'_>, report: &Report, options: &TextOptions) {
    let open: Vec<&Finding> = report.findings.iter().filter(|finding| finding.waived.is_none()).collect();
    if open.is_empty() {
        lines.heading("No open finding");
        lines.add(2, "What is not known stands below: silence there proves nothing.");
        return;
    }
    lines.heading("Worst findings");
    let mut shown: HashMap<&str, usize> = HashMap::new();
    let mut rows = 0;
    for finding in &open {
        let of_rule = shown.entry(finding.rule).or_default();
        if *of_rule == OF_ONE_RULE || rows == options.rows {
            continue;
        }
        *of_rule += 1;
        rows += 1;
        lines.labelled(&format!("  {}", finding.severity), Some(Style::Of(finding.severity)), MARGIN + 2, &finding.message);
        if *of_rule == 1 {
            lines.add(MARGIN + 2, &finding.severity_reason);
            lines.add(MARGIN + 2, format!("[{}] {}", finding.rule, finding.remedy));
        }
    }
    lines.hidden(open.len() - rows);
}

/// The path of the worst crossing that nobody decided to live with.
fn path(lines: &mut Lines<'_>, report: &Report, estate: &Estate) {
    let open = report.findings.iter().filter(|finding| finding.waived.is_none());
    let steps = open.flat_map(|finding| &finding.evidence).find_map(|evidence| match evidence {
        Evidence::Path { steps, .. } => Some(steps),
        _ => None,
    });
    if let Some(steps) = steps {
        lines.heading("The path of the worst");
        chain(lines, estate, steps);
    }
}

fn by_rule(lines: &mut Lines<'_>, report: &Report) {
    let rules = RULES.iter().filter_map(|rule| Some((rule, report.summary.findings.by_rule.get(rule.id)?)));
    let rows: Vec<_> = rules.map(|(rule, count)| (number(*count), rule)).collect();
    if rows.is_empty() {
        return;
    }
    lines.heading("Findings by rule");
    for (count, rule) in rows {
        lines.labelled(&format!("{count:>8}"), None, MARGIN, format!("{} ({})", rule.title, rule.id));
    }
}

fn metrics(lines: &mut Lines<'_>, report: &Report, estate: &Estate) {
    lines.heading("Metrics");
    for metric in &report.metrics {
        let Metric { numerator, denominator, .. } = *metric;
        let of = if denominator > 0 { format!(" ({} of {})", number(numerator), number(denominator)) } else { String::new() };
        let published = metric.published.map(|published| format!("; published: {:.0} % {}", published.value * 100.0, published.note));
        let share = percent(numerator, denominator);
        lines.labelled(&format!("{share:>9}"), None, MARGIN + 1, format!("{}{of}{}", metric.definition, published.unwrap_or_default()));
        let worst: Vec<_> =
            metric.worst_tenants().into_iter().take(WORST_TENANTS).map(|(tenant, share)| part(estate, tenant, share)).collect();
        if !worst.is_empty() {
            lines.add(MARGIN + 1, format!("worst: {}", worst.join(", ")));
        }
    }
}

/// The share of one tenant.
fn part(estate: &Estate, tenant: &str, share: Share) -> String {
    format!("{} ({} of {})", name(estate, tenant), number(share.numerator), number(share.denominator))
}

fn not_known(lines: &mut Lines<'_>, report: &Report) {
    let gaps: Vec<_> = report.coverage.iter().filter(|coverage| coverage.known < coverage.total).collect();
    if !gaps.is_empty() {
        lines.heading("Not known");
    }
    for gap in gaps {
        let known = format!("{}: known of {} of {}; {}", gap.topic, number(gap.known), number(gap.total), short(&gap.note));
        lines.add(2, known);
    }
    let reading = &report.reading;
    let records = reading.sources.iter().map(|source| source.records).sum();
    let read = [
        counted(reading.sources.len() as u64, "input", "inputs"),
        counted(records, "record", "records"),
        format!("{} skipped", number(reading.skipped.len() as u64)),
        counted(reading.conflicts.len() as u64, "conflict", "conflicts"),
        format!("{} only named", counted(reading.placeholders.len() as u64, "entity", "entities")),
    ];
    lines.heading("Read");
    lines.add(2, read.join(", "));
}

/// A note cut at a word; the report as JSON has all of it.
fn short(note: &str) -> String {
    match note.char_indices().nth(LONGEST_NOTE) {
        None => note.to_owned(),
        Some((end, _)) => format!("{} …", note[..end].rsplit_once(' ').map_or(&note[..end], |(whole, _)| whole)),
    }
}

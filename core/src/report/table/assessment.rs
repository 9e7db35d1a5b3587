//! The report of an assessment as tables.

use super::columns::{Columns, count};
use super::steps::{numbered, steps_of};
use crate::analysis::PathStep;
use crate::error::Result;
use crate::report::Report;
use crate::rules::{Evidence, Finding, Metric};
use arrow_array::RecordBatch;

/// The findings, the worst first. The items of the standards are lists of their own; `evidence` and `waived` are JSON text.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn report_findings(report: &Report) -> Result<RecordBatch> {
    findings(&report.findings)
}

/// Findings of any answer.
///
/// # Errors
/// As [`report_findings`].
pub fn findings(findings: &[Finding]) -> Result<RecordBatch> {
    Columns::over(findings)
        .text("fingerprint", |row| Some(&row.fingerprint))
        .text("rule", |row| Some(row.rule))
        .text("title", |row| Some(row.title))
        .text("severity", |row| Some(row.severity.as_str()))
        .text("raised", |row| row.raised.as_ref())
        .text("severity_reason", |row| Some(&row.severity_reason))
        .texts("subjects", |row| &row.subjects)
        .text("message", |row| Some(&row.message))
        .json("evidence", |row| Some(&row.evidence).filter(|evidence| !evidence.is_empty()))?
        .text("remedy", |row| Some(row.remedy))
        .texts("owasp_nhi", |row| row.standards.owasp_nhi)
        .texts("nist_csf", |row| row.standards.nist_csf)
        .texts("nist_csf_1_1", |row| row.standards.nist_csf_1_1())
        .texts("nist_800_53", |row| row.standards.nist_800_53)
        .texts("ai_rmf", |row| row.standards.ai_rmf)
        .json("waived", |row| row.waived.as_ref())?
        .table()
}

/// The steps of the paths that findings show, with the fingerprint of the finding.
///
/// # Errors
/// As [`report_findings`].
pub fn report_steps(report: &Report) -> Result<RecordBatch> {
    let shown: Vec<(&Finding, &[PathStep])> =
        report.findings.iter().flat_map(|finding| paths(finding).map(move |steps| (finding, steps))).collect();
    let steps: Vec<_> = numbered(&shown, |(_, steps)| steps).collect();
    steps_of(&steps).text("finding", |row| Some(&row.of.0.fingerprint)).table()
}

/// The metrics, each beside the figure that was published for it.
///
/// # Errors
/// As [`report_findings`].
pub fn report_metrics(report: &Report) -> Result<RecordBatch> {
    Columns::over(&report.metrics)
        .text("id", |row| Some(row.id))
        .text("definition", |row| Some(row.definition))
        .share("value", |row| row.value)
        .number("numerator", |row| count(row.numerator))
        .number("denominator", |row| count(row.denominator))
        .share("published", |row| row.published.map(|published| published.value))
        .text("published_note", |row| row.published.map(|published| published.note))
        .table()
}

/// The metrics by tenant and by environment: `by` says what `key` is. A share that could not be counted is absent, never zero.
///
/// # Errors
/// As [`report_findings`].
pub fn report_metric_shares(report: &Report) -> Result<RecordBatch> {
    let of_metric = |metric: &'_ Metric| {
        let tenants = metric.by_tenant.iter().flatten().map(|(tenant, share)| ("tenant", tenant.clone(), *share));
        let environments = metric.by_environment.iter().flatten().map(|(it, share)| ("environment", it.as_str().to_owned(), *share));
        tenants.chain(environments).collect::<Vec<_>>()
    };
    let rows: Vec<_> = report.metrics.iter().flat_map(|metric| of_metric(metric).into_iter().map(move |row| (metric, row))).collect();
    Columns::over(&rows)
        .text("metric", |(metric, _)| Some(metric.id))
        .text("by", |(_, (by, ..))| Some(by))
        .text("key", |(_, (_, key, _))| Some(key))
        .share("value", |(_, (.., share))| share.value)
        .number("numerator", |(_, (.., share))| count(share.numerator))
        .number("denominator", |(_, (.., share))| count(share.denominator))
        .share("published", |(metric, _)| metric.published.map(|published| published.value))
        .table()
}

fn paths(finding: &Finding) -> impl Iterator<Item = &[PathStep]> {
    finding.evidence.iter().filter_map(Evidence::steps)
}

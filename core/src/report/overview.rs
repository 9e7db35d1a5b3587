//! [`overview`]: what a manager reads in one screen, in sentences that every format shares.

use super::Report;
use super::summary::{CutCounts, ReachCounts};
use super::text::{counted, number, percent};
use crate::analysis::RotationStatus;
use crate::policy::Severity;

/// Each part of the overview: what it is about, and its sentences.
pub(super) fn overview(report: &Report) -> Vec<(&'static str, Vec<String>)> {
    vec![
        ("Estate", vec![estate(report)]),
        ("Reach", reach(&report.summary.reach)),
        ("Cuts", vec![cuts(report.summary.cuts.as_ref())]),
        ("Secrets", vec![secrets(report)]),
        ("Overdue", vec![overdue(report)]),
        ("Leaked", vec![leaked(report)]),
        ("Not known", vec![not_known(report)]),
        ("Findings", vec![findings(report)]),
    ]
}

fn estate(report: &Report) -> String {
    let estate = &report.estate;
    let counts = [
        counted(estate.tenants, "tenant", "tenants"),
        counted(estate.identities, "identity", "identities"),
        counted(estate.secrets, "secret", "secrets"),
        counted(estate.resources, "resource", "resources"),
        counted(estate.relations, "relation", "relations"),
    ];
    counts.join(", ")
}

fn reach(reach: &ReachCounts) -> Vec<String> {
    let over = match (reach.crossings, reach.possible_crossings) {
        (0, 0) => "over no crossing".to_owned(),
        (proven, 0) => format!("over {}", counted(proven, "crossing", "crossings")),
        (proven, possible) => {
            format!("over {}, and {} that may hold", counted(proven, "crossing", "crossings"), counted(possible, "crossing", "crossings"))
        }
    };
    let (reaching, tenants) = (reach.nonproduction_tenants_reaching_production, reach.nonproduction_tenants);
    let verb = if tenants == 1 { "tenant reaches" } else { "tenants reach" };
    let (reached, production) = (reach.production_entities_reached, reach.production_entities);
    let entities = if production == 1 { "entity" } else { "entities" };
    let elsewhere = reaching == 0 && reach.crossings > 0;
    let elsewhere =
        if elsewhere { "; what does stands in no non-production tenant: people, groups or workloads of such an environment" } else { "" };
    vec![
        format!("{} of {} non-production {verb} production, each taken alone{elsewhere}", number(reaching), number(tenants)),
        format!("{} of {} production {entities} can be held from non-production, {over}", number(reached), number(production)),
    ]
}

fn cuts(cuts: Option<&CutCounts>) -> String {
    let Some(cuts) = cuts else {
        return "unknown: the estate is too large to look for the cheapest cut in passing; `tenantgraph cuts` does".to_owned();
    };
    match (cuts.changes, cuts.cost) {
        (Some(0), _) => "nothing to cut: no way to production is proven".to_owned(),
        (Some(changes), Some(cost)) => {
            let sure = match cuts.exact {
                true => "no cheaper cut exists".to_owned(),
                false => format!("every cut costs at least {}", number(cuts.bound)),
            };
            let ends = counted(changes, "change ends", "changes end");
            format!("{ends} every proven way at a cost of {}; {sure}; `tenantgraph cuts` names them", number(cost))
        }
        _ => "no cut exists: the policy will not end something on the way".to_owned(),
    }
}

fn secrets(report: &Report) -> String {
    let metric = report.metrics.iter().find(|metric| metric.id == "secrets_outside_rotation_limit");
    let (old, judged) = metric.map_or((0, 0), |metric| (metric.numerator, metric.denominator));
    let published = metric.and_then(|metric| metric.published);
    let published = published.map(|published| format!("; published: {:.0} %", published.value * 100.0)).unwrap_or_default();
    let unknown = report.summary.secrets.get(&RotationStatus::UnknownAge).copied().unwrap_or_default();
    let judged = match judged {
        0 => "none could be judged".to_owned(),
        all => format!("{} of {} older than their limit ({}{published})", number(old), number(all), percent(old, all)),
    };
    let unknown = if unknown > 0 { format!(", {} more of unknown age", number(unknown)) } else { String::new() };
    format!("{judged}{unknown}")
}

fn overdue(report: &Report) -> String {
    let overdue = &report.summary.overdue;
    let parts = [
        (overdue.secrets, "secret to rotate", "secrets to rotate"),
        (overdue.tenants, "tenant to offboard", "tenants to offboard"),
        (overdue.decisions, "decision that has ended", "decisions that have ended"),
    ];
    some(parts).unwrap_or_else(|| "nothing that is known".to_owned())
}

fn leaked(report: &Report) -> String {
    let leaked = &report.summary.leaked;
    match leaked.secrets {
        0 => "nothing that a scanner reported".to_owned(),
        secrets => format!(
            "{}, {} proven to work",
            counted(secrets, "secret that a scanner found and nobody revoked", "secrets that scanners found and nobody revoked"),
            number(leaked.verified)
        ),
    }
}

fn not_known(report: &Report) -> String {
    let gaps = &report.summary.not_known;
    let (known, what) = (gaps.topics_with_gaps, counted(gaps.topics, "topic", "topics"));
    let parts = [
        (gaps.tenants_without_environment, "tenant without an environment", "tenants without an environment"),
        (gaps.secrets_of_unknown_age, "secret of unknown age", "secrets of unknown age"),
    ];
    let parts = some(parts).map(|parts| format!(": {parts}")).unwrap_or_default();
    format!("{} of {what} not fully known{parts}", number(known))
}

fn findings(report: &Report) -> String {
    let findings = &report.summary.findings;
    let by_severity = Severity::ALL.iter().rev().filter(|severity| findings.by_severity[*severity] > 0);
    let by_severity: Vec<_> = by_severity.map(|severity| format!("{} {severity}", number(findings.by_severity[severity]))).collect();
    let open = if by_severity.is_empty() { "none".to_owned() } else { by_severity.join(", ") };
    let waived = if findings.waived > 0 { format!("; {} waived", number(findings.waived)) } else { String::new() };
    format!("{open}{waived}")
}

/// The counts that are not zero, where there is one.
fn some<const N: usize>(parts: [(u64, &str, &str); N]) -> Option<String> {
    let parts: Vec<_> = parts.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| counted(count, one, many)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(changes: Option<u64>, exact: bool) -> CutCounts {
        CutCounts { changes, cost: changes.map(|changes| changes * 2), bound: 1, exact }
    }

    #[test]
    fn a_cut_that_was_not_looked_for_is_unknown_and_not_none() {
        assert!(cuts(None).starts_with("unknown: "));
        assert!(cuts(Some(&counts(Some(0), true))).starts_with("nothing to cut"));
        assert!(cuts(Some(&counts(None, false))).starts_with("no cut exists"));
        assert_eq!(
            cuts(Some(&counts(Some(1), true))),
            "1 change ends every proven way at a cost of 2; no cheaper cut exists; `tenantgraph cuts` names them"
        );
        assert!(cuts(Some(&counts(Some(3), false))).contains("every cut costs at least 1"));
    }
}

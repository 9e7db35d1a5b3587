//! The answer of `classification` as text: the verdicts, the tenants whose label does not hold, the controls that are too weak.

use super::TextOptions;
use super::chain::{chain, described, name};
use super::lines::{Lines, Style, counted, first, number};
use super::relation::relation;
use crate::analysis::{
    Classification, ControlDrift, ControlValue, Coupling, CouplingKind, LabelVerdict, TenantClassification, Unmonitored,
};
use crate::estate::{EnvironmentClaim, Estate};
use crate::model::{Certainty, EnvironmentSource, Instant};
use std::cmp::Reverse;

/// How many pieces of evidence of a tenant are written.
const EVIDENCE: usize = 2;
/// How many ways to production are drawn.
const WAYS: usize = 3;

/// The answer of `classification`, for a terminal.
pub fn classification(answer: &Classification, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("Classification of tenants as of {as_of}"), Some(Style::Heading));
    if answer.tenants.is_empty() {
        lines.plain("there is no tenant in this estate", None);
        return lines.into_text();
    }
    let verdicts = LabelVerdict::ALL.iter().map(|verdict| (verdict, of_verdict(answer, *verdict).len() as u64));
    let verdicts = verdicts.filter(|(_, count)| *count > 0).map(|(verdict, count)| format!("{verdict} {}", number(count)));
    lines.add(0, format!("{}: {}", counted(answer.tenants.len() as u64, "tenant", "tenants"), verdicts.collect::<Vec<_>>().join(", ")));
    let list = |lines: &mut Lines<'_>, title: &str, verdict| {
        lines.list(title, of_verdict(answer, verdict).into_iter().map(|tenant| row(estate, tenant)));
    };
    list(&mut lines, "Labelled other than what they contain", LabelVerdict::Mislabelled);
    list(&mut lines, "Labelled non-production, but coupled with production", LabelVerdict::Coupled);
    ways(&mut lines, answer, estate);
    list(&mut lines, "Sources disagree", LabelVerdict::Contradictory);
    list(&mut lines, "Without a label", LabelVerdict::Unlabelled);
    lines.list("Controls that are too weak", answer.control_drift.iter().map(|drift| control(estate, drift)));
    lines.list("Nobody watches or logs", answer.unmonitored.iter().map(|it| unmonitored(estate, it)));
    lines.not_known(&answer.coverage);
    lines.into_text()
}

/// The tenants of a verdict, those with the most evidence first.
fn of_verdict(answer: &Classification, verdict: LabelVerdict) -> Vec<&TenantClassification> {
    let mut tenants: Vec<_> = answer.tenants.iter().filter(|tenant| tenant.verdict == verdict).collect();
    tenants.sort_by_key(|tenant| Reverse(tenant.counts.values().sum::<u64>()));
    tenants
}

fn row(estate: &Estate, tenant: &TenantClassification) -> String {
    let mut parts = vec![format!("{}{}", described(estate, &tenant.tenant), learnt(tenant.source))];
    if !tenant.claims.is_empty() {
        parts.push(tenant.claims.iter().map(claimed).collect::<Vec<_>>().join(", "));
    }
    if tenant.verdict == LabelVerdict::Mislabelled {
        let (production, other) = (number(tenant.stated_production), number(tenant.stated_non_production));
        parts.push(format!("of {} in it {production} say production, {other} non-production", number(tenant.contents)));
    }
    if !tenant.counts.is_empty() {
        let counts = tenant.counts.iter().map(|(kind, count)| format!("{kind} {}", number(*count)));
        parts.push(counts.collect::<Vec<_>>().join(", "));
        let said: Vec<_> = tenant.evidence.iter().filter(|coupling| coupling.kind != CouplingKind::ProductionPath).collect();
        if !said.is_empty() {
            parts.push(format!("for example {}", first(EVIDENCE, said.iter().take(EVIDENCE).map(|coupling| evidence(estate, coupling)))));
        }
    }
    parts.join("; ")
}

fn learnt(source: EnvironmentSource) -> &'static str {
    match source {
        EnvironmentSource::Explicit => " as declared",
        EnvironmentSource::Label => " by a label",
        EnvironmentSource::Name => " by its name",
        EnvironmentSource::Parent => " by its parent",
        EnvironmentSource::Tenant => " by its tenant",
        EnvironmentSource::None => "",
    }
}

fn claimed(claim: &EnvironmentClaim) -> String {
    let source = match (claim.source, &claim.label) {
        (_, Some(label)) => format!("its label `{label}`"),
        (EnvironmentSource::Explicit, None) => "its declaration".to_owned(),
        (source, None) => format!("its {source}"),
    };
    format!("{source} says {}", claim.environment)
}

fn evidence(estate: &Estate, coupling: &Coupling) -> String {
    let may = if coupling.certainty == Certainty::Possible { " (possible)" } else { "" };
    match (&coupling.relation, &coupling.production) {
        (Some(tie), _) => format!("{}{may}", relation(estate, tie)),
        (None, Some(other)) => format!("{} is {}", name(estate, &coupling.entity), name(estate, other)),
        (None, None) => name(estate, &coupling.entity).to_owned(),
    }
}

/// The ways of the tenants that are coupled most.
fn ways(lines: &mut Lines<'_>, answer: &Classification, estate: &Estate) {
    let coupled = of_verdict(answer, LabelVerdict::Coupled).into_iter();
    let ways = coupled.flat_map(|tenant| tenant.evidence.iter().map(move |coupling| (tenant, coupling)));
    for (tenant, coupling) in ways.filter(|(_, coupling)| !coupling.path.is_empty()).take(WAYS) {
        lines.heading(&format!("The way from {} to production", name(estate, &tenant.tenant)));
        chain(lines, estate, &coupling.path);
    }
}

fn control(estate: &Estate, drift: &ControlDrift) -> String {
    let value = |value: ControlValue| match value {
        ControlValue::Flag(true) => "on".to_owned(),
        ControlValue::Flag(false) => "off".to_owned(),
        ControlValue::Days(days) => counted(days.into(), "day", "days"),
    };
    let against = match &drift.twin {
        Some(twin) => format!("in its twin {}", name(estate, twin)),
        None => "in the baseline of the policy".to_owned(),
    };
    let (own, expected) = (value(drift.value), value(drift.expected));
    format!("{}: {} is {own}, and {expected} {against}", described(estate, &drift.tenant), drift.control)
}

fn unmonitored(estate: &Estate, it: &Unmonitored) -> String {
    let off = [("audit_logging", it.audit_logging), ("monitored", it.monitored)];
    let off: Vec<_> = off.into_iter().filter(|(_, value)| *value == Some(false)).map(|(control, _)| control).collect();
    format!("{}: {} off", described(estate, &it.tenant), off.join(" and "))
}

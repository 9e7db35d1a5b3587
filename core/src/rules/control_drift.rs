//! `control-drift`: the controls of a tenant are below its baseline or below its twin in production.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::analysis::{ControlDrift, ControlValue, DriftAgainst};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "control-drift",
    title: "Controls are below the baseline",
    why: "Controls that are weaker in test than in production make test the way in. What drifted once drifts further, and a rehearsal under other rules than \
          production's rehearses nothing.",
    remedy: "Bring the control up to the baseline, or lower the baseline on purpose and with a reason. Manage both tenants by one definition, so that they cannot \
             part again.",
    example: "`shop-production` asks everyone for a second factor and its twin `shop-staging` does not. Give both the same settings, from one definition.",
    severity: Severity::Medium,
    severity_reason: "the weaker side is a way in that nobody chose",
    standards: Standards::new(&["NHI4:2025"], &["PR.PS-01"], &["CM-2"]).ai_rmf(&["GOVERN 1.5"]),
    check,
};

/// One finding a tenant. A control that a tenant does not state is unknown; it stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let drifts = &context.classification.control_drift;
    drifts.chunk_by(|a, b| a.tenant == b.tenant).filter_map(|drifts| Some(draft(context, drifts.first()?, drifts))).collect()
}

fn draft(context: &Context<'_>, first: &ControlDrift, drifts: &[ControlDrift]) -> Draft {
    let said: Vec<_> = drifts.iter().map(|drift| said(context, drift)).collect();
    let message = format!("the controls of {} ({}) are too weak: {}", context.name_of(&first.tenant), first.environment, said.join("; "));
    let draft = Draft::new(vec![first.tenant.clone()], message).weight(drifts.len() as u64);
    let draft = draft.raised_by(context.estate.find(&first.tenant).into_iter().collect());
    drifts.iter().fold(draft, |draft, drift| draft.show(Evidence::Control { drift: drift.clone() }))
}

fn said(context: &Context<'_>, drift: &ControlDrift) -> String {
    let value = |value: ControlValue| match value {
        ControlValue::Flag(flag) => flag.to_string(),
        ControlValue::Days(days) => days.to_string(),
    };
    let asks = match (drift.against, &drift.twin) {
        (DriftAgainst::Twin, Some(twin)) => format!("its twin {} has", context.name_of(twin)),
        _ => "the baseline asks for".to_owned(),
    };
    format!("`{}` is {} and {asks} {}", drift.control, value(drift.value), value(drift.expected))
}

#[cfg(test)]
mod tests {
    use crate::model::{Controls, Tenant, TenantKind};
    use crate::rules::testing::Scene;

    fn tenant(id: &str, controls: Controls) -> Tenant {
        Tenant { controls, ..Tenant::new(id, TenantKind::EntraTenant) }
    }

    #[test]
    fn a_control_below_the_baseline_or_the_twin_is_found_once_a_tenant() {
        let weak = Controls { mfa_required: Some(false), max_secret_age_days: Some(60), ..Controls::default() };
        let strong = Controls { mfa_required: Some(true), max_secret_age_days: Some(30), ..Controls::default() };
        let findings = Scene::new().add(tenant("shop-test", weak)).add(tenant("shop-prod", strong)).findings("control-drift", "");
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "the controls of `shop-test` (testing) are too weak: `mfa_required` is false and the baseline asks for true; `mfa_required` is false and its twin \
             `shop-prod` has true; `max_secret_age_days` is 60 and its twin `shop-prod` has 30"
        );
        assert_eq!(findings[0].evidence.len(), 3);
    }

    #[test]
    fn what_is_kept_or_not_stated_is_silent() {
        let kept = Controls { mfa_required: Some(true), monitored: Some(true), audit_logging: Some(true), max_secret_age_days: Some(180) };
        assert!(Scene::new().add(tenant("shop-test", kept)).findings("control-drift", "").is_empty());
        assert!(Scene::new().tenant("shop-test").tenant("shop-prod").findings("control-drift", "").is_empty());
        let weak = Controls { mfa_required: Some(false), ..Controls::default() };
        assert!(Scene::new().add(tenant("shop-test", weak)).findings("control-drift", "baselines.non_production = {}").is_empty());
    }
}

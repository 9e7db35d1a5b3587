//! `unmonitored-tenant`: nobody would see what is done in a tenant.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::analysis::Unmonitored;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "unmonitored-tenant",
    title: "Tenant without an audit log or monitoring",
    why: "What is done where nobody logs or watches is seen when it arrives in production. Without a log even that which was noticed cannot be followed back.",
    remedy: "Turn the audit log on, send it where production's goes, and have it watched by the same people and rules.",
    example: "`shop-staging` states that it keeps no audit log. Switch the log on and send it where production's goes.",
    severity: Severity::Low,
    severity_reason: "an attack that begins there is not seen before it arrives somewhere else",
    standards: Standards::new(&["NHI4:2025"], &["DE.CM-09"], &["CM-2"]).ai_rmf(&["MEASURE 2.4"]),
    check,
};

/// Only what is stated not to be there is found; a tenant that states nothing is unknown and stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    context.classification.unmonitored.iter().map(|tenant| draft(context, tenant)).collect()
}

fn draft(context: &Context<'_>, tenant: &Unmonitored) -> Draft {
    let lacks = match (tenant.audit_logging, tenant.monitored) {
        (Some(false), Some(false)) => "has no audit log, and nobody watches it",
        (Some(false), _) => "has no audit log",
        _ => "is watched by nobody",
    };
    let message = format!("{} ({}) {lacks}", context.name_of(&tenant.tenant), tenant.environment);
    let (audit_logging, monitored) = (tenant.audit_logging, tenant.monitored);
    let evidence = Evidence::Monitoring { tenant: tenant.tenant.clone(), audit_logging, monitored };
    let draft = Draft::new(vec![tenant.tenant.clone()], message).show(evidence);
    draft.raised_by(context.estate.find(&tenant.tenant).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Controls, Relation, RelationKind, Tenant, TenantKind};
    use crate::rules::testing::Scene;

    fn scene(audit_logging: Option<bool>, monitored: Option<bool>) -> Scene {
        let controls = Controls { audit_logging, monitored, ..Controls::default() };
        Scene::new().add(Tenant { controls, ..Tenant::new("acme-dev", TenantKind::AwsAccount) })
    }

    #[test]
    fn a_tenant_that_states_no_log_or_no_watch_is_found_and_raised_where_it_reaches_production() {
        let message = |audit, monitored| scene(audit, monitored).findings("unmonitored-tenant", "")[0].message.clone();
        assert_eq!(message(Some(false), Some(true)), "`acme-dev` (development) has no audit log");
        assert_eq!(message(None, Some(false)), "`acme-dev` (development) is watched by nobody");
        let reaching = scene(Some(false), Some(false)).tenant("acme-prod").identity("robot", "acme-dev");
        let findings = reaching.relate(Relation::new("robot", RelationKind::Reads, "acme-prod")).findings("unmonitored-tenant", "");
        assert_eq!((findings[0].severity, findings[0].evidence.len()), (Severity::Medium, 1));
    }

    #[test]
    fn what_is_watched_or_not_stated_is_silent() {
        for (audit_logging, monitored) in [(Some(true), Some(true)), (None, None), (Some(true), None)] {
            assert!(scene(audit_logging, monitored).findings("unmonitored-tenant", "").is_empty());
        }
    }
}

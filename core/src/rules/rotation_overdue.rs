//! `rotation-overdue`: a secret is older than its limit.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::analysis::RotationStatus;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "rotation-overdue",
    title: "Secret not rotated in time",
    why: "The longer a value lives, the more people, logs and copies have seen it. A breach of years ago still opens every door whose key was never \
          changed.",
    remedy: "Replace the value, see that everything uses the new one, then revoke the old one. Better still, put a short-lived or federated \
             credential in its place.",
    example: "An API key of 2023 still opens the payment service, and the limit of its kind is 90 days. Replace it, and let a manager do so from now on.",
    severity: Severity::Medium,
    severity_reason: "every day adds people, logs and copies that have seen it",
    standards: Standards::new(&["NHI7:2025"], &["PR.AA-01"], &["IA-5"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

fn check(context: &Context<'_>) -> Vec<Draft> {
    let overdue = context.rotation.of_status(RotationStatus::Overdue);
    overdue
        .filter_map(|entry| {
            let (age, limit, due) = (entry.age_days?, entry.limit_days?, entry.due?);
            let name = context.name_of(entry.secret);
            let message = format!("{name} is {age} days old and its limit is {limit}: it was due on {}", due.date());
            let evidence = Evidence::Age { secret: entry.secret.to_owned(), age_days: Some(age), limit_days: Some(limit), due: Some(due) };
            let draft = Draft::new(vec![entry.secret.to_owned()], message).show(evidence).weight(age.unsigned_abs());
            Some(draft.raised_by(context.estate.find(entry.secret).into_iter().collect()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Relation, RelationKind, Secret, SecretKind};
    use crate::rules::testing::{Scene, at};

    fn old(tenant: &str) -> Secret {
        Secret { created_at: Some(at("2025-01-01")), tenant: Some(tenant.into()), ..Secret::new("key", SecretKind::AccessKey) }
    }

    #[test]
    fn an_old_key_is_found_and_raised_where_it_opens_production() {
        let findings = Scene::new().tenant("acme-dev").secret(old("acme-dev")).findings("rotation-overdue", "");
        assert_eq!(findings[0].message, "`key` is 485 days old and its limit is 90: it was due on 2025-04-01");
        assert_eq!((findings[0].severity, findings[0].raised.clone()), (Severity::Medium, None));
        let scene = Scene::new().tenant("acme-dev").tenant("acme-prod").secret(old("acme-dev")).identity("admin", "acme-prod");
        let findings = scene.relate(Relation::new("key", RelationKind::AuthenticatesAs, "admin")).findings("rotation-overdue", "");
        assert_eq!(findings[0].raised.as_deref(), Some("high, not medium: `key` alone is proven to reach production"));
        let findings =
            Scene::new().tenant("acme-prod").secret(old("acme-prod")).findings("rotation-overdue", "severities.rotation-overdue = 'low'");
        assert_eq!(findings[0].raised.as_deref(), Some("medium, not low: `key` is in production"));
    }

    #[test]
    fn what_is_young_revoked_or_of_unknown_age_is_silent() {
        let secrets = [
            Secret { rotated_at: Some(at("2026-04-01")), ..old("acme-prod") },
            Secret { revoked: Some(true), ..old("acme-prod") },
            Secret { created_at: None, ..old("acme-prod") },
        ];
        for secret in secrets {
            assert!(Scene::new().secret(secret).findings("rotation-overdue", "").is_empty());
        }
    }

    #[test]
    fn an_exception_marks_the_finding_until_it_ends() {
        let exception = |expires: &str| {
            format!(
                "[[exceptions]]\nrule = 'rotation-overdue'\nsubject = 'k*'\nreason = 'June release'\nowner = 'payments'\nexpires = {expires}"
            )
        };
        let waived = |policy: &str| Scene::new().secret(old("acme-prod")).findings("rotation-overdue", policy)[0].waived.is_some();
        assert!(waived(&exception("2026-06-30")));
        assert!(!waived(&exception("2026-05-01")));
        assert!(!waived(&exception("2026-06-30").replace("k*", "other")));
    }
}

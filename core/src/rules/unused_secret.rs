//! `unused-secret`: a secret has not been used for long.

use super::Standards;
use super::dormancy::dormant;
use super::rule::{Context, Draft, Rule};
use crate::model::EntityType;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "unused-secret",
    title: "Secret is not used",
    why: "A secret that nobody uses opens a door that nobody watches. Its theft changes nothing that anyone would notice, and in breaches it is the one that was not \
          rotated because it was believed to be unused.",
    remedy: "Ask its owner, then revoke it. Where a yearly job needs it, issue it for that day.",
    example: "A token was used for the last time 200 days ago. Revoke it, and issue a new one when somebody asks.",
    severity: Severity::Low,
    severity_reason: "its theft would change nothing that anyone looks at",
    standards: Standards::new(&["NHI1:2025"], &["PR.AA-01"], &["AC-2(3)"]).ai_rmf(&["GOVERN 1.7"]),
    check,
};

fn check(context: &Context<'_>) -> Vec<Draft> {
    dormant(context, EntityType::Secret, |limit| format!("a secret that is not used for {limit} should be revoked"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Secret, SecretKind};
    use crate::rules::testing::{Scene, at};

    fn used(last_used_at: Option<&str>) -> Secret {
        Secret { last_used_at: last_used_at.map(at), ..Secret::new("key", SecretKind::AccessKey) }
    }

    #[test]
    fn a_secret_that_was_last_used_long_ago_is_found() {
        let findings = Scene::new().secret(used(Some("2026-03-01"))).findings("unused-secret", "");
        let message = "`key` was last used on 2026-03-01, 61 days ago; a secret that is not used for 45 days should be revoked";
        assert_eq!((findings[0].message.as_str(), findings[0].severity), (message, Severity::Low));
        let production = Secret { tenant: Some("acme-prod".into()), ..used(Some("2026-03-01")) };
        let findings = Scene::new().tenant("acme-prod").secret(production).findings("unused-secret", "");
        assert_eq!(findings[0].severity, Severity::Medium);
    }

    #[test]
    fn what_is_used_dead_or_unknown_is_silent() {
        let revoked = Secret { revoked: Some(true), ..used(Some("2026-03-01")) };
        let dynamic = Secret { dynamic: Some(true), ..used(Some("2026-03-01")) };
        for secret in [used(Some("2026-03-17")), used(None), revoked, dynamic] {
            assert!(Scene::new().secret(secret).findings("unused-secret", "").is_empty());
        }
        assert!(Scene::new().secret(used(Some("2026-03-01"))).findings("unused-secret", "dormancy_days.secrets = 61").is_empty());
    }
}

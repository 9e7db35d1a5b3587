//! `dormant-identity`: an identity has not been used for long.

use super::Standards;
use super::dormancy::dormant;
use super::rule::{Context, Draft, Rule};
use crate::model::EntityType;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "dormant-identity",
    title: "Identity is not used",
    why: "An identity that nobody uses is an account that nobody misses. The breach that Microsoft made public in January 2024 began at a test account of that sort: old, without a second factor, \
          and trusted by production.",
    remedy: "Ask its owner, disable it for a while, then delete it with its secrets and rights.",
    example: "`importer@acme.example` signed in for the last time two years ago and still reads the order database. Disable it, wait, then delete it.",
    severity: Severity::Low,
    severity_reason: "its misuse would be seen by nobody, as nobody expects it to act",
    standards: Standards::new(&["NHI1:2025"], &["PR.AA-01"], &["AC-2", "AC-2(3)"]).ai_rmf(&["GOVERN 1.7"]),
    check,
};

fn check(context: &Context<'_>) -> Vec<Draft> {
    dormant(context, EntityType::Identity, |limit| format!("an identity that is not used for {limit} should be disabled"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, IdentityKind, Relation, RelationKind};
    use crate::rules::testing::{Scene, at};

    fn used(last_used_at: Option<&str>) -> Identity {
        let tenant = Some("acme-dev".into());
        Identity { tenant, last_used_at: last_used_at.map(at), ..Identity::new("robot", IdentityKind::ServiceAccount) }
    }

    fn scene(identity: Identity) -> Scene {
        Scene::new().tenant("acme-dev").tenant("acme-prod").add(identity)
    }

    #[test]
    fn an_identity_that_was_last_used_long_ago_is_found_and_raised_where_it_reaches_production() {
        let findings = scene(used(Some("2026-01-01"))).findings("dormant-identity", "");
        let message = "`robot` was last used on 2026-01-01, 120 days ago; an identity that is not used for 90 days should be disabled";
        assert_eq!((findings[0].message.as_str(), findings[0].severity), (message, Severity::Low));
        let reaching = scene(used(Some("2026-01-01"))).relate(Relation::new("robot", RelationKind::Reads, "acme-prod"));
        assert_eq!(reaching.findings("dormant-identity", "")[0].severity, Severity::Medium);
    }

    #[test]
    fn what_is_used_disabled_or_unknown_is_silent() {
        let disabled = Identity { enabled: Some(false), ..used(Some("2026-01-01")) };
        for identity in [used(Some("2026-01-31")), used(None), disabled] {
            assert!(scene(identity).findings("dormant-identity", "").is_empty());
        }
    }
}

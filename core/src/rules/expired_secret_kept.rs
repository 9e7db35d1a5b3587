//! `expired-secret-kept`: a secret is past its end and still there.

use super::rule::{Context, Draft, Rule};
use super::wording::days;
use super::{Evidence, Standards};
use crate::analysis::Expired;
use crate::model::EntityType;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "expired-secret-kept",
    title: "Expired secret is kept",
    why: "What nobody cleans up shows that nobody looks. An expired secret hides the living ones beside it, breaks what still uses it at a moment nobody \
          chose, and is often renewed in haste with the same value or a longer life.",
    remedy: "See that nothing uses it any more, then delete it and every record of it.",
    example: "A client secret ended in January and still stands beside its successor. Delete it, and whatever still names it.",
    severity: Severity::Low,
    severity_reason: "it hides living secrets in a list that nobody can review",
    standards: Standards::new(&["NHI1:2025"], &["PR.AA-01"], &["AC-2(3)"]).ai_rmf(&["GOVERN 1.7"]),
    check,
};

fn check(context: &Context<'_>) -> Vec<Draft> {
    context
        .lifecycle
        .expired
        .iter()
        .filter(|expired| expired.entity_type == EntityType::Secret)
        .map(|expired| draft(context, expired))
        .collect()
}

fn draft(context: &Context<'_>, expired: &Expired) -> Draft {
    let held = match expired.holders {
        0 => String::new(),
        1 => "; 1 relation still leads to it or from it".to_owned(),
        more => format!("; {more} relations still lead to it or from it"),
    };
    let message = format!(
        "{} ended on {}, {} ago, and is still there{held}",
        context.name_of(&expired.entity),
        expired.expires_at.date(),
        days(expired.expired_days)
    );
    let end = Evidence::Expiry { entity: expired.entity.clone(), expires_at: expired.expires_at };
    let draft = Draft::new(vec![expired.entity.clone()], message).show(end).weight(expired.expired_days.unsigned_abs());
    let draft = draft.raised_by(context.estate.find(&expired.entity).into_iter().collect());
    expired.held_by.iter().fold(draft, |draft, relation| draft.show(Evidence::Relation { relation: relation.clone() }))
}

#[cfg(test)]
mod tests {
    use crate::model::{Identity, IdentityKind, Relation, RelationKind, Secret, SecretKind};
    use crate::rules::testing::{Scene, at};

    fn ended() -> Secret {
        Secret { expires_at: Some(at("2026-04-01")), ..Secret::new("key", SecretKind::Token) }
    }

    #[test]
    fn a_secret_past_its_end_is_found_with_what_still_holds_it() {
        let scene = Scene::new().secret(ended()).add(Identity::new("robot", IdentityKind::Workload));
        let findings = scene.relate(Relation::new("robot", RelationKind::Uses, "key")).findings("expired-secret-kept", "");
        assert_eq!(
            findings[0].message,
            "`key` ended on 2026-04-01, 30 days ago, and is still there; 1 relation still leads to it or from it"
        );
        assert_eq!((findings[0].evidence.len(), findings[0].raised.clone()), (2, None));
    }

    #[test]
    fn what_is_revoked_or_not_yet_past_its_end_is_silent() {
        let revoked = Secret { revoked: Some(true), ..ended() };
        let living = Secret { expires_at: Some(at("2026-05-02")), ..ended() };
        for secret in [revoked, living, Secret { expires_at: None, ..ended() }] {
            assert!(Scene::new().secret(secret).findings("expired-secret-kept", "").is_empty());
        }
    }
}

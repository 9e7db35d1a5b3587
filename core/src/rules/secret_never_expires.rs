//! `secret-never-expires`: a secret is stated to have no end.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "secret-never-expires",
    title: "Secret never expires",
    why: "A secret without an end outlives its purpose, its owner and the memory of both, and works for whoever finds it.",
    remedy: "Issue it with an end, or replace it by a short-lived or federated credential. Where a provider knows no end, rotate it by the calendar.",
    example: "A service account key ends in the year 9999. Replace it by a token that is issued for one run, or give it an end.",
    severity: Severity::Low,
    severity_reason: "nothing will ever stop it from working but somebody's attention",
    standards: Standards::new(&["NHI7:2025"], &["PR.AA-01"], &["IA-5"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// Only a stated end that says "never" counts, whatever the secret's age. An end that nobody states is unknown, and stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let estate = context.estate;
    let secrets = estate.indices().filter_map(|index| Some((index, estate.entity(index).as_secret()?)));
    let living = secrets.filter(|(index, secret)| context.graph.lives(*index) && secret.dynamic != Some(true));
    living
        .filter_map(|(index, secret)| {
            let end = secret.expires_at.filter(|end| context.policy.says_never(*end, context.as_of))?;
            let limit = context.policy.limit(secret.kind, estate.environment(index).class());
            let message = format!("{} is stated never to expire (its end is {})", context.name(index), end.date());
            let evidence = Evidence::Expiry { entity: secret.id.to_owned(), expires_at: end };
            limit.must_expire.then(|| Draft::new(vec![secret.id.to_owned()], message).show(evidence).raised_by(vec![index]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::model::{Instant, Secret, SecretKind};
    use crate::rules::testing::{Scene, at};

    fn findings(expires_at: Option<Instant>, policy: &str) -> usize {
        let secret = Secret { expires_at, created_at: Some(at("2020-01-01")), ..Secret::new("key", SecretKind::AccessKey) };
        Scene::new().secret(secret).findings("secret-never-expires", policy).len()
    }

    #[test]
    fn only_a_stated_never_is_found_even_on_an_old_key() {
        assert_eq!(findings(Some(Instant::NEVER), ""), 1);
        assert_eq!(findings(Some(at("2100-12-31")), ""), 1);
        assert_eq!(findings(Some(at("2027-12-31")), ""), 0);
        assert_eq!(findings(None, ""), 0);
        assert_eq!(findings(Some(Instant::NEVER), "limits.access_key = { age_days = 90 }"), 0);
    }

    #[test]
    fn revoked_and_dynamic_secrets_are_silent() {
        let never = || Secret { expires_at: Some(Instant::NEVER), ..Secret::new("key", SecretKind::Token) };
        for secret in [Secret { revoked: Some(true), ..never() }, Secret { dynamic: Some(true), ..never() }] {
            assert!(Scene::new().secret(secret).findings("secret-never-expires", "").is_empty());
        }
    }
}

//! `secret-lives-too-long`: a secret is issued for longer than its kind may live.

use super::rule::{Context, Draft, Rule};
use super::wording::days;
use super::{Evidence, Standards};
use crate::estate::EntityIndex;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "secret-lives-too-long",
    title: "Secret is valid for too long",
    why: "A secret that was issued for years is good for years to whoever finds it, however young it is today. One that is issued on request and lives for \
          days is hardly better than a static one.",
    remedy: "Issue it for the time it is needed and let it be renewed; where the workload can prove itself otherwise, replace it by a federated token.",
    example: "A certificate for a test service is issued for ten years. Issue it for ninety days and renew it by a machine.",
    severity: Severity::Low,
    severity_reason: "once copied it works for years, however young it is today",
    standards: Standards::new(&["NHI7:2025"], &["PR.AA-01"], &["IA-5"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// The lifetime runs from the rotation or else the creation to the stated end. An end that says "never" is a finding of its own; one that nobody states is
/// unknown.
fn check(context: &Context<'_>) -> Vec<Draft> {
    context.estate.indices().filter(|index| context.graph.lives(*index)).filter_map(|index| lifetime(context, index)).collect()
}

fn lifetime(context: &Context<'_>, index: EntityIndex) -> Option<Draft> {
    let secret = context.estate.entity(index).as_secret()?;
    let dynamic = secret.dynamic == Some(true);
    let limit = context.policy.limit(secret.kind, context.estate.environment(index).class());
    let limit_days = if dynamic { Some(context.policy.dynamic_lifetime_days) } else { limit.lifetime_days }?;
    let made = if dynamic { secret.created_at } else { secret.rotated_at.or(secret.created_at) };
    let since = made.filter(|made| *made <= context.as_of)?;
    let expires_at = secret.expires_at.filter(|end| !context.policy.says_never(*end, context.as_of))?;
    if expires_at <= since.plus_days(limit_days.into()) {
        return None;
    }
    let (name, lives) = (context.name(index), days(expires_at.days_since(since)));
    let request = if dynamic { ", though it is issued on request" } else { "" };
    let message =
        format!("{name} lives for {lives} (until {}) and its kind may live for {}{request}", expires_at.date(), days(limit_days.into()));
    let evidence = Evidence::Lifetime { secret: secret.id.to_owned(), since, expires_at, limit_days };
    let weight = expires_at.days_since(since).unsigned_abs();
    Some(Draft::new(vec![secret.id.to_owned()], message).show(evidence).weight(weight).raised_by(vec![index]))
}

#[cfg(test)]
mod tests {
    use crate::model::{Instant, Secret, SecretKind};
    use crate::rules::testing::{Scene, at};

    fn messages(secret: Secret) -> Vec<String> {
        Scene::new().secret(secret).findings("secret-lives-too-long", "").into_iter().map(|finding| finding.message).collect()
    }

    fn secret(kind: SecretKind, created_at: &str, expires_at: Instant) -> Secret {
        Secret { created_at: Some(at(created_at)), expires_at: Some(expires_at), ..Secret::new("key", kind) }
    }

    #[test]
    fn a_client_secret_of_two_years_is_found_however_young() {
        let found = messages(secret(SecretKind::ClientSecret, "2026-04-30", at("2028-04-30")));
        assert_eq!(found, ["`key` lives for 731 days (until 2028-04-30) and its kind may live for 180 days"]);
        let rotated = Secret { rotated_at: Some(at("2027-12-01")), ..secret(SecretKind::ClientSecret, "2020-01-01", at("2028-04-30")) };
        assert!(messages(rotated).is_empty());
    }

    #[test]
    fn a_dynamic_secret_is_judged_on_its_own_limit() {
        let lease = |end: &str| Secret { dynamic: Some(true), ..secret(SecretKind::Token, "2026-04-30T20:00:00Z", at(end)) };
        let found = messages(lease("2026-05-07T20:00:00Z"));
        assert_eq!(found, ["`key` lives for 7 days (until 2026-05-07) and its kind may live for 1 day, though it is issued on request"]);
        assert!(messages(lease("2026-05-01T20:00:00Z")).is_empty());
    }

    #[test]
    fn what_has_no_limit_no_dates_or_no_end_is_silent() {
        let rotated = Secret { rotated_at: Some(at("2026-04-01")), ..secret(SecretKind::ClientSecret, "2020-01-01", at("2026-09-01")) };
        let cases = [
            secret(SecretKind::AccessKey, "2026-04-30", at("2028-04-30")),
            secret(SecretKind::ClientSecret, "2026-04-30", Instant::NEVER),
            secret(SecretKind::ClientSecret, "2026-04-30", at("2026-10-01")),
            Secret { created_at: None, ..secret(SecretKind::ClientSecret, "2026-04-30", at("2028-04-30")) },
            Secret { expires_at: None, ..secret(SecretKind::ClientSecret, "2026-04-30", Instant::NEVER) },
            Secret { revoked: Some(true), ..secret(SecretKind::ClientSecret, "2026-04-30", at("2028-04-30")) },
            rotated,
        ];
        for secret in cases {
            assert!(messages(secret.clone()).is_empty(), "{secret:?}");
        }
    }
}

//! `leaked-secret`: a scanner found a secret where it should not be.

use super::rule::{Context, Draft, Raise, Rule};
use super::wording::{counted, listed};
use super::{Evidence, Standards};
use crate::estate::{EntityIndex, SecretCopies, SecretRef};
use crate::model::Instant;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "leaked-secret",
    title: "Secret found by a scanner",
    why: "Where a scanner found it, others have. A value that was once in a repository, an image or a chat stays in every copy of it, and works until it is \
          revoked.",
    remedy: "Revoke and replace the value first, whoever may have seen it; then remove it from where it was found, and look in the logs for what it was used for.",
    example: "A scanner finds the access key of `deployer` in a repository. Revoke the key first, then find out who used it, then clean the repository.",
    severity: Severity::High,
    severity_reason: "whoever could read that place can already hold the value",
    standards: Standards::new(&["NHI2:2025"], &["DE.CM-09"], &["IA-5(7)"]).ai_rmf(&["MANAGE 4.3"]),
    check,
};

/// One finding a value, whatever the number of records that scanners made of it. What is revoked or expired, or was rotated after it was found, no longer
/// works and is silent.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let estate = context.estate;
    let copies = SecretCopies::of(estate, |secret| context.graph.lives(secret));
    let leaked = |index: &EntityIndex| {
        context.graph.lives(*index) && estate.entity(*index).as_secret().is_some_and(|secret| exposed(secret).next().is_some())
    };
    // The records of one value, and those of them that were found.
    let all = |index: EntityIndex| -> Vec<EntityIndex> {
        let records = copies.of_secret(index);
        if records.is_empty() { vec![index] } else { records.to_vec() }
    };
    let records = |index: EntityIndex| -> Vec<EntityIndex> { all(index).into_iter().filter(leaked).collect() };
    // Of the records of one value the first speaks for all.
    let first = estate.indices().filter(leaked).map(|index| (index, records(index))).filter(|(index, records)| records[0] == *index);
    first.map(|(index, records)| Draft { lost: all(index), ..draft(context, records) }).collect()
}

/// Where a secret was found with the value it still has.
fn exposed<'a>(secret: SecretRef<'a>) -> impl Iterator<Item = &'a crate::model::Exposure> {
    let rotated = secret.rotated_at.unwrap_or(Instant::from_unix_microseconds(i64::MIN));
    secret.exposures.iter().filter(move |exposure| exposure.found_at.is_none_or(|found| found >= rotated))
}

fn draft(context: &Context<'_>, records: Vec<EntityIndex>) -> Draft {
    let secrets = || records.iter().filter_map(|index| context.estate.entity(*index).as_secret());
    let found: Vec<_> = secrets().flat_map(|secret| exposed(secret).map(move |exposure| (secret, exposure))).collect();
    let name = listed(records.iter().map(|index| context.name(*index)).collect(), records.len() as u64);
    let verified = found.iter().any(|(_, exposure)| exposure.verified == Some(true));
    let valid = secrets().any(|secret| secret.expires_at.is_some());
    let works = if verified { ", and the scanner proved that it works" } else { "" };
    let message = format!("{name} was found by a scanner in {}{works}", counted(found.len() as u64, "place", "places"));
    let mut draft = Draft::new(records.iter().map(|index| context.id(*index)).collect(), message).weight(found.len() as u64);
    draft.evidence = found
        .into_iter()
        .map(|(secret, exposure)| Evidence::Exposure { secret: secret.id.to_owned(), exposure: exposure.clone() })
        .collect();
    draft.raise = match (verified, valid) {
        (true, _) => Raise::Because("the scanner proved that it works".into()),
        (_, true) => Raise::Because("its stated end has not come".into()),
        _ => Raise::By(records),
    };
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Exposure, Secret, SecretKind};
    use crate::rules::testing::{Scene, at};

    fn found(verified: Option<bool>, found_at: Option<&str>) -> Secret {
        let exposure = Exposure {
            detector: Some("generic-api-key".into()),
            location: Some("shop/deploy.sh".into()),
            verified,
            found_at: found_at.map(at),
        };
        Secret { exposures: vec![exposure], ..Secret::new("key", SecretKind::ApiKey) }
    }

    fn of(secrets: &[Secret]) -> Vec<crate::rules::Finding> {
        let scene = secrets.iter().fold(Scene::new().tenant("acme-prod"), |scene, secret| scene.secret(secret.clone()));
        scene.findings("leaked-secret", "")
    }

    #[test]
    fn what_a_scanner_found_is_high_and_what_it_verified_is_critical() {
        let findings = of(&[found(None, None)]);
        assert_eq!((findings[0].message.as_str(), findings[0].severity), ("`key` was found by a scanner in 1 place", Severity::High));
        let verified = of(&[found(Some(true), None)]);
        assert_eq!(verified[0].raised.as_deref(), Some("critical, not high: the scanner proved that it works"));
        let valid = of(&[Secret { expires_at: Some(at("2027-01-01")), ..found(Some(false), None) }]);
        assert_eq!(valid[0].severity, Severity::Critical);
    }

    #[test]
    fn the_records_of_one_value_are_one_finding_raised_by_what_any_of_them_opens() {
        let copy = |id: &str| Secret { id: id.into(), fingerprint: Some("f".into()), ..found(None, None) };
        let kept = Secret { exposures: Vec::new(), tenant: Some("acme-prod".into()), ..copy("kept") };
        let findings = of(&[copy("a"), copy("b"), kept]);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].subjects.join(" "), findings[0].evidence.len()), ("a b".into(), 2));
        assert_eq!(findings[0].severity, Severity::Critical);
    }

    #[test]
    fn what_no_longer_works_or_was_never_found_is_silent() {
        let clean = Secret { exposures: Vec::new(), ..found(None, None) };
        let revoked = Secret { revoked: Some(true), ..found(Some(true), None) };
        let expired = Secret { expires_at: Some(at("2026-04-01")), ..found(None, None) };
        let rotated = Secret { rotated_at: Some(at("2026-04-02")), ..found(None, Some("2026-04-01")) };
        assert!(of(&[clean]).is_empty() && of(&[revoked]).is_empty() && of(&[expired]).is_empty() && of(&[rotated]).is_empty());
        assert_eq!(of(&[Secret { rotated_at: Some(at("2026-04-02")), ..found(None, None) }]).len(), 1);
    }
}

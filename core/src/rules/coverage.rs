//! [`coverage`]: what the rules would need to know and how much of it is known. Below the total, silence is "unknown", never "fine".

use super::rule::Context;
use crate::estate::{Coverage, SecretRef};
use crate::model::{EntityType, Environment, Storage};

/// What the input covers of what the rules ask, with what its readers said of themselves; by topic. Costs one pass over the entities.
pub(crate) fn coverage(context: &Context<'_>) -> Vec<Coverage> {
    let estate = context.estate;
    let mut environments = [0u64; 2];
    let mut tenants = [0u64; 2];
    let mut proofs = [0u64; 2];
    let mut secrets: Vec<SecretRef<'_>> = Vec::new();
    for index in estate.indices() {
        let known = estate.environment(index).environment != Environment::Unknown;
        add(&mut environments, known);
        if estate.entity(index).entity_type() == EntityType::Tenant {
            add(&mut tenants, known);
        }
        if let Some(identity) = estate.entity(index).as_identity().filter(|_| context.graph.lives(index)) {
            add(&mut proofs, !identity.authentication.is_empty());
        }
        secrets.extend(estate.entity(index).as_secret().filter(|_| context.graph.lives(index)));
    }
    let of_secrets = |known: fn(&SecretRef<'_>) -> bool| {
        let mut counts = [0u64; 2];
        secrets.iter().for_each(|secret| add(&mut counts, known(secret)));
        counts
    };
    let topics = [
        (
            "environments",
            environments,
            "entities of unknown environment are neither start nor target, so paths from and into them are not judged",
        ),
        (
            "tenant_environments",
            tenants,
            "tenants of unknown environment are neither start nor target, so paths from and into them are not judged",
        ),
        (
            "identity_authentication",
            proofs,
            "identities of which nobody says how they prove themselves may do so by a password or a static secret",
        ),
        (
            "secret_ages",
            of_secrets(|secret| secret.rotated_at.or(secret.created_at).is_some()),
            "secrets without a date cannot be said to be rotated in time",
        ),
        ("secret_expiries", of_secrets(|secret| secret.expires_at.is_some()), "secrets without a stated expiry may never end"),
        (
            "secret_storage",
            of_secrets(|secret| secret.storage.is_some_and(|storage| storage != Storage::Unknown)),
            "secrets of unknown storage are not counted as inside or outside a manager",
        ),
        (
            "secret_fingerprints",
            of_secrets(|secret| secret.fingerprint.is_some_and(|fingerprint| !fingerprint.is_empty())),
            "copies of secrets without a fingerprint cannot be recognised",
        ),
    ];
    let own = topics.into_iter().filter(|(_, [_, total], _)| *total > 0);
    let own = own.map(|(topic, [known, total], note)| Coverage { topic: topic.into(), known, total, note: note.into() });
    let asked = [&context.privilege.coverage, &context.lifecycle.coverage, &context.classification.coverage];
    let read = estate.reading().coverage.iter().chain(asked.into_iter().flatten()).cloned();
    let keys = super::keys::Keys::of(context);
    let of_rules = [super::federations::coverage(context), super::pipelines::coverage(context, &keys)];
    let of_one = [super::people::coverage(context, &keys), super::vendors::coverage(context)];
    let of_rules = of_rules.into_iter().flatten().chain(of_one.into_iter().flatten());
    let mut coverage: Vec<_> = read.chain(own).chain(of_rules).collect();
    coverage.sort();
    coverage
}

fn add(counts: &mut [u64; 2], known: bool) {
    counts[0] += u64::from(known);
    counts[1] += 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Secret, SecretKind};
    use crate::rules::testing::{Scene, at};

    #[test]
    fn what_is_not_known_is_counted_by_topic() {
        let dated = Secret { created_at: Some(at("2026-04-01")), ..Secret::new("dated", SecretKind::Token) };
        let revoked = Secret { revoked: Some(true), ..Secret::new("revoked", SecretKind::Token) };
        let scene =
            Scene::new().tenant("acme").tenant("acme-dev").secret(dated).secret(Secret::new("bare", SecretKind::Token)).secret(revoked);
        let coverage = scene.with_context("", coverage);
        let told: Vec<_> = coverage.iter().map(|it| format!("{} {}/{}", it.topic, it.known, it.total)).collect();
        let expected = [
            "control_audit_logging 0/2",
            "control_max_secret_age_days 0/2",
            "control_mfa_required 0/2",
            "control_monitored 0/2",
            "environments 1/5",
            "owners 0/2",
            "secret_ages 1/2",
            "secret_expiries 0/2",
            "secret_fingerprints 0/2",
            "secret_storage 0/2",
            "secret_uses 0/2",
            "tenant_environments 1/2",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn an_estate_without_secrets_says_nothing_of_them() {
        assert!(Scene::new().with_context("", coverage).is_empty());
    }
}

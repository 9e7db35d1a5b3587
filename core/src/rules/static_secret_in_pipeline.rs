//! `static-secret-in-pipeline`: a pipeline holds a long-lived secret where a federated token would do.

use super::keys::Keys;
use super::pipelines::{Alternative, PipelineSecret, pipeline_secrets};
use super::rule::{Context, Draft, Rule};
use super::wording::{counted, listed};
use super::{Evidence, SecretUse, Standards};
use crate::estate::EntityIndex;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "static-secret-in-pipeline",
    title: "Long-lived secret in a pipeline",
    why: "A pipeline runs what is pushed to it, and prints, caches and hands on what it holds. A secret that lies there works for whoever copies it, from \
          anywhere, until it is rotated; a federated token works for one job and for minutes.",
    remedy: "Let the identity accept the tokens of the pipeline's own issuer, for this repository and environment alone; then take the secret out of the \
             pipeline and revoke it.",
    example: "A deployment workflow holds an access key of the cloud account. Let the account accept the workflow's token and delete the key.",
    severity: Severity::Medium,
    severity_reason: "whoever can change a job or read its log takes the secret away, and it goes on working elsewhere",
    standards: Standards::new(&["NHI6:2025"], &["PR.AA-03"], &["IA-5(7)"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// How many secrets are shown as evidence.
const SHOWN: usize = 10;

/// One finding a pipeline; for a secret in a variable of a pipeline that nobody names, one a secret. Federation exists where the identity or another of its
/// tenant takes federated tokens already, or where its tenant is of a kind that can. Of a secret of which nobody says what it opens, nothing is said; it
/// stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let keys = Keys::of(context);
    let secrets = pipeline_secrets(context, &keys);
    let federated = |secret: &&PipelineSecret| !secret.opens.is_empty();
    let mut found: Vec<_> = secrets.iter().filter(federated).collect();
    found.sort_by_key(|secret| (secret.holder, secret.secret));
    found.chunk_by(|a, b| a.holder == b.holder).map(|secrets| draft(context, secrets)).collect()
}

fn draft(context: &Context<'_>, secrets: &[&PipelineSecret]) -> Draft {
    let holder = secrets[0].holder;
    let all = secrets.len() as u64;
    let said: Vec<_> = secrets.iter().map(|secret| said(context, secret)).collect();
    let message = if holder == secrets[0].secret {
        format!("a pipeline variable holds a long-lived secret where a federated token would do: {}", listed(said, all))
    } else {
        let number = counted(all, "long-lived secret", "long-lived secrets");
        format!("{} holds {number} where a federated token would do: {}", context.name(holder), listed(said, all))
    };
    let opened = secrets.iter().flat_map(|secret| secret.opens.iter().map(|(identity, _)| *identity));
    let draft = Draft::new(vec![context.id(holder)], message).weight(all).raised_by(std::iter::once(holder).chain(opened).collect());
    secrets.iter().take(SHOWN).fold(draft, |draft, secret| {
        let used = |role, entity: EntityIndex| Evidence::Use {
            secret: context.id(secret.secret),
            role,
            entity: context.id(entity),
            environment: context.estate.environment(entity).environment,
        };
        let held = if secret.holder == secret.secret { SecretUse::Record } else { SecretUse::UsedBy };
        let draft = draft.show(used(held, secret.holder));
        secret.opens.iter().take(SHOWN).fold(draft, |draft, (identity, _)| draft.show(used(SecretUse::AuthenticatesAs, *identity)))
    })
}

fn said(context: &Context<'_>, secret: &PipelineSecret) -> String {
    let opens = secret.opens.iter().map(|(identity, alternative)| {
        let how = match alternative {
            Alternative::Itself => "which takes federated tokens already".to_owned(),
            Alternative::Beside(tenant) => format!("beside which in {} another takes federated tokens", context.name(*tenant)),
            Alternative::Offered(tenant) => {
                format!("whose {} {} can take federated tokens", context.estate.entity(*tenant).kind(), context.name(*tenant))
            }
        };
        format!("{}, {how}", context.name(*identity))
    });
    format!("{} opens {}", context.name(secret.secret), listed(opens.collect(), secret.opens.len() as u64))
}

#[cfg(test)]
mod tests {
    use crate::model::{Identity, IdentityKind, Relation, RelationKind, Secret, SecretKind, Storage, Tenant, TenantKind};
    use crate::rules::testing::{Scene, at};

    /// A pipeline that uses a key of an account in a tenant of a kind.
    fn scene(tenant: TenantKind, key: Secret) -> Scene {
        let scene = Scene::new().add(Tenant::new("acme-dev", tenant)).identity("robot", "acme-dev").identity("other", "acme-dev");
        let scene = scene.add(Identity::new("deploy", IdentityKind::Pipeline)).secret(key);
        scene.relate(Relation::new("key", RelationKind::AuthenticatesAs, "robot"))
    }

    fn key() -> Secret {
        Secret::new("key", SecretKind::AccessKey)
    }

    fn uses() -> Relation {
        Relation::new("deploy", RelationKind::Uses, "key")
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("static-secret-in-pipeline", "").into_iter().map(|finding| finding.message).collect()
    }

    fn known(scene: Scene) -> String {
        let coverage = scene.with_context("", crate::rules::coverage);
        let topic = coverage.iter().find(|it| it.topic == "pipeline_secrets").expect("the topic");
        format!("{}/{}", topic.known, topic.total)
    }

    #[test]
    fn a_static_key_is_found_where_tokens_are_or_can_be_taken() {
        let start = "`deploy` holds 1 long-lived secret where a federated token would do: `key` opens `robot`, ";
        let offered = messages(scene(TenantKind::AwsAccount, key()).relate(uses()));
        assert_eq!(offered, [format!("{start}whose aws_account `acme-dev` can take federated tokens")]);
        for (to, how) in
            [("robot", "which takes federated tokens already"), ("other", "beside which in `acme-dev` another takes federated tokens")]
        {
            let scene = scene(TenantKind::SaasOrganization, key()).relate(uses()).identity("workload", "elsewhere");
            let scene = scene.relate(Relation::new("workload", RelationKind::FederatesTo, to));
            assert_eq!(messages(scene), [format!("{start}{how}")]);
        }
    }

    #[test]
    fn another_record_of_the_secret_counts_and_so_does_a_variable() {
        let copy = |id: &str| Secret { fingerprint: Some("f1".into()), ..Secret::new(id, SecretKind::AccessKey) };
        let copied = scene(TenantKind::AwsAccount, Secret { fingerprint: Some("f1".into()), ..key() }).secret(copy("variable"));
        assert_eq!(messages(copied.relate(Relation::new("deploy", RelationKind::Uses, "variable"))).len(), 1);
        let variable = messages(scene(TenantKind::AwsAccount, Secret { storage: Some(Storage::CiVariable), ..key() }));
        assert!(variable[0].starts_with("a pipeline variable holds a long-lived secret"), "{variable:?}");
    }

    #[test]
    fn short_lives_other_users_and_places_without_federation_are_silent() {
        assert!(messages(scene(TenantKind::SaasOrganization, key()).relate(uses())).is_empty());
        assert!(messages(scene(TenantKind::AwsAccount, key()).relate(Relation::new("other", RelationKind::Uses, "key"))).is_empty());
        let dynamic = Secret { dynamic: Some(true), ..key() };
        assert!(messages(scene(TenantKind::AwsAccount, dynamic).relate(uses())).is_empty());
        let (created_at, expires_at) = (Some(at("2026-05-01")), Some(at("2026-05-02")));
        assert!(messages(scene(TenantKind::AwsAccount, Secret { created_at, expires_at, ..key() }).relate(uses())).is_empty());
    }

    #[test]
    fn of_a_secret_that_opens_nobody_knows_what_nothing_is_said() {
        let bare = Scene::new().add(Identity::new("deploy", IdentityKind::Pipeline)).secret(key()).relate(uses());
        assert_eq!(known(bare), "0/1");
        assert_eq!(known(scene(TenantKind::SaasOrganization, key()).relate(uses())), "1/1");
    }
}

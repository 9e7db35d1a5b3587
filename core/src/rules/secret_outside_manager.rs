//! `secret-outside-manager`: a secret is kept where no manager rotates, logs and revokes it.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::model::Storage;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "secret-outside-manager",
    title: "Secret kept outside a secret manager",
    why: "A value in code, in a file, in a pipeline variable or in an image is copied with it: to every clone, build log, cache and backup. Nobody sees who reads \
          it there, and nobody can take it back.",
    remedy: "Move it into a secret manager, let the workload fetch it there at run time, then rotate it: the old value stays in every copy.",
    example: "A database password stands in a configuration file of a repository. Keep it in a vault, read it from there at run time, and rotate it once.",
    severity: Severity::Medium,
    severity_reason: "every copy of the place is a copy of the secret, and nobody sees who reads it",
    standards: Standards::new(&["NHI2:2025"], &["PR.DS-01"], &["IA-5(7)"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// What counts as a manager stands in the policy. Of a secret whose place nobody says nothing is said; it stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let estate = context.estate;
    let secrets = estate.indices().filter_map(|index| Some((index, estate.entity(index).as_secret()?)));
    let kept =
        secrets.filter(|(index, _)| context.graph.lives(*index)).filter_map(|(index, secret)| Some((index, secret, secret.storage?)));
    kept.filter(|(_, _, storage)| *storage != Storage::Unknown && !context.policy.secret_managers.contains(storage))
        .map(|(index, secret, storage)| {
            let message = format!("{} is kept in {}, outside a secret manager", context.name(index), place(storage));
            let mut draft = Draft::new(vec![secret.id.to_owned()], message).show(Evidence::Kept { secret: secret.id.to_owned(), storage });
            draft.facet = storage.to_string();
            draft.raised_by(vec![index])
        })
        .collect()
}

fn place(storage: Storage) -> &'static str {
    match storage {
        Storage::SecretManager => "a place that the policy does not count as a manager",
        Storage::KubernetesSecret => "a Kubernetes secret",
        Storage::CiVariable => "a variable of a pipeline",
        Storage::SourceCode => "source code",
        Storage::ConfigFile => "a configuration file",
        Storage::ContainerImage => "a container image",
        Storage::ChatOrTicket => "a chat or a ticket",
        Storage::Device => "somebody's device",
        _ => "a place that nobody names",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Secret, SecretKind};
    use crate::rules::testing::Scene;

    fn kept(storage: Option<Storage>) -> Secret {
        Secret { storage, tenant: Some("acme-dev".into()), ..Secret::new("key", SecretKind::ApiKey) }
    }

    fn messages(secret: Secret, policy: &str) -> Vec<String> {
        let scene = Scene::new().tenant("acme-dev").secret(secret);
        scene.findings("secret-outside-manager", policy).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_secret_in_code_or_in_a_pipeline_is_found() {
        for (storage, place) in [
            (Storage::SourceCode, "source code"),
            (Storage::CiVariable, "a variable of a pipeline"),
            (Storage::ContainerImage, "a container image"),
            (Storage::ChatOrTicket, "a chat or a ticket"),
            (Storage::ConfigFile, "a configuration file"),
        ] {
            assert_eq!(messages(kept(Some(storage)), ""), [format!("`key` is kept in {place}, outside a secret manager")]);
        }
        let found = messages(kept(Some(Storage::SecretManager)), "secret_managers = ['kubernetes_secret']");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_manager_an_unknown_place_and_a_dead_secret_are_silent() {
        let revoked = Secret { revoked: Some(true), ..kept(Some(Storage::SourceCode)) };
        for secret in [kept(Some(Storage::SecretManager)), kept(Some(Storage::Unknown)), kept(None), revoked] {
            assert!(messages(secret, "").is_empty());
        }
        assert!(messages(kept(Some(Storage::KubernetesSecret)), "secret_managers = ['kubernetes_secret']").is_empty());
    }
}

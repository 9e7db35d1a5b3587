//! GitHub: repositories, and the secrets of their pipelines.

use super::resource::Resource;
use super::translate::Source;
use crate::estate::EstateBuilder;
use crate::model::{Certainty, Relation, RelationKind, Resource as Entity, ResourceKind, Right};

/// Types of secrets of pipelines, with the attribute that names the repository; none of an organisation.
const SECRETS: [&str; 4] =
    ["github_actions_environment_secret", "github_actions_secret", "github_codespaces_secret", "github_dependabot_secret"];

/// Whether a type is read.
pub(super) fn is_read(kind: &str) -> bool {
    kind == "github_repository" || kind == "github_actions_organization_secret" || SECRETS.contains(&kind)
}

/// Adds the repositories of a source.
pub(super) fn add(source: &Source, builder: &mut EstateBuilder) {
    for resource in source.resources.iter().filter(|resource| resource.kind == "github_repository") {
        if let Some(full) = resource.text("full_name") {
            let id = repository_id(full);
            builder.add(Entity { name: Some(full.to_owned()), ..Entity::new(id, ResourceKind::Repository) });
        }
    }
}

fn repository_id(full_name: &str) -> String {
    format!("https://github.com/{full_name}")
}

/// The full name of the repository that a secret is of, where the state has the repository.
pub(super) fn repository_of(resource: &Resource, all: &[Resource]) -> Option<String> {
    if !SECRETS.contains(&resource.kind.as_str()) {
        return None;
    }
    let name = resource.text("repository")?;
    let mut all = all.iter().filter(|other| other.kind == "github_repository");
    all.find(|other| other.text("name") == Some(name) || other.text("full_name") == Some(name))?.text("full_name").map(repository_id)
}

/// Whoever writes to a repository has its pipelines print their secrets. What guards the secrets of an environment the state does not say of each branch.
pub(super) fn relate(repository: &str, secret: &str, is_of_environment: bool, builder: &mut EstateBuilder) {
    let certainty = if is_of_environment { Certainty::Possible } else { Certainty::Proven };
    let stores = Relation::new(repository, RelationKind::Stores, secret).requiring(Right::Write).certainty(certainty);
    builder.relate(stores.permission("pipeline secret"));
}

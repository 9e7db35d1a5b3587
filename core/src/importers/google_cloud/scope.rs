//! [`Scope`]: what a policy is on, and what the name of a file tells of it where the policy does not.

use super::effects::Target;
use super::entities::kind_of;
use super::names::ResourceName;
use super::world::World;

/// What a policy is on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// A project, folder or organisation.
    Tenant(String),
    /// A service account.
    Account(String),
    /// Anything else, with the service whose roles apply to it.
    Resource(String, Option<Target>),
}

impl Scope {
    /// The scope of a full resource name.
    pub fn of(name: &str, world: &World) -> Scope {
        let Some(parsed) = ResourceName::parse(name) else { return Scope::Resource(name.to_owned(), None) };
        if let Some(tenant) = parsed.tenant() {
            return Scope::Tenant(world.projects.tenant(tenant));
        }
        if parsed.service == "iam" && parsed.collection() == "serviceAccounts" {
            return Scope::Account(world.account_of(name));
        }
        Scope::Resource(world.projects.canonical(name), kind_of(&parsed).1)
    }

    /// The id of the entity.
    pub fn id(&self) -> &str {
        match self {
            Scope::Tenant(id) | Scope::Account(id) | Scope::Resource(id, _) => id,
        }
    }
}

/// The full resource name that the path of a file tells for a policy which names no resource: `projects/NAME/iam.json`,
/// `projects/NAME/buckets/NAME/iam.json`, `projects_NAME.json`, `organizations-1.json`. `None` where it tells nothing.
pub(super) fn of_file(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split(['/', '\\']).collect();
    let file = parts.pop()?;
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    if let Some((collection, id)) = stem.split_once(['_', '-']) {
        let collection = if collection.ends_with('s') { collection.to_owned() } else { format!("{collection}s") };
        let container = format!("{collection}/{id}");
        if super::names::is_container(&container) {
            return Some(format!("//cloudresourcemanager.googleapis.com/{container}"));
        }
    }
    let words: Vec<&str> = stem.split(['_', '-']).collect();
    if !words.contains(&"iam") && !words.contains(&"policy") {
        parts.push(stem);
    }
    of_folders(&parts)
}

fn of_folders(parts: &[&str]) -> Option<String> {
    let at = parts.iter().rposition(|part| matches!(*part, "projects" | "folders" | "organizations"))?;
    let container = format!("{}/{}", parts[at], parts.get(at + 1)?);
    if !super::names::is_container(&container) {
        return None;
    }
    match parts[at + 2..] {
        [] => Some(format!("//cloudresourcemanager.googleapis.com/{container}")),
        ["buckets", name] => Some(format!("//storage.googleapis.com/{name}")),
        ["secrets", name] => Some(format!("//secretmanager.googleapis.com/{container}/secrets/{name}")),
        ["serviceAccounts" | "service-accounts", name] => Some(format!("//iam.googleapis.com/{container}/serviceAccounts/{name}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_tell_what_a_policy_is_on() {
        let rows = [
            ("projects_acme-prod.json", "//cloudresourcemanager.googleapis.com/projects/acme-prod"),
            ("out/project-acme-prod.json", "//cloudresourcemanager.googleapis.com/projects/acme-prod"),
            ("organizations_12.json", "//cloudresourcemanager.googleapis.com/organizations/12"),
            ("audit/projects/acme-prod/iam.json", "//cloudresourcemanager.googleapis.com/projects/acme-prod"),
            ("audit/projects/acme-prod.json", "//cloudresourcemanager.googleapis.com/projects/acme-prod"),
            ("audit/projects/acme-prod/buckets/acme-logs/iam.json", "//storage.googleapis.com/acme-logs"),
            ("audit/projects/acme-prod/secrets/db/iam_policy.json", "//secretmanager.googleapis.com/projects/acme-prod/secrets/db"),
            (
                "projects/acme-prod/service-accounts/ci@acme-prod.iam.gserviceaccount.com/iam.json",
                "//iam.googleapis.com/projects/acme-prod/serviceAccounts/ci@acme-prod.iam.gserviceaccount.com",
            ),
        ];
        for (path, name) in rows {
            assert_eq!(of_file(path).as_deref(), Some(name), "{path}");
        }
        for path in ["policy.json", "acme-prod.json", "", "organizations/None/iam.json", "projects/acme-prod/networks/x/iam.json"] {
            assert_eq!(of_file(path), None, "{path}");
        }
    }
}

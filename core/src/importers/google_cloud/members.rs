//! [`Member`]: who a binding names, in every form that a policy may write.

use super::names::{Projects, is_number};
use crate::model::{Identity, IdentityKind};

/// A member of a binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Member {
    /// Somebody who acts.
    Identity(Box<Identity>),
    /// Whoever holds a basic role of a project: `projectEditor:P`. The role, and the project as it is written.
    Convenience(&'static str, String),
}

impl Member {
    /// Reads a member; `None` where it has no form that a policy may write.
    pub fn parse(text: &str, projects: &Projects) -> Option<Member> {
        if let Some(rest) = text.strip_prefix("deleted:") {
            return deleted(text, rest, projects);
        }
        if matches!(text, "allUsers" | "allAuthenticatedUsers") {
            return Some(identity(text, text, IdentityKind::Group, None));
        }
        if text.starts_with("principal://") || text.starts_with("principalSet://") {
            return Some(principal(text, projects));
        }
        let (prefix, name) = text.split_once(':').filter(|(_, name)| !name.is_empty())?;
        let convenience = |role| Some(Member::Convenience(role, name.to_owned()));
        match prefix {
            "serviceAccount" => Some(service_account(text, name, projects)),
            "user" => Some(identity(text, name, IdentityKind::Human, None)),
            "group" | "domain" => Some(identity(text, name, IdentityKind::Group, None)),
            "projectOwner" => convenience("roles/owner"),
            "projectEditor" => convenience("roles/editor"),
            "projectViewer" => convenience("roles/viewer"),
            _ => None,
        }
    }
}

/// The id of a service account.
pub(super) fn account_id(email: &str) -> String {
    format!("serviceAccount:{email}")
}

/// The service account of an address.
pub(super) fn account(email: &str, projects: &Projects) -> Identity {
    let provider_managed = is_service_agent(email).then(|| (Identity::PROVIDER_MANAGED.to_owned(), "true".to_owned()));
    Identity {
        name: Some(shown(email)),
        tenant: home(email).map(|home| projects.tenant(&home)),
        labels: provider_managed.into_iter().collect(),
        ..Identity::new(account_id(email), IdentityKind::ServiceAccount)
    }
}

/// An address as people read it. That of a service agent goes without its domain's end, in which `-prod` is Google's own and says nothing of the
/// tenant: `service-1@serverless-robot-prod.iam.gserviceaccount.com` is `service-1@serverless-robot`.
pub(super) fn shown(email: &str) -> String {
    let end = ".iam.gserviceaccount.com";
    match email.strip_suffix(end).filter(|_| is_service_agent(email)) {
        Some(short) => short.strip_suffix("-prod").unwrap_or(short).to_owned(),
        None => email.to_owned(),
    }
}

/// Whether Google runs the account: it acts for a service, and nobody may act as it.
pub(super) fn is_service_agent(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    match domain.strip_suffix(".iam.gserviceaccount.com") {
        Some(host) => {
            let numbered = local.strip_prefix("service-").or_else(|| local.strip_prefix("project-"));
            host.starts_with("gcp-sa-") || numbered.is_some_and(|rest| agent_number(rest).is_some())
        }
        None => matches!(domain, "cloudservices.gserviceaccount.com" | "cloudbuild.gserviceaccount.com" | "system.gserviceaccount.com"),
    }
}

/// The project, folder or organisation that a service account belongs to, as its address tells it.
pub(super) fn home(email: &str) -> Option<String> {
    let (local, domain) = email.split_once('@')?;
    let project = |id: &str| Some(format!("projects/{id}"));
    if let Some(host) = domain.strip_suffix(".iam.gserviceaccount.com") {
        if is_service_agent(email) {
            return agent_home(local);
        }
        // Where the id has a domain, `example.com:acme`, the address turns it round.
        return match host.split_once('.') {
            Some((id, rest)) => project(&format!("{rest}:{id}")),
            None => project(host),
        };
    }
    match domain {
        "appspot.gserviceaccount.com" => match local.split_once('.') {
            Some((id, rest)) => project(&format!("{rest}:{id}")),
            None => project(local),
        },
        "developer.gserviceaccount.com"
        | "cloudservices.gserviceaccount.com"
        | "cloudbuild.gserviceaccount.com"
        | "project.gserviceaccount.com" => {
            let number = local.split('-').next().unwrap_or(local);
            if is_number(number) { project(number) } else { None }
        }
        _ => None,
    }
}

/// The tenant that a service agent works for: its number stands in the local part.
fn agent_home(local: &str) -> Option<String> {
    let rest = local.strip_prefix("service-").unwrap_or(local);
    for (prefix, collection) in [("org-", "organizations"), ("folder-", "folders")] {
        if let Some(number) = rest.strip_prefix(prefix).filter(|number| is_number(number)) {
            return Some(format!("{collection}/{number}"));
        }
    }
    let number = rest.split('-').find_map(|part| agent_number(part.strip_prefix('p').unwrap_or(part)))?;
    Some(format!("projects/{number}"))
}

/// The number of a project, folder or organisation in an agent's address. Shorter ones are nobody's.
fn agent_number(text: &str) -> Option<&str> {
    let number = text.strip_prefix("org-").or_else(|| text.strip_prefix("folder-")).unwrap_or(text);
    (is_number(number) && number.len() >= 5).then_some(number)
}

fn identity(id: &str, name: &str, kind: IdentityKind, tenant: Option<String>) -> Member {
    Member::Identity(Box::new(Identity { name: Some(name.to_owned()), tenant, ..Identity::new(id, kind) }))
}

fn service_account(text: &str, name: &str, projects: &Projects) -> Member {
    match workload(name) {
        Some((project, _)) => identity(text, name, IdentityKind::Workload, Some(projects.tenant(&format!("projects/{project}")))),
        None => Member::Identity(Box::new(account(name, projects))),
    }
}

/// The project of the cluster and the `namespace/account` of a workload identity, `PROJECT.svc.id.goog[ns/ksa]`.
fn workload(name: &str) -> Option<(&str, &str)> {
    let (pool, subject) = name.strip_suffix(']')?.split_once('[')?;
    Some((pool.strip_suffix(".svc.id.goog")?, subject))
}

/// A member that was deleted since: kept with its rights, and disabled.
fn deleted(text: &str, rest: &str, projects: &Projects) -> Option<Member> {
    let living = rest.split_once("?uid=").map_or(rest, |(living, _)| living);
    match Member::parse(living, projects)? {
        Member::Identity(identity) => Some(Member::Identity(Box::new(Identity { id: text.to_owned(), enabled: Some(false), ..*identity }))),
        Member::Convenience(..) => None,
    }
}

/// A federated principal or a set of them. Workload identity of a cluster is the same identity as in its older spelling.
fn principal(text: &str, projects: &Projects) -> Member {
    let path = text.split_once("://").map_or(text, |(_, path)| path);
    if let Some((pool, subject)) = path.split_once("/workloadIdentityPools/").and_then(|(_, rest)| rest.split_once('/')) {
        if let (Some(_), Some(account)) = (pool.strip_suffix(".svc.id.goog"), subject.strip_prefix("subject/ns/")) {
            let name = format!("{pool}[{}]", account.replacen("/sa/", "/", 1));
            return service_account(&account_id(&name), &name, projects);
        }
        let home = path.split('/').skip_while(|segment| *segment != "projects").nth(1);
        let tenant = home.map(|project| projects.tenant(&format!("projects/{project}")));
        return identity(text, &format!("{pool}/{subject}"), IdentityKind::Workload, tenant);
    }
    let kind = if text.starts_with("principalSet://") { IdentityKind::Group } else { IdentityKind::Human };
    let name = path.split_once('/').map_or(path, |(_, name)| name);
    identity(text, name, kind, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, String, IdentityKind, Option<String>, Option<bool>) {
        let mut projects = Projects::default();
        projects.learn("123456789012", "acme-prod");
        match Member::parse(text, &projects) {
            Some(Member::Identity(it)) => (it.id.clone(), it.name.clone().unwrap_or_default(), it.kind, it.tenant, it.enabled),
            other => panic!("{text} is no identity: {other:?}"),
        }
    }

    #[test]
    fn every_form_is_read() {
        use IdentityKind::*;
        let rows: &[(&str, &str, IdentityKind, Option<&str>)] = &[
            ("user:anna@acme.example", "anna@acme.example", Human, None),
            ("group:admins@acme.example", "admins@acme.example", Group, None),
            ("domain:acme.example", "acme.example", Group, None),
            ("allUsers", "allUsers", Group, None),
            ("allAuthenticatedUsers", "allAuthenticatedUsers", Group, None),
            (
                "serviceAccount:ci@acme-prod.iam.gserviceaccount.com",
                "ci@acme-prod.iam.gserviceaccount.com",
                ServiceAccount,
                Some("projects/acme-prod"),
            ),
            (
                "serviceAccount:ci@acme.acme.example.iam.gserviceaccount.com",
                "ci@acme.acme.example.iam.gserviceaccount.com",
                ServiceAccount,
                Some("projects/acme.example:acme"),
            ),
            ("serviceAccount:acme-prod.svc.id.goog[shop/till]", "acme-prod.svc.id.goog[shop/till]", Workload, Some("projects/acme-prod")),
        ];
        for (text, name, kind, tenant) in rows {
            assert_eq!(read(text), ((*text).into(), (*name).into(), *kind, tenant.map(Into::into), None));
        }
    }

    #[test]
    fn agents_belong_to_the_tenant_of_their_number() {
        let rows = [
            ("123456789012-compute@developer.gserviceaccount.com", Some("projects/acme-prod"), false),
            ("123456789012@cloudservices.gserviceaccount.com", Some("projects/acme-prod"), true),
            ("123456789012@cloudbuild.gserviceaccount.com", Some("projects/acme-prod"), true),
            ("service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com", Some("projects/acme-prod"), true),
            ("service-123456789012@compute-system.iam.gserviceaccount.com", Some("projects/acme-prod"), true),
            ("service-org-98765@gcp-sa-logging.iam.gserviceaccount.com", Some("organizations/98765"), true),
            ("service-folder-98765@gcp-sa-logging.iam.gserviceaccount.com", Some("folders/98765"), true),
            ("project-123456789012@storage-transfer-service.iam.gserviceaccount.com", Some("projects/acme-prod"), true),
            ("p123456789012-ab12cd@gcp-sa-cloud-sql.iam.gserviceaccount.com", Some("projects/acme-prod"), true),
            ("acme-test@appspot.gserviceaccount.com", Some("projects/acme-test"), false),
            ("cloud-logs@system.gserviceaccount.com", None, true),
        ];
        for (email, tenant, agent) in rows {
            assert_eq!(read(&account_id(email)).3.as_deref(), tenant, "{email}");
            assert_eq!(is_service_agent(email), agent, "{email}");
        }
        assert_eq!(shown("service-123456789012@serverless-robot-prod.iam.gserviceaccount.com"), "service-123456789012@serverless-robot");
        assert_eq!(shown("ci@acme-prod.iam.gserviceaccount.com"), "ci@acme-prod.iam.gserviceaccount.com");
    }

    #[test]
    fn the_deleted_are_kept_and_disabled() {
        let text = "deleted:serviceAccount:old@acme-prod.iam.gserviceaccount.com?uid=123";
        let (id, name, kind, tenant, enabled) = read(text);
        assert_eq!((id.as_str(), name.as_str(), kind), (text, "old@acme-prod.iam.gserviceaccount.com", IdentityKind::ServiceAccount));
        assert_eq!((tenant.as_deref(), enabled), (Some("projects/acme-prod"), Some(false)));
    }

    #[test]
    fn federated_principals_belong_to_the_project_of_their_pool() {
        let pool = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools";
        let (_, name, kind, tenant, _) = read(&format!("principalSet:{pool}/github/attribute.repository/acme/shop"));
        assert_eq!(
            (name.as_str(), kind, tenant.as_deref()),
            ("github/attribute.repository/acme/shop", IdentityKind::Workload, Some("projects/acme-prod"))
        );
        let (id, ..) = read(&format!("principal:{pool}/acme-prod.svc.id.goog/subject/ns/shop/sa/till"));
        assert_eq!(id, "serviceAccount:acme-prod.svc.id.goog[shop/till]");
        let (_, name, kind, tenant, _) = read("principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/anna");
        assert_eq!((name.as_str(), kind, tenant), ("locations/global/workforcePools/staff/subject/anna", IdentityKind::Human, None));
    }

    #[test]
    fn convenience_values_name_a_role_of_a_project() {
        let projects = Projects::default();
        assert_eq!(Member::parse("projectEditor:acme-prod", &projects), Some(Member::Convenience("roles/editor", "acme-prod".into())));
        for text in ["", "user:", "robot:x", "anna", "deleted:projectOwner:x"] {
            assert_eq!(Member::parse(text, &projects), None, "{text}");
        }
    }
}

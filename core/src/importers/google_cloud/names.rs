//! Full resource names (`//service.googleapis.com/path`), and [`Projects`], which joins the numbers and the ids of projects.

use std::collections::HashMap;

/// A full resource name, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ResourceName<'a> {
    /// The service without its domain, for example `secretmanager`.
    pub service: &'a str,
    /// What follows it, for example `projects/1/secrets/x`.
    pub path: &'a str,
}

impl<'a> ResourceName<'a> {
    /// Takes a name apart; `None` where it is none.
    pub fn parse(name: &'a str) -> Option<Self> {
        let (host, path) = name.strip_prefix("//")?.split_once('/')?;
        let service = host.strip_suffix(".googleapis.com").unwrap_or(host);
        (!service.is_empty() && !path.is_empty()).then_some(ResourceName { service, path })
    }

    /// The segments of the path.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &'a str> {
        self.path.split('/')
    }

    /// What follows a segment of the path, for example `acme-prod` after `projects`.
    pub fn after(&self, collection: &str) -> Option<&'a str> {
        let mut segments = self.segments();
        segments.find(|segment| *segment == collection)?;
        segments.next().filter(|value| !value.is_empty())
    }

    /// The last segment.
    pub fn last(&self) -> &'a str {
        self.segments().next_back().unwrap_or(self.path)
    }

    /// The collection that the last segment is of, for example `secrets`; empty for a name of one segment.
    pub fn collection(&self) -> &'a str {
        self.segments().nth_back(1).unwrap_or("")
    }

    /// The tenant that the name is of, as it is written there: `projects/1`, `folders/2` or `organizations/3`.
    pub fn tenant(&self) -> Option<&'a str> {
        let is_tenant = self.service == "cloudresourcemanager" && is_container(self.path);
        is_tenant.then_some(self.path)
    }

    /// The project, folder or organisation that the path starts with, as it is written there.
    pub fn container(&self) -> Option<&'a str> {
        let end = self.path.match_indices('/').nth(1).map_or(self.path.len(), |(at, _)| at);
        Some(&self.path[..end]).filter(|start| is_container(start))
    }
}

/// Whether a text is the name of a project, folder or organisation, and nothing more. Only a number names a folder or an organisation: exports
/// that were written by scripts hold `organizations/None`.
pub(super) fn is_container(text: &str) -> bool {
    match text.split_once('/') {
        Some(("projects", id)) => !id.is_empty() && !id.contains('/'),
        Some(("folders" | "organizations", id)) => is_number(id),
        _ => false,
    }
}

/// Whether a text is a number, as projects have one.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The projects: each has an id, which people use, and a number, which some names use. The id is the canonical one, once it is learnt.
#[derive(Debug, Default)]
pub(super) struct Projects {
    ids: HashMap<String, String>,
    numbers: HashMap<String, String>,
}

impl Projects {
    /// Learns that a number and an id are of one project. The first answer stays.
    pub fn learn(&mut self, number: &str, id: &str) {
        if is_number(number) && !id.is_empty() && !is_number(id) && !self.ids.contains_key(number) && !self.numbers.contains_key(id) {
            self.ids.insert(number.to_owned(), id.to_owned());
            self.numbers.insert(id.to_owned(), number.to_owned());
        }
    }

    /// The canonical name of a project, folder or organisation.
    pub fn tenant(&self, container: &str) -> String {
        match container.strip_prefix("projects/") {
            Some(project) => format!("projects/{}", self.id(project)),
            None => container.to_owned(),
        }
    }

    /// The id of a project given by number or id; the number where the id was never learnt.
    pub fn id<'a>(&'a self, project: &'a str) -> &'a str {
        self.ids.get(project).map_or(project, String::as_str)
    }

    /// The number of a project given by number or id.
    pub fn number<'a>(&'a self, project: &'a str) -> Option<&'a str> {
        if is_number(project) { Some(project) } else { self.numbers.get(project).map(String::as_str) }
    }

    /// A full resource name with the id of its project in place of the number, so that both spellings are one resource.
    pub fn canonical(&self, name: &str) -> String {
        let known = ResourceName::parse(name).and_then(|parsed| {
            let project = parsed.container()?.strip_prefix("projects/")?;
            let rest = &parsed.path["projects/".len() + project.len()..];
            Some(format!("//{}.googleapis.com/projects/{}{rest}", parsed.service, self.ids.get(project)?))
        });
        known.unwrap_or_else(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_apart() {
        let name = ResourceName::parse("//secretmanager.googleapis.com/projects/12/secrets/db/versions/3").expect("a name");
        assert_eq!((name.service, name.container(), name.after("secrets")), ("secretmanager", Some("projects/12"), Some("db")));
        assert_eq!((name.collection(), name.last(), name.tenant()), ("versions", "3", None));
        let bucket = ResourceName::parse("//storage.googleapis.com/acme-logs").expect("a name");
        assert_eq!((bucket.collection(), bucket.last(), bucket.container()), ("", "acme-logs", None));
        let folder = ResourceName::parse("//cloudresourcemanager.googleapis.com/folders/7").expect("a name");
        assert_eq!(folder.tenant(), Some("folders/7"));
        for text in ["", "projects/a", "//", "//x", "//x.googleapis.com/"] {
            assert_eq!(ResourceName::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_numbers_name_organisations() {
        assert!(is_container("organizations/1") && is_container("projects/acme-prod") && is_container("projects/example.com:acme"));
        assert!(!is_container("organizations/None") && !is_container("projects/a/b") && !is_container("billingAccounts/1"));
    }

    #[test]
    fn numbers_and_ids_are_joined() {
        let mut projects = Projects::default();
        projects.learn("12", "acme-prod");
        projects.learn("12", "acme-other");
        projects.learn("acme-x", "13");
        assert_eq!((projects.tenant("projects/12"), projects.tenant("projects/13")), ("projects/acme-prod".into(), "projects/13".into()));
        assert_eq!((projects.number("acme-prod"), projects.number("acme-x"), projects.number("5")), (Some("12"), None, Some("5")));
        assert_eq!(
            projects.canonical("//secretmanager.googleapis.com/projects/12/secrets/db"),
            "//secretmanager.googleapis.com/projects/acme-prod/secrets/db"
        );
        assert_eq!(projects.canonical("//storage.googleapis.com/acme-logs"), "//storage.googleapis.com/acme-logs");
    }
}

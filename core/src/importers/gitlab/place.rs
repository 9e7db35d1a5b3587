//! [`Project`]: which project the files of an input are of, as its format or its path tells.
//!
//! `gitlab@GROUP/PROJECT` names it, and so does a folder `GROUP__PROJECT`; else the folders before `.gitlab-ci.yml` are taken. A first part with a dot in it
//! is the host of an installation of one's own.

use crate::importers::Input;

/// The id of a project and who issues the tokens of its jobs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Project {
    pub host: String,
    /// The groups and the project, as its address has them.
    pub path: Vec<String>,
    /// Whether it was told on purpose.
    pub told: bool,
}

pub(super) const HOST: &str = "gitlab.com";
const UNNAMED: &str = "-";

impl Project {
    /// The project that an input names; `base` is the folder of its `.gitlab-ci.yml`.
    pub fn of(input: &Input, base: &[String]) -> Project {
        let given = input.format.as_deref().and_then(|format| format.split_once('@')).map(|(_, name)| name);
        if let Some(given) = given {
            return Project::parse(given.split('/'), true);
        }
        match base.iter().rev().find(|folder| folder.split("__").filter(|part| !part.is_empty()).count() > 1) {
            Some(folder) => Project::parse(folder.split("__"), true),
            None => Project::parse(base[base.len().saturating_sub(2)..].iter().map(String::as_str), false),
        }
    }

    /// The project that a text names, as a format has it.
    pub fn named(given: &str) -> Project {
        Project::parse(given.split('/'), true)
    }

    /// The project of a path on a host.
    pub fn on(host: &str, path: &str) -> Project {
        Project { host: host.to_owned(), ..Project::parse(path.split('/'), true) }
    }

    fn parse<'p>(parts: impl Iterator<Item = &'p str>, told: bool) -> Project {
        let mut path: Vec<String> = parts.filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let hosted = path.len() > 2 && path[0].contains('.');
        let host = if hosted { path.remove(0) } else { HOST.to_owned() };
        while path.len() < 2 {
            path.insert(0, UNNAMED.to_owned());
        }
        Project { host, path, told }
    }

    /// The path as its address has it.
    pub fn slug(&self) -> String {
        self.path.join("/")
    }

    /// The id of the repository.
    pub fn id(&self) -> String {
        format!("{}/{}", self.root(), self.slug())
    }

    /// The ids of the groups that it is in, the outermost first.
    pub fn groups(&self) -> Vec<String> {
        let groups = self.path.len() - 1;
        (1..=groups).map(|count| format!("{}/{}", self.root(), self.path[..count].join("/"))).collect()
    }

    /// The id of the group that it stands in.
    pub fn group(&self) -> String {
        self.groups().pop().unwrap_or_else(|| self.root())
    }

    /// The id of another project on the same host.
    pub fn sibling(&self, slug: &str) -> String {
        format!("{}/{}", self.root(), slug.trim_matches('/'))
    }

    /// Who issues the tokens of its jobs.
    pub fn issuer(&self) -> String {
        format!("https://{}", self.host)
    }

    fn root(&self) -> String {
        format!("https://{}", self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, base: &[&str]) -> (String, bool) {
        let base: Vec<String> = base.iter().map(|part| (*part).to_owned()).collect();
        let project = Project::of(&Input::new(name, ""), &base);
        (project.id(), project.told)
    }

    #[test]
    fn a_path_or_a_format_names_the_project() {
        assert_eq!(of("acme__shop/.gitlab-ci.yml", &["acme__shop"]), ("https://gitlab.com/acme/shop".into(), true));
        assert_eq!(of("acme__web__shop/.gitlab-ci.yml", &["acme__web__shop"]), ("https://gitlab.com/acme/web/shop".into(), true));
        assert_eq!(of("src/acme/shop/.gitlab-ci.yml", &["src", "acme", "shop"]), ("https://gitlab.com/acme/shop".into(), false));
        assert_eq!(of(".gitlab-ci.yml", &[]), ("https://gitlab.com/-/-".into(), false));
        let own = Project::of(&Input::new("x", "").format("gitlab@git.acme.example/acme/web/shop"), &[]);
        assert_eq!((own.id().as_str(), own.issuer().as_str()), ("https://git.acme.example/acme/web/shop", "https://git.acme.example"));
        assert_eq!(own.groups(), ["https://git.acme.example/acme", "https://git.acme.example/acme/web"]);
        assert_eq!(own.slug(), "acme/web/shop");
    }
}

//! [`Whereabouts`]: which repository or owner an input is of, and which file of it, as its format, its path or an address in it tell.
//!
//! A workflow does not say whose it is. Its format does (`github@OWNER/REPOSITORY`, `github@OWNER`), or its path: a folder `OWNER__REPOSITORY`, the path of
//! the API (`repos/OWNER/REPOSITORY/…`, `orgs/OWNER/…`), or the two folders around `.github`. A folder `workflows` or `actions` stands for one in `.github`.

use super::world::UNNAMED;
use crate::importers::Input;

/// Whose an input is, as far as it tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Whereabouts {
    pub owner: Option<String>,
    pub repository: Option<String>,
    /// Whether it was told on purpose, rather than taken from two folders that may mean nothing.
    pub told: bool,
    /// The segments of the path behind the repository or owner.
    pub within: Vec<String>,
}

/// Which file of a repository an input is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum File {
    /// A workflow, by its name in the folder of workflows.
    Workflow(String),
    /// An action, by its folder.
    Action(String),
    Other,
}

/// Whose an input is.
pub(super) fn whereabouts(input: &Input) -> Whereabouts {
    let segments: Vec<&str> = input.name.split(['/', '\\']).filter(|segment| !matches!(*segment, "" | ".")).collect();
    let (owner, repository, told, from) = by_path(&segments);
    let given = input.format.as_deref().and_then(|format| format.split_once('@')).map(|(_, name)| name);
    let within = segments[from..].iter().map(|segment| (*segment).to_owned()).collect();
    match given.map(|given| given.split_once('/').map_or((given, None), |(owner, name)| (owner, Some(name)))) {
        Some((owner, name)) => {
            let name = name.or(repository).filter(|name| !name.is_empty());
            Whereabouts { owner: Some(owner.to_owned()), repository: name.map(str::to_owned), told: true, within }
        }
        None => Whereabouts { owner: owner.map(str::to_owned), repository: repository.map(str::to_owned), told, within },
    }
}

/// Whose an answer is, by the path that it was asked by: `repos/OWNER/REPOSITORY/…` or `orgs/OWNER/…`. A slash within a name stands there as `%2F`.
pub(super) fn of_path(path: &str) -> Option<Whereabouts> {
    let plain = |part: &&str| part.replace("%2F", "/").replace("%2f", "/").replace("%20", " ").replace("%25", "%");
    let parts: Vec<&str> = path.split('?').next().unwrap_or(path).split('/').filter(|part| !part.is_empty()).collect();
    let at = |owner: &str, repository: Option<&&str>, within: &[&str]| Whereabouts {
        owner: Some(owner.to_owned()),
        repository: repository.map(|name| (*name).to_owned()),
        told: true,
        // The last part is no file, whose name would end before its dot.
        within: within.iter().map(plain).chain([String::new()]).collect(),
    };
    match parts.as_slice() {
        ["repos", owner, name, within @ ..] => Some(at(owner, Some(name), within)),
        ["orgs", owner, within @ ..] => Some(at(owner, None, within)),
        _ => None,
    }
}

/// The owner, the repository, whether both were told on purpose, and where the path within begins.
fn by_path<'p>(segments: &[&'p str]) -> (Option<&'p str>, Option<&'p str>, bool, usize) {
    let folders = segments.len().saturating_sub(1);
    for at in (0..folders).rev() {
        match (segments[at], segments.get(at + 1), segments.get(at + 2)) {
            ("repos", Some(owner), Some(name)) if at + 2 < folders => return (Some(owner), Some(name), true, at + 3),
            ("orgs", Some(owner), _) if at + 1 < folders => return (Some(owner), None, true, at + 2),
            (folder, ..) => {
                if let Some((owner, name)) = folder.split_once("__").filter(|(owner, name)| !owner.is_empty() && !name.is_empty()) {
                    return (Some(owner), Some(name), true, at + 1);
                }
            }
        }
    }
    let root = segments.iter().position(|segment| *segment == ".github").or_else(|| {
        let of_file = segments.len().checked_sub(2)?;
        (segments[of_file] == "workflows").then_some(of_file).or_else(|| segments.iter().position(|segment| *segment == "actions"))
    });
    match root {
        Some(root) if root >= 2 => (Some(segments[root - 2]), Some(segments[root - 1]), false, root),
        Some(root) if root == 1 => (None, Some(segments[0]), false, root),
        Some(root) => (None, None, false, root),
        None => (None, None, false, 0),
    }
}

impl Whereabouts {
    /// The owner and name of the repository; what nobody tells is [`UNNAMED`].
    pub fn slug(&self) -> (String, String) {
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| UNNAMED.to_owned());
        (name(&self.owner), name(&self.repository))
    }

    /// Which file of its repository it is.
    pub fn file(&self) -> File {
        let within: Vec<&str> = self.within.iter().map(String::as_str).collect();
        let Some((file, folders)) = within.split_last() else { return File::Other };
        if folders.last() == Some(&"workflows") {
            return File::Workflow((*file).to_owned());
        }
        if matches!(*file, "action.yml" | "action.yaml") {
            let short = folders.first() == Some(&"actions");
            let folder = folders.join("/");
            return File::Action(if short { format!(".github/{folder}") } else { folder });
        }
        File::Other
    }

    /// The segment behind one of these in the path within.
    pub fn behind(&self, word: &str) -> Option<&str> {
        let at = self.within.iter().position(|segment| segment == word)?;
        let next = self.within.get(at + 1)?;
        let last = at + 2 == self.within.len();
        Some(if last { next.split('.').next().unwrap_or(next) } else { next }).filter(|next| !next.is_empty())
    }

    /// Learns whose it is from an address, where it is not told otherwise.
    pub fn learn(&self, address: &str) -> Whereabouts {
        if self.told || self.owner.is_some() {
            return self.clone();
        }
        let path = ["https://api.github.com/", "https://github.com/"].iter().find_map(|host| address.strip_prefix(host));
        let parts: Vec<&str> = path.map(|path| path.split(['/', '?']).collect()).unwrap_or_default();
        let text = |text: &str| Some(text.to_owned());
        match parts.as_slice() {
            ["repos", owner, name, ..] => Whereabouts { owner: text(owner), repository: text(name), told: true, ..self.clone() },
            ["orgs" | "organizations", owner, ..] if owner.parse::<u64>().is_err() => {
                Whereabouts { owner: text(owner), told: true, ..self.clone() }
            }
            [owner, name, "settings" | "blob" | "actions" | "tree", ..] => {
                Whereabouts { owner: text(owner), repository: text(name), told: true, ..self.clone() }
            }
            _ => self.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> (String, bool, File) {
        let found = whereabouts(&Input::new(name, ""));
        let (owner, repository) = found.slug();
        (format!("{owner}/{repository}"), found.told, found.file())
    }

    #[test]
    fn a_path_tells_the_repository_and_the_file() {
        let workflow = || File::Workflow("ci.yml".into());
        for (name, slug, told) in [
            ("acme__shop/workflows/ci.yml", "acme/shop", true),
            ("x/acme__shop/.github/workflows/ci.yml", "acme/shop", true),
            ("repos/acme/shop/.github/workflows/ci.yml", "acme/shop", true),
            ("src/acme/shop/.github/workflows/ci.yml", "acme/shop", false),
            ("acme\\shop\\.github\\workflows\\ci.yml", "acme/shop", false),
            ("shop/.github/workflows/ci.yml", "-/shop", false),
            ("./.github/workflows/ci.yml", "-/-", false),
        ] {
            assert_eq!(of(name), (slug.to_owned(), told, workflow()), "{name}");
        }
        let action = |folder: &str| File::Action(folder.into());
        assert_eq!(of("acme__shop/actions/x/action.yml"), ("acme/shop".into(), true, action(".github/actions/x")));
        assert_eq!(of("acme/shop/.github/actions/x/action.yaml"), ("acme/shop".into(), false, action(".github/actions/x")));
        assert_eq!(of("acme__tool/action.yml"), ("acme/tool".into(), true, action("")));
        assert_eq!(of("ci.yml"), ("-/-".into(), false, File::Other));
    }

    #[test]
    fn a_format_and_an_address_tell_it_too() {
        let given = whereabouts(&Input::new("x/y/.github/workflows/ci.yml", "").format("github@acme/shop"));
        assert_eq!((given.slug(), given.told), (("acme".into(), "shop".into()), true));
        let owner = whereabouts(&Input::new("secrets.json", "").format("github@acme"));
        assert_eq!((owner.owner.as_deref(), &owner.repository), (Some("acme"), &None));
        let none = whereabouts(&Input::new("environments.json", ""));
        let learnt = none.learn("https://github.com/acme/shop/settings/environments/1");
        assert_eq!(learnt.slug(), ("acme".into(), "shop".into()));
        assert_eq!(none.learn("https://evil.example/acme/shop/settings/x"), none);
        let deep = whereabouts(&Input::new("repos/acme/shop/environments/production/secrets.json", ""));
        assert_eq!((deep.behind("environments"), deep.slug()), (Some("production"), ("acme".into(), "shop".into())));
    }
}

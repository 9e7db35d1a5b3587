//! [`World`]: what all inputs of a reading together say, owner by owner, until it can be joined.

use super::settings::{Application, Owner, Settings};
use super::workflow::{Action, Workflow};
use crate::estate::Position;
use std::collections::{BTreeMap, BTreeSet};

/// What all inputs of a reading together say.
#[derive(Debug, Default)]
pub(super) struct World {
    /// The repositories by owner and name.
    pub repositories: BTreeMap<(String, String), Repository>,
    /// What was exported of the owners: organisations, or people.
    pub owners: BTreeMap<String, Owner>,
    /// The applications that describe themselves, by slug.
    pub applications: BTreeMap<String, Kept<Application>>,
    /// The inputs that tell whose they are, and all inputs.
    pub named: u64,
    pub inputs: u64,
    /// What was met and tells nothing here, by a word for it.
    pub other: BTreeMap<&'static str, u64>,
}

/// What is known of a repository.
#[derive(Debug, Default)]
pub(super) struct Repository {
    /// The workflows by file, within `.github/workflows`.
    pub workflows: BTreeMap<String, Kept<Workflow>>,
    /// The actions by folder.
    pub actions: BTreeMap<String, Kept<Action>>,
    pub settings: Settings,
}

/// Something and the record that said it.
#[derive(Debug, Default, Clone)]
pub(super) struct Kept<T> {
    pub value: T,
    pub position: Position,
}

/// The owner and name of what names none: GitHub takes no such name.
pub(super) const UNNAMED: &str = "-";

impl World {
    /// A repository, which is there from now on.
    pub fn repository(&mut self, slug: (String, String)) -> &mut Repository {
        let settings =
            |(owner, name): &(String, String)| Settings { slug: format!("{owner}/{name}"), name: name.clone(), ..Settings::default() };
        let settings = settings(&slug);
        self.repositories.entry(slug).or_insert_with(|| Repository { settings, ..Repository::default() })
    }

    /// A repository by its slug, `OWNER/NAME`; letter case does not matter to GitHub.
    pub fn find(&self, slug: &str) -> Option<(&(String, String), &Repository)> {
        let (owner, name) = slug.split_once('/')?;
        let key = (owner.to_owned(), name.to_owned());
        let alike = || {
            self.repositories.iter().find(|((other, another), _)| other.eq_ignore_ascii_case(owner) && another.eq_ignore_ascii_case(name))
        };
        self.repositories.get_key_value(&key).or_else(alike)
    }

    /// What is exported of an owner.
    pub fn owner(&self, owner: &str) -> Option<&Owner> {
        self.owners.get(owner)
    }

    /// The secrets that the workflows of a repository may use, beside those of its environments, with whether that is certain; `None` where nobody says which
    /// there are.
    pub fn secrets_of<'w>(&'w self, owner: &str, repository: &'w Repository) -> Option<BTreeMap<&'w str, Origin>> {
        let own = repository.settings.secrets.as_ref();
        let of_owner = self.owner(owner);
        let shared = of_owner.and_then(|owner| owner.secrets.as_ref());
        let selected = |name: &str| of_owner.and_then(|owner| owner.secret_repositories.get(name));
        if own.is_none() && shared.is_none() {
            return None;
        }
        let mut secrets: BTreeMap<&'w str, Origin> = BTreeMap::new();
        for (name, secret) in shared.into_iter().flatten() {
            let sees = match secret.value.visibility.as_deref() {
                Some("all") => Some(true),
                Some("private") => repository.settings.is_private,
                Some("selected") => selected(name).map(|names| names.contains(&repository.settings.name)),
                _ => None,
            };
            if sees != Some(false) {
                secrets.insert(name, Origin::Owner { sure: sees == Some(true) });
            }
        }
        for name in own.into_iter().flat_map(BTreeMap::keys) {
            secrets.insert(name, Origin::Repository);
        }
        Some(secrets)
    }
}

/// Whose a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Owner { sure: bool },
    Repository,
}

/// The names of a set, as a set of texts.
pub(super) type Names = BTreeSet<String>;

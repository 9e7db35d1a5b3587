//! [`Adding`]: joins what was read of one repository, and what every part of that needs to know.

use super::claims::{self, Context};
use super::coverage::Counts;
use super::ids;
use super::push;
use super::settings::{Branches, Environment, Owner};
use super::world::{Kept, Origin, Repository, World};
use crate::estate::EstateBuilder;
use crate::importers::values::kind_of_name;
use crate::model::{Certainty, Guard, GuardSet, Identity, IdentityKind, Relation, Resource, ResourceKind, Secret, SecretKind, Storage};
use std::collections::{BTreeMap, BTreeSet};

/// The joining of what was read of one repository.
pub(super) struct Adding<'a> {
    pub world: &'a World,
    pub name: &'a str,
    pub slug: String,
    /// The ids of the repository and of whoever owns it.
    pub id: String,
    pub tenant: String,
    pub repository: &'a Repository,
    pub of_owner: Option<&'a Owner>,
    /// What its workflows may use, where somebody says which secrets there are.
    pub known_secrets: Option<BTreeMap<&'a str, Origin>>,
    pub default_branch: (String, bool),
    pub builder: &'a mut EstateBuilder,
    pub counts: &'a mut Counts,
    /// The environments that are known or named, by their name in lower case.
    pub environments: BTreeMap<String, String>,
}

/// What stands between a job and what it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gate {
    pub guards: GuardSet,
    pub certainty: Certainty,
}

/// Nothing stands between.
pub(super) const OPEN: Gate = Gate { guards: GuardSet::NONE, certainty: Certainty::Proven };
pub(super) const PERHAPS: Gate = Gate { guards: GuardSet::NONE, certainty: Certainty::Possible };

/// The least that stands between where there are several ways: nothing, perhaps nothing, an approval.
fn best(ways: impl Iterator<Item = Gate>) -> Gate {
    ways.min_by_key(|gate| (gate.guards.contains(Guard::Approval), gate.certainty == Certainty::Possible)).unwrap_or(PERHAPS)
}

impl Gate {
    /// Both stand between.
    pub fn and(self, other: Gate) -> Gate {
        let certainty = if other.certainty == Certainty::Possible { other.certainty } else { self.certainty };
        let guards = if other.guards.contains(Guard::Approval) { other.guards } else { self.guards };
        Gate { guards, certainty }
    }

    /// The same, but not for certain unless it is.
    pub fn sure(self, sure: bool) -> Gate {
        if sure { self } else { self.and(PERHAPS) }
    }

    /// Puts it on a relation.
    pub fn on(self, relation: Relation) -> Relation {
        relation.guards(self.guards).certainty(self.certainty)
    }
}

impl<'a> Adding<'a> {
    pub fn new(world: &'a World, key: &'a (String, String), builder: &'a mut EstateBuilder, counts: &'a mut Counts) -> Option<Self> {
        let repository = world.repositories.get(key)?;
        let (owner, name) = (key.0.as_str(), key.1.as_str());
        Some(Adding {
            world,
            name,
            slug: format!("{owner}/{name}"),
            id: ids::repository(owner, name),
            tenant: ids::owner(owner),
            repository,
            of_owner: world.owner(owner),
            known_secrets: world.secrets_of(owner, repository),
            default_branch: claims::default_branch(repository),
            builder,
            counts,
            environments: BTreeMap::new(),
        })
    }

    /// An environment as it was exported.
    pub fn environment(&self, name: &str) -> Option<&'a Kept<Environment>> {
        let all = self.repository.settings.environments.as_ref()?;
        all.get(name).or_else(|| all.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, environment)| environment))
    }

    /// Whether it is known which secrets an environment has: all were exported, or it was not there.
    fn tells_secrets(&self, environment: &str) -> bool {
        let settings = &self.repository.settings;
        let lower = environment.to_ascii_lowercase();
        let known = settings.environment_secrets.get(&lower).map_or(0, BTreeMap::len) as u64;
        let is_listed = settings.environment_secret_counts.get(&lower).is_some_and(|total| known >= *total);
        is_listed || settings.tells_environments && self.environment(environment).is_none()
    }

    /// What an environment puts before a job that names it, on a branch that it takes: reviewers. One without protection, or that is not there, is no guard.
    pub fn gate(&self, environment: &str) -> Gate {
        if environment.is_empty() {
            return OPEN;
        }
        match (&self.repository.settings.environments, self.environment(environment).map(|kept| &kept.value)) {
            (None, _) => PERHAPS,
            (Some(_), None) => OPEN.sure(self.repository.settings.tells_environments),
            (Some(_), Some(environment)) => match environment.is_reviewed {
                Some(true) => Gate { guards: GuardSet::NONE.with(Guard::Approval), certainty: Certainty::Proven },
                Some(false) => OPEN,
                None => PERHAPS,
            },
        }
    }

    /// The same from a branch that anybody who may write makes or changes: it must be one that the environment takes.
    pub fn gate_from_any_branch(&self, environment: &str) -> Gate {
        let limits = self.environment(environment).and_then(|kept| kept.value.branches);
        let way = match limits {
            _ if self.environment(environment).is_none() => OPEN,
            Some(Branches::All) => OPEN,
            Some(Branches::Protected | Branches::Named) | None => match self.branches_of(environment) {
                Some(names) => best(names.iter().map(|name| push::push(self, name).gate).chain(self.gates_of_patterns(environment))),
                None => PERHAPS,
            },
        };
        self.gate(environment).and(way)
    }

    /// The branches with a name of their own from which an environment takes jobs; `None` where nobody says which.
    pub fn branches_of(&self, environment: &str) -> Option<BTreeSet<String>> {
        let settings = &self.repository.settings;
        match self.environment(environment)?.value.branches? {
            Branches::All => Some(push::named_branches(self)),
            Branches::Protected => {
                let protected = push::named_branches(self).into_iter();
                let protected: BTreeSet<String> = protected.filter(|name| push::is_protected(self, name)).collect();
                (!protected.is_empty()).then_some(protected)
            }
            Branches::Named => {
                let policies = settings.branch_policies.get(&environment.to_ascii_lowercase())?;
                let takes = |name: &String| policies.iter().any(|policy| !policy.of_tags && push::fits(&policy.name, name));
                Some(push::named_branches(self).into_iter().filter(takes).collect())
            }
        }
    }

    /// What stands before a branch or a tag that fits a pattern of an environment and is made for it.
    fn gates_of_patterns(&self, environment: &str) -> Vec<Gate> {
        let named = self.environment(environment).is_some_and(|kept| kept.value.branches == Some(Branches::Named));
        let policies = self.repository.settings.branch_policies.get(&environment.to_ascii_lowercase());
        let policies = policies.into_iter().flatten().filter(|policy| named && (policy.of_tags || push::is_pattern(&policy.name)));
        policies.map(|policy| if policy.of_tags { push::tag(self, &policy.name) } else { push::push(self, &policy.name).gate }).collect()
    }

    /// What stands before a change of a branch, where the default one may be another than it is taken for.
    pub fn push(&self, branch: &str) -> push::Push {
        let found = push::push(self, branch);
        let guessed = !self.default_branch.1 && self.default_branch.0 == branch;
        push::Push { gate: found.gate.sure(!guessed), ..found }
    }

    /// The identity that stands for a subject of a token of this repository.
    pub fn subject(&mut self, context: &Context, written_in: &str) -> (String, Gate) {
        let own = self.repository.settings.subject.as_ref();
        let template = claims::template(own, self.of_owner.and_then(|owner| owner.subject.as_ref()));
        let subject = claims::subject(template.unwrap_or_default(), &self.slug, context, written_in);
        let id = format!("{}#{subject}", ids::ISSUER);
        self.builder.add(Identity { name: Some(subject), ..Identity::new(&id, IdentityKind::Pipeline) });
        (id, OPEN.sure(template.is_some()))
    }

    /// A secret that a job names while it names an environment: its id, and what stands between.
    pub fn secret(&mut self, name: &str, environments: &BTreeSet<&str>) -> Vec<(String, Gate)> {
        let settings = &self.repository.settings;
        let mut found = Vec::new();
        // A secret of the environment stands before one of the same name of the repository.
        let mut hidden = !environments.is_empty();
        let mut exported = true;
        for environment in environments {
            let of_environment = settings.environment_secrets.get(&environment.to_ascii_lowercase());
            if of_environment.is_some_and(|secrets| secrets.contains_key(name)) {
                found.push((ids::of(&self.environment_id(environment), "secrets", name), self.gate(environment)));
            } else {
                hidden = false;
                exported &= environment.is_empty() || self.tells_secrets(environment);
            }
        }
        if hidden {
            return found;
        }
        let origin = self.known_secrets.as_ref().map(|known| known.get(name));
        let gate = match origin {
            Some(Some(Origin::Owner { sure })) => {
                found.push((ids::of(&self.tenant, "secrets", name), OPEN.sure(*sure && exported)));
                return found;
            }
            // Only its owner's or only its own secrets were exported: it may be one of the others.
            Some(None) => PERHAPS,
            // Which secrets an environment has nobody says: it may have one of this name.
            Some(Some(Origin::Repository)) | None => OPEN.sure(exported),
        };
        if found.is_empty() || gate == OPEN || matches!(origin, Some(Some(Origin::Repository))) {
            let id = ids::of(&self.id, "secrets", name);
            self.builder.add(self.described_secret(&id, name));
            found.push((id, gate));
        }
        found
    }

    /// A secret of this repository of which nothing but the name is known.
    pub fn described_secret(&self, id: &str, name: &str) -> Secret {
        Secret {
            name: Some(name.to_owned()),
            tenant: Some(self.tenant.clone()),
            storage: Some(Storage::CiVariable),
            ..Secret::new(id, kind_of_name(name).unwrap_or(SecretKind::Generic))
        }
    }

    /// The id of an environment; letter case does not matter to GitHub.
    pub fn environment_id(&self, name: &str) -> String {
        ids::of(&self.id, "environments", &name.to_ascii_lowercase())
    }

    /// Adds an environment that a job names, or that was exported.
    pub fn add_environment(&mut self, name: &str) -> String {
        let id = self.environment_id(name);
        if self.environments.insert(name.to_ascii_lowercase(), name.to_owned()).is_none() {
            self.builder.add(Resource {
                name: Some(name.to_owned()),
                tenant: Some(self.tenant.clone()),
                ..Resource::new(&id, ResourceKind::Other)
            });
        }
        id
    }
}

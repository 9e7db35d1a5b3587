//! [`Settings`] and [`Owner`]: what the API says of a repository and of who owns it.

use super::protection::{BranchPolicy, Protection, Role, Ruleset};
use super::world::{Kept, Names};
use crate::model::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// What is exported of a repository.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// `OWNER/NAME`, and the name alone.
    pub slug: String,
    pub name: String,
    pub number: Option<u64>,
    pub is_private: Option<bool>,
    pub is_archived: Option<bool>,
    pub default_branch: Option<String>,
    /// The branches that are known, and whether they are protected.
    pub branches: BTreeMap<String, bool>,
    /// What protects its branches, by name or pattern.
    pub protections: BTreeMap<String, Kept<Protection>>,
    pub rulesets: Option<BTreeMap<u64, Kept<Ruleset>>>,
    /// Its secrets by name; `None` where nobody says which there are. The same of all that follows.
    pub secrets: Option<BTreeMap<String, Kept<SecretFacts>>>,
    pub environments: Option<BTreeMap<String, Kept<Environment>>>,
    /// Whether these are all.
    pub tells_environments: bool,
    pub environment_secrets: BTreeMap<String, BTreeMap<String, Kept<SecretFacts>>>,
    /// How many secrets an environment has, by its name in lower case, where its list says it.
    pub environment_secret_counts: BTreeMap<String, u64>,
    /// The branches from which each environment takes jobs.
    pub branch_policies: BTreeMap<String, BTreeSet<BranchPolicy>>,
    /// The secrets of Dependabot and of Codespaces.
    pub other_secrets: BTreeMap<(Purpose, String), Kept<SecretFacts>>,
    /// Variables whose value is an id, and those of each environment.
    pub variables: BTreeMap<String, String>,
    pub environment_variables: BTreeMap<String, BTreeMap<String, String>>,
    pub subject: Option<SubjectTemplate>,
    /// Whether Actions are switched on.
    pub is_enabled: Option<bool>,
    /// Whether the token of a job writes unless its workflow says otherwise.
    pub writes_by_default: Option<bool>,
    pub collaborators: BTreeMap<String, Kept<Given>>,
    pub teams: BTreeMap<String, Kept<Given>>,
    pub deploy_keys: BTreeMap<u64, Kept<DeployKey>>,
    pub runners: BTreeMap<u64, Kept<Runner>>,
    /// Whether each workflow is switched on, by file.
    pub states: BTreeMap<String, bool>,
}

/// What is exported of an owner: an organisation or a person.
#[derive(Debug, Default)]
pub(super) struct Owner {
    pub name: Option<String>,
    pub created_at: Option<Instant>,
    pub requires_two_factors: Option<bool>,
    /// What every member may do in every repository.
    pub base_permission: Option<Access>,
    pub secrets: Option<BTreeMap<String, Kept<SecretFacts>>>,
    pub other_secrets: BTreeMap<(Purpose, String), Kept<SecretFacts>>,
    pub variables: BTreeMap<String, String>,
    pub subject: Option<SubjectTemplate>,
    pub rulesets: Option<BTreeMap<u64, Kept<Ruleset>>>,
    /// The roles that it made for its repositories, by name.
    pub roles: Option<BTreeMap<String, Role>>,
    pub teams: BTreeMap<String, Kept<Team>>,
    pub team_members: BTreeMap<String, Names>,
    /// Its members, and whether they own it.
    pub members: BTreeMap<String, bool>,
    /// `all`, `none` or `selected`.
    pub enabled_repositories: Option<String>,
    pub writes_by_default: Option<bool>,
    pub runners: BTreeMap<u64, Kept<Runner>>,
    pub runner_groups: BTreeMap<u64, Kept<RunnerGroup>>,
    pub installations: BTreeMap<u64, Kept<Installation>>,
    pub tokens: BTreeMap<u64, Kept<Token>>,
    /// The repositories that a token, a group of runners or a secret is limited to, where that was exported.
    pub token_repositories: BTreeMap<u64, Names>,
    pub group_repositories: BTreeMap<u64, Names>,
    pub secret_repositories: BTreeMap<String, Names>,
    pub other_secret_repositories: BTreeMap<(Purpose, String), Names>,
    pub installation_repositories: BTreeMap<u64, Names>,
}

/// A secret of Actions.
#[derive(Debug, Default, Clone)]
pub(super) struct SecretFacts {
    pub created_at: Option<Instant>,
    pub updated_at: Option<Instant>,
    /// `all`, `private` or `selected`, of an organisation's.
    pub visibility: Option<String>,
}

/// Whom a secret is for that no job of Actions sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    Codespaces,
    Dependabot,
}

/// A team.
#[derive(Debug, Default, Clone)]
pub(super) struct Team {
    pub number: Option<u64>,
    pub name: Option<String>,
    /// The team that it stands in and whose rights it has too, by its slug.
    pub parent: Option<String>,
}

/// What somebody was given of a repository.
#[derive(Debug, Default, Clone)]
pub(super) struct Given {
    pub access: Access,
    /// The name of the role, where it is none that every repository has.
    pub role: Option<String>,
}

/// An environment.
#[derive(Debug, Default, Clone)]
pub(super) struct Environment {
    /// Whether somebody must approve; `None` where the rules were not exported.
    pub is_reviewed: Option<bool>,
    /// The branches that may deploy; `None` where that was not exported.
    pub branches: Option<Branches>,
}

/// The branches from which an environment takes jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Branches {
    All,
    Protected,
    /// Those that its policies name.
    Named,
}

/// How subjects of tokens are written.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct SubjectTemplate {
    pub uses_default: Option<bool>,
    pub keys: Vec<String>,
}

/// What somebody may do with a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Access {
    #[default]
    Read,
    Write,
    Administer,
}

/// A key that opens one repository.
#[derive(Debug, Default, Clone)]
pub(super) struct DeployKey {
    pub title: Option<String>,
    pub writes: bool,
    pub created_at: Option<Instant>,
    pub last_used: Option<Instant>,
    pub added_by: Option<String>,
    pub is_enabled: Option<bool>,
}

/// A runner of one's own.
#[derive(Debug, Default, Clone)]
pub(super) struct Runner {
    pub name: String,
    pub labels: Vec<String>,
    pub group: Option<u64>,
    pub is_ephemeral: Option<bool>,
}

/// A group of runners.
#[derive(Debug, Default, Clone)]
pub(super) struct RunnerGroup {
    pub name: String,
    pub visibility: Option<String>,
    pub restricted_to_workflows: bool,
}

/// An application that is installed.
#[derive(Debug, Default, Clone)]
pub(super) struct Installation {
    pub slug: Option<String>,
    /// The number of the application.
    pub application: Option<u64>,
    pub access: BTreeMap<String, String>,
    pub selection: Option<String>,
    pub created_at: Option<Instant>,
    pub is_suspended: bool,
}

/// An application as it describes itself.
#[derive(Debug, Default, Clone)]
pub(super) struct Application {
    pub name: Option<String>,
    pub owner: Option<String>,
    pub created_at: Option<Instant>,
}

/// A fine-grained personal access token that an organisation let in.
#[derive(Debug, Default, Clone)]
pub(super) struct Token {
    pub name: Option<String>,
    pub owner: Option<String>,
    pub access: BTreeMap<String, String>,
    pub selection: Option<String>,
    pub granted_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    pub last_used: Option<Instant>,
    pub is_expired: Option<bool>,
    /// Whether the record says when it ends: no end then means never.
    pub tells_end: bool,
}

impl Purpose {
    /// What the API and ids call it.
    pub fn word(self) -> &'static str {
        match self {
            Purpose::Codespaces => "codespaces",
            Purpose::Dependabot => "dependabot",
        }
    }
}

impl Access {
    /// The most that a set of permissions gives over a repository, as GitHub names them for tokens and applications.
    pub fn of_permissions(permissions: &BTreeMap<String, String>) -> Option<Access> {
        let has = |name: &str, level: &str| permissions.get(name).is_some_and(|given| given == level);
        if has("administration", "write") {
            Some(Access::Administer)
        } else if has("contents", "write") {
            Some(Access::Write)
        } else if has("contents", "read") {
            Some(Access::Read)
        } else {
            None
        }
    }

    /// Whether every repository has a role of this name.
    pub fn is_role(role: &str) -> bool {
        matches!(role, "admin" | "maintain" | "write" | "push" | "triage" | "read" | "pull")
    }

    /// By the name of a role in a repository.
    pub fn of_role(role: &str) -> Access {
        match role {
            "admin" => Access::Administer,
            "maintain" | "write" | "push" => Access::Write,
            _ => Access::Read,
        }
    }
}

//! [`Settings`] and [`Owner`]: what the API says of a repository and of who owns it.

use super::world::{Kept, Names};
use crate::model::Instant;
use std::collections::BTreeMap;

/// What is exported of a repository.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// `OWNER/NAME`, and the name alone.
    pub slug: String,
    pub name: String,
    pub is_private: Option<bool>,
    pub is_archived: Option<bool>,
    pub default_branch: Option<String>,
    /// The branches that are known, and whether they are protected.
    pub branches: BTreeMap<String, bool>,
    /// Its secrets by name; `None` where nobody says which there are. The same of all that follows.
    pub secrets: Option<BTreeMap<String, Kept<SecretFacts>>>,
    pub environments: Option<BTreeMap<String, Kept<Environment>>>,
    pub environment_secrets: BTreeMap<String, BTreeMap<String, Kept<SecretFacts>>>,
    /// Variables whose value is an id.
    pub variables: BTreeMap<String, String>,
    pub subject: Option<SubjectTemplate>,
    /// Whether Actions are switched on.
    pub is_enabled: Option<bool>,
    /// Whether the token of a job writes unless its workflow says otherwise.
    pub writes_by_default: Option<bool>,
    pub collaborators: BTreeMap<String, Kept<Access>>,
    pub teams: BTreeMap<String, Kept<Access>>,
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
    pub variables: BTreeMap<String, String>,
    pub subject: Option<SubjectTemplate>,
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

/// An environment.
#[derive(Debug, Default, Clone)]
pub(super) struct Environment {
    /// Whether somebody must approve; `None` where the rules were not exported.
    pub is_reviewed: Option<bool>,
    /// Whether only some branches may deploy; `None` where that was not exported.
    pub limits_branches: Option<bool>,
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

    /// By the name of a role in a repository.
    pub fn of_role(role: &str) -> Access {
        match role {
            "admin" => Access::Administer,
            "maintain" | "write" | "push" => Access::Write,
            _ => Access::Read,
        }
    }
}

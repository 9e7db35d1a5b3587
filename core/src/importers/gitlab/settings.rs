//! [`Settings`]: what GitLab's API says of a project and of the groups that it is in.

use crate::estate::Position;
use crate::model::Instant;
use std::collections::BTreeMap;

/// What is exported of a project; `None` where a list was not.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub default_branch: Option<String>,
    /// Who may push to protected branches and merge into them, by name or pattern.
    pub branches: Option<BTreeMap<String, Branch>>,
    /// Who may deploy to protected environments, by name.
    pub environments: Option<BTreeMap<String, Environment>>,
    /// By key and scope of environments.
    pub variables: Option<BTreeMap<(String, String), Kept<Variable>>>,
    pub members: BTreeMap<String, Kept<Member>>,
    pub deploy_keys: BTreeMap<u64, Kept<Credential>>,
    pub deploy_tokens: BTreeMap<u64, Kept<Credential>>,
    pub access_tokens: BTreeMap<u64, Kept<Credential>>,
    pub runners: BTreeMap<u64, Kept<Runner>>,
}

/// Something and the record that said it.
#[derive(Debug, Clone)]
pub(super) struct Kept<T> {
    pub value: T,
    pub position: Position,
}

/// Who may change a protected branch: the least level that pushes and that merges, and those who push by name.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Branch {
    /// `None` where nobody of a level may.
    pub push: Option<u64>,
    pub merge: Option<u64>,
    /// The users, groups and deploy keys that push by their numbers.
    pub pushers: Vec<Pusher>,
}

/// Somebody whom a protection names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pusher {
    User(u64),
    Group(u64),
    DeployKey(u64),
}

/// A protected environment.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Environment {
    /// How many must approve a deployment.
    pub approvals: u64,
    /// The least level that deploys.
    pub deploy: Option<u64>,
}

/// A variable of pipelines, without its value.
#[derive(Debug, Default, Clone)]
pub(super) struct Variable {
    pub is_protected: bool,
    pub is_masked: bool,
    pub fingerprint: Option<String>,
}

/// Somebody with a level in a project or group.
#[derive(Debug, Default, Clone)]
pub(super) struct Member {
    pub number: Option<u64>,
    pub level: u64,
    pub expires_at: Option<Instant>,
    pub is_active: bool,
}

/// A deploy key, a deploy token or an access token.
#[derive(Debug, Default, Clone)]
pub(super) struct Credential {
    pub name: Option<String>,
    pub created_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    /// Whether the record says when it ends: no end then means never.
    pub tells_end: bool,
    pub last_used_at: Option<Instant>,
    pub revoked: Option<bool>,
    pub scopes: Vec<String>,
    pub level: Option<u64>,
    pub pushes: bool,
}

/// A runner of one's own.
#[derive(Debug, Default, Clone)]
pub(super) struct Runner {
    pub name: Option<String>,
    pub tags: Vec<String>,
    /// `instance_type`, `group_type` or `project_type`.
    pub kind: Option<String>,
    pub takes_untagged: Option<bool>,
    /// Whether it only takes jobs of protected branches.
    pub is_protected: bool,
}

/// The levels of GitLab that push to what is not protected, and that administer. Source: GitLab, REST API, "Members", roles.
pub(super) const DEVELOPER: u64 = 30;
pub(super) const MAINTAINER: u64 = 40;

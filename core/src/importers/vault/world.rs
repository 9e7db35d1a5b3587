//! [`World`]: what was read, by its home and path, kept until all was read.

use super::names::Home;
use super::policy::Policy;
use crate::estate::Position;
use crate::model::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// A home and a path or a name in it.
pub(super) type Key = (Home, String);

/// What was read.
#[derive(Debug, Default)]
pub(super) struct World {
    pub mounts: BTreeMap<Key, Mount>,
    /// Policies by name; two of one name that differ are two.
    pub policies: BTreeMap<Key, Vec<(Position, Policy)>>,
    /// Roles and users of auth methods, by the path of the API.
    pub roles: BTreeMap<Key, Role>,
    /// The configuration of auth methods, by the path of the mount.
    pub issuers: BTreeMap<Key, String>,
    pub principals: BTreeMap<PrincipalKey, Principal>,
    pub tokens: BTreeMap<Key, Token>,
    pub entities: BTreeMap<Key, Entity>,
    /// Metadata and writes of secrets, by the path of their data.
    pub secrets: BTreeMap<Key, Dates>,
    /// What principals did, by the path of what they did it to.
    pub uses: BTreeMap<(PrincipalKey, String), Use>,
    /// Secret ids that were made, by the role's path and the id of the request.
    pub secret_ids: BTreeMap<(Home, String, String), (Position, Option<Instant>)>,
    /// Homes of audit logs.
    pub audited: BTreeSet<Home>,
    pub inputs: Vec<bool>,
    /// Requests of the audit log: how many name who asked.
    pub requests: u64,
    pub authenticated: u64,
}

/// A secrets engine or an auth method.
#[derive(Debug, Clone, Default)]
pub(super) struct Mount {
    pub position: Position,
    /// The type, where it is told in clear.
    pub engine: Option<String>,
    pub is_auth: bool,
}

/// A role or a user of an auth method.
#[derive(Debug, Clone, Default)]
pub(super) struct Role {
    pub position: Position,
    pub policies: BTreeSet<String>,
    pub bindings: BTreeSet<super::bindings::Binding>,
    /// Whether addresses are restricted.
    pub network: bool,
    /// When a user, and so its password, was made.
    pub created_at: Option<Instant>,
    /// Whether its configuration was read, rather than that it was named.
    pub described: bool,
}

/// Who came: the home, the name that is shown, and the role or user of the auth method where it is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PrincipalKey {
    pub home: Home,
    pub shown: String,
    pub login: Option<Login>,
}

/// What an auth method says of a login.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Login {
    Role(String),
    User(String),
}

#[derive(Debug, Clone, Default)]
pub(super) struct Principal {
    pub position: Position,
    pub policies: BTreeSet<String>,
    pub last_used_at: Option<Instant>,
    /// When its token was made by another.
    pub created_at: Option<Instant>,
}

/// A token that an output describes.
#[derive(Debug, Clone, Default)]
pub(super) struct Token {
    pub position: Position,
    pub shown: Option<String>,
    pub policies: BTreeSet<String>,
    pub fingerprint: Option<String>,
    pub created_at: Option<Instant>,
    pub expires_at: Option<Instant>,
}

/// An entity or a group of the identity store.
#[derive(Debug, Clone, Default)]
pub(super) struct Entity {
    pub position: Position,
    pub name: Option<String>,
    pub group: bool,
    pub policies: BTreeSet<String>,
    pub members: BTreeSet<String>,
    pub disabled: bool,
    pub created_at: Option<Instant>,
    /// The mount and the name of each alias.
    pub aliases: BTreeSet<(String, String)>,
}

/// When a secret was made, last written and last read.
#[derive(Debug, Clone, Default)]
pub(super) struct Dates {
    pub position: Position,
    pub created_at: Option<Instant>,
    pub written_at: Option<Instant>,
    pub read_at: Option<Instant>,
}

/// When somebody last read, and last wrote.
#[derive(Debug, Clone, Default)]
pub(super) struct Use {
    pub read: Option<Option<Instant>>,
    pub written: Option<Option<Instant>>,
    pub position: Position,
}

/// The later of two instants that may be unknown.
pub(super) fn later(known: &mut Option<Instant>, other: Option<Instant>) {
    *known = (*known).max(other);
}

/// The earlier of two instants that may be unknown.
pub(super) fn earlier(known: &mut Option<Instant>, other: Option<Instant>) {
    *known = match (*known, other) {
        (Some(known), Some(other)) => Some(known.min(other)),
        (known, other) => known.or(other),
    };
}

//! [`World`]: what all inputs of a reading together say of accounts, principals, policies, keys and secrets.

use super::iam::document::PolicyDocument;
use super::iam::managed::managed;
use super::pod_identity::Association;
use crate::error::Place;
use crate::estate::Position;
use crate::model::{Instant, Labels};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What was in the inputs at all.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub details: bool,
    pub keys: bool,
    pub report: bool,
    pub organization: bool,
    pub control_policies: bool,
    pub secrets: bool,
}

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum PrincipalKind {
    User,
    Role,
    Group,
}

/// A user, a role or a group.
#[derive(Debug)]
pub(super) struct Principal {
    pub kind: PrincipalKind,
    pub name: String,
    pub unique_id: Option<String>,
    pub created_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub labels: Labels,
    /// Whether its policies were in the input.
    pub detailed: bool,
    pub groups: BTreeSet<String>,
    /// Its own policies, by name.
    pub inline: BTreeMap<String, Rc<PolicyDocument>>,
    /// The ARNs of the managed policies attached to it.
    pub attached: BTreeSet<String>,
    pub boundary: Option<String>,
    pub trust: Option<Rc<PolicyDocument>>,
    /// ARN and name.
    pub instance_profiles: BTreeMap<String, String>,
    pub position: Position,
}

/// An access key of a user.
#[derive(Debug)]
pub(super) struct AccessKey {
    pub user: String,
    /// The account of the user, where the list was given one.
    pub account: Option<String>,
    pub active: Option<bool>,
    pub created_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub position: Position,
}

/// When a key was last used. The output of AWS names the user alone; who gathers may put the `KeyId` beside it.
#[derive(Debug)]
pub(super) struct KeyUse {
    pub user: Option<String>,
    pub key: Option<String>,
    pub last_used_at: Option<Instant>,
    pub place: Place,
}

/// A row of a credential report.
#[derive(Debug, Default)]
pub(super) struct ReportRow {
    pub created_at: Option<Instant>,
    pub password_enabled: Option<bool>,
    pub password_last_used: Option<Instant>,
    pub password_last_changed: Option<Instant>,
    pub mfa_active: Option<bool>,
    pub keys: [Slot; 2],
    pub certificates: [Slot; 2],
    pub position: Position,
}

/// A place for a key or certificate: a user has two of each.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Slot {
    pub active: Option<bool>,
    pub last_rotated: Option<Instant>,
    pub last_used: Option<Instant>,
}

/// An account, a root, a unit or an organization.
#[derive(Debug, Default)]
pub(super) struct Member {
    pub name: Option<String>,
    pub parent: Option<String>,
    pub labels: Labels,
    pub created_at: Option<Instant>,
    pub suspended: bool,
    pub partition: Option<String>,
    pub position: Position,
}

/// A secret of the Secrets Manager.
#[derive(Debug)]
pub(super) struct ManagedSecret {
    pub name: Option<String>,
    pub key: Option<String>,
    pub created_at: Option<Instant>,
    pub rotated_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub deleted: bool,
    pub owner: Option<String>,
    pub labels: Labels,
    pub position: Position,
}

/// What a policy of Organizations limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ControlKind {
    /// The principals of an account.
    #[default]
    Service,
    /// Whoever comes to the resources of an account.
    Resource,
}

/// A policy of Organizations and what it is attached to.
#[derive(Debug, Default)]
pub(super) struct ControlPolicy {
    pub kind: ControlKind,
    pub document: Option<Rc<PolicyDocument>>,
    pub targets: BTreeSet<String>,
}

/// What all inputs of a reading together say. Principals, policies and secrets by ARN; accounts, roots and units by id.
#[derive(Debug, Default)]
pub(super) struct World {
    pub seen: Seen,
    pub principals: BTreeMap<String, Principal>,
    pub policies: BTreeMap<String, Rc<PolicyDocument>>,
    pub access_keys: BTreeMap<String, AccessKey>,
    pub key_uses: Vec<KeyUse>,
    pub report: BTreeMap<String, ReportRow>,
    pub members: BTreeMap<String, Member>,
    pub organization: Option<String>,
    pub management_account: Option<String>,
    pub secrets: BTreeMap<String, ManagedSecret>,
    /// When the value of a secret was written that is the current one.
    pub written: BTreeMap<String, Instant>,
    pub resource_policies: BTreeMap<String, Rc<PolicyDocument>>,
    /// The policies of Organizations, by id: `p-…`.
    pub control: BTreeMap<String, ControlPolicy>,
    /// When a principal last used a service, by the service's prefix.
    pub services: BTreeMap<String, BTreeMap<String, Option<Instant>>>,
    /// The associations of Pod Identity, by ARN.
    pub pod_identities: BTreeMap<String, Association>,
    /// By what an output lists: how many say that more follows, and how many that nothing does.
    pub pages: BTreeMap<&'static str, [usize; 2]>,
    /// Tags that stand on their own, by what they are of.
    pub tags: BTreeMap<String, Labels>,
}

impl World {
    /// The managed policies of a principal that are known, and its own; those of its groups aside.
    pub fn policies_of<'w>(&'w self, principal: &'w Principal) -> impl Iterator<Item = &'w PolicyDocument> {
        let own = principal.inline.values().map(|policy| &**policy);
        own.chain(principal.attached.iter().filter_map(|arn| self.policy(arn)))
    }

    /// A managed policy: from the input, or one of AWS that is known without.
    pub fn policy(&self, arn: &str) -> Option<&PolicyDocument> {
        self.policies.get(arn).map(|policy| &**policy).or_else(|| managed(arn))
    }

    /// Tells the keys when they were last used, and gives back the places of what names no key, or one of several.
    pub fn settle_key_uses(&mut self) -> Vec<Place> {
        let mut lost = Vec::new();
        let mut of_users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, key) in &self.access_keys {
            of_users.entry(&key.user).or_default().push(id);
        }
        let only = |user: &String| of_users.get(user.as_str()).filter(|ids| ids.len() == 1).map(|ids| ids[0].to_owned());
        let uses = std::mem::take(&mut self.key_uses);
        let uses: Vec<_> = uses.into_iter().map(|used| (used.key.clone().or_else(|| used.user.as_ref().and_then(only)), used)).collect();
        for (id, used) in uses {
            match id.and_then(|id| self.access_keys.get_mut(&id)) {
                Some(key) => key.last_used_at = key.last_used_at.max(used.last_used_at),
                None => lost.push(used.place),
            }
        }
        lost
    }

    /// What a member of the organization stands in, from itself up to the root; a loop ends where it closes.
    pub fn chain<'w>(&'w self, member: &'w str) -> Vec<&'w str> {
        let mut chain: Vec<&str> = Vec::new();
        let mut at = Some(member);
        while let Some(id) = at.filter(|id| !chain.contains(id)) {
            chain.push(id);
            at = self.members.get(id).and_then(|member| member.parent.as_deref());
        }
        chain
    }
}

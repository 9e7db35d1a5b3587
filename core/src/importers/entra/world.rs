//! [`World`]: what all inputs of a reading say, as it was read.

use super::azure_roles::Effects;
use super::credentials::Credential;
use super::governance::Governance;
use super::tenants::Tenants;
use crate::estate::Position;
use crate::model::{Instant, Labels};
use std::collections::{BTreeMap, BTreeSet};

/// Where a fact was read: the tenant it is of, as far as the record says, and the input.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    pub tenant: Option<String>,
    pub input: usize,
    pub position: Position,
    /// Whether AzureHound wrote it, which leaves out what is false.
    pub omits_false: bool,
}

/// A fact and where it was read.
#[derive(Debug)]
pub(super) struct Kept<T> {
    pub value: T,
    pub origin: Origin,
}

/// An application registration.
#[derive(Debug, Default)]
pub(super) struct Application {
    pub app_id: String,
    pub name: Option<String>,
    pub created_at: Option<Instant>,
    pub credentials: Vec<Credential>,
    /// Whether credentials of its service principals are locked; unknown where the export does not say.
    pub locked: Option<bool>,
}

/// A service principal.
#[derive(Debug, Default)]
pub(super) struct ServicePrincipal {
    pub id: String,
    pub app_id: Option<String>,
    pub name: Option<String>,
    pub managed: bool,
    /// The tenant of its application.
    pub home: Option<String>,
    pub enabled: Option<bool>,
    pub created_at: Option<Instant>,
    pub credentials: Vec<Credential>,
    /// The path of the Azure resource that a managed identity is, or belongs to.
    pub resource: Option<String>,
    /// Whether its application stands in one tenant only.
    pub single: bool,
    pub labels: Labels,
}

/// A user, a group or a device.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub id: String,
    pub name: Option<String>,
    pub enabled: Option<bool>,
    pub created_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub role_assignable: bool,
    /// The addresses of a user, in lower case, and that of the account at home of a guest.
    pub addresses: Vec<String>,
    pub guest_of: Option<String>,
    pub mfa: Option<bool>,
}

/// An object that is owner or member of another.
#[derive(Debug)]
pub(super) struct Bond {
    pub over: String,
    pub of: String,
}

/// An application permission, or access to an application, that was assigned.
#[derive(Debug)]
pub(super) struct RoleGrant {
    pub principal: String,
    pub resource: String,
    pub role: String,
    pub created_at: Option<Instant>,
}

/// A consent to delegated permissions.
#[derive(Debug)]
pub(super) struct Consent {
    pub client: String,
    pub resource: String,
    pub scopes: Vec<String>,
}

/// A federated credential.
#[derive(Debug)]
pub(super) struct Federated {
    pub over: String,
    pub issuer: String,
    pub subject: Subject,
}

/// Which subjects of an issuer are taken.
#[derive(Debug)]
pub(super) enum Subject {
    Exact(String),
    Pattern(String),
    /// An expression that nobody here evaluates.
    Unknown,
}

/// A directory role that somebody holds.
#[derive(Debug)]
pub(super) struct Holding {
    /// The id of the role's definition, of its template or of its instance.
    pub role: String,
    pub principal: String,
    pub scope: String,
    pub eligible: bool,
    pub from: Option<Instant>,
    pub until: Option<Instant>,
}

/// A directory role: a definition, or an instance of a template.
#[derive(Debug, Default)]
pub(super) struct RoleDefinition {
    pub id: String,
    pub template: Option<String>,
    pub name: Option<String>,
    /// The actions of one that is custom.
    pub actions: Vec<String>,
}

/// What activating an eligible role asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Activation {
    pub approval: bool,
    pub mfa: bool,
}

/// A resource of Azure.
#[derive(Debug, Default)]
pub(super) struct AzureResource {
    pub id: String,
    pub kind: String,
    pub name: Option<String>,
    pub parent: Option<String>,
    pub labels: Labels,
    pub identities: BTreeSet<String>,
    /// Of a vault: whether roles decide who reads it, and its address.
    pub by_roles: Option<bool>,
    pub address: Option<String>,
}

/// An Azure role that somebody holds at a scope.
#[derive(Debug)]
pub(super) struct AzureHolding {
    /// The id of the assignment; empty where the export gives none.
    pub assignment: String,
    pub role: String,
    pub name: Option<String>,
    pub principal: String,
    pub scope: String,
    pub conditional: bool,
    pub eligible: bool,
    pub created_at: Option<Instant>,
}

/// An entry of the access policies of a vault.
#[derive(Debug)]
pub(super) struct AccessPolicy {
    pub vault: String,
    pub principal: String,
    pub read: bool,
    pub write: bool,
}

/// A secret, key or certificate in a vault.
#[derive(Debug)]
pub(super) struct VaultItem {
    pub id: String,
    pub enabled: Option<bool>,
    pub created_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    pub labels: Labels,
}

/// What was in the inputs at all.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub sign_ins: bool,
    pub eligibility: bool,
    pub cross_tenant: bool,
    pub holdings: bool,
    pub grants: bool,
    pub consents: bool,
    pub federated: bool,
    pub azure: bool,
    /// Whether a deny assignment was left out.
    pub denied: bool,
    /// The lists that came in pages, by folder and name: whether one says that more follow, and whether one is the last.
    pub pages: BTreeMap<(String, String), (bool, bool)>,
    /// Whether a list of owners or members did not say whose.
    pub unbound: u64,
    /// Whether AzureHound wrote `accountEnabled` at all, so that its absence says false.
    pub enabled_told: bool,
}

/// What all inputs of a reading say.
#[derive(Debug, Default)]
pub(super) struct World {
    pub tenants: Tenants,
    pub seen: Seen,
    pub applications: Vec<Kept<Application>>,
    pub service_principals: Vec<Kept<ServicePrincipal>>,
    pub users: Vec<Kept<Object>>,
    pub groups: Vec<Kept<Object>>,
    pub devices: Vec<Kept<Object>>,
    pub owners: Vec<Kept<Bond>>,
    pub members: Vec<Kept<Bond>>,
    pub grants: Vec<Kept<RoleGrant>>,
    pub consents: Vec<Kept<Consent>>,
    pub federated: Vec<Kept<Federated>>,
    pub holdings: Vec<Kept<Holding>>,
    pub roles: Vec<Kept<RoleDefinition>>,
    pub activations: BTreeMap<String, Activation>,
    pub sign_ins: Vec<Kept<(String, Instant)>>,
    pub governance: Governance,
    pub azure_resources: Vec<Kept<AzureResource>>,
    pub azure_holdings: Vec<Kept<AzureHolding>>,
    pub azure_roles: BTreeMap<String, (Option<String>, Effects)>,
    pub access_policies: Vec<Kept<AccessPolicy>>,
    pub vault_items: Vec<Kept<VaultItem>>,
    /// Credentials that were read without the object they are of, with its id.
    pub loose_credentials: Vec<Kept<(String, Credential)>>,
    /// The application ids by the object ids of registrations.
    pub registrations: BTreeMap<String, String>,
    /// The names of application permissions by the id of the resource's service principal or application, and their own.
    pub permission_names: BTreeMap<(String, String), String>,
}

impl World {
    /// The id of the entity that an id of Graph is of: a registration is its application.
    pub fn entity_of(&self, id: &str) -> String {
        self.registrations.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

//! [`Node`]: a node of a graph, as an entity.

use super::kinds::{self, NodeKind};
use crate::estate::FingerprintKey;
use crate::importers::objects::Fields;
use crate::model::{
    Entity, Identity, Instant, Labels, Relation, RelationKind, Resource, ResourceKind, Secret, SecretKind, Storage, Tenant,
};

/// What is kept of a node until all were read.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub id: String,
    pub kinds: Vec<String>,
    pub name: Option<String>,
    /// The id of the tenant, where a property names it.
    pub tenant: Option<String>,
    pub enabled: Option<bool>,
    pub created_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    /// When the password was last set, and whether it never ends.
    pub password_set_at: Option<Instant>,
    pub password_never_expires: bool,
    pub fingerprint: Option<String>,
    /// The fingerprints of values that stand in attributes of the account.
    pub values: Vec<Option<String>>,
    /// Whether it is an account of a service by what it offers.
    pub service: bool,
}

/// Attributes in which Active Directory keeps passwords in clear.
const VALUES: [&str; 4] = ["userpassword", "unixpassword", "unicodepassword", "sfupassword"];
/// Properties that hold the value of what a scanner found.
const SECRETS: [&str; 2] = ["secret", "value"];

impl Node {
    /// The node of these kinds and properties.
    pub fn of(id: &str, kinds: Vec<String>, properties: Option<Fields<'_>>, key: &FingerprintKey) -> Node {
        let mut node = Node { id: id.to_owned(), kinds, ..Node::default() };
        node.id = node.plain_id(id, properties);
        let Some(properties) = properties else { return node };
        let first = |names: &[&str]| names.iter().find_map(|name| properties.text(name));
        let date = |names: &[&str]| names.iter().find_map(|name| properties.instant(name));
        node.name = first(&["name", "displayname", "samaccountname"]).map(str::to_owned);
        let tenant = first(&["domainsid", "tenantid", "environmentid", "environment_id", "tenant_id"]);
        node.tenant = tenant.map(|tenant| node.plain(tenant)).filter(|tenant| *tenant != node.id);
        node.enabled = properties.flag("enabled").or_else(|| properties.flag("accountenabled"));
        node.created_at = date(&["whencreated", "created_at", "createdat", "createddatetime"]);
        node.expires_at = date(&["expires_at", "token_expires_at", "enddatetime"]);
        node.last_used_at = date(&["lastlogontimestamp", "lastlogon", "token_last_used_at", "last_used_at"]);
        node.password_set_at = date(&["pwdlastset"]);
        node.password_never_expires = properties.flag("pwdneverexpires") == Some(true);
        node.service = properties.flag("hasspn") == Some(true) || properties.text("samaccountname").is_some_and(|name| name.ends_with('$'));
        let print = |name: &&str| properties.text(name).map(|value| key.fingerprint(value.as_bytes()));
        node.values = VALUES.iter().filter_map(print).collect();
        if matches!(kinds::node(&node.kinds), Some(NodeKind::Secret(_))) {
            node.fingerprint = SECRETS.iter().find_map(print).flatten();
        }
        node
    }

    /// The id as other readers write it.
    fn plain_id(&self, id: &str, properties: Option<Fields<'_>>) -> String {
        let application = self.kinds.iter().any(|kind| kind == "AZApp").then(|| properties?.text("appid")).flatten();
        self.plain(application.unwrap_or(id))
    }

    fn plain(&self, id: &str) -> String {
        if self.kinds.iter().any(|kind| kind.starts_with("AZ")) { id.to_ascii_lowercase() } else { id.to_owned() }
    }

    /// What the node is.
    pub fn kind(&self) -> NodeKind {
        kinds::node(&self.kinds).unwrap_or(NodeKind::Resource(ResourceKind::Other))
    }

    /// The entity.
    pub fn entity(&self) -> Entity {
        let mut labels = Labels::new();
        if let Some(kind) = self.kinds.first() {
            labels.insert("bloodhound_kind".into(), kind.clone());
        }
        let (name, tenant, created_at) = (self.name.clone(), self.tenant.clone(), self.created_at);
        match self.kind() {
            NodeKind::Tenant(kind) => Tenant { name, labels, created_at, ..Tenant::new(&self.id, kind) }.into(),
            NodeKind::Identity(kind) => {
                let service = self.service && kind == crate::model::IdentityKind::Human;
                let kind = if service { crate::model::IdentityKind::ServiceAccount } else { kind };
                let (enabled, expires_at, last_used_at) = (self.enabled, self.expires_at, self.last_used_at);
                Identity { name, tenant, labels, enabled, created_at, expires_at, last_used_at, ..Identity::new(&self.id, kind) }.into()
            }
            NodeKind::Secret(kind) => {
                let (fingerprint, expires_at, last_used_at) = (self.fingerprint.clone(), self.expires_at, self.last_used_at);
                let storage = Some(if kind == SecretKind::Generic { Storage::CiVariable } else { Storage::Unknown });
                Secret { name, tenant, labels, fingerprint, created_at, expires_at, last_used_at, storage, ..Secret::new(&self.id, kind) }
                    .into()
            }
            NodeKind::Resource(kind) => Resource { name, tenant, labels, ..Resource::new(&self.id, kind) }.into(),
        }
    }

    /// The passwords of an account: when it was set, and those that its attributes hold.
    pub fn passwords(&self) -> Vec<(Secret, Relation)> {
        let mut passwords = Vec::new();
        let mut add = |name: &str, secret: &dyn Fn(Secret) -> Secret| {
            let id = format!("{}/{name}", self.id);
            let relation = Relation::new(&id, RelationKind::AuthenticatesAs, self.id.as_str());
            let known = Secret { tenant: self.tenant.clone(), storage: Some(Storage::Unknown), ..Secret::new(id, SecretKind::Password) };
            passwords.push((secret(known), relation));
        };
        if self.password_set_at.is_some() {
            let end = self.password_never_expires.then_some(Instant::NEVER);
            add("password", &|secret| Secret { created_at: self.created_at, rotated_at: self.password_set_at, expires_at: end, ..secret });
        }
        for (number, fingerprint) in self.values.iter().enumerate() {
            add(&format!("attributes/{number}"), &|secret| Secret { fingerprint: fingerprint.clone(), ..secret });
        }
        passwords
    }
}

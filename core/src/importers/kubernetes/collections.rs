//! [`Joining`]: joins what was read of one cluster. What roles reach is mostly a collection, a resource that contains the objects of its kind.

use super::names::{Scope, account_id, cluster_id, secret_id};
use super::world::Cluster;
use crate::estate::EstateBuilder;
use crate::model::{Certainty, Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind, Right, Tenant, TenantKind};
use std::collections::{BTreeMap, BTreeSet};

/// A collection of objects that roles reach as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Collection {
    /// The secrets: reading or writing it does so to each.
    Secrets,
    /// The pods that are there: writing it runs code in each.
    Pods,
    /// The pods that may be started: writing it runs code as any account, and sees any secret.
    NewPods,
    /// The service accounts: controlling it controls each.
    Accounts,
    /// The nodes: controlling it controls each, and whatever runs on them.
    Nodes,
}

impl Collection {
    pub(super) fn row(self) -> (&'static str, &'static str, ResourceKind) {
        match self {
            Collection::Secrets => ("secrets", "secrets", ResourceKind::Vault),
            Collection::Pods => ("pods", "pods", ResourceKind::Compute),
            Collection::NewPods => ("newpods", "new pods", ResourceKind::Compute),
            Collection::Accounts => ("serviceaccounts", "service accounts", ResourceKind::Other),
            Collection::Nodes => ("nodes", "nodes", ResourceKind::Compute),
        }
    }

    /// The rights over the collection that are the same rights over what is in it.
    pub(super) fn rights(self) -> &'static [Right] {
        match self {
            Collection::Secrets => &[Right::Read, Right::Write],
            Collection::Pods | Collection::NewPods => &[Right::Write],
            Collection::Accounts | Collection::Nodes => &[Right::Control],
        }
    }
}

/// The joining of what was read of one cluster.
pub(super) struct Joining<'j> {
    /// The id of the cluster.
    pub id: String,
    pub name: &'j str,
    pub cluster: &'j mut Cluster,
    pub builder: &'j mut EstateBuilder,
    /// The service accounts, described or named, by namespace.
    pub accounts: BTreeMap<String, BTreeSet<String>>,
    /// The groups that a binding names.
    pub groups: BTreeSet<String>,
    /// The users that a binding names.
    pub users: BTreeSet<String>,
    /// The ids of the workloads by namespace.
    pub workloads: BTreeMap<String, BTreeSet<String>>,
    /// The scopes of which somebody may bind any role.
    pub any_role: BTreeSet<Scope>,
    /// The ids of the accounts whose tokens lie on a node, by its id.
    pub on_node: BTreeMap<String, BTreeSet<String>>,
    pub(super) vaults: BTreeMap<String, BTreeSet<String>>,
    pub(super) needed: BTreeSet<(Collection, Scope)>,
    /// The collections that were added.
    pub(super) added: BTreeSet<(Collection, Scope)>,
    /// The ids of the roles that are held, where the joining is taken up again.
    pub(super) roles: Vec<String>,
}

impl<'j> Joining<'j> {
    /// Starts to join what was read of a cluster.
    pub fn new(name: &'j str, cluster: &'j mut Cluster, builder: &'j mut EstateBuilder) -> Self {
        let mut accounts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (namespace, account) in cluster.accounts.keys() {
            accounts.entry(namespace.clone()).or_default().insert(account.clone());
        }
        let mut vaults: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (namespace, secret) in cluster.secrets.keys() {
            vaults.entry(namespace.clone()).or_default().insert(secret.clone());
        }
        Joining {
            id: cluster_id(name),
            name,
            cluster,
            builder,
            accounts,
            vaults,
            any_role: BTreeSet::new(),
            on_node: BTreeMap::new(),
            groups: BTreeSet::new(),
            users: BTreeSet::new(),
            workloads: BTreeMap::new(),
            needed: BTreeSet::new(),
            added: BTreeSet::new(),
            roles: Vec::new(),
        }
    }

    /// Adds the cluster, and the namespaces that nothing describes but something stands in.
    pub fn tenants(&mut self) {
        self.builder.add(Tenant { name: Some(self.name.to_owned()), ..Tenant::new(&self.id, TenantKind::KubernetesCluster) });
        let namespaces: Vec<String> = self.cluster.implied.iter().cloned().collect();
        namespaces.iter().for_each(|namespace| self.tenant(namespace));
    }

    fn tenant(&mut self, namespace: &str) {
        if !self.cluster.declared.contains_key(namespace) {
            let id = Scope::Namespace(namespace.to_owned()).tenant(&self.id);
            self.builder.add(Tenant {
                name: Some(namespace.to_owned()),
                parent: Some(self.id.clone()),
                ..Tenant::new(id, TenantKind::KubernetesNamespace)
            });
        }
    }

    /// The id of a service account in a namespace that is there; adds it where nothing describes it.
    pub fn account(&mut self, namespace: &str, name: &str) -> String {
        let id = account_id(&self.id, namespace, name);
        if self.accounts.entry(namespace.to_owned()).or_default().insert(name.to_owned()) {
            if self.cluster.implied.insert(namespace.to_owned()) {
                self.tenant(namespace);
            }
            let tenant = Some(Scope::Namespace(namespace.to_owned()).tenant(&self.id));
            self.builder.add(Identity { name: Some(name.to_owned()), tenant, ..Identity::new(&id, IdentityKind::ServiceAccount) });
        }
        id
    }

    /// The id of a secret, the object; adds it where nothing describes it.
    pub fn vault(&mut self, namespace: &str, name: &str) -> String {
        let id = secret_id(&self.id, namespace, name);
        if self.vaults.entry(namespace.to_owned()).or_default().insert(name.to_owned()) {
            let tenant = Some(Scope::Namespace(namespace.to_owned()).tenant(&self.id));
            self.builder.add(Resource { name: Some(name.to_owned()), tenant, ..Resource::new(&id, ResourceKind::Vault) });
        }
        id
    }

    /// What people call a scope.
    pub fn name_of<'n>(&'n self, scope: &'n Scope) -> &'n str {
        match scope {
            Scope::Cluster => self.name,
            Scope::Namespace(namespace) => namespace,
        }
    }

    /// The namespaces in which a secret of this name is known.
    pub fn homes_of_secret(&self, name: &str) -> Vec<String> {
        self.vaults.iter().filter(|(_, names)| names.contains(name)).map(|(namespace, _)| namespace.clone()).collect()
    }

    /// The id of a collection, which will be there.
    pub fn collection(&mut self, collection: Collection, scope: &Scope) -> String {
        self.needed.insert((collection, scope.clone()));
        scope.collection(&self.id, collection.row().0)
    }

    /// What holds a right over one holds it over the other.
    fn within(&mut self, from: &str, to: &str, requires: Right, grants: Right) {
        self.builder.relate(Relation::new(from, RelationKind::Contains, to).requiring(requires).granting(grants));
    }

    /// Adds every collection that is needed, with what is in it.
    pub fn collections(&mut self) {
        while let Some((collection, scope)) = self.needed.pop_first() {
            if !self.added.insert((collection, scope.clone())) {
                continue;
            }
            let (word, words, kind) = collection.row();
            let id = scope.collection(&self.id, word);
            let name = format!("{words} of {}", self.name_of(&scope));
            self.builder.add(Resource { name: Some(name), tenant: Some(scope.tenant(&self.id)), ..Resource::new(&id, kind) });
            match &scope {
                _ if collection == Collection::Nodes => self.nodes(&id),
                Scope::Cluster => self.over_namespaces(collection, &id),
                Scope::Namespace(namespace) => self.members(collection, &id, namespace, &scope),
            }
        }
    }

    fn over_namespaces(&mut self, collection: Collection, id: &str) {
        let namespaces: Vec<String> = self.cluster.namespaces().into_iter().cloned().collect();
        for namespace in namespaces {
            let inner = self.collection(collection, &Scope::Namespace(namespace));
            for right in collection.rights() {
                self.within(id, &inner, *right, *right);
            }
        }
    }

    fn members(&mut self, collection: Collection, id: &str, namespace: &str, scope: &Scope) {
        let ids = |names: Option<&BTreeSet<String>>, id: &dyn Fn(&str) -> String| -> Vec<String> {
            names.into_iter().flatten().map(|name| id(name)).collect()
        };
        let accounts = ids(self.accounts.get(namespace), &|name| account_id(&self.id, namespace, name));
        let members = match collection {
            Collection::Secrets => ids(self.vaults.get(namespace), &|name| secret_id(&self.id, namespace, name)),
            Collection::Pods => ids(self.workloads.get(namespace), &str::to_owned),
            Collection::Accounts => accounts.clone(),
            Collection::NewPods | Collection::Nodes => Vec::new(),
        };
        for member in members {
            for right in collection.rights() {
                self.within(id, &member, *right, *right);
            }
        }
        if collection == Collection::NewPods {
            self.new_pods(id, namespace, scope, &accounts);
        }
    }

    /// Whoever starts a pod chooses its account and the secrets that it mounts, and gets at its node where nothing enforces that it cannot.
    fn new_pods(&mut self, id: &str, namespace: &str, scope: &Scope, accounts: &[String]) {
        for account in accounts {
            self.builder.relate(Relation::new(id, RelationKind::RunsAs, account));
        }
        let secrets = self.collection(Collection::Secrets, scope);
        self.within(id, &secrets, Right::Write, Right::Read);
        let enforced = self.cluster.enforced.get(namespace).map(String::as_str);
        if !matches!(enforced, Some("restricted" | "baseline")) {
            let nodes = self.collection(Collection::Nodes, &Scope::Cluster);
            let relation = Relation::new(id, RelationKind::Custom, nodes).requiring(Right::Write).granting(Right::Control);
            // Other admission controllers may forbid it, and no export shows them.
            self.builder.relate(relation.certainty(Certainty::Possible).permission("privileged pod"));
        }
    }

    fn nodes(&mut self, id: &str) {
        let nodes: Vec<String> = self.cluster.nodes.iter().cloned().collect();
        for node in nodes {
            let node = Scope::Cluster.object(&self.id, "nodes", &node);
            self.within(id, &node, Right::Control, Right::Control);
        }
        let pods = self.collection(Collection::Pods, &Scope::Cluster);
        self.within(id, &pods, Right::Control, Right::Write);
    }
}

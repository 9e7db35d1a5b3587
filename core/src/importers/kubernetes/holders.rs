//! Roles in a scope become identities, between those they are bound to and what they reach there.

use super::bindings::{Held, id_of, meaning};
use super::collections::{Collection, Joining};
use super::coverage::Counts;
use super::effects::{Effect, Grants};
use super::names::Scope;
use crate::model::{Certainty, Identity, IdentityKind, Relation, RelationKind};
use std::collections::{BTreeMap, BTreeSet};

/// Adds the identity of every role that is held in a scope, with what it reaches.
pub(super) fn add(joining: &mut Joining<'_>, held: &BTreeMap<Held, Option<Grants>>, counts: &mut Counts) {
    let mut done: BTreeSet<Held> = BTreeSet::new();
    let mut left: Vec<(Held, Option<Grants>)> = held.iter().map(|(key, grants)| (key.clone(), grants.clone())).collect();
    while let Some((key, grants)) = left.pop() {
        if !done.insert(key.clone()) {
            continue;
        }
        let mut holder = Holder { id: id_of(&joining.id, &key), key: &key, joining, found: false, others: Vec::new() };
        holder.add();
        if let Some(grants) = &grants {
            holder.reach(grants);
        }
        if !holder.found {
            let tenant = key.0.tenant(&holder.joining.id);
            holder.relate(RelationKind::Unmapped, &tenant, Certainty::Proven, "");
            counts.without_effect += 1;
        }
        let others = holder.others;
        left.extend(others.into_iter().map(|key| (key.clone(), meaning(joining.cluster, &key))));
    }
    any_role(joining, &done);
}

/// The identity that stands for every role of a scope, between those who may bind any and the roles: so relations do not multiply.
fn any_role(joining: &mut Joining<'_>, held: &BTreeSet<Held>) {
    for scope in std::mem::take(&mut joining.any_role) {
        let id = scope.collection(&joining.id, "roles");
        let name = format!("roles of {}", joining.name_of(&scope));
        joining.builder.add(Identity {
            name: Some(name),
            tenant: Some(scope.tenant(&joining.id)),
            ..Identity::new(&id, IdentityKind::Role)
        });
        for key in held.iter().filter(|(of, of_cluster, _)| !of_cluster && (scope == Scope::Cluster || *of == scope)) {
            joining.builder.relate(Relation::new(&id, RelationKind::MemberOf, id_of(&joining.id, key)).permission("bind"));
        }
    }
}

struct Holder<'h, 'j> {
    id: String,
    key: &'h Held,
    joining: &'h mut Joining<'j>,
    /// Whether the role reaches anything.
    found: bool,
    /// Roles that this one may bind.
    others: Vec<Held>,
}

/// What together gives control of the scope: the effects, the words for them, whether it is sure, and whether it counts in the whole cluster only.
const CONTROL: [(&[Effect], &str, Certainty, bool); 13] = [
    (&[Effect::CreateClusterRoleBindings, Effect::BindClusterRoles], "bind + create clusterrolebindings", Certainty::Proven, true),
    (&[Effect::CreateRoleBindings, Effect::BindClusterRoles], "bind + create rolebindings", Certainty::Proven, false),
    (&[Effect::WriteClusterRoles, Effect::EscalateClusterRoles], "escalate + update clusterroles", Certainty::Proven, true),
    (&[Effect::WriteRoles, Effect::EscalateRoles], "escalate + update roles", Certainty::Proven, false),
    (&[Effect::ImpersonateGroups, Effect::ImpersonateUsers], "impersonate + users + groups", Certainty::Proven, true),
    (&[Effect::ImpersonateGroups], "impersonate + groups", Certainty::Possible, true),
    (&[Effect::ImpersonateUsers], "impersonate + users", Certainty::Possible, true),
    // Whether the cluster signs certificates of users is not in any export.
    (
        &[Effect::RequestCertificates, Effect::ApproveCertificates, Effect::SignCertificates],
        "approve certificates",
        Certainty::Possible,
        true,
    ),
    (&[Effect::ChangeAdmission], "change admission webhooks", Certainty::Possible, true),
    // The accounts of the cluster's own controllers may be among them, and command it; they are seldom exported.
    (&[Effect::Start], "start pods in every namespace", Certainty::Possible, true),
    (&[Effect::Mint], "create tokens in every namespace", Certainty::Possible, true),
    (&[Effect::CreateSecrets, Effect::ReadSecrets], "create tokens in every namespace", Certainty::Possible, true),
    (&[Effect::ImpersonateAccounts], "impersonate serviceaccounts in every namespace", Certainty::Possible, true),
];

impl Holder<'_, '_> {
    fn add(&mut self) {
        let (scope, _, role) = self.key;
        let of = self.joining.name_of(scope);
        let tenant = Some(scope.tenant(&self.joining.id));
        self.joining.builder.add(Identity { name: Some(format!("{role} in {of}")), tenant, ..Identity::new(&self.id, IdentityKind::Role) });
    }

    fn relate(&mut self, kind: RelationKind, to: &str, certainty: Certainty, by: &str) {
        self.found = true;
        let permission = if by.is_empty() { self.key.2.as_str() } else { by };
        self.joining.builder.relate(Relation::new(&self.id, kind, to).permission(permission).certainty(certainty));
    }

    fn reach(&mut self, grants: &Grants) {
        let scope = &self.key.0;
        let tenant = scope.tenant(&self.joining.id);
        if grants.is_control() {
            return self.relate(RelationKind::Administers, &tenant, Certainty::Proven, "");
        }
        let in_cluster = *scope == Scope::Cluster;
        let control =
            CONTROL.iter().filter(|(effects, _, _, whole)| (in_cluster || !whole) && effects.iter().all(|effect| grants.has(*effect)));
        if let Some((_, by, certainty, _)) = control.min_by_key(|(_, _, certainty, _)| *certainty) {
            self.relate(RelationKind::Administers, &tenant, *certainty, by);
            if *certainty == Certainty::Proven {
                return;
            }
        }
        self.over_secrets(grants);
        self.over_pods(grants);
        self.over_accounts(grants);
        self.over_roles(grants);
        self.over_scope(grants, &tenant);
    }

    fn over(&mut self, collection: Collection, kind: RelationKind, by: &str) {
        let id = self.joining.collection(collection, &self.key.0);
        self.relate(kind, &id, Certainty::Proven, by);
    }

    /// The namespaces in which a name of a rule counts: the role's own, or all that know it.
    fn homes(&self, known: impl Fn(&Self) -> Vec<String>) -> Vec<String> {
        match &self.key.0 {
            Scope::Namespace(namespace) => vec![namespace.clone()],
            Scope::Cluster => known(self),
        }
    }

    fn over_secrets(&mut self, grants: &Grants) {
        for (effect, kind, by) in
            [(Effect::ReadSecrets, RelationKind::Reads, "read secrets"), (Effect::WriteSecrets, RelationKind::Writes, "write secrets")]
        {
            if grants.has(effect) {
                self.over(Collection::Secrets, kind, by);
            }
            for name in grants.names(effect) {
                for namespace in self.homes(|it| it.joining.homes_of_secret(name)) {
                    let vault = self.joining.vault(&namespace, name);
                    self.relate(kind, &vault, Certainty::Proven, by);
                }
            }
        }
    }

    fn over_pods(&mut self, grants: &Grants) {
        if grants.has(Effect::Start) {
            self.over(Collection::NewPods, RelationKind::Writes, "start pods");
        }
        if grants.has(Effect::Take) {
            self.over(Collection::Pods, RelationKind::Writes, "run code in pods");
        } else if grants.has(Effect::CommandNodes) && self.key.0 == Scope::Cluster {
            self.over(Collection::Pods, RelationKind::Writes, "nodes/proxy");
        }
        for name in grants.names(Effect::Take) {
            let pod = |namespace: &String| Scope::Namespace(namespace.clone()).object(&self.joining.id, "pods", name);
            let known = self.joining.workloads.iter().filter(|(namespace, ids)| ids.contains(&pod(namespace)));
            let pods: Vec<String> = known
                .map(|(namespace, _)| (namespace, pod(namespace)))
                .filter(|(namespace, _)| self.is_within(namespace))
                .map(|(_, pod)| pod)
                .collect();
            pods.iter().for_each(|pod| self.relate(RelationKind::Writes, pod, Certainty::Proven, "run code in pods"));
        }
    }

    fn is_within(&self, namespace: &str) -> bool {
        matches!(&self.key.0, Scope::Cluster) || self.key.0 == Scope::Namespace(namespace.to_owned())
    }

    fn over_accounts(&mut self, grants: &Grants) {
        let makes_tokens = grants.has(Effect::CreateSecrets) && grants.has(Effect::ReadSecrets);
        for (held, by) in [
            (grants.has(Effect::Mint), "create serviceaccounts/token"),
            (grants.has(Effect::ImpersonateAccounts), "impersonate serviceaccounts"),
            (makes_tokens, "create secrets + read secrets"),
        ] {
            if held {
                return self.over(Collection::Accounts, RelationKind::Administers, by);
            }
        }
        for (effect, by) in [(Effect::ImpersonateAccounts, "impersonate serviceaccounts"), (Effect::Mint, "create serviceaccounts/token")] {
            for name in grants.names(effect) {
                let known = |it: &Self| {
                    it.joining.accounts.iter().filter(|(_, names)| names.contains(name)).map(|(home, _)| home.clone()).collect()
                };
                for namespace in self.homes(known) {
                    let account = self.joining.account(&namespace, name);
                    self.relate(RelationKind::Assumes, &account, Certainty::Proven, by);
                }
            }
        }
    }

    /// The roles that it may bind to itself: every role of the scope, or those it names.
    fn over_roles(&mut self, grants: &Grants) {
        if !grants.has(Effect::CreateRoleBindings) && !grants.has(Effect::CreateClusterRoleBindings) {
            return;
        }
        let mut others: Vec<Held> = Vec::new();
        let binds_in_scope = grants.has(Effect::CreateRoleBindings) || self.key.0 == Scope::Cluster;
        if binds_in_scope {
            others.extend(grants.names(Effect::BindClusterRoles).map(|name| (self.key.0.clone(), true, name.to_owned())));
        }
        if grants.has(Effect::CreateRoleBindings) {
            let all = grants.has(Effect::BindRoles);
            let names: BTreeSet<&str> = grants.names(Effect::BindRoles).collect();
            let roles = self.joining.cluster.roles.keys().filter(|(scope, role)| match scope {
                Scope::Namespace(namespace) => self.is_within(namespace) && (all || names.contains(role.as_str())),
                Scope::Cluster => false,
            });
            let roles: Vec<Held> = roles.map(|(scope, role)| (scope.clone(), false, role.clone())).collect();
            if all && !roles.is_empty() {
                self.joining.any_role.insert(self.key.0.clone());
                let id = self.key.0.collection(&self.joining.id, "roles");
                self.relate(RelationKind::MemberOf, &id, Certainty::Proven, "bind + create rolebindings");
                self.others.extend(roles);
            } else {
                others.extend(roles);
            }
        }
        let key = self.key;
        for other in others.into_iter().filter(|other| other != key) {
            let id = id_of(&self.joining.id, &other);
            self.relate(RelationKind::MemberOf, &id, Certainty::Proven, "bind + create rolebindings");
            self.others.push(other);
        }
    }

    fn over_scope(&mut self, grants: &Grants, tenant: &str) {
        if grants.has(Effect::Change) {
            self.relate(RelationKind::Writes, tenant, Certainty::Proven, "");
        }
        if grants.has(Effect::Observe) {
            self.relate(RelationKind::Reads, tenant, Certainty::Proven, "");
        } else if grants.has(Effect::Connect) {
            self.relate(RelationKind::Reads, tenant, Certainty::Possible, "connect to pods");
        }
    }
}

//! Bindings: who holds which role in which scope.

use super::collections::Joining;
use super::coverage::Counts;
use super::effects::Grants;
use super::manifest::LabelSelector;
use super::names::{Scope, account_id};
use super::roles::built_in;
use super::world::{Binding, Cluster, Subject};
use crate::model::{Identity, IdentityKind, Labels, Relation, RelationKind};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// A role in a scope: the scope, whether it is a cluster role, and its name.
pub(super) type Held = (Scope, bool, String);

/// What other folders say that may be of the same cluster.
#[derive(Default)]
pub(super) struct Elsewhere {
    /// The namespaces that are there.
    pub namespaces: BTreeSet<String>,
    /// The roles that somebody holds there.
    pub held: BTreeSet<Held>,
}

/// The role that a binding gives, in its scope.
pub(super) fn held(binding: &Binding) -> Held {
    (binding.scope.clone(), binding.of_cluster, binding.role.clone())
}

const UNDECLARED: &str = "a subject is a service account in a namespace that nobody declares; a placeholder stands for it";
/// The label by which a cluster role adds to one of those that every cluster has.
const AGGREGATE_TO: &str = "rbac.authorization.k8s.io/aggregate-to-";

/// The id of the identity of a role in a scope.
pub(super) fn id_of(cluster: &str, (scope, of_cluster, role): &Held) -> String {
    scope.object(cluster, if *of_cluster { "clusterroles" } else { "roles" }, role)
}

/// Adds who holds what. Gives the roles that are held, with what they give; `None` for a role that nobody describes.
/// A role that is described here and bound elsewhere is held too.
pub(super) fn add(joining: &mut Joining<'_>, elsewhere: &Elsewhere, counts: &mut Counts) -> BTreeMap<Held, Option<Grants>> {
    let mut all = BTreeMap::new();
    for binding in std::mem::take(&mut joining.cluster.bindings) {
        joining.builder.resume(binding.position);
        let key = held(&binding);
        let id = id_of(&joining.id, &key);
        for subject in &binding.subjects {
            let subject = subject_of(joining, &binding, subject, elsewhere, counts);
            joining.builder.relate(Relation::new(subject, RelationKind::MemberOf, &id).permission(&binding.role));
            counts.grants += 1;
        }
        if let Entry::Vacant(entry) = all.entry(key) {
            let grants = meaning(joining.cluster, entry.key());
            counts.role(&binding.role, grants.is_some(), joining.cluster.roles.contains_key(&role_key(entry.key())));
            entry.insert(grants);
        }
    }
    let described = |held: &&Held| joining.cluster.roles.contains_key(&role_key(held)) && !all.contains_key(*held);
    let more: Vec<_> = elsewhere.held.iter().filter(described).map(|held| (held.clone(), meaning(joining.cluster, held))).collect();
    all.extend(more);
    all
}

/// Where the role of a binding is described.
fn role_key((scope, of_cluster, role): &Held) -> (Scope, String) {
    (if *of_cluster { Scope::Cluster } else { scope.clone() }, role.clone())
}

/// What a role gives; `None` where nobody describes it.
pub(super) fn meaning(cluster: &Cluster, held: &Held) -> Option<Grants> {
    let key = role_key(held);
    let mut seen = BTreeSet::new();
    let read = cluster.roles.contains_key(&key).then(|| of_role(cluster, &key, &mut seen));
    // A role that was exported says itself what every cluster's role of that name gives; only one that is all aggregation is filled in by the cluster.
    let name = match &held.0 {
        Scope::Namespace(namespace) if !held.1 => format!("{namespace}/{}", held.2),
        _ => held.2.clone(),
    };
    let own = built_in(&name).filter(|_| read.as_ref().is_none_or(Grants::is_empty));
    let Some(own) = own else { return read };
    let mut grants = own.clone();
    let adds = [(format!("{AGGREGATE_TO}{}", held.2), "true")];
    for (other, role) in cluster.roles.iter().filter(|((scope, _), _)| *scope == Scope::Cluster) {
        if adds.iter().any(|(label, value)| role.labels.get(label).is_some_and(|it| it == value)) {
            grants.extend(&of_role(cluster, other, &mut seen));
        }
    }
    Some(grants)
}

/// What a role that was read gives, with what is aggregated into it.
fn of_role(cluster: &Cluster, key: &(Scope, String), seen: &mut BTreeSet<(Scope, String)>) -> Grants {
    let Some(role) = cluster.roles.get(key).filter(|_| seen.insert(key.clone())) else { return Grants::default() };
    let mut grants = role.grants.clone();
    if !role.aggregates.is_empty() {
        let others = cluster.roles.iter().filter(|((scope, _), _)| *scope == Scope::Cluster);
        for (other, _) in others.filter(|(_, other)| role.aggregates.iter().any(|selector| selects(selector, &other.labels))) {
            grants.extend(&of_role(cluster, other, seen));
        }
    }
    grants
}

/// Whether labels are as a selector asks. One that asks nothing selects everything.
fn selects(selector: &LabelSelector, labels: &Labels) -> bool {
    let pairs = selector.match_labels.iter().flatten();
    let equal = pairs.into_iter().all(|(key, value)| labels.get(key) == value.as_ref().map(|value| &value.0));
    equal
        && selector.match_expressions.iter().all(|asked| {
            let value = labels.get(&asked.key);
            let listed = value.is_some_and(|value| asked.values.iter().any(|it| it.0 == *value));
            match asked.operator.as_str() {
                "In" => listed,
                "NotIn" => !listed,
                "Exists" => value.is_some(),
                "DoesNotExist" => value.is_none(),
                _ => false,
            }
        })
}

fn subject_of(joining: &mut Joining<'_>, binding: &Binding, subject: &Subject, elsewhere: &Elsewhere, counts: &mut Counts) -> String {
    match subject {
        Subject::Account(namespace, name) if joining.cluster.knows(namespace) || elsewhere.namespaces.contains(namespace) => {
            let described = joining.cluster.accounts.contains_key(&(namespace.clone(), name.clone()));
            counts.accounts(described);
            joining.account(namespace, name)
        }
        Subject::Account(namespace, name) => {
            joining.builder.skip(binding.place.clone().field("subjects"), UNDECLARED);
            counts.accounts(false);
            account_id(&joining.id, namespace, name)
        }
        Subject::Group(name) => {
            joining.groups.insert(name.clone());
            Scope::Cluster.object(&joining.id, "groups", name)
        }
        Subject::User(name) => {
            let id = Scope::Cluster.object(&joining.id, "users", name);
            if joining.users.insert(name.clone()) {
                joining.builder.add(user(&joining.id, &id, name));
            }
            id
        }
    }
}

fn user(cluster: &str, id: &str, name: &str) -> Identity {
    let of_cluster = name.starts_with("system:");
    let kind = if of_cluster { IdentityKind::Other } else { IdentityKind::Human };
    let managed = of_cluster.then(|| (Identity::PROVIDER_MANAGED.to_owned(), "true".to_owned()));
    Identity {
        name: Some(name.to_owned()),
        tenant: Some(cluster.to_owned()),
        labels: managed.into_iter().collect(),
        ..Identity::new(id, kind)
    }
}

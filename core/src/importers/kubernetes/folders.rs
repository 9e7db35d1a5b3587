//! [`Shared`]: what clusters that nobody names may have in common. The objects of a folder are of one cluster; those of two folders may be of one, or of two.

use super::collections::{Collection, Joining};
use super::names::{Scope, UNNAMED, account_id, secret_id};
use super::world::Cluster;
use crate::estate::EstateBuilder;
use crate::importers::Input;
use crate::model::{Certainty, Relation, RelationKind, Right};
use std::collections::{BTreeMap, BTreeSet};

/// The folders whose inputs name no cluster, each with the name that its cluster gets: the first is `cluster`, any other `cluster@FOLDER`,
/// with as many of the last words of its path as tell it from the others: where all of them lie says nothing.
#[derive(Default)]
pub(super) struct Folders(BTreeMap<String, String>);

impl Folders {
    /// The name of the cluster of an input that names none. Inputs are taken in the order of their names.
    pub fn cluster_of(&mut self, input: &Input) -> String {
        let folder = input.name.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder).replace('\\', "/");
        if let Some(name) = self.0.get(&folder) {
            return name.clone();
        }
        let starts = folder.rmatch_indices('/').map(|(at, _)| at + 1).chain([0]);
        let mut names = starts.map(|start| format!("{UNNAMED}@{}", &folder[start..]));
        let is_free = |name: &String| self.0.values().all(|taken| taken != name);
        let other = names.find(is_free).unwrap_or_else(|| format!("{UNNAMED}@{folder}"));
        let name = if self.0.is_empty() { UNNAMED.to_owned() } else { other };
        self.0.insert(folder, name.clone());
        name
    }

    /// Whether a cluster is one of several that nobody names.
    pub fn are_several_with(&self, cluster: &str) -> bool {
        self.0.len() > 1 && self.0.values().any(|name| name == cluster)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// The ids that stand at one path of several clusters, with the rights over one that are the same over the others, where they are one.
type Same = (&'static [Right], Vec<String>);

/// What is at the same path of clusters that nobody names, by that path.
#[derive(Default)]
pub(super) struct Shared(BTreeMap<String, Same>);

impl Shared {
    /// Notes what a cluster has.
    pub fn note(&mut self, cluster: &str, id: String, rights: &'static [Right]) {
        let path = id.strip_prefix(cluster).unwrap_or(&id).to_owned();
        self.0.entry(path).or_insert_with(|| (rights, Vec::new())).1.push(id);
    }

    /// Says of what is at one path that it may be one thing: each leads to the next, and the last to the first, so that relations grow with the folders.
    pub fn relate(self, builder: &mut EstateBuilder) {
        for (rights, ids) in self.0.into_values().filter(|(_, ids)| ids.len() > 1) {
            let next = ids.iter().cycle().skip(1);
            for (from, to) in ids.iter().zip(next) {
                for right in rights {
                    let relation = Relation::new(from, RelationKind::Custom, to).requiring(*right).granting(*right);
                    builder.relate(relation.certainty(Certainty::Possible).permission("perhaps one cluster"));
                }
            }
        }
    }
}

/// What is left of the joining of a cluster, to be taken up when it is known what the others need.
pub(super) struct Left {
    pub name: String,
    /// The collections that were added.
    pub added: BTreeSet<(Collection, Scope)>,
    accounts: BTreeMap<String, BTreeSet<String>>,
    vaults: BTreeMap<String, BTreeSet<String>>,
    workloads: BTreeMap<String, BTreeSet<String>>,
    groups: BTreeSet<String>,
    users: BTreeSet<String>,
    roles: Vec<String>,
}

impl<'j> Joining<'j> {
    /// Leaves the joining for now; `roles` are the ids of the roles that are held.
    pub fn leave(self, roles: Vec<String>) -> Left {
        let Joining { name, added, accounts, vaults, workloads, groups, users, .. } = self;
        Left { name: name.to_owned(), added, accounts, vaults, workloads, groups, users, roles }
    }

    /// Takes it up again, with the collections that any of the clusters needs.
    pub fn again(
        name: &'j str,
        cluster: &'j mut Cluster,
        builder: &'j mut EstateBuilder,
        left: Left,
        needed: &BTreeSet<(Collection, Scope)>,
    ) -> Self {
        let is_here = |scope: &Scope| match scope {
            Scope::Cluster => true,
            Scope::Namespace(namespace) => cluster.declared.contains_key(namespace) || cluster.implied.contains(namespace),
        };
        let needed = needed.iter().filter(|(_, scope)| is_here(scope)).cloned().collect();
        let Left { added, accounts, vaults, workloads, groups, users, roles, .. } = left;
        Joining { needed, added, accounts, vaults, workloads, groups, users, roles, ..Joining::new(name, cluster, builder) }
    }

    /// Notes all that may be the same in another of the clusters.
    pub fn share(&self, shared: &mut Shared) {
        const CONTROL: &[Right] = &[Right::Control];
        let mut note = |id: String, rights| shared.note(&self.id, id, rights);
        note(self.id.clone(), CONTROL);
        self.cluster.namespaces().into_iter().for_each(|namespace| note(Scope::Namespace(namespace.clone()).tenant(&self.id), CONTROL));
        for (namespace, names) in &self.accounts {
            names.iter().for_each(|name| note(account_id(&self.id, namespace, name), CONTROL));
        }
        for (namespace, names) in &self.vaults {
            names.iter().for_each(|name| note(secret_id(&self.id, namespace, name), Collection::Secrets.rights()));
        }
        for (words, names) in [("groups", &self.groups), ("users", &self.users)] {
            names.iter().for_each(|name| note(Scope::Cluster.object(&self.id, words, name), CONTROL));
        }
        self.added.iter().for_each(|(collection, scope)| note(scope.collection(&self.id, collection.row().0), collection.rights()));
        self.roles.iter().for_each(|role| note(role.clone(), CONTROL));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_all_folders_lie_does_not_tell_in_their_names() {
        for top in ["", "exports/", "/srv/monday/"] {
            let mut folders = Folders::default();
            let name = |file: &str| folders.cluster_of(&Input::new(format!("{top}{file}"), ""));
            let names = ["a/1.yaml", "a/x/2.yaml", "b/x/3.yaml", "b/x/4.yaml"].map(name);
            assert_eq!(names, ["cluster", "cluster@x", "cluster@b/x", "cluster@b/x"]);
        }
    }
}

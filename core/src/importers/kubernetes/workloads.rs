//! Workloads: resources that run as their service account, see secrets, and perhaps get at their node.

use super::collections::{Collection, Joining};
use super::hosts::{Escape, Gain};
use super::names::{Scope, collection_of};
use super::secrets::ANY_KEY;
use super::world::Workload;
use crate::estate::Position;
use crate::importers::values::kind_of_name;
use crate::model::{Certainty, Labels, Relation, RelationKind, Resource, ResourceKind, Right, Secret, SecretKind, Storage};
use std::collections::{BTreeMap, BTreeSet};

/// A workload with all that its pods say.
#[derive(Default)]
struct Joined {
    labels: Labels,
    /// The accounts, and whether their token is there.
    accounts: BTreeMap<String, bool>,
    nodes: BTreeSet<String>,
    secrets: BTreeSet<(String, Option<String>)>,
    plain: BTreeMap<String, String>,
    escapes: BTreeSet<Escape>,
    position: Position,
}

/// Adds every workload; pods that another made count as that one.
pub(super) fn add(joining: &mut Joining<'_>) {
    let mut joined: BTreeMap<(String, String, String), Joined> = BTreeMap::new();
    for (key, workload) in &joining.cluster.workloads {
        let origin = joining.cluster.origin(key);
        let own = origin == *key;
        joined.entry(origin).or_default().add(joining, &key.0, workload, own);
    }
    let mut escaping = Vec::new();
    for ((namespace, kind, name), workload) in joined {
        joining.builder.resume(workload.position);
        let scope = Scope::Namespace(namespace.clone());
        let id = scope.object(&joining.id, &collection_of(&kind), &name);
        joining.builder.add(Resource {
            name: Some(name),
            tenant: Some(scope.tenant(&joining.id)),
            labels: workload.labels.clone(),
            ..Resource::new(&id, ResourceKind::Compute)
        });
        joining.workloads.entry(namespace.clone()).or_default().insert(id.clone());
        relate(joining, &namespace, &id, &workload);
        if !workload.escapes.is_empty() {
            escaping.push((id, workload));
        }
    }
    // What lies on a node is known when every pod is.
    for (id, workload) in escaping {
        joining.builder.resume(workload.position);
        workload.escapes.iter().for_each(|escape| escapes(joining, &id, &workload, *escape));
    }
}

impl Joined {
    fn add(&mut self, joining: &Joining<'_>, namespace: &str, workload: &Workload, own: bool) {
        let of_account = joining.cluster.accounts.get(&(namespace.to_owned(), workload.account.clone())).copied().flatten();
        let token = workload.automount.or(of_account).unwrap_or(true);
        *self.accounts.entry(workload.account.clone()).or_default() |= token;
        self.nodes.extend(workload.node.clone());
        self.secrets.extend(workload.secrets.iter().cloned());
        self.plain.extend(workload.plain.iter().map(|(name, fingerprint)| (name.clone(), fingerprint.clone())));
        self.escapes.extend(&workload.escapes);
        if own {
            self.labels = workload.labels.clone();
            self.position = workload.position;
        }
    }
}

fn relate(joining: &mut Joining<'_>, namespace: &str, id: &str, workload: &Joined) {
    for (account, token) in &workload.accounts {
        let account = joining.account(namespace, account);
        if *token {
            for node in &workload.nodes {
                let node = node_of(joining, node);
                joining.on_node.entry(node).or_default().insert(account.clone());
            }
            joining.builder.relate(Relation::new(id, RelationKind::RunsAs, account));
        }
    }
    for (secret, key) in &workload.secrets {
        sees(joining, namespace, id, secret, key.as_deref());
    }
    for (name, fingerprint) in &workload.plain {
        let secret = format!("{id}/env/{name}");
        joining.builder.add(Secret {
            name: Some(name.clone()),
            tenant: Some(Scope::Namespace(namespace.to_owned()).tenant(&joining.id)),
            fingerprint: Some(fingerprint.clone()),
            storage: Some(Storage::ConfigFile),
            ..Secret::new(&secret, kind_of_name(name).unwrap_or(SecretKind::Generic))
        });
        joining.builder.relate(Relation::new(id, RelationKind::Stores, secret));
    }
    for node in &workload.nodes {
        let node = node_of(joining, node);
        joining.builder.relate(Relation::new(&node, RelationKind::Contains, id));
    }
}

/// A secret that pods see: whoever runs code in them sees it too.
fn sees(joining: &mut Joining<'_>, namespace: &str, id: &str, secret: &str, key: Option<&str>) {
    let vault = joining.vault(namespace, secret);
    let read = joining.cluster.secrets.get(&(namespace.to_owned(), secret.to_owned())).filter(|keys| !keys.is_empty());
    let value = format!("{vault}/{}", key.unwrap_or(ANY_KEY));
    match (read, key) {
        (Some(keys), Some(_)) if keys.contains(&value) => {}
        // What stands under that key is public by its name.
        (Some(keys), Some(_)) if !keys.contains(&format!("{vault}/{ANY_KEY}")) => return,
        (Some(_), _) => {
            let relation = Relation::new(id, RelationKind::Contains, vault).requiring(Right::Write).granting(Right::Read);
            joining.builder.relate(relation.permission("secret of the pod"));
            return;
        }
        (None, _) => {
            joining.builder.add(Secret {
                name: Some(key.map_or_else(|| secret.to_owned(), |key| format!("{secret}/{key}"))),
                tenant: Some(Scope::Namespace(namespace.to_owned()).tenant(&joining.id)),
                storage: Some(Storage::KubernetesSecret),
                ..Secret::new(&value, key.and_then(kind_of_name).unwrap_or(SecretKind::Generic))
            });
            joining.builder.relate(Relation::new(&vault, RelationKind::Stores, &value));
        }
    }
    joining.builder.relate(Relation::new(id, RelationKind::Stores, value).requiring(Right::Write));
}

/// The id of a node; adds it where nothing describes it.
fn node_of(joining: &mut Joining<'_>, node: &str) -> String {
    let id = Scope::Cluster.object(&joining.id, "nodes", node);
    if joining.cluster.nodes.insert(node.to_owned()) {
        let tenant = Some(joining.id.clone());
        joining.builder.add(Resource { name: Some(node.to_owned()), tenant, ..Resource::new(&id, ResourceKind::Compute) });
    }
    id
}

/// The way from a pod to its node: to the one it is on, or to one that the input does not tell.
fn escapes(joining: &mut Joining<'_>, id: &str, workload: &Joined, escape: Escape) {
    let known = !workload.nodes.is_empty();
    let nodes: Vec<String> = match known {
        true => workload.nodes.iter().map(|node| Scope::Cluster.object(&joining.id, "nodes", node)).collect(),
        false => vec![joining.collection(Collection::Nodes, &Scope::Cluster)],
    };
    let sure = known && escape.gains != Gain::PerhapsFiles;
    for node in nodes {
        let (to, grants) = match escape.gains {
            Gain::Control => (node, Right::Control),
            Gain::Files | Gain::PerhapsFiles => (node, Right::Read),
            Gain::Tokens => (tokens_on(joining, &node, known), Right::Read),
        };
        let relation = Relation::new(id, RelationKind::Custom, to).requiring(Right::Write).granting(grants).permission(escape.by);
        joining.builder.relate(relation.certainty(if sure { Certainty::Proven } else { Certainty::Possible }));
    }
}

/// The id of the tokens that lie on a node: whoever reads them acts as the accounts of the pods there. Where it is not known which node it is, they may be any.
fn tokens_on(joining: &mut Joining<'_>, node: &str, known: bool) -> String {
    let id = format!("{node}/tokens");
    let name = format!("tokens on {}", if known { node.rsplit('/').next().unwrap_or(node) } else { "a node" });
    joining.builder.add(Resource { name: Some(name), tenant: Some(joining.id.clone()), ..Resource::new(&id, ResourceKind::Other) });
    joining.builder.relate(Relation::new(node, RelationKind::Contains, &id));
    let accounts: Vec<String> = joining.on_node.get(node).into_iter().flatten().cloned().collect();
    for account in accounts {
        joining.builder.relate(Relation::new(&id, RelationKind::RunsAs, account).requiring(Right::Read));
    }
    if !known {
        let accounts = joining.collection(Collection::Accounts, &Scope::Cluster);
        let relation = Relation::new(&id, RelationKind::Contains, accounts).requiring(Right::Read).granting(Right::Control);
        joining.builder.relate(relation.certainty(Certainty::Possible));
    }
    id
}

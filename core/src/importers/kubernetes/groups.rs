//! Groups, and who is in those that the cluster fills itself. Only groups that a binding names are there.

use super::collections::{Collection, Joining};
use super::names::{Scope, account_id};
use crate::model::{Certainty, Identity, IdentityKind, Relation, RelationKind};

const MASTERS: &str = "system:masters";
const AUTHENTICATED: &str = "system:authenticated";
const NODES: &str = "system:nodes";
const ACCOUNTS: &str = "system:serviceaccounts";

/// Adds the groups, their members as far as the cluster fills them, and the identities of clouds that accounts may ask tokens of.
pub(super) fn add(joining: &mut Joining<'_>) {
    for name in joining.groups.clone() {
        let id = id_of(joining, &name);
        let managed = name.starts_with("system:").then(|| (Identity::PROVIDER_MANAGED.to_owned(), "true".to_owned()));
        joining.builder.add(Identity {
            name: Some(name.clone()),
            tenant: Some(joining.id.clone()),
            labels: managed.into_iter().collect(),
            ..Identity::new(&id, IdentityKind::Group)
        });
        members(joining, &id, &name);
    }
    clouds(joining);
}

fn id_of(joining: &Joining<'_>, name: &str) -> String {
    Scope::Cluster.object(&joining.id, "groups", name)
}

fn members(joining: &mut Joining<'_>, id: &str, name: &str) {
    let accounts = |home: Option<&str>| -> Vec<String> {
        let homes = joining.accounts.iter().filter(|(namespace, _)| home.is_none_or(|home| home == *namespace));
        homes.flat_map(|(namespace, names)| names.iter().map(|name| account_id(&joining.id, namespace, name))).collect()
    };
    let members: Vec<String> = match name.strip_prefix(ACCOUNTS) {
        Some("") => accounts(None),
        Some(home) if home.starts_with(':') => accounts(home.strip_prefix(':')),
        _ if name == AUTHENTICATED => {
            let users = joining.users.iter().map(|user| Scope::Cluster.object(&joining.id, "users", user));
            accounts(None).into_iter().chain(users).collect()
        }
        _ => Vec::new(),
    };
    for member in members {
        joining.builder.relate(Relation::new(member, RelationKind::MemberOf, id).permission(name));
    }
    if name == MASTERS {
        joining.builder.relate(Relation::new(id, RelationKind::Administers, joining.id.as_str()).permission("cluster-admin"));
    }
    if name == NODES {
        // Whoever commands a node acts as its kubelet, whether or not the nodes were exported.
        let nodes = joining.collection(Collection::Nodes, &Scope::Cluster);
        let known = joining.cluster.nodes.iter().map(|node| Scope::Cluster.object(&joining.id, "nodes", node));
        for node in known.chain([nodes]).collect::<Vec<_>>() {
            joining.builder.relate(Relation::new(node, RelationKind::RunsAs, id).permission("kubelet"));
        }
    }
}

/// The identities of clouds. Whether the cloud takes the account's token is written there, so by this alone it is possible. What is sure is who the account
/// is to the cloud: the subject of the cluster's issuer, and in Google Cloud the workload of the project's pool. The readers of the clouds lead on from these.
fn clouds(joining: &mut Joining<'_>) {
    for (account, identity, annotation) in joining.cluster.cloud.clone() {
        let relation = Relation::new(&account, RelationKind::FederatesTo, identity.as_str()).permission(annotation);
        joining.builder.relate(relation.certainty(Certainty::Possible));
        let path = account.strip_prefix(&format!("{}/namespaces/", joining.id)).and_then(|path| path.split_once("/serviceaccounts/"));
        let Some((namespace, name)) = path else { continue };
        let of_google = annotation.starts_with("iam.gke.io/");
        let (subject, shown, by) = match (of_google, &joining.cluster.project, &joining.cluster.issuer) {
            (true, Some(project), _) => {
                let shown = format!("{project}.svc.id.goog[{namespace}/{name}]");
                (format!("serviceAccount:{shown}"), shown, "workload identity pool")
            }
            (false, _, Some(issuer)) => {
                let shown = format!("system:serviceaccount:{namespace}:{name}");
                (format!("{issuer}#{shown}"), shown, "service account token")
            }
            _ => continue,
        };
        let tenant = if of_google { None } else { Some(Scope::Namespace(namespace.to_owned()).tenant(&joining.id)) };
        joining.builder.add(Identity { name: Some(shown), tenant, ..Identity::new(&subject, IdentityKind::Workload) });
        joining.builder.relate(Relation::new(&account, RelationKind::FederatesTo, subject).permission(by));
    }
}

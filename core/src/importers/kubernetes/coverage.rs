//! What was not in the inputs, or could not be judged.

use super::world::World;
use crate::estate::{Coverage, EstateBuilder};
use std::collections::BTreeSet;

/// What was counted on the way.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Subjects of bindings, each binding's on its own.
    pub grants: u64,
    /// Roles in a scope that reach nothing that is modelled.
    pub without_effect: u64,
    roles: u64,
    assumed: BTreeSet<String>,
    unknown: BTreeSet<String>,
    subjects: [u64; 2],
}

impl Counts {
    /// Counts a role that is held in a scope: whether it is known what it gives, and whether it was read.
    pub fn role(&mut self, role: &str, known: bool, read: bool) {
        self.roles += 1;
        if !known {
            self.unknown.insert(role.to_owned());
        } else if !read {
            self.assumed.insert(role.to_owned());
        }
    }

    /// Counts a service account as subject: whether it was described.
    pub fn accounts(&mut self, described: bool) {
        self.subjects[0] += u64::from(described);
        self.subjects[1] += 1;
    }
}

/// Adds what the reading covers.
pub(super) fn add(world: &World, counts: &Counts, builder: &mut EstateBuilder) {
    let mut cover = |topic: &str, known: u64, total: u64, note: String| {
        if total > 0 {
            builder.cover(Coverage { topic: topic.into(), known, total, note });
        }
    };
    let clusters = world.clusters.values();
    let count = clusters.len() as u64;
    let mut content = |topic: &str, there: u64, note: &str| {
        if there < count {
            cover(topic, there, count, note.to_owned());
        }
    };
    let there = |is: &dyn Fn(&super::world::Cluster) -> bool| world.clusters.values().filter(|cluster| is(cluster)).count() as u64;
    content(
        "kubernetes_namespaces",
        there(&|it| !it.declared.is_empty()),
        "clusters of which no namespace was read: those that objects stand in are taken to be there, without labels and owners",
    );
    content(
        "kubernetes_workloads",
        there(&|it| !it.workloads.is_empty()),
        "clusters of which no pod and no workload was read: what runs as which service account, and what gets at its node, is unknown",
    );
    content(
        "kubernetes_secrets",
        there(&|it| !it.secrets.is_empty()),
        "clusters of which no secret was read: which there are, and how old, is unknown",
    );
    content("kubernetes_bindings", if counts.grants > 0 { count } else { 0 }, "no role binding was read: who holds what is unknown");
    content("kubernetes_group_members", 0, "the export does not say who is in a group");
    content("kubernetes_last_use", 0, "the export does not say when a service account, a secret or a role was last used");
    let folders = world.folders.len();
    let read = if folders > 1 {
        format!(
            "inputs that name no cluster are read as one cluster for each of their {folders} folders, and what joins these is only possible"
        )
    } else {
        "inputs that name no cluster are read as one".to_owned()
    };
    let how = "name each by a folder `cluster=NAME` or the format: `--input kubernetes@NAME:PATH`";
    cover("kubernetes_clusters_named", world.named, world.inputs, format!("{read}; {how}"));
    let (issued, federated) = (there(&|it| it.issuer.is_some() && !it.cloud.is_empty()), there(&|it| !it.cloud.is_empty()));
    cover(
        "kubernetes_token_issuers",
        issued,
        if issued < federated { federated } else { 0 },
        "clusters whose accounts are annotated with identities of clouds and whose issuer of tokens is not known, so that the trust written in the cloud \
         is not joined: export `kubectl get --raw /.well-known/openid-configuration` too"
            .to_owned(),
    );
    let namespaces: u64 = world.clusters.values().map(|cluster| cluster.namespaces().len() as u64).sum();
    let enforced: u64 = world.clusters.values().map(|cluster| cluster.enforced.len() as u64).sum();
    cover(
        "kubernetes_pod_security",
        enforced,
        if enforced < namespaces { namespaces } else { 0 },
        "in namespaces that do not say what they enforce on pods, whoever starts pods may get at the nodes, unless an admission controller forbids it".to_owned(),
    );
    let dated = world.clusters.values().map(|cluster| cluster.secrets_dated).sum();
    let secrets: u64 = world.clusters.values().map(|cluster| cluster.secrets.len() as u64).sum();
    cover(
        "kubernetes_secret_changes",
        dated,
        secrets.max(dated),
        "secrets that do not tell when their values were last set are taken to be as old as the object; export with `--show-managed-fields`".to_owned(),
    );
    let copied = |at: usize| world.clusters.values().map(|cluster| cluster.copied[at]).sum::<u64>();
    cover(
        "kubernetes_external_secrets",
        copied(0),
        if copied(0) < copied(1) { copied(1) } else { 0 },
        "keys of external secrets that say in which store and project their values stand, of all; what the others are copies of is unknown"
            .to_owned(),
    );
    let unknown = counts.unknown.len() as u64;
    let note = match listed(&counts.unknown) {
        names if names.is_empty() => "every role that is bound is known".to_owned(),
        names => format!("roles that are bound and that nobody describes are kept and conduct nothing: {names}"),
    };
    cover("kubernetes_roles_known", counts.roles.saturating_sub(unknown), counts.roles, note);
    let assumed = counts.assumed.len() as u64;
    cover(
        "kubernetes_roles_read",
        0,
        assumed,
        format!("roles that every cluster has were not exported and are taken to be as Kubernetes ships them: {}", listed(&counts.assumed)),
    );
    cover(
        "kubernetes_service_accounts_described",
        counts.subjects[0],
        counts.subjects[1],
        "service accounts that bindings name and nobody describes have no labels, owners and cloud identities".to_owned(),
    );
    let homeless: u64 = world.clusters.values().map(|cluster| cluster.homeless).sum();
    cover(
        "kubernetes_objects_placed",
        world.objects - homeless,
        if homeless > 0 { world.objects } else { 0 },
        "objects that name no namespace are taken to be in `default`; who installs them may choose another".to_owned(),
    );
    let unmapped: BTreeSet<String> =
        world.clusters.values().flat_map(|cluster| cluster.roles.values()).flat_map(|role| role.unmapped.iter().cloned()).collect();
    cover(
        "kubernetes_api_groups_mapped",
        0,
        unmapped.len() as u64,
        format!("what roles give over the objects of other API groups is not judged: {}", listed(&unmapped)),
    );
    // What does not look like a kind is not shown.
    let is_kind = |kind: &&String| kind.len() <= 63 && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let others: BTreeSet<String> = world.other_kinds.keys().filter(is_kind).cloned().collect();
    let other: u64 = world.other_kinds.values().sum();
    cover(
        "kubernetes_kinds_read",
        world.objects - other,
        if other > 0 { world.objects } else { 0 },
        format!("objects of other kinds tell nothing here: {}", listed(&others)),
    );
}

/// How many names a note lists.
const LISTED: usize = 20;

/// The first names, and how many more there are.
fn listed(names: &BTreeSet<String>) -> String {
    let more = names.len().saturating_sub(LISTED);
    let mut listed = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if more > 0 {
        listed.push_str(&format!(" and {more} more"));
    }
    listed
}

//! The manifests of real clusters and of attacks, where they are at hand: every file is in the table, its JSON is counted without the reader, and what the
//! reader makes is what was counted. The rows of the YAML files were counted with another YAML reader; their lines are counted here too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tenantgraph::model::RelationKind;
use tenantgraph::{Estate, Input, ReadOptions, read};
use tenantgraph_tests::cluster_counts::Counted;

/// A file, its objects; namespaces, service accounts, roles that are given, groups and users; who has a role; what runs, nodes and secrets; skipped subjects.
type Row = (&'static str, usize, [usize; 5], usize, [usize; 3], usize);

#[rustfmt::skip]
const FILES: &[Row] = &[
    // Nine accounts are described; three that bindings name in `argocd` stand in `default` there, where who installs them may choose.
    // The secret is one that a role names.
    ("argo-cd_rbac.ndjson", 59, [2, 12, 11, 0, 0], 11, [0, 0, 1], 0),
    // Three roles that are described are given to nobody, and are no identity.
    ("k8s.io_rbac.ndjson", 127, [13, 33, 23, 0, 0], 24, [0, 0, 27], 0),
    // Four subjects are accounts of a namespace that nobody declares.
    ("moj-cloud-platform_rbac.ndjson", 3178, [1087, 15, 1600, 331, 1], 2644, [0, 0, 0], 4),
    ("KubeHound/attacks__CE_MODULE_LOAD.yaml", 1, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__CE_NET_MITM.yaml", 1, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__CE_NSENTER.yaml", 1, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__CE_PRIV_MOUNT.yaml", 1, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__CE_SYS_PTRACE.yaml", 1, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__CE_UMH_CORE_PATTERN.yaml", 1, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__CE_VAR_LOG_SYMLINK.yaml", 4, [1, 1, 1, 0, 0], 1, [1, 0, 0], 0),
    ("KubeHound/attacks__CONTROL_POD.yaml", 1, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__ENDPOINT_EXPLOIT.yaml", 2, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__EXPLOIT_HOST_READ_TRAVERSE.yaml", 1, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__EXPLOIT_HOST_WRITE.yaml", 1, [1, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__IDENTITY_ASSUME.yaml", 2, [0, 0, 1, 1, 0], 1, [0, 0, 0], 0),
    ("KubeHound/attacks__IDENTITY_IMPERSONATE.yaml", 4, [1, 1, 1, 0, 0], 1, [1, 0, 0], 0),
    ("KubeHound/attacks__POD_CREATE.yaml", 4, [1, 1, 1, 0, 0], 1, [1, 0, 0], 0),
    ("KubeHound/attacks__POD_EXEC.yaml", 4, [1, 1, 1, 0, 0], 1, [1, 0, 0], 0),
    ("KubeHound/attacks__POD_PATCH.yaml", 4, [1, 1, 1, 0, 0], 1, [1, 0, 0], 0),
    ("KubeHound/attacks__ROLE_BIND_ALL.yaml", 3, [2, 1, 0, 0, 0], 0, [1, 0, 0], 0),
    ("KubeHound/attacks__ROLE_BIND_CRB_CR.yaml", 16, [1, 4, 4, 0, 0], 4, [4, 0, 0], 0),
    ("KubeHound/attacks__ROLE_BIND_RB_CR-SA.yaml", 12, [1, 3, 3, 0, 0], 3, [3, 0, 0], 0),
    ("KubeHound/attacks__ROLE_BIND_RB_R-SA.yaml", 12, [1, 3, 3, 0, 0], 3, [3, 0, 0], 0),
    ("KubeHound/attacks__ROLE_BIND_RB_R-UG.yaml", 6, [1, 0, 3, 3, 3], 6, [0, 0, 0], 0),
    ("KubeHound/attacks__SHARE_PS_NAMESPACE.yaml", 2, [1, 1, 0, 0, 0], 0, [2, 0, 0], 0),
    ("KubeHound/attacks__TOKEN_BRUTEFORCE.yaml", 4, [1, 1, 1, 0, 0], 1, [1, 0, 0], 0),
    ("KubeHound/attacks__TOKEN_LIST.yaml", 4, [1, 1, 1, 0, 0], 1, [1, 0, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__clusterrolebindings.rbac.authorization.k8s.io.json", 1, [1, 1, 1, 0, 0], 1, [0, 0, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__clusterroles.rbac.authorization.k8s.io.json", 1, [0, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__namespace-1__endpointslices.discovery.k8s.io.json", 1, [0, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__namespace-1__pods.json", 1, [1, 1, 0, 0, 0], 0, [1, 1, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__namespace-1__rolebindings.rbac.authorization.k8s.io.json", 1, [1, 1, 1, 0, 0], 1, [0, 0, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__namespace-1__roles.rbac.authorization.k8s.io.json", 1, [1, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__namespace-2__endpointslices.discovery.k8s.io.json", 0, [0, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__namespace-2__pods.json", 1, [1, 1, 0, 0, 0], 0, [1, 1, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__namespace-2__rolebindings.rbac.authorization.k8s.io.json", 1, [1, 1, 1, 0, 0], 1, [0, 0, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__namespace-2__roles.rbac.authorization.k8s.io.json", 1, [1, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__collector__testdata__test-cluster__nodes.json", 1, [0, 0, 0, 0, 0], 0, [0, 1, 0], 0),
    ("KubeHound/pkg__kubehound__ingestor__pipeline__testdata__clusterrole.json", 1, [0, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    // The subject is an account without a namespace, in the whole cluster: no cluster takes it.
    ("KubeHound/pkg__kubehound__ingestor__pipeline__testdata__clusterrolebinding.json", 1, [0, 0, 1, 0, 0], 0, [0, 0, 0], 1),
    ("KubeHound/pkg__kubehound__ingestor__pipeline__testdata__endpointslice.json", 1, [0, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__kubehound__ingestor__pipeline__testdata__node.json", 1, [0, 0, 0, 0, 0], 0, [0, 1, 0], 0),
    ("KubeHound/pkg__kubehound__ingestor__pipeline__testdata__pod.json", 1, [1, 1, 0, 0, 0], 0, [1, 1, 0], 0),
    ("KubeHound/pkg__kubehound__ingestor__pipeline__testdata__role.json", 1, [1, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__kubehound__ingestor__pipeline__testdata__rolebinding.json", 1, [1, 1, 1, 0, 0], 1, [0, 0, 0], 0),
    ("KubeHound/pkg__kubehound__models__converter__testdata__clusterrole.json", 1, [0, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__kubehound__models__converter__testdata__clusterrolebinding.json", 1, [1, 1, 1, 0, 0], 1, [0, 0, 0], 0),
    ("KubeHound/pkg__kubehound__models__converter__testdata__endpointslice.json", 1, [0, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__kubehound__models__converter__testdata__node.json", 1, [0, 0, 0, 0, 0], 0, [0, 1, 0], 0),
    ("KubeHound/pkg__kubehound__models__converter__testdata__pod.json", 1, [1, 1, 0, 0, 0], 0, [1, 1, 0], 0),
    ("KubeHound/pkg__kubehound__models__converter__testdata__role.json", 1, [1, 0, 0, 0, 0], 0, [0, 0, 0], 0),
    ("KubeHound/pkg__kubehound__models__converter__testdata__rolebinding.json", 1, [1, 1, 1, 0, 0], 1, [0, 0, 0], 0),
];

/// Not manifests: what modules of Terraform hand to repositories, read by a test of its own.
const MODULES: &str = "moj-cloud-platform_serviceaccount_modules.json";

/// The folder of the manifests; `None`, said loudly, where the data is not at hand.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENANTGRAPH_REAL_DATA").map(|folder| PathBuf::from(folder).join("k8s"));
    if folder.is_none() {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose k8s/ holds the manifests of the real clusters");
    }
    folder
}

fn text_of(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|_| panic!("{name} can be read"))
}

fn estate(folder: &Path, name: &str) -> Estate {
    let input = Input::new(name, text_of(folder, name)).format("kubernetes@real");
    read(&[input], &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The objects of a file of JSON or lines of JSON.
fn manifests(folder: &Path, name: &str) -> Vec<serde_json::Value> {
    serde_json::Deserializer::from_str(&text_of(folder, name)).into_iter().map(|value| value.expect("JSON")).collect()
}

#[test]
fn every_file_is_in_the_table() {
    let Some(folder) = folder() else { return };
    let names = |folder: &Path| -> Vec<String> {
        let files = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry"));
        let files = files.filter(|entry| entry.file_type().expect("a type").is_file());
        files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    let inner = names(&folder.join("KubeHound")).into_iter().map(|name| format!("KubeHound/{name}"));
    let there: BTreeSet<String> = names(&folder).into_iter().chain(inner).collect();
    assert_eq!(there, FILES.iter().map(|(name, ..)| *name).chain([MODULES]).map(str::to_owned).collect());
}

#[test]
fn the_json_holds_what_was_counted_by_other_means() {
    let Some(folder) = folder() else { return };
    for (name, objects, identities, members, resources, lost) in FILES.iter().filter(|(name, ..)| !name.ends_with(".yaml")) {
        let counted = Counted::of(&manifests(&folder, name));
        assert_eq!(counted.objects, *objects, "{name}");
        assert_eq!(counted.identities(), *identities, "{name}");
        assert_eq!((counted.members.len(), counted.lost), (*members, *lost), "{name}");
        assert_eq!(counted.resources(), *resources, "{name}");
    }
    // What is described and given to nobody is no identity of the estate.
    let idle = ["argo-cd_rbac.ndjson", "k8s.io_rbac.ndjson", "moj-cloud-platform_rbac.ndjson"]
        .map(|name| Counted::of(&manifests(&folder, name)).idle());
    assert_eq!(idle, [0, 3, 1]);
}

#[test]
fn the_lines_of_the_yaml_hold_as_many() {
    let Some(folder) = folder() else { return };
    for (name, objects, _, members, [workloads, ..], _) in FILES.iter().filter(|(name, ..)| name.ends_with(".yaml")) {
        let text = text_of(&folder, name);
        let lines = |is: &dyn Fn(&str) -> bool| text.lines().filter(|line| is(line.trim_end())).count();
        assert_eq!(lines(&|line| line.starts_with("kind:")), *objects, "{name}: objects");
        assert_eq!(lines(&|line| line == "kind: Pod"), *workloads, "{name}: pods");
        // Subjects stand within a list, and a reference to a role is no subject.
        let subject = |line: &str| {
            let kind = line.trim_start().trim_start_matches("- ").strip_prefix("kind: ").unwrap_or_default();
            line.starts_with([' ', '-']) && ["ServiceAccount", "User", "Group"].contains(&kind)
        };
        assert_eq!(lines(&subject), *members, "{name}: subjects");
    }
}

#[test]
fn what_was_counted_is_what_is_read() {
    let Some(folder) = folder() else { return };
    for (name, objects, identities, members, resources, lost) in FILES {
        let estate = estate(&folder, name);
        let kind = |kind: &str| estate.entities().iter().filter(|entity| entity.kind() == kind).count();
        let people = estate.entities().iter().filter(|entity| entity.id().starts_with("kubernetes://real/users/")).count();
        let found = ["kubernetes_namespace", "service_account", "role", "group"].map(kind);
        // Any role of a scope, for who may bind all of them, is one more that no file lists.
        let any = estate.entities().iter().filter(|entity| entity.kind() == "role" && entity.id().ends_with("roles")).count();
        assert_eq!([found[0], found[1], found[2] - any, found[3], people], *identities, "{name}");
        assert_eq!(estate.reading().sources[0].records, *objects as u64, "{name}");
        // The cluster itself puts every account and user into the group that bindings of the cloud platform name.
        let authenticated = "kubernetes://real/groups/system:authenticated";
        let given = estate.relations().filter(|relation| {
            relation.kind() == RelationKind::MemberOf
                && estate.entity(relation.from()).kind() != "role"
                && estate.entity(relation.to()).id() != authenticated
        });
        assert_eq!(given.count(), *members, "{name}: who has a role");
        let by_cluster = estate.relations().filter(|relation| estate.entity(relation.to()).id() == authenticated).count();
        assert_eq!(by_cluster, if estate.find(authenticated).is_some() { identities[1] + identities[4] } else { 0 }, "{name}");
        assert_eq!(things(&estate), *resources, "{name}: what runs, nodes and secrets");
        let reading = estate.reading();
        assert_eq!(reading.skipped.len(), *lost, "{name}: {:?}", reading.skipped);
        assert!(reading.skipped.iter().all(|skipped| skipped.reason.starts_with("a subject is a service account")), "{name}");
        assert!(reading.conflicts.is_empty(), "{name}: {:?}", reading.conflicts);
    }
}

/// What runs, nodes and secrets: their ids end in a kind and a name; what ends in a kind alone is all of them together.
fn things(estate: &Estate) -> [usize; 3] {
    let ends = |kinds: &[&str]| {
        let of_kind = |id: &str| matches!(id.rsplit('/').collect::<Vec<_>>()[..], [_, kind, ..] if kinds.contains(&kind));
        // The tokens that lie on any node are one thing, and no node.
        let one = |id: &str| of_kind(id) && !id.ends_with("/nodes/tokens");
        estate.entities().iter().filter(|entity| entity.as_resource().is_some() && one(entity.id())).count()
    };
    [ends(&["pods", "deployments", "daemonsets", "statefulsets", "replicasets", "jobs", "cronjobs"]), ends(&["nodes"]), ends(&["secrets"])]
}

fn relates(estate: &Estate, from: &str, kind: RelationKind, to: &str) -> bool {
    let of_cluster = |id: &str| ["namespaces/", "clusterroles/", "groups/"].iter().any(|start| id.starts_with(start));
    let full = |id: &str| if of_cluster(id) { format!("kubernetes://real/{id}") } else { id.to_owned() };
    estate.relations().any(|relation| {
        let ends = (estate.entity(relation.from()).id(), estate.entity(relation.to()).id());
        relation.kind() == kind && ends == (full(from).as_str(), full(to).as_str())
    })
}

/// Each looked up by hand in the line of the file that the comment names.
#[test]
fn what_was_looked_up_by_hand_stands_there() {
    let Some(folder) = folder() else { return };
    use RelationKind::{CopyOf, FederatesTo, MemberOf};
    let clusters = estate(&folder, "k8s.io_rbac.ndjson");
    // Line 6: a cluster role binding of `cert-manager`.
    assert!(relates(
        &clusters,
        "namespaces/cert-manager/serviceaccounts/cert-manager-cainjector",
        MemberOf,
        "clusterroles/cert-manager-cainjector"
    ));
    // Line 40: the subject names no namespace, and is of that of its binding.
    assert!(relates(&clusters, "namespaces/prow/serviceaccounts/deck", MemberOf, "namespaces/prow/roles/deck"));
    // Line 58: the account of `prow` has a role in another namespace, of the same name as the role in its own.
    let lent = "namespaces/k8s-infra-test-pods/roles/prow-controller-manager";
    assert!(relates(&clusters, "namespaces/prow/serviceaccounts/prow-controller-manager", MemberOf, lent));
    // Line 28: eight keys of one project, copied into one secret.
    let secrets = "//secretmanager.googleapis.com/projects/kubernetes-public/secrets/";
    let copied = clusters
        .relations()
        .filter(|relation| clusters.entity(relation.from()).id() == "kubernetes://real/namespaces/elekto/secrets/elekto-secret");
    assert_eq!(copied.filter(|relation| relation.kind() == CopyOf).count(), 8);
    assert!(relates(&clusters, "namespaces/prow/secrets/k8s-infra-prow-cookie", CopyOf, &format!("{secrets}k8s-infra-prow-cookie")));
    // 36 of 37 keys name their project; `snyk-token` of `test-pods` does not, and what it copies is unknown.
    assert_eq!(clusters.relations().filter(|relation| relation.kind() == CopyOf).count(), 36);
    let coverage =
        clusters.reading().coverage.iter().find(|coverage| coverage.topic == "kubernetes_external_secrets").expect("the coverage");
    assert_eq!(coverage.total - coverage.known, 1);
    // 28 accounts are annotated with 22 identities of Google Cloud; with the 34 secrets these are what nobody describes.
    assert_eq!(clusters.relations().filter(|relation| relation.kind() == FederatesTo).count(), 28);
    assert!(relates(
        &clusters,
        "namespaces/prow/serviceaccounts/deck",
        FederatesTo,
        "serviceAccount:k8s-infra-prow@kubernetes-public.iam.gserviceaccount.com"
    ));
    assert_eq!(clusters.reading().placeholders.len(), 22 + 34);
    let platform = estate(&folder, "moj-cloud-platform_rbac.ndjson");
    // Lines 1 and 2: a namespace, its label and the group that is its administrator.
    let namespace = platform.find("kubernetes://real/namespaces/abundant-namespace-dev").expect("the namespace");
    let labels = platform.entity(namespace).labels().expect("labels");
    assert_eq!(labels.get("cloud-platform.justice.gov.uk/environment-name"), Some("development"));
    assert!(relates(&platform, "groups/github:webops", MemberOf, "namespaces/abundant-namespace-dev/clusterroles/admin"));
    // Line 739: an account of a namespace that nobody declares administers one of production.
    let lost = "namespaces/formbuilder-publisher-live/serviceaccounts/formbuilder-publisher-workers-live";
    assert!(relates(&platform, lost, MemberOf, "namespaces/formbuilder-services-live-production/clusterroles/admin"));
    // Line 3076: everybody who is let in may list the namespaces.
    assert!(relates(&platform, "groups/system:authenticated", MemberOf, "clusterroles/list-namespaces"));
}

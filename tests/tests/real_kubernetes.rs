//! The real clusters and the attack manifests, where they are at hand: what they are known for is found. Their counts stand in `real_kubernetes_counts.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use tenantgraph::analysis::{self, SharingCategory};
use tenantgraph::model::{Certainty, EnvironmentClass, EnvironmentSource, Instant, RelationKind};
use tenantgraph::{Estate, Input, ReadOptions, read};

const RECORDED: &str = "KubeHound";

/// The folder of the manifests; `None`, said loudly, where the data is not at hand.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENANTGRAPH_REAL_DATA").map(|folder| PathBuf::from(folder).join("k8s"));
    if folder.is_none() {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose k8s/ holds the manifests of the real clusters");
    }
    folder
}

/// A file of the folder, as of a cluster.
fn input(file: &str, cluster: &str) -> Option<Input> {
    let path = folder()?.join(file);
    let bytes = std::fs::read(&path).unwrap_or_else(|_| panic!("{} can be read", path.display()));
    Some(Input::new(file, bytes).format(format!("kubernetes@{cluster}")))
}

fn estate(inputs: &[Input]) -> Estate {
    read(inputs, &ReadOptions::default()).expect("the manifests are read")
}

fn coverage(estate: &Estate, topic: &str) -> Option<(u64, u64)> {
    estate.reading().coverage.iter().find(|coverage| coverage.topic == topic).map(|coverage| (coverage.known, coverage.total))
}

/// An attack, the relation that it is named for, and whether it is proven; ids without the cluster. Absent: what is not modelled, with the reason.
type Attack = (&'static str, Result<(&'static str, RelationKind, &'static str, Certainty), &'static str>);

fn attacks() -> [Attack; 24] {
    use Certainty::{Possible, Proven};
    use RelationKind::*;
    // Which node a pod of a manifest is on is not known, so what leads to it is possible.
    let to_node = |pod| Ok((pod, Custom, "nodes", Possible));
    [
        ("CE_MODULE_LOAD", to_node("namespaces/default/pods/modload-pod")),
        ("CE_NET_MITM", Err("what a pod overhears depends on what others send in clear, which no manifest says")),
        ("CE_NSENTER", to_node("namespaces/default/pods/nsenter-pod")),
        ("CE_PRIV_MOUNT", to_node("namespaces/default/pods/priv-pod")),
        ("CE_SYS_PTRACE", to_node("namespaces/default/pods/sys-ptrace-pod")),
        ("CE_UMH_CORE_PATTERN", to_node("namespaces/default/pods/umh-core-pod")),
        ("CE_VAR_LOG_SYMLINK", to_node("namespaces/default/pods/varlog-pod")),
        ("CONTROL_POD", Err("made to have no way out")),
        ("ENDPOINT_EXPLOIT", Err("that something listens is no weakness; the privileged pod behind it is found as its own")),
        ("EXPLOIT_HOST_READ_TRAVERSE", Ok(("namespaces/default/pods/host-read-exploit-pod", Custom, "nodes/tokens", Possible))),
        ("EXPLOIT_HOST_WRITE", to_node("namespaces/default/pods/host-write-exploit-pod")),
        ("IDENTITY_ASSUME", Ok(("nodes", RunsAs, "groups/system:nodes", Proven))),
        ("IDENTITY_IMPERSONATE", Err("granted in a namespace, where no cluster lets anybody act as users or groups")),
        ("POD_CREATE", Ok(("namespaces/default/roles/create-pods", Writes, "namespaces/default/newpods", Proven))),
        ("POD_EXEC", Ok(("namespaces/default/roles/exec-pods", Writes, "namespaces/default/pods", Proven))),
        ("POD_PATCH", Ok(("namespaces/default/roles/patch-pods", Writes, "namespaces/default/pods", Proven))),
        ("ROLE_BIND_ALL", Err("only the roles that the others bind")),
        ("ROLE_BIND_CRB_CR", Ok(("clusterroles/rolebind-crb-cr-crb-cr", Administers, "", Proven))),
        ("ROLE_BIND_RB_CR-SA", Ok(("namespaces/default/clusterroles/rolebind-rb-cr-rb-cr", Administers, "namespaces/default", Proven))),
        ("ROLE_BIND_RB_R-SA", Ok(("namespaces/default/roles/rolebind-rb-r-rb-r", MemberOf, "namespaces/default/roles", Proven))),
        ("ROLE_BIND_RB_R-UG", Ok(("groups/group-rb-r-rb-crb", MemberOf, "namespaces/default/roles/rolebind-rb-r-rb-crb", Proven))),
        ("SHARE_PS_NAMESPACE", Err("the containers of a pod are one resource here")),
        ("TOKEN_BRUTEFORCE", Ok(("namespaces/default/roles/read-secrets", Reads, "namespaces/default/secrets", Proven))),
        ("TOKEN_LIST", Ok(("namespaces/default/roles/list-secrets", Reads, "namespaces/default/secrets", Proven))),
    ]
}

#[test]
fn each_attack_yields_the_relation_it_is_named_for() {
    for (attack, wanted) in attacks() {
        let Some(input) = input(&format!("{RECORDED}/attacks__{attack}.yaml"), "kh") else { return };
        let estate = estate(&[input]);
        let full = |id: &str| format!("kubernetes://kh/{id}").trim_end_matches('/').to_owned();
        match wanted {
            Ok((from, kind, to, certainty)) => {
                let found = estate.relations().any(|relation| {
                    let ends = (estate.entity(relation.from()).id(), estate.entity(relation.to()).id());
                    ends == (full(from).as_str(), full(to).as_str()) && relation.kind() == kind && relation.certainty() == certainty
                });
                assert!(found, "{attack}");
            }
            Err(reason) => assert!(!reason.is_empty()),
        }
        let failing = |id: &str| id.ends_with("-fail");
        let fails = estate.relations().filter(|relation| failing(estate.entity(relation.from()).id()));
        let conducts = |kind: RelationKind| !matches!(kind, RelationKind::Unmapped | RelationKind::MemberOf | RelationKind::RunsAs);
        assert!(fails.map(|relation| relation.kind()).all(|kind| !conducts(kind)), "{attack}: what is made to fail");
    }
}

fn cloud_platform() -> Option<Estate> {
    Some(estate(&[input("moj-cloud-platform_rbac.ndjson", "moj")?]))
}

/// The class of what an entity stands in.
fn class(estate: &Estate, id: &str) -> EnvironmentClass {
    estate.environment(estate.find(id).unwrap_or_else(|| panic!("{id}"))).environment.class()
}

#[test]
fn labels_of_the_cloud_platform_contradict_each_other() {
    let Some(estate) = cloud_platform() else { return };
    let mut both = [0, 0];
    let mut spellings = BTreeSet::new();
    for index in estate.indices().filter(|index| estate.entity(*index).kind() == "kubernetes_namespace") {
        let claims = estate.environment_claims(index);
        let labelled: Vec<_> = claims.iter().filter(|claim| claim.source == EnvironmentSource::Label).collect();
        let of = |name: &str| labelled.iter().find(|claim| claim.label.as_deref().is_some_and(|label| label.ends_with(name)));
        if let (Some(named), Some(asked)) = (of("/environment-name"), of("/is-production")) {
            if named.environment.class() != asked.environment.class() {
                both[usize::from(asked.environment.class() == EnvironmentClass::Production)] += 1;
            }
            let label = named.label.as_ref().expect("a label");
            spellings.extend(estate.entity(index).labels().and_then(|labels| labels.get(label)).map(str::to_owned));
        }
    }
    // Not production beside a name of production, and the other way round; spellings that tell an environment.
    assert_eq!((both, spellings.len()), ([19, 6], 23));
}

#[test]
fn groups_of_the_cloud_platform_hold_roles_on_both_sides() {
    let Some(estate) = cloud_platform() else { return };
    let mut sides: BTreeMap<&str, BTreeSet<EnvironmentClass>> = BTreeMap::new();
    for relation in estate.relations().filter(|relation| relation.kind() == RelationKind::MemberOf) {
        let (group, role) = (estate.entity(relation.from()), estate.entity(relation.to()));
        if group.kind() == "group" && role.container().is_some_and(|tenant| tenant.contains("/namespaces/")) {
            sides.entry(group.id()).or_default().insert(class(&estate, role.id()));
        }
    }
    assert_eq!((sides.len(), sides.values().filter(|sides| sides.len() == 2).count()), (330, 186));
}

#[test]
fn a_production_namespace_grants_admin_to_an_account_nobody_declares() {
    let Some(estate) = cloud_platform() else { return };
    let lost = "kubernetes://moj/namespaces/formbuilder-publisher-live/serviceaccounts/formbuilder-publisher-workers-live";
    assert!(estate.reading().placeholders.iter().any(|id| id == lost));
    let role = "kubernetes://moj/namespaces/formbuilder-services-live-production/clusterroles/admin";
    assert!(estate.relations().any(|relation| estate.entity(relation.from()).id() == lost && estate.entity(relation.to()).id() == role));
    assert_eq!(class(&estate, role), EnvironmentClass::Production);
    assert_eq!(coverage(&estate, "kubernetes_service_accounts_described"), Some((1, 28)));
}

/// The tokens that modules hand to repositories, as an estate document: the modules are no format of Kubernetes.
fn tokens(modules: &[serde_json::Value]) -> (Input, usize) {
    let mut records = BTreeSet::new();
    let mut never = 0;
    for (at, module) in modules.iter().enumerate() {
        let text = |key: &str| module[key].as_str();
        let (Some(namespace), Some(repositories)) = (text("namespace"), module["github_repositories"].as_array()) else { continue };
        let account = text("arg_serviceaccount_name").filter(|name| !name.contains(['$', '.'])).unwrap_or("cd-serviceaccount");
        let tenant = format!("kubernetes://moj/namespaces/{namespace}");
        let (account, token) = (format!("{tenant}/serviceaccounts/{account}"), format!("{tenant}/secrets/module-{at}/token"));
        let rotated = text("arg_serviceaccount_token_rotated_date").and_then(date).filter(|date| date != "2000-01-01");
        never += usize::from(rotated.is_none());
        let rotated = rotated.map(|date| format!(r#", "rotated_at": "{date}""#)).unwrap_or_default();
        records.insert(format!(r#"{{"record": "secret", "id": "{token}", "kind": "token", "tenant": "{tenant}"{rotated}}}"#));
        records.insert(format!(r#"{{"record": "identity", "id": "{account}", "kind": "service_account", "tenant": "{tenant}"}}"#));
        records.insert(format!(r#"{{"record": "relation", "from": "{token}", "kind": "authenticates_as", "to": "{account}"}}"#));
        for repository in repositories.iter().filter_map(|repository| repository.as_str()) {
            let id = format!("github:{repository}");
            records.insert(format!(r#"{{"record": "resource", "id": "{id}", "kind": "repository"}}"#));
            records.insert(format!(r#"{{"record": "relation", "from": "{id}", "kind": "stores", "to": "{token}"}}"#));
        }
    }
    (Input::new("tokens.ndjson", records.into_iter().collect::<Vec<_>>().join("\n")), never)
}

/// The dates stand in two forms in one column.
fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('-').collect();
    match parts[..] {
        [year, month, day] if year.len() == 4 => Some(format!("{year}-{month}-{day}")),
        [day, month, year] => Some(format!("{year}-{month}-{day}")),
        _ => None,
    }
}

#[test]
fn tokens_in_repositories_span_environments() {
    let (Some(folder), Some(cluster)) = (folder(), input("moj-cloud-platform_rbac.ndjson", "moj")) else { return };
    let text = std::fs::read(folder.join("moj-cloud-platform_serviceaccount_modules.json")).expect("the modules");
    let modules: Vec<serde_json::Value> = serde_json::from_slice(&text).expect("JSON");
    assert_eq!(modules.len(), 2033);
    let (tokens, _) = tokens(&modules);
    let estate = estate(&[cluster, tokens]);
    let sharing = analysis::sharing(&estate, Instant::parse("2026-05-01").expect("an instant"));
    let both = [EnvironmentClass::Production, EnvironmentClass::NonProduction];
    let repositories = sharing
        .shared
        .iter()
        .filter(|shared| shared.entity.starts_with("github:") && both.iter().all(|class| shared.classes.contains(class)));
    assert_eq!(repositories.count(), 114);
    assert!(sharing.shared.iter().any(|shared| shared.category == SharingCategory::Identity));
}

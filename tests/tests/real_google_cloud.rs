//! The real organisation, where it is at hand: every asset is read, nothing is skipped, and the counts are those that were counted by other means.

use std::path::PathBuf;
use tenantgraph::analysis::{self, ReachOptions};
use tenantgraph::estate::EntityRef;
use tenantgraph::graph::{Graph, GraphOptions};
use tenantgraph::model::{EntityType, Environment, IdentityKind, Instant, RelationKind, ResourceKind};
use tenantgraph::{Estate, Input, ReadOptions, Unobserved, read};

const LABELS: &[u8] = include_bytes!("../real/k8s-io-labels.csv");
const WORKLOADS: &str = ".svc.id.goog[";

/// An export of the organisation; `None`, said loudly, where the data is not at hand.
fn export(date: &str, labels: bool) -> Option<Estate> {
    let Some(folder) = std::env::var_os("TENANTGRAPH_REAL_DATA").map(PathBuf::from) else {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose gcp/ holds the exports of the real organisation");
        return None;
    };
    let input = |content: &str| {
        let name = format!("k8s-io_{date}_{content}.ndjson");
        let path = folder.join("gcp").join(&name);
        let bytes = std::fs::read(&path).unwrap_or_else(|_| panic!("{} can be read", path.display()));
        Input::new(name, bytes)
    };
    let labels = if labels { vec![Input::new("labels.csv", LABELS)] } else { Vec::new() };
    let options = ReadOptions { labels, ..ReadOptions::default() };
    Some(read(&[input("resource"), input("iam_policy")], &options).expect("the export is read"))
}

fn count(estate: &Estate, is: impl Fn(EntityRef<'_>) -> bool) -> usize {
    estate.entities().iter().filter(|entity| is(*entity)).count()
}

fn records(estate: &Estate) -> Vec<u64> {
    let mut records: Vec<u64> = estate.reading().sources.iter().map(|source| source.records).collect();
    records.sort_unstable();
    records
}

fn is_workload(id: &str) -> bool {
    id.starts_with("serviceAccount:") && id.contains(WORKLOADS)
}

#[test]
fn every_asset_is_read_and_the_counts_are_right() {
    let Some(estate) = export("2022-01-31", false) else { return };
    let reading = estate.reading();
    assert_eq!(records(&estate), [1055, 1356]);
    assert!(reading.skipped.is_empty() && reading.conflicts.is_empty());
    assert_eq!(count(&estate, |entity| entity.kind() == "gcp_project"), 258);
    assert_eq!(count(&estate, |entity| entity.kind() == "gcp_organization"), 1);
    // Only the export of the account itself says whether it is enabled; the others are merely named by policies.
    let is_described =
        |entity: EntityRef<'_>| entity.as_identity().is_some_and(|it| it.kind == IdentityKind::ServiceAccount && it.enabled.is_some());
    assert_eq!(count(&estate, is_described), 244);
    assert_eq!(count(&estate, |entity| entity.kind() == ResourceKind::Vault.as_str()), 44);
    assert_eq!(count(&estate, |entity| entity.entity_type() == EntityType::Secret), 78);
    assert_eq!(count(&estate, |entity| entity.kind() == ResourceKind::ObjectStore.as_str()), 723);
}

#[test]
fn workloads_and_impersonation_are_there() {
    let Some(estate) = export("2022-01-31", false) else { return };
    let relations: Vec<_> = estate.relations().collect();
    let id = |index| estate.entity(index).id();
    let federated: Vec<_> = relations.iter().filter(|relation| relation.kind() == RelationKind::FederatesTo).collect();
    assert_eq!(federated.len(), 35);
    assert!(federated.iter().all(|relation| is_workload(id(relation.from()))));
    assert_eq!(federated.iter().filter(|relation| id(relation.from()).contains("[test-pods/")).count(), 26);
    // Members of the policies of service accounts: 35 workloads, two that may act as one, and one owner.
    let account = |index| estate.entity(index).kind() == "service_account";
    let direct = relations.iter().filter(|relation| {
        let kinds = [RelationKind::FederatesTo, RelationKind::Assumes, RelationKind::Administers];
        let role = estate.entity(relation.from()).kind() == "role";
        kinds.contains(&relation.kind()) && account(relation.to()) && !role
    });
    assert_eq!(direct.count(), 38);
}

#[test]
fn names_mislead_and_labels_set_them_right() {
    let Some(estate) = export("2022-01-31", true) else { return };
    let reading = estate.reading();
    assert!(reading.skipped.is_empty() && reading.conflicts.is_empty(), "every row of the labels matches, and none disagrees");
    let environment = |id: &str| estate.environment(estate.find(id).unwrap_or_else(|| panic!("{id}"))).environment;
    assert_eq!(environment("projects/k8s-release-test-prod"), Environment::Testing);
    assert_eq!(environment("projects/k8s-release"), Environment::Production);
    assert_eq!(environment("//storage.googleapis.com/k8s-release-dev"), Environment::Development);
    assert_eq!(environment("//storage.googleapis.com/k8s-release"), Environment::Production);
    let unknown = estate.indices().filter(|index| estate.entity(*index).kind() == "gcp_project");
    assert_eq!(unknown.filter(|index| estate.environment(*index).environment == Environment::Unknown).count(), 0);
}

#[test]
fn what_reaches_production_was_checked_by_hand() {
    let Some(estate) = export("2022-01-31", true) else { return };
    let as_of = Instant::parse("2022-02-01").expect("an instant");
    let graph = Graph::new(&estate, GraphOptions::at(as_of));
    let reach = analysis::reach(&graph, &ReachOptions::default(), &Unobserved).expect("an answer");
    let crosses = |from: &str, to: &str| reach.crossings.iter().any(|crossing| crossing.from == from && crossing.to == to);
    // A pod of the cluster that runs anybody's code may act as an account of the public services.
    assert!(crosses(
        "serviceAccount:k8s-infra-prow-build.svc.id.goog[k8s-infra-test-pods/prowjob-default-sa]",
        "serviceAccount:k8s-infra-prow@kubernetes-public.iam.gserviceaccount.com"
    ));
    // A staging group administers a secret of the trusted cluster.
    assert!(crosses(
        "group:k8s-infra-staging-cluster-api-do@kubernetes.io",
        "//secretmanager.googleapis.com/projects/k8s-infra-prow-build-trusted/secrets/capdo-quayio-registry-secret"
    ));
    // The account of the test cluster writes a bucket of the release project.
    assert!(crosses("serviceAccount:prow-build@k8s-infra-prow-build.iam.gserviceaccount.com", "//storage.googleapis.com/k8s-release-pull"));
    // The images and binaries that users download are not reached.
    let critical = estate.entities().iter().filter(|entity| entity.as_resource().is_some_and(|resource| resource.critical == Some(true)));
    let critical: Vec<&str> = critical.map(|entity| entity.id()).collect();
    assert_eq!(critical.len(), 4);
    assert!(reach.reached.iter().all(|fact| !critical.contains(&fact.entity)));
}

#[test]
fn an_older_export_with_gaps_is_read_whole() {
    let Some(estate) = export("2020-10-24", false) else { return };
    assert_eq!(records(&estate), [278, 355]);
    assert!(estate.reading().skipped.is_empty());
    assert_eq!(count(&estate, |entity| entity.kind() == "gcp_project"), 99);
    // Its ancestors say `organizations/None`; the projects themselves know better.
    assert_eq!(count(&estate, |entity| entity.id() == "organizations/758905017065"), 1);
    assert_eq!(count(&estate, |entity| entity.id().contains("None")), 0);
}

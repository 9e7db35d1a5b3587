//! The estate in `tests/data/acme`: an Asset Inventory export of a made-up organisation with all environments.

use std::collections::BTreeSet;
use tenantgraph::analysis::{self, Reach, ReachOptions};
use tenantgraph::graph::{Graph, GraphOptions};
use tenantgraph::model::{Certainty, Environment, Instant};
use tenantgraph::{Estate, Input, ReadOptions, Unobserved, read};

fn acme() -> Estate {
    let input = |name: &str, text: &str| Input::new(name, text);
    let inputs = [
        input("resource.ndjson", include_str!("../data/acme/resource.ndjson")),
        input("iam_policy.ndjson", include_str!("../data/acme/iam_policy.ndjson")),
    ];
    let options = ReadOptions { labels: vec![input("labels.csv", include_str!("../data/acme/labels.csv"))], ..ReadOptions::default() };
    read(&inputs, &options).expect("the estate is read")
}

fn reach(estate: &Estate) -> Reach {
    let graph = Graph::new(estate, GraphOptions::at(Instant::parse("2026-05-01").expect("an instant")));
    analysis::reach(&graph, &ReachOptions::default(), &Unobserved).expect("an answer")
}

#[test]
fn it_has_every_environment_and_reads_without_a_conflict() {
    let estate = acme();
    let projects = estate.indices().filter(|index| estate.entity(*index).kind() == "gcp_project");
    let found: BTreeSet<Environment> = projects.map(|index| estate.environment(index).environment).collect();
    let missing: Vec<_> = Environment::ALL.iter().filter(|it| !found.contains(it)).collect();
    // "Not production, not said more closely" is what the folder says.
    assert_eq!(missing, [&Environment::Nonproduction]);
    assert!(estate.reading().conflicts.is_empty());
    assert_eq!(estate.reading().placeholders, ["projects/globex-partner"]);
    let skipped: Vec<_> = estate.reading().skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
    assert_eq!(skipped.len(), 1);
    assert!(skipped[0].starts_with("a key that Google holds"));
    let roles = estate.reading().coverage.iter().find(|coverage| coverage.topic == "google_roles_mapped").expect("the roles are covered");
    assert!(roles.known + 1 == roles.total && roles.note.ends_with("`roles/datacatalog.admin`"));
}

#[test]
fn four_crossings_lead_into_production() {
    let estate = acme();
    let reach = reach(&estate);
    let crossings: Vec<_> = reach.crossings.iter().map(|it| (it.from.as_str(), it.to.as_str(), it.certainty)).collect();
    let load_test = "serviceAccount:load-test@acme-shop-test.iam.gserviceaccount.com";
    assert_eq!(
        crossings,
        [
            (load_test, "roles/viewer@projects/acme-data-prod", Certainty::Proven),
            (load_test, "//storage.googleapis.com/acme-shop-orders", Certainty::Possible),
            (
                "serviceAccount:preview-runner@acme-preview-pr-1234.iam.gserviceaccount.com",
                "//secretmanager.googleapis.com/projects/acme-shop-prod/secrets/payment-api-key",
                Certainty::Proven
            ),
            (
                "serviceAccount:release-bot@acme-ci.iam.gserviceaccount.com",
                "organizations/420000000001/roles/releaseManager@projects/acme-shop-prod",
                Certainty::Proven
            ),
        ]
    );
}

#[test]
fn a_test_pod_in_staging_becomes_the_shop_in_production() {
    let estate = acme();
    let reach = reach(&estate);
    let path = reach.paths.iter().find(|path| path.entity.starts_with("organizations/")).expect("the path through the shared project");
    let steps: Vec<_> = path.steps.iter().map(|step| (step.from.as_str(), step.kind.as_str())).collect();
    assert_eq!(
        steps,
        [
            ("serviceAccount:acme-shop-staging.svc.id.goog[e2e/test-runner]", "federates_to"),
            ("serviceAccount:ci-runner@acme-ci.iam.gserviceaccount.com", "member_of"),
            ("roles/iam.serviceAccountTokenCreator@projects/acme-ci", "assumes"),
            ("serviceAccount:release-bot@acme-ci.iam.gserviceaccount.com", "member_of"),
        ]
    );
    let held = |entity: &str| reach.reached.iter().any(|fact| fact.entity == entity);
    assert!(held("serviceAccount:shop-api@acme-shop-prod.iam.gserviceaccount.com"));
    assert!(held("//secretmanager.googleapis.com/projects/acme-shop-prod/secrets/session-signing-key/versions/1"));
    // The deleted owner, the disabled key and the disabled version lead nowhere.
    assert!(!held("projects/acme-shop-prod"));
    assert!(!held("//secretmanager.googleapis.com/projects/acme-shop-prod/secrets/payment-api-key/versions/1"));
}

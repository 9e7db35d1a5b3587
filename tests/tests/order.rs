//! The same facts give the same estate, whatever files they stand in and in whatever order.

use proptest::prelude::*;
use tenantgraph::{Estate, Input, ReadOptions};
use tenantgraph_tests::dealt::dealt;
use tenantgraph_tests::estates::{RandomEstate, config, estates};
use tenantgraph_tests::house::root;

const GOOGLE: &str = "google-cloud-asset-inventory";

fn read(inputs: &[Input]) -> Estate {
    tenantgraph::read(inputs, &ReadOptions::default()).expect("good inputs")
}

fn acme() -> Vec<String> {
    let file = |name: &str| std::fs::read_to_string(root().join("tests/data/acme").join(name)).expect("the estate acme");
    let text = file("resource.ndjson") + &file("iam_policy.ndjson");
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

#[test]
fn google_assets_give_one_estate_in_any_order_and_any_files() {
    let lines = acme();
    assert!(lines.len() > 90);
    let wanted = read(&dealt(&lines, &[0], 1, false).into_iter().map(|input| input.format(GOOGLE)).collect::<Vec<_>>());
    let case = (proptest::collection::vec(any::<u32>(), 100), 1..9usize, any::<bool>());
    proptest!(config(60, 6), |((places, files, arrays) in case)| {
        let inputs: Vec<_> = dealt(&lines, &places, files, arrays).into_iter().map(|input| input.format(GOOGLE)).collect();
        let estate = read(&inputs);
        prop_assert_eq!(estate.to_document_ndjson(), wanted.to_document_ndjson());
        prop_assert_eq!(&estate.reading().coverage, &wanted.reading().coverage);
        prop_assert_eq!(&estate.reading().placeholders, &wanted.reading().placeholders);
        prop_assert_eq!(estate.reading().skipped.len(), wanted.reading().skipped.len());
    });
}

#[test]
fn outputs_of_aws_give_one_estate_in_any_order_and_any_files() {
    let text = std::fs::read_to_string(root().join("tests/data/aws/estate.ndjson")).expect("the outputs");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert!(lines.len() > 30);
    let inputs = |places: &[u32], files, arrays| -> Vec<_> {
        dealt(&lines, places, files, arrays).into_iter().map(|input| input.format("aws")).collect()
    };
    let wanted = read(&inputs(&[0], 1, false));
    assert!(wanted.reading().skipped.is_empty(), "{:?}", wanted.reading().skipped);
    let case = (proptest::collection::vec(any::<u32>(), 40), 1..9usize, any::<bool>());
    proptest!(config(60, 8), |((places, files, arrays) in case)| {
        let estate = read(&inputs(&places, files, arrays));
        prop_assert_eq!(estate.to_document_ndjson(), wanted.to_document_ndjson());
        prop_assert_eq!(&estate.reading().coverage, &wanted.reading().coverage);
        prop_assert!(estate.reading().skipped.is_empty());
    });
}

#[test]
fn reports_of_scanners_give_one_estate_in_any_order_and_any_files() {
    let text = std::fs::read_to_string(root().join("tests/data/leaks/reports.ndjson")).expect("the reports");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let inputs = |places: &[u32], files, arrays| -> Vec<_> {
        dealt(&lines, places, files, arrays).into_iter().map(|input| input.format("leaks@acme/shop")).collect()
    };
    let wanted = read(&inputs(&[0], 1, false));
    assert_eq!((wanted.reading().skipped.len(), wanted.reading().conflicts.len()), (1, 0), "the line of a log");
    let case = (proptest::collection::vec(any::<u32>(), 40), 1..9usize, any::<bool>());
    proptest!(config(60, 9), |((places, files, arrays) in case)| {
        let estate = read(&inputs(&places, files, arrays));
        prop_assert_eq!(estate.to_document_ndjson(), wanted.to_document_ndjson());
        prop_assert_eq!(&estate.reading().coverage, &wanted.reading().coverage);
    });
}

/// Objects of two tenants: of what says no tenant, the only organization that was read is that of all.
#[test]
fn objects_of_entra_give_one_estate_in_any_order_and_any_files() {
    let text = std::fs::read_to_string(root().join("tests/data/entra/estate.ndjson")).expect("the objects");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert!(lines.len() > 35);
    let inputs = |places: &[u32], files, arrays| -> Vec<_> {
        dealt(&lines, places, files, arrays).into_iter().map(|input| input.format("entra")).collect()
    };
    let wanted = read(&inputs(&[0], 1, false));
    assert!(wanted.reading().skipped.is_empty() && wanted.reading().conflicts.is_empty(), "{:?}", wanted.reading());
    let case = (proptest::collection::vec(any::<u32>(), 40), 1..9usize, any::<bool>());
    proptest!(config(60, 9), |((places, files, arrays) in case)| {
        let estate = read(&inputs(&places, files, arrays));
        prop_assert_eq!(estate.to_document_ndjson(), wanted.to_document_ndjson());
        prop_assert_eq!(&estate.reading().coverage, &wanted.reading().coverage);
        prop_assert!(estate.reading().skipped.is_empty());
    });
}

#[test]
fn states_of_terraform_give_one_estate_in_any_order_and_any_files() {
    let text = std::fs::read_to_string(root().join("tests/data/terraform/states.ndjson")).expect("the states");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let inputs = |places: &[u32], files, arrays| -> Vec<_> {
        dealt(&lines, places, files, arrays).into_iter().map(|input| input.format("terraform")).collect()
    };
    // What a state is called by its file is not the same in another.
    let document = |estate: &Estate| {
        let lines = estate.to_document_ndjson();
        lines.lines().filter(|line| !line.contains("\"id\":\"terraform://") || line.contains('#')).map(str::to_owned).collect::<Vec<_>>()
    };
    let wanted = read(&inputs(&[0], 1, false));
    assert_eq!((wanted.reading().skipped.len(), wanted.reading().conflicts.len()), (0, 0), "{:?}", wanted.reading());
    let case = (proptest::collection::vec(any::<u32>(), 40), 1..9usize, any::<bool>());
    proptest!(config(60, 10), |((places, files, arrays) in case)| {
        let estate = read(&inputs(&places, files, arrays));
        prop_assert_eq!(document(&estate), document(&wanted));
        prop_assert_eq!(&estate.reading().coverage, &wanted.reading().coverage);
    });
}

fn records(random: &RandomEstate) -> Vec<String> {
    let text = random.build().to_document_ndjson();
    // The first line is the frame.
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn documents_give_one_estate_in_any_order_and_any_files() {
    let case = (estates(12, 24), proptest::collection::vec(any::<u32>(), 40), 1..6usize);
    proptest!(config(300, 7), |((random, places, files) in case)| {
        let lines = records(&random);
        let estate = read(&dealt(&lines, &places, files, false));
        prop_assert_eq!(estate.to_document_ndjson(), random.build().to_document_ndjson());
        prop_assert!(estate.reading().skipped.is_empty());
    });
}

/// What two sources know of one entity adds up, whichever is read first.
#[test]
fn facts_that_do_not_conflict_add_up_in_any_order() {
    let parts = [
        r#"{"record": "identity", "id": "a", "kind": "service_account", "authentication": ["certificate"]}"#,
        r#"{"record": "identity", "id": "a", "owner": "shop", "last_used_at": "2026-01-02", "labels": {"x": "1"}}"#,
        r#"{"record": "identity", "id": "a", "tenant": "t", "last_used_at": "2026-01-03", "authentication": ["password", "certificate"]}"#,
        r#"{"record": "relation", "from": "a", "kind": "reads", "to": "t"}"#,
    ];
    let build = |order: [usize; 4]| {
        let inputs: Vec<_> = order.iter().map(|at| Input::new(format!("{at}"), parts[*at])).collect();
        let estate = read(&inputs);
        assert!(estate.reading().conflicts.is_empty());
        estate.to_document_json()
    };
    let wanted = build([0, 1, 2, 3]);
    for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1], [1, 0, 2, 3]] {
        assert_eq!(build(order), wanted);
    }
}

/// Where sources disagree, the first by name is kept, and the same conflict is told.
#[test]
fn conflicts_are_the_same_in_any_order() {
    let inputs = |order: [usize; 3]| {
        let owners = ["one", "two", "three"];
        let input = |at: usize| Input::new(format!("{at}"), format!(r#"{{"record": "tenant", "id": "a", "owner": "{}"}}"#, owners[at]));
        order.map(input)
    };
    let wanted = read(&inputs([0, 1, 2]));
    assert_eq!(wanted.entities().iter().next().and_then(|entity| entity.owner()), Some("one"));
    assert_eq!(wanted.reading().conflicts.len(), 2);
    for order in [[2, 1, 0], [1, 0, 2], [2, 0, 1]] {
        let estate = read(&inputs(order));
        assert_eq!((estate.to_document_json(), estate.reading()), (wanted.to_document_json(), wanted.reading()));
    }
}

/// Kubernetes objects give one estate, whichever file holds which and whatever order they stand in.
#[test]
fn kubernetes_objects_give_one_estate_in_any_order_and_any_files() {
    let scenarios = include_str!("../data/canary/kubernetes.json");
    let objects: Vec<serde_json::Value> = serde_json::from_str(scenarios).expect("objects");
    let key = tenantgraph::estate::FingerprintKey::from_bytes(&[7; 32]).expect("a key");
    let options = tenantgraph::ReadOptions { key: Some(key), ..Default::default() };
    let build = |turn: usize, files: usize| {
        let mut texts = vec![String::new(); files];
        for at in 0..objects.len() {
            let object = &objects[(at * 5 + turn) % objects.len()];
            texts[at % files].push_str(&format!("{object}\n"));
        }
        let inputs: Vec<_> =
            texts.into_iter().enumerate().map(|(at, text)| Input::new(format!("{at}"), text).format("kubernetes")).collect();
        tenantgraph::read(&inputs, &options).expect("objects").to_document_json()
    };
    let wanted = build(0, 1);
    for (turn, files) in [(1, 1), (3, 2), (7, 3), (12, 13)] {
        assert_eq!(build(turn, files), wanted, "{turn} in {files} files");
    }
}

/// Workflows and answers of GitHub give one estate, whichever file holds which answer and whatever order the files are given in.
#[test]
fn files_of_github_give_one_estate_in_any_order() {
    let all: serde_json::Value = serde_json::from_str(include_str!("../data/canary/github.json")).expect("JSON");
    let lines: Vec<String> = all["answers"].as_array().expect("answers").iter().map(ToString::to_string).collect();
    let workflows = all["workflows"].as_array().expect("workflows");
    let names = ["workflows/ship.yml", "workflows/called.yml", "actions/sign-in/action.yml"];
    let text = |workflow: &serde_json::Value| {
        let fields = workflow.as_object().expect("a map");
        fields.iter().map(|(key, value)| format!("{key}: {value}\n")).collect::<String>()
    };
    let inputs = |places: &[u32], files, arrays| -> Vec<Input> {
        let files_of = names.iter().zip(workflows).map(|(name, workflow)| Input::new(format!("acme__till/{name}"), text(workflow)));
        let mut inputs: Vec<Input> =
            files_of.chain(dealt(&lines, places, files, arrays)).map(|input| input.format("github@acme/till")).collect();
        let turn = places[0] as usize % inputs.len();
        inputs.rotate_left(turn);
        inputs
    };
    let wanted = read(&inputs(&[0], 1, false));
    assert!(wanted.reading().skipped.is_empty() && wanted.len() > 20, "{:?}", wanted.reading().skipped);
    let case = (proptest::collection::vec(any::<u32>(), 20), 1..7usize, any::<bool>());
    proptest!(config(60, 9), |((places, files, arrays) in case)| {
        let estate = read(&inputs(&places, files, arrays));
        prop_assert_eq!(estate.to_document_ndjson(), wanted.to_document_ndjson());
        let topics = |estate: &Estate| estate.reading().coverage.iter().filter(|it| it.topic != "github_inputs_named").cloned().collect::<Vec<_>>();
        prop_assert_eq!(topics(&estate), topics(&wanted));
    });
}

/// The files of a pipeline give one estate in whatever order they are given.
#[test]
fn files_of_gitlab_give_one_estate_in_any_order() {
    let texts = [
        (".gitlab-ci.yml", "include: [/ci/*.yml]\nship: {extends: .ship, environment: live}\n"),
        ("ci/a.yml", ".ship: {script: [x], tags: [a], id_tokens: {T: {aud: x}}}\n"),
        ("ci/b.yml", ".ship: {tags: [b]}\nbuild: {stage: build, script: [!reference [.ship, script]]}\n"),
    ];
    let inputs: Vec<Input> = texts.iter().map(|(name, text)| Input::new(format!("acme__till/{name}"), *text).format("gitlab")).collect();
    let wanted = read(&inputs);
    assert!(wanted.len() > 8 && wanted.reading().skipped.is_empty());
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let estate = read(&order.map(|at| inputs[at].clone()));
        assert_eq!((estate.to_document_json(), estate.reading()), (wanted.to_document_json(), wanted.reading()));
    }
}

//! Plants a value that looks like a secret wherever a state or a plan of Terraform may hold one, and looks for it in everything that comes out.

use serde_json::Value;
use tenantgraph::Input;
use tenantgraph_tests::canary::{CANARY, lines, planted, silent, with_unknown_fields, with_wrong_types};
use tenantgraph_tests::house::root;
use tenantgraph_tests::outputs::of_inputs;

/// States of every version, what is shown of one, and a plan, with the value in each field that may hold one.
fn documents() -> Vec<Value> {
    let read = |name: &str| std::fs::read_to_string(root().join("tests/data/terraform").join(name)).expect("the documents");
    planted(&(read("states.ndjson") + &read("shown.ndjson"))).lines().map(|line| serde_json::from_str(line).expect("a document")).collect()
}

fn terraform(text: impl Into<Vec<u8>>) -> Input {
    Input::new("till.tfstate", text).format("terraform")
}

/// Maps whose keys are the user's own names, and shown; the keys of a Kubernetes secret are names too.
const NAMES: [&str; 7] = ["tags", "labels", "annotations", "data", "stringData", "resources", "triggers"];

#[test]
fn values_of_states_and_plans_stay_inside() {
    let mut documents = documents();
    let text = lines(&documents);
    let read = of_inputs(&[terraform(text.clone())], &[]);
    let good = [
        "hmac-sha256:",
        "AKIAACMETILLDEPLOYER",
        "secret:till-abc123",
        "keys/a1",
        "namespaces/till/secrets/db/password",
        "namespaces/till/secrets/m/password",
        "till.vault.azure.net/secrets/db",
        "acme_thing.w.api_token",
        "random_password.p.result",
        "random_password.q.result",
        "aws_db_instance.x.password",
        "github.com/acme/till/secrets/TOKEN",
        "github.com/acme/till/environments/production/secrets/DB",
        "github.com/acme/secrets/SHARED",
        "github.com/acme/till/codespaces-secrets/CODE",
        "github.com/acme/till/deploy-keys/5",
    ];
    for part in good {
        assert!(read.contains(part), "the documents are good: {part}");
    }
    silent("as written", &read);
    silent("before the plan", &of_inputs(&[Input::new("till.tfstate", text).format("terraform@before")], &[]));
    for document in &documents {
        silent("detected", &of_inputs(&[Input::new("x", document.to_string())], &[]));
    }
    documents.iter_mut().for_each(|document| with_unknown_fields(document, &NAMES));
    silent("with unknown fields", &of_inputs(&[terraform(lines(&documents))], &[]));
}

#[test]
fn fields_of_states_and_plans_of_the_wrong_type_stay_inside() {
    let broken: Vec<Value> = documents().iter().flat_map(|document| with_wrong_types(document, &NAMES[..5])).collect();
    assert!(broken.len() > 300);
    silent("all at once", &of_inputs(&[terraform(lines(&broken))], &[]));
    for document in broken.iter().step_by(6) {
        silent(&document.to_string(), &of_inputs(&[terraform(document.to_string())], &[]));
    }
}

#[test]
fn a_state_that_ends_in_a_value_does_not_show_it() {
    let text = lines(&documents());
    for (at, _) in text.match_indices(CANARY).step_by(4) {
        for length in [8, 15, CANARY.len()] {
            silent("cut", &of_inputs(&[terraform(&text.as_bytes()[..at + length])], &[]));
        }
    }
}

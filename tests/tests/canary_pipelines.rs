//! The canary in the files of pipelines: workflows, actions and what their platforms answer.

use serde_json::{Value, json};
use tenantgraph::Input;
use tenantgraph_tests::canary::{CANARY, lines, silent, with_unknown_fields, with_wrong_types, yaml};
use tenantgraph_tests::house::root;
use tenantgraph_tests::outputs::of_inputs;

/// Maps whose keys are the user's own names, and shown.
const NAMES: [&str; 1] = ["labels"];
/// Lists of these are names of the user's own, and shown.
const NAMES_IN_GITHUB: [&str; 9] = ["labels", "runs-on", "branches", "types", "include_claim_keys", "inputs", "jobs", "include", "exclude"];

/// Workflows, an action and answers of GitHub with the canary in each field that may hold a value.
fn repository(part: &str) -> Vec<Value> {
    let path = root().join("tests/data/canary/github.json");
    let text = std::fs::read_to_string(path).expect("the files").replace("CANARY", CANARY);
    let all: Value = serde_json::from_str(&text).expect("the files are JSON");
    all[part].as_array().expect("a list").clone()
}

/// The workflows of a repository, each a file of its own, and what the API answers.
fn github(workflows: &[Value], answers: &[Value]) -> Vec<Input> {
    let names = [".github/workflows/ship.yml", ".github/workflows/called.yml", ".github/actions/sign-in/action.yml"];
    let files = names.iter().zip(workflows);
    let files = files
        .map(|(name, workflow)| Input::new(format!("acme__till/{name}"), yaml(std::slice::from_ref(workflow))).format("github@acme/till"));
    files.chain([Input::new("answers.ndjson", lines(answers)).format("github@acme/till")]).collect()
}

#[test]
fn github_values_stay_inside() {
    let (mut workflows, mut answers) = (repository("workflows"), repository("answers"));
    let read = of_inputs(&github(&workflows, &answers), &[]);
    for id in ["acme/till/secrets/TILL_KEY", "acme/till/deploy-keys/7", "acme/till/workflows/ship.yml/jobs/call/jobs/inner"] {
        assert!(read.contains(id), "the files are good: {id}");
    }
    silent("as exported", &read);
    for (at, workflow) in workflows.iter().enumerate() {
        silent("detected", &of_inputs(&[Input::new(format!("{at}.yml"), yaml(std::slice::from_ref(workflow)))], &[]));
    }
    workflows.iter_mut().chain(&mut answers).for_each(|record| with_unknown_fields(record, &NAMES));
    silent("with unknown fields", &of_inputs(&github(&workflows, &answers), &[]));
}

#[test]
fn github_fields_of_the_wrong_type_stay_inside() {
    let workflows: Vec<Value> = repository("workflows").iter().flat_map(|record| with_wrong_types(record, &NAMES_IN_GITHUB)).collect();
    let jobs = repository("workflows")[0]["jobs"]["ship"].clone();
    let jobs = with_wrong_types(&jobs, &NAMES_IN_GITHUB).into_iter().map(|job| json!({"on": "push", "jobs": {"ship": job}}));
    let workflows: Vec<Value> = workflows.into_iter().chain(jobs).filter(Value::is_object).collect();
    let answers: Vec<Value> = repository("answers").iter().flat_map(|record| with_wrong_types(record, &NAMES_IN_GITHUB)).collect();
    assert!(workflows.len() > 60 && answers.len() > 100, "{} {}", workflows.len(), answers.len());
    silent("all at once", &of_inputs(&github(&[], &answers), &[]));
    for workflow in workflows {
        silent(&workflow.to_string(), &of_inputs(&github(&[workflow], &[]), &[]));
    }
}

#[test]
fn files_of_github_that_end_in_a_value_do_not_show_it() {
    for text in [yaml(&repository("workflows")), lines(&repository("answers"))] {
        let places: Vec<usize> = text.match_indices(CANARY).map(|(at, _)| at).collect();
        for at in places.into_iter().step_by(3) {
            for length in [8, 15, CANARY.len()] {
                let input = Input::new("cut", &text.as_bytes()[..at + length]).format("github@acme/till");
                silent("cut", &of_inputs(&[input], &[]));
            }
        }
    }
}

/// A pipeline of GitLab with the canary in each field that may hold a value.
fn pipeline() -> Value {
    json!({
        "variables": {"HOST": CANARY, "ADMIN_PASSWORD": CANARY, "NOTE": {"value": CANARY, "description": CANARY}},
        "default": {"image": CANARY, "before_script": [CANARY]},
        "workflow": {"name": CANARY, "rules": [{"if": CANARY}]},
        "ship": {
            "stage": "deploy",
            "image": {"name": "x", "entrypoint": [CANARY]},
            "services": [{"name": "db", "variables": {"PASSWORD": CANARY}}],
            "environment": {"name": "live", "url": CANARY, "on_stop": CANARY, "kubernetes": {"namespace": CANARY}},
            "id_tokens": {"TOKEN": {"aud": CANARY}},
            "secrets": {"KEY": {"vault": {"engine": {"name": "kv-v2", "path": "ops"}, "path": "live/db", "field": "key"}, "token": CANARY, "file": false}},
            "variables": {"DB_PASSWORD": CANARY, "PLAIN": CANARY},
            "rules": [{"if": CANARY, "variables": {"API_TOKEN": CANARY}}, {"if": "$CI_COMMIT_BRANCH == \"main\""}],
            "script": [CANARY, format!("export API_KEY={CANARY}; curl -H $API_KEY $DEPLOY_TOKEN"), format!("x --role-arn {CANARY}")],
            "artifacts": {"reports": {"dotenv": CANARY}}
        }
    })
}

fn gitlab(pipeline: &Value) -> Vec<Input> {
    vec![Input::new("acme__till/.gitlab-ci.yml", yaml(std::slice::from_ref(pipeline))).format("gitlab@acme/till")]
}

#[test]
fn gitlab_values_stay_inside() {
    let mut pipeline = pipeline();
    let read = of_inputs(&gitlab(&pipeline), &[]);
    assert!(read.contains("jobs/ship/variables/DB_PASSWORD") && read.contains("hmac-sha256:"), "the pipeline is good");
    silent("as it stands", &read);
    silent("detected", &of_inputs(&[Input::new("acme__till/.gitlab-ci.yml", yaml(std::slice::from_ref(&pipeline)))], &[]));
    with_unknown_fields(&mut pipeline, &NAMES);
    silent("with unknown fields", &of_inputs(&gitlab(&pipeline), &[]));
}

#[test]
fn gitlab_fields_of_the_wrong_type_stay_inside() {
    let whole = pipeline();
    let job = with_wrong_types(&whole["ship"], &["tags", "only"]).into_iter().map(|job| json!({ "ship": job }));
    let broken: Vec<Value> = with_wrong_types(&whole, &["ship"]).into_iter().chain(job).filter(Value::is_object).collect();
    assert!(broken.len() > 60, "{}", broken.len());
    for pipeline in broken {
        silent(&pipeline.to_string(), &of_inputs(&gitlab(&pipeline), &[]));
    }
}

#[test]
fn a_pipeline_that_ends_in_a_value_does_not_show_it() {
    let text = yaml(&[pipeline()]);
    for (at, _) in text.match_indices(CANARY) {
        for length in [8, 15, CANARY.len()] {
            silent("cut", &of_inputs(&[Input::new("cut", &text.as_bytes()[..at + length]).format("gitlab@acme/till")], &[]));
        }
    }
}

/// What GitLab's API answers, with the canary in each field that may hold a value.
fn answers() -> Vec<Value> {
    let of = |what: &str, answer: Value| json!({"path": format!("projects/acme%2Ftill/{what}"), "answer": answer});
    vec![
        of(
            "",
            json!({"id": 1, "path_with_namespace": "acme/till", "default_branch": "main", "runners_token": CANARY, "description": CANARY}),
        ),
        of(
            "protected_branches",
            json!([{"name": "main", "push_access_levels": [{"access_level": 40, "access_level_description": CANARY}], "merge_access_levels": []}]),
        ),
        of(
            "variables",
            json!([{"key": "DB_PASSWORD", "variable_type": "env_var", "value": CANARY, "description": CANARY, "protected": true, "masked": true}]),
        ),
        of("members", json!([{"id": 5, "username": "ann", "name": "Ann", "email": CANARY, "state": "active", "access_level": 30}])),
        of("deploy_keys", json!([{"id": 8, "title": "mirror", "key": CANARY, "can_push": true}])),
        of(
            "deploy_tokens",
            json!([{"id": 3, "name": "puller", "username": "x", "token": CANARY, "expires_at": null, "revoked": false, "scopes": ["read_repository"]}]),
        ),
        of(
            "access_tokens",
            json!([{"id": 4, "name": "nightly", "token": CANARY, "revoked": false, "active": true, "user_id": 7, "scopes": ["api"], "access_level": 40}]),
        ),
        of("runners", json!([{"id": 12, "description": "big", "runner_type": "project_type", "token": CANARY, "ip_address": CANARY}])),
    ]
}

#[test]
fn answers_of_gitlab_stay_inside() {
    let mut answers = answers();
    let of = |answers: &[Value]| of_inputs(&[Input::new("answers.ndjson", lines(answers)).format("gitlab")], &[]);
    let read = of(&answers);
    for id in ["acme/till/-/variables/DB_PASSWORD", "-/deploy_keys/8", "-/access_tokens/4", "-/runners/12", "hmac-sha256:"] {
        assert!(read.contains(id), "the answers are good: {id}");
    }
    silent("as exported", &read);
    answers.iter_mut().for_each(|answer| with_unknown_fields(&mut answer["answer"], &NAMES));
    silent("with unknown fields", &of(&answers));
    let broken = |answer: &Value| {
        let path = answer["path"].clone();
        with_wrong_types(&answer["answer"], &NAMES)
            .into_iter()
            .map(move |answer| json!({"path": path, "answer": answer}))
            .collect::<Vec<_>>()
    };
    silent("wrong types", &of(&self::answers().iter().flat_map(broken).collect::<Vec<_>>()));
    let text = lines(&self::answers());
    for (at, _) in text.match_indices(CANARY) {
        silent("cut", &of_inputs(&[Input::new("answers.ndjson", &text.as_bytes()[..at + 15]).format("gitlab")], &[]));
    }
}

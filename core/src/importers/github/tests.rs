//! The reader of GitHub, tried on made-up repositories.

use crate::model::{Certainty, Guard, RelationKind};
use crate::{Estate, Input, ReadOptions, read};

const DEPLOY: &str = r#"
name: Deploy
on:
  push: {branches: [main]}
  workflow_dispatch:
    inputs:
      target: {type: choice, options: [staging, production]}
permissions: {id-token: write, contents: read}
env: {ACCOUNT: "${{ secrets.PROD_ACCOUNT }}"}
jobs:
  ship:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: "arn:aws:iam::111122223333:role/ship"}
      - uses: acme/upload@v1
        with: {password: "${{ secrets.UPLOAD_PASSWORD }}"}
  unresolved:
    runs-on: [self-hosted, build]
    steps:
      - uses: ./.github/actions/sign-in
        with: {role: "arn:aws:iam::${{ env.ACCOUNT }}:role/plan"}
  spread:
    runs-on: ubuntu-latest
    strategy:
      matrix: {target: [staging, production]}
    environment: {name: "${{ matrix.target }}"}
    steps: [{run: "echo ${{ secrets.SPREAD }}"}]
  chosen:
    runs-on: ubuntu-latest
    environment: ${{ inputs.target }}
    steps: [{run: "true"}]
  call:
    uses: ./.github/workflows/called.yml
    with: {where: staging}
    secrets: {key: "${{ secrets.STAGING_KEY }}"}
  inherit:
    uses: other/shared/.github/workflows/far.yml@main
    secrets: inherit
"#;
const CALLED: &str = r#"
on: {workflow_call: {inputs: {where: {type: string}}}}
jobs:
  inner:
    runs-on: ubuntu-latest
    environment: ${{ inputs.where }}
    steps:
      - run: echo ${{ secrets.key }}
"#;
const SIGN_IN: &str = r#"
inputs: {role: {required: true}}
runs:
  using: composite
  steps:
    - uses: aws-actions/configure-aws-credentials@v4
      with: {role-to-assume: "${{ inputs.role }}"}
"#;
const TARGET: &str = r#"
on: {pull_request_target: null}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {ref: "${{ github.event.pull_request.head.sha }}"}
      - run: make test
        env: {TOKEN: "${{ secrets.CI_TOKEN }}"}
"#;

fn files() -> Vec<Input> {
    vec![
        Input::new("acme__shop/.github/workflows/deploy.yml", DEPLOY),
        Input::new("acme__shop/.github/workflows/called.yml", CALLED),
        Input::new("acme__shop/.github/workflows/target.yml", TARGET),
        Input::new("acme__shop/.github/actions/sign-in/action.yml", SIGN_IN),
    ]
}

fn answers() -> Vec<Input> {
    let environments = r#"{"total_count":2,"environments":[
        {"name":"production","protection_rules":[{"type":"required_reviewers","reviewers":[{"type":"User"}]}],"deployment_branch_policy":null},
        {"name":"staging","protection_rules":[],"deployment_branch_policy":null}]}"#;
    let secrets =
        r#"{"total_count":1,"secrets":[{"name":"SPREAD","created_at":"2024-01-01T00:00:00Z","updated_at":"2025-01-01T00:00:00Z"}]}"#;
    let of_environment = r#"{"total_count":1,"secrets":[{"name":"UPLOAD_PASSWORD","created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z"}]}"#;
    let of_owner = r#"{"total_count":2,"secrets":[{"name":"CI_TOKEN","created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z","visibility":"all"},
        {"name":"ELSEWHERE","created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z","visibility":"selected"}]}"#;
    vec![
        Input::new("repos/acme/shop/environments.json", environments),
        Input::new("repos/acme/shop/actions/secrets.json", secrets),
        Input::new("repos/acme/shop/environments/production/secrets.json", of_environment),
        Input::new("orgs/acme/actions/secrets.json", of_owner),
        Input::new(
            "orgs/acme/actions/secrets/ELSEWHERE/repositories.json",
            r#"{"total_count":1,"repositories":[{"full_name":"acme/other","name":"other","private":true}]}"#,
        ),
        Input::new("repos/acme/shop.json", r#"{"full_name":"acme/shop","name":"shop","private":false,"default_branch":"main"}"#),
        Input::new("repos/acme/shop/branches.json", r#"[{"name":"main","commit":{},"protected":false}]"#),
    ]
}

fn estate(inputs: &[Input]) -> Estate {
    let estate = read(inputs, &ReadOptions::default()).expect("made-up files are read");
    assert!(estate.reading().skipped.is_empty(), "{:?}", estate.reading().skipped);
    estate
}

/// The relations from an entity, by the ends of ids: kind, to, guarded by an approval, certainty.
fn from(estate: &Estate, id: &str) -> Vec<(RelationKind, String, bool, Certainty)> {
    let from = estate.find(&format!("https://github.com/acme/{id}")).unwrap_or_else(|| panic!("{id} is there"));
    let short = |id: &str| {
        id.strip_prefix("https://github.com/acme/")
            .or(id.strip_prefix("https://token.actions.githubusercontent.com#"))
            .unwrap_or(id)
            .to_owned()
    };
    let relations = estate.relations_from(from).map(|relation| {
        let approval = relation.guards().contains(Guard::Approval);
        (relation.kind(), short(estate.entity(relation.to()).id()), approval, relation.certainty())
    });
    relations.collect()
}

fn has(estate: &Estate, from_id: &str, kind: RelationKind, to: &str) -> Option<(bool, Certainty)> {
    from(estate, from_id)
        .into_iter()
        .find(|(is, end, ..)| *is == kind && end == to)
        .map(|(_, _, approval, certainty)| (approval, certainty))
}

const JOBS: &str = "shop/workflows/deploy.yml/jobs";
const ANY: &str = "shop/actions/any-branch";
const SURE: Option<(bool, Certainty)> = Some((false, Certainty::Proven));
const PERHAPS: Option<(bool, Certainty)> = Some((false, Certainty::Possible));

#[test]
fn files_alone_leave_open_what_only_the_settings_tell() {
    use RelationKind::*;
    let estate = estate(&files());
    let job = |name: &str, kind, to: &str| has(&estate, &format!("{JOBS}/{name}"), kind, to);
    assert_eq!(job("ship", DeploysTo, "shop/environments/production"), PERHAPS);
    assert_eq!(job("ship", FederatesTo, "arn:aws:iam::111122223333:role/ship"), PERHAPS);
    assert_eq!(job("ship", Assumes, "repo:acme/shop:environment:production"), PERHAPS);
    assert_eq!(job("ship", Uses, "shop/secrets/UPLOAD_PASSWORD"), PERHAPS);
    assert_eq!(job("ship", Uses, "shop/secrets/PROD_ACCOUNT"), PERHAPS);
    assert_eq!(job("unresolved", Uses, "shop/secrets/PROD_ACCOUNT"), SURE);
    assert_eq!(job("unresolved", FederatesTo, "shop/sign-ins/secrets.PROD_ACCOUNT+role+plan"), PERHAPS);
    assert_eq!(job("unresolved", RunsOn, "runner-labels/build+self-hosted"), SURE);
    assert_eq!(job("unresolved", Assumes, "repo:acme/shop:ref:refs/heads/main"), PERHAPS);
    assert_eq!(job("spread", DeploysTo, "shop/environments/staging"), PERHAPS);
    assert_eq!(job("call/jobs/inner", DeploysTo, "shop/environments/staging"), PERHAPS);
    assert_eq!(job("call/jobs/inner", Uses, "shop/secrets/STAGING_KEY"), PERHAPS);
    assert_eq!(job("inherit", Uses, "shop/secrets/SPREAD"), SURE);
    assert_eq!(has(&estate, "shop/workflows/target.yml/jobs/test", Uses, "shop/secrets/CI_TOKEN"), SURE);
    assert_eq!(has(&estate, "shop/actions/pull-requests", Assumes, "shop/workflows/target.yml/jobs/test"), SURE);
    let far = estate.find("https://github.com/other/shared").expect("the repository of the called workflow");
    assert!(estate.relations_from(far).any(|relation| relation.kind() == RunsAs));
    assert!(
        estate.find("https://github.com/acme/shop/workflows/called.yml/jobs/inner").is_none(),
        "a called workflow runs where it is called"
    );
    let topics: Vec<_> = estate.reading().coverage.iter().map(|coverage| coverage.topic.as_str()).collect();
    for topic in ["github_environments", "github_secrets", "github_sign_ins", "github_code_read", "github_default_branches"] {
        assert!(topics.contains(&topic), "{topic} of {topics:?}");
    }
}

#[test]
fn the_settings_tell_who_guards_what() {
    use RelationKind::*;
    let estate = estate(&files().into_iter().chain(answers()).collect::<Vec<_>>());
    let approved = Some((true, Certainty::Proven));
    let job = |name: &str, kind, to: &str| has(&estate, &format!("{JOBS}/{name}"), kind, to);
    assert_eq!(job("ship", DeploysTo, "shop/environments/production"), approved);
    assert_eq!(job("ship", Uses, "shop/environments/production/secrets/UPLOAD_PASSWORD"), approved);
    assert_eq!(job("ship", Uses, "shop/secrets/UPLOAD_PASSWORD"), None);
    assert_eq!(job("ship", Assumes, "repo:acme/shop:environment:production"), approved);
    assert_eq!(job("spread", DeploysTo, "shop/environments/staging"), SURE);
    assert_eq!(job("chosen", DeploysTo, "shop/environments/staging"), PERHAPS);
    // The secrets of its environment were not exported: one of the same name may stand before it.
    assert_eq!(job("spread", Uses, "shop/secrets/SPREAD"), PERHAPS);
    assert_eq!(job("unresolved", Assumes, "repo:acme/shop:ref:refs/heads/main"), SURE);
    assert_eq!(has(&estate, "shop", RunsAs, ANY), SURE);
    assert_eq!(has(&estate, ANY, Uses, "shop/secrets/SPREAD"), SURE);
    assert_eq!(has(&estate, ANY, Uses, "secrets/CI_TOKEN"), SURE);
    assert_eq!(has(&estate, ANY, Uses, "secrets/ELSEWHERE"), None);
    assert_eq!(has(&estate, ANY, Reads, "shop/environments/production"), approved);
    assert_eq!(has(&estate, ANY, Reads, "shop/environments/staging"), SURE);
    assert_eq!(has(&estate, ANY, Assumes, "repo:acme/shop:ref:refs/heads/main"), SURE);
    assert_eq!(has(&estate, ANY, Assumes, "repo:acme/shop:ref:refs/heads/*"), SURE);
    let secret = estate.find("https://github.com/acme/shop/secrets/SPREAD").and_then(|at| estate.entity(at).as_secret()).expect("a secret");
    assert_eq!(secret.rotated_at.map(|at| at.date()), Some("2025-01-01".to_owned()));
    let none = Input::new("repos/acme/shop/environments/staging/secrets.json", r#"{"total_count":0,"secrets":[]}"#);
    let estate = self::estate(&files().into_iter().chain(answers()).chain([none]).collect::<Vec<_>>());
    assert_eq!(has(&estate, &format!("{JOBS}/spread"), Uses, "shop/secrets/SPREAD"), SURE);
}

#[test]
fn what_a_job_is_called_does_not_say_where_it_stands() {
    let estate = estate(&files());
    let environment =
        |id: &str| estate.environment(estate.find(&format!("https://github.com/acme/shop/{id}")).expect("an id")).environment.as_str();
    assert_eq!(environment("workflows/target.yml/jobs/test"), "unknown");
    assert_eq!(environment("workflows/deploy.yml/jobs/ship"), "production");
    assert_eq!(environment("workflows/deploy.yml/jobs/call/jobs/inner"), "staging");
}

#[test]
fn keys_tokens_applications_and_runners_are_read() {
    use RelationKind::*;
    let inputs = [
        Input::new(
            "repos/acme/shop/keys.json",
            r#"[{"id":7,"key":"ssh-ed25519 AAAA","title":"mirror","read_only":false,"created_at":"2023-01-01T00:00:00Z","added_by":"ann"}]"#,
        ),
        Input::new(
            "repos/acme/shop/collaborators.json",
            r#"[{"login":"ann","permissions":{"pull":true,"push":true,"admin":false},"role_name":"write"}]"#,
        ),
        Input::new("repos/acme/shop/teams.json", r#"[{"slug":"owners","permission":"admin","privacy":"closed"}]"#),
        Input::new(
            "orgs/acme/personal-access-tokens.json",
            r#"[{"id":1,"owner":{"login":"bob"},"repository_selection":"all","permissions":{"repository":{"contents":"write"}},
            "access_granted_at":"2025-01-01T00:00:00Z","token_id":2,"token_name":"nightly","token_expired":false,"token_expires_at":null,"token_last_used_at":null}]"#,
        ),
        Input::new(
            "orgs/acme/installations.json",
            r#"{"total_count":1,"installations":[{"id":5,"account":{"login":"acme"},"repository_selection":"selected","app_id":9,"app_slug":"deployer",
            "permissions":{"contents":"read","administration":"write"},"created_at":"2022-01-01T00:00:00Z"}]}"#,
        ),
        Input::new(
            "orgs/acme/installations/5/repositories.json",
            r#"{"total_count":1,"repositories":[{"full_name":"acme/shop","name":"shop","private":true}]}"#,
        ),
        Input::new(
            "orgs/acme/actions/runners.json",
            r#"{"total_count":1,"runners":[{"id":3,"name":"big","os":"linux","status":"online","busy":false,"runner_group_id":4,
            "labels":[{"name":"self-hosted","type":"read-only"},{"name":"build","type":"custom"}],"ephemeral":false}]}"#,
        ),
        Input::new(
            "orgs/acme/actions/runner-groups.json",
            r#"{"total_count":1,"runner_groups":[{"id":4,"name":"builders","visibility":"selected","default":false,"allows_public_repositories":true,"runners_url":"x"}]}"#,
        ),
        Input::new(
            "orgs/acme/actions/runner-groups/4/repositories.json",
            r#"{"total_count":1,"repositories":[{"full_name":"acme/shop","name":"shop","private":true}]}"#,
        ),
        Input::new(
            "repos/acme/shop/actions/oidc/customization/sub.json",
            r#"{"use_default":false,"include_claim_keys":["repository_owner","context"]}"#,
        ),
        Input::new(
            "repos/acme/shop/actions/permissions/workflow.json",
            r#"{"default_workflow_permissions":"write","can_approve_pull_request_reviews":false}"#,
        ),
    ];
    let estate = estate(&files().into_iter().chain(inputs).collect::<Vec<_>>());
    assert_eq!(has(&estate, "shop/deploy-keys/7", Writes, "shop"), SURE);
    assert_eq!(has(&estate, "shop/deploy-keys/7/keys/private", AuthenticatesAs, "shop/deploy-keys/7"), SURE);
    assert_eq!(has(&estate, "teams/owners", Administers, "shop"), SURE);
    assert_eq!(has(&estate, "personal-access-tokens/1", Writes, "repositories/all"), SURE);
    assert_eq!(has(&estate, "installations/5", Administers, "shop"), SURE);
    assert_eq!(has(&estate, "shop/workflows/deploy.yml/jobs/unresolved", RunsOn, "runners/3"), SURE);
    assert_eq!(has(&estate, "runners/3", RunsAs, "shop/workflows/deploy.yml/jobs/unresolved"), SURE);
    assert_eq!(has(&estate, ANY, RunsOn, "runners/3"), SURE);
    assert_eq!(has(&estate, ANY, Assumes, "repository_owner:acme:environment:production"), PERHAPS);
    assert_eq!(has(&estate, "shop/workflows/target.yml/jobs/test", Writes, "shop"), PERHAPS);
    let token = estate
        .find("https://github.com/acme/personal-access-tokens/1/tokens/value")
        .and_then(|at| estate.entity(at).as_secret())
        .expect("the token");
    assert_eq!(token.expires_at.map(|at| at.date()), Some("9999-12-31".to_owned()), "a token without an end lives for ever");
    let ann = estate.find("https://github.com/users/ann").expect("a person");
    assert!(estate.relations_from(ann).any(|relation| relation.kind() == Writes));
}

#[test]
fn broken_files_say_where_they_are_broken() {
    let skipped = |text: &str| {
        let estate = read(&[Input::new("a__b/.github/workflows/x.yml", text)], &ReadOptions::default()).expect("read");
        estate.reading().skipped.iter().map(|it| it.place.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(skipped("on: push\njobs: [1, 2]\n"), ["a__b/.github/workflows/x.yml:1 (record 1, field `jobs`)"]);
    assert_eq!(skipped("on: push\njobs:\n  a: 7\n  b: {runs-on: x}\n").len(), 1);
    assert_eq!(skipped("on: push\njobs:\n  - this\n  a: b\n").len(), 1);
    assert_eq!(skipped("on: 7\njobs: {}\n"), ["a__b/.github/workflows/x.yml:1 (record 1, field `on`)"]);
    let loops =
        "on: {workflow_call: null, push: null}\njobs:\n  a: {uses: ./.github/workflows/x.yml}\n  b: {uses: ./.github/workflows/x.yml}\n";
    let estate = read(&[Input::new("a__b/.github/workflows/x.yml", loops)], &ReadOptions::default()).expect("read");
    assert!(estate.reading().coverage.iter().any(|coverage| coverage.topic == "github_jobs_followed"));
}

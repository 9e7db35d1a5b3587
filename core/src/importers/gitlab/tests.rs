//! The reader of GitLab, tried on made-up pipelines.

use crate::model::{Certainty, RelationKind, Storage};
use crate::{Estate, Input, ReadOptions, read};

const ROOT: &str = r#"
stages: [build, deploy]
include:
  - local: /ci/*.yml
  - {project: acme/ci, ref: main, file: shared.yml}
default: {tags: [docker]}
variables: {REGION: eu, ROLE: "arn:aws:iam::111122223333:role/ship"}
build:
  stage: build
  script: [make, "curl -H $DEPLOY_TOKEN"]
ship:
  extends: .ship
  environment: {name: "live/$REGION", deployment_tier: production}
  rules: [{if: $CI_COMMIT_BRANCH == "main"}]
  script: [!reference [.ship, script], "aws sts get-caller-identity --role $ROLE"]
review:
  stage: deploy
  tags: []
  environment: {name: review/$CI_COMMIT_REF_SLUG, action: verify}
  variables: {ADMIN_PASSWORD: "correct-horse-battery"}
  script: [./review]
child:
  trigger: {include: {local: children/child.yml}}
down:
  trigger: {project: acme/other}
"#;
const SHARED: &str = r#"
.ship:
  stage: deploy
  id_tokens: {AWS_TOKEN: {aud: https://aws.example}}
  secrets: {DB_PASSWORD: {vault: live/db/password@ops}}
  script: [./ship]
"#;
const CHILD: &str = "inner:\n  stage: test\n  script: [./inner]\n";

fn estate() -> Estate {
    let files = [(".gitlab-ci.yml", ROOT), ("ci/shared.yml", SHARED), ("children/child.yml", CHILD)];
    let inputs: Vec<_> = files.iter().map(|(name, text)| Input::new(format!("acme__shop/{name}"), *text)).collect();
    let estate = read(&inputs, &ReadOptions::default()).expect("made-up files are read");
    assert!(estate.reading().skipped.is_empty(), "{:?}", estate.reading().skipped);
    assert!(estate.reading().sources.iter().all(|source| source.format == "gitlab"));
    estate
}

const PIPELINE: &str = "https://gitlab.com/acme/shop/-/pipelines/.gitlab-ci.yml";

fn has(estate: &Estate, from: &str, kind: RelationKind, to: &str) -> Option<Certainty> {
    let from = estate.find(from).unwrap_or_else(|| panic!("{from} is there"));
    let mut relations = estate.relations_from(from);
    relations.find(|relation| relation.kind() == kind && estate.entity(relation.to()).id() == to).map(|relation| relation.certainty())
}

#[test]
fn jobs_are_put_together_and_say_what_they_use() {
    use RelationKind::*;
    let estate = estate();
    let (sure, perhaps) = (Some(Certainty::Proven), Some(Certainty::Possible));
    let job = |name: &str, kind, to: &str| has(&estate, &format!("{PIPELINE}/jobs/{name}"), kind, to);
    let shop = |what: &str| format!("https://gitlab.com/acme/shop/-/{what}");
    assert_eq!(job("ship", DeploysTo, &shop("environments/live/eu")), perhaps);
    assert_eq!(job("ship", Uses, &shop("secrets/vault:live/db/password@ops")), sure);
    assert_eq!(job("ship", Assumes, "https://gitlab.com#project_path:acme/shop:ref_type:branch:ref:main"), sure);
    assert_eq!(job("ship", FederatesTo, "arn:aws:iam::111122223333:role/ship"), perhaps);
    assert_eq!(job("ship", RunsOn, "https://gitlab.com/acme/-/runner-tags/docker"), sure);
    assert_eq!(job("build", Uses, &shop("variables/DEPLOY_TOKEN")), perhaps);
    assert_eq!(job("review", Reads, &shop("environments/review/*")), perhaps);
    assert_eq!(job("review", RunsOn, "https://gitlab.com/acme/-/runner-tags/docker"), None);
    assert_eq!(job("down", Assumes, "https://gitlab.com/acme/other/-/pipelines/.gitlab-ci.yml"), perhaps);
    assert!(estate.find(&format!("{PIPELINE}/jobs/child/jobs/inner")).is_some());
    assert!(estate.find("https://gitlab.com/acme/shop/-/pipelines/ci/shared.yml").is_none(), "an included file is no pipeline of its own");
    let any = shop("any-branch");
    assert_eq!(has(&estate, "https://gitlab.com/acme/shop", RunsAs, &any), sure);
    assert_eq!(has(&estate, &any, Assumes, "https://gitlab.com#project_path:acme/shop:ref_type:branch:ref:*"), sure);
    assert_eq!(has(&estate, &any, Assumes, "https://gitlab.com#project_path:acme/shop:ref_type:branch:ref:main"), perhaps);
    assert_eq!(has(&estate, "https://gitlab.com/acme/ci", RunsAs, PIPELINE), sure);
    let environment = |id: &str| estate.environment(estate.find(id).expect("an id")).environment.as_str();
    assert_eq!(environment(&shop("environments/live/eu")), "production");
    assert_eq!(environment(&format!("{PIPELINE}/jobs/ship")), "production");
    assert_eq!(environment(&format!("{PIPELINE}/jobs/build")), "unknown");
    let plain = estate
        .find(&format!("{PIPELINE}/jobs/review/variables/ADMIN_PASSWORD"))
        .and_then(|at| estate.entity(at).as_secret())
        .expect("a secret");
    assert_eq!((plain.storage, plain.fingerprint.is_some()), (Some(Storage::SourceCode), true));
}

#[test]
fn broken_files_say_where_they_are_broken() {
    let skipped = |text: &str| {
        let estate = read(&[Input::new("a__b/.gitlab-ci.yml", text).format("gitlab@a/b")], &ReadOptions::default()).expect("read");
        estate.reading().skipped.iter().map(|it| it.place.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(skipped("- a\n- b\n"), ["a__b/.gitlab-ci.yml:1 (record 1)"]);
    assert_eq!(skipped("a: {script: [\"x\n").len(), 1);
    assert!(
        skipped("a: {script: 7, environment: [1], secrets: 3, id_tokens: x, tags: {a: 1}, rules: 9, variables: []}\nb: 7\nstages: x\n")
            .is_empty()
    );
}

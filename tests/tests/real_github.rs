//! The real pipelines of five organisations and the answers of the API, where they are at hand: the counts are those that were counted by other means.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tenantgraph::model::{Certainty, EnvironmentClass, RelationKind};
use tenantgraph::{Estate, Input, ReadOptions, read};

/// The folder of the pipelines; `None`, said loudly, where the data is not at hand.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENANTGRAPH_REAL_DATA").map(|folder| PathBuf::from(folder).join("cicd"));
    if folder.is_none() {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose cicd/ holds the real pipelines");
    }
    folder
}

fn files(folder: &Path, within: &str, inputs: &mut Vec<Input>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = format!("{within}/{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            files(&path, &name, inputs);
        } else {
            inputs.push(Input::new(name, std::fs::read(&path).expect("a file")));
        }
    }
}

/// The estate of a repository, and how many files it has.
fn repository(name: &str) -> Option<(Estate, usize)> {
    let folder = folder()?.join("github").join(name);
    let mut inputs = Vec::new();
    files(&folder, name, &mut inputs);
    let estate = read(&inputs, &ReadOptions::default()).expect("the files are read");
    // One action of a real repository is no YAML.
    let broken = usize::from(name == "CDCgov__prime-simplereport");
    assert_eq!(estate.reading().skipped.len(), broken, "{name}: {:?}", estate.reading().skipped);
    assert!(estate.reading().sources.iter().all(|source| source.format == "github"), "{name}: every file is recognised");
    Some((estate, inputs.len()))
}

/// The workflow and the job of an id, where it is a job of a workflow and not of a called one.
fn job(id: &str) -> Option<(&str, &str)> {
    let (workflow, job) = id.split_once("/workflows/")?.1.split_once("/jobs/")?;
    (!job.contains("/jobs/")).then_some((workflow, job))
}

/// A repository: files, workflows, jobs that start without being called, those of them that name an environment by a name that is known and that
/// deploy there, secrets (of the first, two by keys of a matrix), jobs that use a secret of production without naming an environment.
type Row = (&'static str, usize, usize, usize, usize, usize, usize);

const ROWS: [Row; 5] = [
    ("CDCgov__prime-reportstream", 70, 38, 83, 5, 33, 4),
    ("CDCgov__prime-simplereport", 52, 34, 77, 11, 33, 3),
    ("cds-snc__notification-terraform", 30, 27, 141, 0, 30, 36),
    ("ministryofjustice__modernisation-platform", 60, 60, 143, 7, 2, 0),
    ("navapbc__template-infra", 25, 21, 42, 0, 5, 0),
];

/// The jobs whose use of a secret of production nothing stands before: they name no environment.
fn without_environment(estate: &Estate) -> BTreeSet<(&str, &str)> {
    let uses = estate.relations().filter(|relation| relation.kind() == RelationKind::Uses && relation.certainty() == Certainty::Proven);
    let of_production = uses.filter(|relation| estate.environment(relation.to()).environment.class() == EnvironmentClass::Production);
    let deploys = |entity| estate.relations_from(entity).any(|relation| relation.kind() == RelationKind::DeploysTo);
    of_production.filter(|relation| !deploys(relation.from())).filter_map(|relation| job(estate.entity(relation.from()).id())).collect()
}

#[test]
fn every_workflow_is_read_and_its_counts_are_right() {
    for (name, all, workflows, jobs, named, secrets, open) in ROWS {
        let Some((estate, files)) = repository(name) else { return };
        let ids: Vec<&str> = estate.entities().iter().map(|entity| entity.id()).collect();
        let of_workflows = ids.iter().filter(|id| id.contains("/workflows/") && !id.contains("/jobs/")).count();
        let of_jobs: Vec<_> = ids.iter().filter(|id| job(id).is_some()).collect();
        assert_eq!((files, of_workflows, of_jobs.len()), (all, workflows, jobs), "{name}");
        let deploys = |id: &str| {
            let at = estate.find(id).expect("a job");
            estate.relations_from(at).any(|relation| relation.kind() == RelationKind::DeploysTo)
        };
        assert_eq!(of_jobs.iter().filter(|id| deploys(id)).count(), named, "{name}");
        let names: BTreeSet<_> = ids.iter().filter(|id| id.contains("/secrets/")).collect();
        assert_eq!(names.len(), secrets, "{name}");
        assert_eq!(without_environment(&estate).len(), open, "{name}: {:?}", without_environment(&estate));
    }
}

#[test]
fn jobs_that_use_a_secret_of_production_without_an_environment_are_found() {
    let Some((estate, _)) = repository("CDCgov__prime-reportstream") else { return };
    let wanted = [
        ("build_frontend.yaml", "build_frontend_react"),
        ("export_cost_data.yml", "export_cost_data"),
        ("release_to_azure.yml", "build_frontend_react_release"),
        ("release_to_github.yml", "build_frontend"),
    ];
    assert_eq!(without_environment(&estate), BTreeSet::from(wanted));
    let Some((estate, _)) = repository("CDCgov__prime-simplereport") else { return };
    let wanted = [
        ("deployProd.yml", "failed_deploy_pagerduty_alert"),
        ("deployProd.yml", "failed_smoke_test_pagerduty_alert"),
        ("maintenance.yml", "pushMaintenanceBlob"),
    ];
    assert_eq!(without_environment(&estate), BTreeSet::from(wanted));
}

#[test]
fn workflows_that_mix_both_sides_are_found() {
    for (name, wanted) in [
        // Two name secrets by what a matrix or a run makes of their name.
        (
            "CDCgov__prime-reportstream",
            vec!["build_frontend.yaml", "export_cost_data.yml", "release_to_azure.yml", "release_to_github.yml", "restore_databases.yml"],
        ),
        ("CDCgov__prime-simplereport", vec!["maintenance.yml"]),
        ("cds-snc__notification-terraform", vec!["sanitize_production_sms_usage.yml"]),
        ("ministryofjustice__modernisation-platform", vec![]),
    ] {
        let Some((estate, _)) = repository(name) else { return };
        let mut sides: BTreeMap<&str, BTreeSet<EnvironmentClass>> = BTreeMap::new();
        for relation in estate.relations().filter(|relation| relation.kind() == RelationKind::Uses) {
            if let Some((workflow, _)) = job(estate.entity(relation.from()).id()) {
                sides.entry(workflow).or_default().insert(estate.environment(relation.to()).environment.class());
            }
        }
        let both =
            |classes: &BTreeSet<_>| classes.contains(&EnvironmentClass::Production) && classes.contains(&EnvironmentClass::NonProduction);
        let found: Vec<&str> = sides.iter().filter(|(_, classes)| both(classes)).map(|(workflow, _)| *workflow).collect();
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn samples_are_as_they_were_read_by_hand() {
    let Some((estate, _)) = repository("cds-snc__notification-terraform") else { return };
    let id = |id: &str| estate.find(&format!("https://github.com/cds-snc/notification-terraform/{id}")).unwrap_or_else(|| panic!("{id}"));
    let to = |from: &str, kind| -> BTreeSet<&str> {
        estate
            .relations_from(id(from))
            .filter(|relation| relation.kind() == kind)
            .map(|relation| estate.entity(relation.to()).id())
            .collect()
    };
    // The account is a secret in a variable of the workflow, and the role goes through a composite action.
    let apply = "workflows/merge_to_main_production.yml/jobs/terragrunt-apply-common";
    let role =
        "https://github.com/cds-snc/notification-terraform/sign-ins/secrets.PRODUCTION_AWS_ACCOUNT_ID+role+notification-terraform-apply";
    assert_eq!(to(apply, RelationKind::FederatesTo), BTreeSet::from([role]));
    assert_eq!(estate.environment(estate.find(role).expect("the role")).environment.class(), EnvironmentClass::Production);
    let main = "https://token.actions.githubusercontent.com#repo:cds-snc/notification-terraform:ref:refs/heads/main";
    assert!(to(apply, RelationKind::Assumes).contains(main));
    let export = to("workflows/export_github_data.yml/jobs/export-data", RelationKind::FederatesTo);
    assert_eq!(export, BTreeSet::from(["arn:aws:iam::739275439843:role/data-lake-github-data-export"]));

    let Some((estate, _)) = repository("ministryofjustice__modernisation-platform") else { return };
    let called = "https://github.com/ministryofjustice/modernisation-platform/workflows/core-vpc-development-deployment.yml/jobs/core-vpc-development-deployment-plan-apply/jobs/plan-and-apply";
    let at = estate.find(called).expect("a job of a called workflow");
    let uses: BTreeSet<&str> = estate
        .relations_from(at)
        .filter(|relation| relation.kind() == RelationKind::Uses)
        .map(|relation| estate.entity(relation.to()).name())
        .collect();
    assert!(uses.contains("PASSPHRASE"), "{uses:?}");
}

/// An answer of the API: records, tenants, identities, secrets and resources.
type Answer = (&'static str, u64, [usize; 4]);

#[test]
fn every_answer_of_the_api_is_read_and_its_counts_are_right() {
    // Beside what an answer describes, each repository is there with "any workflow" and the four subjects of its branches, tags and pull requests.
    let rows: [Answer; 18] = [
        ("actions-permissions.json", 1, [1, 0, 0, 0]),
        ("actionsecrets.json", 3, [1, 0, 3, 0]),
        ("app.json", 1, [0, 1, 0, 0]),
        ("appinstalls.json", 1, [1, 2, 0, 0]),
        ("branches.json", 1, [1, 5, 0, 1]),
        ("environments.json", 1, [1, 6, 0, 2]),
        ("org-pat-request.json", 1, [0, 0, 0, 0]),
        ("org-pat.json", 1, [0, 0, 0, 0]),
        ("org.json", 1, [1, 1, 0, 1]),
        ("pat-repositories.json", 1, [1, 5, 0, 1]),
        ("repo-collaborators.json", 1, [1, 6, 0, 1]),
        ("repo-teams.json", 1, [1, 6, 0, 1]),
        ("repositories.json", 1, [1, 5, 0, 1]),
        ("secrets.json", 3, [1, 0, 3, 0]),
        ("selected-org-secrets.json", 1, [1, 5, 0, 1]),
        ("variables.json", 2, [0, 0, 0, 0]),
        ("workflows.json", 2, [1, 5, 0, 1]),
        ("org-role-teams.json", 1, [1, 6, 0, 1]),
    ];
    let Some(folder) = folder() else { return };
    for (file, records, counts) in rows {
        let bytes = std::fs::read(folder.join("github-api").join(file)).expect("a file");
        let estate = read(&[Input::new(file, bytes).format("github@octo-org/octo-repo")], &ReadOptions::default()).expect("an answer");
        let count = |is: &dyn Fn(&tenantgraph::estate::EntityRef<'_>) -> bool| estate.entities().iter().filter(|entity| is(entity)).count();
        let found = [
            count(&|it| it.as_tenant().is_some()),
            count(&|it| it.as_identity().is_some()),
            count(&|it| it.as_secret().is_some()),
            count(&|it| it.as_resource().is_some()),
        ];
        assert_eq!((estate.reading().sources[0].records, found), (records, counts), "{file}");
        assert!(estate.reading().skipped.is_empty(), "{file}");
    }
    // What says nothing of who may do what in Actions is told, not read.
    for file in
        ["branch-policies.json", "branch-prot-rules.json", "custom-roles.json", "org-roles.json", "org-role-users.json", "scimusers.json"]
    {
        let bytes = std::fs::read(folder.join("github-api").join(file)).expect("a file");
        let estate = read(&[Input::new(file, bytes).format("github@octo-org/octo-repo")], &ReadOptions::default()).expect("an answer");
        assert!(estate.is_empty() && estate.reading().coverage.iter().any(|coverage| coverage.topic == "github_records_read"), "{file}");
    }
}

/// The recorded calls of another tool, each under the path of the API that it is the answer of.
#[test]
fn recorded_calls_give_one_estate() {
    let Some(folder) = folder() else { return };
    let json =
        |file: &str| -> serde_json::Value { serde_json::from_slice(&std::fs::read(folder.join(file)).expect("a file")).expect("JSON") };
    let (calls, tokens, texts) = (
        json("cartography__github-actions.json"),
        json("cartography__github-personal_access_tokens.json"),
        json("cartography__github-workflow_content.json"),
    );
    let mut inputs = Vec::new();
    for (call, path) in [
        ("GET_ORG_SECRETS", "orgs/simpsoncorp/actions/secrets.json"),
        ("GET_ORG_VARIABLES", "orgs/simpsoncorp/actions/variables.json"),
        ("GET_REPO_WORKFLOWS", "repos/simpsoncorp/sample_repo/actions/workflows.json"),
        ("GET_REPO_ENVIRONMENTS", "repos/simpsoncorp/sample_repo/environments.json"),
        ("GET_REPO_SECRETS", "repos/simpsoncorp/sample_repo/actions/secrets.json"),
        ("GET_REPO_VARIABLES", "repos/simpsoncorp/sample_repo/actions/variables.json"),
        ("GET_ENV_SECRETS_PRODUCTION", "repos/simpsoncorp/sample_repo/environments/production/secrets.json"),
        ("GET_ENV_VARIABLES_PRODUCTION", "repos/simpsoncorp/sample_repo/environments/production/variables.json"),
        ("GET_ENV_SECRETS_STAGING", "repos/simpsoncorp/sample_repo/environments/staging/secrets.json"),
        ("GET_ENV_VARIABLES_STAGING", "repos/simpsoncorp/sample_repo/environments/staging/variables.json"),
    ] {
        inputs.push(Input::new(path, calls[call].to_string()));
    }
    inputs.push(Input::new("orgs/simpsoncorp/personal-access-tokens.json", tokens["FINE_GRAINED_PERSONAL_ACCESS_TOKENS"].to_string()));
    inputs.push(Input::new(
        "orgs/simpsoncorp/personal-access-tokens/25381/repositories.json",
        tokens["FINE_GRAINED_PAT_REPOSITORIES"]["25381"].to_string(),
    ));
    let (mut read_texts, mut skipped) = (0, 0);
    for (name, text) in texts.as_object().expect("texts") {
        let text = text.as_str().expect("a text");
        if text.is_empty() {
            continue;
        }
        read_texts += 1;
        skipped += usize::from(name == "WORKFLOW_MALFORMED");
        inputs.push(Input::new(format!("simpsoncorp__sample_repo/.github/workflows/{name}.yml"), text));
    }
    let estate = read(&inputs, &ReadOptions::default()).expect("the calls");
    assert_eq!((read_texts, estate.reading().skipped.len()), (9, skipped), "{:?}", estate.reading().skipped);
    let secrets: BTreeSet<&str> = estate.entities().iter().filter_map(|entity| entity.as_secret().map(|_| entity.id())).collect();
    let listed =
        secrets.iter().filter(|id| estate.entity(estate.find(id).expect("an id")).as_secret().and_then(|it| it.created_at).is_some());
    // Two of the organisation, two of the repository, one of each environment.
    assert_eq!(listed.count(), 6);
    assert_eq!(secrets.iter().filter(|id| id.contains("personal-access-tokens")).count(), 2);
    let of = |id: &str| estate.find(&format!("https://github.com/simpsoncorp/{id}")).unwrap_or_else(|| panic!("{id}"));
    let test = of("sample_repo/workflows/WORKFLOW_CI_CONTENT.yml/jobs/test");
    let uses: BTreeSet<&str> =
        estate.relations_from(test).filter(|it| it.kind() == RelationKind::Uses).map(|it| estate.entity(it.to()).id()).collect();
    assert_eq!(
        uses,
        BTreeSet::from([
            "https://github.com/simpsoncorp/sample_repo/secrets/API_KEY",
            "https://github.com/simpsoncorp/sample_repo/secrets/DATABASE_URL",
            "https://github.com/simpsoncorp/secrets/NPM_TOKEN"
        ])
    );
    let token = of("personal-access-tokens/25381");
    assert!(estate.relations_from(token).any(|it| it.kind() == RelationKind::Reads && it.to() == of("sample_repo")));
    let external = of("sample_repo/workflows/WORKFLOW_REUSABLE.yml/jobs/call-external");
    let handed: Vec<&str> =
        estate.relations_from(external).filter(|it| it.kind() == RelationKind::Uses).map(|it| estate.entity(it.to()).name()).collect();
    assert_eq!(handed, ["DEPLOY_KEY"]);
}

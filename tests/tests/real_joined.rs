//! What real exports of different readers have in common, where they are at hand, and paths that need several of them.
//!
//! They come from organisations that have nothing to do with each other, so little joins. Counted over everything in the folder: the cluster manifests of kubernetes.io and its
//! Google export share the accounts of workloads and the secrets that are fetched, 52 ids, counted below from the raw files too; a list of GitHub's secret scanning alerts and answers of its API share
//! one repository, that of its documentation; a few plans of Terraform and Google's exports share `allUsers` and `allAuthenticatedUsers`. No real file of AWS trusts a pipeline that is here, and
//! no real report holds a key of an account that is here. So a path over four real files of four kinds does not exist: the longest join is a Kubernetes manifest with the two files of
//! Google's export, of which the policies hold the hops and the assets describe what they lead to. For the whole chain two small files are written here, the trust of a role and a report of gitleaks, with the ids that the real files name.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tenantgraph::{Estate, Input, ReadOptions, Unobserved, door, read};

const LABELS: &[u8] = include_bytes!("../real/k8s-io-labels.csv");
const CLUSTER: &str = "k8s/k8s.io_rbac.ndjson";
const ASSETS: &str = "gcp/k8s-io_2022-01-31_resource.ndjson";
const GRANTS: &str = "gcp/k8s-io_2022-01-31_iam_policy.ndjson";
const ACCOUNT: &str = "serviceAccount:k8s-infra-dns-updater@kubernetes-public.iam.gserviceaccount.com";
const DNS: &str = "roles/dns.admin@projects/kubernetes-public";
const PROJECT: &str = "projects/kubernetes-public";

/// The folder of the data; `None`, said loudly, where it is not at hand.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENANTGRAPH_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to the folder that holds cicd/, gcp/, k8s/ and the other real exports");
    }
    folder
}

fn input(folder: &Path, file: &str) -> Input {
    Input::new(file, std::fs::read(folder.join(file)).unwrap_or_else(|_| panic!("{file} can be read")))
}

fn records(folder: &Path, file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|_| panic!("{file} can be read"));
    text.lines().map(|line| serde_json::from_str(line).expect("a record a line")).collect()
}

fn estate(inputs: &[Input]) -> Estate {
    let options = ReadOptions { labels: vec![Input::new("labels.csv", LABELS)], ..ReadOptions::default() };
    read(inputs, &options).expect("the files are read")
}

/// The answer of `reach` from one id to the production project.
fn reach(estate: &Estate, from: &str) -> Value {
    let options = json!({ "from": format!("id={from}"), "to": format!("id={PROJECT}"), "paths": 1, "as_of": "2022-02-01" });
    ask(estate, "reach", &options)
}

fn ask(estate: &Estate, question: &str, options: &Value) -> Value {
    let options = door::options(&options.to_string()).expect("options");
    serde_json::to_value(door::ask(estate, question, options, &Unobserved).expect("an answer")).expect("answers are JSON")
}

/// The hops of the first path, as `(from, kind, to)`.
fn steps(answer: &Value) -> Vec<(&str, &str, &str)> {
    let steps = answer["paths"][0]["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
    steps.iter().map(|step| (word(step, "from"), word(step, "kind"), word(step, "to"))).collect()
}

fn word<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// Without any one of the files the project is not held, or, without the one that describes it, nobody knows since when it is there.
fn each_is_needed(inputs: &[Input], from: &str) {
    assert!(is_held_and_described(&estate(inputs), from));
    for left_out in inputs {
        let others: Vec<Input> = inputs.iter().filter(|input| input.name != left_out.name).cloned().collect();
        assert!(!is_held_and_described(&estate(&others), from), "{} is not needed", left_out.name);
    }
}

fn is_held_and_described(estate: &Estate, from: &str) -> bool {
    let is_held = estate.find(from).is_some() && reach(estate, from)["reached"].as_array().is_some_and(|reached| !reached.is_empty());
    let project = estate.find(PROJECT).and_then(|project| estate.entity(project).as_tenant());
    is_held && project.is_some_and(|project| project.created_at.is_some())
}

/// Every real export by itself: a file, or the files of a repository.
fn exports(folder: &Path) -> Vec<Vec<Input>> {
    let mut exports: BTreeMap<String, Vec<Input>> = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for path in std::fs::read_dir(&next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = path.strip_prefix(folder).expect("a path in the folder").to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let parts: Vec<&str> = name.split('/').collect();
            let (export, name) = match parts[..] {
                ["reference", ..] => continue,
                ["cicd", "github" | "gitlab", repository, ..] => (repository.to_owned(), parts[2..].join("/")),
                _ => (name.clone(), name),
            };
            exports.entry(export).or_default().push(Input::new(name, std::fs::read(&path).expect("a file")));
        }
    }
    exports.into_values().collect()
}

#[test]
fn real_exports_of_different_readers_have_little_in_common() {
    let Some(folder) = folder() else { return };
    let mut formats: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    // What no reader knows is not read.
    for estate in exports(&folder).iter().filter_map(|export| read(export, &ReadOptions::default()).ok()) {
        let Some(source) = estate.reading().sources.first() else { continue };
        let ids = estate.entities().iter().map(|entity| entity.id().to_owned());
        formats.entry(source.format.clone()).or_default().extend(ids);
    }
    let mut common = Vec::new();
    for (one, ids) in &formats {
        for (other, others) in formats.range(one.clone()..).skip(1) {
            let shared: Vec<&str> = ids.intersection(others).map(String::as_str).collect();
            if !shared.is_empty() {
                common.push((one.as_str(), other.as_str(), shared.len(), shared[0]));
            }
        }
    }
    let google = "google-cloud-asset-inventory";
    let expected = [
        ("github", "leaks", 1, "https://github.com/octocat/Hello-World"),
        (
            google,
            "kubernetes",
            52,
            "//secretmanager.googleapis.com/projects/k8s-infra-prow-build-trusted/secrets/capdo-quayio-registry-secret",
        ),
        (google, "terraform", 2, "allAuthenticatedUsers"),
    ];
    assert_eq!(common, expected);
}

#[test]
fn a_cluster_and_a_google_export_are_joined_by_accounts_and_secrets() {
    let Some(folder) = folder() else { return };
    let (manifests, assets) = (records(&folder, CLUSTER), records(&folder, ASSETS));
    let of_kind = |kind: &'static str| manifests.iter().filter(move |record| word(record, "kind") == kind);
    let account =
        |record: &Value| Some(format!("serviceAccount:{}", record["metadata"]["annotations"]["iam.gke.io/gcp-service-account"].as_str()?));
    let annotated: Vec<String> = of_kind("ServiceAccount").filter_map(account).collect();
    let wanted: BTreeSet<String> = annotated.iter().cloned().collect();
    assert_eq!((annotated.len(), wanted.len()), (29, 22));
    let described = |kind: &'static str| assets.iter().filter(move |asset| word(asset, "asset_type").ends_with(kind));
    let accounts: BTreeSet<String> = described("iam.googleapis.com/ServiceAccount")
        .map(|asset| format!("serviceAccount:{}", word(&asset["resource"]["data"], "email")))
        .collect();
    assert!(wanted.is_subset(&accounts), "every account that a workload is annotated with is described");
    let secrets = described("secretmanager.googleapis.com/Secret").count();
    assert_eq!((accounts.len(), secrets), (244, 44));
    // What the product says both files name, of accounts and of secrets.
    let ids = |file: &str, prefix: &str| -> BTreeSet<String> {
        let estate = estate(&[input(&folder, file)]);
        estate.entities().iter().map(|entity| entity.id().to_owned()).filter(|id| id.starts_with(prefix)).collect()
    };
    let common = |prefix| -> BTreeSet<String> { ids(CLUSTER, prefix).intersection(&ids(ASSETS, prefix)).cloned().collect() };
    assert_eq!(common("serviceAccount:"), wanted);
    let fetched: BTreeSet<String> = of_kind("ExternalSecret")
        .flat_map(|record| {
            let project = word(&record["spec"], "projectId");
            let keys = record["spec"]["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            keys.iter().map(move |data| format!("//secretmanager.googleapis.com/projects/{project}/secrets/{}", word(data, "key")))
        })
        .collect();
    let kept = ids(ASSETS, "//secretmanager.googleapis.com/");
    assert_eq!(common("//secretmanager.googleapis.com/"), fetched.intersection(&kept).cloned().collect());
    assert_eq!(fetched.intersection(&kept).count(), 30);
}

#[test]
fn a_workload_its_account_and_a_production_project_are_three_real_files_and_one_path() {
    let Some(folder) = folder() else { return };
    let inputs = [CLUSTER, GRANTS, ASSETS].map(|file| input(&folder, file));
    let workload = "kubernetes://cluster/namespaces/test-pods/serviceaccounts/k8s-infra-dns-updater";
    let answer = reach(&estate(&inputs), workload);
    assert_eq!(steps(&answer), [(workload, "federates_to", ACCOUNT), (ACCOUNT, "member_of", DNS), (DNS, "writes", PROJECT)]);
    // The manifests do not say which cluster they are of, so that the trust on Google's side is not known to be of this one.
    assert_eq!((word(&answer["reached"][0], "right"), word(&answer["reached"][0], "certainty")), ("write", "possible"));
    each_is_needed(&inputs, workload);
}

#[test]
fn a_repository_and_its_alerts_are_joined() {
    let Some(folder) = folder() else { return };
    let alerts = "secretscan/DefectDojo/github_secrets_detection_report__github_secrets_detection_report_many_vul.json";
    let inputs = ["cicd/github-api/repositories.json", alerts].map(|file| input(&folder, file));
    let estate = estate(&inputs);
    let repository = "https://github.com/octocat/Hello-World";
    let answer = ask(&estate, "blast-radius", &json!({ "lost": [repository], "as_of": "2026-05-01" }));
    let leaked =
        answer["rotate"].as_array().expect("a list").iter().filter(|id| id.as_str().is_some_and(|id| id.starts_with("leak:"))).count();
    // Three alerts are of it: one was no secret, one was revoked, one is open.
    assert_eq!(leaked, 1);
}

/// A role that the real workflow names, as the export of its account would: it trusts the repository, and reads a bucket.
fn role() -> Value {
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": { "Federated": "arn:aws:iam::739275439843:oidc-provider/token.actions.githubusercontent.com" },
        "Condition": { "StringLike": { "token.actions.githubusercontent.com:sub": "repo:cds-snc/notification-terraform:*" } }
    }] });
    let read = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::made-up-exports/*"
    }] });
    json!({ "UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": [{
        "RoleName": "data-lake-github-data-export",
        "Arn": "arn:aws:iam::739275439843:role/data-lake-github-data-export",
        "Path": "/",
        "CreateDate": "2020-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [{ "PolicyName": "read", "PolicyDocument": read }],
        "InstanceProfileList": [], "AttachedManagedPolicies": [], "Tags": []
    }] })
}

/// A report of gitleaks over that bucket, with a key file of the real account; the key is none.
fn report() -> Value {
    let key = json!({
        "type": "service_account", "project_id": "kubernetes-public", "private_key_id": "made0up", "private_key": "no key at all",
        "client_email": ACCOUNT.trim_start_matches("serviceAccount:")
    });
    json!([{ "RuleID": "gcp-service-account", "StartLine": 1, "Match": key.to_string(), "Secret": key.to_string(), "File": "old/dns.json", "Commit": "", "Date": "" }])
}

#[test]
fn a_pipeline_its_role_a_leaked_key_and_a_production_project_are_one_path() {
    let Some(folder) = folder() else { return };
    let workflow = "cicd/github/cds-snc__notification-terraform/workflows/export_github_data.yml";
    let written = |name: &str, content: &Value| Input::new(name, content.to_string().into_bytes());
    let inputs = [
        Input::new("cds-snc__notification-terraform/workflows/export_github_data.yml", input(&folder, workflow).bytes),
        written("aws.json", &role()),
        written("gitleaks.json", &report()).format("leaks@s3://made-up-exports"),
        input(&folder, GRANTS),
        input(&folder, ASSETS),
    ];
    let job = "https://github.com/cds-snc/notification-terraform/workflows/export_github_data.yml/jobs/export-data";
    let role = "arn:aws:iam::739275439843:role/data-lake-github-data-export";
    let bucket = "arn:aws:s3:::made-up-exports";
    let key = format!(
        "//iam.googleapis.com/projects/kubernetes-public/serviceAccounts/{}/keys/made0up",
        ACCOUNT.trim_start_matches("serviceAccount:")
    );
    let estate = estate(&inputs);
    let formats: BTreeMap<&str, usize> = estate.reading().sources.iter().fold(BTreeMap::new(), |mut formats, source| {
        *formats.entry(source.format.as_str()).or_default() += 1;
        formats
    });
    assert_eq!(formats, BTreeMap::from([("aws", 1), ("github", 1), ("google-cloud-asset-inventory", 2), ("labels", 1), ("leaks", 1)]));
    let answer = reach(&estate, job);
    let expected = [
        (job, "federates_to", role),
        (role, "reads", bucket),
        (bucket, "stores", key.as_str()),
        (key.as_str(), "authenticates_as", ACCOUNT),
        (ACCOUNT, "member_of", DNS),
        (DNS, "writes", PROJECT),
    ];
    assert_eq!(steps(&answer), expected);
    let lost = ask(&estate, "blast-radius", &json!({ "lost": [job], "as_of": "2022-02-01" }));
    assert!(lost["rotate"].as_array().is_some_and(|rotate| rotate.iter().any(|id| id == key.as_str())));
    assert!(lost["entities"].as_array().is_some_and(|held| held.iter().any(|fact| word(fact, "entity") == PROJECT)));
    each_is_needed(&inputs, job);
}

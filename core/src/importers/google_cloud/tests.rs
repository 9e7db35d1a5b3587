//! The reader as a whole, through `read`.

use crate::model::{Certainty, Instant, RelationKind, Storage};
use crate::{ErrorCode, Estate, Input, ReadOptions, read};

const RESOURCES: &str = r#"{"name":"//cloudresourcemanager.googleapis.com/organizations/1","asset_type":"cloudresourcemanager.googleapis.com/Organization","resource":{"data":{"displayName":"acme.example"}},"ancestors":["organizations/1"]}
{"name":"//cloudresourcemanager.googleapis.com/folders/2","asset_type":"cloudresourcemanager.googleapis.com/Folder","resource":{"data":{"displayName":"Live","parent":"organizations/1"}},"ancestors":["folders/2","organizations/1"]}
{"name":"//cloudresourcemanager.googleapis.com/projects/100001","asset_type":"cloudresourcemanager.googleapis.com/Project","resource":{"data":{"projectId":"acme-prod","projectNumber":"100001","name":"Acme","labels":{"environment":"production"},"lifecycleState":"DELETE_REQUESTED"}},"ancestors":["projects/100001","folders/2","organizations/1"]}
{"name":"//cloudresourcemanager.googleapis.com/projects/100002","asset_type":"cloudresourcemanager.googleapis.com/Project","resource":{"data":{"projectId":"acme-dev","projectNumber":100002,"parent":{"type":"organization","id":1}}},"ancestors":["projects/100002","organizations/None"]}
{"name":"//iam.googleapis.com/projects/acme-prod/serviceAccounts/901","asset_type":"iam.googleapis.com/ServiceAccount","resource":{"data":{"email":"app@acme-prod.iam.gserviceaccount.com","uniqueId":"901","projectId":"acme-prod"}},"ancestors":["projects/100001","folders/2","organizations/1"]}
{"name":"//iam.googleapis.com/projects/acme-prod/serviceAccounts/901/keys/a1","asset_type":"iam.googleapis.com/ServiceAccountKey","resource":{"data":{"validAfterTime":"2023-02-01T10:00:00Z","validBeforeTime":"9999-12-31T23:59:59Z","keyType":"USER_MANAGED"}},"ancestors":["projects/100001"]}
{"name":"//iam.googleapis.com/projects/acme-prod/serviceAccounts/901/keys/a2","asset_type":"iam.googleapis.com/ServiceAccountKey","resource":{"data":{"keyType":"SYSTEM_MANAGED"}},"ancestors":["projects/100001"]}
{"name":"//secretmanager.googleapis.com/projects/100001/secrets/db","asset_type":"secretmanager.googleapis.com/Secret","resource":{"data":{"expireTime":"2027-01-01T00:00:00Z"}},"ancestors":["projects/100001"]}
{"name":"//secretmanager.googleapis.com/projects/100001/secrets/db/versions/1","asset_type":"secretmanager.googleapis.com/SecretVersion","resource":{"data":{"createTime":"2024-01-01T00:00:00.5Z","state":"DISABLED"}},"ancestors":["projects/100001"]}
{"name":"//run.googleapis.com/projects/acme-prod/locations/x/services/shop","asset_type":"run.googleapis.com/Service","resource":{"data":{"labels":{"team":"shop"},"spec":{"template":{"spec":{"serviceAccountName":"app@acme-prod.iam.gserviceaccount.com"}}}}},"ancestors":["projects/100001"]}
{"name":"//storage.googleapis.com/acme-logs","asset_type":"storage.googleapis.com/Bucket","resource":{"data":{}},"ancestors":["projects/100001"]}
"#;

const DEPLOYER: &str = "serviceAccount:deployer@acme-dev.iam.gserviceaccount.com";
const APP: &str = "serviceAccount:app@acme-prod.iam.gserviceaccount.com";
const PROD: &str = "//cloudresourcemanager.googleapis.com/projects/100001";

/// An estate of the resources and of policies, each a resource name with roles and members.
fn estate(policies: &[(&str, &str, &str)]) -> Estate {
    let lines: Vec<String> = policies
        .iter()
        .map(|(name, role, member)| {
            let (role, condition) = role.split_once('?').map_or((*role, ""), |(role, _)| (role, r#","condition":{"expression":"x"}"#));
            format!(r#"{{"name":"{name}","assetType":"a/B","iamPolicy":{{"bindings":[{{"role":"{role}","members":["{member}"]{condition}}}]}}}}"#)
        })
        .collect();
    let inputs = [Input::new("resources", RESOURCES), Input::new("policies", lines.join("\n"))];
    read(&inputs[..if policies.is_empty() { 1 } else { 2 }], &ReadOptions::default()).expect("an estate")
}

/// The relations from an id, as `kind to` with a `?` where only possible.
fn from(estate: &Estate, id: &str) -> Vec<String> {
    let relations = estate.relations().filter(|relation| estate.entity(relation.from()).id() == id);
    let text = |relation: crate::estate::RelationRef<'_>| {
        let sure = if relation.certainty() == Certainty::Possible { "?" } else { "" };
        format!("{}{sure} {}", relation.kind(), estate.entity(relation.to()).id())
    };
    relations.map(text).collect()
}

fn coverage(estate: &Estate, topic: &str) -> Option<(u64, u64)> {
    estate.reading().coverage.iter().find(|coverage| coverage.topic == topic).map(|coverage| (coverage.known, coverage.total))
}

#[test]
fn assets_become_entities() {
    let estate = estate(&[]);
    let entity = |id: &str| estate.entity(estate.find(id).unwrap_or_else(|| panic!("{id}")));
    let project = entity("projects/acme-prod").as_tenant().expect("a tenant");
    assert_eq!((project.parent, project.name), (Some("folders/2"), Some("acme-prod")));
    assert_eq!(&project.labels["display_name"], "Acme");
    assert_eq!(&project.labels["lifecycle_state"], "delete_requested");
    assert_eq!(entity("projects/acme-dev").container(), Some("organizations/1"));
    assert_eq!(entity("folders/2").name(), "Live");
    let account = entity(APP).as_identity().expect("an identity");
    assert_eq!((account.tenant, account.enabled), (Some("projects/acme-prod"), Some(true)));
    let key = entity("//iam.googleapis.com/projects/acme-prod/serviceAccounts/app@acme-prod.iam.gserviceaccount.com/keys/a1");
    assert_eq!(key.as_secret().and_then(|key| key.expires_at), Some(Instant::NEVER));
    let version = entity("//secretmanager.googleapis.com/projects/acme-prod/secrets/db/versions/1").as_secret().expect("a secret");
    assert_eq!((version.revoked, version.storage), (Some(true), Some(Storage::SecretManager)));
    assert_eq!(version.expires_at, Instant::parse("2027-01-01").ok());
    let service = entity("//run.googleapis.com/projects/acme-prod/locations/x/services/shop");
    assert_eq!(service.labels().and_then(|labels| labels.get("team")), Some("shop"));
    assert_eq!(from(&estate, service.id()), [format!("runs_as {APP}")]);
    assert!(estate.reading().placeholders.is_empty());
    assert_eq!(estate.reading().skipped.iter().map(|it| it.place.to_string()).collect::<Vec<_>>(), ["resources:7 (record 7)"]);
    assert_eq!(coverage(&estate, "google_policies"), Some((0, 1)));
}

#[test]
fn a_role_of_the_whole_is_one_identity() {
    let folder = "//cloudresourcemanager.googleapis.com/folders/2";
    let estate = estate(&[
        (folder, "roles/secretmanager.secretAccessor", DEPLOYER),
        (folder, "roles/secretmanager.secretAccessor", "user:anna@acme.example"),
    ]);
    let (above, below) = ("roles/secretmanager.secretAccessor@folders/2", "roles/secretmanager.secretAccessor@projects/acme-prod");
    assert_eq!(from(&estate, DEPLOYER), [format!("member_of {above}")]);
    assert_eq!(from(&estate, above), [format!("member_of {below}")]);
    assert_eq!(from(&estate, below), ["reads //secretmanager.googleapis.com/projects/acme-prod/secrets/db"]);
    let below = estate.entity(estate.find(below).expect("the role below"));
    assert_eq!((below.name(), below.container()), ("roles/secretmanager.secretAccessor on acme-prod", Some("projects/acme-prod")));
}

#[test]
fn control_needs_no_fan_out_and_conditions_are_possible() {
    let estate = estate(&[(PROD, "roles/owner", DEPLOYER), (PROD, "roles/resourcemanager.projectIamAdmin?", "user:anna@acme.example")]);
    assert_eq!(from(&estate, DEPLOYER), ["administers projects/acme-prod"]);
    assert_eq!(from(&estate, "user:anna@acme.example"), ["administers? projects/acme-prod"]);
    assert_eq!(coverage(&estate, "google_conditions"), Some((0, 1)));
}

#[test]
fn convenience_values_are_the_holders_of_a_basic_role() {
    let bucket = "//storage.googleapis.com/acme-logs";
    let estate = estate(&[(PROD, "roles/editor", DEPLOYER), (bucket, "roles/storage.legacyBucketOwner", "projectEditor:acme-prod")]);
    assert_eq!(from(&estate, DEPLOYER), ["member_of roles/editor@projects/acme-prod"]);
    let held = from(&estate, "roles/editor@projects/acme-prod");
    assert!(held.contains(&format!("administers {bucket}")) && held.contains(&format!("manages {APP}")), "{held:?}");
    assert!(!held.iter().any(|relation| relation.starts_with("reads //secretmanager")), "editors do not read secrets");
}

#[test]
fn acting_as_an_account_counts_with_the_right_to_place_code() {
    let account = "//iam.googleapis.com/projects/acme-prod/serviceAccounts/901";
    let alone = estate(&[(account, "roles/iam.serviceAccountUser", DEPLOYER)]);
    assert_eq!(from(&alone, DEPLOYER), [format!("assumes? {APP}")]);
    let both = estate(&[(account, "roles/iam.serviceAccountUser", DEPLOYER), (PROD, "roles/run.developer", DEPLOYER)]);
    assert!(from(&both, DEPLOYER).contains(&format!("assumes {APP}")));
    assert_eq!(
        from(&both, "roles/run.developer@projects/acme-prod"),
        ["writes? //run.googleapis.com/projects/acme-prod/locations/x/services/shop"]
    );
    let elsewhere = estate(&[
        (account, "roles/iam.serviceAccountUser", DEPLOYER),
        ("//cloudresourcemanager.googleapis.com/projects/100002", "roles/run.developer", DEPLOYER),
    ]);
    assert!(!from(&elsewhere, DEPLOYER).contains(&format!("assumes {APP}")));
    let whole = estate(&[(PROD, "roles/iam.serviceAccountUser", DEPLOYER), (PROD, "roles/run.developer", DEPLOYER)]);
    let joined = "roles/iam.serviceAccountUser+deploy@projects/acme-prod";
    assert!(from(&whole, DEPLOYER).contains(&format!("member_of {joined}")));
    assert!(from(&whole, joined).contains(&format!("assumes {APP}")));
}

#[test]
fn workloads_federate_and_their_pool_leads_to_them() {
    let account = "//iam.googleapis.com/projects/acme-prod/serviceAccounts/901";
    let workload = "serviceAccount:acme-dev.svc.id.goog[e2e/runner]";
    let wide = "principalSet://iam.googleapis.com/projects/100002/locations/global/workloadIdentityPools/ci/*";
    let estate = estate(&[(account, "roles/iam.workloadIdentityUser", workload), (account, "roles/iam.workloadIdentityUser", wide)]);
    assert_eq!(from(&estate, workload), [format!("federates_to {APP}")]);
    assert_eq!(from(&estate, "acme-dev.svc.id.goog"), [format!("assumes {workload}")]);
    let subjects: Vec<_> = estate.relations().filter_map(|relation| relation.subject().map(str::to_owned)).collect();
    assert_eq!(subjects, [".*"]);
    let workload = estate.entity(estate.find(workload).expect("the workload"));
    assert_eq!(workload.container(), Some("projects/acme-dev"));
}

#[test]
fn what_nobody_mapped_conducts_nothing_and_is_counted() {
    let agent = "serviceAccount:service-100001@compute-system.iam.gserviceaccount.com";
    let deleted = "deleted:serviceAccount:old@acme-dev.iam.gserviceaccount.com?uid=7";
    let estate = estate(&[
        (PROD, "roles/moon.lander", DEPLOYER),
        (PROD, "roles/logging.logWriter", DEPLOYER),
        (PROD, "roles/compute.serviceAgent", agent),
        (PROD, "roles/compute.serviceAgent", DEPLOYER),
        (PROD, "roles/owner", deleted),
    ]);
    let unmapped = estate.relations().filter(|relation| relation.kind() == RelationKind::Unmapped);
    assert_eq!(unmapped.map(|relation| relation.permission()).collect::<Vec<_>>().len(), 4);
    assert_eq!(coverage(&estate, "google_roles_mapped"), Some((3, 5)));
    assert_eq!(coverage(&estate, "google_service_agent_roles"), Some((0, 1)));
    let old = estate.entity(estate.find(deleted).expect("the deleted"));
    assert_eq!(old.as_identity().and_then(|old| old.enabled), Some(false));
}

#[test]
fn bare_policies_take_their_resource_from_their_file() {
    let policy = format!(r#"{{"bindings":[{{"role":"roles/owner","members":["{DEPLOYER}"]}}],"etag":"x","version":1}}"#);
    let on = |file: &str| {
        let inputs = [Input::new("resources", RESOURCES), Input::new(file, policy.as_str())];
        let estate = read(&inputs, &ReadOptions::default()).expect("an estate");
        let unnamed = coverage(&estate, "google_policies_named");
        (from(&estate, DEPLOYER), unnamed)
    };
    for file in ["projects_acme-prod.json", "acme-prod.json", "out/projects/100001/iam.json"] {
        assert_eq!(on(file), (vec!["administers projects/acme-prod".to_owned()], Some((1, 1))), "{file}");
    }
    assert_eq!(on("somewhere.json"), (vec!["administers policy:somewhere.json".to_owned()], Some((0, 1))));
}

#[test]
fn search_results_and_responses_are_read() {
    let item = format!(
        r#"{{"resource":"{PROD}","assetType":"cloudresourcemanager.googleapis.com/Project","project":"projects/100001","policy":{{"bindings":[{{"role":"roles/owner","members":["{DEPLOYER}"]}}]}}}}"#
    );
    for text in [item.clone(), format!("[{item}]"), format!(r#"{{"results":[{item}],"nextPageToken":""}}"#)] {
        let inputs = [Input::new("found.json", text), Input::new("resources", RESOURCES)];
        let estate = read(&inputs, &ReadOptions::default()).expect("an estate");
        assert_eq!(from(&estate, DEPLOYER), ["administers projects/acme-prod"]);
    }
}

#[test]
fn the_order_of_inputs_tells_nothing() {
    let lines: Vec<&str> = RESOURCES.lines().collect();
    let turned: Vec<&str> = lines.iter().rev().copied().collect();
    let read = |text: String| read(&[Input::new("x", text)], &ReadOptions::default()).expect("an estate");
    let (one, other) = (read(lines.join("\n")), read(turned.join("\n")));
    assert_eq!(one.entities(), other.entities());
    let relations = |estate: &Estate| estate.relations().map(|relation| relation.to_relation(estate)).collect::<Vec<_>>();
    assert_eq!(relations(&one), relations(&other));
}

#[test]
fn sources_that_disagree_are_named() {
    let bucket = |label: &str| {
        format!(r#"{{"name":"//storage.googleapis.com/acme","asset_type":"x","resource":{{"data":{{"labels":{{"team":"{label}"}}}}}}}}"#)
    };
    let inputs = [Input::new("monday", bucket("shop")), Input::new("tuesday", bucket("data")), Input::new("other", RESOURCES)];
    let estate = read(&inputs, &ReadOptions::default()).expect("an estate");
    let conflicts: Vec<_> = estate.reading().conflicts.iter().map(|it| (it.field.as_str(), it.kept.as_str(), it.other.as_str())).collect();
    assert_eq!(conflicts, [("labels.team", "monday", "tuesday")]);
}

#[test]
fn a_bad_record_loses_only_itself() {
    const CANARY: &str = "hunter2-canary";
    let bucket = |name: &str| {
        format!(r#"{{"name":"//storage.googleapis.com/{name}","asset_type":"storage.googleapis.com/Bucket","resource":{{"data":{{}}}}}}"#)
    };
    let deep = format!(
        r#"{{"name":"//run.googleapis.com/projects/a/locations/b/services/deep","asset_type":"x","resource":{{"data":{}{}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let lines = [
        bucket("first"),
        format!(r#"{{"name":"//storage.googleapis.com/{CANARY}","asset_ty"#),
        format!(r#"{{"name":"{CANARY}","asset_type":"x","resource":{{}}}}"#),
        format!(r#"{{"name":["{CANARY}"],"asset_type":"x"}}"#),
        format!(r#"{{"hello":"{CANARY}"}}"#),
        deep,
        format!(
            r#"{{"name":"//iam.googleapis.com/projects/acme/serviceAccounts/1","asset_type":"x","resource":{{"data":{{"email":["{CANARY}"]}}}}}}"#
        ),
        format!(
            r#"{{"name":"//cloudresourcemanager.googleapis.com/projects/acme","asset_type":"x","resource":{{"data":{{"createTime":"{CANARY}"}}}}}}"#
        ),
        format!(
            r#"{{"name":"//storage.googleapis.com/second","asset_type":"x","iam_policy":{{"bindings":[{{"role":"roles/owner","members":["{CANARY}"]}},{{"members":[]}}]}}}}"#
        ),
        bucket("last"),
    ];
    let estate = read(&[Input::new("x", lines.join("\n"))], &ReadOptions::default()).expect("an estate");
    assert!(["first", "second", "last"].iter().all(|name| estate.find(&format!("//storage.googleapis.com/{name}")).is_some()));
    assert!(estate.find("//run.googleapis.com/projects/a/locations/b/services/deep").is_some());
    let skipped: Vec<String> = estate.reading().skipped.iter().map(|it| format!("{}: {}", it.place, it.reason)).collect();
    let places: Vec<u64> = estate.reading().skipped.iter().filter_map(|it| it.place.line).collect();
    assert_eq!(places, [2, 3, 4, 5, 7, 8, 9, 9], "{skipped:#?}");
    assert!(!skipped.join("\n").contains(CANARY));
    assert_eq!(estate.reading().sources[0].records, 10);
}

#[test]
fn what_is_no_export_is_refused() {
    for bytes in [&b""[..], b"  \n", b"\x00\x01\x02", b"name,role\n"] {
        let input = Input::new("x", bytes).format("google-cloud-asset-inventory");
        assert_eq!(read(&[input], &ReadOptions::default()).expect_err("no export").code(), ErrorCode::InvalidInput);
    }
    let cut = &RESOURCES[..RESOURCES.len() / 2];
    let estate =
        read(&[Input::new("x", format!("[{}", cut.replace('\n', ",")))], &ReadOptions::default()).expect("what came before the cut");
    assert!(estate.find("projects/acme-prod").is_some() && estate.reading().skipped.len() == 1);
}

//! Google Cloud: what an export of the Cloud Asset Inventory would say of the resources of a state.

use super::resource::{Resource, text};
use super::translate::Source;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Types of resources whose name at Google follows from their attributes: the type, the service and the path, in which `{a|b}` is the first attribute that is
/// there and `{project}` may be that of the source. Sources: the provider's documentation of each type, and Google's of full resource names.
const NAMES: [(&str, &str, &str); 34] = [
    (
        "google_artifact_registry_repository",
        "artifactregistry",
        "projects/{project}/locations/{location}/repositories/{repository|repository_id}",
    ),
    ("google_bigquery_dataset", "bigquery", "projects/{project}/datasets/{dataset_id}"),
    ("google_bigquery_table", "bigquery", "projects/{project}/datasets/{dataset_id}/tables/{table_id}"),
    ("google_bigtable_instance", "bigtable", "projects/{project}/instances/{instance|name}"),
    ("google_bigtable_table", "bigtable", "projects/{project}/instances/{instance_name|instance}/tables/{table|name}"),
    ("google_cloud_run_service", "run", "projects/{project}/locations/{location}/services/{service|name}"),
    ("google_cloud_run_v2_job", "run", "projects/{project}/locations/{location}/jobs/{name}"),
    ("google_cloud_run_v2_service", "run", "projects/{project}/locations/{location}/services/{name}"),
    ("google_cloudfunctions2_function", "cloudfunctions", "projects/{project}/locations/{location}/functions/{cloud_function|name}"),
    ("google_cloudfunctions_function", "cloudfunctions", "projects/{project}/locations/{region}/functions/{cloud_function|name}"),
    ("google_compute_disk", "compute", "projects/{project}/zones/{zone}/disks/{name}"),
    ("google_compute_image", "compute", "projects/{project}/global/images/{image|name}"),
    ("google_compute_instance", "compute", "projects/{project}/zones/{zone}/instances/{instance_name|name}"),
    ("google_compute_subnetwork", "compute", "projects/{project}/regions/{region}/subnetworks/{subnetwork|name}"),
    ("google_container_cluster", "container", "projects/{project}/locations/{location}/clusters/{name}"),
    ("google_dataproc_cluster", "dataproc", "projects/{project}/regions/{region}/clusters/{cluster|name}"),
    ("google_dns_managed_zone", "dns", "projects/{project}/managedZones/{managed_zone|name}"),
    ("google_folder", "cloudresourcemanager", "folders/{folder|folder_id|name}"),
    ("google_kms_crypto_key", "cloudkms", "{crypto_key_id|id}"),
    ("google_kms_key_ring", "cloudkms", "{key_ring_id|id}"),
    ("google_organization", "cloudresourcemanager", "organizations/{org_id}"),
    ("google_project", "cloudresourcemanager", "projects/{project_id|project}"),
    ("google_pubsub_subscription", "pubsub", "projects/{project}/subscriptions/{subscription|name}"),
    ("google_pubsub_topic", "pubsub", "projects/{project}/topics/{topic|name}"),
    ("google_secret_manager_secret", "secretmanager", "projects/{project}/secrets/{secret_id}"),
    ("google_secret_manager_secret_version", "secretmanager", "{name}"),
    ("google_service_account", "iam", "projects/{project}/serviceAccounts/{email}"),
    ("google_service_account_key", "iam", "{name}"),
    ("google_sourcerepo_repository", "sourcerepo", "projects/{project}/repos/{repository|name}"),
    ("google_spanner_database", "spanner", "projects/{project}/instances/{instance}/databases/{database|name}"),
    ("google_spanner_instance", "spanner", "projects/{project}/instances/{instance|name}"),
    ("google_sql_database_instance", "cloudsql", "projects/{project}/instances/{name}"),
    ("google_storage_bucket", "storage", "{bucket|name}"),
    ("google_apikeys_key", "apikeys", "projects/{project}/locations/global/keys/{uid|name}"),
];

/// The ends of types that hold a policy, a role of it, or one member of a role.
const GRANTS: [&str; 3] = ["_iam_policy", "_iam_binding", "_iam_member"];

/// Whether a type is read.
pub(super) fn is_read(kind: &str) -> bool {
    row(kind).is_some() || granted(kind).is_some_and(|stem| row(stem).is_some()) || is_role(kind) || kind == "google_iam_policy"
}

fn row(kind: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    NAMES.iter().find(|(known, ..)| *known == kind)
}

fn granted(kind: &str) -> Option<&str> {
    GRANTS.iter().find_map(|end| kind.strip_suffix(end))
}

fn is_role(kind: &str) -> bool {
    matches!(kind, "google_project_iam_custom_role" | "google_organization_iam_custom_role")
}

/// The records of a source.
pub(super) fn records(source: &Source) -> Vec<Value> {
    let project = project_of(source);
    let mut records = Vec::new();
    for resource in &source.resources {
        records.extend(record(resource, project.as_deref()));
    }
    records
}

/// Whether a resource is of a type that is read, but what it is or stands on has no name yet.
pub(super) fn is_nameless(resource: &Resource, source: &Source) -> bool {
    is_read(&resource.kind) && record(resource, project_of(source).as_deref()).is_none()
}

fn record(resource: &Resource, project: Option<&str>) -> Option<Value> {
    match granted(&resource.kind) {
        Some(stem) if row(stem).is_some() => policy(resource, stem, project),
        _ if is_role(&resource.kind) => role(resource, project),
        _ => asset(resource, project),
    }
}

/// The project of a source, where its resources name one.
fn project_of(source: &Source) -> Option<String> {
    let google = source.resources.iter().filter(|resource| resource.kind.starts_with("google_"));
    let mut known: BTreeSet<&str> = google.filter_map(|resource| resource.text("project")).collect();
    let only = known.pop_first()?;
    known.is_empty().then(|| bare_project(only).to_owned())
}

fn bare_project(text: &str) -> &str {
    text.strip_prefix("projects/").unwrap_or(text)
}

/// The full name of what a resource is, or stands on.
fn name(resource: &Resource, kind: &str, project: Option<&str>) -> Option<String> {
    let (_, service, path) = row(kind)?;
    let mut name = format!("//{service}.googleapis.com/");
    for (at, part) in path.split(['{', '}']).enumerate() {
        if at % 2 == 0 {
            name.push_str(part);
            continue;
        }
        let value = part.split('|').find_map(|attribute| resource.text(attribute));
        let value = if part == "project" { value.or(project).map(bare_project) } else { value };
        name.push_str(&bare(value?, kind));
    }
    // An attribute may hold the whole path: then what stands before it is there twice.
    let (head, rest) = name.split_at(name.find(".com/")? + 5);
    let twice = rest.match_indices("projects/").last().map_or(0, |(at, _)| at);
    Some(format!("{head}{}", &rest[twice..]))
}

/// The value of an attribute as it stands in a name: `b/acme-logs` is a bucket, `folders/1` a folder, `p/location/ring/key` a key.
fn bare(value: &str, kind: &str) -> String {
    match kind {
        "google_storage_bucket" => value.strip_prefix("b/").unwrap_or(value).to_owned(),
        "google_folder" => value.strip_prefix("folders/").unwrap_or(value).to_owned(),
        "google_organization" => value.strip_prefix("organizations/").unwrap_or(value).to_owned(),
        "google_project" => bare_project(value).to_owned(),
        "google_kms_crypto_key" | "google_kms_key_ring" if !value.starts_with("projects/") => {
            let parts: Vec<&str> = value.split('/').collect();
            match parts[..] {
                [project, location, ring] => format!("projects/{project}/locations/{location}/keyRings/{ring}"),
                [project, location, ring, key] => format!("projects/{project}/locations/{location}/keyRings/{ring}/cryptoKeys/{key}"),
                _ => value.to_owned(),
            }
        }
        _ => value.to_owned(),
    }
}

/// An asset with its policy, as far as one resource says it.
fn policy(resource: &Resource, stem: &str, project: Option<&str>) -> Option<Value> {
    // The resource that a policy of an account stands on is named whole.
    let name = match stem {
        "google_service_account" => format!("//iam.googleapis.com/{}", resource.text("service_account_id")?),
        "google_secret_manager_secret" if resource.text("secret_id").is_some_and(|id| id.starts_with("projects/")) => {
            format!("//secretmanager.googleapis.com/{}", resource.text("secret_id")?)
        }
        _ => name(resource, stem, project)?,
    };
    let bindings = match resource.text("policy_data") {
        Some(data) => serde_json::from_str::<Value>(data).ok()?.get("bindings").map(plain_bindings).unwrap_or_default(),
        None => {
            let members: Vec<&str> = resource.texts("members").into_iter().chain(resource.text("member")).collect();
            let mut binding = json!({ "role": resource.text("role")?, "members": members });
            if let Some(condition) = resource.block("condition") {
                binding["condition"] = json!({ "title": text(condition, "title") });
            }
            vec![binding]
        }
    };
    let kind = format!("{}.googleapis.com/Any", row(stem)?.1);
    Some(json!({ "name": name, "asset_type": kind, "iam_policy": { "bindings": bindings } }))
}

/// Bindings with nothing but what the reader knows.
fn plain_bindings(bindings: &Value) -> Vec<Value> {
    let plain = |binding: &Value| {
        let mut plain =
            json!({ "role": binding.get("role")?.as_str()?, "members": binding.get("members").cloned().unwrap_or_else(|| json!([])) });
        if binding.get("condition").is_some_and(|condition| !condition.is_null()) {
            plain["condition"] = json!({ "title": "" });
        }
        Some(plain)
    };
    bindings.as_array().into_iter().flatten().filter_map(plain).collect()
}

fn role(resource: &Resource, project: Option<&str>) -> Option<Value> {
    let role = resource.text("role_id")?;
    let within = match resource.text("org_id") {
        Some(organization) => format!("organizations/{}", organization.trim_start_matches("organizations/")),
        None => format!("projects/{}", resource.text("project").or(project).map(bare_project)?),
    };
    let name = format!("{within}/roles/{role}");
    let data = json!({ "name": name, "includedPermissions": resource.texts("permissions"), "stage": resource.text("stage"), "deleted": resource.flag("deleted") });
    Some(json!({ "name": format!("//iam.googleapis.com/{name}"), "asset_type": "iam.googleapis.com/Role", "resource": { "data": data } }))
}

fn asset(resource: &Resource, project: Option<&str>) -> Option<Value> {
    let service = row(&resource.kind)?.1;
    let name = name(resource, &resource.kind, project)?;
    let said = |name: &str| resource.text(name);
    let labels = resource.labels(&["effective_labels", "terraform_labels", "labels"]);
    let data = match resource.kind.as_str() {
        "google_project" => json!({
            "projectId": said("project_id"), "projectNumber": said("number"), "name": said("name"), "labels": labels, "lifecycleState": "ACTIVE",
            "parent": parent(resource),
        }),
        "google_folder" => json!({ "displayName": said("display_name"), "createTime": said("create_time") }),
        "google_organization" => json!({ "displayName": said("domain") }),
        "google_service_account" => {
            json!({ "email": said("email"), "uniqueId": said("unique_id"), "projectId": said("project").or(project), "disabled": resource.flag("disabled") })
        }
        "google_service_account_key" => {
            json!({ "validAfterTime": said("valid_after"), "validBeforeTime": said("valid_before"), "keyType": "USER_MANAGED" })
        }
        "google_secret_manager_secret" => json!({ "labels": labels, "expireTime": said("expire_time") }),
        "google_secret_manager_secret_version" => {
            let state = if resource.flag("enabled") == Some(false) { "DISABLED" } else { "ENABLED" };
            json!({ "createTime": said("create_time"), "state": state })
        }
        "google_apikeys_key" => json!({ "displayName": said("display_name") }),
        _ => json!({ "labels": labels, "serviceAccounts": runs_as(resource) }),
    };
    let mut asset = json!({ "name": name, "asset_type": format!("{service}.googleapis.com/Any"), "resource": { "data": data } });
    if let Some(project) = said("project").or(project).map(bare_project).filter(|_| service != "cloudresourcemanager") {
        asset["ancestors"] = json!([format!("projects/{project}")]);
    }
    Some(asset)
}

fn parent(resource: &Resource) -> Value {
    let of = |name: &str, kind: &str| resource.text(name).map(|id| json!({ "type": kind, "id": id.rsplit('/').next() }));
    of("folder_id", "folder").or_else(|| of("org_id", "organization")).unwrap_or(Value::Null)
}

/// The accounts that code on a resource runs as.
fn runs_as(resource: &Resource) -> Vec<Value> {
    let mut accounts = Vec::new();
    for block in resource.blocks("service_account") {
        accounts.push(json!({ "email": text(block, "email"), "scopes": block.get("scopes").cloned().unwrap_or_default() }));
    }
    accounts.extend(resource.text("service_account_email").map(|email| json!({ "email": email })));
    for template in resource.blocks("template") {
        accounts.extend(text(template, "service_account").map(|email| json!({ "email": email })));
        for spec in super::resource::blocks(template, "spec") {
            accounts.extend(text(spec, "service_account_name").map(|email| json!({ "email": email })));
        }
    }
    for config in resource.blocks("service_config").into_iter().chain(resource.blocks("node_config")) {
        let email = text(config, "service_account_email").or_else(|| text(config, "service_account"));
        accounts.extend(email.map(|email| json!({ "email": email })));
    }
    accounts
}

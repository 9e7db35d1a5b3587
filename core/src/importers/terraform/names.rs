//! What the name of a new thing will be: what a provider makes of the attributes that are known.

use super::aws;
use super::resource::Resource;
use serde_json::Value;

/// Adds the attributes of a resource that is to be made which follow from the others and from the account of AWS that the plan is for.
pub(super) fn predicted(resource: &mut Resource, (partition, account): &(String, String)) {
    let told = |name: &str| resource.text(name).map(str::to_owned);
    let mut follow: Vec<(&str, String)> = Vec::new();
    match resource.kind.as_str() {
        "google_service_account" => {
            if let (Some(account), Some(project)) = (told("account_id"), told("project")) {
                let email = format!("{account}@{project}.iam.gserviceaccount.com");
                follow.push(("name", format!("projects/{project}/serviceAccounts/{email}")));
                follow.push(("id", format!("projects/{project}/serviceAccounts/{email}")));
                follow.push(("member", format!("serviceAccount:{email}")));
                follow.push(("email", email));
            }
        }
        "google_secret_manager_secret" => {
            if let (Some(secret), Some(project)) = (told("secret_id"), told("project")) {
                follow.push(("id", format!("projects/{project}/secrets/{secret}")));
                follow.push(("name", format!("projects/{project}/secrets/{secret}")));
            }
        }
        "aws_s3_bucket" => {
            if let Some(bucket) = told("bucket") {
                follow.push(("arn", format!("arn:aws:s3:::{bucket}")));
                follow.push(("id", bucket));
            }
        }
        // Their id is their name.
        kind if kind.starts_with("aws_iam_") || kind == "google_storage_bucket" => {
            if let Some(name) = told("name") {
                let path = told("path").unwrap_or_default();
                if let Some(word) = aws::path_of(kind) {
                    follow.push(("arn", format!("arn:{partition}:iam::{account}:{word}/{}{name}", path.trim_start_matches('/'))));
                }
                follow.push(("id", name));
            }
        }
        _ => {}
    }
    for (name, value) in follow {
        if resource.values.get(name).is_none_or(Value::is_null) {
            resource.values.insert(name.to_owned(), Value::String(value));
        }
    }
}

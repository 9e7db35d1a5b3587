//! What labels and annotations tell: the environment, the owner, the cloud identity of a service account. No other annotation is kept: some hold whole
//! objects, values of secrets included.

use super::manifest::Metadata;
use crate::model::Labels;

/// Names of annotations that tell an environment as labels of these names do.
const ENVIRONMENT: [&str; 6] = ["environment", "environment-name", "env", "stage", "tier", "is-production"];
/// Names of annotations and labels that tell who answers, the best first.
const OWNER: [&str; 6] = ["owner", "owners", "owned-by", "team-name", "team", "contact"];

/// The labels of an object, with what its annotations tell of its environment.
pub(super) fn labels(metadata: &Metadata) -> Labels {
    let mut labels = metadata.labels();
    for (key, value) in metadata.annotations.iter().flatten() {
        if let Some(value) = value.as_ref().filter(|_| ENVIRONMENT.contains(&bare(key).as_str())) {
            labels.entry(key.clone()).or_insert_with(|| value.0.clone());
        }
    }
    labels
}

/// Who answers for an object.
pub(super) fn owner(metadata: &Metadata) -> Option<String> {
    let of = |wanted: &str| {
        let all = metadata.annotations.iter().chain(&metadata.labels).flatten();
        let value = all.into_iter().filter(|(key, _)| bare(key) == wanted).find_map(|(_, value)| value.as_ref());
        value.map(|value| value.0.trim().to_owned()).filter(|value| !value.is_empty())
    };
    OWNER.into_iter().find_map(of)
}

/// The identities of cloud providers whose tokens a service account may ask for, as the readers of those clouds name them, with the annotation that says so.
pub(super) fn cloud_identities(metadata: &Metadata) -> Vec<(String, &'static str)> {
    let given = |key: &'static str| metadata.annotation(key).map(|value| (value.trim().to_owned(), key));
    let aws = given("eks.amazonaws.com/role-arn").filter(|(arn, _)| arn.starts_with("arn:"));
    let google = given("iam.gke.io/gcp-service-account").filter(|(email, _)| email.contains('@'));
    let azure = given("azure.workload.identity/client-id");
    let google = google.map(|(email, key)| (format!("serviceAccount:{email}"), key));
    let azure = azure.map(|(client, key)| (client.to_ascii_lowercase(), key));
    aws.into_iter().chain(google).chain(azure).filter(|(id, _)| !id.is_empty() && !id.contains(['$', '{', '<'])).collect()
}

/// The name of a key without its prefix, in lower case.
fn bare(key: &str) -> String {
    key.rsplit('/').next().unwrap_or(key).to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(text: &str) -> Metadata {
        serde_json::from_str(text).expect("metadata")
    }

    #[test]
    fn only_what_is_known_to_be_harmless_is_kept() {
        let metadata = metadata(
            r#"{"labels":{"app":"till","ok":true,"none":null},"annotations":{"acme.example/Environment_Name":"uat","acme.example/owner":" anna@acme.example ",
                "kubectl.kubernetes.io/last-applied-configuration":"{}","team":"till"}}"#,
        );
        let labels = labels(&metadata);
        assert_eq!(labels.keys().collect::<Vec<_>>(), ["acme.example/Environment_Name", "app", "ok"]);
        assert_eq!(owner(&metadata).as_deref(), Some("anna@acme.example"));
    }

    #[test]
    fn cloud_identities_are_named_as_their_readers_name_them() {
        let metadata = metadata(
            r#"{"annotations":{"eks.amazonaws.com/role-arn":"arn:aws:iam::111122223333:role/till","iam.gke.io/gcp-service-account":"till@acme.iam.gserviceaccount.com",
                "azure.workload.identity/client-id":"AAAA-1111"}}"#,
        );
        let ids: Vec<_> = cloud_identities(&metadata).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["arn:aws:iam::111122223333:role/till", "serviceAccount:till@acme.iam.gserviceaccount.com", "aaaa-1111"]);
    }

    #[test]
    fn templates_name_nobody() {
        let metadata =
            metadata(r#"{"annotations":{"azure.workload.identity/client-id":"${CLIENT_ID}","eks.amazonaws.com/role-arn":"role/x"}}"#);
        assert!(cloud_identities(&metadata).is_empty());
    }
}

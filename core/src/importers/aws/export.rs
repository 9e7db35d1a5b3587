//! The outputs of the AWS command line and libraries, as they are written. Every field may be missing; what nobody asks for is skipped.

use crate::model::{Instant, Labels};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Any output: what it is shows in which of these it has.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Output<'a> {
    #[serde(borrow)]
    pub user_detail_list: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub group_detail_list: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub role_detail_list: Option<Vec<&'a RawValue>>,
    /// Of IAM, with their versions, or of Organizations, with their type.
    #[serde(borrow)]
    pub policies: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub users: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub groups: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub roles: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub user: Option<&'a RawValue>,
    #[serde(borrow)]
    pub role: Option<&'a RawValue>,
    #[serde(borrow)]
    pub access_key_metadata: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub access_key_last_used: Option<&'a RawValue>,
    /// A credential report, in base64 or plain.
    pub content: Option<String>,
    pub report_format: Option<String>,
    #[serde(borrow)]
    pub accounts: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub account: Option<&'a RawValue>,
    #[serde(borrow)]
    pub organization: Option<&'a RawValue>,
    #[serde(borrow)]
    pub roots: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub organizational_units: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub parents: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub policy: Option<&'a RawValue>,
    #[serde(borrow)]
    pub policy_summary: Option<&'a RawValue>,
    #[serde(borrow)]
    pub targets: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub secret_list: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub versions: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub resource_policy: Option<&'a RawValue>,
    #[serde(borrow)]
    pub services_last_accessed: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub tags: Option<&'a RawValue>,
    #[serde(borrow)]
    pub statement: Option<&'a RawValue>,
    /// A version of a managed policy; it does not say of which.
    #[serde(borrow)]
    pub policy_version: Option<&'a RawValue>,
    pub policy_arn: Option<String>,
    /// What a queue or topic says of itself, its policy among it.
    #[serde(borrow)]
    pub attributes: Option<&'a RawValue>,
    /// Of EKS, which writes its names small.
    #[serde(rename = "associations", borrow)]
    pub pod_identity_associations: Option<Vec<&'a RawValue>>,
    #[serde(rename = "association", borrow)]
    pub pod_identity_association: Option<&'a RawValue>,
    #[serde(rename = "ARN", alias = "Arn")]
    pub arn: Option<String>,
    /// What the output itself does not name, put beside it by who gathers: the key or bucket that a policy stands on, the policy that targets have, the
    /// target that has policies.
    pub key_id: Option<String>,
    pub bucket: Option<String>,
    pub policy_id: Option<String>,
    pub target_id: Option<String>,
    pub name: Option<String>,
    pub user_name: Option<String>,
    #[serde(borrow)]
    pub version_ids_to_stages: Option<&'a RawValue>,
    #[serde(borrow)]
    pub created_date: Option<&'a RawValue>,
    pub is_truncated: Option<bool>,
    #[serde(alias = "NextToken")]
    pub marker: Option<String>,
}

impl Output<'_> {
    /// Whether the output is itself one secret of the Secrets Manager.
    pub fn is_secret(&self) -> bool {
        let dated = self.version_ids_to_stages.is_some() || self.created_date.is_some();
        dated && self.versions.is_none() && self.arn.as_deref().is_some_and(|arn| arn.contains(":secretsmanager:"))
    }
}

/// A user, role or group, of `get-account-authorization-details` or of the lists.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Principal<'a> {
    pub arn: Option<String>,
    #[serde(alias = "UserName", alias = "RoleName", alias = "GroupName")]
    pub name: Option<String>,
    #[serde(alias = "UserId", alias = "RoleId", alias = "GroupId")]
    pub unique_id: Option<String>,
    pub create_date: Option<When>,
    pub password_last_used: Option<When>,
    pub group_list: Vec<String>,
    #[serde(borrow)]
    pub assume_role_policy_document: Option<&'a RawValue>,
    #[serde(alias = "UserPolicyList", alias = "RolePolicyList", alias = "GroupPolicyList", borrow)]
    pub inline: Vec<InlinePolicy<'a>>,
    #[serde(deserialize_with = "one_or_many")]
    pub attached_managed_policies: Vec<AttachedPolicy>,
    pub permissions_boundary: Option<PermissionsBoundary>,
    #[serde(deserialize_with = "one_or_many")]
    pub instance_profile_list: Vec<InstanceProfile>,
    pub tags: Option<Vec<Tag>>,
    pub role_last_used: Option<RoleLastUsed>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InlinePolicy<'a> {
    pub policy_name: Option<String>,
    #[serde(borrow)]
    pub policy_document: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttachedPolicy {
    pub policy_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PermissionsBoundary {
    pub permissions_boundary_arn: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstanceProfile {
    pub arn: Option<String>,
    pub instance_profile_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct RoleLastUsed {
    pub last_used_date: Option<When>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub key: String,
    #[serde(default)]
    pub value: String,
}

/// A managed policy of IAM, or a policy of Organizations.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ManagedPolicy<'a> {
    pub arn: Option<String>,
    #[serde(rename = "Type")]
    pub kind: Option<String>,
    #[serde(borrow)]
    pub policy_version_list: Vec<PolicyVersion<'a>>,
    #[serde(borrow)]
    pub policy_summary: Option<&'a RawValue>,
    #[serde(borrow)]
    pub content: Option<&'a RawValue>,
    #[serde(borrow)]
    pub targets: Vec<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PolicyVersion<'a> {
    #[serde(borrow)]
    pub document: Option<&'a RawValue>,
    #[serde(default)]
    pub is_default_version: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccessKey {
    pub access_key_id: String,
    pub user_name: Option<String>,
    pub status: Option<String>,
    pub create_date: Option<When>,
    pub last_used_date: Option<When>,
}

/// What `get-queue-attributes` and `get-topic-attributes` say, as texts.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Attributes<'a> {
    #[serde(alias = "TopicArn")]
    pub queue_arn: Option<String>,
    #[serde(borrow)]
    pub policy: Option<&'a RawValue>,
}

/// A version of a secret's value.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SecretVersion {
    pub version_stages: Vec<String>,
    pub created_date: Option<When>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct AccessKeyLastUsed {
    pub last_used_date: Option<When>,
}

/// An account, a root, or an organizational unit.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Member {
    pub id: Option<String>,
    pub arn: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub status: Option<String>,
    pub joined_timestamp: Option<When>,
    /// `o-…/r-…/ou-…/ACCOUNT/`: where it stands.
    pub paths: Vec<String>,
    /// Not written by AWS, but by those who gather: the root or unit that it is in.
    pub parent_id: Option<String>,
    pub parents: Vec<ParentOf>,
    pub master_account_id: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ParentOf {
    pub id: String,
}

/// What a policy of Organizations is attached to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Target {
    pub target_id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Secret {
    #[serde(rename = "ARN")]
    pub arn: Option<String>,
    pub name: Option<String>,
    pub kms_key_id: Option<String>,
    pub last_rotated_date: Option<When>,
    pub last_accessed_date: Option<When>,
    pub created_date: Option<When>,
    pub deleted_date: Option<When>,
    pub owning_service: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ServiceLastAccessed {
    pub service_namespace: String,
    pub last_authenticated: Option<When>,
}

/// An instant in any of the forms that AWS and its tools write: RFC 3339, with a blank for the `T`, or seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct When(pub Option<Instant>);

impl When {
    /// The instant, where there is one that can be.
    pub fn instant(given: Option<When>) -> Option<Instant> {
        given.and_then(|when| when.0)
    }

    /// An instant in a text.
    pub fn parse(text: &str) -> Option<Instant> {
        let text = text.trim();
        Instant::parse(text).ok().or_else(|| {
            // `2023-03-09 10:41:45+00:00`: how Python prints an instant.
            let mut written = text.to_owned();
            (text.as_bytes().get(10) == Some(&b' ')).then(|| written.replace_range(10..11, "T"))?;
            Instant::parse(&written).ok()
        })
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Seconds(f64),
            Other(serde::de::IgnoredAny),
        }
        Ok(When(match Written::deserialize(deserializer)? {
            Written::Text(text) => When::parse(&text),
            // Far beyond what can be written, the parser of instants refuses it.
            Written::Seconds(seconds) => seconds_of(seconds),
            Written::Other(_) => None,
        }))
    }
}

fn seconds_of(seconds: f64) -> Option<Instant> {
    let microseconds = (seconds * 1e6).round();
    // What is past the year 9999 is no date.
    (microseconds.abs() < 2.5e17).then(|| Instant::from_unix_microseconds(microseconds as i64))
}

/// A list, or its one element, as the documentation of the command shows some.
fn one_or_many<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany<T> {
        Many(Vec<T>),
        One(T),
    }
    Ok(match Option::<OneOrMany<T>>::deserialize(deserializer)? {
        Some(OneOrMany::Many(many)) => many,
        Some(OneOrMany::One(one)) => vec![one],
        None => Vec::new(),
    })
}

/// Tags as labels.
pub(super) fn labels(tags: Option<Vec<Tag>>) -> Labels {
    tags.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_instant_is_read() {
        let read = |text: &str| When::instant(serde_json::from_str(text).expect("any value")).map(|it| it.to_string());
        for text in [
            "\"2021-03-13T18:42:09Z\"",
            "\"2021-03-13T18:42:09+00:00\"",
            "\"2021-03-13 18:42:09+00:00\"",
            "\"2021-03-13T19:42:09.000000+01:00\"",
            "1615660929",
            "1615660929.0",
        ] {
            assert_eq!(read(text).as_deref(), Some("2021-03-13T18:42:09Z"), "{text}");
        }
        for text in ["\"N/A\"", "\"\"", "{}", "true", "1e300"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

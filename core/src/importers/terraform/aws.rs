//! AWS: what `get-account-authorization-details` and the like would say of the resources of a state.

use super::resource::{Resource, text};
use super::translate::{Source, World};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The types that are read.
const READ: [&str; 33] = [
    "aws_caller_identity",
    "aws_db_instance",
    "aws_iam_access_key",
    "aws_iam_group",
    "aws_iam_group_membership",
    "aws_iam_group_policies_exclusive",
    "aws_iam_group_policy",
    "aws_iam_group_policy_attachment",
    "aws_iam_instance_profile",
    "aws_iam_openid_connect_provider",
    "aws_iam_policy",
    "aws_iam_policy_attachment",
    "aws_iam_policy_document",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_user",
    "aws_iam_user_group_membership",
    "aws_iam_user_login_profile",
    "aws_iam_user_policy",
    "aws_iam_user_policy_attachment",
    "aws_instance",
    "aws_kms_key",
    "aws_kms_key_policy",
    "aws_lambda_function",
    "aws_organizations_account",
    "aws_s3_bucket",
    "aws_s3_bucket_policy",
    "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_policy",
    "aws_secretsmanager_secret_version",
    "aws_ssm_parameter",
    "aws_organizations_organization",
];

/// Whether a type is read.
pub(super) fn is_read(kind: &str) -> bool {
    READ.contains(&kind)
}

/// The kinds of principals: the word in types and ARNs, and the list of the output.
const PRINCIPALS: [(&str, &str); 3] = [("user", "UserDetailList"), ("role", "RoleDetailList"), ("group", "GroupDetailList")];

/// A principal under construction, by its ARN.
#[derive(Default)]
struct Principal {
    fields: Map<String, Value>,
    inline: Vec<Value>,
    attached: BTreeSet<String>,
    groups: BTreeSet<String>,
    profiles: Vec<Value>,
}

struct Account<'s> {
    source: &'s Source,
    world: &'s World<'s>,
    partition: String,
    account: String,
    principals: BTreeMap<(&'static str, String), Principal>,
}

/// The records of a source.
pub(super) fn records(source: &Source, world: &World<'_>) -> Vec<Value> {
    if !source.resources.iter().any(|resource| is_read(&resource.kind)) {
        return Vec::new();
    }
    let (partition, account) = account(&source.resources);
    let mut account = Account { source, world, partition, account, principals: BTreeMap::new() };
    let mut records = Vec::new();
    for resource in &source.resources {
        account.principal(resource);
        account.policy_of_principal(resource);
        account.membership(resource);
        records.extend(account.alone(resource));
    }
    let mut lists = Map::new();
    for ((kind, arn), principal) in account.principals {
        let list = PRINCIPALS.iter().find(|(word, _)| *word == kind).map_or("RoleDetailList", |(_, list)| list);
        let details = lists.entry(list).or_insert_with(|| json!([]));
        if let Some(list) = details.as_array_mut() {
            list.push(principal.detail(&arn));
        }
    }
    if !lists.is_empty() {
        records.push(Value::Object(lists));
    }
    records
}

/// What stands in the ARN of a type before its name, where its path and name are all that follow.
pub(super) fn path_of(kind: &str) -> Option<&'static str> {
    let paths = [("aws_iam_group", "group"), ("aws_iam_policy", "policy"), ("aws_iam_role", "role"), ("aws_iam_user", "user")];
    paths.iter().find(|(known, _)| *known == kind).map(|(_, word)| *word)
}

/// The partition and the account of resources, where their ARNs name one.
pub(super) fn account<'r>(resources: impl IntoIterator<Item = &'r Resource>) -> (String, String) {
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    for resource in resources {
        if let Some(account) = resource.text("account_id").filter(|_| resource.kind == "aws_caller_identity") {
            known.insert(("aws".into(), account.into()));
        }
        let parts: Vec<&str> = resource.text("arn").map(|arn| arn.splitn(6, ':').collect()).unwrap_or_default();
        if let ["arn", partition, _, _, account, _] = parts[..]
            && account.len() == 12
        {
            known.insert((partition.into(), account.into()));
        }
    }
    let only = if known.len() == 1 { known.pop_first() } else { None };
    only.unwrap_or_else(|| ("aws".into(), String::new()))
}

impl Account<'_> {
    /// The ARN of a principal by its name, wherever it stands. One that no state has is of the account of this one, or of nobody's.
    fn arn(&self, kind: &'static str, name: &str) -> String {
        if name.starts_with("arn:") {
            return name.to_owned();
        }
        let word: &'static str = match kind {
            "user" => "aws_iam_user",
            "group" => "aws_iam_group",
            _ => "aws_iam_role",
        };
        let own = self.world.of_kind(self.source, word).find(|resource| resource.first(&["name", "id", "user_name"]) == Some(name));
        own.map_or_else(|| format!("arn:{}:iam::{}:{kind}/{name}", self.partition, self.account), |resource| self.arn_of(kind, resource))
    }

    fn arn_of(&self, kind: &str, resource: &Resource) -> String {
        let path = resource.text("path").unwrap_or("/").trim_start_matches('/');
        let name = resource.first(&["name", "id"]).unwrap_or_default();
        resource.text("arn").map_or_else(|| format!("arn:{}:iam::{}:{kind}/{path}{name}", self.partition, self.account), str::to_owned)
    }

    fn of(&mut self, kind: &'static str, name: &str) -> &mut Principal {
        let arn = self.arn(kind, name);
        self.principals.entry((kind, arn)).or_default()
    }

    fn principal(&mut self, resource: &Resource) {
        let Some((kind, _)) = PRINCIPALS.iter().find(|(kind, _)| resource.kind.strip_prefix("aws_iam_") == Some(kind)) else { return };
        if resource.first(&["name", "id", "arn"]).is_none() {
            return;
        }
        let arn = self.arn_of(kind, resource);
        let principal = self.principals.entry((kind, arn)).or_default();
        let fields = &mut principal.fields;
        let mut put = |name: &str, value: Option<Value>| value.map(|value| fields.insert(name.to_owned(), value));
        let said = |name: &str| resource.text(name).map(Value::from);
        put("Name", said("name").or_else(|| said("id")));
        put("CreateDate", said("create_date"));
        put("AssumeRolePolicyDocument", said("assume_role_policy"));
        put("PermissionsBoundary", resource.text("permissions_boundary").map(|arn| json!({ "PermissionsBoundaryArn": arn })));
        put("Tags", Some(tags(resource)));
        for policy in resource.blocks("inline_policy") {
            if let Some(document) = text(policy, "policy") {
                principal.inline.push(json!({ "PolicyName": text(policy, "name"), "PolicyDocument": document }));
            }
        }
        principal.attached.extend(resource.texts("managed_policy_arns").into_iter().map(str::to_owned));
    }

    /// Policies that stand under the name of a user, role or group.
    fn policy_of_principal(&mut self, resource: &Resource) {
        for (kind, _) in PRINCIPALS {
            if resource.kind == format!("aws_iam_{kind}_policy")
                && let (Some(name), Some(document)) = (resource.text(kind), resource.text("policy"))
            {
                let policy = json!({ "PolicyName": resource.text("name"), "PolicyDocument": document });
                self.of(kind, name).inline.push(policy);
            }
            let many = format!("{kind}s");
            let named = match resource.kind.as_str() {
                "aws_iam_policy_attachment" => resource.texts(&many),
                word if word == format!("aws_iam_{kind}_policy_attachment") => resource.text(kind).into_iter().collect(),
                _ => continue,
            };
            if let Some(arn) = resource.text("policy_arn") {
                for name in named {
                    self.of(kind, name).attached.insert(arn.to_owned());
                }
            }
        }
    }

    fn membership(&mut self, resource: &Resource) {
        let pairs: Vec<(&str, &str)> = match resource.kind.as_str() {
            "aws_iam_group_membership" => {
                resource.text("group").map(|group| resource.texts("users").into_iter().map(|user| (user, group)).collect())
            }
            "aws_iam_user_group_membership" => {
                resource.text("user").map(|user| resource.texts("groups").into_iter().map(|group| (user, group)).collect())
            }
            _ => None,
        }
        .unwrap_or_default();
        for (user, group) in pairs {
            self.of("group", group);
            self.of("user", user).groups.insert(group.to_owned());
        }
        if resource.kind == "aws_iam_instance_profile"
            && let (Some(role), Some(arn)) = (resource.text("role"), resource.text("arn"))
        {
            let profile = json!({ "Arn": arn, "InstanceProfileName": resource.text("name") });
            self.of("role", role).profiles.push(profile);
        }
    }

    /// What a resource says by itself.
    fn alone(&mut self, resource: &Resource) -> Option<Value> {
        match resource.kind.as_str() {
            "aws_iam_policy" => {
                let version = json!({ "Document": resource.text("policy")?, "IsDefaultVersion": true });
                Some(json!({ "Policies": [{ "Arn": self.policy_arn(resource)?, "PolicyVersionList": [version] }] }))
            }
            "aws_iam_access_key" => {
                let user = resource.text("user")?;
                let arn = self.arn("user", user);
                let key = json!({ "AccessKeyId": resource.text("id")?, "UserName": user, "Status": resource.text("status"), "CreateDate": resource.text("create_date") });
                if self.account.is_empty() && !arn.contains("::") || arn.contains(":iam:::") {
                    return Some(json!({ "AccessKeyMetadata": [key] }));
                }
                Some(json!({ "AccessKeyMetadata": [key], "Arn": arn }))
            }
            "aws_secretsmanager_secret" => {
                let secret = json!({ "ARN": resource.text("arn")?, "Name": resource.text("name"), "KmsKeyId": resource.text("kms_key_id"), "Tags": tags(resource) });
                let mut record = json!({ "SecretList": [secret] });
                if let Some(policy) = resource.text("policy") {
                    record["ARN"] = resource.value("arn");
                    record["ResourcePolicy"] = policy.into();
                }
                Some(record)
            }
            "aws_secretsmanager_secret_policy" => {
                Some(json!({ "ARN": resource.text("secret_arn")?, "ResourcePolicy": resource.text("policy")? }))
            }
            "aws_s3_bucket" | "aws_s3_bucket_policy" => {
                Some(json!({ "Bucket": resource.first(&["bucket", "id"])?, "Policy": resource.text("policy")? }))
            }
            "aws_kms_key" | "aws_kms_key_policy" => {
                let arn = resource.text("arn").or_else(|| self.key_arn(resource.text("key_id")?));
                Some(json!({ "KeyId": arn?, "Policy": resource.text("policy")? }))
            }
            "aws_organizations_account" => Some(json!({ "Accounts": [{
                "Id": resource.text("id")?, "Arn": resource.text("arn"), "Name": resource.text("name"), "Status": resource.text("status"),
                "JoinedTimestamp": resource.text("joined_timestamp"), "ParentId": resource.text("parent_id"), "Tags": tags(resource),
            }] })),
            _ => None,
        }
    }

    fn policy_arn(&self, resource: &Resource) -> Option<String> {
        let path = resource.text("path").unwrap_or("/").trim_start_matches('/');
        let made = || Some(format!("arn:{}:iam::{}:policy/{path}{}", self.partition, self.account, resource.text("name")?));
        resource.text("arn").map(str::to_owned).or_else(made)
    }

    fn key_arn(&self, id: &str) -> Option<&str> {
        let mut keys = self.source.resources.iter().filter(|resource| resource.kind == "aws_kms_key");
        keys.find(|key| key.text("key_id") == Some(id))?.text("arn")
    }
}

fn tags(resource: &Resource) -> Value {
    let tags = resource.labels(&["tags_all", "tags"]);
    tags.into_iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

impl Principal {
    fn detail(self, arn: &str) -> Value {
        let mut fields = self.fields;
        let name = arn.rsplit('/').next().unwrap_or(arn);
        fields.entry("Name").or_insert_with(|| name.into());
        fields.insert("Arn".into(), arn.into());
        fields.insert("UserPolicyList".into(), Value::Array(self.inline));
        let attached = self.attached.into_iter().map(|arn| json!({ "PolicyArn": arn })).collect();
        fields.insert("AttachedManagedPolicies".into(), Value::Array(attached));
        fields.insert("GroupList".into(), self.groups.into_iter().collect());
        fields.insert("InstanceProfileList".into(), Value::Array(self.profiles));
        Value::Object(fields)
    }
}

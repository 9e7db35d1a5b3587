//! The policies of AWS itself that give so much that an export without their text must not hide it, and the one that allows everything.

use super::document::PolicyDocument;
use serde_json::value::RawValue;
use std::sync::LazyLock;

/// A policy that allows everything: `AdministratorAccess`, and `FullAWSAccess` of Organizations.
pub(crate) static EVERYTHING: LazyLock<PolicyDocument> =
    LazyLock::new(|| read(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#));

/// Source: AWS managed policy reference guide, "IAMFullAccess".
static IDENTITIES: LazyLock<PolicyDocument> = LazyLock::new(|| {
    read(
        r#"{"Statement":{"Effect":"Allow","Action":["iam:*","organizations:DescribeAccount","organizations:DescribeOrganization",
        "organizations:DescribeOrganizationalUnit","organizations:DescribePolicy","organizations:ListChildren","organizations:ListParents",
        "organizations:ListPoliciesForTarget","organizations:ListRoots","organizations:ListPolicies","organizations:ListTargetsForPolicy"],"Resource":"*"}}"#,
    )
});

/// Source: AWS managed policy reference guide, "PowerUserAccess".
static ALL_BUT_IDENTITIES: LazyLock<PolicyDocument> = LazyLock::new(|| {
    read(
        r#"{"Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},
        {"Effect":"Allow","Action":["iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeOrganization",
        "account:ListRegions","account:GetAccountInformation"],"Resource":"*"}]}"#,
    )
});

/// A policy of AWS whose text is known without an export.
pub(crate) fn managed(arn: &str) -> Option<&'static PolicyDocument> {
    let (_, name) = arn.split_once(":iam::aws:policy/")?;
    Some(match name {
        "AdministratorAccess" => &EVERYTHING,
        "IAMFullAccess" => &IDENTITIES,
        "PowerUserAccess" => &ALL_BUT_IDENTITIES,
        _ => return None,
    })
}

fn read(text: &str) -> PolicyDocument {
    let text = RawValue::from_string(text.to_owned()).ok();
    text.and_then(|text| PolicyDocument::parse(&text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_policies_need_no_export() {
        for (arn, statements) in [
            ("arn:aws:iam::aws:policy/AdministratorAccess", Some(1)),
            ("arn:aws-cn:iam::aws:policy/PowerUserAccess", Some(2)),
            ("arn:aws:iam::aws:policy/IAMFullAccess", Some(1)),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", None),
            ("arn:aws:iam::111122223333:policy/AdministratorAccess", None),
        ] {
            assert_eq!(managed(arn).map(|policy| policy.statements.len()), statements, "{arn}");
        }
    }
}

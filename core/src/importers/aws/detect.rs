//! Whether an input is an output of AWS, judged by its first records.

use super::export::Output;
use super::reading::is_output;
use super::report;
use crate::importers::Input;
use crate::importers::records::Records;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// How far into an input its marks must show.
const WINDOW: usize = 64 * 1024;
/// How many records are looked at: the first may be a broken one.
const FIRST: usize = 3;
/// Names of members that only outputs of AWS have.
const MARKS: &[&str] = &[
    "UserDetailList",
    "GroupDetailList",
    "RoleDetailList",
    "PolicyVersionList",
    "AssumeRolePolicyDocument",
    "AccessKeyMetadata",
    "AccessKeyLastUsed",
    "ReportFormat",
    "SecretList",
    "VersionIdsToStages",
    "VersionStages",
    "ServicesLastAccessed",
    "OrganizationalUnits",
    "MasterAccountId",
    "JoinedMethod",
    "PolicySummary",
    "PolicyTypes",
    "TargetId",
    "PolicyVersion",
    "\"Parents\"",
    "\"Tags\"",
    "arn:aws",
    "2012-10-17",
    "2008-10-17",
];

/// Whether an input looks like an output of AWS.
pub(super) fn detects(input: &Input) -> bool {
    if report::is_table(&input.bytes) {
        return true;
    }
    let start = &input.bytes[..input.bytes.len().min(WINDOW)];
    let holds = |mark: &str| start.windows(mark.len()).any(|window| window == mark.as_bytes());
    if !MARKS.iter().any(|mark| holds(mark)) {
        return false;
    }
    // A list that is longer than the window does not end in it: its beginning says enough.
    let Ok(records) = Records::new(&input.name, &input.bytes) else { return false };
    records.take(FIRST).any(|record| {
        let Ok(output) = record.parse::<Output<'_>>() else { return false };
        let gathered = || record.parse::<BTreeMap<String, &RawValue>>().unwrap_or_default();
        let inner = |text: &&RawValue| serde_json::from_str::<Output<'_>>(text.get()).is_ok_and(|output| is_output(&output));
        is_output(&output) || is_organization(&output) || is_beside(&output) || output.statement.is_some() || gathered().values().any(inner)
    })
}

/// Whether it is one of the outputs that do not say what they are about: whoever gathers puts that beside them, or names their file by it.
fn is_beside(output: &Output<'_>) -> bool {
    let all = |list: &Option<Vec<&RawValue>>, mark: &str| list.iter().flatten().any(|text| text.get().contains(mark));
    let tags = output.tags.is_some_and(|text| text.get().contains("\"Key\"") && text.get().contains("\"Value\""));
    let policy = output.policy.is_some() && (output.bucket.is_some() || output.key_id.is_some());
    policy || tags || all(&output.targets, "\"TargetId\"") || all(&output.parents, "\"Type\"")
}

fn is_organization(output: &Output<'_>) -> bool {
    let members = [&output.accounts, &output.roots, &output.organizational_units];
    let is_member = |text: &&RawValue| text.get().contains("arn:aws") || text.get().contains("\"Arn\"");
    members.iter().any(|list| list.iter().flatten().any(is_member)) || output.organization.as_ref().is_some_and(is_member)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_that_do_not_say_what_they_are_about_are_known() {
        for text in [
            r#"{"Bucket": "acme-ledger", "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"#,
            r#"{"Targets": [{"TargetId": "r-acme", "Type": "ROOT"}]}"#,
            r#"{"Parents": [{"Id": "r-acme", "Type": "ROOT"}]}"#,
            r#"{"Tags": [{"Key": "owner", "Value": "till"}]}"#,
        ] {
            assert!(detects(&Input::new("output.json", text)), "{text}");
        }
        for text in [r#"{"Tags": ["a"]}"#, r#"{"Parents": ["ann"]}"#, r#"{"Policy": "2012-10-17"}"#] {
            assert!(!detects(&Input::new("other.json", text)), "{text}");
        }
    }
}

//! Holds down how often policies are asked, without a clock.

use super::accounts::Accounts;
use super::add;
use super::reading::Reading;
use crate::Unobserved;
use crate::estate::{EstateBuilder, FingerprintKey};
use crate::importers::{ImportContext, ImportReading, Input};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

fn policy(statements: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn iam(rest: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{rest}")
}

/// So many users and roles of one account: twenty groups, ten managed policies, and roles that trust a service, their account, or one user.
fn account(count: usize) -> Value {
    let attached =
        |at: usize| json!([{"PolicyName": format!("shared-{}", at % 10), "PolicyArn": iam(&format!("policy/shared-{}", at % 10))}]);
    let user = |at: usize| {
        json!({"UserName": format!("user-{at}"), "Arn": iam(&format!("user/user-{at}")), "GroupList": [format!("group-{}", at % 20)],
            "AttachedManagedPolicies": attached(at)})
    };
    let role = |at: usize| {
        let principal = match at % 3 {
            0 => json!({"Service": "lambda.amazonaws.com"}),
            1 => json!({"AWS": ACCOUNT}),
            _ => json!({"AWS": iam(&format!("user/user-{at}"))}),
        };
        json!({"RoleName": format!("role-{at}"), "Arn": iam(&format!("role/role-{at}")), "AttachedManagedPolicies": attached(at),
            "InstanceProfileList": [],
            "AssumeRolePolicyDocument": policy(&json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})),
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": policy(&json!([
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::bucket-{at}/*")},
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": iam(&format!("role/role-{}-*", at + 1))}]))}]})
    };
    let group = |at: usize| {
        json!({"GroupName": format!("group-{at}"), "Arn": iam(&format!("group/group-{at}")), "AttachedManagedPolicies": [],
            "GroupPolicyList": [{"PolicyName": "own", "PolicyDocument": policy(&json!(
                {"Effect": "Allow", "Action": ["iam:CreateAccessKey", "iam:PassRole"], "Resource": [iam("user/*"), iam(&format!("role/role-{at}"))]}))}]})
    };
    let shared = |at: usize| {
        json!({"PolicyName": format!("shared-{at}"), "Arn": iam(&format!("policy/shared-{at}")), "PolicyVersionList": [{"VersionId": "v1",
            "IsDefaultVersion": true, "Document": policy(&json!([
                {"Effect": "Allow", "Action": ["lambda:*", "ec2:Describe*"], "Resource": "*"},
                {"Effect": "Deny", "Action": "iam:*", "Resource": iam(&format!("user/user-1{at}*"))}]))}]})
    };
    json!({"UserDetailList": (0..count).map(user).collect::<Vec<_>>(), "RoleDetailList": (0..count).map(role).collect::<Vec<_>>(),
        "GroupDetailList": (0..20).map(group).collect::<Vec<_>>(), "Policies": (0..10).map(shared).collect::<Vec<_>>()})
}

/// How many decisions an account of so many users and roles asks for.
fn asked(count: usize) -> u64 {
    let input = Input::new("details.json", account(count).to_string());
    let (mut builder, mut room) = (EstateBuilder::new(), 1 << 20);
    builder.source("details.json", "aws");
    let key = FingerprintKey::from_bytes(&[7; 32]).expect("a key");
    let mut context = ImportContext { builder: &mut builder, key: &key, mappings: &[], observer: &Unobserved, unpacked: &mut room };
    let mut reading = Reading::default();
    reading.take(&input, &mut context).expect("good inputs");
    assert_eq!(reading.world.principals.len(), 2 * count + 20);
    let accounts = Accounts::new(&reading.world);
    add::of_accounts(&accounts, &mut context).expect("nobody stops it");
    accounts.decided.asked()
}

#[test]
fn twice_the_principals_ask_for_twice_the_decisions() {
    let (small, twice) = (asked(150), asked(300));
    assert!(small > 150, "{small} decisions");
    assert!(twice * 10 < small * 22, "{small} decisions of 150 users and roles, {twice} of 300");
    // What each principal has of its own, and no more than some for each set of policies that several hold.
    assert!(twice < 40 * 620, "{twice} decisions");
}

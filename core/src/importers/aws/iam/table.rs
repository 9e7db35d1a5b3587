//! IAM's decision held against a table of cases, each with the page of AWS's documentation that it rests on.

use super::decision::{Boundary, Decision, Level, Policies, Request, decide};
use super::document::PolicyDocument;
use super::known::Known;
use super::principal::{Principal, account_of};
use crate::model::{Certainty, Guard, Instant};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// A case. Policies are statements, alone or in a list; a document of its own tells its version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    /// An ARN, or `service:` or `federated:` before a name.
    principal: String,
    action: String,
    resource: String,
    /// The account of the resource, where it is not the principal's.
    owner: Option<String>,
    /// What is known of keys: a value, several, or a word behind `@`. Of all others nothing is.
    #[serde(default)]
    keys: BTreeMap<String, Value>,
    #[serde(default)]
    identity: Vec<Value>,
    boundary: Option<Value>,
    #[serde(default)]
    control: Vec<Value>,
    #[serde(default)]
    resource_control: Vec<Value>,
    resource_policy: Option<Value>,
    #[serde(default)]
    resource_decides: bool,
    /// `deny`, or `allow` with its guards and whether it is only possible.
    expect: String,
}

/// The guides and their pages that a case may rest on: a title, and the name of the page in its address.
const PAGES: [(&str, &str, &str); 21] = [
    ("IAM user guide", "AWS JSON policy elements: NotPrincipal", "reference_policies_elements_notprincipal"),
    ("IAM user guide", "AWS JSON policy elements: Principal", "reference_policies_elements_principal"),
    ("IAM user guide", "AWS global condition context keys", "reference_policies_condition-keys"),
    ("IAM user guide", "Cross-account policy evaluation logic", "reference_policies_evaluation-logic-cross-account"),
    ("IAM user guide", "IAM JSON policy element reference", "reference_policies_elements"),
    ("IAM user guide", "IAM JSON policy elements: Condition operators", "reference_policies_elements_condition_operators"),
    (
        "IAM user guide",
        "IAM and AWS STS condition context keys, available keys for AWS OIDC federation",
        "reference_policies_iam-condition-keys",
    ),
    ("IAM user guide", "IAM and AWS STS condition context keys, available keys for IAM", "reference_policies_iam-condition-keys"),
    ("IAM user guide", "IAM policy elements: Variables and tags", "reference_policies_variables"),
    ("IAM user guide", "Permissions boundaries for IAM entities", "access_policies_boundaries"),
    (
        "IAM user guide",
        "Permissions boundaries for IAM entities, delegating responsibility to others using permissions boundaries",
        "access_policies_boundaries",
    ),
    ("IAM user guide", "Policy evaluation logic", "reference_policies_evaluation-logic"),
    ("IAM user guide", "Roles terms and concepts, trust policy", "id_roles"),
    ("IAM user guide", "Secure API access with MFA", "id_credentials_mfa_configure-api-require"),
    ("IAM user guide", "Single-valued vs. multivalued context keys", "reference_policies_condition-single-vs-multi-valued-context-keys"),
    ("IAM user guide", "The confused deputy problem", "confused-deputy"),
    ("KMS developer guide", "Key policies in AWS KMS", "key-policies"),
    ("Organizations user guide", "RCP evaluation", "orgs_manage_policies_rcps_evaluation"),
    ("Organizations user guide", "SCP evaluation", "orgs_manage_policies_scps_evaluation"),
    ("STS API reference", "AssumeRole", "API_AssumeRole"),
    (
        "Service authorization reference",
        "Actions, resources, and condition keys for AWS Identity and Access Management (IAM)",
        "list_awsidentityandaccessmanagementiam",
    ),
];

fn document(value: &Value) -> PolicyDocument {
    let value =
        if value.get("Statement").is_some() { value.clone() } else { serde_json::json!({"Version": "2012-10-17", "Statement": value}) };
    let text = RawValue::from_string(value.to_string()).expect("JSON");
    PolicyDocument::parse(&text).unwrap_or_else(|reason| panic!("{reason}: {value}"))
}

fn documents(values: &[Value]) -> Vec<PolicyDocument> {
    values.iter().map(document).collect()
}

/// A level: a list of statements, or an object that tells that another policy was not read.
fn level(value: &Value) -> (Vec<PolicyDocument>, bool) {
    let list = value.as_array().or_else(|| value["policies"].as_array()).expect("a level");
    (documents(list), value.get("unread") == Some(&Value::Bool(true)))
}

fn known(value: &Value) -> Known {
    let text = match value {
        Value::Array(values) => return Known::Values(values.iter().map(|it| it.as_str().expect("text").to_owned()).collect()),
        value => value.as_str().expect("text"),
    };
    match text.split_once(' ').unwrap_or((text, "")) {
        ("@absent", _) => Known::Absent,
        ("@chosen", _) => Known::Chosen,
        ("@mfa", _) => Known::Guarded(Guard::Mfa),
        ("@network", _) => Known::Guarded(Guard::Network),
        ("@from", date) => Known::After(Instant::parse(date).expect("a date")),
        ("@preferred", value) => Known::Preferred(value.to_owned()),
        _ => Known::Values(vec![text.to_owned()]),
    }
}

fn written(decision: Decision) -> String {
    let Decision::Allowed { guards, certainty } = decision else { return "deny".to_owned() };
    let guards = guards.iter().map(|guard| format!(" {}", guard.as_str())).collect::<String>();
    format!("allow{guards}{}", if certainty == Certainty::Possible { " possible" } else { "" })
}

fn decided(case: &Case) -> String {
    let principal = match case.principal.split_once(':').expect("a principal") {
        ("service", name) => Principal::Service(name),
        ("federated", name) => Principal::Federated(name),
        _ => Principal::aws(&case.principal),
    };
    let (identity, boundary) = (documents(&case.identity), case.boundary.as_ref().filter(|it| !it.is_string()).map(document));
    let (control, resource) = (case.control.iter().map(level).collect::<Vec<_>>(), case.resource_policy.as_ref().map(document));
    let resource_control = documents(&case.resource_control);
    let levels: Vec<Level<'_>> =
        control.iter().map(|(policies, unread)| Level { policies: policies.iter().collect(), unread: *unread }).collect();
    let policies = Policies {
        identity: &identity.iter().collect::<Vec<_>>(),
        boundary: match (&case.boundary, &boundary) {
            (_, Some(boundary)) => Boundary::Policy(boundary),
            (Some(_), None) => Boundary::Unknown,
            (None, None) => Boundary::None,
        },
        control: &levels,
        resource_control: &resource_control.iter().collect::<Vec<_>>(),
        resource: resource.as_ref(),
        resource_decides: case.resource_decides,
        cross_account: case.owner.as_deref().is_some_and(|owner| account_of(&case.principal) != Some(owner)),
    };
    let of =
        |key: &str| case.keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map_or(Known::Unknown, |(_, value)| known(value));
    written(decide(&policies, &Request { principal, action: &case.action, resource: &case.resource, known: &of }))
}

#[test]
fn every_case_is_decided_as_aws_documents_it() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../../tests/aws_decisions.json")).expect("the table");
    assert!(cases.len() >= 150, "{} cases", cases.len());
    assert_eq!(cases.iter().map(|case| &case.name).collect::<BTreeSet<_>>().len(), cases.len(), "a name stands for one case");
    let wrong = cases.iter().map(|case| (case, decided(case))).filter(|(case, decision)| *decision != case.expect);
    let wrong: Vec<String> =
        wrong.map(|(case, decision)| format!("{}: {decision}, not {} ({})", case.name, case.expect, case.source)).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_case_names_a_page_and_every_page_has_a_case() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../../tests/aws_decisions.json")).expect("the table");
    let pages: BTreeSet<String> = PAGES.iter().map(|(guide, title, _)| format!("{guide}: {title}")).collect();
    assert_eq!(cases.iter().map(|case| case.source.clone()).collect::<BTreeSet<_>>(), pages);
    assert!(PAGES.iter().all(|(_, _, page)| !page.is_empty() && !page.contains([' ', '/'])));
}

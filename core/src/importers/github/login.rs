//! [`logins`]: where a step signs in to a cloud with the token of its job.

use super::expression::{Scope, Value, expressions, is_resolved, reference};
use std::collections::BTreeMap;

/// A cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cloud {
    Aws,
    Azure,
    Google,
}

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Login {
    pub cloud: Cloud,
    pub target: Target,
    /// The environment that the job names then; empty where none.
    pub environment: String,
    /// Whether it is the only one that this step may be.
    pub sure: bool,
}

/// Who a step signs in as.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// An identity, as the reader of its cloud names it.
    Identity(String),
    /// The subjects of a pool of Google's, which need no account: the pool.
    Pool(String),
    /// One that the files do not name: what they say of it, from names alone.
    Unresolved(String),
}

/// The actions that are known to sign in, or to do no more than their name says.
const AWS: &str = "aws-actions/configure-aws-credentials";
const AZURE: &str = "azure/login";
const GOOGLE: &str = "google-github-actions/auth";

/// Whether it is known what an action does with the token of its job.
pub(super) fn is_known(action: &str) -> bool {
    let owner = action.split('/').next().unwrap_or_default();
    [AWS, AZURE, GOOGLE].iter().any(|known| action.eq_ignore_ascii_case(known)) || ["actions", "github"].contains(&owner)
}

/// The sign-ins of a step.
pub(super) fn logins(action: &str, with: &BTreeMap<String, String>, scope: &Scope) -> Vec<Login> {
    let given = |name: &str| {
        let values = with.get(name).map(|text| scope.values(text)).unwrap_or_default();
        values.into_iter().filter(|value| !value.text.trim().is_empty()).collect::<Vec<_>>()
    };
    let login = |cloud, target, sure| Login { cloud, target, environment: String::new(), sure };
    let action = action.to_ascii_lowercase();
    match action.as_str() {
        AWS => given("role-to-assume").into_iter().map(|value| login(Cloud::Aws, role(&value), value.sure)).collect(),
        AZURE => given("client-id").into_iter().map(|value| login(Cloud::Azure, client(&value), value.sure)).collect(),
        GOOGLE => {
            let pools = given("workload_identity_provider");
            if pools.is_empty() {
                return Vec::new();
            }
            let accounts = given("service_account").into_iter().map(|value| login(Cloud::Google, account(&value), value.sure));
            let accounts: Vec<_> = accounts.collect();
            let subjects = || pools.iter().map(|value| login(Cloud::Google, pool(value), value.sure)).collect();
            if accounts.is_empty() { subjects() } else { accounts }
        }
        _ => Vec::new(),
    }
}

fn role(value: &Value) -> Target {
    let text = value.text.trim();
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let account = |account: &str| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        ["arn", partition, "iam", "", number, resource] if is_plain(text) && resource.starts_with("role/") && account(number) => {
            Target::Identity(format!("arn:{partition}:iam::{number}:{resource}"))
        }
        _ => Target::Unresolved(said(text)),
    }
}

fn client(value: &Value) -> Target {
    let text = value.text.trim();
    let is_guid = text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_guid { Target::Identity(text.to_ascii_lowercase()) } else { Target::Unresolved(said(text)) }
}

fn account(value: &Value) -> Target {
    let text = value.text.trim();
    let named = is_plain(text) && text.split_once('@').is_some_and(|(_, host)| host.ends_with(".gserviceaccount.com"));
    if named { Target::Identity(format!("serviceAccount:{text}")) } else { Target::Unresolved(said(text)) }
}

fn pool(value: &Value) -> Target {
    let text = value.text.trim();
    let pool = text.split_once("/providers/").map(|(pool, _)| pool);
    match pool.filter(|pool| is_plain(text) && pool.starts_with("projects/")) {
        Some(pool) => Target::Pool(pool.to_owned()),
        None => Target::Unresolved(said(text)),
    }
}

fn is_plain(text: &str) -> bool {
    is_resolved(text) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What a text that is not resolved says of whom it names: the names that its expressions ask for, and the role of an ARN. Nothing else of it is kept, for it
/// may hold anything.
fn said(text: &str) -> String {
    let names = expressions(text)
        .filter_map(reference)
        .map(|(context, name)| if context.is_empty() { name.to_owned() } else { format!("{context}.{name}") });
    let mut words: Vec<String> = names.collect();
    let role = text
        .split_once(":role/")
        .map(|(_, role)| role)
        .filter(|role| text.starts_with("arn:") && role.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_/-".contains(&byte)));
    words.extend(role.map(|role| format!("role/{role}")));
    if words.is_empty() { "unknown".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(action: &str, with: &[(&str, &str)]) -> Vec<Target> {
        let with = with.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        logins(action, &with, &Scope::default()).into_iter().map(|login| login.target).collect()
    }

    #[test]
    fn identities_are_named_as_their_readers_name_them() {
        let arn = "arn:aws:iam::111122223333:role/path/deploy";
        assert_eq!(targets("aws-actions/configure-aws-credentials", &[("role-to-assume", arn)]), [Target::Identity(arn.into())]);
        let id = "AAAAAAAA-0000-4000-8000-000000000001";
        assert_eq!(targets("Azure/Login", &[("client-id", id)]), [Target::Identity(id.to_ascii_lowercase())]);
        let pool = ("workload_identity_provider", "projects/1/locations/global/workloadIdentityPools/p/providers/g");
        let email = "till@acme.iam.gserviceaccount.com";
        assert_eq!(targets(GOOGLE, &[pool, ("service_account", email)]), [Target::Identity(format!("serviceAccount:{email}"))]);
        assert_eq!(targets(GOOGLE, &[pool]), [Target::Pool("projects/1/locations/global/workloadIdentityPools/p".into())]);
    }

    #[test]
    fn what_is_not_resolved_keeps_names_alone() {
        let of = |text: &str| targets(AWS, &[("role-to-assume", text)]);
        let unresolved = |text: &str| vec![Target::Unresolved(text.to_owned())];
        assert_eq!(of("arn:aws:iam::${{ secrets.PROD_ACCOUNT }}:role/apply"), unresolved("secrets.PROD_ACCOUNT role/apply"));
        assert_eq!(of("hunter2"), unresolved("unknown"));
        assert_eq!(of("${{ 'hunter2' }}x"), unresolved("unknown"));
        assert!(of("").is_empty() && targets(AWS, &[("aws-access-key-id", "${{ secrets.A }}")]).is_empty());
    }
}

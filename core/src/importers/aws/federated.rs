//! The subjects of foreign identity providers that a role trusts: pipelines, workloads, people of a directory.

use super::accounts::Accounts;
use super::iam::document::{PolicyDocument, Statement};
use super::iam::known::Known;
use super::iam::principal::{Principal, account_of};
use super::trusts::{Outsider, asked, of_stranger};
use crate::importers::subjects;
use crate::model::{Identity, IdentityKind};

const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";
const SAML: &str = "sts:AssumeRoleWithSAML";

/// The subjects of an identity provider that a statement lets in: one for each pattern, or all of them where none is asked for.
pub(super) fn subjects(
    accounts: &Accounts<'_>,
    role: &str,
    trust: &PolicyDocument,
    statement: &Statement,
    provider: &str,
) -> Vec<Outsider> {
    let saml = provider.contains(":saml-provider/");
    let action = if saml { SAML } else { WEB_IDENTITY };
    let host = provider.split_once(":oidc-provider/").map_or(provider, |(_, host)| host).trim_end_matches('/');
    let pins = |key: &str| statement.conditions.iter().any(|condition| condition.key() == key && condition.asks_for_text());
    // Cognito has no subjects that mean anything outside: its pool, the audience, is what is trusted. Google's audience is who the token was made for: the
    // account itself, where a service account asked. Source: IAM user guide, "IAM and AWS STS condition context keys", keys for OIDC federation.
    let key = match (saml, host) {
        (true, _) => "saml:sub".to_owned(),
        (_, "cognito-identity.amazonaws.com") => format!("{host}:aud"),
        (_, "accounts.google.com") if !pins("accounts.google.com:sub") && pins("accounts.google.com:aud") => format!("{host}:aud"),
        _ => format!("{}:sub", host.to_ascii_lowercase()),
    };
    let asks = statement.conditions.iter().find(|condition| condition.key() == key && condition.asks_for_text());
    let named: Vec<(String, bool)> = match asks {
        // Whom a directory signs in as the role is the directory's to say: no policy of AWS tells it.
        None if saml => return vec![directory(accounts, role, trust, provider)],
        Some(condition) => condition.values().iter().map(|value| (value.clone(), condition.knows_wildcards())).collect(),
        None => vec![("*".to_owned(), true)],
    };
    let audience = format!("{}:aud", host.to_ascii_lowercase());
    let asked_for = format!("{}:oaud", host.to_ascii_lowercase());
    let issuer = if saml { provider.to_owned() } else { format!("https://{host}") };
    let outsider = |(subject, wildcards): (String, bool)| {
        let open = wildcards && subject.contains(['*', '?']);
        let known = |asked: &str| match asked {
            // Which subject of several somebody has, they choose; one that is named whole is what it is.
            _ if asked == key && !open => Known::Values(vec![subject.clone()]),
            _ if asked == key || asked == audience || asked == asked_for || asked == "saml:aud" => Known::Chosen,
            _ => of_stranger(asked),
        };
        let decision = asked(accounts, role, trust, action, Principal::Federated(provider), &known);
        let kind = if saml { IdentityKind::Group } else { subjects::kind_of(host) };
        let identity = Identity { name: Some(subject.clone()), ..Identity::new(subjects::id(&issuer, &subject, wildcards), kind) };
        Outsider { identity, account: None, decision, subject: Some(subjects::expression(&subject, wildcards)), action }
    };
    named.into_iter().map(outsider).collect()
}

/// Whoever a directory signs in.
fn directory(accounts: &Accounts<'_>, role: &str, trust: &PolicyDocument, provider: &str) -> Outsider {
    let known = |key: &str| if key.starts_with("saml:") { Known::Chosen } else { of_stranger(key) };
    let decision = asked(accounts, role, trust, SAML, Principal::Federated(provider), &known);
    let name = provider.rsplit('/').next().unwrap_or(provider);
    let identity = Identity { name: Some(name.to_owned()), ..Identity::new(provider, IdentityKind::Group) };
    Outsider { identity, account: account_of(provider).map(str::to_owned), decision, subject: None, action: SAML }
}

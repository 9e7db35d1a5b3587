//! The subjects of foreign identity providers that a role trusts: pipelines, workloads, people of a directory.

use super::accounts::Accounts;
use super::iam::document::{PolicyDocument, Statement};
use super::iam::known::Known;
use super::iam::principal::{Principal, account_of};
use super::trusts::{Outsider, asked, of_stranger};
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
    // Cognito has no subjects that mean anything outside: its pool, the audience, is what is trusted.
    let key = match (saml, host) {
        (true, _) => "saml:sub".to_owned(),
        (_, "cognito-identity.amazonaws.com") => format!("{host}:aud"),
        _ => format!("{}:sub", host.to_ascii_lowercase()),
    };
    let asks = statement.conditions.iter().find(|condition| condition.key() == key && condition.asks_for_text());
    let subjects: Vec<(String, bool)> = match asks {
        // Whom a directory signs in as the role is the directory's to say: no policy of AWS tells it.
        None if saml => return vec![directory(accounts, role, trust, provider)],
        Some(condition) => condition.values().iter().map(|value| (value.clone(), condition.knows_wildcards())).collect(),
        None => vec![("*".to_owned(), true)],
    };
    let audience = format!("{}:aud", host.to_ascii_lowercase());
    let issuer = if saml { provider.to_owned() } else { format!("https://{host}") };
    let outsider = |(subject, wildcards): (String, bool)| {
        let open = wildcards && subject.contains(['*', '?']);
        let known = |asked: &str| match asked {
            // Which subject of several somebody has, they choose; one that is named whole is what it is.
            _ if asked == key && !open => Known::Values(vec![subject.clone()]),
            _ if asked == key || asked == audience || asked == "saml:aud" => Known::Chosen,
            _ => of_stranger(asked),
        };
        let decision = asked(accounts, role, trust, action, Principal::Federated(provider), &known);
        let identity = Identity { name: Some(subject.clone()), ..Identity::new(id(&issuer, &subject, wildcards), kind_of(host, saml)) };
        Outsider { identity, account: None, decision, subject: Some(expression(&subject, wildcards)), action }
    };
    subjects.into_iter().map(outsider).collect()
}

/// Whoever a directory signs in.
fn directory(accounts: &Accounts<'_>, role: &str, trust: &PolicyDocument, provider: &str) -> Outsider {
    let known = |key: &str| if key.starts_with("saml:") { Known::Chosen } else { of_stranger(key) };
    let decision = asked(accounts, role, trust, SAML, Principal::Federated(provider), &known);
    let name = provider.rsplit('/').next().unwrap_or(provider);
    let identity = Identity { name: Some(name.to_owned()), ..Identity::new(provider, IdentityKind::Group) };
    Outsider { identity, account: account_of(provider).map(str::to_owned), decision, subject: None, action: SAML }
}

/// The issuer and the subject. A `*` that stands for itself alone must not be taken for a pattern.
fn id(issuer: &str, subject: &str, wildcards: bool) -> String {
    let subject = if wildcards { subject.to_owned() } else { subject.replace('*', "%2A").replace('?', "%3F") };
    format!("{issuer}#{subject}")
}

/// What the subjects of an issuer are.
fn kind_of(host: &str, saml: bool) -> IdentityKind {
    let pipelines = [
        "token.actions.githubusercontent.com",
        "gitlab.com",
        "app.terraform.io",
        "oidc.circleci.com",
        "agent.buildkite.com",
        "vstoken.dev.azure.com",
    ];
    match host {
        _ if saml => IdentityKind::Group,
        _ if pipelines.iter().any(|issuer| host.starts_with(issuer)) => IdentityKind::Pipeline,
        _ if host.starts_with("oidc.eks.") || host.starts_with("oidc-eks.") => IdentityKind::Workload,
        _ => IdentityKind::Other,
    }
}

/// A pattern of a subject as a regular expression: cases are told apart, and a wildcard crosses every separator.
fn expression(subject: &str, wildcards: bool) -> String {
    let escaped = regex::escape(subject);
    let open = if wildcards { escaped.replace(r"\*", ".*").replace(r"\?", ".") } else { escaped };
    format!("^{open}$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_a_pattern_only_where_the_operator_knows_wildcards() {
        assert_eq!((id("https://x", "repo:a/*", true), expression("repo:a/*", true)), ("https://x#repo:a/*".into(), "^repo:a/.*$".into()));
        assert_eq!(
            (id("https://x", "repo:a/*", false), expression("repo:a/*", false)),
            ("https://x#repo:a/%2A".into(), r"^repo:a/\*$".into())
        );
    }
}

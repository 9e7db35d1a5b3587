//! Whom roles trust beyond the principals of the input: other accounts, everyone, and the subjects of foreign identity providers.

use super::accounts::Accounts;
use super::iam::decision::{Boundary, Decision, Policies, Request, decide};
use super::iam::document::{Effect, Matcher, PolicyDocument, Statement};
use super::iam::known::Known;
use super::iam::principal::{Principal, PrincipalPattern, account_of};
use super::names::{Arn, delegates_id};
use super::takeover::IF_THERE;
use crate::model::{Guard, Identity, IdentityKind};
use serde_json::value::RawValue;
use std::sync::LazyLock;

/// Somebody whom a role trusts.
pub(super) struct Outsider {
    pub identity: Identity,
    /// The account that it is of, where it is of one.
    pub account: Option<String>,
    pub decision: Decision,
    /// The subject that the provider must name, as a regular expression; absent where no provider stands between.
    pub subject: Option<String>,
    pub action: &'static str,
}

/// A policy that allows everything: what an account outside the input lets its own do is its own affair.
static ANYTHING: LazyLock<PolicyDocument> = LazyLock::new(|| {
    let text = RawValue::from_string(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#.to_owned());
    text.ok().and_then(|text| PolicyDocument::parse(&text).ok()).unwrap_or_default()
});

const ASSUME: &str = "sts:AssumeRole";
const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";
const SAML: &str = "sts:AssumeRoleWithSAML";

/// Whom a role trusts that is not in the input.
pub(super) fn outsiders(accounts: &Accounts<'_>, role: &str, trust: &PolicyDocument) -> Vec<Outsider> {
    let mut outsiders = Vec::new();
    for statement in trust.statements.iter().filter(|statement| statement.effect == Effect::Allow) {
        let Some(Matcher::Only(named)) = &statement.principals else { continue };
        for principal in named {
            match principal {
                PrincipalPattern::Account(account) if !accounts.is_known(account) => outsiders.push(delegates(role, trust, account)),
                PrincipalPattern::Arn(arn) if !accounts.world.principals.contains_key(arn) && !is_session(accounts, arn) => {
                    outsiders.push(principal_of(accounts, role, trust, arn));
                }
                PrincipalPattern::Anyone => outsiders.push(anyone(role, trust)),
                PrincipalPattern::Federated(provider) => outsiders.extend(federated(role, trust, statement, provider)),
                _ => {}
            }
        }
    }
    outsiders.retain(|outsider| outsider.decision != Decision::Denied);
    outsiders
}

/// A session of a role that is in the input: the role itself is told by its rights.
fn is_session(accounts: &Accounts<'_>, arn: &str) -> bool {
    let Some(arn) = Arn::parse(arn).filter(|arn| arn.service == "sts") else { return false };
    let role = arn.resource.split('/').nth(1).unwrap_or_default();
    accounts.of_kind(arn.account, super::world::PrincipalKind::Role).any(|(_, known)| known.name == role)
}

fn asked(role: &str, trust: &PolicyDocument, action: &str, principal: Principal<'_>, known: &dyn Fn(&str) -> Known) -> Decision {
    let cross_account = !matches!(principal, Principal::Aws { account, .. } if Some(account) == account_of(role));
    let policies = Policies {
        identity: vec![&ANYTHING],
        boundary: Boundary::None,
        control: Vec::new(),
        resource: Some(trust),
        resource_decides: true,
        cross_account,
    };
    decide(&policies, &Request { principal, action, resource: role, known })
}

/// What is known of somebody of another account.
fn stranger(key: &str, arn: Option<&str>) -> Known {
    match key {
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => Known::Guarded(Guard::Mfa),
        "aws:sourceip" | "aws:vpcsourceip" | "aws:sourcevpc" | "aws:sourcevpce" => Known::Guarded(Guard::Network),
        "sts:externalid" | "sts:rolesessionname" | "sts:sourceidentity" | "aws:requestedregion" => Known::Chosen,
        "aws:securetransport" => Known::Values(vec!["true".to_owned()]),
        "aws:principalarn" => arn.map_or(Known::Unknown, |arn| Known::Values(vec![arn.to_owned()])),
        "aws:principalaccount" => arn.and_then(account_of).map_or(Known::Unknown, |account| Known::Values(vec![account.to_owned()])),
        _ => Known::Unknown,
    }
}

fn delegates(role: &str, trust: &PolicyDocument, account: &str) -> Outsider {
    let partition = Arn::parse(role).map_or("aws", |arn| arn.partition);
    let id = delegates_id(partition, account);
    let known = |key: &str| match key {
        "aws:principalaccount" => Known::Values(vec![account.to_owned()]),
        _ => stranger(key, None),
    };
    let decision = asked(role, trust, ASSUME, Principal::Aws { arn: &id, account }, &known);
    let identity = Identity { name: Some(format!("whoever account {account} lets")), ..Identity::new(&id, IdentityKind::Other) };
    Outsider { identity, account: Some(account.to_owned()), decision, subject: None, action: ASSUME }
}

/// A principal that the trust names and the input does not have: of another account, or of one that was read without it.
fn principal_of(accounts: &Accounts<'_>, role: &str, trust: &PolicyDocument, arn: &str) -> Outsider {
    let account = account_of(arn).unwrap_or_default();
    let decision = asked(role, trust, ASSUME, Principal::aws(arn), &|key| stranger(key, Some(arn)));
    // In an account that was read whole it may be gone, though then AWS would show its unique id.
    let decision = if accounts.is_known(account) { decision.and(IF_THERE) } else { decision };
    let parsed = Arn::parse(arn);
    let kind = if parsed.is_some_and(|arn| arn.resource.starts_with("role/") || arn.service == "sts") {
        IdentityKind::Role
    } else {
        IdentityKind::Other
    };
    let identity = Identity { name: parsed.map(|arn| arn.name().to_owned()), ..Identity::new(arn, kind) };
    Outsider { identity, account: Some(account.to_owned()).filter(|account| !account.is_empty()), decision, subject: None, action: ASSUME }
}

/// Anybody with an account of AWS.
fn anyone(role: &str, trust: &PolicyDocument) -> Outsider {
    let partition = Arn::parse(role).map_or("aws", |arn| arn.partition);
    let id = delegates_id(partition, "*");
    let decision = asked(role, trust, ASSUME, Principal::Aws { arn: &id, account: "" }, &|key| stranger(key, None));
    let identity = Identity { name: Some("anyone with an account of AWS".to_owned()), ..Identity::new(&id, IdentityKind::Group) };
    Outsider { identity, account: None, decision, subject: None, action: ASSUME }
}

/// The subjects of an identity provider that a statement lets in: one for each pattern, or all of them where none is asked for.
fn federated(role: &str, trust: &PolicyDocument, statement: &Statement, provider: &str) -> Vec<Outsider> {
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
        Some(condition) => condition.values().iter().map(|value| (value.clone(), condition.knows_wildcards())).collect(),
        None => vec![("*".to_owned(), true)],
    };
    let audience = format!("{}:aud", host.to_ascii_lowercase());
    subjects
        .into_iter()
        .map(|(subject, wildcards)| {
            let known = |asked: &str| match asked {
                _ if asked == key || asked == audience || asked == "saml:aud" => Known::Chosen,
                _ => stranger(asked, None),
            };
            let decision = asked(role, trust, action, Principal::Federated(provider), &known);
            let issuer = if saml { provider.to_owned() } else { format!("https://{host}") };
            let identity = Identity { name: Some(subject.clone()), ..Identity::new(format!("{issuer}#{subject}"), kind_of(host, saml)) };
            Outsider { identity, account: None, decision, subject: Some(expression(&subject, wildcards)), action }
        })
        .collect()
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

/// A pattern of a subject as a regular expression.
fn expression(subject: &str, wildcards: bool) -> String {
    let escaped = regex::escape(subject);
    let open = if wildcards { escaped.replace(r"\*", ".*").replace(r"\?", ".") } else { escaped };
    format!("^{open}$")
}

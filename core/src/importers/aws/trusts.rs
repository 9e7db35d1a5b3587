//! Whom the policies of roles and resources let in beyond the principals of the input: other accounts, everyone, and the subjects of foreign identity
//! providers.

use super::accounts::Accounts;
use super::federated;
use super::iam::decision::{Decision, Policies, Request, decide};
use super::iam::document::{Effect, Matcher, PolicyDocument, Statement};
use super::iam::known::Known;
use super::iam::managed::EVERYTHING;
use super::iam::principal::{Principal, PrincipalPattern, account_of, is_account};
use super::names::{Arn, delegates_id};
use crate::model::{Guard, Identity, IdentityKind};
use std::collections::BTreeMap;

/// Somebody who is let in.
pub(super) struct Outsider {
    pub identity: Identity,
    /// The account that it is of, where it is of one.
    pub account: Option<String>,
    pub decision: Decision,
    /// The subject that the provider must name, as a regular expression; absent where no provider stands between, or where it alone says whom it signs in.
    pub subject: Option<String>,
    pub action: &'static str,
}

pub(super) const ASSUME: &str = "sts:AssumeRole";

/// Whom a role trusts that is not in the input.
pub(super) fn outsiders(accounts: &Accounts<'_>, role: &str, trust: &PolicyDocument) -> Vec<Outsider> {
    let strangers = strangers(accounts, role, trust).into_iter();
    let mut outsiders: Vec<Outsider> =
        strangers.filter_map(|stranger| stranger.with(stranger.may(accounts, role, trust, ASSUME), ASSUME)).collect();
    for statement in trust.with(Effect::Allow) {
        let named = if let Some(Matcher::Only(named)) = &statement.principals { named.as_slice() } else { &[] };
        for principal in named {
            if let PrincipalPattern::Federated(provider) = principal {
                outsiders.extend(federated::subjects(accounts, role, trust, statement, provider));
            }
        }
    }
    outsiders.retain(|outsider| outsider.decision != Decision::Denied);
    outsiders
}

/// Somebody whom a policy names and the input does not have.
pub(super) struct Stranger {
    id: String,
    name: String,
    kind: IdentityKind,
    account: Option<String>,
    /// The organization that it must be in.
    organization: Option<String>,
    /// Whether it is one principal, rather than whoever an account, an organization or AWS lets.
    alone: bool,
    /// Whether it may be gone: its account was read, and it was not there.
    missing: bool,
}

/// The strangers that the allowing statements of a policy name, by id.
pub(super) fn strangers(accounts: &Accounts<'_>, on: &str, policy: &PolicyDocument) -> Vec<Stranger> {
    let partition = Arn::parse(on).map_or("aws", |arn| arn.partition);
    let mut strangers = BTreeMap::new();
    for statement in policy.with(Effect::Allow) {
        let named: &[PrincipalPattern] = match &statement.principals {
            Some(Matcher::Only(named)) => named,
            // All but some: anyone may be meant.
            Some(Matcher::AllBut(_)) => &[PrincipalPattern::Anyone],
            None => &[],
        };
        for principal in named {
            for stranger in of_pattern(accounts, partition, statement, principal) {
                strangers.insert(stranger.id.clone(), stranger);
            }
        }
    }
    strangers.into_values().collect()
}

fn of_pattern(accounts: &Accounts<'_>, partition: &str, statement: &Statement, principal: &PrincipalPattern) -> Vec<Stranger> {
    match principal {
        PrincipalPattern::Account(account) if !accounts.is_known(account) => vec![delegates(partition, account)],
        PrincipalPattern::Arn(arn) if !accounts.world.principals.contains_key(arn) && !is_session(accounts, arn) => {
            vec![itself(arn, accounts.is_known(account_of(arn).unwrap_or_default()))]
        }
        PrincipalPattern::Anyone => anyone(accounts, partition, statement),
        _ => Vec::new(),
    }
}

fn delegates(partition: &str, account: &str) -> Stranger {
    Stranger {
        id: delegates_id(partition, account),
        name: format!("whoever account {account} lets"),
        kind: IdentityKind::Other,
        account: Some(account.to_owned()),
        organization: None,
        alone: false,
        missing: false,
    }
}

/// A principal of another account, or of one that was read without it: there it may be gone, though then AWS would show its unique id.
fn itself(arn: &str, missing: bool) -> Stranger {
    let parsed = Arn::parse(arn);
    let is_role = parsed.is_some_and(|arn| arn.resource.starts_with("role/") || arn.service == "sts");
    Stranger {
        id: arn.to_owned(),
        name: parsed.map_or(arn, |arn| arn.name()).to_owned(),
        kind: if is_role { IdentityKind::Role } else { IdentityKind::Other },
        account: account_of(arn).map(str::to_owned),
        organization: None,
        alone: true,
        missing,
    }
}

/// Anybody with an account of AWS, or of the accounts or the organizations that the statement asks for.
fn anyone(accounts: &Accounts<'_>, partition: &str, statement: &Statement) -> Vec<Stranger> {
    let asked = |key: &str| {
        let condition = statement.conditions.iter().find(|condition| condition.key() == key && condition.asks_for_text());
        condition.map(|condition| condition.values())
    };
    let of = |text: &str| if is_account(text) { Some(text.to_owned()) } else { account_of(text).map(str::to_owned) };
    for key in ["aws:principalaccount", "aws:principalarn"] {
        let named: Option<Vec<String>> = asked(key).and_then(|values| values.iter().map(|value| of(value)).collect());
        if let Some(named) = named {
            return named.iter().filter(|account| !accounts.is_known(account)).map(|account| delegates(partition, account)).collect();
        }
    }
    let everyone = |id: String, name: String, organization: Option<String>| Stranger {
        id,
        name,
        kind: IdentityKind::Group,
        account: None,
        organization,
        alone: false,
        missing: false,
    };
    if let Some(organizations) = asked("aws:principalorgid") {
        let of = |id: &String| everyone(format!("{id}:*"), format!("anyone in the organization {id}"), Some(id.clone()));
        return organizations.iter().filter(|id| id.starts_with("o-") && !id.contains('*')).map(of).collect();
    }
    vec![everyone(delegates_id(partition, "*"), "anyone with an account of AWS".to_owned(), None)]
}

impl Stranger {
    /// Whether a policy lets the stranger do an action: what its own account lets it do is that account's affair.
    pub fn may(&self, accounts: &Accounts<'_>, resource: &str, policy: &PolicyDocument, action: &str) -> Decision {
        let account = self.account.as_deref().unwrap_or_default();
        let one = |value: &str| Known::Values(vec![value.to_owned()]);
        let known = |key: &str| match key {
            "aws:principalarn" if self.alone => one(&self.id),
            "aws:principalaccount" if !account.is_empty() => one(account),
            "aws:principalorgid" => match (&self.organization, accounts.organization.of(account)) {
                (Some(organization), _) => one(organization),
                (None, Some(organization)) => one(organization),
                (None, None) => Known::Unknown,
            },
            "aws:principalorgpaths" => accounts.organization.path(account).map_or(Known::Unknown, |path| one(&path)),
            _ => of_stranger(key),
        };
        let decision = asked(accounts, resource, policy, action, Principal::Aws { arn: &self.id, account }, &known);
        if self.missing { decision.and(Decision::POSSIBLE) } else { decision }
    }

    /// The stranger as one who was let in, if it was.
    pub fn with(&self, decision: Decision, action: &'static str) -> Option<Outsider> {
        let identity = Identity { name: Some(self.name.clone()), ..Identity::new(&self.id, self.kind) };
        let outsider = Outsider { identity, account: self.account.clone(), decision, subject: None, action };
        (decision != Decision::Denied).then_some(outsider)
    }
}

/// A session of a role that is in the input: the role itself is told by its rights.
fn is_session(accounts: &Accounts<'_>, arn: &str) -> bool {
    let Some(arn) = Arn::parse(arn).filter(|arn| arn.service == "sts") else { return false };
    let role = arn.resource.split('/').nth(1).unwrap_or_default();
    accounts.has_role(arn.account, role)
}

/// What a policy on a role or resource lets somebody do whose own policies nobody knows.
pub(super) fn asked(
    accounts: &Accounts<'_>,
    resource: &str,
    policy: &PolicyDocument,
    action: &str,
    principal: Principal<'_>,
    known: &dyn Fn(&str) -> Known,
) -> Decision {
    let of = account_of(resource).unwrap_or_default();
    let policies = Policies {
        identity: &[&EVERYTHING],
        resource_control: accounts.organization.resource_control(of, action),
        resource: Some(policy),
        resource_decides: true,
        cross_account: !matches!(principal, Principal::Aws { account, .. } if account == of),
        ..Policies::default()
    };
    decide(&policies, &Request { principal, action, resource, known })
}

/// What is known of somebody of another account.
pub(super) fn of_stranger(key: &str) -> Known {
    match key {
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => Known::Guarded(Guard::Mfa),
        "aws:sourceip" | "aws:vpcsourceip" | "aws:sourcevpc" | "aws:sourcevpce" => Known::Guarded(Guard::Network),
        "sts:externalid" | "sts:rolesessionname" | "sts:sourceidentity" | "aws:requestedregion" => Known::Chosen,
        "aws:securetransport" => Known::Values(vec!["true".to_owned()]),
        "aws:principalisawsservice" | "aws:viaawsservice" => Known::Values(vec!["false".to_owned()]),
        "aws:sourcearn" | "aws:sourceaccount" | "aws:principalservicename" | "aws:calledvia" => Known::Absent,
        _ => Known::Unknown,
    }
}

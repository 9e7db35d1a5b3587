//! [`Trusts`]: whom the trust policies of roles name, worked out once and found by who is named.

use super::accounts::{Accounts, is_service_linked};
use super::escalations::ESCALATIONS;
use super::holder::Holder;
use super::iam::decision::{Decision, Policies, Request, decide};
use super::iam::document::{Effect, Matcher, PolicyDocument};
use super::iam::known::Known;
use super::iam::managed::EVERYTHING;
use super::iam::principal::{Principal, PrincipalPattern, account_of, same_service};
use super::trusts::ASSUME;
use super::world::{PrincipalKind, World};
use std::collections::{BTreeMap, BTreeSet};

/// Whom the allowing statements of a trust policy name.
#[derive(Debug, Default)]
struct Trusted<'w> {
    /// The services, with what the conditions leave of their trust.
    services: BTreeMap<&'w str, Decision>,
    /// The accounts that are named as such.
    accounts: BTreeSet<&'w str>,
    arns: BTreeSet<&'w str>,
    /// The accounts and names of the roles of which a session is named.
    sessions: BTreeSet<(&'w str, &'w str)>,
    /// Everybody, or all but some.
    anyone: bool,
    /// Whom nobody can tell, or nobody at all, which means everybody.
    loose: bool,
}

/// Roles by their places among all of the account, and what the conditions leave of their trust.
type Roles = Vec<(usize, Decision)>;

/// The roles by whom their trust policies name, their ARNs in order.
#[derive(Debug, Default)]
pub(super) struct Trusts<'w> {
    anyone: Vec<&'w str>,
    accounts: BTreeMap<&'w str, Vec<&'w str>>,
    arns: BTreeMap<&'w str, Vec<&'w str>>,
    sessions: BTreeMap<(&'w str, &'w str), Vec<&'w str>>,
    /// Those that name an account and, besides, somebody whom nobody can tell.
    open_accounts: BTreeMap<&'w str, Vec<&'w str>>,
    /// What only who looks at each role of its account anyhow needs to ask.
    loose: Vec<&'w str>,
    /// By account and service.
    services: BTreeMap<&'w str, BTreeMap<&'static str, Roles>>,
}

impl<'w> Trusts<'w> {
    /// The trust of every role. Costs the statements of each.
    pub fn new(accounts: &Accounts<'w>) -> Self {
        let world: &'w World = accounts.world;
        let mut trusts = Trusts::default();
        let mut trusting: BTreeMap<&str, Trusted<'w>> = BTreeMap::new();
        for (arn, role) in &world.principals {
            let Some(trust) = &role.trust else { continue };
            let trusted = Trusted::of(arn, trust);
            trusts.learn(arn, &trusted);
            trusting.insert(arn, trusted);
        }
        let services: BTreeSet<&'static str> = ESCALATIONS.iter().flat_map(|escalation| escalation.services.iter().copied()).collect();
        for account in accounts.known() {
            let Some(roles) = accounts.of_kind(account, PrincipalKind::Role) else { continue };
            for (at, arn) in roles.names.iter().enumerate().filter(|(_, arn)| !is_service_linked(arn)) {
                let Some(trusted) = trusting.get(arn).filter(|trusted| !trusted.services.is_empty()) else { continue };
                for service in &services {
                    let decision = trusted.service(service);
                    if decision != Decision::Denied {
                        trusts.services.entry(account).or_default().entry(service).or_default().push((at, decision));
                    }
                }
            }
        }
        trusts
    }

    fn learn(&mut self, role: &'w str, trusted: &Trusted<'w>) {
        // A session is looked at again where nobody can tell whom else the trust means.
        if trusted.anyone || trusted.loose && !trusted.sessions.is_empty() {
            self.anyone.push(role);
        } else if trusted.loose {
            self.loose.push(role);
        }
        let by_account = if trusted.loose { &mut self.open_accounts } else { &mut self.accounts };
        for account in &trusted.accounts {
            by_account.entry(account).or_default().push(role);
        }
        for arn in &trusted.arns {
            self.arns.entry(arn).or_default().push(role);
        }
        for session in &trusted.sessions {
            self.sessions.entry(*session).or_default().push(role);
        }
    }

    /// The roles of an account that a service may act as, by their places among its roles.
    pub fn of_service(&self, account: &str, service: &'static str) -> &[(usize, Decision)] {
        self.services.get(account).and_then(|services| services.get(service)).map_or(&[], Vec::as_slice)
    }

    /// The roles of which it is worth asking whether a principal may assume them: those that name it, and of those that name its account the ones that its own
    /// policies may let it assume.
    pub fn worth_asking(&self, holder: &Holder<'_>) -> BTreeSet<&'w str> {
        let mut roles: BTreeSet<&'w str> = self.anyone.iter().copied().collect();
        roles.extend(self.arns.get(holder.arn).into_iter().flatten());
        let name = holder.arn.rsplit('/').next().unwrap_or_default();
        roles.extend(self.sessions.get(&(holder.account, name)).into_iter().flatten());
        if holder.mentions(ASSUME) {
            let named = self.accounts.get(holder.account).map_or(&[][..], Vec::as_slice);
            roles.extend(holder.worth_asking(ASSUME, named).into_iter().map(|at| named[at]));
            roles.extend(self.open_accounts.get(holder.account).into_iter().flatten());
        }
        roles.remove(holder.arn);
        roles
    }

    /// The roles whose trust means somebody whom nobody can tell.
    pub fn loose(&self) -> &[&'w str] {
        &self.loose
    }
}

impl<'w> Trusted<'w> {
    fn of(role: &str, trust: &'w PolicyDocument) -> Self {
        let mut trusted = Trusted::default();
        for statement in trust.with(Effect::Allow) {
            let named = match &statement.principals {
                Some(Matcher::Only(named)) => named,
                Some(Matcher::AllBut(_)) => {
                    trusted.anyone = true;
                    continue;
                }
                None => {
                    trusted.loose = true;
                    continue;
                }
            };
            for principal in named {
                match principal {
                    PrincipalPattern::Anyone => trusted.anyone = true,
                    PrincipalPattern::Account(account) => drop(trusted.accounts.insert(account)),
                    PrincipalPattern::Arn(arn) if arn.contains(":sts:") => match session(arn) {
                        Some(session) => drop(trusted.sessions.insert(session)),
                        None => trusted.anyone = true,
                    },
                    PrincipalPattern::Arn(arn) => drop(trusted.arns.insert(arn)),
                    PrincipalPattern::Service(service) => drop(trusted.services.insert(service, by_service(role, trust, service))),
                    PrincipalPattern::Other => trusted.loose = true,
                    PrincipalPattern::Federated(_) | PrincipalPattern::Deleted(_) => {}
                }
            }
        }
        trusted
    }

    /// Whether a service may act as the role.
    fn service(&self, service: &str) -> Decision {
        let named = self.services.iter().filter(|(named, _)| same_service(named, service));
        named.map(|(_, decision)| *decision).fold(Decision::Denied, Decision::or)
    }
}

/// The account and the name of the role that a session is of: `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`.
fn session(arn: &str) -> Option<(&str, &str)> {
    let (account, path) = arn.split_once(":sts::")?.1.split_once(":assumed-role/")?;
    Some((account, path.split('/').next()?))
}

/// What the conditions of a trust leave of a service: it acts for the role's own account, and in it for whatever the caller makes.
fn by_service(role: &str, trust: &PolicyDocument, service: &str) -> Decision {
    let account = account_of(role).unwrap_or_default();
    let one = |value: &str| Known::Values(vec![value.to_owned()]);
    let known = |key: &str| match key {
        "aws:sourceaccount" => one(account),
        "aws:principalisawsservice" => one("true"),
        "aws:principalservicename" => one(service),
        "aws:sourcearn" | "sts:externalid" => Known::Chosen,
        _ => Known::Unknown,
    };
    let identity: [&PolicyDocument; 1] = [&EVERYTHING];
    let policies =
        Policies { identity: &identity, resource: Some(trust), resource_decides: true, cross_account: true, ..Policies::default() };
    decide(&policies, &Request { principal: Principal::Service(service), action: "sts:AssumeRole", resource: role, known: &known })
}

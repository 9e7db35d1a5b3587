//! [`Trusted`]: whom the trust policy of a role names, worked out once.

use super::holder::Holder;
use super::iam::decision::{Decision, Policies, Request, decide};
use super::iam::document::{Effect, Matcher, PolicyDocument};
use super::iam::known::Known;
use super::iam::managed::EVERYTHING;
use super::iam::principal::{Principal, PrincipalPattern, account_of, same_service};
use super::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// Whom the allowing statements of a trust policy name.
#[derive(Debug, Default)]
pub(super) struct Trusted<'w> {
    /// The services, with what the conditions leave of their trust.
    services: BTreeMap<&'w str, Decision>,
    /// The accounts that are named as such.
    accounts: BTreeSet<&'w str>,
    arns: BTreeSet<&'w str>,
    /// Everybody, all but some, or a session, which is looked at again.
    anyone: bool,
}

/// The trust of every role, by ARN. Costs the statements of each.
pub(super) fn of_roles(world: &World) -> BTreeMap<&str, Trusted<'_>> {
    world.principals.iter().filter_map(|(arn, role)| Some((arn.as_str(), Trusted::of(arn, role.trust.as_ref()?)))).collect()
}

impl<'w> Trusted<'w> {
    fn of(role: &str, trust: &'w PolicyDocument) -> Self {
        let mut trusted = Trusted::default();
        for principals in trust.with(Effect::Allow).filter_map(|statement| statement.principals.as_ref()) {
            let Matcher::Only(named) = principals else {
                trusted.anyone = true;
                continue;
            };
            for principal in named {
                match principal {
                    PrincipalPattern::Anyone => trusted.anyone = true,
                    PrincipalPattern::Account(account) => drop(trusted.accounts.insert(account)),
                    PrincipalPattern::Arn(arn) if arn.contains(":sts:") => trusted.anyone = true,
                    PrincipalPattern::Arn(arn) => drop(trusted.arns.insert(arn)),
                    PrincipalPattern::Service(service) => drop(trusted.services.insert(service, by_service(role, trust, service))),
                    _ => {}
                }
            }
        }
        trusted
    }

    /// Whether a service may act as the role.
    pub fn service(&self, service: &str) -> Decision {
        let named = self.services.iter().filter(|(named, _)| same_service(named, service));
        named.map(|(_, decision)| *decision).fold(Decision::Denied, Decision::or)
    }

    /// Whether it is worth asking whether a principal may assume the role; `asks` tells whether its own policies let it assume anything.
    pub fn may_name(&self, holder: &Holder<'_>, asks: bool) -> bool {
        self.anyone || self.arns.contains(holder.arn) || asks && self.accounts.contains(holder.account)
    }
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

//! How one principal comes to act as another, or to command its account.

use super::accounts::{Accounts, is_service_linked};
use super::escalations::{ESCALATIONS, Escalation, Way};
use super::holder::{About, Holder, is_customers, limit};
use super::iam::decision::Decision;
use super::names::account_id;
use super::trusted::Trusted;
use super::world::{Principal, PrincipalKind};
use crate::model::{Certainty, Guard, GuardSet, RelationKind};
use std::collections::BTreeMap;

/// What a principal is found to be able to do, by the other end and the kind of relation.
#[derive(Debug, Default)]
pub(super) struct Takeovers {
    found: BTreeMap<(String, RelationKind), Ways>,
}

/// The ways of one relation: the easiest decision, and the permissions that give it.
#[derive(Debug)]
pub(super) struct Ways {
    pub decision: Decision,
    pub permissions: Vec<String>,
}

impl Takeovers {
    fn add(&mut self, to: &str, kind: RelationKind, decision: Decision, permission: String) {
        if decision == Decision::Denied {
            return;
        }
        let ways = self.found.entry((to.to_owned(), kind)).or_insert(Ways { decision: Decision::Denied, permissions: Vec::new() });
        let easier = ways.decision.or(decision);
        if easier != ways.decision {
            ways.permissions.clear();
        }
        // Of ways that are not the easiest nobody needs to hear.
        if easier == decision && !ways.permissions.contains(&permission) {
            ways.permissions.push(permission);
        }
        ways.decision = easier;
    }

    /// The relations, by their other end then kind.
    pub fn into_relations(self) -> impl Iterator<Item = (String, RelationKind, Ways)> {
        self.found.into_iter().map(|((to, kind), ways)| (to, kind, ways))
    }

    /// Whether the account is commanded outright: what is in it then follows.
    pub fn commands(&self, account: &str) -> bool {
        self.found.get(&(account.to_owned(), RelationKind::Administers)).is_some_and(|ways| ways.decision == Decision::ALLOWED)
    }
}

/// The possible, where something must be there that is not in the input.
const IF_THERE: Decision = Decision::POSSIBLE;

/// What a principal can take.
pub(super) struct Takeover<'a, 'w> {
    accounts: &'a Accounts<'w>,
    /// The trust of every role, by ARN.
    trusted: &'a BTreeMap<&'w str, Trusted<'w>>,
    holder: &'a Holder<'a>,
    found: Takeovers,
}

impl<'a, 'w> Takeover<'a, 'w> {
    /// Everything that a principal can take. Costs its statements for each principal of its account that it may act on and each role that may trust it.
    pub fn of(accounts: &'a Accounts<'w>, trusted: &'a BTreeMap<&'w str, Trusted<'w>>, holder: &'a Holder<'a>) -> Takeovers {
        let mut takeover = Takeover { accounts, trusted, holder, found: Takeovers::default() };
        let tenant = takeover.tenant();
        let administrator = takeover.administrator();
        takeover.found.add(&tenant, RelationKind::Administers, administrator, "*".to_owned());
        for escalation in ESCALATIONS.iter() {
            // Whoever commands the account holds what is in it; roles of others are still to be told.
            if escalation.way == Way::Assume || !takeover.found.commands(&tenant) {
                takeover.escalate(escalation);
            }
        }
        takeover.found
    }

    fn tenant(&self) -> String {
        account_id(self.holder.partition, self.holder.account)
    }

    /// Whether it may do anything: what an administrator may, and the least that taking an account apart needs.
    fn administrator(&self) -> Decision {
        let partition = self.holder.partition;
        let role = format!("arn:{partition}:iam::{}:role/any", self.holder.account);
        let any = format!("arn:{partition}:any:eu-west-1:000000000000:any/any");
        let secret = format!("arn:{partition}:secretsmanager:eu-west-1:000000000000:secret:any");
        let asked = [
            ("any:Any", &any),
            ("iam:AttachRolePolicy", &role),
            ("iam:PassRole", &role),
            ("sts:AssumeRole", &role),
            ("secretsmanager:GetSecretValue", &secret),
        ];
        asked.into_iter().map(|(action, resource)| self.on(action, resource)).fold(Decision::ALLOWED, Decision::and)
    }

    fn escalate(&mut self, escalation: &Escalation) {
        use Way as W;
        if escalation.way == W::Assume {
            return self.assume_all(escalation);
        }
        if !escalation.actions.iter().all(|action| self.holder.mentions(action)) {
            return;
        }
        match escalation.way {
            W::NewCompute | W::NeedsCompute | W::ExistingCompute | W::NewInstance | W::ExistingInstance => self.compute(escalation),
            W::OwnPolicy | W::OwnVersion | W::OwnRole | W::OwnUser | W::OwnGroup => self.own(escalation),
            W::KeyOfUser | W::KeyInPlace | W::LoginOfUser | W::PasswordOfUser => self.user(escalation),
            W::TrustOfRole => self.trust(escalation),
            W::MemberOfGroup => self.group(escalation),
            W::StrongerRole | W::StrongerUser | W::StrongerPolicy => self.stronger(escalation),
            W::Assume => {}
        }
    }

    fn on(&self, action: &str, resource: &str) -> Decision {
        self.holder.may(action, About { resource, ..About::default() })
    }

    /// Code of a service that acts as a role which trusts the service.
    fn compute(&mut self, escalation: &Escalation) {
        let passes = escalation.actions[0] == "iam:PassRole";
        let others = escalation.actions.iter().skip(usize::from(passes)).map(|action| self.holder.may_somewhere(action));
        let mut others = others.fold(Decision::ALLOWED, Decision::and);
        let must_be_there = matches!(escalation.way, Way::NeedsCompute | Way::ExistingCompute | Way::ExistingInstance);
        if must_be_there {
            others = others.and(IF_THERE);
        }
        if others == Decision::Denied {
            return;
        }
        let instance = matches!(escalation.way, Way::NewInstance | Way::ExistingInstance);
        for (arn, role) in self.accounts.of_kind(self.holder.account, PrincipalKind::Role).filter(|(arn, _)| !is_service_linked(arn)) {
            if arn == self.holder.arn || instance && role.detailed && role.instance_profiles.is_empty() {
                continue;
            }
            let through = |service: &&'static str| {
                let trusts = self.trusted.get(arn).map_or(Decision::Denied, |trusted| trusted.service(service));
                let passed = About { passed_to: Some(service), ..self.about(arn, role) };
                if passes && trusts != Decision::Denied { trusts.and(self.holder.may("iam:PassRole", passed)) } else { trusts }
            };
            let decision = escalation.services.iter().map(through).fold(Decision::Denied, Decision::or);
            self.found.add(arn, RelationKind::Assumes, decision.and(others), escalation.permission());
        }
    }

    fn about<'t>(&self, arn: &'t str, target: &'t Principal) -> About<'t> {
        About { resource: arn, target: Some(target), account: super::iam::principal::account_of(arn), ..About::default() }
    }

    /// A policy that gives its holder whatever it wants, within its boundary.
    fn own(&mut self, escalation: &Escalation) {
        let action = escalation.actions[0];
        let kind = self.holder.principal.kind;
        let arn = self.holder.arn;
        let targets: Vec<String> = match (escalation.way, kind) {
            (Way::OwnRole, PrincipalKind::Role) | (Way::OwnUser, PrincipalKind::User) | (Way::OwnGroup, PrincipalKind::Group) => {
                vec![arn.to_owned()]
            }
            (Way::OwnGroup, PrincipalKind::User) => self.groups().into_iter().map(|(arn, _)| arn.to_owned()).collect(),
            (Way::OwnPolicy | Way::OwnVersion, _) => {
                let groups = self.groups();
                let all = std::iter::once(self.holder.principal).chain(groups.iter().map(|(_, group)| *group));
                all.flat_map(|holder| &holder.attached).filter(|arn| is_customers(arn)).cloned().collect()
            }
            _ => Vec::new(),
        };
        // A group has no boundary that a condition could ask for.
        let itself = Some(self.holder.principal).filter(|_| matches!(escalation.way, Way::OwnRole | Way::OwnUser));
        let may = |target: &String| self.holder.may(action, About { resource: target, target: itself, ..About::default() });
        let decision = targets.iter().map(may).fold(Decision::Denied, Decision::or);
        // That an older version gives more is not in every export.
        let there = if escalation.way == Way::OwnVersion { IF_THERE } else { Decision::ALLOWED };
        let (tenant, limit) = (self.tenant(), limit(self.accounts.world, self.holder.principal).and(there));
        self.found.add(&tenant, RelationKind::Administers, decision.and(limit), escalation.permission());
    }

    fn groups(&self) -> Vec<(&'w str, &'w Principal)> {
        self.accounts.groups_of(self.holder.arn, self.holder.principal)
    }

    /// A credential for a user.
    fn user(&mut self, escalation: &Escalation) {
        let users: Vec<_> =
            self.accounts.of_kind(self.holder.account, PrincipalKind::User).filter(|(arn, _)| *arn != self.holder.arn).collect();
        for (arn, user) in users {
            let about = self.about(arn, user);
            let may = escalation.actions.iter().map(|action| self.holder.may(action, about)).fold(Decision::ALLOWED, Decision::and);
            let password = self.accounts.has_password(arn);
            let there = match (escalation.way, self.accounts.keys_of(arn)) {
                (Way::KeyInPlace, _) | (Way::KeyOfUser, Some(0 | 1)) => Decision::ALLOWED,
                (Way::KeyOfUser, Some(_)) => Decision::Denied,
                (Way::LoginOfUser, _) => known(password.map(|has| !has)),
                (Way::PasswordOfUser, _) => known(password).and(second_factor(self.accounts.has_mfa(arn))),
                _ => IF_THERE,
            };
            self.found.add(arn, RelationKind::Manages, may.and(there), escalation.permission());
        }
    }

    fn trust(&mut self, escalation: &Escalation) {
        for (arn, role) in self.roles() {
            let decision = self.holder.may(escalation.actions[0], self.about(arn, role));
            self.found.add(arn, RelationKind::Manages, decision, escalation.permission());
        }
    }

    fn roles(&self) -> Vec<(&'w str, &'w Principal)> {
        let roles = self.accounts.of_kind(self.holder.account, PrincipalKind::Role);
        roles.filter(|(arn, _)| *arn != self.holder.arn && !is_service_linked(arn)).collect()
    }

    fn group(&mut self, escalation: &Escalation) {
        let groups: Vec<_> = self.accounts.of_kind(self.holder.account, PrincipalKind::Group).collect();
        for (arn, group) in groups.into_iter().filter(|(_, group)| !self.holder.principal.groups.contains(&group.name)) {
            // Users are members, so only a user can put itself in; a role may put in a user that it can take.
            if self.holder.principal.kind != PrincipalKind::Role && arn != self.holder.arn {
                let decision = self.holder.may(escalation.actions[0], self.about(arn, group));
                self.found.add(arn, RelationKind::Manages, decision, escalation.permission());
            }
        }
    }

    /// Another principal that is given more, then taken: as strong as its boundary lets it be.
    fn stronger(&mut self, escalation: &Escalation) {
        let (first, second) = (escalation.actions[0], escalation.actions[1]);
        let kind = if escalation.way == Way::StrongerUser { PrincipalKind::User } else { PrincipalKind::Role };
        let tenant = self.tenant();
        let targets: Vec<_> = self
            .accounts
            .of_kind(self.holder.account, kind)
            .filter(|(arn, _)| *arn != self.holder.arn && !is_service_linked(arn))
            .collect();
        for (arn, target) in targets {
            let grown = match escalation.way {
                Way::StrongerPolicy => {
                    let policies = target.attached.iter().filter(|policy| is_customers(policy));
                    policies.map(|policy| self.on(first, policy)).fold(Decision::Denied, Decision::or)
                }
                _ => self.holder.may(first, self.about(arn, target)),
            };
            if grown == Decision::Denied {
                continue;
            }
            let taken = match second {
                "sts:AssumeRole" => self.assume(arn, target),
                "iam:CreateAccessKey" => self
                    .holder
                    .may(second, self.about(arn, target))
                    .and(if self.accounts.keys_of(arn).is_some_and(|keys| keys < 2) { Decision::ALLOWED } else { IF_THERE }),
                _ => self.holder.may(second, self.about(arn, target)),
            };
            let limit = limit(self.accounts.world, target);
            self.found.add(&tenant, RelationKind::Administers, grown.and(taken).and(limit), escalation.permission());
        }
    }

    /// Every role of any account whose trust lets it be assumed.
    fn assume_all(&mut self, escalation: &Escalation) {
        let own = self.found.commands(&self.tenant());
        let asks = self.holder.mentions(escalation.actions[0]);
        for (arn, _) in self.trusted.iter().filter(|(arn, trusted)| **arn != self.holder.arn && trusted.may_name(self.holder, asks)) {
            if own && super::iam::principal::account_of(arn) == Some(self.holder.account) {
                continue;
            }
            if let Some(role) = self.accounts.world.principals.get(*arn) {
                let decision = self.assume(arn, role);
                self.found.add(arn, RelationKind::Assumes, decision, escalation.permission());
            }
        }
    }

    fn assume(&self, arn: &str, role: &Principal) -> Decision {
        let Some(trust) = &role.trust else { return Decision::Denied };
        self.holder.may("sts:AssumeRole", About { policy: Some(trust), policy_decides: true, ..self.about(arn, role) })
    }
}

fn known(fact: Option<bool>) -> Decision {
    match fact {
        Some(true) => Decision::ALLOWED,
        Some(false) => Decision::Denied,
        None => IF_THERE,
    }
}

fn second_factor(asked: bool) -> Decision {
    let guards = if asked { GuardSet::NONE.with(Guard::Mfa) } else { GuardSet::NONE };
    Decision::Allowed { guards, certainty: Certainty::Proven }
}

//! How one principal comes to act as another, or to command its account.

use super::accounts::{Accounts, OfKind, is_service_linked};
use super::escalations::{ESCALATIONS, Escalation, Way};
use super::holder::{About, Holder, is_customers, limit};
use super::iam::decision::Decision;
use super::iam::principal::account_of;
use super::names::account_id;
use super::reach::{Reach, Targets};
use super::trusted::Trusts;
use super::trusts::ASSUME;
use super::world::{Principal, PrincipalKind};
use crate::model::{Certainty, Guard, GuardSet, RelationKind};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a principal is found to be able to do, by the other end and the kind of relation.
#[derive(Debug, Default)]
pub(super) struct Takeovers<'w> {
    found: BTreeMap<(Cow<'w, str>, RelationKind), Ways>,
}

/// The ways of one relation: the easiest decision, and the permissions that give it.
#[derive(Debug)]
pub(super) struct Ways {
    pub decision: Decision,
    pub permissions: Vec<&'static str>,
}

impl<'w> Takeovers<'w> {
    fn add(&mut self, to: impl Into<Cow<'w, str>>, kind: RelationKind, decision: Decision, permission: &'static str) {
        if decision == Decision::Denied {
            return;
        }
        let ways = self.found.entry((to.into(), kind)).or_insert(Ways { decision: Decision::Denied, permissions: Vec::new() });
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
    pub fn into_relations(self) -> impl Iterator<Item = (Cow<'w, str>, RelationKind, Ways)> {
        self.found.into_iter().map(|((to, kind), ways)| (to, kind, ways))
    }

    /// Whether the account is commanded outright: what is in it then follows.
    pub fn commands(&self, account: &str) -> bool {
        let account = (Cow::Borrowed(account), RelationKind::Administers);
        self.found.get(&account).is_some_and(|ways| ways.decision == Decision::ALLOWED)
    }
}

/// The possible, where something must be there that is not in the input.
const IF_THERE: Decision = Decision::POSSIBLE;

/// What a principal can take.
pub(super) struct Takeover<'a, 'w> {
    accounts: &'a Accounts<'w>,
    trusts: &'a Trusts<'w>,
    holder: &'a Holder<'a>,
    found: Takeovers<'w>,
    /// The roles of its account that it may be let assume.
    assumable: OnceCell<BTreeMap<&'w str, Decision>>,
}

impl<'a, 'w> Takeover<'a, 'w> {
    /// Everything that a principal can take. Costs its statements for each class of targets that they tell apart, and what it can take.
    pub fn of(accounts: &'a Accounts<'w>, trusts: &'a Trusts<'w>, holder: &'a Holder<'a>) -> Takeovers<'w> {
        let mut takeover = Takeover { accounts, trusts, holder, found: Takeovers::default(), assumable: OnceCell::new() };
        let tenant = takeover.tenant();
        let administrator = takeover.administrator();
        takeover.found.add(tenant.clone(), RelationKind::Administers, administrator, "*");
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
        let mut left = Decision::ALLOWED;
        for (action, resource) in asked {
            left = left.and(self.on(action, resource));
            if left == Decision::Denied {
                break;
            }
        }
        left
    }

    fn escalate(&mut self, escalation: &'static Escalation) {
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
    fn compute(&mut self, escalation: &'static Escalation) {
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
        let Some(roles) = self.of_kind(PrincipalKind::Role) else { return };
        let mut through: BTreeMap<usize, Decision> = BTreeMap::new();
        for service in &escalation.services {
            let mut add = |at: usize, decision: Decision| {
                let known = through.entry(at).or_insert(Decision::Denied);
                *known = known.or(decision);
            };
            let trusting = self.trusts.of_service(self.holder.account, service);
            let passed = passes.then(|| self.reach("iam:PassRole", Some(service), roles));
            match passed {
                None => trusting.iter().for_each(|(at, trusts)| add(*at, *trusts)),
                Some(passed) if passed.is_few() => {
                    for (at, decision) in passed.allowed() {
                        if let Ok(found) = trusting.binary_search_by_key(&at, |(at, _)| *at) {
                            add(at, trusting[found].1.and(decision));
                        }
                    }
                }
                Some(passed) => trusting.iter().for_each(|(at, trusts)| add(*at, trusts.and(passed.of(*at)))),
            }
        }
        for (at, decision) in through {
            let (arn, role) = (roles.names[at], roles.principals[at]);
            if arn != self.holder.arn && !(instance && role.detailed && role.instance_profiles.is_empty()) {
                self.found.add(arn, RelationKind::Assumes, decision.and(others), &escalation.permission);
            }
        }
    }

    fn of_kind(&self, kind: PrincipalKind) -> Option<&'a OfKind<'w>> {
        self.accounts.of_kind(self.holder.account, kind)
    }

    /// On which principals of a kind it may do an action.
    fn reach(&self, action: &'static str, passed_to: Option<&'static str>, of_kind: &'a OfKind<'w>) -> Rc<Reach> {
        let about = |at: usize| self.about(of_kind.names[at], of_kind.principals[at]);
        self.holder.reach(action, passed_to, &Targets { names: &of_kind.names, about: &about })
    }

    fn about<'t>(&self, arn: &'t str, target: &'t Principal) -> About<'t> {
        About { resource: arn, target: Some(target), account: account_of(arn), ..About::default() }
    }

    /// A policy that gives its holder whatever it wants, within its boundary.
    fn own(&mut self, escalation: &'static Escalation) {
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
        self.found.add(tenant, RelationKind::Administers, decision.and(limit), &escalation.permission);
    }

    fn groups(&self) -> Vec<(&'w str, &'w Principal)> {
        self.accounts.groups_of(self.holder.arn, self.holder.principal)
    }

    /// A credential for a user.
    fn user(&mut self, escalation: &'static Escalation) {
        let Some(users) = self.of_kind(PrincipalKind::User) else { return };
        let reaches: Vec<_> = escalation.actions.iter().map(|action| self.reach(action, None, users)).collect();
        let Some((first, others)) = reaches.split_first() else { return };
        for (at, decision) in first.allowed().filter(|(at, _)| users.names[*at] != self.holder.arn) {
            let arn = users.names[at];
            let may = others.iter().map(|reach| reach.of(at)).fold(Decision::ALLOWED.and(decision), Decision::and);
            let password = self.accounts.has_password(arn);
            let there = match (escalation.way, self.accounts.keys_of(arn)) {
                (Way::KeyInPlace, _) | (Way::KeyOfUser, Some(0 | 1)) => Decision::ALLOWED,
                (Way::KeyOfUser, Some(_)) => Decision::Denied,
                (Way::LoginOfUser, _) => known(password.map(|has| !has)),
                (Way::PasswordOfUser, _) => known(password).and(second_factor(self.accounts.has_mfa(arn))),
                _ => IF_THERE,
            };
            self.found.add(arn, RelationKind::Manages, may.and(there), &escalation.permission);
        }
    }

    fn trust(&mut self, escalation: &'static Escalation) {
        let Some(roles) = self.of_kind(PrincipalKind::Role) else { return };
        for (at, decision) in self.reach(escalation.actions[0], None, roles).allowed() {
            let arn = roles.names[at];
            if self.is_other(arn) {
                self.found.add(arn, RelationKind::Manages, decision, &escalation.permission);
            }
        }
    }

    /// Whether a principal is another, and one that anybody may change.
    fn is_other(&self, arn: &str) -> bool {
        arn != self.holder.arn && !is_service_linked(arn)
    }

    fn group(&mut self, escalation: &'static Escalation) {
        let Some(groups) = self.of_kind(PrincipalKind::Group) else { return };
        // Users are members, so only a user can put itself in; a role may put in a user that it can take.
        if self.holder.principal.kind == PrincipalKind::Role {
            return;
        }
        for (at, decision) in self.reach(escalation.actions[0], None, groups).allowed() {
            let (arn, group) = (groups.names[at], groups.principals[at]);
            if arn != self.holder.arn && !self.holder.principal.groups.contains(&group.name) {
                self.found.add(arn, RelationKind::Manages, decision, &escalation.permission);
            }
        }
    }

    /// Another principal that is given more, then taken: as strong as its boundary lets it be.
    fn stronger(&mut self, escalation: &'static Escalation) {
        let (first, second) = (escalation.actions[0], escalation.actions[1]);
        let kind = if escalation.way == Way::StrongerUser { PrincipalKind::User } else { PrincipalKind::Role };
        let Some(targets) = self.of_kind(kind) else { return };
        let tenant = self.tenant();
        let by_second = (second != ASSUME).then(|| self.reach(second, None, targets));
        let grown: Vec<(usize, Decision)> = match escalation.way {
            Way::StrongerPolicy => self.by_policy(first).into_iter().collect(),
            _ => self.reach(first, None, targets).allowed().collect(),
        };
        for (at, grown) in grown {
            let arn = targets.names[at];
            if !self.is_other(arn) {
                continue;
            }
            let taken = match &by_second {
                None => self.assumable().get(arn).copied().unwrap_or(Decision::Denied),
                Some(reach) if second == "iam:CreateAccessKey" => {
                    reach.of(at).and(if self.accounts.keys_of(arn).is_some_and(|keys| keys < 2) { Decision::ALLOWED } else { IF_THERE })
                }
                Some(reach) => reach.of(at),
            };
            if taken == Decision::Denied {
                continue;
            }
            let decision = grown.and(taken).and(limit(self.accounts.world, targets.principals[at]));
            self.found.add(tenant.clone(), RelationKind::Administers, decision, &escalation.permission);
            // Nothing is easier.
            if decision == Decision::ALLOWED {
                return;
            }
        }
    }

    /// The roles that grow with a policy of the account's own that it may change, by their places.
    fn by_policy(&self, action: &'static str) -> BTreeMap<usize, Decision> {
        let mut grown: BTreeMap<usize, Decision> = BTreeMap::new();
        let Some(attached) = self.accounts.attached(self.holder.account) else { return grown };
        let about = |at: usize| About { resource: attached.names[at], ..About::default() };
        let reach = self.holder.reach(action, None, &Targets { names: &attached.names, about: &about });
        for (at, decision) in reach.allowed() {
            for role in &attached.roles[at] {
                let known = grown.entry(*role).or_insert(Decision::Denied);
                *known = known.or(decision);
            }
        }
        grown
    }

    /// Every role of any account whose trust lets it be assumed.
    fn assume_all(&mut self, escalation: &'static Escalation) {
        let own = self.found.commands(&self.tenant());
        for arn in self.trusts.worth_asking(self.holder) {
            if own && account_of(arn) == Some(self.holder.account) {
                continue;
            }
            let decision = self.assume(arn);
            self.found.add(arn, RelationKind::Assumes, decision, &escalation.permission);
        }
    }

    /// Every role of its own account that it may assume, those whose trust means somebody whom nobody can tell too.
    fn assumable(&self) -> &BTreeMap<&'w str, Decision> {
        self.assumable.get_or_init(|| {
            let roles = self.trusts.worth_asking(self.holder).into_iter().chain(self.trusts.loose().iter().copied());
            roles.filter(|arn| account_of(arn).unwrap_or_default() == self.holder.account).map(|arn| (arn, self.assume(arn))).collect()
        })
    }

    fn assume(&self, arn: &str) -> Decision {
        let Some(role) = self.accounts.world.principals.get(arn) else { return Decision::Denied };
        let Some(trust) = &role.trust else { return Decision::Denied };
        self.holder.may(ASSUME, About { policy: Some(trust), policy_decides: true, ..self.about(arn, role) })
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

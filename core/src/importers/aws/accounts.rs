//! [`Accounts`]: the principals of each account, with what is asked of them again and again worked out once.

use super::holder::{Holder, is_customers};
use super::iam::document::{Effect, Matcher, PolicyDocument};
use super::iam::principal::{PrincipalPattern, account_of};
use super::names::Arn;
use super::organization::Organization;
use super::reach::Decided;
use super::world::{AccessKey, Principal, PrincipalKind, World};
use std::collections::{BTreeMap, BTreeSet};

/// The principals of each account.
pub(super) struct Accounts<'w> {
    pub world: &'w World,
    pub organization: Organization<'w>,
    groups: BTreeMap<(&'w str, &'w str), (&'w str, &'w Principal)>,
    /// The listed keys of each user, by ARN; those of a user whom nobody describes, or whose name several accounts have, by its name alone.
    pub listed: BTreeMap<&'w str, Vec<(&'w str, &'w AccessKey)>>,
    partitions: BTreeMap<&'w str, &'w str>,
    /// Whom a policy of a resource or of a role denies something by name, and whether any asks who it is.
    denied: BTreeSet<&'w str>,
    asked_who: bool,
    /// The users, roles and groups of each account, by ARN.
    members: BTreeMap<&'w str, Vec<(&'w str, &'w Principal)>>,
    kinds: BTreeMap<&'w str, BTreeMap<PrincipalKind, OfKind<'w>>>,
    /// The names of the roles of each account.
    role_names: BTreeSet<(&'w str, &'w str)>,
    attached: BTreeMap<&'w str, Attached<'w>>,
    /// What was decided already.
    pub decided: Decided,
}

/// The principals of one kind in an account, by ARN.
#[derive(Default)]
pub(super) struct OfKind<'w> {
    pub names: Vec<&'w str>,
    pub principals: Vec<&'w Principal>,
}

/// The policies that are not AWS's own and attached to roles of an account, by ARN.
pub(super) struct Attached<'w> {
    pub names: Vec<&'w str>,
    /// The roles of each, by their places among the roles of the account.
    pub roles: Vec<Vec<usize>>,
}

impl<'w> Accounts<'w> {
    /// Costs one pass over what the inputs say.
    pub fn new(world: &'w World) -> Self {
        let mut accounts = Accounts {
            world,
            organization: Organization::new(world),
            groups: BTreeMap::new(),
            listed: listed(world),
            partitions: partitions(world),
            denied: BTreeSet::new(),
            asked_who: false,
            members: BTreeMap::new(),
            kinds: BTreeMap::new(),
            role_names: BTreeSet::new(),
            attached: BTreeMap::new(),
            decided: Decided::default(),
        };
        for (arn, principal) in &world.principals {
            let account = account_of(arn).unwrap_or_default();
            accounts.members.entry(account).or_default().push((arn, principal));
            let kind = accounts.kinds.entry(account).or_default().entry(principal.kind).or_default();
            kind.names.push(arn);
            kind.principals.push(principal);
            if principal.kind == PrincipalKind::Role {
                accounts.role_names.insert((account, &principal.name));
            }
            if principal.kind == PrincipalKind::Group {
                accounts.groups.insert((account, &principal.name), (arn, principal));
            }
        }
        accounts.look_for_attached();
        accounts.look_for_names();
        accounts
    }

    /// Looks which roles grow with a policy of their account's own.
    fn look_for_attached(&mut self) {
        for (account, kinds) in &self.kinds {
            let Some(roles) = kinds.get(&PrincipalKind::Role) else { continue };
            let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (at, role) in roles.principals.iter().enumerate() {
                for policy in role.attached.iter().filter(|policy| is_customers(policy)) {
                    holders.entry(policy).or_default().push(at);
                }
            }
            let (names, roles) = holders.into_iter().unzip();
            self.attached.insert(account, Attached { names, roles });
        }
    }

    /// Looks whom the policies of resources, of roles and of Organizations tell from others.
    fn look_for_names(&mut self) {
        let world = self.world;
        let trusts = world.principals.values().filter_map(|role| role.trust.as_ref());
        let control = world.control.values().filter_map(|policy| policy.document.as_ref());
        for policy in world.resource_policies.values().chain(trusts).chain(control) {
            self.asked_who |= policy.statements.iter().flat_map(|statement| &statement.conditions).any(|condition| condition.asks_who());
            for principals in policy.with(Effect::Deny).filter_map(|statement| statement.principals.as_ref()) {
                for named in principals.named() {
                    if let PrincipalPattern::Arn(arn) = named {
                        self.denied.insert(arn);
                    }
                }
            }
        }
    }

    /// Whether some policy tells a user from the others of its groups.
    pub fn tells_apart(&self, arn: &str) -> bool {
        self.asked_who || self.denied.contains(arn)
    }

    /// The accounts whose principals are in the input.
    pub fn known(&self) -> impl Iterator<Item = &'w str> + '_ {
        self.members.keys().copied()
    }

    pub fn is_known(&self, account: &str) -> bool {
        self.members.contains_key(account)
    }

    /// The partition of AWS that an account is in.
    pub fn partition(&self, account: &str) -> &'w str {
        self.partitions.get(account).copied().unwrap_or("aws")
    }

    /// The principals of one kind in an account; `None` where it has none.
    pub fn of_kind(&self, account: &str, kind: PrincipalKind) -> Option<&OfKind<'w>> {
        self.kinds.get(account)?.get(&kind)
    }

    /// The policies that roles of an account grow with.
    pub fn attached(&self, account: &str) -> Option<&Attached<'w>> {
        self.attached.get(account)
    }

    /// Whether an account has a role of some name.
    pub fn has_role(&self, account: &str, name: &str) -> bool {
        self.role_names.contains(&(account, name))
    }

    /// Every principal, by account then ARN: groups come before roles and users.
    pub fn all(&self) -> impl Iterator<Item = (&'w str, &'w Principal)> + '_ {
        self.members.values().flatten().copied()
    }

    /// The groups of a user that are in the input.
    pub fn groups_of(&self, arn: &str, user: &Principal) -> Vec<(&'w str, &'w Principal)> {
        let account = account_of(arn).unwrap_or_default();
        user.groups.iter().filter_map(|name| self.groups.get(&(account, name.as_str())).copied()).collect()
    }

    /// How many access keys a user has; nothing where nobody says.
    pub fn keys_of(&self, arn: &str) -> Option<usize> {
        let slots =
            |row: &super::world::ReportRow| row.keys.iter().filter(|slot| slot.active == Some(true) || slot.last_rotated.is_some()).count();
        let reported = self.world.report.get(arn).map(slots);
        // Of a user without keys a list does not tell the name.
        reported.max(self.listed.get(arn).map(Vec::len))
    }

    /// Whether a user has a password; nothing where nobody says.
    pub fn has_password(&self, arn: &str) -> Option<bool> {
        self.world.report.get(arn)?.password_enabled
    }

    /// Whether a user must show a second factor to sign in with a password.
    pub fn has_mfa(&self, arn: &str) -> bool {
        self.world.report.get(arn).is_some_and(|row| row.mfa_active == Some(true))
    }

    /// A principal with every policy that has a say, those of its groups too.
    pub fn holder(&'w self, arn: &'w str, principal: &'w Principal) -> Holder<'w> {
        Holder::new(self, arn, principal)
    }
}

fn listed(world: &World) -> BTreeMap<&str, Vec<(&str, &AccessKey)>> {
    let mut by_name: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let users = world.principals.iter().filter(|(_, principal)| principal.kind == PrincipalKind::User);
    let users = users.map(|(arn, user)| (user.name.as_str(), arn.as_str()));
    let reported = world.report.keys().filter_map(|arn| Some((Arn::parse(arn)?.name(), arn.as_str())));
    for (name, arn) in users.chain(reported) {
        by_name.entry(name).or_default().insert(arn);
    }
    let mut keys: BTreeMap<&str, Vec<(&str, &AccessKey)>> = BTreeMap::new();
    for (id, key) in &world.access_keys {
        // The list does not say of which account a user is: a name that two accounts have names nobody.
        let fits = |arn: &&&str| key.account.as_deref().is_none_or(|account| account_of(arn) == Some(account));
        let mut fitting = by_name.get(key.user.as_str()).into_iter().flatten().filter(fits);
        let user = match (fitting.next(), fitting.next()) {
            (Some(arn), None) => arn,
            _ => key.user.as_str(),
        };
        keys.entry(user).or_default().push((id, key));
    }
    keys
}

/// The partition of each account, from the ARNs that name it.
fn partitions(world: &World) -> BTreeMap<&str, &str> {
    let arns = world.principals.keys().chain(world.report.keys()).chain(world.secrets.keys()).chain(world.resource_policies.keys());
    let named = arns.filter_map(|arn| Arn::parse(arn)).map(|arn| (arn.account, arn.partition));
    let members = world.members.iter().filter_map(|(id, member)| Some((id.as_str(), member.partition.as_deref()?)));
    members.chain(named).collect()
}

/// Whether AWS itself runs the role: nobody may change it or pass it on.
pub(super) fn is_service_linked(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"))
}

/// Whether any statement of a policy may mean a principal, whatever the statement does.
pub(super) fn may_mean(policy: &PolicyDocument, principal: &super::iam::principal::Principal<'_>) -> bool {
    use super::iam::known::Truth;
    policy.with(Effect::Allow).filter_map(|statement| statement.principals.as_ref()).any(|principals| match principals {
        Matcher::Only(named) => named.iter().any(|pattern| pattern.names(principal).0 != Truth::No),
        Matcher::AllBut(_) => true,
    })
}

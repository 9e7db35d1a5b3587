//! [`Accounts`]: the principals of each account, with what is asked of them again and again worked out once.

use super::holder::{self, Holder};
use super::iam::document::{Effect, Matcher, PolicyDocument};
use super::iam::principal::{PrincipalPattern, account_of, same_service};
use super::names::Arn;
use super::world::{Principal, PrincipalKind, World};
use std::collections::{BTreeMap, BTreeSet};

/// The principals of each account.
pub(super) struct Accounts<'w> {
    pub world: &'w World,
    groups: BTreeMap<(&'w str, &'w str), (&'w str, &'w Principal)>,
    /// How many keys each user has, where anybody says.
    keys: BTreeMap<&'w str, usize>,
    control: BTreeMap<&'w str, Vec<Vec<&'w PolicyDocument>>>,
    /// The users, roles and groups of each account, by ARN.
    members: BTreeMap<&'w str, Vec<(&'w str, &'w Principal)>>,
}

impl<'w> Accounts<'w> {
    pub fn new(world: &'w World) -> Self {
        let mut accounts =
            Accounts { world, groups: BTreeMap::new(), keys: BTreeMap::new(), control: holder::control(world), members: BTreeMap::new() };
        for (arn, principal) in &world.principals {
            let account = account_of(arn).unwrap_or_default();
            accounts.members.entry(account).or_default().push((arn, principal));
            if principal.kind == PrincipalKind::Group {
                accounts.groups.insert((account, &principal.name), (arn, principal));
            }
        }
        accounts.count_keys();
        accounts
    }

    fn count_keys(&mut self) {
        let slots =
            |row: &super::world::ReportRow| row.keys.iter().filter(|slot| slot.active == Some(true) || slot.last_rotated.is_some()).count();
        for (arn, row) in &self.world.report {
            self.keys.insert(arn, slots(row));
        }
        if !self.world.seen.keys {
            return;
        }
        let users = self.world.principals.iter().filter(|(_, principal)| principal.kind == PrincipalKind::User);
        for (arn, user) in users {
            let known = self.world.access_keys.values().filter(|key| key.user == user.name).count();
            let keys = self.keys.entry(arn).or_default();
            *keys = known.max(*keys);
        }
    }

    /// The accounts whose principals are in the input.
    pub fn known(&self) -> impl Iterator<Item = &'w str> + '_ {
        self.members.keys().copied()
    }

    pub fn is_known(&self, account: &str) -> bool {
        self.members.contains_key(account)
    }

    /// The principals of one kind in an account, by ARN.
    pub fn of_kind(&self, account: &str, kind: PrincipalKind) -> impl Iterator<Item = (&'w str, &'w Principal)> + '_ {
        let members = self.members.get(account).map_or(&[][..], Vec::as_slice);
        members.iter().copied().filter(move |(_, principal)| principal.kind == kind)
    }

    /// Every principal, by account then ARN.
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
        self.keys.get(arn).copied()
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
    pub fn holder(&self, arn: &'w str, principal: &'w Principal) -> Holder<'_> {
        let groups: Vec<&Principal> = self.groups_of(arn, principal).into_iter().map(|(_, group)| group).collect();
        let control = self.control.get(account_of(arn).unwrap_or_default()).map_or(&[][..], Vec::as_slice);
        Holder::new(self.world, arn, principal, &groups, control)
    }
}

/// Whom the trust policy of a role names, worked out once.
pub(super) struct Trusted<'w> {
    pub services: BTreeSet<&'w str>,
    pub accounts: BTreeSet<&'w str>,
    pub anyone: bool,
}

impl<'w> Trusted<'w> {
    /// What the allowing statements of a trust policy name.
    pub fn of(trust: &'w PolicyDocument) -> Self {
        let mut trusted = Trusted { services: BTreeSet::new(), accounts: BTreeSet::new(), anyone: false };
        for statement in trust.statements.iter().filter(|statement| statement.effect == Effect::Allow) {
            let named = match &statement.principals {
                Some(Matcher::Only(named)) => named,
                // All but some: anybody may be meant.
                Some(Matcher::AllBut(_)) => {
                    trusted.anyone = true;
                    continue;
                }
                None => continue,
            };
            for principal in named {
                match principal {
                    PrincipalPattern::Anyone => trusted.anyone = true,
                    PrincipalPattern::Account(account) => drop(trusted.accounts.insert(account)),
                    PrincipalPattern::Arn(arn) => trusted.accounts.extend(account_of(arn)),
                    PrincipalPattern::Service(service) => drop(trusted.services.insert(service)),
                    _ => {}
                }
            }
        }
        trusted
    }

    /// Whether a service is named.
    pub fn names_service(&self, service: &str) -> bool {
        self.services.iter().any(|named| same_service(named, service))
    }
}

/// Whether AWS itself runs the role: nobody may change it or pass it on.
pub(super) fn is_service_linked(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"))
}

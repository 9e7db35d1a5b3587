//! [`Holder`]: a user, role or group with every policy that has a say in what it may do, and the questions asked of it.

use super::iam::decision::{Boundary, Decision, Policies, Request, decide};
use super::iam::document::{Effect, Matcher, PolicyDocument};
use super::iam::known::{Known, Truth};
use super::iam::pattern::Case;
use super::iam::principal;
use super::names::Arn;
use super::world::{Principal, PrincipalKind, World};
use crate::model::{Certainty, Guard, GuardSet, Labels};
use std::collections::BTreeMap;

/// A principal that may hold rights.
pub(super) struct Holder<'w> {
    pub arn: &'w str,
    pub account: &'w str,
    pub principal: &'w Principal,
    world: &'w World,
    identity: Vec<&'w PolicyDocument>,
    boundary: Boundary<'w>,
    control: &'w [Vec<&'w PolicyDocument>],
}

/// What a question is about, besides the action.
#[derive(Default, Clone, Copy)]
pub(super) struct About<'a> {
    /// The resource.
    pub resource: &'a str,
    /// Its own policy.
    pub policy: Option<&'a PolicyDocument>,
    /// Whether that policy must agree even within the account.
    pub policy_decides: bool,
    /// The account it stands in, where that is known.
    pub account: Option<&'a str>,
    /// The service that a role is passed to.
    pub passed_to: Option<&'a str>,
    /// Its tags, where they are known.
    pub tags: Option<&'a Labels>,
}

const POSSIBLE: Decision = Decision::Allowed { guards: GuardSet::NONE, certainty: Certainty::Possible };

/// The policy that whoever may attach any policy would attach.
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

impl<'w> Holder<'w> {
    /// A principal with its own policies, those attached to it and those of some groups.
    pub fn new(
        world: &'w World,
        arn: &'w str,
        principal: &'w Principal,
        groups: &[&'w Principal],
        control: &'w [Vec<&'w PolicyDocument>],
    ) -> Self {
        let all = std::iter::once(principal).chain(groups.iter().copied());
        let identity = all.flat_map(|holder| world.policies_of(holder)).map(|(_, policy)| policy).collect();
        let boundary = match &principal.boundary {
            None => Boundary::None,
            Some(arn) => world.policies.get(arn).map_or(Boundary::Unknown, |policy| Boundary::Policy(policy)),
        };
        let account = Arn::parse(arn).map_or("", |arn| arn.account);
        Holder { arn, account, principal, world, identity, boundary, control }
    }

    /// Whether anything denies it something, or a boundary limits it: what it holds through a group is then not all that the group holds.
    pub fn is_limited(&self) -> bool {
        let denies = |policy: &&PolicyDocument| policy.statements.iter().any(|statement| statement.effect == Effect::Deny);
        self.boundary != Boundary::None || self.identity.iter().any(denies)
    }

    /// What its boundary leaves of every right: all, nothing more than it names, or nobody knows.
    pub fn limit(&self) -> Decision {
        match self.boundary {
            Boundary::None => Decision::ALLOWED,
            Boundary::Policy(boundary) => {
                let anything = |matcher: &Matcher<super::iam::pattern::Pattern>| matches!(matcher, Matcher::Only(all) if all.iter().any(|it| it.is_anything()));
                let allows =
                    boundary.statements.iter().any(|it| it.effect == Effect::Allow && anything(&it.actions) && it.conditions.is_empty());
                let denies = boundary.statements.iter().any(|it| it.effect == Effect::Deny);
                // A boundary that denies some things leaves others; which of them matter nobody can say.
                if !allows {
                    Decision::Denied
                } else if denies {
                    POSSIBLE
                } else {
                    Decision::ALLOWED
                }
            }
            Boundary::Unknown => POSSIBLE,
        }
    }

    /// Whether it may do an action.
    pub fn may(&self, action: &str, about: About<'_>) -> Decision {
        let known = |key: &str| self.known(key, &about);
        let request = Request { principal: principal::Principal::aws(self.arn), action, resource: about.resource, known: &known };
        let policies = Policies {
            identity: self.identity.clone(),
            boundary: self.boundary,
            control: self.control.to_vec(),
            resource: about.policy,
            resource_decides: about.policy_decides,
            cross_account: about.account.is_some_and(|account| account != self.account),
        };
        decide(&policies, &request)
    }

    /// Whether any statement lets it do an action at all: asked first, for most ask for nothing that matters here.
    pub fn mentions(&self, action: &str) -> bool {
        let allows = self.identity.iter().flat_map(|policy| &policy.statements).filter(|statement| statement.effect == Effect::Allow);
        allows.into_iter().any(|statement| names_action(&statement.actions, action))
    }

    /// The easiest way to do an action on some resource, whichever: one is made up for each pattern that a statement names.
    pub fn may_somewhere(&self, action: &str, about: About<'_>) -> Decision {
        let allows = self.identity.iter().flat_map(|policy| &policy.statements).filter(|statement| statement.effect == Effect::Allow);
        let mut best = Decision::Denied;
        for statement in allows.filter(|statement| names_action(&statement.actions, action)) {
            let made_up = match &statement.resources {
                Some(Matcher::Only(patterns)) => patterns.iter().map(|pattern| pattern.example()).collect(),
                _ => vec!["arn:aws:any:eu-west-1:000000000000:any/any".to_owned()],
            };
            for resource in made_up {
                best = best.or(self.may(action, About { resource: &resource, ..about }));
                if best == Decision::ALLOWED {
                    return best;
                }
            }
        }
        best
    }

    /// The patterns of resources that its statements name for some actions.
    pub fn named_resources(&self) -> impl Iterator<Item = &super::iam::pattern::Pattern> {
        let allows = self.identity.iter().flat_map(|policy| &policy.statements).filter(|statement| statement.effect == Effect::Allow);
        allows
            .filter_map(|statement| statement.resources.as_ref())
            .filter_map(|resources| match resources {
                Matcher::Only(patterns) => Some(patterns),
                Matcher::AllBut(_) => None,
            })
            .flatten()
    }

    /// What is known of a condition key. Source: IAM user guide, "AWS global condition context keys".
    fn known(&self, key: &str, about: &About<'_>) -> Known {
        let one = |value: &str| Known::Values(vec![value.to_owned()]);
        let is_user = self.principal.kind == PrincipalKind::User;
        if let Some(tag) = key.strip_prefix("aws:principaltag/") {
            // The session of a role may carry tags that the role does not have.
            let missing = if is_user { Known::Absent } else { Known::Unknown };
            return tagged(&self.principal.labels, tag).map_or(missing, one);
        }
        if let Some((_, tag)) = key.split_once(":resourcetag/") {
            return about.tags.map_or(Known::Unknown, |tags| tagged(tags, tag).map_or(Known::Absent, one));
        }
        match key {
            "aws:principalarn" => one(self.arn),
            "aws:principalaccount" => one(self.account),
            "aws:principalorgid" => match &self.world.organization {
                Some(organization) if self.world.members.contains_key(self.account) => one(organization),
                _ => Known::Unknown,
            },
            "aws:principaltype" => one(if is_user { "User" } else { "AssumedRole" }),
            "aws:username" if is_user => one(&self.principal.name),
            "aws:username" => Known::Absent,
            "aws:userid" if is_user => self.principal.unique_id.as_deref().map_or(Known::Unknown, one),
            "aws:multifactorauthpresent" | "aws:multifactorauthage" => Known::Guarded(Guard::Mfa),
            "aws:sourceip" | "aws:vpcsourceip" | "aws:sourcevpc" | "aws:sourcevpce" => Known::Guarded(Guard::Network),
            "aws:principalisawsservice" | "aws:viaawsservice" => one("false"),
            // No token is older than its holder, and nobody asks before that one was made.
            "aws:tokenissuetime" | "aws:currenttime" => self.principal.created_at.map_or(Known::Unknown, Known::After),
            "aws:securetransport" => one("true"),
            "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" | "aws:sourcearn" | "aws:sourceaccount" => Known::Absent,
            // AWS says that an external id is no secret: whoever may assume the role can be told it.
            "sts:externalid" | "aws:requestedregion" | "sts:rolesessionname" | "sts:sourceidentity" | "aws:useragent" | "aws:referer" => {
                Known::Chosen
            }
            "aws:tagkeys" | "sts:transitivetagkeys" => Known::Chosen,
            "aws:resourceaccount" => about.account.map_or(Known::Unknown, one),
            "iam:passedtoservice" => about.passed_to.map_or(Known::Unknown, one),
            "iam:policyarn" => one(ADMINISTRATOR),
            // Whoever makes a principal stronger does not bound it.
            "iam:permissionsboundary" => Known::Absent,
            _ if key.starts_with("aws:requesttag/") => Known::Chosen,
            _ => Known::Unknown,
        }
    }
}

fn tagged<'l>(labels: &'l Labels, tag: &str) -> Option<&'l str> {
    labels.iter().find(|(key, _)| key.eq_ignore_ascii_case(tag)).map(|(_, value)| value.as_str())
}

fn names_action(actions: &Matcher<super::iam::pattern::Pattern>, action: &str) -> bool {
    let named = |pattern: &super::iam::pattern::Pattern| pattern.matches(action, Case::Ignored, &|_| Known::Unknown) != Truth::No;
    match actions {
        Matcher::Only(patterns) => patterns.iter().any(named),
        Matcher::AllBut(patterns) => !patterns.iter().any(named),
    }
}

/// The service control policies over each account, a list a level from the root down. Levels of which no policy is known are left out: their default allows all.
pub(super) fn control(world: &World) -> BTreeMap<&str, Vec<Vec<&PolicyDocument>>> {
    let accounts = world.members.keys().filter(|id| principal::is_account(id));
    accounts
        .map(|account| {
            // Service control policies do not limit the management account.
            let chain = if world.management_account.as_ref() == Some(account) { Vec::new() } else { world.chain(account) };
            let attached = |member: &&str| -> Vec<&PolicyDocument> {
                let here = world.control.values().filter(|policy| policy.targets.contains(*member));
                here.filter_map(|policy| policy.document.as_deref()).collect()
            };
            let levels = chain.iter().rev().map(attached).filter(|level| !level.is_empty());
            (account.as_str(), levels.collect())
        })
        .collect()
}

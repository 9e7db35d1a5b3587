//! [`Holder`]: a user, role or group with every policy that has a say in what it may do, and the questions asked of it.

use super::accounts::Accounts;
use super::iam::condition::asks_who;
use super::iam::decision::{Boundary, Decision, Policies, Request, decide};
use super::iam::document::{Effect, Matcher, PolicyDocument, Statement};
use super::iam::known::{Known, Truth};
use super::iam::pattern::{Case, Pattern};
use super::iam::principal;
use super::names::Arn;
use super::world::{Principal, PrincipalKind, World};
use crate::model::Labels;
use std::collections::BTreeSet;

/// A principal that may hold rights.
pub(super) struct Holder<'w> {
    pub arn: &'w str,
    pub account: &'w str,
    pub partition: &'w str,
    pub principal: &'w Principal,
    pub(super) accounts: &'w Accounts<'w>,
    pub(super) identity: Vec<&'w PolicyDocument>,
    pub(super) boundary: Boundary<'w>,
    /// Whether a policy of the account's own is attached that is not in the input: it may deny.
    pub(super) unread: bool,
    limited: bool,
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
    /// The region it stands in; empty where it is in none or nobody says.
    pub region: &'a str,
    /// The service that a role is passed to.
    pub passed_to: Option<&'a str>,
    /// The user, role or group that is acted on.
    pub target: Option<&'a Principal>,
}

impl<'w> Holder<'w> {
    /// A principal with its own policies, those attached to it and those of its groups.
    pub fn new(accounts: &'w Accounts<'w>, arn: &'w str, principal: &'w Principal) -> Self {
        let world = accounts.world;
        let groups = accounts.groups_of(arn, principal);
        let all = || std::iter::once(principal).chain(groups.iter().map(|(_, group)| *group));
        let identity: Vec<&PolicyDocument> = all().flat_map(|holder| world.policies_of(holder)).collect();
        let unread = all().flat_map(|holder| &holder.attached).any(|policy| is_customers(policy) && world.policy(policy).is_none());
        let boundary = boundary(world, principal);
        let parsed = Arn::parse(arn);
        let (account, partition) = parsed.map_or(("", "aws"), |arn| (arn.account, arn.partition));
        // What a group holds is worked out for nobody in particular: where it matters who asks, its users are looked at one by one.
        let mut of_groups = groups.iter().flat_map(|(_, group)| world.policies_of(group)).flat_map(|policy| &policy.statements);
        let limited = boundary != Boundary::None
            || unread
            || identity.iter().any(|policy| policy.with(Effect::Deny).next().is_some())
            || of_groups.any(Statement::asks_who)
            || !groups.is_empty() && accounts.tells_apart(arn);
        Holder { arn, account, partition, principal, accounts, identity, boundary, unread, limited }
    }

    /// Whether what it holds through a group may not be all that the group holds: something is denied to it, a boundary limits it, or it matters who asks.
    pub fn is_limited(&self) -> bool {
        self.limited
    }

    /// Whether it may do an action.
    pub fn may(&self, action: &str, about: About<'_>) -> Decision {
        self.accounts.decided.count();
        let known = |key: &str| self.known(action, key, &about);
        let request = Request { principal: principal::Principal::aws(self.arn), action, resource: about.resource, known: &known };
        let organization = &self.accounts.organization;
        let policies = Policies {
            identity: &self.identity,
            boundary: self.boundary,
            control: organization.control(self.account),
            resource_control: organization.resource_control(about.account.unwrap_or(self.account), action),
            resource: about.policy,
            resource_decides: about.policy_decides,
            cross_account: about.account.is_some_and(|account| account != self.account),
        };
        let decision = decide(&policies, &request);
        if self.unread { decision.and(Decision::POSSIBLE) } else { decision }
    }

    /// The statements that allow something.
    pub(super) fn allows(&self) -> impl Iterator<Item = &Statement> {
        self.identity.iter().flat_map(|policy| policy.with(Effect::Allow))
    }

    /// The easiest way to do an action on some resource: one is made up for each pattern that a statement names.
    pub(super) fn decide_somewhere(&self, action: &str) -> Decision {
        let mut best = Decision::Denied;
        for statement in self.allows().filter(|statement| statement.names(action)) {
            let made_up = match &statement.resources {
                Some(Matcher::Only(patterns)) => patterns.iter().map(|pattern| pattern.example()).collect(),
                _ => vec![format!("arn:{}:any:eu-west-1:000000000000:any/any", self.partition)],
            };
            for resource in made_up {
                best = best.or(self.may(action, About { resource: &resource, ..About::default() }));
                if best == Decision::ALLOWED {
                    return best;
                }
            }
        }
        best
    }

    /// The patterns of resources on which its statements allow any of some actions; `None` where one allows it on all but some.
    pub fn resources_for(&self, actions: &BTreeSet<&str>) -> Option<Vec<&Pattern>> {
        let mut patterns = Vec::new();
        for statement in self.allows().filter(|statement| actions.iter().any(|action| statement.names(action))) {
            match &statement.resources {
                Some(Matcher::Only(only)) => patterns.extend(only),
                _ => return None,
            }
        }
        Some(patterns)
    }

    /// The patterns of resources that its statements name.
    pub fn named_resources(&self) -> impl Iterator<Item = &Pattern> {
        let resources = self.allows().filter_map(|statement| statement.resources.as_ref());
        resources.flat_map(|resources| if let Matcher::Only(patterns) = resources { patterns.as_slice() } else { &[] })
    }

    /// What is known of a condition key. Source: IAM user guide, "AWS global condition context keys"; service authorization reference, IAM and STS.
    pub(super) fn known(&self, action: &str, key: &str, about: &About<'_>) -> Known {
        if self.principal.kind == PrincipalKind::Group
            && asks_who(key)
            && key != "aws:principalaccount"
            && !key.starts_with("aws:principalorg")
        {
            return Known::Unknown;
        }
        if let Some(tag) = key.strip_prefix("aws:principaltag/") {
            // The session of a role may carry tags that the role does not have.
            let missing = if self.principal.kind == PrincipalKind::User { Known::Absent } else { Known::Unknown };
            return tagged(&self.principal.labels, tag).map_or(missing, one);
        }
        if let Some((_, tag)) = key.split_once(":resourcetag/") {
            return about.target.map_or(Known::Unknown, |target| tagged(&target.labels, tag).map_or(Known::Absent, one));
        }
        self.of_principal(key).or_else(|| self.of_question(action, key, about)).unwrap_or_else(|| of_request(key))
    }

    /// What is known of who asks.
    fn of_principal(&self, key: &str) -> Option<Known> {
        let is_user = self.principal.kind == PrincipalKind::User;
        let organization = &self.accounts.organization;
        Some(match key {
            "aws:principalarn" => one(self.arn),
            "aws:principalaccount" => one(self.account),
            "aws:principalorgid" => organization.of(self.account).map_or(Known::Unknown, one),
            "aws:principalorgpaths" => organization.path(self.account).map_or(Known::Unknown, |path| one(&path)),
            "aws:principaltype" => one(if is_user { "User" } else { "AssumedRole" }),
            "aws:username" if is_user => one(&self.principal.name),
            "aws:username" => Known::Absent,
            "aws:userid" if is_user => self.principal.unique_id.as_deref().map_or(Known::Unknown, one),
            // No token is older than its holder, and nobody asks before they were made.
            "aws:tokenissuetime" | "aws:currenttime" => self.principal.created_at.map_or(Known::Unknown, Known::After),
            _ => return None,
        })
    }

    /// What is known of what is asked for.
    fn of_question(&self, action: &str, key: &str, about: &About<'_>) -> Option<Known> {
        let organization = &self.accounts.organization;
        Some(match key {
            "aws:requestedregion" => region(action, self.partition, about.region),
            "aws:resourceaccount" => about.account.map_or(Known::Unknown, one),
            "aws:resourceorgid" => about.account.and_then(|account| organization.of(account)).map_or(Known::Unknown, one),
            "iam:passedtoservice" => about.passed_to.map_or(Known::Unknown, one),
            // What whoever may attach any policy would attach.
            "iam:policyarn" => Known::Preferred(format!("arn:{}:iam::aws:policy/AdministratorAccess", self.partition)),
            "iam:permissionsboundary" => match about.target {
                Some(target) => target.boundary.as_deref().map_or(Known::Absent, one),
                None => Known::Unknown,
            },
            _ => return None,
        })
    }
}

/// What is known of any request that a person or a program sends straight to AWS.
fn of_request(key: &str) -> Known {
    match key {
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => Known::Guarded(crate::model::Guard::Mfa),
        "aws:sourceip" | "aws:vpcsourceip" | "aws:sourcevpc" | "aws:sourcevpce" => Known::Guarded(crate::model::Guard::Network),
        "aws:principalisawsservice" | "aws:viaawsservice" => one("false"),
        "aws:securetransport" => one("true"),
        "aws:calledvia"
        | "aws:calledviafirst"
        | "aws:calledvialast"
        | "aws:sourcearn"
        | "aws:sourceaccount"
        | "aws:sourceorgid"
        | "aws:principalservicename"
        | "aws:principalservicenameslist" => Known::Absent,
        // AWS says that an external id is no secret: whoever may assume the role can be told it.
        "sts:externalid"
        | "sts:rolesessionname"
        | "sts:sourceidentity"
        | "sts:transitivetagkeys"
        | "aws:useragent"
        | "aws:referer"
        | "aws:tagkeys" => Known::Chosen,
        _ if key.starts_with("aws:requesttag/") => Known::Chosen,
        _ => Known::Unknown,
    }
}

/// The region that a request goes to: that of the resource; the one that a service without regions has; else the caller's choice.
/// Source: IAM user guide, "AWS global condition context keys", `aws:RequestedRegion`.
fn region(action: &str, partition: &str, of_resource: &str) -> Known {
    let service = action.split(':').next().unwrap_or_default().to_ascii_lowercase();
    if matches!(service.as_str(), "iam" | "organizations" | "account") {
        return one(match partition {
            "aws-cn" => "cn-north-1",
            "aws-us-gov" => "us-gov-west-1",
            _ => "us-east-1",
        });
    }
    if of_resource.is_empty() { Known::Chosen } else { one(of_resource) }
}

fn one(value: &str) -> Known {
    Known::Values(vec![value.to_owned()])
}

impl Statement {
    /// Whether it names an action, as far as can be told.
    pub(super) fn names(&self, action: &str) -> bool {
        let named = |pattern: &Pattern| pattern.matches(action, Case::Ignored, &|_| Known::Unknown) != Truth::No;
        match &self.actions {
            Matcher::Only(patterns) => patterns.iter().any(named),
            Matcher::AllBut(patterns) => !patterns.iter().any(named),
        }
    }

    /// Whether it may mean one principal and not another that holds it.
    pub(super) fn asks_who(&self) -> bool {
        let patterns = self.resources.iter().flat_map(Matcher::named).chain(self.actions.named());
        self.conditions.iter().any(|condition| condition.asks_who()) || patterns.flat_map(Pattern::variables).any(asks_who)
    }
}

/// Whether a policy is of the account's own: those of AWS nobody can change.
pub(super) fn is_customers(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.account != "aws")
}

fn boundary<'w>(world: &'w World, principal: &Principal) -> Boundary<'w> {
    match &principal.boundary {
        None => Boundary::None,
        Some(arn) => world.policy(arn).map_or(Boundary::Unknown, Boundary::Policy),
    }
}

/// What the boundary of a principal leaves of every right: all, nothing more than it names, or nobody knows.
pub(super) fn limit(world: &World, principal: &Principal) -> Decision {
    match boundary(world, principal) {
        Boundary::None => Decision::ALLOWED,
        Boundary::Policy(boundary) => {
            let anything = |matcher: &Matcher<Pattern>| matches!(matcher, Matcher::Only(all) if all.iter().any(|it| it.is_anything()));
            let allows = boundary.with(Effect::Allow).any(|it| anything(&it.actions) && it.conditions.is_empty());
            // A boundary that denies some things leaves others; which of them matter nobody can say.
            match (allows, boundary.with(Effect::Deny).next()) {
                (false, _) => Decision::Denied,
                (true, Some(_)) => Decision::POSSIBLE,
                (true, None) => Decision::ALLOWED,
            }
        }
        Boundary::Unknown => Decision::POSSIBLE,
    }
}

fn tagged<'l>(labels: &'l Labels, tag: &str) -> Option<&'l str> {
    labels.iter().find(|(key, _)| key.eq_ignore_ascii_case(tag)).map(|(_, value)| value.as_str())
}

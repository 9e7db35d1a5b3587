//! [`decide`]: whether policies together let a principal do an action on a resource.

use super::document::{Effect, Matcher, PolicyDocument, Statement};
use super::known::{Known, Truth, When};
use super::pattern::Case;
use super::principal::{Directly, Principal, PrincipalPattern};
use crate::model::{Certainty, GuardSet};

/// What is asked for.
pub(crate) struct Request<'a> {
    pub principal: Principal<'a>,
    pub action: &'a str,
    pub resource: &'a str,
    /// What is known of a key, by its name in lower case.
    pub known: &'a dyn Fn(&str) -> Known,
}

/// The policies that have a say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Policies<'a> {
    /// Those of the principal: its own, those attached to it, those of its groups.
    pub identity: &'a [&'a PolicyDocument],
    /// Its permissions boundary.
    pub boundary: Boundary<'a>,
    /// The service control policies, for each level of the organisation from its root to the account. A level without one that is known is left out.
    pub control: &'a [Level<'a>],
    /// The resource control policies over the account of the resource, all levels together: they can only deny.
    pub resource_control: &'a [&'a PolicyDocument],
    /// That of the resource.
    pub resource: Option<&'a PolicyDocument>,
    /// Whether the resource's own policy must agree even within one account: roles and keys of KMS.
    pub resource_decides: bool,
    /// Whether principal and resource are in different accounts.
    pub cross_account: bool,
}

/// The service control policies on the root, a unit or the account.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level<'a> {
    pub policies: Vec<&'a PolicyDocument>,
    /// Whether another is attached that is not in the input.
    pub unread: bool,
}

impl Level<'_> {
    /// What the level lets through, denials aside. A level of denials alone is one whose allowing policy nobody exported: without one, nothing in the
    /// account would work.
    fn lets(&self, request: &Request<'_>) -> Decision {
        if self.policies.iter().all(|policy| policy.with(Effect::Allow).next().is_none()) {
            return Decision::ALLOWED;
        }
        match allowed(&self.policies, request, Named::Anyhow) {
            Decision::Denied if self.unread => Decision::POSSIBLE,
            decision => decision,
        }
    }
}

/// The permissions boundary of a principal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Boundary<'a> {
    /// It has none.
    #[default]
    None,
    /// It has this one.
    Policy(&'a PolicyDocument),
    /// It has one that is not in the input.
    Unknown,
}

/// What policies together say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Denied,
    /// Allowed to who meets the guards; possible where a condition could not be evaluated.
    Allowed {
        guards: GuardSet,
        certainty: Certainty,
    },
}

impl Decision {
    /// Allowed to everyone, proven.
    pub const ALLOWED: Decision = Decision::Allowed { guards: GuardSet::NONE, certainty: Certainty::Proven };

    /// Allowed to everyone, if something is so that nobody can tell.
    pub const POSSIBLE: Decision = Decision::Allowed { guards: GuardSet::NONE, certainty: Certainty::Possible };

    /// Both must allow.
    pub fn and(self, other: Decision) -> Decision {
        match (self, other) {
            (Decision::Allowed { guards, certainty }, Decision::Allowed { guards: more, certainty: other }) => {
                Decision::Allowed { guards: guards.iter().chain(more.iter()).collect(), certainty: certainty.max(other) }
            }
            _ => Decision::Denied,
        }
    }

    /// The easier of the two.
    pub fn or(self, other: Decision) -> Decision {
        match (self, other) {
            (Decision::Denied, other) => other,
            (this, Decision::Denied) => this,
            (this, other) => {
                if this.hardness() <= other.hardness() {
                    this
                } else {
                    other
                }
            }
        }
    }

    /// Proven comes before possible, few guards before many.
    fn hardness(self) -> (bool, usize) {
        match self {
            Decision::Denied => (true, usize::MAX),
            Decision::Allowed { guards, certainty } => (certainty == Certainty::Possible, guards.iter().count()),
        }
    }
}

/// Whether policies together let a principal do an action on a resource.
///
/// Source: IAM user guide, "Policy evaluation logic", "Determining whether a request is allowed or denied within an account", "Cross-account policy
/// evaluation logic" and "Permissions boundaries": an explicit denial anywhere decides; each level of service control policies and the boundary must allow;
/// within an account the identity's or the resource's policy is enough, between accounts both must allow. What a resource's policy gives a user by its own
/// name is not limited by the boundary's silence; what it gives a role is. Costs the statements of the policies.
pub(crate) fn decide(policies: &Policies<'_>, request: &Request<'_>) -> Decision {
    let boundary = match policies.boundary {
        Boundary::Policy(policy) => Some(policy),
        _ => None,
    };
    let control = policies.control.iter().flat_map(|level| &level.policies);
    let own = policies.identity.iter().chain(&boundary).chain(control);
    let every = own.chain(policies.resource_control).chain(&policies.resource).copied();
    let Some(denied) = denied(every, request) else { return Decision::Denied };
    let levels = policies.control.iter().map(|level| level.lets(request));
    let control = levels.fold(Decision::ALLOWED, Decision::and);
    let bounded = match policies.boundary {
        Boundary::None => Decision::ALLOWED,
        Boundary::Policy(policy) => allowed(&[policy], request, Named::Anyhow),
        Boundary::Unknown => Decision::POSSIBLE,
    };
    let identity = allowed(policies.identity, request, Named::Anyhow).and(bounded);
    let resource: Vec<&PolicyDocument> = policies.resource.into_iter().collect();
    let by_resource = |named| allowed(&resource, request, named);
    let route = if policies.cross_account {
        identity.and(by_resource(Named::Anyhow))
    } else {
        let limit = if is_user(&request.principal) { Decision::ALLOWED } else { bounded };
        let direct = by_resource(Named::Directly).and(limit);
        let own = if policies.resource_decides { identity.and(by_resource(Named::Anyhow)) } else { identity };
        own.or(direct)
    };
    route.and(control).and(denied)
}

/// How a resource's policy must name the principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// Itself.
    Directly,
    /// Itself or by its account.
    Anyhow,
}

fn is_user(principal: &Principal<'_>) -> bool {
    matches!(principal, Principal::Aws { arn, .. } if arn.split(':').nth(5).is_some_and(|name| name.starts_with("user/")))
}

/// The easiest way that some policies allow a request.
fn allowed(policies: &[&PolicyDocument], request: &Request<'_>, named: Named) -> Decision {
    let statements = policies.iter().flat_map(|policy| &policy.statements).filter(|statement| statement.effect == Effect::Allow);
    statements.map(|statement| permission(statement.when(request, named))).fold(Decision::Denied, Decision::or)
}

/// What an allowing statement gives: whoever lacks a guard does not care that others must lack it too.
fn permission(when: When) -> Decision {
    match when {
        When::Never => Decision::Denied,
        When::Under { with, open, .. } => {
            Decision::Allowed { guards: with, certainty: if open { Certainty::Possible } else { Certainty::Proven } }
        }
    }
}

/// What the denials leave: nothing, or what whoever meets some guards may still do.
fn denied<'a>(policies: impl Iterator<Item = &'a PolicyDocument>, request: &Request<'_>) -> Option<Decision> {
    let mut left = Decision::ALLOWED;
    let statements = policies.flat_map(|policy| &policy.statements).filter(|statement| statement.effect == Effect::Deny);
    for statement in statements {
        let When::Under { with, without, open } = statement.when(request, Named::Anyhow) else { continue };
        left = match (with.is_empty(), without.iter().count(), open) {
            // Only who meets a guard is denied; whoever does not is free of it.
            (false, ..) => left,
            (true, 0, false) => return None,
            (true, 1, false) => left.and(Decision::Allowed { guards: without, certainty: Certainty::Proven }),
            // Which of several things must be met, or whether any, nobody can say.
            _ => left.and(Decision::Allowed { guards: GuardSet::NONE, certainty: Certainty::Possible }),
        };
    }
    Some(left)
}

impl Statement {
    /// When the statement speaks about a request.
    fn when(&self, request: &Request<'_>, named: Named) -> When {
        let action = self.actions.about(|pattern| pattern.matches(request.action, Case::Ignored, request.known));
        let resource = self.resources.as_ref();
        let resource =
            resource.map_or(Truth::Yes, |matcher| matcher.about(|pattern| pattern.matches(request.resource, Case::Counts, request.known)));
        let principal = self.principals.as_ref().map_or(Truth::Yes, |principals| self.principal(principals, request, named));
        let conditions = self.conditions.iter().map(|condition| condition.when(self.effect, request.known));
        let named = When::from(action).and(resource.into()).and(principal.into());
        if named == When::Never { named } else { conditions.fold(named, When::and) }
    }
}

impl Statement {
    /// Whether the statement means who asks.
    fn principal(&self, principals: &Matcher<PrincipalPattern>, request: &Request<'_>, named: Named) -> Truth {
        let names = |directly: bool| {
            let of = |pattern: &PrincipalPattern| match pattern.names(&request.principal) {
                (truth, Directly(is)) if is == directly => truth,
                _ => Truth::No,
            };
            Truth::any(principals.named().iter().map(of))
        };
        let (itself, account) = (names(true), names(false));
        match principals {
            Matcher::Only(_) if named == Named::Directly => itself,
            Matcher::Only(_) => Truth::any([itself, account]),
            // To except somebody from a denial, both they and their account must be named: with the account alone they are denied, and without it they may be.
            Matcher::AllBut(_) if self.effect == Effect::Deny && matches!(request.principal, Principal::Aws { .. }) => {
                match (itself, account) {
                    (Truth::Yes, Truth::Yes) => Truth::No,
                    (Truth::No, _) => Truth::Yes,
                    _ => Truth::Unknown,
                }
            }
            Matcher::AllBut(_) => itself.not(),
        }
    }
}

impl<T> Matcher<T> {
    /// Whether it is about something, given whether each of its patterns is.
    fn about(&self, matches: impl Fn(&T) -> Truth) -> Truth {
        let any = Truth::any(self.named().iter().map(matches));
        match self {
            Matcher::Only(_) => any,
            Matcher::AllBut(_) => any.not(),
        }
    }
}

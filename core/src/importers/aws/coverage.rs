//! What was not in the inputs, or could not be judged.

use super::accounts::Accounts;
use super::iam::principal::account_of;
use super::world::PrincipalKind;
use crate::estate::{Coverage, EstateBuilder};

/// Adds what the reading covers.
pub(super) fn add(accounts: &Accounts<'_>, builder: &mut EstateBuilder) {
    let world = accounts.world;
    let seen = &world.seen;
    let mut cover = |topic: &str, known: usize, total: usize, note: &str| {
        if total > 0 {
            builder.cover(Coverage { topic: topic.into(), known: known as u64, total: total as u64, note: note.into() });
        }
    };
    let principals = world.principals.len();
    let detailed = world.principals.values().filter(|principal| principal.detailed).count();
    cover(
        "aws_policies",
        detailed,
        principals,
        "principals whose policies are in the input, of all; what the others may do is unknown (`get-account-authorization-details`)",
    );
    let attached: std::collections::BTreeSet<&String> =
        world.principals.values().flat_map(|it| it.attached.iter().chain(&it.boundary)).collect();
    let there = attached.iter().filter(|arn| world.policy(arn).is_some()).count();
    cover(
        "aws_managed_policies",
        there,
        attached.len(),
        "managed policies that are attached and in the input, of all that are attached; what the others allow is unknown",
    );
    let users = || world.principals.iter().filter(|(_, it)| it.kind == PrincipalKind::User);
    let known_keys = users().filter(|(arn, _)| accounts.keys_of(arn).is_some()).count();
    cover(
        "aws_access_keys",
        known_keys,
        users().count(),
        "users whose access keys are in the input, of all (credential report, `list-access-keys`)",
    );
    let known_logins = users().filter(|(arn, _)| accounts.has_password(arn).is_some()).count();
    cover(
        "aws_passwords",
        known_logins,
        users().count(),
        "users of whom the input says whether they have a password and a second factor, of all (credential report)",
    );
    let roles = world.principals.values().filter(|it| it.kind == PrincipalKind::Role);
    let used = roles.clone().filter(|role| role.last_used_at.is_some()).count();
    cover(
        "aws_role_last_used",
        used,
        roles.count(),
        "roles of which the input says when they were last used; none says so of a role unused for 400 days",
    );
    let limited = accounts.known().count();
    let known = accounts.known().filter(|account| seen.control_policies && accounts.organization.is_whole(account)).count();
    cover(
        "aws_service_control_policies",
        known,
        limited,
        "accounts whose service control policies are in the input on every level, of all; without one nothing is taken to be limited by it",
    );
    let managed = world.secrets.len();
    let storing: std::collections::BTreeSet<&str> = world.secrets.keys().filter_map(|arn| account_of(arn)).collect();
    let stored = accounts.known().filter(|account| storing.contains(account)).count();
    cover(
        "aws_secrets",
        if seen.secrets && storing.is_empty() { limited } else { stored },
        limited,
        "accounts whose secrets of the Secrets Manager are in the input, of all whose principals are (`list-secrets` in every region)",
    );
    let policies = world.secrets.keys().filter(|arn| world.resource_policies.contains_key(*arn)).count();
    cover(
        "aws_secret_policies",
        policies,
        managed,
        "secrets whose own policy is in the input, of all; without it only their account's policies were judged",
    );
    let placed = accounts.known().filter(|account| world.members.contains_key(*account)).count();
    cover(
        "aws_organization",
        placed,
        limited,
        "accounts that the output of Organizations names, of all: without it they have no names, tags or parents",
    );
    let versions = world.written.keys();
    let of_listed = versions.clone().filter(|arn| world.secrets.contains_key(*arn)).count();
    cover(
        "aws_secret_versions",
        of_listed,
        versions.count(),
        "secrets whose versions are in the input and which a list describes, of all whose versions are; the others are not in the estate (`list-secrets`)",
    );
    let held: std::collections::BTreeSet<&String> =
        world.principals.values().flat_map(|it| it.attached.iter().chain(&it.boundary)).collect();
    let of_somebody = world.policies.keys().filter(|arn| held.contains(arn)).count();
    cover(
        "aws_policies_held",
        of_somebody,
        if of_somebody == 0 { world.policies.len() } else { 0 },
        "managed policies in the input that somebody in it holds, of all: alone they say nothing of who may do what (`get-account-authorization-details`)",
    );
    let associations = world.pod_identities.values();
    let told = associations.clone().filter(|association| association.role.is_some()).count();
    cover(
        "aws_pod_identities",
        told,
        associations.count(),
        "associations of Pod Identity whose role is in the input, of all; the list does not tell it (`describe-pod-identity-association`)",
    );
    let cut = world.pages.values().filter(|[more, last]| *more > 0 && *last == 0).count();
    cover("aws_truncated", 0, cut, "lists that say that more pages follow, and none that says it is the last");
    let deleted = world.principals.values().filter(|it| it.trust.as_deref().is_some_and(names_deleted)).count();
    cover(
        "aws_deleted_principals",
        0,
        deleted,
        "roles that trust a principal which was deleted: nobody can become it again, and the trust should go",
    );
}

fn names_deleted(trust: &super::iam::document::PolicyDocument) -> bool {
    use super::iam::principal::PrincipalPattern;
    let named = trust.statements.iter().filter_map(|statement| statement.principals.as_ref());
    named.flat_map(super::iam::document::Matcher::named).any(|principal| matches!(principal, PrincipalPattern::Deleted(_)))
}

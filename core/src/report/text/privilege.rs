//! The answer of `privilege` as text: the sums, what is broader than in production, who commands much, what is not used.

use super::TextOptions;
use super::chain::{described, name};
use super::lines::{Lines, Style, counted, first, number, percent};
use super::relation::{over, right};
use crate::analysis::{BroaderRight, IdentityPrivilege, Privilege, PrivilegedGrant, TwinDrift, UnusedGrant};
use crate::estate::Estate;
use crate::model::{EntityType, IdentityKind, Instant};

/// How many rights of one identity are written.
const RIGHTS: usize = 3;

/// The answer of `privilege`, for a terminal.
pub fn privilege(answer: &Privilege, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("Privilege as of {as_of}"), Some(Style::Heading));
    if answer.identities.is_empty() {
        lines.plain("no living identity was granted a right", None);
        return lines.into_text();
    }
    sums(&mut lines, answer);
    lines.list("Broader than in production", answer.broader_than_production.iter().map(|drift| broader(estate, drift)));
    let (machines, mut others): (Vec<_>, Vec<_>) = privileged(answer).into_iter().partition(|it| it.kind.is_machine());
    // A role commands what it is made for; who holds it is the question.
    others.sort_by_key(|it| it.kind == IdentityKind::Role);
    lines.list("Machine identities that command much", machines.iter().map(|it| commands(estate, it)));
    lines.list("People, groups and roles that command much", others.iter().map(|it| commands(estate, it)));
    let mut unused: Vec<_> = answer.identities.iter().flat_map(|it| &it.unused_grants).collect();
    unused.sort_by_key(|grant| std::cmp::Reverse(grant.unused_days));
    lines.list("Rights not used for long", unused.iter().map(|grant| not_used(estate, grant)));
    lines.not_known(&answer.coverage);
    lines.into_text()
}

fn sums(lines: &mut Lines<'_>, answer: &Privilege) {
    let (summary, counts) = (answer.summary, answer.summary.counts);
    let identities = counted(answer.identities.len() as u64, "identity", "identities");
    let rights = counted(counts.granted, "right", "rights");
    let (used, unused, unknown) = (number(counts.used), number(counts.unused), number(counts.unknown));
    lines.add(
        0,
        format!("{rights} of {identities}: {used} used, {unused} not used for long, {unknown} of which nobody says whether they are"),
    );
    let machines = summary.machine_identities;
    if machines > 0 {
        let (privileged, excessive) = (summary.privileged_machine_identities, summary.excessive_machine_identities);
        let share = percent(privileged, machines);
        let idle = match excessive - privileged {
            0 => String::new(),
            1 => "; 1 more holds a right not used for long".to_owned(),
            more => format!("; {} more hold a right not used for long", number(more)),
        };
        let of = format!("{} of {}", number(privileged), number(machines));
        lines.add(0, format!("machine identities that command much: {of} ({share}){idle}"));
    }
    let broader = counted(answer.broader_than_production.len() as u64, "identity or tenant is", "identities and tenants are");
    lines.add(0, format!("{broader} broader than in production"));
}

/// Those that command much, by the least tier of a right of their own, then by how many they have; last those that do so as members only.
fn privileged(answer: &Privilege) -> Vec<&IdentityPrivilege> {
    let mut privileged: Vec<_> = answer.identities.iter().filter(|it| it.is_privileged()).collect();
    privileged.sort_by_key(|it| {
        let tier = it.privileged.iter().map(|grant| grant.tier.unwrap_or(u8::MAX)).min();
        (tier.is_none(), tier, std::cmp::Reverse(it.privileged.iter().map(|grant| grant.relations).sum::<u64>()))
    });
    privileged
}

fn commands(estate: &Estate, identity: &IdentityPrivilege) -> String {
    let mut parts = Vec::new();
    if !identity.privileged.is_empty() {
        parts.push(first(RIGHTS, identity.privileged.iter().map(|grant| much(estate, grant))));
    }
    if !identity.through.is_empty() {
        let groups = first(RIGHTS, identity.through.iter().map(|group| name(estate, group).to_owned()));
        parts.push(format!("as member of {groups}"));
    }
    format!("{}: {}", described(estate, &identity.identity), parts.join("; "))
}

fn much(estate: &Estate, grant: &PrivilegedGrant) -> String {
    match grant.relations {
        0 | 1 => right(estate, &grant.relation),
        several => {
            let one = name(estate, &grant.relation.to);
            over(&grant.relation, &format!("{one} and {} more", number(several - 1)))
        }
    }
}

fn broader(estate: &Estate, drift: &TwinDrift) -> String {
    let twins = first(RIGHTS, drift.twins.iter().map(|twin| described(estate, twin)));
    let rights = first(RIGHTS, drift.broader.iter().map(|broader| unmatched(estate, drift, broader)));
    format!("{}, twin of {twins}: {rights}", described(estate, &drift.entity))
}

fn unmatched(estate: &Estate, drift: &TwinDrift, broader: &BroaderRight) -> String {
    let held = broader.held.map(|held| format!(", where the twin has {held}")).unwrap_or_default();
    match drift.entity_type {
        EntityType::Tenant => {
            let from = name(estate, &broader.relation.from);
            format!("{from} {}{held}", over(&broader.relation, "it"))
        }
        _ => format!("{}{held}", right(estate, &broader.relation)),
    }
}

fn not_used(estate: &Estate, grant: &UnusedGrant) -> String {
    let days = counted(grant.unused_days.unsigned_abs(), "day", "days");
    format!("{days}: {} {}", described(estate, &grant.relation.from), right(estate, &grant.relation))
}

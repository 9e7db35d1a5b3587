//! The answer of `lifecycle` as text: what should be gone first, then what nobody answers for or uses.

use super::TextOptions;
use super::chain::described;
use super::lines::{Lines, Style, counted, first, number};
use super::relation::relation;
use crate::analysis::{Dormant, Expired, Lifecycle, NotOffboarded, OffboardingReason, OwnerGap, OwnerProblem, StaleTrust, TrustProblem};
use crate::estate::{Estate, Tie};
use crate::model::Instant;

/// How many relations are written in one row.
const RELATIONS: usize = 2;

/// The answer of `lifecycle`, for a terminal.
pub fn lifecycle(answer: &Lifecycle, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("Lifecycle as of {as_of}"), Some(Style::Heading));
    let (left, missing): (Vec<_>, Vec<_>) = answer.owners.iter().partition(|gap| gap.problem == OwnerProblem::Left);
    let count = |what: usize| number(what as u64);
    lines.add(
        0,
        format!(
            "tenants to be gone {}, past their end {}, owner left {}, without owner {}, not used for long {}, stale trusts {}",
            count(answer.offboarding.len()),
            count(answer.expired.len()),
            count(left.len()),
            count(missing.len()),
            count(answer.dormant.len()),
            count(answer.trusts.len()),
        ),
    );
    lines.list("Tenants that should be gone", sorted(&answer.offboarding, |it| it.trusts).map(|it| to_be_gone(estate, it)));
    lines.list("Past their end and still there", sorted(&answer.expired, |it| it.holders).map(|it| expired(estate, it)));
    lines.list("Trusts that nobody uses or looks at", answer.trusts.iter().map(|trust| stale(estate, trust)));
    lines.list("The owner left", left.iter().map(|gap| owned(estate, gap)));
    lines.list("Not used for long", sorted(&answer.dormant, |it| it.unused_days).map(|it| dormant(estate, it)));
    lines.list("Without an owner", missing.iter().map(|gap| described(estate, &gap.entity)));
    lines.not_known(&answer.coverage);
    lines.into_text()
}

/// The most first, and else as in the answer.
fn sorted<T, K: Ord>(items: &[T], most: impl Fn(&T) -> K) -> impl ExactSizeIterator<Item = &T> {
    let mut items: Vec<&T> = items.iter().collect();
    items.sort_by_key(|item| std::cmp::Reverse(most(item)));
    items.into_iter()
}

fn to_be_gone(estate: &Estate, gone: &NotOffboarded) -> String {
    let date = |at: Option<Instant>| at.map_or_else(|| "an unknown date".to_owned(), Instant::date);
    let why = match gone.reason {
        OffboardingReason::Expired => format!("ended {}", date(gone.expires_at)),
        OffboardingReason::WithoutEnd => format!("made {}, states no end", date(gone.created_at)),
    };
    let secrets = match gone.living_secrets.len() as u64 {
        0 => String::new(),
        count => format!("; holds {}", counted(count, "working secret", "working secrets")),
    };
    let trusts = if gone.trusts > 0 { format!("; leads on: {}", ties(estate, &gone.trusted_by, gone.trusts)) } else { String::new() };
    format!("{} {why}{secrets}{trusts}", described(estate, &gone.tenant))
}

fn expired(estate: &Estate, expired: &Expired) -> String {
    let days = counted(expired.expired_days.unsigned_abs(), "day", "days");
    let held = if expired.holders > 0 { format!("; {}", ties(estate, &expired.held_by, expired.holders)) } else { String::new() };
    format!("{} ended {}, {days} ago{held}", described(estate, &expired.entity), expired.expires_at.date())
}

/// The first of the relations that are shown, with the number of all that are not.
fn ties(estate: &Estate, shown: &[Tie], all: u64) -> String {
    let told = first(RELATIONS, shown.iter().take(RELATIONS).map(|tie| relation(estate, tie)));
    match all.saturating_sub(RELATIONS as u64) {
        0 => told,
        hidden => format!("{told} and {} more", number(hidden)),
    }
}

fn stale(estate: &Estate, trust: &StaleTrust) -> String {
    let problems = trust.problems.iter().map(|problem| match problem {
        TrustProblem::Unused => {
            let days = trust.unused_days.unwrap_or_default().unsigned_abs();
            format!("not used for {}", counted(days, "day", "days"))
        }
        TrustProblem::NotReviewed => {
            let granted = trust.granted_at.map(|at| format!("granted {}, ", at.date())).unwrap_or_default();
            let reviewed = trust.reviewed_at.map_or_else(|| "never reviewed".to_owned(), |at| format!("last reviewed {}", at.date()));
            format!("{granted}{reviewed}")
        }
    });
    let environments = format!("{} to {}", trust.from_environment, trust.to_environment);
    format!("{} [{environments}]: {}", relation(estate, &trust.relation), problems.collect::<Vec<_>>().join(", "))
}

fn owned(estate: &Estate, gap: &OwnerGap) -> String {
    let owner = gap.owner.as_deref().unwrap_or("an unknown owner");
    format!("{}: {owner}", described(estate, &gap.entity))
}

fn dormant(estate: &Estate, dormant: &Dormant) -> String {
    let days = counted(dormant.unused_days.unsigned_abs(), "day", "days");
    format!("{days}, limit {}: {}", dormant.limit_days, described(estate, &dormant.entity))
}

//! The answer of `rotation` as text: the sums, then what must be done first.

use super::TextOptions;
use super::chain::name;
use super::lines::{Lines, Style, counted, number, percent};
use crate::analysis::{Rotation, RotationShare, RotationStatus, SecretRotation};
use crate::estate::Estate;
use crate::model::Instant;

/// The answer of `rotation`, for a terminal.
pub fn rotation(answer: &Rotation, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    let summary = answer.summary();
    lines.plain(format!("Rotation of secrets as of {as_of}"), Some(Style::Heading));
    if summary.all.secrets == 0 {
        lines.plain("there is no secret in this estate", None);
        return lines.into_text();
    }
    lines.add(0, format!("{}: {}", counted(summary.all.secrets, "secret", "secrets"), share(&summary.all)));
    let statuses = summary.by_status.iter().filter(|(_, count)| **count > 0);
    lines.add(0, statuses.map(|(status, count)| format!("{status} {}", number(*count))).collect::<Vec<_>>().join(", "));
    let mut due: Vec<_> = answer.of_status(RotationStatus::Overdue).chain(answer.of_status(RotationStatus::DueSoon)).collect();
    due.sort_by_key(|entry| (entry.status != RotationStatus::Overdue, entry.due, entry.secret));
    lines.list("Due first", due.iter().map(|entry| row(estate, entry)));
    groups(&mut lines, "By kind", summary.by_kind.iter().map(|(kind, share)| (kind.as_str(), share)));
    groups(&mut lines, "By environment", summary.by_environment.iter().map(|(environment, share)| (environment.as_str(), share)));
    groups(&mut lines, "By storage", summary.by_storage.iter().map(|(storage, share)| (storage.as_str(), share)));
    groups(&mut lines, "By tenant", summary.by_tenant.iter().map(|(tenant, share)| (name(estate, tenant), share)));
    lines.list(
        "Dates that cannot be true",
        summary.data_problems.iter().map(|problem| format!("{} of {} {}", problem.field, name(estate, &problem.secret), problem.problem)),
    );
    lines.into_text()
}

fn groups<'g>(lines: &mut Lines<'_>, title: &str, groups: impl Iterator<Item = (&'g str, &'g RotationShare)>) {
    let mut groups: Vec<_> = groups.collect();
    // The worst first: the most secrets past their limit.
    groups.sort_by_key(|(name, share)| (std::cmp::Reverse(share.judged - share.within_limit), *name));
    lines.list(title, groups.into_iter().map(|(name, group)| format!("{name}: {}", share(group))));
}

fn share(share: &RotationShare) -> String {
    match share.judged {
        0 if share.secrets == 1 => "it cannot be judged".to_owned(),
        0 => "none could be judged".to_owned(),
        judged => {
            let late = judged - share.within_limit;
            format!("{} of {} judged are older than their limit ({})", number(late), number(judged), percent(late, judged))
        }
    }
}

fn row(estate: &Estate, entry: &SecretRotation<'_>) -> String {
    let due = entry.due.map(Instant::date).unwrap_or_default();
    let age = entry.age_days.map(|days| format!(", {} old", counted(days.unsigned_abs(), "day", "days"))).unwrap_or_default();
    let tenant = entry.tenant.map(|tenant| format!(" of {}", name(estate, tenant))).unwrap_or_default();
    format!("{} due {due}{age}: {} [{}{tenant}, {}]", entry.status, name(estate, entry.secret), entry.kind, entry.environment)
}

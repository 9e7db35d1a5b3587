//! The answer of `sharing` as text: first what serves production and non-production, by what it is.

use super::TextOptions;
use super::chain::{described, name};
use super::lines::{Lines, Style, counted, number};
use crate::analysis::{SharedEntity, Sharing, SharingCategory, SharingEvidence, SharingRole};
use crate::estate::Estate;
use crate::model::{Environment, EnvironmentClass, Instant};
use std::cmp::Reverse;

/// The answer of `sharing`, for a terminal.
pub fn sharing(answer: &Sharing, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("Sharing as of {as_of}"), Some(Style::Heading));
    if answer.shared.is_empty() {
        lines.plain("nothing serves more than one environment; what has no environment was not counted", None);
        return lines.into_text();
    }
    let (across, within): (Vec<_>, Vec<_>) = sorted(answer).into_iter().partition(|shared| shared.spans_production());
    for (shared, what) in [(&across, "production and non-production"), (&within, "several environments, but not both sides")] {
        let serve = counted(shared.len() as u64, "thing serves", "things serve");
        let sums: Vec<_> = SharingCategory::ALL.iter().filter_map(|category| sum(*category, shared)).collect();
        lines.add(0, if sums.is_empty() { format!("{serve} {what}") } else { format!("{serve} {what}: {}", sums.join(", ")) });
    }
    for category in SharingCategory::ALL {
        let of_category: Vec<_> = across.iter().filter(|shared| shared.category == *category).collect();
        lines.list(title(*category), of_category.iter().map(|shared| row(estate, shared)));
    }
    // Where there is worse, these are only counted.
    if across.is_empty() {
        lines.list("Several environments", within.iter().map(|shared| format!("{}: {}", shared.category, row(estate, shared))));
    }
    lines.into_text()
}

/// The most ties first.
fn sorted(answer: &Sharing) -> Vec<&SharedEntity> {
    let mut shared: Vec<_> = answer.shared.iter().collect();
    shared.sort_by_key(|shared| Reverse(shared.ties.values().sum::<u64>()));
    shared
}

fn sum(category: SharingCategory, shared: &[&SharedEntity]) -> Option<String> {
    let count = shared.iter().filter(|shared| shared.category == category).count() as u64;
    (count > 0).then(|| format!("{category} {}", number(count)))
}

fn title(category: SharingCategory) -> &'static str {
    match category {
        SharingCategory::Secret => "Secrets of production and non-production",
        SharingCategory::Identity => "Identities of production and non-production",
        SharingCategory::VendorCredential => "What vendors hold of production and non-production",
        SharingCategory::Vault => "Vaults of production and non-production",
        SharingCategory::Runner => "Runners of production and non-production",
        SharingCategory::Store => "Stores of production and non-production",
        SharingCategory::Compute => "Clusters, hosts and functions of production and non-production",
        SharingCategory::Tenant => "Tenants of production and non-production",
        SharingCategory::Other => "Other resources of production and non-production",
    }
}

/// The thing, and each environment with the number of ties to it; on each side the first tie of the environment with the most.
fn row(estate: &Estate, shared: &SharedEntity) -> String {
    let most = |class: EnvironmentClass| {
        let ties = shared.ties.iter().filter(|(environment, _)| environment.class() == class);
        ties.max_by_key(|(environment, ties)| (*ties, Reverse(*environment))).map(|(environment, _)| *environment)
    };
    let shown = [most(EnvironmentClass::Production), most(EnvironmentClass::NonProduction)];
    let environments = shared.ties.iter().map(|(environment, ties)| {
        let tie = shown.contains(&Some(*environment)).then(|| first_tie(shared, *environment)).flatten();
        let first = tie.map(|tie| format!(" ({})", told(estate, shared, tie))).unwrap_or_default();
        format!("{environment} {}{first}", number(*ties))
    });
    let vendor = shared.vendor.as_ref().map(|vendor| format!(", run by {vendor}")).unwrap_or_default();
    format!("{}{vendor}: {}", described(estate, &shared.entity), environments.collect::<Vec<_>>().join(", "))
}

/// Whom it serves says more than where it stands.
fn first_tie(shared: &SharedEntity, environment: Environment) -> Option<&SharingEvidence> {
    let ties = || shared.evidence.iter().filter(move |tie| tie.environment == environment);
    ties().find(|tie| tie.role != SharingRole::Belongs).or_else(|| ties().next())
}

fn told(estate: &Estate, shared: &SharedEntity, tie: &SharingEvidence) -> String {
    let other = name(estate, &tie.entity);
    match tie.role {
        SharingRole::Belongs if tie.entity == shared.entity => "it stands there".to_owned(),
        SharingRole::Belongs => format!("as {other}"),
        SharingRole::Contains => format!("contains {other}"),
        SharingRole::Serves => format!("serves {other}"),
        SharingRole::UsedFrom => format!("used from {other}"),
    }
}

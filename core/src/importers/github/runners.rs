//! Runners of one's own: what runs on one may stay there for the next job.

use super::adding::{Adding, OPEN, PERHAPS};
use super::expression::is_resolved;
use super::ids;
use super::runs::Run;
use super::settings::{Runner, RunnerGroup};
use super::world::Kept;
use crate::model::{Relation, RelationKind, Resource, ResourceKind};

/// The beginnings of the labels of GitHub's own runners, of which every job gets a new one.
const HOSTED: [&str; 3] = ["ubuntu-", "windows-", "macos-"];

/// Joins a job with the runners that it may run on.
pub(super) fn of_job(adding: &mut Adding<'_>, id: &str, run: &Run) {
    for labels in &run.labels {
        let resolved = labels.iter().all(|label| is_resolved(label));
        let hosted = labels.iter().any(|label| HOSTED.iter().any(|hosted| label.to_ascii_lowercase().starts_with(hosted)));
        adding.counts.runner(resolved);
        if !hosted && resolved && !labels.is_empty() {
            on_runner(adding, id, labels, &run.groups.iter().cloned().collect::<Vec<_>>());
        }
    }
    if run.labels.is_empty() && !run.groups.is_empty() {
        on_runner(adding, id, &[], &run.groups.iter().cloned().collect::<Vec<_>>());
    }
}

fn on_runner(adding: &mut Adding<'_>, id: &str, labels: &[String], groups: &[String]) {
    let known = matching(adding, labels, groups);
    if known.is_empty() {
        // Jobs that ask for the same labels may meet on one machine.
        let mut words: Vec<String> = labels.iter().chain(groups).map(|word| word.to_ascii_lowercase().replace('/', "+")).collect();
        words.dedup();
        let words = words.join("+");
        let runner = ids::of(&adding.tenant, "runner-labels", &words);
        let resource = Resource::new(&runner, ResourceKind::Runner);
        adding.builder.add(Resource { name: Some(words), tenant: Some(adding.tenant.clone()), ..resource });
        for from in [id, &ids::any_branch(&adding.id)] {
            adding.builder.relate(Relation::new(from, RelationKind::RunsOn, &runner).permission("runs-on"));
        }
        adding.builder.relate(PERHAPS.on(Relation::new(&runner, RelationKind::RunsAs, id)).permission("runs-on"));
        return;
    }
    for (runner, ephemeral) in known {
        adding.builder.relate(Relation::new(id, RelationKind::RunsOn, &runner).permission("runs-on"));
        if ephemeral != Some(true) {
            let gate = OPEN.sure(ephemeral == Some(false));
            adding.builder.relate(gate.on(Relation::new(&runner, RelationKind::RunsAs, id)).permission("runs-on"));
        }
    }
}

/// The runners that have all of these labels and that the repository may use.
fn matching(adding: &Adding<'_>, labels: &[String], groups: &[String]) -> Vec<(String, Option<bool>)> {
    let has = |runner: &Runner| labels.iter().all(|label| runner.labels.iter().any(|own| own.eq_ignore_ascii_case(label)));
    let own = adding.repository.settings.runners.iter().filter(|(_, runner)| has(&runner.value) && groups.is_empty());
    let own = own.map(|(number, runner)| (ids::of(&adding.id, "runners", &number.to_string()), runner.value.is_ephemeral));
    let in_group = |runner: &Runner| {
        let group = runner.group.and_then(|group| adding.of_owner?.runner_groups.get(&group));
        let asked = groups.is_empty() || group.is_some_and(|group| groups.contains(&group.value.name));
        asked && group.is_none_or(|group| may_use(adding, runner.group, group))
    };
    let shared =
        adding.of_owner.into_iter().flat_map(|owner| &owner.runners).filter(|(_, runner)| has(&runner.value) && in_group(&runner.value));
    let shared = shared.map(|(number, runner)| (ids::of(&adding.tenant, "runners", &number.to_string()), runner.value.is_ephemeral));
    own.chain(shared).collect()
}

/// Whether a repository may use the runners of a group. Where nobody says which are selected, it is taken that it may.
fn may_use(adding: &Adding<'_>, number: Option<u64>, group: &Kept<RunnerGroup>) -> bool {
    match group.value.visibility.as_deref() {
        Some("selected") => {
            let selected = number.and_then(|number| adding.of_owner?.group_repositories.get(&number));
            selected.is_none_or(|names| names.contains(adding.name))
        }
        Some("private") => adding.repository.settings.is_private != Some(false),
        _ => true,
    }
}

/// The runners that any workflow of a repository may ask for.
pub(super) fn usable(adding: &Adding<'_>) -> Vec<String> {
    let restricted = |runner: &Runner| {
        let group = runner.group.and_then(|group| adding.of_owner?.runner_groups.get(&group));
        group.is_some_and(|group| group.value.restricted_to_workflows)
    };
    let shared = adding.of_owner.into_iter().flat_map(|owner| &owner.runners).filter(|(_, runner)| restricted(&runner.value));
    let not: Vec<String> = shared.map(|(number, _)| ids::of(&adding.tenant, "runners", &number.to_string())).collect();
    matching(adding, &[], &[]).into_iter().map(|(id, _)| id).filter(|id| !not.contains(id)).collect()
}

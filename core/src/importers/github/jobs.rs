//! Workflows and their jobs: what each sees, where it signs in, where it runs, and whose code it runs.

use super::adding::{Adding, Gate, OPEN, PERHAPS};
use super::claims::{self, Context};
use super::coverage::Counts;
use super::expression::{Value, is_resolved};
use super::ids;
use super::login::{Cloud, Login, Target};
use super::runs::{AnySecret, Run, runs};
use super::workflow::{Trigger, Workflow};
use super::world::{Kept, World};
use crate::model::{Guard, GuardSet, Identity, IdentityKind, Labels, Relation, RelationKind, Resource, ResourceKind};
use std::collections::{BTreeMap, BTreeSet};

/// Adds the workflows of a repository with their jobs.
pub(super) fn add(adding: &mut Adding<'_>) {
    let repository = adding.repository;
    let mut variables = adding.of_owner.map(|owner| owner.variables.clone()).unwrap_or_default();
    variables.extend(repository.settings.variables.clone());
    let called = called(repository.workflows.values().map(|workflow| &workflow.value));
    let slug = adding.slug.clone();
    for (file, workflow) in &repository.workflows {
        adding.builder.resume(workflow.position);
        let id = add_workflow(adding, file, workflow);
        if workflow.value.is_only_called() && called.contains(file.as_str()) {
            continue;
        }
        let (runs, cut) = runs(adding.world, &slug, file, workflow, &variables);
        adding.counts.cut += u64::from(cut);
        for run in &runs {
            add_job(adding, &id, &workflow.value.triggers, run);
        }
    }
}

/// The files of the workflows that others of the repository call.
fn called<'w>(workflows: impl Iterator<Item = &'w Workflow>) -> BTreeSet<&'w str> {
    let uses = workflows.flat_map(|workflow| workflow.jobs.values()).filter_map(|job| job.uses.as_deref());
    uses.filter_map(|uses| uses.strip_prefix("./.github/workflows/")).collect()
}

fn add_workflow(adding: &mut Adding<'_>, file: &str, workflow: &Kept<Workflow>) -> String {
    let id = ids::of(&adding.id, "workflows", file);
    let enabled = adding.repository.settings.states.get(file).copied();
    adding.builder.add(Identity {
        name: Some(workflow.value.name.clone().filter(|name| is_resolved(name)).unwrap_or_else(|| file.to_owned())),
        tenant: Some(adding.tenant.clone()),
        enabled,
        ..Identity::new(&id, IdentityKind::Pipeline)
    });
    adding.builder.relate(Relation::new(&adding.id, RelationKind::Contains, &id));
    id
}

fn add_job(adding: &mut Adding<'_>, workflow: &str, triggers: &BTreeMap<String, Trigger>, run: &Run) {
    let (last, before) = run.chain.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
    let (id, parent) = (ids::job(workflow, &run.chain), ids::job(workflow, before));
    adding.builder.add(Identity {
        name: Some(last.to_owned()),
        tenant: Some(adding.tenant.clone()),
        labels: labels(run),
        enabled: adding.builder.get(workflow).and_then(|entity| entity.as_identity().and_then(|workflow| workflow.enabled)),
        ..Identity::new(&id, IdentityKind::Pipeline)
    });
    adding.builder.relate(Relation::new(parent, RelationKind::Assumes, &id).permission("jobs"));
    adding.counts.jobs += u64::from(!run.calls);
    environments(adding, &id, run);
    secrets(adding, &id, run);
    if run.permissions.identity_token == Some(true) {
        tokens(adding, &id, triggers, run);
    }
    for foreign in &run.foreign {
        adding.builder.add(Resource {
            name: Some(foreign.clone()),
            ..Resource::new(format!("https://github.com/{foreign}"), ResourceKind::Repository)
        });
        adding.builder.relate(Relation::new(format!("https://github.com/{foreign}"), RelationKind::RunsAs, &id).permission("uses"));
    }
    if run.takes_head {
        open_to_pull_requests(adding, &id, triggers);
    }
    let writes = run.permissions.writes_contents.or(adding.repository.settings.writes_by_default);
    let writes = writes.or(adding.of_owner.and_then(|owner| owner.writes_by_default));
    adding.counts.token(run.permissions.writes_contents.is_some() || writes.is_some());
    if writes != Some(false) && !run.calls {
        // The token of a job cannot change workflows, and what it pushes starts none: what follows from it is not certain.
        let relation = Relation::new(&id, RelationKind::Writes, &adding.id).permission("contents: write");
        adding.builder.relate(PERHAPS.on(relation));
    }
    adding.counts.read(run.unread.len() as u64);
    super::runners::of_job(adding, &id, run);
}

/// Where a job stands: in the environment that it names. Its own name says what it does (`test`), not where.
fn labels(run: &Run) -> Labels {
    let mut named = run.environments.iter().map(|environment| environment.text.as_str());
    let environment = match (named.next(), named.next()) {
        (Some(name), None) if !name.is_empty() && is_resolved(name) => name,
        _ => "unknown",
    };
    Labels::from([("environment".to_owned(), environment.to_owned())])
}

fn environments(adding: &mut Adding<'_>, id: &str, run: &Run) {
    for environment in run.environments.iter().filter(|environment| !environment.text.is_empty()) {
        let resolved = is_resolved(&environment.text);
        adding.counts.environment(resolved);
        if resolved {
            let to = adding.add_environment(&environment.text);
            let gate = adding.gate(&environment.text).sure(environment.sure);
            adding.builder.relate(gate.on(Relation::new(id, RelationKind::DeploysTo, to)).permission("environment"));
        }
    }
}

/// The names of the environments that a job names, where all are known; an empty one where it may name none.
fn known_environments(run: &Run) -> BTreeSet<&str> {
    run.environments.iter().map(|environment| environment.text.as_str()).collect()
}

fn secrets(adding: &mut Adding<'_>, id: &str, run: &Run) {
    let environments = known_environments(run);
    let gate = of_all(adding, &run.environments);
    for name in &run.secrets {
        for (secret, between) in adding.secret(name, &environments) {
            adding.builder.relate(between.and(gate).on(Relation::new(id, RelationKind::Uses, secret)).permission("secrets"));
        }
    }
    let Some(any) = run.any_secret else { return };
    let names: Vec<String> = match &adding.known_secrets {
        Some(known) => known.keys().map(|name| (*name).to_owned()).collect(),
        None => adding.counts.secret_names.iter().cloned().collect(),
    };
    let gate = gate.sure(any == AnySecret::All);
    for name in names {
        for (secret, between) in adding.secret(&name, &environments) {
            let permission = if any == AnySecret::All { "secrets: inherit" } else { "secrets" };
            adding.builder.relate(between.and(gate).on(Relation::new(id, RelationKind::Uses, secret)).permission(permission));
        }
    }
}

/// What every environment that a job may name puts before it: an approval where each asks for one.
fn of_all(adding: &Adding<'_>, environments: &BTreeSet<Value>) -> Gate {
    let gates: Vec<Gate> = environments.iter().map(|environment| adding.gate(&environment.text)).collect();
    let approval = GuardSet::NONE.with(Guard::Approval);
    if !gates.is_empty() && gates.iter().all(|gate| gate.guards.contains(Guard::Approval)) {
        return Gate { guards: approval, ..OPEN };
    }
    OPEN.sure(gates.contains(&OPEN))
}

/// The subjects of its tokens, and where it signs in with them.
fn tokens(adding: &mut Adding<'_>, id: &str, triggers: &BTreeMap<String, Trigger>, run: &Run) {
    for environment in &run.environments {
        let gate = adding.gate(&environment.text).sure(environment.sure);
        let contexts: BTreeSet<Context> = match environment.text.as_str() {
            "" => claims::contexts(triggers, &adding.default_branch.0),
            name if is_resolved(name) => BTreeSet::from([Context::Environment(spelt(adding, name))]),
            _ => BTreeSet::from([Context::Environment("*".to_owned())]),
        };
        for context in contexts {
            let guessed = !adding.default_branch.1 && context == Context::Reference(format!("refs/heads/{}", adding.default_branch.0));
            let (subject, told) = adding.subject(&context, &run.written_in);
            let sure = is_resolved(&environment.text) && !(guessed && environment.text.is_empty());
            adding
                .builder
                .relate(gate.and(told).sure(sure).on(Relation::new(id, RelationKind::Assumes, subject)).permission("id-token: write"));
        }
    }
    for login in &run.logins {
        sign_in(adding, id, login);
    }
}

/// The name of an environment as it was exported, which tokens repeat.
fn spelt(adding: &Adding<'_>, name: &str) -> String {
    let all = adding.repository.settings.environments.iter().flatten();
    all.map(|(known, _)| known).find(|known| known.eq_ignore_ascii_case(name)).cloned().unwrap_or_else(|| name.to_owned())
}

/// Whether the cloud takes the token is written in the cloud, and its reader says so: here it is possible.
fn sign_in(adding: &mut Adding<'_>, id: &str, login: &Login) {
    let gate = adding.gate(&login.environment).and(PERHAPS);
    let of_branch = if login.environment.is_empty() { gate } else { adding.gate_from_any_branch(&login.environment).and(PERHAPS) };
    let action = match login.cloud {
        Cloud::Aws => "aws-actions/configure-aws-credentials",
        Cloud::Azure => "azure/login",
        Cloud::Google => "google-github-actions/auth",
    };
    adding.counts.login(!matches!(login.target, Target::Unresolved(_)));
    let targets = match &login.target {
        Target::Identity(identity) => vec![identity.clone()],
        Target::Pool(pool) => vec![format!("principalSet://iam.googleapis.com/{pool}/attribute.repository/{}", adding.slug)],
        Target::Unresolved(said) => {
            let target = ids::of(&adding.id, "sign-ins", &said.replace([' ', '/'], "+"));
            let identity = Identity::new(&target, IdentityKind::Role);
            adding.builder.add(Identity { name: Some(said.clone()), tenant: Some(adding.tenant.clone()), ..identity });
            vec![target]
        }
    };
    for target in targets {
        adding.builder.relate(gate.on(Relation::new(id, RelationKind::FederatesTo, &target)).permission(action));
        // Who may write may sign in there too: from a branch of theirs, or from one that the environment takes.
        let from = ids::any_branch(&adding.id);
        adding.builder.relate(of_branch.on(Relation::new(from, RelationKind::FederatesTo, &target)).permission(action));
    }
}

/// Whoever opens a pull request has their code run as the job. Where a label must be set first, somebody who may set it approves.
fn open_to_pull_requests(adding: &mut Adding<'_>, id: &str, triggers: &BTreeMap<String, Trigger>) {
    let trigger = triggers.get("pull_request_target");
    let labelled = trigger.is_some_and(|trigger| !trigger.types.is_empty() && trigger.types.iter().all(|kind| kind == "labeled"));
    let guards = if labelled { GuardSet::NONE.with(Guard::Approval) } else { GuardSet::NONE };
    let from = ids::pull_requests(&adding.id);
    adding.counts.pull_requests += 1;
    adding.builder.add(Identity {
        name: Some("whoever opens a pull request".to_owned()),
        tenant: Some(adding.tenant.clone()),
        ..Identity::new(&from, IdentityKind::Group)
    });
    // That a run of another workflow was of a pull request depends on that workflow.
    let gate = Gate { guards, ..OPEN.sure(trigger.is_some()) };
    adding.builder.relate(gate.on(Relation::new(from, RelationKind::Assumes, id)).permission("pull_request_target"));
}

/// Notes the names of the secrets that the jobs of a repository see, before any is added.
pub(super) fn count_secrets(world: &World, key: &(String, String), counts: &mut Counts) {
    counts.secret_names.clear();
    counts.outside_environments.clear();
    let Some(repository) = world.repositories.get(key) else { return };
    let slug = format!("{}/{}", key.0, key.1);
    for (file, workflow) in &repository.workflows {
        for run in runs(world, &slug, file, workflow, &BTreeMap::new()).0 {
            if known_environments(&run).iter().any(|name| name.is_empty()) {
                counts.outside_environments.extend(run.secrets.iter().cloned());
            }
            counts.secret_names.extend(run.secrets);
        }
    }
}

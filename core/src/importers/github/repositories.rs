//! A repository: what whoever may write to it can have run there, its secrets and its environments.

use super::adding::{Adding, OPEN, PERHAPS};
use super::claims::Context;
use super::ids;
use super::push::{self, Push};
use super::settings::SecretFacts;
use super::world::{Kept, Origin};
use crate::importers::values::kind_of_name;
use crate::model::{
    Certainty, GuardSet, Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind, Right, Secret, SecretKind, Storage,
};
use std::collections::BTreeSet;

/// Adds the repository itself, before its jobs.
pub(super) fn add(adding: &mut Adding<'_>) {
    let name = adding.slug.clone();
    adding.builder.add(Resource {
        name: Some(name),
        tenant: Some(adding.tenant.clone()),
        ..Resource::new(&adding.id, ResourceKind::Repository)
    });
    if let Some(environments) = &adding.repository.settings.environments {
        for (name, environment) in environments {
            adding.builder.resume(environment.position);
            adding.add_environment(name);
        }
    }
    let own = adding.repository.settings.secrets.iter().flatten();
    for (name, secret) in own {
        adding.builder.resume(secret.position);
        add_secret(adding, &adding.id.clone(), name, secret);
    }
    for (environment, secrets) in &adding.repository.settings.environment_secrets {
        for (name, secret) in secrets {
            adding.builder.resume(secret.position);
            let id = adding.add_environment(environment);
            add_secret(adding, &id, name, secret);
            let secret = ids::of(&id, "secrets", name);
            adding.builder.relate(Relation::new(&id, RelationKind::Stores, secret).permission("secrets"));
        }
    }
}

fn add_secret(adding: &mut Adding<'_>, container: &str, name: &str, secret: &Kept<SecretFacts>) {
    let described = described(&adding.tenant, &ids::of(container, "secrets", name), name, &secret.value);
    adding.builder.add(described);
}

/// A secret as it was exported. Its value may be set again, which is when it was updated.
pub(super) fn described(tenant: &str, id: &str, name: &str, facts: &SecretFacts) -> Secret {
    Secret {
        name: Some(name.to_owned()),
        tenant: Some(tenant.to_owned()),
        created_at: facts.created_at,
        rotated_at: facts.updated_at.filter(|updated| Some(*updated) != facts.created_at),
        storage: Some(Storage::CiVariable),
        ..Secret::new(id, kind_of_name(name).unwrap_or(SecretKind::Generic))
    }
}

/// Adds what whoever may write to the repository gets by a workflow of theirs on a branch of theirs; after its jobs, which name secrets and environments.
/// Reviews of pull requests do not stop it: the workflow runs as it is pushed.
pub(super) fn add_any_branch(adding: &mut Adding<'_>) {
    if !is_enabled(adding) {
        return;
    }
    let id = ids::any_branch(&adding.id);
    adding.builder.add(Identity {
        name: Some(format!("any workflow of {}", adding.name)),
        tenant: Some(adding.tenant.clone()),
        ..Identity::new(&id, IdentityKind::Pipeline)
    });
    adding.builder.relate(Relation::new(&adding.id, RelationKind::RunsAs, &id).requiring(Right::Write).permission("push"));
    secrets(adding, &id);
    let mut contexts = BTreeSet::from([
        (Context::Reference("refs/heads/*".to_owned()), Certainty::Proven),
        (Context::Reference("refs/tags/*".to_owned()), Certainty::Proven),
        (Context::PullRequest, Certainty::Proven),
    ]);
    let written_in = format!("{}/.github/workflows/*", adding.slug);
    for name in push::named_branches(adding) {
        let found = adding.push(&name);
        if found.gate.guards == GuardSet::NONE {
            contexts.insert((Context::Reference(format!("refs/heads/{name}")), found.gate.certainty));
        } else {
            add_guarded_branch(adding, &name, &found, &written_in);
        }
    }
    for (context, certainty) in contexts {
        let (subject, told) = adding.subject(&context, &written_in);
        let gate = told.sure(certainty == Certainty::Proven);
        adding.builder.relate(gate.on(Relation::new(&id, RelationKind::Assumes, subject)).permission("id-token: write"));
    }
    for (name, spelling) in adding.environments.clone() {
        let environment = adding.environment_id(&name);
        adding.builder.relate(Relation::new(&adding.id, RelationKind::Contains, &environment));
        let gate = adding.gate_from_any_branch(&spelling);
        adding.builder.relate(gate.on(Relation::new(&id, RelationKind::Reads, &environment)).permission("environment"));
        adding.builder.relate(gate.on(Relation::new(&id, RelationKind::DeploysTo, &environment)).permission("environment"));
        let (subject, told) = adding.subject(&Context::Environment(spelling), &written_in);
        adding.builder.relate(gate.and(told).on(Relation::new(&id, RelationKind::Assumes, subject)).permission("id-token: write"));
    }
}

/// Adds what a workflow on a branch gets that nobody changes alone: whoever writes needs an approval, those whom the protection lets through do not, and whoever
/// administers the repository takes the protection away.
fn add_guarded_branch(adding: &mut Adding<'_>, name: &str, found: &Push, written_in: &str) {
    let id = ids::branch(&adding.id, name);
    adding.builder.add(Identity {
        name: Some(format!("any workflow of {} on {name}", adding.name)),
        tenant: Some(adding.tenant.clone()),
        ..Identity::new(&id, IdentityKind::Pipeline)
    });
    adding.builder.relate(Relation::new(&adding.id, RelationKind::RunsAs, &id).requiring(Right::Control).permission("administration"));
    let merged = Relation::new(ids::any_branch(&adding.id), RelationKind::Assumes, &id).permission("pull request");
    adding.builder.relate(found.gate.on(merged));
    for by in &found.by {
        adding.builder.relate(Relation::new(by, RelationKind::Assumes, &id).permission("push"));
    }
    for by in super::people::bypassing(adding) {
        adding.builder.relate(PERHAPS.on(Relation::new(by, RelationKind::Assumes, &id)).permission("bypass_branch_protection"));
    }
    let (subject, told) = adding.subject(&Context::Reference(format!("refs/heads/{name}")), written_in);
    adding.builder.relate(told.on(Relation::new(&id, RelationKind::Assumes, subject)).permission("id-token: write"));
    for (environment, spelling) in adding.environments.clone() {
        if adding.branches_of(&spelling).is_some_and(|names| names.contains(name)) {
            from_branch(adding, &id, &environment, &spelling, written_in);
        }
    }
}

/// What a workflow on a branch that an environment takes gets of it.
fn from_branch(adding: &mut Adding<'_>, id: &str, name: &str, spelling: &str, written_in: &str) {
    let (gate, environment) = (adding.gate(spelling), adding.environment_id(name));
    for kind in [RelationKind::Reads, RelationKind::DeploysTo] {
        adding.builder.relate(gate.on(Relation::new(id, kind, &environment)).permission("environment"));
    }
    let (subject, told) = adding.subject(&Context::Environment(spelling.to_owned()), written_in);
    adding.builder.relate(gate.and(told).on(Relation::new(id, RelationKind::Assumes, subject)).permission("id-token: write"));
}

fn secrets(adding: &mut Adding<'_>, id: &str) {
    let Some(known) = adding.known_secrets.clone() else {
        // What jobs name without an environment is the repository's or its owner's.
        for name in adding.counts.secret_names.clone() {
            for (secret, gate) in adding.secret(&name, &BTreeSet::from([""])) {
                let sure = adding.counts.outside_environments.contains(&name);
                adding.builder.relate(gate.sure(sure).on(Relation::new(id, RelationKind::Uses, secret)).permission("secrets"));
            }
        }
        return;
    };
    for (name, origin) in known {
        let (secret, gate) = match origin {
            Origin::Owner { sure } => (ids::of(&adding.tenant, "secrets", name), OPEN.sure(sure)),
            Origin::Repository => (ids::of(&adding.id, "secrets", name), OPEN),
        };
        adding.builder.relate(gate.on(Relation::new(id, RelationKind::Uses, secret)).permission("secrets"));
    }
}

/// Whether Actions run in the repository at all.
fn is_enabled(adding: &Adding<'_>) -> bool {
    let settings = &adding.repository.settings;
    let by_owner = adding.of_owner.and_then(|owner| owner.enabled_repositories.as_deref()).is_some_and(|which| which == "none");
    settings.is_enabled.unwrap_or(!by_owner) && settings.is_archived != Some(true)
}

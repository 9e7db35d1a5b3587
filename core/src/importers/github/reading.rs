//! [`Reading`]: takes workflows, actions and answers of the API, keeps them, and adds what they say together when the last was read.

use super::adding::Adding;
use super::place::{File, Whereabouts, whereabouts};
use super::workflow::{Action, Workflow};
use super::world::{Kept, World};
use super::{coverage, jobs, repositories};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::importers::yaml::Documents;
use crate::importers::{ImportContext, ImportReading, Input};
use crate::model::{Tenant, TenantKind};

/// A reading of any number of inputs.
#[derive(Default)]
pub(super) struct Reading {
    world: World,
}

const NO_WORKFLOW: &str = "neither a workflow, which has `on` and `jobs`, nor an action, which has `runs`";
const BROKEN_JOB: &str = "the job is no map";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let place = whereabouts(input);
        self.world.inputs += 1;
        if super::detect::is_json(&input.bytes) {
            return super::rest::take(&mut self.world, &place, input, context);
        }
        self.world.named += u64::from(place.told);
        self.yaml(&place, input, context)
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        let mut counts = coverage::Counts::default();
        let owners: std::collections::BTreeSet<&str> =
            self.world.repositories.keys().map(|(owner, _)| owner.as_str()).chain(self.world.owners.keys().map(String::as_str)).collect();
        for owner in owners {
            let described = self.world.owner(owner);
            context.builder.add(Tenant {
                name: Some(described.and_then(|owner| owner.name.clone()).unwrap_or_else(|| owner.to_owned())),
                created_at: described.and_then(|owner| owner.created_at),
                controls: crate::model::Controls {
                    mfa_required: described.and_then(|owner| owner.requires_two_factors),
                    ..Default::default()
                },
                ..Tenant::new(super::ids::owner(owner), TenantKind::GithubOrganization)
            });
        }
        for key in self.world.repositories.keys() {
            context.observer.check(0, 0)?;
            jobs::count_secrets(&self.world, key, &mut counts);
            let Some(mut adding) = Adding::new(&self.world, key, context.builder, &mut counts) else { continue };
            repositories::add(&mut adding);
            jobs::add(&mut adding);
            repositories::add_any_branch(&mut adding);
            super::access::of_repository(&mut adding);
        }
        super::access::applications(&self.world, context.builder);
        for (name, owner) in &self.world.owners {
            context.observer.check(0, 0)?;
            super::access::of_owner(&self.world, name, owner, context.builder);
        }
        coverage::add(&self.world, &counts, context.builder);
        context.builder.resume(position);
        Ok(())
    }
}

impl Reading {
    fn yaml(&mut self, place: &Whereabouts, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let invalid = |message| Err(Error::new(ErrorCode::InvalidInput, message).at(Place::new(&input.name)));
        let Ok(text) = std::str::from_utf8(&input.bytes) else {
            return invalid("the text is not UTF-8; write it again as UTF-8");
        };
        let mut any = false;
        for document in Documents::new(&input.name, text) {
            context.observer.check(0, input.bytes.len() as u64)?;
            let number = context.builder.record();
            let at = document.place().record(number);
            match document.parse() {
                Ok(value) if value.get("jobs").is_some() || value.get("runs").is_some() => {
                    any = true;
                    self.file(place, input, &value, &at, context);
                }
                Ok(_) => context.builder.skip(at, NO_WORKFLOW),
                Err((place, reason)) => {
                    any |= document.starts_like(&["jobs"]) || document.starts_like(&["runs"]);
                    context.builder.skip(place.record(number), reason);
                }
            }
        }
        if any {
            Ok(())
        } else {
            invalid("no workflow and no action is in it: no document has `jobs` or `runs`; give the file as it stands in the repository")
        }
    }

    fn file(&mut self, place: &Whereabouts, input: &Input, value: &serde_json::Value, at: &Place, context: &mut ImportContext<'_>) {
        let repository = self.world.repository(place.slug());
        let position = context.builder.position();
        let last = || input.name.rsplit(['/', '\\']).next().unwrap_or(&input.name).to_owned();
        if value.get("jobs").is_none() {
            let folder = match place.file() {
                File::Action(folder) => folder,
                _ => last(),
            };
            match Action::read(value) {
                Some(action) => drop(repository.actions.entry(folder).or_insert(Kept { value: action, position })),
                None => context.builder.skip(at.clone().field("runs"), "the field holds a value of the wrong type"),
            }
            return;
        }
        let file = match place.file() {
            File::Workflow(file) => file,
            _ => last(),
        };
        match Workflow::read(value) {
            Ok((workflow, broken)) => {
                repository.workflows.entry(file).or_insert(Kept { value: workflow, position });
                for _ in broken {
                    context.builder.skip(at.clone().field("jobs"), BROKEN_JOB);
                }
            }
            Err(field) => context.builder.skip(at.clone().field(field), "the field is missing or holds a value of the wrong type"),
        }
    }
}

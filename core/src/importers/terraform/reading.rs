//! [`Reading`]: takes states and plans, keeps their resources, and hands them to the readers of their providers when the last was read.

use super::before::withdraw;
use super::document::{Document, Frame};
use super::resource::Resource;
use super::secrets::{self, Found};
use super::stand_in::{self, StandIn};
use super::translate::{Source, World, is_read, nameless, translated};
use super::{github, own};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::{Coverage, Position};
use crate::importers::records::{Record, Records};
use crate::importers::{ImportContext, ImportReading, Input};
use crate::model::{Certainty, Relation, RelationKind, Resource as Store, ResourceKind, Secret, SecretKind};
use std::collections::BTreeMap;

/// A secret that a state holds: the state, its name, where it stands, and the secret.
struct Held {
    state: String,
    name: String,
    position: Position,
    found: Found,
    /// The secret of pipelines that it is.
    pipeline: Option<github::Pending>,
}

/// A reading of any number of states and plans.
#[derive(Default)]
pub(super) struct Reading {
    sources: Vec<Source>,
    /// The two sides of the plans that are read as applied.
    before: Vec<Source>,
    after: Vec<Source>,
    secrets: Vec<Held>,
    stand_ins: Vec<StandIn>,
    /// How many resources there were of each type that nobody reads.
    others: BTreeMap<String, u64>,
    resources: u64,
    unknown: [u64; 2],
}

const NOT_PLANNED: &str = "a field is missing: what is planned";
const NO_STATE: &str = "neither a state nor a plan of Terraform";
const NAMELESS: &str = "resources that have no name at their provider before they are made, or lack what it must have";
/// The format's name behind the `@` that asks for what stood before a plan.
const BEFORE: &str = "before";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let before = input.format.as_deref().and_then(|format| format.split_once('@')).is_some_and(|(_, name)| name == BEFORE);
        let mut records = Records::new(&input.name, &input.bytes)?;
        while let Some(record) = records.next() {
            context.builder.record();
            context.observer.check(records.taken(), input.bytes.len() as u64)?;
            match self.record(&record, before, &input.name, context) {
                Ok(()) => {}
                // Of what is no plan nobody knows what stood before: a question between the two sides would find that nothing changes.
                Err((place, reason)) if before => {
                    let message = format!("no plan of Terraform ({reason}); give what `terraform show -json` writes of one");
                    return Err(Error::new(ErrorCode::InvalidInput, message).at(place));
                }
                Err((place, reason)) => context.builder.skip(place, reason),
            }
        }
        Ok(())
    }

    fn translated(&mut self) -> Vec<Input> {
        translated(&self.sources)
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        if !self.before.is_empty() {
            withdraw(&self.before, &self.after, context.builder);
        }
        let world = World::of(&self.sources);
        for source in &self.sources {
            source.resources.iter().filter(|resource| !resource.is_data).for_each(|resource| own::add(resource, context.builder));
            if nameless(source, &world) > 0 {
                context.builder.skip(Place::new(&source.name).record(1), NAMELESS);
            }
        }
        for held in &self.secrets {
            context.builder.resume(held.position);
            let source = self.sources.iter().find(|source| source.name == held.name);
            let of_pipeline = held.pipeline.as_ref().zip(source).and_then(|(pending, source)| github::secret_id(pending, source, &world));
            add(held, of_pipeline, context);
        }
        context.builder.resume(position);
        self.stand_ins.iter().for_each(|stand_in| stand_in::add(stand_in, context.builder));
        self.cover(context);
        Ok(())
    }
}

impl Reading {
    fn record(
        &mut self,
        record: &Record<'_>,
        before: bool,
        name: &str,
        context: &mut ImportContext<'_>,
    ) -> Result<(), (Place, &'static str)> {
        let frame: Frame<'_> = record.parse()?;
        if !frame.is_terraform() {
            return Err((record.place(), NO_STATE));
        }
        if before && frame.planned_values.is_none() {
            return Err((record.place(), NOT_PLANNED));
        }
        let mut document = Document::of(&frame);
        for reason in std::mem::take(&mut document.skipped) {
            context.builder.skip(record.place(), reason);
        }
        for (sum, more) in self.unknown.iter_mut().zip(document.unknown) {
            *sum += more;
        }
        // A state has a name of its own; what is shown of one has not.
        let state = format!("terraform://{}", frame.lineage().unwrap_or(name));
        let owner = frame.configuration.and_then(|configuration| github::configured_owner(configuration.get()));
        if !before {
            self.stand_ins.extend(stand_in::put(&mut document, &state));
        }
        let mut source = |resources: Vec<Resource>, secrets: Option<&mut Vec<_>>| Source {
            name: name.to_owned(),
            owner: owner.clone(),
            resources: plain(resources, [&state, name], secrets, context),
        };
        match document.before {
            Some(resources) if before => {
                let source = source(resources, Some(&mut self.secrets));
                self.keep(source);
            }
            Some(resources) => {
                let (before, after) = (source(resources, None), source(document.resources.clone(), None));
                let source = source(document.resources, Some(&mut self.secrets));
                self.before.push(before);
                self.after.push(after);
                self.keep(source);
            }
            None => {
                let source = source(document.resources, Some(&mut self.secrets));
                self.keep(source);
            }
        }
        Ok(())
    }

    fn keep(&mut self, source: Source) {
        for resource in &source.resources {
            self.resources += 1;
            if !is_read(&resource.kind) {
                *self.others.entry(resource.kind.clone()).or_default() += 1;
            }
        }
        self.sources.push(source);
    }

    fn cover(&self, context: &mut ImportContext<'_>) {
        let others: u64 = self.others.values().sum();
        let listed: Vec<String> = self.others.keys().take(LISTED).map(|kind| format!("`{kind}`")).collect();
        let more = self.others.len().saturating_sub(LISTED);
        let note = match (listed.is_empty(), more) {
            (true, _) => "every resource is of a type that is read".to_owned(),
            (false, 0) => format!("resources of these types are not read: {}", listed.join(", ")),
            (false, more) => format!("resources of these types are not read: {} and {more} more", listed.join(", ")),
        };
        if self.resources > 0 {
            context.builder.cover(Coverage {
                topic: "terraform_resources".into(),
                known: self.resources - others,
                total: self.resources,
                note,
            });
        }
        if self.unknown[0] > 0 {
            context.builder.cover(Coverage {
                topic: "terraform_unknown_values".into(),
                known: self.unknown[1],
                total: self.unknown[0],
                note: "what a plan does not know before it is applied was taken from what stood before or from what the configuration names; the rest is left out, and what it leaves open of a grant has a stand-in".into(),
            });
        }
    }
}

/// How many types a note lists.
const LISTED: usize = 20;

/// The resources without their secret values, which are kept as fingerprints where they are wanted.
fn plain(
    mut resources: Vec<Resource>,
    [state, name]: [&str; 2],
    mut kept: Option<&mut Vec<Held>>,
    context: &mut ImportContext<'_>,
) -> Vec<Resource> {
    let position = context.builder.position();
    if let Some(kept) = &mut kept {
        for resource in &resources {
            let held =
                |found| Held { state: state.to_owned(), name: name.to_owned(), position, found, pipeline: github::pending(resource) };
            kept.extend(secrets::found(resource, context.key).into_iter().map(held));
        }
    }
    resources.iter_mut().for_each(secrets::drop_values);
    resources
}

/// A secret of a state, and that whoever reads the state knows it.
fn add(held: &Held, of_pipeline: Option<String>, context: &mut ImportContext<'_>) {
    let Held { state, name, found, .. } = held;
    let given = found.id.clone().or(of_pipeline);
    let own = given.is_none();
    let id = given.unwrap_or_else(|| format!("{state}#{}", found.address));
    context.builder.add(Secret {
        // A provider's reader knows its own name and dates.
        name: own.then(|| found.address.clone()),
        fingerprint: found.fingerprint.clone(),
        created_at: found.created_at.filter(|_| own),
        expires_at: found.expires_at.filter(|_| own),
        storage: found.storage,
        ..Secret::new(&id, if own { found.kind } else { SecretKind::Generic })
    });
    context.builder.add(Store { name: Some(name.clone()), ..Store::new(state, ResourceKind::Other) });
    // A state that holds the value itself; what was encrypted or left out has no fingerprint.
    let certainty = if found.fingerprint.is_some() { Certainty::Proven } else { Certainty::Possible };
    context.builder.relate(Relation::new(state, RelationKind::Stores, &id).certainty(certainty).permission("state"));
    if let Some(identity) = &found.proves {
        context.builder.relate(Relation::new(&id, RelationKind::AuthenticatesAs, identity));
    }
}

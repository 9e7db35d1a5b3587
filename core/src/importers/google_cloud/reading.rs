//! [`Reading`]: takes inputs record by record, keeps what is needed of each, and adds it all when the last was read.

use super::asset::{self, Binding, Record};
use super::details::{self, Data, NO_DATA};
use super::entities::Asset;
use super::names::{ResourceName, is_container};
use super::scope::of_file;
use super::world::World;
use super::{bindings, coverage, entities, holders, members};
use crate::error::{Place, Result, json_reason};
use crate::estate::Position;
use crate::importers::records::{self, Records};
use crate::importers::{ImportContext, ImportReading, Input};

/// A policy as it was read, with the name of what it is on.
#[derive(Debug)]
pub(super) struct Policy {
    /// The full resource name; `None` where the input names no resource, and its file name does not either.
    pub name: Option<String>,
    /// The bindings.
    pub bindings: Vec<Binding>,
    /// Where it stands.
    pub place: Place,
    /// The same, for the builder.
    pub position: Position,
}

/// A reading of any number of exports.
#[derive(Debug, Default)]
pub(super) struct Reading {
    world: World,
    assets: Vec<Asset>,
    policies: Vec<Policy>,
}

/// Who signs the tokens of service accounts.
const ISSUER: &str = "https://accounts.google.com";
/// How many records are read between two looks at the observer.
const STEP: u64 = 4096;
const NEITHER: &str = "neither an asset nor a policy";
const NO_NAME: &str = "the asset has no full resource name";
const HELD_BY_GOOGLE: &str = "a key that Google holds and rotates itself: nobody can take it, so there is nothing to manage";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let mut records = Records::new(&input.name, &input.bytes)?;
        while let Some(record) = records.next() {
            if context.builder.record().is_multiple_of(STEP) {
                context.observer.check(records.taken(), input.bytes.len() as u64)?;
            }
            if let Err((place, reason)) = self.record(&record, context) {
                context.builder.skip(place, reason);
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let Reading { mut world, assets, policies } = *self;
        let position = context.builder.position();
        context.observer.check(0, 0)?;
        entities::add(&mut world, context.builder, assets);
        context.observer.check(0, 0)?;
        let counts = bindings::add(&mut world, context.builder, &policies);
        context.observer.check(0, 0)?;
        holders::add(&mut world, context.builder);
        for (number, email) in world.numbered_accounts() {
            context.builder.known_as(&members::account_id(email), &format!("{ISSUER}#{number}"));
        }
        coverage::add(&world, &counts, context.builder);
        context.builder.resume(position);
        Ok(())
    }
}

type Bad = (Place, &'static str);

impl Reading {
    fn record(&mut self, record: &records::Record<'_>, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let parsed: Record<'_> = record.parse()?;
        let Some(inner) = parsed.assets else { return self.keep(parsed, record.object().unwrap_or_default(), &record.place(), context) };
        for text in inner {
            let kept = serde_json::from_str(text.get())
                .map_err(|error| (record.place(), json_reason(&error)))
                .and_then(|parsed| self.keep(parsed, text.get(), &record.place(), context));
            if let Err((place, reason)) = kept {
                context.builder.skip(place, reason);
            }
        }
        Ok(())
    }

    fn keep(&mut self, record: Record<'_>, text: &str, place: &Place, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let found = record.resource.and_then(|resource| serde_json::from_str::<String>(resource.get()).ok());
        match (found, &record.name, &record.asset_type) {
            (Some(name), ..) => self.keep_found(name, record, place, context.builder.position()),
            (None, None, None) => self.keep_bare(record, text, place, context.builder.position()),
            _ => self.keep_asset(record, place, context),
        }
    }

    /// A result of `search-all-iam-policies`.
    fn keep_found(&mut self, name: String, record: Record<'_>, place: &Place, position: Position) -> Result<(), Bad> {
        let name = named(name, place)?;
        let container = container_of(&record);
        self.learn_project(&name, container.as_deref());
        self.keep_policy(Some(name.clone()), record.iam_policy.and_then(|policy| policy.bindings), place, position);
        self.assets.push(Asset::named(name, container, position));
        Ok(())
    }

    /// The output of `get-iam-policy`, which does not name its resource.
    fn keep_bare(&mut self, record: Record<'_>, text: &str, place: &Place, position: Position) -> Result<(), Bad> {
        let is_empty = text.bytes().all(|byte| byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}'));
        if record.bindings.is_none() && record.etag.is_none() && !is_empty {
            return Err((place.clone(), NEITHER));
        }
        let name = of_file(&place.source);
        self.assets.extend(name.clone().map(|name| Asset::named(name, None, position)));
        self.keep_policy(name, record.bindings, place, position);
        Ok(())
    }

    fn keep_asset(&mut self, record: Record<'_>, place: &Place, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let container = container_of(&record);
        let position = context.builder.position();
        let mut asset = Asset::named(named(record.name.unwrap_or_default(), place)?, container, position);
        self.learn_ancestors(record.ancestors.as_deref().unwrap_or_default());
        if let Some(policy) = record.iam_policy {
            self.keep_policy(Some(asset.name.clone()), policy.bindings, place, position);
        }
        match record.resource.map(|resource| serde_json::from_str::<asset::Resource<'_>>(resource.get())) {
            Some(Ok(resource)) => {
                self.world.seen.resources = true;
                asset.container = asset.container.or_else(|| resource.parent.as_deref().and_then(parent_of));
                if let Some(text) = resource.data {
                    let detail = details::read(&mut self.world, &asset, &mut Data { text, place, context });
                    asset.detail = detail.ok_or((place.clone(), HELD_BY_GOOGLE))?;
                }
            }
            Some(Err(_)) => context.builder.skip(place.clone().field("resource"), NO_DATA),
            None => {}
        }
        self.learn_project(&asset.name, asset.container.as_deref());
        self.assets.push(asset);
        Ok(())
    }

    fn keep_policy(&mut self, name: Option<String>, bindings: Option<Vec<Binding>>, place: &Place, position: Position) {
        self.world.seen.policies = true;
        self.policies.push(Policy { name, bindings: bindings.unwrap_or_default(), place: place.clone(), position });
    }

    /// Joins the id of a project in a name with its number among the ancestors.
    fn learn_project(&mut self, name: &str, container: Option<&str>) {
        let id = ResourceName::parse(name).and_then(|name| name.container()?.strip_prefix("projects/"));
        if let (Some(id), Some(number)) = (id, container.and_then(|container| container.strip_prefix("projects/"))) {
            self.world.projects.learn(number, id);
        }
    }

    fn learn_ancestors(&mut self, ancestors: &[String]) {
        let known: Vec<&String> = ancestors.iter().filter(|ancestor| is_container(ancestor)).collect();
        for pair in known.windows(2) {
            self.world.place_in(pair[0], pair[1]);
        }
    }
}

fn named(name: String, place: &Place) -> Result<String, Bad> {
    if ResourceName::parse(&name).is_some() { Ok(name) } else { Err((place.clone(), NO_NAME)) }
}

/// The nearest project, folder or organisation that a record says it is in.
fn container_of(record: &Record<'_>) -> Option<String> {
    let ancestors = record.ancestors.iter().flatten().map(String::as_str);
    let folders = record.folders.iter().flatten().map(String::as_str);
    let above = ancestors.chain(record.project.as_deref()).chain(folders).chain(record.organization.as_deref());
    above.into_iter().find(|text| is_container(text)).map(str::to_owned)
}

/// The project, folder or organisation that a parent's full name is or is in.
fn parent_of(parent: &str) -> Option<String> {
    ResourceName::parse(parent)?.container().map(str::to_owned)
}

//! [`Reading`]: takes inputs record by record, keeps what is needed of each, and adds it all when the last was read.

use super::accounts::{accounts_of, pool_of};
use super::asset::{self, Binding, Record};
use super::entities::{Asset, Detail};
use super::names::{ResourceName, is_container};
use super::scope::of_file;
use super::world::World;
use super::{bindings, coverage, entities, holders};
use crate::error::{Place, Result, json_reason};
use crate::importers::records::{self, Records};
use crate::importers::{ImportContext, ImportReading, Input};
use crate::model::{Instant, Labels};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A policy as it was read, with the name of what it is on.
#[derive(Debug)]
pub(super) struct Policy {
    /// The full resource name; `None` where the input names no resource, and its file name does not either.
    pub name: Option<String>,
    /// The bindings.
    pub bindings: Vec<Binding>,
    /// Where it stands.
    pub place: Place,
}

/// A reading of any number of exports.
#[derive(Debug, Default)]
pub(super) struct Reading {
    world: World,
    assets: Vec<Asset>,
    policies: Vec<Policy>,
}

/// How many records are read between two looks at the observer.
const STEP: u64 = 4096;
const NEITHER: &str = "neither an asset nor a policy";
const NO_NAME: &str = "the asset has no full resource name";
const NO_INSTANT: &str = "not an RFC 3339 instant; left unknown";
const NO_DATA: &str = "the data of the resource holds a value of the wrong type; only its name was read";
const HELD_BY_GOOGLE: &str = "a key that Google holds and rotates itself: nobody can take it, so there is nothing to manage";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let mut records = Records::new(&input.name, &input.bytes)?;
        while let Some(record) = records.next() {
            if context.builder.record().is_multiple_of(STEP) {
                context.observer.check(records.taken(), input.bytes.len() as u64)?;
            }
            if let Err((place, reason)) = self.record(&record, input, context) {
                context.builder.skip(place, reason);
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let Reading { mut world, assets, policies } = *self;
        context.observer.check(0, 0)?;
        entities::add(&mut world, context.builder, assets);
        context.observer.check(0, 0)?;
        let counts = bindings::add(&mut world, context.builder, &policies);
        context.observer.check(0, 0)?;
        holders::add(&mut world, context.builder);
        coverage::add(&world, &counts, context.builder);
        Ok(())
    }
}

type Bad = (Place, &'static str);

impl Reading {
    fn record(&mut self, record: &records::Record<'_>, input: &Input, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let parsed: Record<'_> = record.parse()?;
        // `{}` is an empty policy; an object that holds only what nobody knows is none.
        if says_nothing(&parsed) && record.object().is_ok_and(|text| text.contains('"')) {
            return Err((record.place(), NEITHER));
        }
        let Some(inner) = parsed.assets else { return self.keep(parsed, &record.place(), input, context) };
        for text in inner {
            let kept = serde_json::from_str(text.get())
                .map_err(|error| (record.place(), json_reason(&error)))
                .and_then(|parsed| self.keep(parsed, &record.place(), input, context));
            if let Err((place, reason)) = kept {
                context.builder.skip(place, reason);
            }
        }
        Ok(())
    }

    fn keep(&mut self, record: Record<'_>, place: &Place, input: &Input, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let container = container_of(&record);
        let on = |name: Option<String>, bindings: Option<Vec<Binding>>| Policy {
            name,
            bindings: bindings.unwrap_or_default(),
            place: place.clone(),
        };
        let described = |name: String| Asset { name, container: container.clone(), detail: Detail::Other(Labels::new()) };
        if let Some(name) = record.resource.and_then(|resource| serde_json::from_str::<String>(resource.get()).ok()) {
            let name = named(name, place)?;
            self.learn_project(&name, container.as_deref());
            self.assets.push(described(name.clone()));
            self.policies.push(on(Some(name), record.iam_policy.and_then(|policy| policy.bindings)));
            return Ok(());
        }
        if record.name.is_none() && record.asset_type.is_none() {
            if record.bindings.is_none() && record.etag.is_none() && !is_empty(&record) {
                return Err((place.clone(), NEITHER));
            }
            self.world.seen.policies = true;
            let name = of_file(&input.name);
            if let Some(name) = &name {
                self.assets.push(described(name.clone()));
            }
            self.policies.push(on(name, record.bindings));
            return Ok(());
        }
        let name = named(record.name.unwrap_or_default(), place)?;
        self.learn_project(&name, container.as_deref());
        self.learn_ancestors(record.ancestors.as_deref().unwrap_or_default());
        if let Some(policy) = record.iam_policy {
            self.world.seen.policies = true;
            self.policies.push(on(Some(name.clone()), policy.bindings));
        }
        let read = record.resource.map(|resource| serde_json::from_str::<asset::Resource<'_>>(resource.get()));
        let resource = match read.transpose() {
            Ok(resource) => resource,
            Err(_) => {
                context.builder.skip(place.clone().field("resource"), NO_DATA);
                None
            }
        };
        let mut asset = described(name);
        if let Some(resource) = resource {
            self.world.seen.resources = true;
            asset.container = asset.container.or_else(|| resource.parent.as_deref().and_then(parent_of));
            if let Some(data) = resource.data {
                let mut data = Data { text: data, place, context };
                match self.detail(&asset, &mut data) {
                    Some(detail) => asset.detail = detail,
                    None => return Err((place.clone(), HELD_BY_GOOGLE)),
                }
            }
        }
        self.assets.push(asset);
        Ok(())
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

    /// What the data of an asset tells; `None` for a key that Google holds.
    fn detail(&mut self, asset: &Asset, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
        let name = ResourceName::parse(&asset.name)?;
        let detail = match (name.service, name.collection()) {
            ("cloudresourcemanager", "projects") => self.project(&name, data),
            ("cloudresourcemanager", _) => container(self, &name, data),
            ("iam", "serviceAccounts") => self.account(&name, data),
            ("iam", "keys") => return key(data, &mut self.world),
            ("iam", "roles") => self.role(&name, data),
            ("secretmanager", "secrets") => data.read(|secret: asset::Secret, data| Detail::Secret {
                labels: secret.labels.unwrap_or_default(),
                expires_at: data.instant(secret.expire_time, "expireTime"),
            }),
            ("secretmanager", "versions") => data.read(|version: asset::Version, data| Detail::Version {
                created_at: data.instant(version.create_time, "createTime"),
                enabled: version.state.map(|state| state == "ENABLED"),
            }),
            ("apikeys", "keys") => data.read(|key: asset::ApiKey, data| Detail::ApiKey {
                name: key.display_name,
                created_at: data.instant(key.create_time, "createTime"),
                deleted: key.delete_time.is_some(),
            }),
            _ => self.other(&asset.name, &name, data),
        };
        Some(detail.unwrap_or(Detail::Other(Labels::new())))
    }

    fn project(&mut self, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
        let projects = &mut self.world.projects;
        let mut parent = None;
        let detail = data.read(|project: asset::Project, data| {
            let number = project.project_number.map(|number| number.text());
            let number = number.or_else(|| project.name.as_deref()?.strip_prefix("projects/").map(str::to_owned));
            if let Some(id) = &project.project_id {
                projects.learn(number.as_deref().unwrap_or(name.last()), id);
            }
            parent = project.parent.map(|parent| parent.container());
            let display = project.display_name.or(project.name).filter(|name| !name.starts_with("projects/"));
            Detail::Tenant {
                display,
                labels: project.labels.unwrap_or_default(),
                created_at: data.instant(project.create_time, "createTime"),
                state: project.lifecycle_state,
            }
        });
        self.place_in(name, parent);
        detail
    }

    fn place_in(&mut self, name: &ResourceName<'_>, parent: Option<String>) {
        if let Some(parent) = parent.filter(|parent| is_container(parent)) {
            self.world.place_in(name.path, &parent);
        }
    }

    fn account(&mut self, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
        let world = &mut self.world;
        data.read(|account: asset::Account, _| {
            if let Some(email) = &account.email {
                world.learn_account(name.last(), email);
                if let Some(id) = &account.unique_id {
                    world.learn_account(id, email);
                }
                let number = email.strip_suffix("-compute@developer.gserviceaccount.com");
                if let (Some(id), Some(number)) = (&account.project_id, number) {
                    world.projects.learn(number, id);
                }
            }
            // The export names it only where it is true.
            Detail::Account { enabled: !account.disabled.unwrap_or(false) }
        })
    }

    fn role(&mut self, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
        let roles = &mut self.world.roles;
        data.read(|role: asset::Role, _| {
            let enabled = !role.deleted.unwrap_or(false) && role.stage.as_deref() != Some("DISABLED");
            roles.learn(role.name.as_deref().unwrap_or(name.path), &role.included_permissions, enabled);
            Detail::Other(Labels::new())
        })
    }

    fn other(&mut self, full: &str, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
        if entities::runs_code(name) {
            let accounts = accounts_of(data.text);
            self.world.code.push((full.to_owned(), accounts, pool_of(data.text)));
        }
        // Labels in another shape are no reason to leave the asset out.
        let other = serde_json::from_str::<asset::Other>(data.text.get()).ok()?;
        Some(Detail::Other(other.labels.unwrap_or_default()))
    }
}

/// The data of an asset, and where to complain about it.
struct Data<'a, 'c, 'b> {
    text: &'a RawValue,
    place: &'a Place,
    context: &'c mut ImportContext<'b>,
}

impl<'a> Data<'a, '_, '_> {
    /// The detail that the data gives; a value of the wrong type is noted.
    fn read<T: Deserialize<'a>>(&mut self, detail: impl FnOnce(T, &mut Self) -> Detail) -> Option<Detail> {
        match serde_json::from_str::<T>(self.text.get()) {
            Ok(data) => Some(detail(data, self)),
            Err(_) => {
                self.context.builder.skip(self.place.clone().field("data"), NO_DATA);
                None
            }
        }
    }

    /// An instant that the data holds; another text is noted and left unknown.
    fn instant(&mut self, text: Option<String>, field: &str) -> Option<Instant> {
        let instant = Instant::parse(&text?);
        if instant.is_err() {
            self.context.builder.skip(self.place.clone().field(field), NO_INSTANT);
        }
        instant.ok()
    }
}

fn container(reading: &mut Reading, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
    let mut parent = None;
    let detail = data.read(|container: asset::Container, data| {
        parent = container.parent.map(|parent| parent.container());
        Detail::Tenant {
            display: container.display_name,
            labels: Labels::new(),
            created_at: data.instant(container.create_time, "createTime"),
            state: container.lifecycle_state,
        }
    });
    reading.place_in(name, parent);
    detail
}

/// A user-managed key; `None` for one that Google holds. Old exports do not say which it is: then it is a user's.
fn key(data: &mut Data<'_, '_, '_>, world: &mut World) -> Option<Detail> {
    let mut system = false;
    world.seen.keys = true;
    let detail = data.read(|key: asset::Key, data| {
        system = key.key_type.as_deref() == Some("SYSTEM_MANAGED");
        Detail::Key {
            created_at: data.instant(key.valid_after_time, "validAfterTime"),
            expires_at: data.instant(key.valid_before_time, "validBeforeTime"),
            disabled: key.disabled,
        }
    });
    (!system).then(|| detail.unwrap_or(Detail::Other(Labels::new())))
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

/// Whether a record has no field at all that is read: the empty policy.
fn says_nothing(record: &Record<'_>) -> bool {
    let named = record.name.is_some() || record.asset_type.is_some() || record.assets.is_some();
    !named && record.bindings.is_none() && record.etag.is_none() && is_empty(record)
}

fn is_empty(record: &Record<'_>) -> bool {
    record.resource.is_none() && record.iam_policy.is_none() && record.ancestors.is_none() && record.project.is_none()
}

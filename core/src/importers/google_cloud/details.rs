//! What the data of each kind of asset tells: [`read`].

use super::accounts::{accounts_of, pool_of};
use super::asset;
use super::entities::{self, Asset, Detail};
use super::names::{ResourceName, is_container};
use super::world::World;
use crate::error::Place;
use crate::importers::ImportContext;
use crate::model::{Instant, Labels};
use serde::Deserialize;
use serde_json::value::RawValue;

pub(super) const NO_DATA: &str = "the data of the resource holds a value of the wrong type; only its name was read";
const NO_INSTANT: &str = "not an RFC 3339 instant; left unknown";

/// The data of an asset, and where to complain about it.
pub(super) struct Data<'a, 'c, 'b> {
    pub text: &'a RawValue,
    pub place: &'a Place,
    pub context: &'c mut ImportContext<'b>,
}

/// What the data of an asset tells; `None` for a key that Google holds.
pub(super) fn read(world: &mut World, asset: &Asset, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
    let name = ResourceName::parse(&asset.name)?;
    let detail = match (name.service, name.collection()) {
        ("cloudresourcemanager", "projects") => project(world, &name, data),
        ("cloudresourcemanager", _) => container(world, &name, data),
        ("iam", "serviceAccounts") => account(world, &name, data),
        ("iam", "keys") => return key(world, data),
        ("iam", "roles") => role(world, &name, data),
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
        _ => other(world, &asset.name, &name, data),
    };
    Some(detail.unwrap_or(Detail::Other(Labels::new())))
}

fn project(world: &mut World, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
    let projects = &mut world.projects;
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
    place_in(world, name, parent);
    detail
}

fn place_in(world: &mut World, name: &ResourceName<'_>, parent: Option<String>) {
    if let Some(parent) = parent.filter(|parent| is_container(parent)) {
        world.place_in(name.path, &parent);
    }
}

fn account(world: &mut World, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
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

fn role(world: &mut World, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
    let roles = &mut world.roles;
    data.read(|role: asset::Role, _| {
        let enabled = !role.deleted.unwrap_or(false) && role.stage.as_deref() != Some("DISABLED");
        roles.learn(role.name.as_deref().unwrap_or(name.path), &role.included_permissions, enabled);
        Detail::Other(Labels::new())
    })
}

fn other(world: &mut World, full: &str, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
    if entities::runs_code(name) {
        let accounts = accounts_of(data.text);
        world.code.push((full.to_owned(), accounts, pool_of(data.text)));
    }
    // Labels in another shape are no reason to leave the asset out.
    let other = serde_json::from_str::<asset::Other>(data.text.get()).ok()?;
    Some(Detail::Other(other.labels.unwrap_or_default()))
}

fn container(world: &mut World, name: &ResourceName<'_>, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
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
    place_in(world, name, parent);
    detail
}

/// A user-managed key; `None` for one that Google holds. Old exports do not say which it is: then it is a user's.
fn key(world: &mut World, data: &mut Data<'_, '_, '_>) -> Option<Detail> {
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

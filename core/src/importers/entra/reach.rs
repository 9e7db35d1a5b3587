//! [`Reaching`]: from who holds a permission or role to what it reaches in a tenant. What is many is reached through an identity of kind role.

use super::add::Adding;
use super::permissions::{How, Over, Reach};
use super::world::{Kept, Object};
use crate::model::{Certainty, Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind};
use std::collections::{BTreeMap, BTreeSet};

/// Who reaches, where, and by what.
pub(super) struct Reaching<'r> {
    pub from: &'r str,
    pub tenant: &'r str,
    /// The administrative unit that bounds it.
    pub unit: Option<&'r str>,
    pub permission: &'r str,
    pub certainty: Certainty,
}

impl Reaching<'_> {
    /// Adds the relations; `finish` may add dates and guards to each.
    pub fn add(&self, adding: &mut Adding<'_>, reaches: &[Reach], finish: &dyn Fn(Relation) -> Relation) {
        for reach in reaches {
            let (kind, to) = match reach.over {
                // A unit has users, groups and devices; nothing else is reached in it.
                Over::Users | Over::Groups | Over::Devices => (RelationKind::MemberOf, holder(self.tenant, reach.over, self.unit)),
                _ if self.unit.is_some() => (RelationKind::Unmapped, self.tenant.to_owned()),
                Over::Tenant => (entitlement(reach.how), self.tenant.to_owned()),
                Over::Mail | Over::Files | Over::Chats => (entitlement(reach.how), store(self.tenant, reach.over)),
                Over::Azure => (RelationKind::Unmapped, self.tenant.to_owned()),
                Over::Applications => (RelationKind::MemberOf, holder(self.tenant, reach.over, None)),
            };
            if kind != RelationKind::Unmapped && reach.over != Over::Tenant {
                adding.needed.insert((self.tenant.to_owned(), reach.over, self.unit.map(str::to_owned)));
            }
            let certainty = if reach.how == How::Possible { Certainty::Possible } else { self.certainty };
            let relation = Relation::new(self.from, kind, to).permission(self.permission).certainty(certainty);
            adding.relate(finish(relation));
        }
    }
}

fn entitlement(how: How) -> RelationKind {
    match how {
        How::Read => RelationKind::Reads,
        How::Write => RelationKind::Writes,
        How::Administer | How::Manage | How::Possible => RelationKind::Administers,
    }
}

/// The id of the identity that reaches all of one sort in a tenant, or in a unit of it.
fn holder(tenant: &str, over: Over, unit: Option<&str>) -> String {
    let unit = unit.map(|unit| format!("/administrativeunits/{unit}")).unwrap_or_default();
    format!("{}@{tenant}{unit}", over.word())
}

/// The id of a tenant's mailboxes, files or chats.
fn store(tenant: &str, over: Over) -> String {
    format!("{tenant}/{}", over.word())
}

/// Adds what is reached as a whole, and what is in it.
pub(super) fn add(adding: &mut Adding<'_>) {
    let world = adding.world;
    let mut units: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for kept in &world.members {
        units.entry(&kept.value.over).or_default().insert(&kept.value.of);
    }
    for (tenant, over, unit) in std::mem::take(&mut adding.needed) {
        let name = adding.name_of(&tenant);
        let (shown, kind) = match over {
            Over::Mail => ("mailboxes", Some(ResourceKind::MailboxStore)),
            Over::Files => ("files and sites", Some(ResourceKind::Saas)),
            Over::Chats => ("chats", Some(ResourceKind::Saas)),
            other => (other.word(), None),
        };
        let name = Some(match &unit {
            Some(unit) => format!("{shown} of the unit {unit} of {name}"),
            None => format!("{shown} of {name}"),
        });
        if let Some(kind) = kind {
            adding.builder.add(Resource { name, tenant: Some(tenant.clone()), ..Resource::new(store(&tenant, over), kind) });
            continue;
        }
        let id = holder(&tenant, over, unit.as_deref());
        adding.builder.add(Identity { name, tenant: Some(tenant.clone()), ..Identity::new(&id, IdentityKind::Role) });
        for relation in members(adding, &units, (&tenant, over, unit.as_deref()), &id) {
            adding.relate(relation);
        }
    }
}

fn members(
    adding: &Adding<'_>,
    units: &BTreeMap<&str, BTreeSet<&str>>,
    (tenant, over, unit): (&str, Over, Option<&str>),
    id: &str,
) -> Vec<Relation> {
    let world = adding.world;
    let inside = unit.map(|unit| units.get(unit).cloned().unwrap_or_default());
    // What is in a unit whose management is restricted only who administers the unit reaches.
    let restricted = world.governance.units.iter().filter(|kept| kept.value.restricted && unit.is_none());
    let apart: BTreeSet<&str> = restricted.filter_map(|kept| units.get(kept.value.id.as_str())).flatten().copied().collect();
    let within = |id: &str| inside.as_ref().is_none_or(|inside| inside.contains(id)) && !apart.contains(id);
    let here = |kept: &&Kept<Object>| world.tenants.of(&kept.origin) == tenant && within(&kept.value.id);
    let manages = |to: &str| Relation::new(id, RelationKind::Manages, to);
    let relations: BTreeSet<Relation> = match over {
        Over::Applications => applications(adding, tenant, id),
        Over::Groups => {
            let groups = world.groups.iter().filter(here).filter(|kept| !kept.value.role_assignable);
            groups.map(|kept| manages(&kept.value.id)).collect()
        }
        Over::Users => {
            let users = world.users.iter().filter(here).filter(|kept| !adding.privileged.contains(&kept.value.id));
            users.map(|kept| manages(&kept.value.id)).collect()
        }
        Over::Devices => {
            let devices = world.devices.iter().filter(here);
            devices.map(|kept| Relation::new(id, RelationKind::Administers, &kept.value.id)).collect()
        }
        _ => BTreeSet::new(),
    };
    relations.into_iter().collect()
}

/// The registrations of a tenant, and the service principals of its own applications. Those of foreign applications take no secret of the local
/// administrator's that would be theirs elsewhere, managed identities take none at all, and a lock on an application keeps them from its service principals.
fn applications(adding: &Adding<'_>, tenant: &str, id: &str) -> BTreeSet<Relation> {
    let own = adding.world.applications.iter().filter(|kept| adding.world.tenants.of(&kept.origin) == tenant);
    let mut relations: BTreeSet<Relation> = own.map(|kept| Relation::new(id, RelationKind::Manages, &kept.value.app_id)).collect();
    for (principal, known) in adding.principals.iter().filter(|(_, known)| known.tenant == tenant && !known.managed) {
        let home = known.home.as_ref().or_else(|| known.app_id.as_ref().and_then(|app_id| adding.homes.get(app_id)));
        let locked = known.app_id.as_ref().and_then(|app_id| adding.locks.get(app_id)).copied();
        let relation = Relation::new(id, RelationKind::Manages, principal);
        match (home, locked) {
            (_, Some(true)) => {}
            (Some(home), Some(false)) if home == tenant => {
                relations.insert(relation);
            }
            // Whose application it is, or whether it is locked, is not in the input.
            (Some(home), None) if home == tenant => {
                relations.insert(relation.certainty(Certainty::Possible));
            }
            (None, _) => {
                relations.insert(relation.certainty(Certainty::Possible));
            }
            (Some(_), _) => {}
        }
    }
    relations
}

//! [`Adding`]: what is shared by all that adds to the estate when everything was read.

use super::conditional_access::Demands;
use super::permissions::Over;
use super::world::{AzureResource, Origin, World};
use super::{
    applications, azure_access, azure_resources, conditional_access, coverage, delegation, directory_roles, groups, reach, vaults,
};
use crate::error::Result;
use crate::estate::EstateBuilder;
use crate::importers::ImportContext;
use crate::model::{Relation, Tenant, TenantKind};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a service principal, whatever the export that told it.
#[derive(Debug, Clone, Default)]
pub(super) struct Principal {
    pub tenant: String,
    pub app_id: Option<String>,
    pub home: Option<String>,
    pub managed: bool,
}

/// What is known of a resource of Azure, or of what resources stand in, by all lists that it stands in: each tells a part.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Described<'a> {
    pub name: Option<&'a str>,
    pub parent: Option<&'a str>,
    /// Of a vault: whether roles decide who reads it.
    pub by_roles: Option<bool>,
}

/// What was counted on the way, for coverage.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub grants: u64,
    pub unmapped: BTreeSet<String>,
    pub unmapped_grants: u64,
    pub azure_holdings: u64,
    pub azure_unmapped: u64,
    pub conditional: u64,
    pub eligible: u64,
    pub eligible_known: u64,
    /// The roles over an administrative unit, and those of which the unit's members are known.
    pub scoped: u64,
    pub scoped_known: u64,
}

/// The adding of what was read.
pub(super) struct Adding<'a> {
    pub world: &'a World,
    pub builder: &'a mut EstateBuilder,
    /// The service principals by object id.
    pub principals: BTreeMap<String, Principal>,
    /// The home tenants of applications, by their ids.
    pub homes: BTreeMap<String, String>,
    /// Applications whose service principals are locked, as far as it is known.
    pub locks: BTreeMap<String, bool>,
    /// The service principals by the Azure resource that they are of.
    pub by_resource: BTreeMap<String, String>,
    /// What is reached as a whole in a tenant, so that it must be there.
    pub needed: BTreeSet<(String, Over, Option<String>)>,
    /// What conditional access asks of whom.
    pub demands: Demands,
    /// The users and groups that hold a directory role, so that lesser roles do not reach them.
    pub privileged: BTreeSet<String>,
    /// The tenants that inputs are of.
    pub own: BTreeSet<String>,
    pub counts: Counts,
    /// The resources of Azure that were described, by path.
    pub resources: BTreeMap<&'a str, Described<'a>>,
}

/// The tenants of Microsoft itself, in which its own applications are registered. Source: Microsoft, "Verify first-party Microsoft applications in sign-in reports".
const MICROSOFT: [&str; 2] = ["f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"];

/// Whether a tenant is Microsoft's own.
pub(super) fn is_microsoft(tenant: &str) -> bool {
    MICROSOFT.contains(&tenant)
}

/// Adds everything.
pub(super) fn all(mut world: World, context: &mut ImportContext<'_>) -> Result<()> {
    let mut homes = BTreeMap::new();
    for kept in &world.service_principals {
        if let (Some(app_id), Some(home), false) = (&kept.value.app_id, &kept.value.home, kept.value.managed) {
            homes.insert(app_id.clone(), home.clone());
        }
    }
    world.tenants.settle(&homes);
    let world = &world;
    let mut adding = Adding {
        world,
        builder: context.builder,
        principals: BTreeMap::new(),
        homes,
        locks: BTreeMap::new(),
        by_resource: BTreeMap::new(),
        needed: BTreeSet::new(),
        demands: Demands::default(),
        privileged: BTreeSet::new(),
        own: BTreeSet::new(),
        counts: Counts::default(),
        resources: BTreeMap::new(),
    };
    adding.index();
    adding.demands = conditional_access::evaluate(&mut adding);
    let steps: [fn(&mut Adding<'_>); 8] = [
        applications::add,
        groups::add,
        delegation::add,
        directory_roles::add,
        azure_resources::add,
        azure_access::add,
        vaults::add,
        reach::add,
    ];
    for step in steps {
        context.observer.check(0, 0)?;
        step(&mut adding);
    }
    coverage::add(&mut adding);
    Ok(())
}

impl Adding<'_> {
    fn index(&mut self) {
        for kept in &self.world.tenants.described {
            self.own.insert(kept.value.id.clone());
            self.at(&kept.origin);
            self.tenant_of(&kept.origin);
            let tenant = Tenant::new(&kept.value.id, TenantKind::EntraTenant);
            self.builder.add(Tenant { name: kept.value.name.clone(), created_at: kept.value.created_at, ..tenant });
        }
        for kept in &self.world.azure_resources {
            let value: &AzureResource = &kept.value;
            let known = self.resources.entry(&value.id).or_default();
            known.name = known.name.or(value.name.as_deref());
            known.parent = known.parent.or(value.parent.as_deref());
            known.by_roles = known.by_roles.or(value.by_roles);
        }
        for kept in &self.world.applications {
            let tenant = self.tenant_of(&kept.origin);
            self.homes.insert(kept.value.app_id.clone(), tenant);
            if let Some(locked) = kept.value.locked {
                self.locks.insert(kept.value.app_id.clone(), locked);
            }
        }
        for kept in &self.world.service_principals {
            let tenant = self.tenant_of(&kept.origin);
            let value = &kept.value;
            let known = self.principals.entry(value.id.clone()).or_default();
            known.tenant = tenant;
            known.managed |= value.managed;
            known.app_id = value.app_id.clone().or(known.app_id.take());
            known.home = value.home.clone().or(known.home.take());
            if let Some(path) = &value.resource {
                self.by_resource.insert(path.clone(), value.id.clone());
            }
        }
    }

    /// What is added from now on comes from there.
    pub fn at(&mut self, origin: &Origin) {
        self.builder.resume(origin.position);
    }

    /// The tenant of what was read at an origin; adds it where nothing describes it.
    pub fn tenant_of(&mut self, origin: &Origin) -> String {
        let tenant = self.world.tenants.of(origin);
        self.tenant(&tenant);
        self.own.insert(tenant.clone());
        tenant
    }

    /// The tenant in which something holds that was read at an origin: that of a customer is none that the inputs are of.
    pub fn place_of(&mut self, origin: &Origin) -> String {
        let tenant = self.world.tenants.of(origin);
        self.tenant(&tenant);
        tenant
    }

    /// Adds a tenant where nothing describes it.
    pub fn tenant(&mut self, id: &str) {
        if self.builder.get(id).is_none() {
            self.builder.add(Tenant::new(id, TenantKind::EntraTenant));
        }
    }

    /// The name of an entity that was added, else its id.
    pub fn name_of(&self, id: &str) -> String {
        self.builder.get(id).map_or_else(|| id.to_owned(), |entity| entity.name().to_owned())
    }

    /// Adds a relation.
    pub fn relate(&mut self, relation: Relation) {
        self.builder.relate(relation);
    }

    /// What is known of the tenant and application that define a permission, by the id of the service principal: its application.
    pub fn resource_application(&self, resource: &str) -> String {
        self.principals.get(resource).and_then(|principal| principal.app_id.clone()).unwrap_or_else(|| resource.to_owned())
    }
}

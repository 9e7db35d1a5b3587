//! Assets become tenants, identities, secrets and resources.

use super::effects::Target;
use super::members::{account, account_id, is_service_agent, shown};
use super::names::ResourceName;
use super::world::World;
use crate::estate::{EstateBuilder, Position};
use crate::model::{
    Authentication, Certainty, Identity, IdentityKind, Instant, Labels, Relation, RelationKind, Resource, ResourceKind, Secret, SecretKind,
    Storage, Tenant, TenantKind,
};
use std::collections::HashMap;
use std::sync::LazyLock;

const ASSETS: &str = include_str!("../../../data/google_assets.csv");

/// An asset as it was read.
#[derive(Debug)]
pub(super) struct Asset {
    /// The full resource name.
    pub name: String,
    /// The project, folder or organisation it is said to be in.
    pub container: Option<String>,
    /// What its data tells.
    pub detail: Detail,
    /// Where it stands.
    pub position: Position,
}

impl Asset {
    /// An asset of which only the name and the place are known.
    pub fn named(name: String, container: Option<String>, position: Position) -> Self {
        Asset { name, container, detail: Detail::Other(Labels::new()), position }
    }
}

/// What the data of an asset tells.
#[derive(Debug)]
pub(super) enum Detail {
    Tenant { display: Option<String>, labels: Labels, created_at: Option<Instant>, state: Option<String> },
    Account { enabled: bool },
    Key { created_at: Option<Instant>, expires_at: Option<Instant>, disabled: Option<bool> },
    Secret { labels: Labels, expires_at: Option<Instant> },
    Version { created_at: Option<Instant>, enabled: Option<bool> },
    ApiKey { name: Option<String>, created_at: Option<Instant>, deleted: bool },
    Other(Labels),
}

/// Adds every asset, what contains it, and what code runs as.
pub(super) fn add(world: &mut World, builder: &mut EstateBuilder, assets: Vec<Asset>) {
    world.settle();
    let mut expiry = HashMap::new();
    for asset in &assets {
        if let Detail::Secret { expires_at: Some(end), .. } = &asset.detail {
            expiry.insert(world.projects.canonical(&asset.name), *end);
        }
    }
    for asset in assets {
        builder.resume(asset.position);
        let tenant = tenant_of(world, &asset);
        if let Some(tenant) = &tenant {
            add_tenant(world, builder, tenant, None);
        }
        add_asset(world, builder, asset, tenant, &expiry);
    }
    let tenants: Vec<String> = world.parents().iter().flat_map(|(child, parent)| [child.clone(), parent.clone()]).collect();
    for tenant in tenants {
        add_tenant(world, builder, &tenant, None);
    }
    add_code(world, builder);
}

/// Whether code runs on an asset, as an account that its data names.
pub(super) fn runs_code(name: &ResourceName<'_>) -> bool {
    matches!(kind_of(name).0, ResourceKind::Compute | ResourceKind::Function | ResourceKind::Cluster | ResourceKind::Runner)
}

/// The kind of a resource, and the service whose roles reach it.
pub(super) fn kind_of(name: &ResourceName<'_>) -> (ResourceKind, Option<Target>) {
    static TABLE: LazyLock<HashMap<&'static str, (ResourceKind, Option<Target>)>> = LazyLock::new(|| {
        let rows = ASSETS.lines().skip(1).filter_map(|row| {
            let mut columns = row.splitn(4, ',');
            Some((columns.next()?, (ResourceKind::parse(columns.next()?)?, columns.next().and_then(Target::parse))))
        });
        rows.collect()
    });
    let known = match name.collection() {
        "" => TABLE.get(name.service),
        collection => TABLE.get(format!("{}/{collection}", name.service).as_str()),
    };
    known.copied().unwrap_or((ResourceKind::Other, None))
}

fn tenant_of(world: &World, asset: &Asset) -> Option<String> {
    let name = ResourceName::parse(&asset.name)?;
    // A project is not in itself; what contains it stands among the parents.
    if name.tenant().is_some() {
        return None;
    }
    name.container().or(asset.container.as_deref()).map(|container| world.projects.tenant(container))
}

fn add_tenant(world: &World, builder: &mut EstateBuilder, id: &str, told: Option<Tenant>) {
    let (kind, name) = match id.split_once('/') {
        Some(("organizations", _)) => (TenantKind::GcpOrganization, None),
        Some(("folders", _)) => (TenantKind::GcpFolder, None),
        Some((_, name)) => (TenantKind::GcpProject, Some(name.to_owned())),
        None => (TenantKind::Other, None),
    };
    if told.is_none() && builder.get(id).is_some() {
        return;
    }
    let tenant = told.unwrap_or_else(|| Tenant::new(id, kind));
    let parent = world.parents().get(id).cloned();
    builder.add(Tenant { id: id.to_owned(), kind, name: name.or(tenant.name), parent, ..tenant });
}

fn add_asset(world: &mut World, builder: &mut EstateBuilder, asset: Asset, tenant: Option<String>, expiry: &HashMap<String, Instant>) {
    let Some(name) = ResourceName::parse(&asset.name) else { return };
    match (name.service, name.collection()) {
        _ if name.tenant().is_some() => add_container(world, builder, &name, asset.detail),
        ("iam", "serviceAccounts") => add_account(world, builder, &asset, tenant),
        ("iam", "keys") => add_key(world, builder, &asset, tenant),
        ("secretmanager", "versions") => add_version(world, builder, &name, &asset, tenant, expiry),
        ("apikeys", "keys") => add_api_key(world, builder, &asset, tenant),
        _ => add_resource(world, builder, &name, &asset, tenant),
    }
}

fn add_container(world: &World, builder: &mut EstateBuilder, name: &ResourceName<'_>, detail: Detail) {
    let id = world.projects.tenant(name.path);
    let mut tenant = Tenant::new(&id, TenantKind::Other);
    if let Detail::Tenant { display, labels, created_at, state } = detail {
        tenant = Tenant { labels, created_at, ..tenant };
        if let Some(display) = display.filter(|display| id.strip_prefix("projects/") != Some(display)) {
            // A project goes by its id, which is what people type; another name of it is kept.
            if id.starts_with("projects/") {
                tenant.labels.insert("display_name".into(), display);
            } else {
                tenant.name = Some(display);
            }
        }
        if let Some(state) = state.filter(|state| state != "ACTIVE") {
            tenant.labels.insert("lifecycle_state".into(), state.to_lowercase());
        }
    }
    add_tenant(world, builder, &id, Some(tenant));
}

fn add_account(world: &mut World, builder: &mut EstateBuilder, asset: &Asset, tenant: Option<String>) {
    let id = world.account_of(&asset.name);
    let enabled = if let Detail::Account { enabled } = asset.detail { Some(enabled) } else { None };
    let email = id.strip_prefix("serviceAccount:");
    let name = email.map(shown).or_else(|| ResourceName::parse(&asset.name).map(|name| name.last().to_owned()));
    let known = Identity { name, tenant: tenant.clone(), enabled, ..Identity::new(&id, IdentityKind::ServiceAccount) };
    builder.add(known);
    if let Some(tenant) = tenant.filter(|_| !email.is_some_and(is_service_agent)) {
        world.content(&tenant).accounts.insert(id);
    }
}

fn add_key(world: &mut World, builder: &mut EstateBuilder, asset: &Asset, tenant: Option<String>) {
    let Some(name) = ResourceName::parse(&asset.name) else { return };
    let account = world.account_of(&asset.name);
    let tenant = tenant.filter(|tenant| tenant != "projects/-");
    let named = Identity {
        tenant: tenant.clone(),
        authentication: vec![Authentication::StaticSecret],
        ..Identity::new(&account, IdentityKind::ServiceAccount)
    };
    builder.add(named);
    let mut id = world.projects.canonical(&asset.name);
    if let (Some(email), Some((_, key))) = (account.strip_prefix("serviceAccount:"), id.split_once("/keys/")) {
        let project = name.container().map_or_else(String::new, |project| world.projects.tenant(project));
        id = format!("//iam.googleapis.com/{project}/serviceAccounts/{email}/keys/{key}");
    }
    let holder = account.strip_prefix("serviceAccount:").unwrap_or(&account);
    // The first digits tell keys of one account apart; the id has them all.
    let short: String = name.last().chars().take(8).collect();
    let mut key = Secret { name: Some(format!("{holder} key {short}")), tenant, ..Secret::new(&id, SecretKind::AccessKey) };
    if let Detail::Key { created_at, expires_at, disabled } = asset.detail {
        key = Secret { created_at, expires_at, revoked: disabled, ..key };
    }
    builder.add(key);
    builder.relate(Relation::new(id, RelationKind::AuthenticatesAs, account));
}

fn add_version(
    world: &mut World,
    builder: &mut EstateBuilder,
    name: &ResourceName<'_>,
    asset: &Asset,
    tenant: Option<String>,
    expiry: &HashMap<String, Instant>,
) {
    let id = world.projects.canonical(&asset.name);
    let vault = id.split_once("/versions/").map_or(id.as_str(), |(vault, _)| vault).to_owned();
    let label = format!("{} version {}", name.after("secrets").unwrap_or_default(), name.last());
    let mut version = Secret {
        name: Some(label),
        tenant: tenant.clone(),
        expires_at: expiry.get(&vault).copied(),
        storage: Some(Storage::SecretManager),
        ..Secret::new(&id, SecretKind::Generic)
    };
    if let Detail::Version { created_at, enabled } = asset.detail {
        version = Secret { created_at, revoked: enabled.map(|enabled| !enabled), ..version };
    }
    builder.add(version);
    let called = name.after("secrets").map(str::to_owned);
    builder.add(Resource { name: called, tenant: tenant.clone(), ..Resource::new(&vault, ResourceKind::Vault) });
    reach(world, tenant, Target::parse("secret"), vault.clone());
    builder.relate(Relation::new(vault, RelationKind::Stores, id));
}

fn add_api_key(world: &mut World, builder: &mut EstateBuilder, asset: &Asset, tenant: Option<String>) {
    let id = world.projects.canonical(&asset.name);
    let mut key = Secret { tenant: tenant.clone(), ..Secret::new(&id, SecretKind::ApiKey) };
    if let Detail::ApiKey { name, created_at, deleted } = &asset.detail {
        key = Secret { name: name.clone(), created_at: *created_at, revoked: Some(*deleted), ..key };
    }
    builder.add(key);
    reach(world, tenant, Target::parse("api_key"), id);
}

fn add_resource(world: &mut World, builder: &mut EstateBuilder, name: &ResourceName<'_>, asset: &Asset, tenant: Option<String>) {
    let id = world.projects.canonical(&asset.name);
    let (kind, target) = kind_of(name);
    let labels = match &asset.detail {
        Detail::Other(labels) | Detail::Secret { labels, .. } => labels.clone(),
        _ => Labels::new(),
    };
    builder.add(Resource { name: Some(name.last().to_owned()), tenant: tenant.clone(), labels, ..Resource::new(&id, kind) });
    reach(world, tenant, target, id);
}

/// Notes that roles of a service reach a resource through its tenant.
fn reach(world: &mut World, tenant: Option<String>, target: Option<Target>, id: String) {
    if let (Some(tenant), Some(target)) = (tenant, target) {
        world.content(&tenant).resources.entry(target).or_default().insert(id);
    }
}

/// Code runs as the accounts that its data names; a cluster's workloads as the principals of its pool too.
fn add_code(world: &mut World, builder: &mut EstateBuilder) {
    for (name, accounts, pool) in std::mem::take(&mut world.code) {
        let id = world.projects.canonical(&name);
        let project = ResourceName::parse(&id).and_then(|name| Some(name.container()?.strip_prefix("projects/")?.to_owned()));
        for runs_as in accounts {
            let number = project.as_deref().and_then(|project| world.projects.number(project));
            let default = || number.map(|number| format!("{number}-compute@developer.gserviceaccount.com"));
            let Some(email) = runs_as.email.or_else(default) else { continue };
            let identity = account(&email, &world.projects);
            world.name(builder, identity);
            let certainty = if runs_as.narrowed { Certainty::Possible } else { Certainty::Proven };
            builder.relate(Relation::new(&id, RelationKind::RunsAs, account_id(&email)).certainty(certainty));
        }
        if let Some(pool) = pool {
            let pool = add_pool(world, builder, &pool);
            builder.relate(Relation::new(&id, RelationKind::RunsAs, pool));
        }
    }
}

/// The identity that stands for every workload of a project's clusters.
pub(super) fn add_pool(world: &mut World, builder: &mut EstateBuilder, pool: &str) -> String {
    let project = pool.strip_suffix(".svc.id.goog").unwrap_or(pool);
    let tenant = world.projects.tenant(&format!("projects/{project}"));
    world.name(builder, Identity { tenant: Some(tenant), ..Identity::new(pool, IdentityKind::Workload) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_whole() {
        let rows: Vec<Vec<&str>> = ASSETS.lines().skip(1).map(|row| row.splitn(4, ',').collect()).collect();
        assert!(rows.len() >= 40 && rows.is_sorted_by(|a, b| a[0] < b[0]));
        for row in rows {
            assert!(row.len() == 4 && row[3].starts_with("Cloud Asset Inventory asset types: "), "{row:?}");
            assert!(ResourceKind::parse(row[1]).is_some(), "{row:?}");
            assert!(row[2] == "other" || Target::parse(row[2]).is_some(), "{row:?}");
        }
    }

    #[test]
    fn names_tell_the_kind() {
        let kind = |name: &str| kind_of(&ResourceName::parse(name).expect("a name")).0;
        assert_eq!(kind("//storage.googleapis.com/acme-logs"), ResourceKind::ObjectStore);
        assert_eq!(kind("//compute.googleapis.com/projects/a/zones/z/instances/vm"), ResourceKind::Compute);
        assert_eq!(kind("//compute.googleapis.com/projects/a/global/firewalls/f"), ResourceKind::Other);
        assert_eq!(kind("//secretmanager.googleapis.com/projects/a/secrets/s"), ResourceKind::Vault);
    }
}

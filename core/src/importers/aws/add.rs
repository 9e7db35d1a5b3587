//! Adds to the estate what all inputs together say.

use super::accounts::{Accounts, Trusted, is_service_linked};
use super::iam::decision::Decision;
use super::names::{Arn, account_id};
use super::resources::{self, Named};
use super::takeover::Takeover;
use super::trusts::{self, Outsider};
use super::world::{Principal, PrincipalKind, World};
use super::{coverage, entities};
use crate::error::Result;
use crate::estate::EstateBuilder;
use crate::importers::ImportContext;
use crate::model::{Certainty, GuardSet, Instant, Relation, RelationKind, Resource, Right, Secret, SecretKind, Storage};
use std::collections::{BTreeMap, BTreeSet};

/// Adds everything. Costs the policies of each principal for each other principal of its account that it may take, and for each resource that is named.
pub(super) fn all(world: &World, context: &mut ImportContext<'_>) -> Result<()> {
    let accounts = Accounts::new(world);
    let builder = &mut *context.builder;
    entities::tenants(world, &accounts, builder);
    entities::principals(&accounts, builder);
    entities::secrets(world, builder);
    let named = resources::named(&accounts);
    add_named(&named, world, builder);
    let trusted: BTreeMap<&str, Trusted<'_>> =
        world.principals.iter().filter_map(|(arn, role)| Some((arn.as_str(), Trusted::of(role.trust.as_ref()?)))).collect();
    for (done, (arn, principal)) in accounts.all().enumerate() {
        context.observer.check(done as u64, 0)?;
        context.builder.resume(principal.position);
        of_principal(&accounts, &trusted, &named, (arn, principal), context.builder);
    }
    let mut strangers = BTreeSet::new();
    for (arn, role) in &world.principals {
        context.builder.resume(role.position);
        for outsider in role.trust.iter().flat_map(|trust| trusts::outsiders(&accounts, arn, trust)) {
            add_outsider(arn, outsider, &mut strangers, context.builder);
        }
    }
    coverage::add(&accounts, context.builder);
    Ok(())
}

/// The memberships and rights of a principal.
fn of_principal<'w>(
    accounts: &Accounts<'w>,
    trusted: &BTreeMap<&'w str, Trusted<'w>>,
    named: &BTreeMap<String, Named>,
    (arn, principal): (&'w str, &'w Principal),
    builder: &mut EstateBuilder,
) {
    let holder = accounts.holder(arn, principal);
    let limited = holder.is_limited();
    for (group, _) in accounts.groups_of(arn, principal) {
        // Where something is denied to the user, the group's rights are not all the user's; they are worked out for the user alone.
        let kind = if limited { RelationKind::Unmapped } else { RelationKind::MemberOf };
        builder.relate(Relation::new(arn, kind, group).permission("group membership"));
    }
    let through = |to: &str, kind: RelationKind, decision: Decision, of_groups: &[Held]| {
        !limited && of_groups.iter().any(|held| held.to == to && held.kind == kind && held.decision.or(decision) == held.decision)
    };
    let groups: Vec<Held> = if limited || principal.kind != PrincipalKind::User {
        Vec::new()
    } else {
        accounts.groups_of(arn, principal).into_iter().flat_map(|(arn, group)| held(accounts, trusted, named, arn, group)).collect()
    };
    for own in held(accounts, trusted, named, arn, principal) {
        if through(&own.to, own.kind, own.decision, &groups) {
            continue;
        }
        let last_used_at = last_used(accounts.world, arn, &own.permission);
        let relation = decided(Relation::new(arn, own.kind, &own.to).permission(&own.permission), own.decision);
        let Some(relation) = relation else { continue };
        let also = own.key.map(|key| crate::model::Premise { entity: key, right: Right::Read });
        builder.relate(Relation { last_used_at, also: also.into_iter().collect(), ..relation });
    }
    for (profile, name) in &principal.instance_profiles {
        let tenant = tenant_of(arn);
        builder.add(Resource { name: Some(name.clone()), tenant, ..Resource::new(profile, crate::model::ResourceKind::Compute) });
        builder.relate(Relation::new(profile, RelationKind::RunsAs, arn).permission("instance profile"));
    }
}

/// A right that a principal holds.
struct Held {
    to: String,
    kind: RelationKind,
    decision: Decision,
    permission: String,
    key: Option<String>,
}

fn held<'w>(
    accounts: &Accounts<'w>,
    trusted: &BTreeMap<&'w str, Trusted<'w>>,
    named: &BTreeMap<String, Named>,
    arn: &'w str,
    principal: &'w Principal,
) -> Vec<Held> {
    // What AWS itself runs nobody can act as.
    if is_service_linked(arn) {
        return Vec::new();
    }
    let takeovers = Takeover::of(accounts, trusted, arn, principal);
    let partition = Arn::parse(arn).map_or("aws", |arn| arn.partition);
    let commands = |account: &str| takeovers.commands(&account_id(partition, account));
    let holder = accounts.holder(arn, principal);
    let over = resources::rights(&holder, named, accounts.world, &commands);
    let over: Vec<Held> = over
        .into_iter()
        .map(|right| Held {
            to: right.to.to_owned(),
            kind: right.kind,
            decision: right.decision,
            permission: right.permission.to_owned(),
            key: right.key,
        })
        .collect();
    let taken = takeovers.into_relations().map(|(to, kind, ways)| Held {
        to,
        kind,
        decision: ways.decision,
        permission: permissions(&ways.permissions),
        key: None,
    });
    taken.chain(over).collect()
}

/// How many ways of one relation are named.
const SHOWN: usize = 3;

fn permissions(all: &[String]) -> String {
    let shown = all.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(" | ");
    if all.len() > SHOWN { format!("{shown} | {} more", all.len() - SHOWN) } else { shown }
}

/// A relation as policies decided on it.
fn decided(relation: Relation, decision: Decision) -> Option<Relation> {
    let Decision::Allowed { guards, certainty } = decision else { return None };
    Some(Relation { guards, certainty, ..relation })
}

/// When the service of a permission was last used by a principal.
fn last_used(world: &World, arn: &str, permission: &str) -> Option<Instant> {
    let (service, _) = permission.split_once(':')?;
    *world.services.get(arn)?.get(service)?
}

pub(super) fn tenant_of(arn: &str) -> Option<String> {
    let arn = Arn::parse(arn)?;
    super::iam::principal::is_account(arn.account).then(|| account_id(arn.partition, arn.account))
}

/// The resources and secrets that are named and no list describes.
fn add_named(named: &BTreeMap<String, Named>, world: &World, builder: &mut EstateBuilder) {
    for (arn, named) in named.iter().filter(|(arn, _)| !world.secrets.contains_key(*arn)) {
        let partition = Arn::parse(arn).map_or("aws", |arn| arn.partition);
        let tenant = named.account.as_deref().map(|account| account_id(partition, account));
        let name = Arn::parse(arn).map(|arn| arn.resource.rsplit(':').next().unwrap_or(arn.resource).to_owned());
        match named.row.kind {
            Some(kind) => builder.add(Resource { name, tenant, ..Resource::new(arn, kind) }),
            None => builder.add(Secret { name, tenant, storage: Some(Storage::SecretManager), ..Secret::new(arn, SecretKind::Generic) }),
        }
    }
}

fn add_outsider(role: &str, outsider: Outsider, strangers: &mut BTreeSet<String>, builder: &mut EstateBuilder) {
    let mut identity = outsider.identity;
    let id = identity.id.clone();
    let partition = Arn::parse(role).map_or("aws", |arn| arn.partition);
    if let Some(account) = &outsider.account {
        let tenant = account_id(partition, account);
        if strangers.insert(tenant.clone()) {
            entities::stranger(&tenant, builder);
        }
        identity.tenant = Some(tenant);
    }
    if strangers.insert(id.clone()) {
        builder.add(identity);
    }
    let kind = if outsider.subject.is_some() { RelationKind::FederatesTo } else { RelationKind::Assumes };
    if let Some(relation) = decided(Relation::new(&id, kind, role).permission(outsider.action), outsider.decision) {
        builder.relate(Relation { subject: outsider.subject, ..relation });
    }
}

/// A relation that nothing stands in the way of, for what needs no decision.
pub(super) fn plain(from: &str, kind: RelationKind, to: &str, permission: &str, guards: GuardSet) -> Relation {
    Relation { guards, certainty: Certainty::Proven, ..Relation::new(from, kind, to).permission(permission) }
}

/// Whether AWS itself runs a principal.
pub(super) fn is_provider_managed(arn: &str) -> bool {
    is_service_linked(arn)
}

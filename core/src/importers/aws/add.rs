//! Adds to the estate what all inputs together say.

use super::accounts::{Accounts, is_service_linked};
use super::holder::Holder;
use super::iam::decision::Decision;
use super::names::{Arn, account_id};
use super::resources::{self, Index, Named};
use super::takeover::Takeover;
use super::trusted::Trusts;
use super::trusts::{self, Outsider};
use super::world::{Principal, PrincipalKind, World};
use super::{coverage, entities, pod_identity};
use crate::error::Result;
use crate::estate::EstateBuilder;
use crate::importers::ImportContext;
use crate::model::{
    Certainty, GuardSet, Instant, Premise, Relation, RelationKind, Resource, ResourceKind, Right, Secret, SecretKind, Storage,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Adds everything. Costs, for each set of policies that principals hold, the classes of targets that they tell apart; then what each principal can take:
/// the roles that trust it, the resources that its policies cover.
pub(super) fn all(world: &World, context: &mut ImportContext<'_>) -> Result<()> {
    of_accounts(&Accounts::new(world), context)
}

/// The same, of accounts that were looked through.
pub(super) fn of_accounts<'w>(accounts: &'w Accounts<'w>, context: &mut ImportContext<'_>) -> Result<()> {
    let world = accounts.world;
    let builder = &mut *context.builder;
    entities::tenants(world, accounts, builder);
    entities::principals(accounts, builder);
    entities::secrets(world, builder);
    let named = resources::named(accounts);
    add_named(&named, world, builder);
    let all = All { accounts, trusts: Trusts::new(accounts), index: Index::new(&named, world) };
    let mut groups = BTreeMap::new();
    for (done, (arn, principal)) in accounts.all().enumerate() {
        context.observer.check(done as u64, 0)?;
        context.builder.resume(principal.position);
        let rights = all.of_principal(&groups, (arn, principal), context.builder);
        // Groups come before users.
        if principal.kind == PrincipalKind::Group {
            groups.insert(arn, rights);
        }
    }
    add_outsiders(accounts, &named, context.builder);
    pod_identity::add(accounts, context.builder);
    coverage::add(accounts, context.builder);
    Ok(())
}

/// What the rights of every principal are worked out from.
struct All<'a, 'w> {
    accounts: &'a Accounts<'w>,
    trusts: Trusts<'w>,
    index: Index<'a>,
}

/// The rights of a principal, by the other end and the kind of relation.
type Rights<'a> = BTreeMap<(Cow<'a, str>, RelationKind), Held>;

/// A right that a principal holds.
struct Held {
    decision: Decision,
    permission: Cow<'static, str>,
    /// The key without which nothing that is read can be understood.
    key: Option<String>,
}

impl<'a, 'w: 'a> All<'a, 'w> {
    /// Adds the memberships and rights of a principal, but for those that it has through a group; gives all of its rights.
    fn of_principal(
        &self,
        groups: &BTreeMap<&'w str, Rights<'a>>,
        (arn, principal): (&'w str, &'w Principal),
        builder: &mut EstateBuilder,
    ) -> Rights<'a> {
        let holder = self.accounts.holder(arn, principal);
        let limited = holder.is_limited();
        let mut of_groups = Vec::new();
        for (group, _) in self.accounts.groups_of(arn, principal) {
            let kind = if limited { RelationKind::Unmapped } else { RelationKind::MemberOf };
            builder.relate(Relation::new(arn, kind, group).permission("group membership"));
            of_groups.extend(groups.get(group).filter(|_| !limited));
        }
        let rights = self.rights(&holder);
        for (end, own) in &rights {
            let through = |rights: &&Rights<'a>| rights.get(end).is_some_and(|held| held.decision.or(own.decision) == held.decision);
            if !of_groups.iter().any(through) {
                add_right(self.accounts.world, arn, end, own, builder);
            }
        }
        for (profile, name) in &principal.instance_profiles {
            let tenant = tenant_of(arn);
            builder.add(Resource { name: Some(name.clone()), tenant, ..Resource::new(profile, ResourceKind::Compute) });
            builder.relate(Relation::new(profile, RelationKind::RunsAs, arn).permission("instance profile"));
        }
        rights
    }

    fn rights(&self, holder: &Holder<'_>) -> Rights<'a> {
        let mut rights = Rights::new();
        // What AWS itself runs nobody can act as.
        if is_service_linked(holder.arn) {
            return rights;
        }
        let takeovers = Takeover::of(self.accounts, &self.trusts, holder);
        let commands = |account: &str| takeovers.commands(&account_id(holder.partition, account));
        for right in resources::rights(holder, &self.index, self.accounts.world, &commands) {
            let held = Held { decision: right.decision, permission: Cow::Borrowed(right.permission), key: right.key };
            rights.insert((Cow::Borrowed(right.to), right.kind), held);
        }
        for (to, kind, ways) in takeovers.into_relations() {
            rights.insert((to, kind), Held { decision: ways.decision, permission: permissions(&ways.permissions), key: None });
        }
        rights
    }
}

fn add_right(world: &World, arn: &str, (to, kind): &(Cow<'_, str>, RelationKind), held: &Held, builder: &mut EstateBuilder) {
    let last_used_at = last_used(world, arn, &held.permission);
    let Some(relation) = decided(Relation::new(arn, *kind, &**to).permission(&*held.permission), held.decision) else { return };
    let also = held.key.iter().map(|key| Premise { entity: key.clone(), right: Right::Read }).collect();
    builder.relate(Relation { last_used_at, also, ..relation });
}

/// How many ways of one relation are named.
const SHOWN: usize = 3;

fn permissions(all: &[&'static str]) -> Cow<'static, str> {
    if let [only] = all {
        return Cow::Borrowed(only);
    }
    let shown = all.iter().take(SHOWN).copied().collect::<Vec<_>>().join(" | ");
    Cow::Owned(if all.len() > SHOWN { format!("{shown} | {} more", all.len() - SHOWN) } else { shown })
}

/// A relation as policies decided on it.
pub(super) fn decided(relation: Relation, decision: Decision) -> Option<Relation> {
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

/// Whoever is not in the input and may act as a role, or has a right over a resource.
fn add_outsiders(accounts: &Accounts<'_>, named: &BTreeMap<String, Named>, builder: &mut EstateBuilder) {
    let mut known = BTreeSet::new();
    for (arn, role) in &accounts.world.principals {
        builder.resume(role.position);
        for outsider in role.trust.iter().flat_map(|trust| trusts::outsiders(accounts, arn, trust)) {
            let kind = if outsider.action == trusts::ASSUME { RelationKind::Assumes } else { RelationKind::FederatesTo };
            let action = outsider.action;
            add_outsider((arn, kind, action), outsider, accounts, &mut known, builder);
        }
    }
    for (arn, resource) in named {
        let Some(policy) = accounts.world.resource_policies.get(arn) else { continue };
        for (kind, outsider) in resources::outsiders(accounts, arn, resource, policy) {
            let action = outsider.action;
            add_outsider((arn, kind, action), outsider, accounts, &mut known, builder);
        }
    }
}

fn add_outsider(
    (to, kind, action): (&str, RelationKind, &str),
    outsider: Outsider,
    accounts: &Accounts<'_>,
    known: &mut BTreeSet<String>,
    builder: &mut EstateBuilder,
) {
    let mut identity = outsider.identity;
    let id = identity.id.clone();
    if let Some(account) = &outsider.account {
        let tenant = account_id(Arn::parse(&id).map_or_else(|| accounts.partition(account), |arn| arn.partition), account);
        if known.insert(tenant.clone()) {
            entities::stranger(&tenant, builder);
        }
        identity.tenant = Some(tenant);
    }
    if known.insert(id.clone()) {
        builder.add(identity);
    }
    if let Some(relation) = decided(Relation::new(&id, kind, to).permission(action), outsider.decision) {
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

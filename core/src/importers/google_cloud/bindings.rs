//! Policies become relations.

use super::effects::{Effect, Effects};
use super::entities::add_pool;
use super::members::{Member, is_service_agent};
use super::reading::Policy;
use super::roles::Meaning;
use super::scope::Scope;
use super::world::World;
use crate::estate::EstateBuilder;
use crate::importers::subjects;
use crate::model::{Certainty, Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind};
use std::collections::{BTreeMap, BTreeSet};

/// What was counted on the way, for the coverage.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Members of bindings, each binding's on its own.
    pub grants: u64,
    /// Those of them whose role nobody mapped.
    pub unmapped: u64,
    /// Those of them that hold a service agent's own role.
    pub agents: u64,
    /// Those of them behind a condition.
    pub conditional: u64,
    /// The roles nobody mapped.
    pub roles: BTreeSet<String>,
    /// Policies, and those of them whose resource nothing names.
    pub policies: u64,
    pub unnamed: u64,
}

/// Adds every policy: its members, and what they hold.
pub(super) fn add(world: &mut World, builder: &mut EstateBuilder, policies: &[Policy]) -> Counts {
    let mut adding = Adding { world, builder, counts: Counts::default(), deployers: BTreeMap::new(), actors: Vec::new() };
    for policy in policies {
        adding.policy(policy);
    }
    adding.combine();
    adding.counts
}

/// The role whose holders may attach service accounts to code.
const ACT_AS: &str = "roles/iam.serviceAccountUser";
/// What joins it with the right to deploy.
const AND_DEPLOY: &str = "+deploy";
const NO_MEMBER: &str = "a member of a binding has none of the forms that Google Cloud writes";
const NO_ROLE: &str = "a binding names no role";

struct Adding<'a> {
    world: &'a mut World,
    builder: &'a mut EstateBuilder,
    counts: Counts,
    /// Who can place code in which tenants.
    deployers: BTreeMap<String, BTreeSet<(String, Certainty)>>,
    /// Who may act as what, by a role that does not let them place code.
    actors: Vec<Actor>,
}

struct Actor {
    member: String,
    scope: Scope,
    role: String,
    certainty: Certainty,
}

/// A member of a binding, resolved.
struct Holder<'p> {
    id: String,
    kind: IdentityKind,
    role: &'p str,
    certainty: Certainty,
    subject: Option<String>,
}

impl Holder<'_> {
    fn relate(&self, kind: RelationKind, to: &str, certainty: Certainty) -> Relation {
        let certainty = self.certainty.max(certainty);
        let subject = if kind == RelationKind::FederatesTo { self.subject.clone() } else { None };
        Relation { subject, ..Relation::new(&self.id, kind, to).permission(self.role).certainty(certainty) }
    }
}

impl Adding<'_> {
    fn policy(&mut self, policy: &Policy) {
        self.counts.policies += 1;
        self.builder.resume(policy.position);
        let scope = match &policy.name {
            Some(name) => Scope::of(name, self.world),
            None => self.unnamed(&policy.place.source),
        };
        for binding in &policy.bindings {
            if binding.role.is_empty() {
                self.builder.skip(policy.place.clone().field("role"), NO_ROLE);
                continue;
            }
            let certainty = if binding.condition { Certainty::Possible } else { Certainty::Proven };
            for member in &binding.members {
                match self.holder(member, &binding.role, certainty) {
                    Some(holder) => self.grant(&holder, &scope),
                    None => self.builder.skip(policy.place.clone().field("members"), NO_MEMBER),
                }
            }
        }
    }

    /// The scope of a bare policy whose resource nothing names: the project that the file is called after, else a placeholder for the file.
    fn unnamed(&mut self, source: &str) -> Scope {
        let file = source.rsplit(['/', '\\']).next().unwrap_or(source);
        let stem = file.strip_suffix(".json").unwrap_or(file);
        let project = self.world.projects.tenant(&format!("projects/{stem}"));
        if self.builder.get(&project).is_some() {
            return Scope::Tenant(project);
        }
        self.counts.unnamed += 1;
        let id = format!("policy:{source}");
        self.builder.add(Resource { name: Some(stem.to_owned()), ..Resource::new(&id, ResourceKind::Other) });
        Scope::Resource(id, None)
    }

    fn holder<'p>(&mut self, member: &str, role: &'p str, certainty: Certainty) -> Option<Holder<'p>> {
        match Member::parse(member, &self.world.projects)? {
            Member::Convenience(basic, project) => {
                let tenant = self.world.projects.tenant(&format!("projects/{project}"));
                let id = super::holders::id_of(basic, &tenant);
                if let Meaning::Known(effects) = self.world.roles.meaning(basic) {
                    self.world.held.insert((basic.to_owned(), tenant), effects);
                }
                Some(Holder { id, kind: IdentityKind::Role, role, certainty, subject: None })
            }
            Member::Identity(identity) => {
                let (kind, subject) = (identity.kind, subject_of(&identity));
                self.stands_in(&identity);
                if let Some(role) = role_of_pool(&identity.id) {
                    // Which accounts of AWS the pool takes stands in its provider.
                    let relation = Relation::new(role, RelationKind::FederatesTo, &identity.id).certainty(Certainty::Possible);
                    self.builder.relate(relation.permission("workload identity pool"));
                }
                let id = self.world.name(self.builder, *identity);
                Some(Holder { id, kind, role, certainty, subject })
            }
        }
    }

    /// Notes what roles of its tenant reach an identity: service accounts that may be acted as, and principals of the tenant's pools.
    fn stands_in(&mut self, identity: &Identity) {
        let Some(tenant) = identity.tenant.as_deref().filter(|_| identity.enabled != Some(false)) else { return };
        match identity.kind {
            IdentityKind::ServiceAccount if !identity.id.split_once(':').is_some_and(|(_, email)| is_service_agent(email)) => {
                self.world.content(tenant).accounts.insert(identity.id.clone());
            }
            IdentityKind::Workload => {
                self.world.content(tenant).federated.insert(identity.id.clone());
                if let Some((pool, _)) = identity.name.as_deref().and_then(|name| name.split_once(".svc.id.goog[")) {
                    let pool = add_pool(self.world, self.builder, &format!("{pool}.svc.id.goog"));
                    self.builder.relate(Relation::new(pool, RelationKind::Assumes, &identity.id).permission("workload identity pool"));
                }
            }
            _ => {}
        }
    }

    fn grant(&mut self, holder: &Holder<'_>, scope: &Scope) {
        self.counts.grants += 1;
        self.counts.conditional += u64::from(holder.certainty == Certainty::Possible);
        let effects = match self.world.roles.meaning(holder.role) {
            Meaning::Known(effects) => effects,
            Meaning::Agent if is_service_agent(holder.id.split_once(':').map_or("", |(_, email)| email)) => {
                self.counts.agents += 1;
                Effects::default()
            }
            Meaning::Agent | Meaning::Unmapped => {
                self.counts.unmapped += 1;
                self.counts.roles.insert(holder.role.to_owned());
                Effects::default()
            }
        };
        let relations = match scope {
            Scope::Tenant(tenant) => self.on_tenant(holder, tenant, effects),
            Scope::Account(account) => self.on_account(holder, account, effects),
            Scope::Resource(id, _) if effects.is_control() => vec![holder.relate(RelationKind::Administers, id, Certainty::Proven)],
            Scope::Resource(id, Some(target)) => effects.over(*target).map(|(kind, sure)| holder.relate(kind, id, sure)).collect(),
            Scope::Resource(..) => Vec::new(),
        };
        if relations.is_empty() && !(matches!(scope, Scope::Account(_)) && effects.has(Effect::ActAs)) {
            self.builder.relate(holder.relate(RelationKind::Unmapped, scope.id(), Certainty::Proven));
        }
        for relation in relations {
            self.builder.relate(relation);
        }
    }

    fn on_tenant(&mut self, holder: &Holder<'_>, tenant: &str, effects: Effects) -> Vec<Relation> {
        if effects.is_empty() {
            return Vec::new();
        }
        self.note(holder, Scope::Tenant(tenant.to_owned()), effects);
        if effects.is_control() {
            return vec![holder.relate(RelationKind::Administers, tenant, Certainty::Proven)];
        }
        self.world.held.insert((holder.role.to_owned(), tenant.to_owned()), effects);
        vec![holder.relate(RelationKind::MemberOf, &super::holders::id_of(holder.role, tenant), Certainty::Proven)]
    }

    fn on_account(&mut self, holder: &Holder<'_>, account: &str, effects: Effects) -> Vec<Relation> {
        if effects.is_control() {
            return vec![holder.relate(RelationKind::Administers, account, Certainty::Proven)];
        }
        let federated = holder.kind == IdentityKind::Workload;
        let rights = effects.without(Effect::ActAs).over_accounts(federated);
        if rights.is_empty() {
            self.note(holder, Scope::Account(account.to_owned()), effects);
        }
        rights.into_iter().map(|(kind, sure)| holder.relate(kind, account, sure)).collect()
    }

    /// Notes who may act as accounts and who may place code: one alone is worth little, both on one project are worth the account.
    fn note(&mut self, holder: &Holder<'_>, scope: Scope, effects: Effects) {
        match scope {
            Scope::Tenant(tenant) if effects.has(Effect::Deploy) => {
                self.deployers.entry(holder.id.clone()).or_default().insert((tenant, holder.certainty));
            }
            scope if effects.has(Effect::ActAs) => {
                let (member, role) = (holder.id.clone(), holder.role.to_owned());
                self.actors.push(Actor { member, scope, role, certainty: holder.certainty });
            }
            _ => {}
        }
    }

    /// Joins, member by member, the right to act as accounts with the right to place code that would run as them.
    fn combine(&mut self) {
        for actor in std::mem::take(&mut self.actors) {
            let places = self.deployers.get(&actor.member).cloned().unwrap_or_default();
            match &actor.scope {
                Scope::Account(account) => self.act_as(&actor, account, &places),
                Scope::Tenant(tenant) => self.act_within(&actor, tenant, &places),
                Scope::Resource(..) => {}
            }
        }
    }

    /// Acting as one account: proven where the member can place code in the account's project, else possible, for who is in the groups that can
    /// is not known.
    fn act_as(&mut self, actor: &Actor, account: &str, places: &BTreeSet<(String, Certainty)>) {
        let home = self.builder.get(account).and_then(|account| account.container().map(str::to_owned)).unwrap_or_default();
        let chain = self.world.chain(&home);
        let near = places.iter().filter(|(place, _)| *place == home || chain.contains(&place.as_str()));
        let best = near.map(|(_, sure)| actor.certainty.max(*sure)).min();
        let permission = if best.is_some() { format!("{}{AND_DEPLOY}", actor.role) } else { actor.role.clone() };
        let relation = Relation::new(&actor.member, RelationKind::Assumes, account).permission(permission);
        self.builder.relate(relation.certainty(best.unwrap_or(Certainty::Possible)));
    }

    /// Acting as every account of a tenant: where the member can place code there, it holds both together.
    fn act_within(&mut self, actor: &Actor, tenant: &str, places: &BTreeSet<(String, Certainty)>) {
        for (place, sure) in places {
            let Some(common) = self.world.deeper(tenant, place) else { continue };
            let role = format!("{ACT_AS}{AND_DEPLOY}");
            let relation = Relation::new(&actor.member, RelationKind::MemberOf, super::holders::id_of(&role, &common));
            self.builder.relate(relation.permission(role.as_str()).certainty(actor.certainty.max(*sure)));
            self.world.held.insert((role, common), Effects::of_deployer());
        }
    }
}

/// The role of AWS, as its reader names it, that a principal of a pool stands for: by the mapping that Google sets up for AWS, or by the subject.
/// Source: Google Cloud IAM documentation, "Configure Workload Identity Federation with AWS or Azure VMs".
fn role_of_pool(id: &str) -> Option<String> {
    let (_, rest) = id.split_once("/workloadIdentityPools/")?;
    let (_, subject) = rest.split_once('/')?;
    subjects::role_of_session(subject.strip_prefix("attribute.aws_role/").or_else(|| subject.strip_prefix("subject/"))?)
}

/// The regex over what follows the pool in a federated principal's name; `.*` where a whole pool is taken.
fn subject_of(identity: &Identity) -> Option<String> {
    let (_, rest) = identity.id.split_once("/workloadIdentityPools/")?;
    let (_, subject) = rest.split_once('/')?;
    Some(if subject == "*" { ".*".to_owned() } else { format!("^{}$", regex::escape(subject)) })
}

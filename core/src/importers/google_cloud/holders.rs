//! Roles that are held on a tenant as a whole become identities: members lead into them, and they lead to what the role reaches there.

use super::effects::{Effect, Effects};
use super::members::account_id;
use super::world::World;
use crate::estate::EstateBuilder;
use crate::model::{Certainty, Identity, IdentityKind, Relation, RelationKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The id of the identity of a role on a tenant.
pub(super) fn id_of(role: &str, tenant: &str) -> String {
    format!("{role}@{tenant}")
}

/// Adds the identity of every role that is held on a tenant, and of the same role in the tenants below where it reaches something there.
pub(super) fn add(world: &mut World, builder: &mut EstateBuilder) {
    let below = Below::of(world);
    let mut left: Vec<_> = std::mem::take(&mut world.held).into_iter().collect();
    let mut done: BTreeSet<(String, String)> = left.iter().map(|(held, _)| held.clone()).collect();
    while let Some(((role, tenant), effects)) = left.pop() {
        let id = id_of(&role, &tenant);
        let name =
            format!("{} on {}", shown(&role), builder.get(&tenant).map_or_else(|| tenant.clone(), |tenant| tenant.name().to_owned()));
        builder.add(Identity { name: Some(name), tenant: Some(tenant.clone()), ..Identity::new(&id, IdentityKind::Role) });
        relate(world, builder, &Held { id: &id, role: &role, tenant: &tenant, effects });
        if effects.is_control() {
            continue;
        }
        for child in below.children(&tenant) {
            let known = done.contains(&(role.clone(), child.clone()));
            if !known && !effects.meets(below.reached(child)) {
                continue;
            }
            builder.relate(Relation::new(&id, RelationKind::MemberOf, id_of(&role, child)).permission(role.as_str()));
            if done.insert((role.clone(), child.clone())) {
                left.push(((role.clone(), child.clone()), effects));
            }
        }
    }
}

/// A role as people say it: a custom role by its own name, for where it is defined says little.
fn shown(role: &str) -> String {
    match role.split_once("/roles/") {
        Some((_, custom)) => format!("custom role {custom}"),
        None => role.to_owned(),
    }
}

struct Held<'a> {
    id: &'a str,
    role: &'a str,
    tenant: &'a str,
    effects: Effects,
}

impl Held<'_> {
    fn relate(&self, kind: RelationKind, to: &str, certainty: Certainty) -> Relation {
        Relation::new(self.id, kind, to).permission(self.role).certainty(certainty)
    }
}

/// The relations from the identity of a role to what it reaches in its own tenant.
fn relate(world: &World, builder: &mut EstateBuilder, held: &Held<'_>) {
    if let Some((kind, certainty)) = held.effects.over_scope() {
        builder.relate(held.relate(kind, held.tenant, certainty));
    }
    if held.effects.is_control() {
        return;
    }
    for (role, local) in [(Effect::Build, "cloudbuild"), (Effect::Deployment, "cloudservices")] {
        let number = held.tenant.strip_prefix("projects/").and_then(|project| world.projects.number(project));
        let agent = number.map(|number| account_id(&format!("{number}@{local}.gserviceaccount.com")));
        // The account is there only where somebody gave it rights.
        if let Some(agent) = agent.filter(|agent| held.effects.has(role) && builder.get(agent).is_some()) {
            builder.relate(held.relate(RelationKind::Assumes, &agent, Certainty::Proven));
        }
    }
    let Some(content) = world.contents.get(held.tenant) else { return };
    for (target, resources) in &content.resources {
        for (kind, certainty) in held.effects.over(*target) {
            for resource in resources {
                builder.relate(held.relate(kind, resource, certainty));
            }
        }
    }
    for (kind, certainty) in held.effects.over_accounts(false) {
        for account in &content.accounts {
            builder.relate(held.relate(kind, account, certainty));
        }
    }
    if held.effects.has(Effect::Federation) {
        for principal in &content.federated {
            builder.relate(held.relate(RelationKind::Manages, principal, Certainty::Proven));
        }
    }
    if held.effects.commands_clusters() {
        let pool = held.tenant.strip_prefix("projects/").map(|project| format!("{project}.svc.id.goog"));
        if let Some(pool) = pool.filter(|pool| builder.get(pool).is_some()) {
            builder.relate(held.relate(RelationKind::Assumes, &pool, Certainty::Proven));
        }
    }
}

/// The tenants below each tenant, and what there is to reach in them.
struct Below {
    children: BTreeMap<String, Vec<String>>,
    reached: HashMap<String, Effects>,
}

impl Below {
    fn of(world: &World) -> Self {
        let mut below = Below { children: BTreeMap::new(), reached: HashMap::new() };
        for (child, parent) in world.parents() {
            below.children.entry(parent.clone()).or_default().push(child.clone());
        }
        for (tenant, content) in &world.contents {
            let here = Effects::reaching(content.resources.keys().copied(), !content.accounts.is_empty(), !content.federated.is_empty());
            below.add(tenant, here);
            for above in world.chain(tenant) {
                below.add(above, here);
            }
        }
        below
    }

    fn add(&mut self, tenant: &str, effects: Effects) {
        let known = self.reached.entry(tenant.to_owned()).or_default();
        *known = known.with(effects);
    }

    fn children(&self, tenant: &str) -> &[String] {
        self.children.get(tenant).map_or(&[], Vec::as_slice)
    }

    /// What there is to reach in a tenant or below it; to be seen there is always something.
    fn reached(&self, tenant: &str) -> Effects {
        self.reached.get(tenant).copied().unwrap_or_default().with(Effects::of(Effect::Observe))
    }
}

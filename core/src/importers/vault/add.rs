//! Adds what all inputs together say.

use super::engines::Engines;
use super::names::Home;
use super::world::{Entity, Login, PrincipalKey, Role, World};
use super::{bindings, policies};
use crate::error::Result;
use crate::estate::{Coverage, EstateBuilder};
use crate::importers::ImportContext;
use crate::model::{
    Authentication, Controls, Guard, GuardSet, Identity, IdentityKind, Instant, Relation, RelationKind, Resource, Secret, SecretKind,
    Storage, Tenant, TenantKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// The adding of what was read.
pub(super) struct Adding<'a> {
    pub world: &'a World,
    pub builder: &'a mut EstateBuilder,
    pub engines: &'a Engines,
    /// The policies that somebody holds, and whether their rules were read.
    pub policies: BTreeMap<(Home, String), bool>,
    /// The bindings of roles, and whether they meet what other readers know.
    bound: Vec<bool>,
}

/// Adds everything.
pub(super) fn all(world: &World, context: &mut ImportContext<'_>) -> Result<()> {
    let (engines, observer) = (&Engines::of(world), context.observer);
    let mut adding = Adding { world, builder: &mut *context.builder, engines, policies: BTreeMap::new(), bound: Vec::new() };
    adding.engines();
    adding.roles();
    observer.check(0, 0)?;
    adding.principals();
    adding.tokens();
    adding.entities();
    adding.secrets();
    observer.check(0, 0)?;
    policies::add(&mut adding);
    adding.coverage();
    Ok(())
}

impl<'a> Adding<'a> {
    pub fn tenant(&mut self, home: &Home) -> String {
        let id = home.tenant();
        if self.builder.get(&id).is_none() {
            let parent = (!home.namespace.is_empty()).then(|| home.within("root"));
            let controls = Controls { audit_logging: self.world.audited.contains(home).then_some(true), ..Controls::default() };
            let name = if home.namespace.is_empty() { home.vault.clone() } else { home.namespace.clone() };
            let tenant = Tenant::new(&id, TenantKind::VaultNamespace);
            self.builder.add(Tenant { name: Some(name), parent: parent.as_ref().map(Home::tenant), controls, ..tenant });
            if let Some(parent) = parent {
                self.tenant(&parent);
            }
        }
        id
    }

    pub fn identity(&mut self, home: &Home, path: &str, kind: IdentityKind) -> Identity {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        Identity { name: Some(name), tenant: Some(self.tenant(home)), ..Identity::new(home.at(path), kind) }
    }

    fn hold(&mut self, who: &str, home: &Home, policies: &BTreeSet<String>) {
        for policy in policies {
            let key = (home.clone(), policy.clone());
            self.policies.entry(key).or_insert(false);
            let to = home.at(&format!("policies/{policy}"));
            self.builder.relate(Relation::new(who, RelationKind::MemberOf, to).permission("policy"));
        }
    }

    fn engines(&mut self) {
        let engines = self.engines;
        for ((home, path), kind) in &engines.kinds {
            let position = self.world.mounts.get(&(home.clone(), path.clone())).map(|mount| mount.position);
            position.into_iter().for_each(|position| self.builder.resume(position));
            let tenant = Some(self.tenant(home));
            self.builder.add(Resource { name: Some(path.clone()), tenant, ..Resource::new(home.at(path), *kind) });
        }
    }

    fn roles(&mut self) {
        let world = self.world;
        for ((home, path), role) in &world.roles {
            self.builder.resume(role.position);
            let is_user = path.split('/').rev().nth(1) == Some("users");
            let kind = if is_user { IdentityKind::Human } else { IdentityKind::Role };
            let identity = self.identity(home, path, kind);
            let id = identity.id.clone();
            self.builder.add(Identity { created_at: role.created_at, authentication: proofs(path, role), ..identity });
            self.hold(&id, home, &role.policies);
            let mount = path.strip_prefix("auth/").and_then(|rest| rest.rsplitn(3, '/').last()).unwrap_or_default();
            for binding in &role.bindings {
                let (relation, joined) = bindings::add(binding, home, mount, &id, world, self.builder);
                self.bound.push(joined);
                let guards = if role.network { GuardSet::NONE.with(Guard::Network) } else { GuardSet::NONE };
                relation.into_iter().for_each(|relation| self.builder.relate(relation.guards(guards)));
            }
            if is_user {
                let secret = Secret::new(format!("{id}/password"), SecretKind::Password);
                let created_at = role.created_at;
                self.proof(home, &id, Secret { created_at, storage: Some(Storage::Unknown), ..secret });
            }
        }
        for ((home, role, request), (position, created_at)) in &world.secret_ids {
            self.builder.resume(*position);
            let identity = self.identity(home, role, IdentityKind::Role);
            let id = identity.id.clone();
            self.builder.add(identity);
            let secret = Secret::new(format!("{id}/secret-id/{request}"), SecretKind::ClientSecret);
            self.proof(home, &id, Secret { created_at: *created_at, storage: Some(Storage::Unknown), ..secret });
        }
    }

    /// Adds a secret that proves an identity.
    fn proof(&mut self, home: &Home, identity: &str, secret: Secret) {
        let tenant = Some(self.tenant(home));
        self.builder.relate(Relation::new(&secret.id, RelationKind::AuthenticatesAs, identity));
        self.builder.add(Secret { tenant, ..secret });
    }

    /// The path of the identity that a principal is: of its role or user where the auth method says so.
    fn path_of(&self, key: &PrincipalKey) -> (String, IdentityKind) {
        let mount = || {
            let fits =
                |mount: &&String| key.shown == **mount || key.shown.strip_prefix(mount.as_str()).is_some_and(|rest| rest.starts_with('-'));
            let known = self.world.mounts.iter().filter(|((home, _), mount)| mount.is_auth && *home == key.home).map(|((_, path), _)| path);
            let found = known.filter(fits).max_by_key(|mount| mount.len()).cloned();
            found.unwrap_or_else(|| key.shown.split('-').next().unwrap_or(&key.shown).to_owned())
        };
        match &key.login {
            Some(Login::Role(name)) => (format!("auth/{}/role/{name}", mount()), IdentityKind::Role),
            Some(Login::User(name)) => {
                let of_name = key.shown.strip_suffix(name.as_str()).and_then(|mount| mount.strip_suffix('-'));
                (format!("auth/{}/users/{name}", of_name.map_or_else(mount, str::to_owned)), IdentityKind::Human)
            }
            None => (format!("principals/{}", key.shown), IdentityKind::ServiceAccount),
        }
    }

    fn principals(&mut self) {
        let world = self.world;
        for (key, principal) in &world.principals {
            self.builder.resume(principal.position);
            let (path, kind) = self.path_of(key);
            let identity = self.identity(&key.home, &path, kind);
            let id = identity.id.clone();
            self.builder.add(Identity { last_used_at: principal.last_used_at, ..identity });
            self.hold(&id, &key.home, &principal.policies);
            // A token that nothing but another token gave lives until somebody ends it.
            if key.login.is_none() {
                let (created_at, last_used_at) = (principal.created_at, principal.last_used_at);
                let secret = Secret::new(format!("{id}/token"), SecretKind::Token);
                self.proof(&key.home, &id, Secret { created_at, last_used_at, storage: Some(Storage::Unknown), ..secret });
            } else if kind == IdentityKind::Human {
                let secret = Secret::new(format!("{id}/password"), SecretKind::Password);
                self.proof(&key.home, &id, Secret { last_used_at: principal.last_used_at, storage: Some(Storage::Unknown), ..secret });
            }
        }
        for ((key, path), used) in &world.uses {
            self.builder.resume(used.position);
            let (who, _) = self.path_of(key);
            let to = match self.engines.mount_of(&key.home, path) {
                Some(_) if self.engines.is_key_value(&key.home, path) => key.home.at(path),
                Some(mount) => key.home.at(mount),
                None => continue,
            };
            let seen = |kind, at: Option<Option<Instant>>| {
                let relation = Relation::new(key.home.at(&who), kind, to.as_str()).permission("seen in the audit log");
                at.map(|at| Relation { last_used_at: at, ..relation })
            };
            let seen = [seen(RelationKind::Reads, used.read), seen(RelationKind::Writes, used.written)];
            seen.into_iter().flatten().for_each(|relation| self.builder.relate(relation));
        }
    }

    fn tokens(&mut self) {
        let world = self.world;
        for ((home, accessor), token) in &world.tokens {
            self.builder.resume(token.position);
            let shown = token.shown.clone().unwrap_or_else(|| accessor.clone());
            let identity = self.identity(home, &format!("principals/{shown}"), IdentityKind::ServiceAccount);
            let id = identity.id.clone();
            self.builder.add(identity);
            self.hold(&id, home, &token.policies);
            let secret = Secret::new(home.at(&format!("tokens/{accessor}")), SecretKind::Token);
            let (created_at, expires_at, fingerprint) = (token.created_at, token.expires_at, token.fingerprint.clone());
            self.proof(
                home,
                &id,
                Secret { name: Some(shown), created_at, expires_at, fingerprint, storage: Some(Storage::Unknown), ..secret },
            );
        }
    }

    fn entities(&mut self) {
        let world = self.world;
        for ((home, id), entity) in &world.entities {
            self.builder.resume(entity.position);
            let path = |id: &str, entity: Option<&Entity>| {
                let kind = if entity.is_some_and(|entity| entity.group) { "group" } else { "entity" };
                home.at(&format!("identity/{kind}/{id}"))
            };
            let (own, kind) = (path(id, Some(entity)), if entity.group { IdentityKind::Group } else { IdentityKind::Other });
            let (name, enabled) = (entity.name.clone(), Some(!entity.disabled));
            let tenant = Some(self.tenant(home));
            self.builder.add(Identity { name, tenant, enabled, created_at: entity.created_at, ..Identity::new(&own, kind) });
            self.hold(&own, home, &entity.policies);
            for member in &entity.members {
                let member = path(member, world.entities.get(&(home.clone(), member.clone())));
                self.builder.relate(Relation::new(member, RelationKind::MemberOf, own.as_str()));
            }
            for (mount, alias) in &entity.aliases {
                let users = format!("auth/{mount}/users/{alias}");
                let role = format!("auth/{mount}/role/{alias}");
                let from = if world.roles.contains_key(&(home.clone(), role.clone())) { role } else { users };
                self.builder.relate(Relation::new(home.at(&from), RelationKind::Assumes, own.as_str()).permission("alias"));
            }
        }
    }

    fn secrets(&mut self) {
        let world = self.world;
        for ((home, path), dates) in &world.secrets {
            if !self.engines.is_key_value(home, path) {
                continue;
            }
            self.builder.resume(dates.position);
            let id = home.at(path);
            let tenant = Some(self.tenant(home));
            let (created_at, rotated_at, last_used_at) = (dates.created_at, dates.written_at, dates.read_at);
            let name = Some(path.clone());
            let storage = Some(Storage::SecretManager);
            self.builder.add(Secret {
                name,
                tenant,
                created_at,
                rotated_at,
                last_used_at,
                storage,
                ..Secret::new(&id, SecretKind::Generic)
            });
            if let Some(mount) = self.engines.mount_of(home, path) {
                self.builder.relate(Relation::new(home.at(mount), RelationKind::Stores, id));
            }
        }
    }

    fn coverage(&mut self) {
        let world = self.world;
        // What every token holds, and what is everything, needs no rules.
        let known = self.policies.iter().map(|((_, name), known)| *known || matches!(name.as_str(), "root" | "default"));
        let rows = [
            Coverage::counted(
                "vault_named",
                world.inputs.iter().copied(),
                "inputs that name their Vault, of all; the rest is taken to be of one (`vault=NAME` in the path)",
            ),
            Coverage::counted(
                "vault_policies_known",
                known,
                "policies that somebody holds whose rules are in the input, of all; what the others reach is not known",
            ),
            Coverage::counted(
                "vault_roles_described",
                world.roles.values().map(|role| role.described),
                "roles and users of auth methods whose configuration is in the input, of all; whom the others let in is not known",
            ),
            Coverage::counted(
                "vault_bindings_joined",
                self.bound.iter().copied(),
                "bindings of roles that name whom other exports know, of all; the issuer of the others is not in the input (the configuration of their method)",
            ),
        ];
        rows.into_iter().flatten().for_each(|coverage| self.builder.cover(coverage));
        if world.requests > 0 {
            let note = "records of the audit log that name who asked, of all; the others are logins, and requests without a token";
            let (known, total) = (world.authenticated, world.requests);
            self.builder.cover(Coverage { topic: "vault_audit_principals".into(), known, total, note: note.into() });
        }
    }
}

/// How the users and roles of an auth method prove themselves.
fn proofs(path: &str, role: &Role) -> Vec<Authentication> {
    let method = path.strip_prefix("auth/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    if path.split('/').rev().nth(1) == Some("users") {
        vec![Authentication::Password]
    } else if role.bindings.iter().any(|binding| !matches!(binding, bindings::Binding::TrustDomain(_))) {
        vec![Authentication::Federated]
    } else if method.starts_with("cert") {
        vec![Authentication::Certificate]
    } else if method.starts_with("approle") {
        vec![Authentication::StaticSecret]
    } else {
        Vec::new()
    }
}

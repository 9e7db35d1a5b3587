//! What Vault's API and its command line tell of mounts, policies, roles, tokens, entities and secrets.

use super::bindings;
use super::names::Home;
use super::policy::Policy;
use super::world::{Dates, Entity, Mount, Role, Token, World};
use crate::estate::{FingerprintKey, Position};
use crate::importers::objects::{Fields, Taken};
use serde_json::Value;

const NO_PATH: &str =
    "a role or its method without its path; put it into a file named by its path (auth/MOUNT/role/NAME.json), or its `path` beside it";
const NO_POLICY: &str = "a policy that cannot be read";
const NO_NAME: &str = "a policy or an entity without its name";

/// Where an output is from: its home, the path of the API where it is told, its place among records.
pub(super) struct From<'a> {
    pub home: &'a Home,
    pub path: Option<&'a str>,
    pub position: Position,
    pub key: &'a FingerprintKey,
}

/// Takes what an object is.
pub(super) fn take(world: &mut World, from: &From<'_>, fields: Fields<'_>) -> Taken {
    if fields.has("request_id") && fields.has("lease_duration") {
        // The frame of an answer, in which an error has no data.
        return match fields.inner("data") {
            Some(data) => inner(world, &From { path: fields.text("path").or(from.path), ..*from }, data),
            None => Taken::Whole,
        };
    }
    inner(world, &From { path: fields.text("path").filter(|path| path.contains('/')).or(from.path), ..*from }, fields)
}

fn inner(world: &mut World, from: &From<'_>, fields: Fields<'_>) -> Taken {
    let is_text = |name: &str| fields.text(name).is_some();
    if is_mounts(fields) {
        mounts(world, from, fields);
    } else if is_text("policy") || is_text("rules") {
        return policy(world, from, fields);
    } else if fields.has("accessor") && (fields.has("creation_time") || fields.has("creation_ttl")) {
        token(world, from, fields);
    } else if fields.has("aliases") || fields.has("member_entity_ids") || fields.has("alias") {
        return entity(world, from, fields);
    } else if fields.has("keys") && fields.0.len() <= 3 {
        // A list of names alone.
    } else if is_text("oidc_discovery_url") || is_text("bound_issuer") || fields.has("kubernetes_host") {
        return method(world, from, fields);
    } else if fields.has("token_policies") || fields.has("policies") {
        return role(world, from, fields);
    } else if fields.has("versions") && fields.has("created_time") {
        return metadata(world, from, fields);
    } else {
        return Taken::LookInside;
    }
    Taken::Whole
}

/// Whether each field is a mount, as `vault secrets list` and `vault auth list` write them.
fn is_mounts(fields: Fields<'_>) -> bool {
    let is_mount = |(path, value): (&String, &Value)| path.ends_with('/') && value.get("type").is_some();
    fields.0.iter().any(is_mount)
}

fn mounts(world: &mut World, from: &From<'_>, fields: Fields<'_>) {
    for (path, mount) in fields.0.iter().filter(|(path, _)| path.ends_with('/')) {
        let Some(mount) = mount.as_object().map(Fields) else { continue };
        let is_auth = mount.text("accessor").is_some_and(|accessor| accessor.starts_with("auth_"));
        let path = path.trim_matches('/').to_owned();
        let known: &mut Mount = world.mounts.entry((from.home.clone(), path)).or_default();
        known.position = from.position;
        known.engine = known.engine.take().or_else(|| mount.owned("type"));
        known.is_auth |= is_auth;
    }
}

fn policy(world: &mut World, from: &From<'_>, fields: Fields<'_>) -> Taken {
    let name = fields.text("name").or_else(|| from.path?.rsplit('/').next());
    let (Some(name), Some(text)) = (name, fields.text("policy").or_else(|| fields.text("rules"))) else { return Taken::Skipped(NO_NAME) };
    match Policy::of(text) {
        Ok(policy) => {
            add_policy(world, from.home, name, from.position, policy);
            Taken::Whole
        }
        Err(_) => Taken::Skipped(NO_POLICY),
    }
}

/// Keeps a policy.
pub(super) fn add_policy(world: &mut World, home: &Home, name: &str, position: Position, policy: Policy) {
    let known = world.policies.entry((home.clone(), name.to_owned())).or_default();
    if !known.iter().any(|(_, other)| *other == policy) {
        known.push((position, policy));
    }
}

fn token(world: &mut World, from: &From<'_>, fields: Fields<'_>) {
    let Some(accessor) = fields.owned("accessor") else { return };
    world.tokens.insert(
        (from.home.clone(), accessor),
        Token {
            position: from.position,
            shown: fields.owned("display_name"),
            policies: fields.texts("policies").into_iter().map(str::to_owned).collect(),
            // What the audit log hashed is no value.
            fingerprint: fields
                .text("id")
                .filter(|value| !value.starts_with("hmac-"))
                .and_then(|value| from.key.fingerprint(value.as_bytes())),
            created_at: fields.instant("creation_time").or_else(|| fields.instant("issue_time")),
            expires_at: fields.instant("expire_time"),
        },
    );
}

fn entity(world: &mut World, from: &From<'_>, fields: Fields<'_>) -> Taken {
    let Some(id) = fields.owned("id") else { return Taken::Skipped(NO_NAME) };
    let texts = |name: &str| fields.texts(name).into_iter().map(str::to_owned);
    let aliases = fields.objects("aliases").filter_map(|alias| Some((alias.text("mount_path")?.to_owned(), alias.owned("name")?)));
    let aliases = aliases.map(|(mount, name)| (mount.trim_start_matches("auth/").trim_matches('/').to_owned(), name)).collect();
    let members = texts("member_entity_ids").chain(texts("member_group_ids")).collect();
    let entity = Entity {
        position: from.position,
        name: fields.owned("name"),
        group: fields.has("member_entity_ids"),
        policies: texts("policies").collect(),
        members,
        disabled: fields.flag("disabled") == Some(true),
        created_at: fields.instant("creation_time"),
        aliases,
    };
    world.entities.insert((from.home.clone(), id), entity);
    Taken::Whole
}

/// The configuration of an auth method: who issues the tokens that it takes.
fn method(world: &mut World, from: &From<'_>, fields: Fields<'_>) -> Taken {
    let mount = from.path.and_then(|path| path.strip_prefix("auth/")).and_then(|path| path.split("/config").next());
    let Some(mount) = mount.filter(|mount| !mount.is_empty()) else { return Taken::Skipped(NO_PATH) };
    let issuer = ["bound_issuer", "oidc_discovery_url", "issuer"].iter().find_map(|name| fields.text(name));
    if let Some(issuer) = issuer {
        world.issuers.insert((from.home.clone(), mount.to_owned()), issuer.trim_end_matches('/').to_owned());
    }
    Taken::Whole
}

fn role(world: &mut World, from: &From<'_>, fields: Fields<'_>) -> Taken {
    let path = from.path.filter(|path| path.starts_with("auth/") && path.split('/').count() >= 4);
    let Some(path) = path.or_else(|| from.path.filter(|path| path.starts_with("auth/token/roles/"))) else {
        return Taken::Skipped(NO_PATH);
    };
    let role: &mut Role = world.roles.entry((from.home.clone(), path.to_owned())).or_default();
    role.position = from.position;
    role.described = true;
    let policies = ["token_policies", "policies", "allowed_policies"].into_iter().flat_map(|name| fields.texts(name));
    role.policies.extend(policies.map(str::to_owned));
    role.network |= ["token_bound_cidrs", "secret_id_bound_cidrs"].iter().any(|name| !fields.texts(name).is_empty());
    role.bindings.extend(bindings::of(fields));
    Taken::Whole
}

/// The metadata of a secret of the second version of the key-value engine.
fn metadata(world: &mut World, from: &From<'_>, fields: Fields<'_>) -> Taken {
    let Some(path) = from.path.filter(|path| path.contains("/metadata/")) else { return Taken::Skipped(NO_PATH) };
    let dates: &mut Dates = world.secrets.entry((from.home.clone(), path.replacen("/metadata/", "/data/", 1))).or_default();
    dates.position = from.position;
    super::world::earlier(&mut dates.created_at, fields.instant("created_time"));
    super::world::later(&mut dates.written_at, fields.instant("updated_time"));
    Taken::Whole
}

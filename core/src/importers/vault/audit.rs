//! A record of the audit log: who asked for what, and what came of it.

use super::names::Home;
use super::world::{Login, PrincipalKey, World, earlier, later};
use crate::estate::Position;
use crate::importers::objects::Fields;
use crate::model::Instant;

/// What the audit log hashes. Under the salt of a device it is the same for the same value, and says nothing beyond that device: no name, no value.
const HASHED: &str = "hmac-sha256:";

/// Whether an object is a record of an audit log.
pub(super) fn is_record(fields: Fields<'_>) -> bool {
    matches!(fields.text("type"), Some("request" | "response")) && fields.inner("request").is_some_and(|request| request.has("operation"))
}

/// Takes a record. What failed, and what is only asked for and not yet answered, did nothing.
pub(super) fn take(world: &mut World, home: &Home, position: Position, fields: Fields<'_>) {
    let Some(request) = fields.inner("request") else { return };
    let namespace = request.inner("namespace").and_then(|namespace| namespace.text("path"));
    let home = namespace.map_or_else(|| home.clone(), |path| home.within(path));
    let time = fields.instant("time");
    world.audited.insert(home.clone());
    world.requests += 1;
    let principal = fields.inner("auth").and_then(|auth| came(world, &home, position, auth, time));
    world.authenticated += u64::from(principal.is_some());
    let (Some(path), Some(operation)) = (request.text("path"), request.text("operation")) else { return };
    let path = path.trim_matches('/');
    if fields.text("type") != Some("response") || fields.has("error") || path.contains(HASHED) {
        return;
    }
    let response = fields.inner("response");
    if let Some(auth) = response.and_then(|response| response.inner("auth")) {
        signed_in(world, &home, position, path, auth, time);
    }
    changed(world, &home, position, path, operation, request, time);
    if let Some(key) = principal
        && !super::rights::is_own(path)
    {
        let used = world.uses.entry((key, path.to_owned())).or_default();
        used.position = position;
        match operation {
            "read" => used.read = Some(used.read.flatten().max(time)),
            "create" | "update" | "patch" | "delete" => used.written = Some(used.written.flatten().max(time)),
            _ => {}
        }
    }
}

/// Who came with a token; `None` where nobody did.
fn came(world: &mut World, home: &Home, position: Position, auth: Fields<'_>, time: Option<Instant>) -> Option<PrincipalKey> {
    let shown = auth.owned("display_name")?;
    let metadata = auth.inner("metadata");
    let told = |name: &str| metadata.and_then(|metadata| metadata.owned(name)).filter(|name| !name.starts_with(HASHED));
    let login = told("role_name").or_else(|| told("role")).map(Login::Role).or_else(|| told("username").map(Login::User));
    let key = PrincipalKey { home: home.clone(), shown, login };
    let principal = world.principals.entry(key.clone()).or_default();
    principal.position = position;
    principal.policies.extend(auth.texts("policies").into_iter().filter(|name| !name.starts_with(HASHED)).map(str::to_owned));
    later(&mut principal.last_used_at, time);
    Some(key)
}

/// A token that an answer gave: by a login, or one that another made.
fn signed_in(world: &mut World, home: &Home, position: Position, path: &str, auth: Fields<'_>, time: Option<Instant>) {
    if let Some(mount) = path.strip_prefix("auth/").and_then(|path| path.split_once("/login")).map(|(mount, _)| mount) {
        world.mounts.entry((home.clone(), mount.to_owned())).or_default().is_auth = true;
    }
    if let Some(key) = came(world, home, position, auth, time)
        && path.starts_with("auth/token/create")
        && let Some(principal) = world.principals.get_mut(&key)
    {
        earlier(&mut principal.created_at, time);
    }
}

/// What a request that was answered changed.
fn changed(world: &mut World, home: &Home, position: Position, path: &str, operation: &str, request: Fields<'_>, time: Option<Instant>) {
    let writes = matches!(operation, "create" | "update" | "patch");
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["sys", "mounts", ref mount @ ..] | ["sys", "auth", ref mount @ ..] if writes && !mount.is_empty() && !mount.contains(&"tune") => {
            let found = world.mounts.entry((home.clone(), mount.join("/"))).or_default();
            (found.position, found.is_auth) = (position, parts[1] == "auth");
        }
        ["auth", .., "role", _, "secret-id"] if writes => {
            let id = request.owned("id").unwrap_or_default();
            world.secret_ids.insert((home.clone(), parts[..parts.len() - 1].join("/"), id), (position, time));
        }
        ["auth", .., "role" | "roles" | "users" | "certs", _] if writes => {
            let role = world.roles.entry((home.clone(), path.to_owned())).or_default();
            role.position = position;
            earlier(&mut role.created_at, time);
            if let Some(data) = request.inner("data") {
                let policies = data.texts("policies").into_iter().chain(data.texts("token_policies"));
                role.policies.extend(policies.filter(|name| !name.starts_with(HASHED)).map(str::to_owned));
            }
        }
        _ if super::rights::is_own(path) => {}
        _ => {
            let dates = world.secrets.entry((home.clone(), path.to_owned())).or_default();
            dates.position = position;
            if operation == "create" {
                earlier(&mut dates.created_at, time);
            }
            if writes {
                later(&mut dates.written_at, time);
            } else if operation == "read" {
                later(&mut dates.read_at, time);
            }
        }
    }
}

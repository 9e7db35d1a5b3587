//! Answers of GitLab's API: whose each is, and what it says. Source: GitLab, REST API: "Projects", "Protected branches", "Protected environments", "Project-level and
//! group-level variables", "Runners", "Deploy tokens", "Deploy keys", "Project and group access tokens", "Members".

use super::place::{HOST, Project};
use super::settings::{Branch, Credential, Environment, Kept, Member, Pusher, Runner, Settings, Variable};
use super::world::World;
use crate::error::{Place, Result};
use crate::estate::{FingerprintKey, Position};
use crate::importers::records::Records;
use crate::importers::values::fingerprint;
use crate::importers::{ImportContext, Input};
use crate::model::Instant;
use serde_json::Value;
use std::collections::BTreeMap;

const NO_OBJECT: &str = "not a JSON object";
const NAMELESS: &str = "nothing says whose it is; give it under the path of the API, `projects/GROUP%2FPROJECT/…` or `groups/GROUP/…`";
const WRONG_TYPE: &str = "a field is missing or holds a value of the wrong type";
/// How many records of an input are looked at.
const FIRST: usize = 3;

/// What an answer is of: a project or a group, by its path, and what was asked of it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    host: String,
    is_group: bool,
    path: String,
    what: String,
}

impl Asked {
    /// By the path of an input, or the one that a record was asked by.
    fn of(name: &str) -> Option<Asked> {
        let parts: Vec<&str> = name.split('?').next()?.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).collect();
        let at = parts.iter().rposition(|part| matches!(*part, "projects" | "groups"))?;
        let rest = &parts[at + 1..];
        let (path, what) = rest.split_first()?;
        let path = path.strip_suffix(".json").unwrap_or(path).replace("%2F", "/").replace("%2f", "/").replace("__", "/");
        let what = what.iter().map(|part| part.strip_suffix(".json").unwrap_or(part)).collect::<Vec<_>>().join("/");
        let named = path.bytes().any(|byte| !byte.is_ascii_digit());
        named.then(|| Asked { host: HOST.to_owned(), is_group: parts[at] == "groups", path, what })
    }

    /// By the format, `gitlab@GROUP/PROJECT`; what was asked is the name of the file.
    fn given(input: &Input) -> Option<Asked> {
        let (_, given) = input.format.as_deref()?.split_once('@')?;
        let project = Project::named(given);
        let file = input.name.rsplit(['/', '\\']).next()?;
        let what = file.split('.').next()?.to_owned();
        Some(Asked { host: project.host.clone(), is_group: false, path: project.slug(), what })
    }
}

/// Whether JSON looks like an answer of the API.
pub(super) fn detects(input: &Input) -> bool {
    let Ok(records) = Records::new(&input.name, &input.bytes) else { return false };
    records.take(FIRST).filter_map(|record| record.parse::<Value>().ok()).any(|value| {
        let (asked, value) = told(&value);
        let told = asked.is_some() || Asked::of(&input.name).is_some();
        shape(value, asked.as_ref().map_or("", |asked| &asked.what)) != Shape::Other && (told || shape(value, "") == Shape::Project)
    })
}

/// Takes the answers of an input.
pub(super) fn take(world: &mut World, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
    let mut records = Records::new(&input.name, &input.bytes)?;
    let named = Asked::given(input).or_else(|| Asked::of(&input.name));
    while let Some(record) = records.next() {
        context.observer.check(records.taken(), input.bytes.len() as u64)?;
        let number = context.builder.record();
        let at = record.place().record(number);
        match record.parse::<Value>() {
            Ok(value) => one(world, &named, &value, &at, context),
            Err((at, reason)) => context.builder.skip(at.record(number), reason),
        }
    }
    Ok(())
}

/// The path by which a record says that it was asked, and the answer: `{"path": …, "answer": …}`.
fn told(value: &Value) -> (Option<Asked>, &Value) {
    let fields = value.as_object().filter(|fields| fields.len() == 2);
    let asked = fields.and_then(|fields| Some((Asked::of(fields.get("path")?.as_str()?)?, fields.get("answer")?)));
    asked.map_or((None, value), |(asked, answer)| (Some(asked), answer))
}

fn one(world: &mut World, named: &Option<Asked>, value: &Value, at: &Place, context: &mut ImportContext<'_>) {
    let (own, value) = told(value);
    let asked = own.or_else(|| named.clone());
    let what = asked.as_ref().map_or(String::new(), |asked| asked.what.clone());
    let items: Vec<&Value> = value.as_array().map_or_else(|| vec![value], |items| items.iter().collect());
    if let (Some(asked), true) = (&asked, value.is_array()) {
        listed(settings(world, asked), &asked.what);
    }
    for item in items {
        if !item.is_object() {
            context.builder.skip(at.clone(), NO_OBJECT);
            continue;
        }
        let shape = shape(item, &what);
        let asked = if shape == Shape::Project { of_project(item).or_else(|| asked.clone()) } else { asked.clone() };
        let Some(asked) = asked else {
            context.builder.skip(at.clone(), NAMELESS);
            continue;
        };
        let position = context.builder.position();
        if shape == Shape::Other {
            world.other += 1;
        } else if keep(settings(world, &asked), shape, item, position, context.key).is_none() {
            context.builder.skip(at.clone(), WRONG_TYPE);
        }
    }
}

/// Whose a project is, as it says itself.
fn of_project(item: &Value) -> Option<Asked> {
    let path = item.get("path_with_namespace")?.as_str()?.to_owned();
    let host = item.get("web_url").and_then(Value::as_str).and_then(|address| address.strip_prefix("https://")?.split('/').next());
    Some(Asked { host: host.unwrap_or(HOST).to_owned(), is_group: false, path, what: String::new() })
}

fn settings<'w>(world: &'w mut World, asked: &Asked) -> &'w mut Settings {
    if asked.is_group {
        world.groups.entry((asked.host.clone(), asked.path.clone())).or_default()
    } else {
        world.projects.entry(Project::on(&asked.host, &asked.path)).or_default()
    }
}

/// Notes that a list was exported, though it may be empty.
fn listed(settings: &mut Settings, what: &str) {
    match what {
        "protected_branches" => drop(settings.branches.get_or_insert_default()),
        "protected_environments" => drop(settings.environments.get_or_insert_default()),
        "variables" => drop(settings.variables.get_or_insert_default()),
        _ => {}
    }
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Project,
    Branch,
    Environment,
    Variable,
    Member,
    DeployKey,
    DeployToken,
    AccessToken,
    Runner,
    Other,
}

/// What a record is, by its fields, and where those do not tell by what was asked.
fn shape(value: &Value, what: &str) -> Shape {
    let has = |names: &[&str]| names.iter().all(|name| value.get(*name).is_some());
    let known = [
        (has(&["path_with_namespace"]), Shape::Project),
        (has(&["push_access_levels", "merge_access_levels"]), Shape::Branch),
        (has(&["deploy_access_levels", "name"]), Shape::Environment),
        (has(&["variable_type", "key"]), Shape::Variable),
        (has(&["username", "access_level", "state"]), Shape::Member),
        (has(&["title", "key"]) && (has(&["can_push"]) || what.starts_with("deploy_keys")), Shape::DeployKey),
        (has(&["scopes", "active", "revoked", "user_id"]), Shape::AccessToken),
        (has(&["scopes", "username", "revoked"]), Shape::DeployToken),
        (has(&["runner_type"]) || has(&["is_shared", "ip_address"]), Shape::Runner),
    ];
    known.into_iter().find(|(is, _)| *is).map_or(Shape::Other, |(_, shape)| shape)
}

/// Keeps a record; `None` where a field that it needs is missing or of the wrong type.
fn keep(settings: &mut Settings, shape: Shape, item: &Value, position: Position, key: &FingerprintKey) -> Option<()> {
    let text = |name: &str| item.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let number = |name: &str| item.get(name).and_then(Value::as_u64);
    let flag = |name: &str| item.get(name).and_then(Value::as_bool);
    match shape {
        Shape::Project => settings.default_branch = settings.default_branch.take().or(text("default_branch")),
        Shape::Branch => drop(settings.branches.get_or_insert_default().entry(text("name")?).or_insert_with(|| branch(item))),
        Shape::Environment => {
            settings.environments.get_or_insert_default().entry(text("name")?).or_insert_with(|| environment(item));
        }
        Shape::Variable => {
            let value = item.get("value").and_then(Value::as_str).unwrap_or_default();
            let variable = Variable {
                is_protected: flag("protected") == Some(true),
                is_masked: flag("masked") == Some(true) || flag("hidden") == Some(true),
                fingerprint: fingerprint(value.as_bytes(), key),
            };
            let scope = text("environment_scope").unwrap_or_else(|| "*".to_owned());
            put(settings.variables.get_or_insert_default(), (text("key")?, scope), variable, position);
        }
        Shape::Member => {
            let member = Member {
                number: number("id"),
                level: number("access_level")?,
                expires_at: instant(item, "expires_at"),
                is_active: text("state")? == "active",
            };
            put(&mut settings.members, text("username")?, member, position);
        }
        Shape::DeployKey => put(&mut settings.deploy_keys, number("id")?, credential(item, "title"), position),
        Shape::DeployToken => put(&mut settings.deploy_tokens, number("id")?, credential(item, "name"), position),
        Shape::AccessToken => put(&mut settings.access_tokens, number("id")?, credential(item, "name"), position),
        Shape::Runner => {
            let tags = item.get("tag_list").and_then(Value::as_array).into_iter().flatten();
            let runner = Runner {
                name: text("description").or(text("name")),
                tags: tags.filter_map(Value::as_str).map(str::to_owned).collect(),
                kind: text("runner_type"),
                takes_untagged: flag("run_untagged"),
                is_protected: text("access_level").as_deref() == Some("ref_protected"),
            };
            put(&mut settings.runners, number("id")?, runner, position);
        }
        Shape::Other => return None,
    }
    Some(())
}

fn put<K: Ord, T>(map: &mut BTreeMap<K, Kept<T>>, key: K, value: T, position: Position) {
    map.entry(key).or_insert(Kept { value, position });
}

/// An instant, or a day at whose end something ends.
fn instant(item: &Value, name: &str) -> Option<Instant> {
    Instant::parse(item.get(name)?.as_str()?).ok()
}

fn credential(item: &Value, named: &str) -> Credential {
    let text = |name: &str| item.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let flag = |name: &str| item.get(name).and_then(Value::as_bool);
    let scopes = item.get("scopes").and_then(Value::as_array).into_iter().flatten();
    Credential {
        name: text(named),
        created_at: instant(item, "created_at"),
        expires_at: instant(item, "expires_at"),
        tells_end: item.get("expires_at").is_some(),
        last_used_at: instant(item, "last_used_at"),
        revoked: flag("revoked"),
        scopes: scopes.filter_map(Value::as_str).map(str::to_owned).collect(),
        level: item.get("access_level").and_then(Value::as_u64),
        pushes: flag("can_push") == Some(true),
    }
}

/// The entries of a list of levels: the least level that may, `None` where nobody of a level may, and those who may by name.
fn levels(item: &Value, list: &str) -> (Option<u64>, Vec<Pusher>) {
    let entries = item.get(list).and_then(Value::as_array).into_iter().flatten();
    let (mut least, mut named) = (None, Vec::new());
    for entry in entries {
        let number = |name: &str| entry.get(name).and_then(Value::as_u64);
        match (number("user_id"), number("group_id"), number("deploy_key_id"), number("access_level")) {
            (Some(user), ..) => named.push(Pusher::User(user)),
            (_, Some(group), ..) => named.push(Pusher::Group(group)),
            (.., Some(key), _) => named.push(Pusher::DeployKey(key)),
            // Nobody at all.
            (.., Some(0)) | (.., None) => {}
            (.., Some(level)) => least = Some(least.map_or(level, |least: u64| least.min(level))),
        }
    }
    (least, named)
}

fn branch(item: &Value) -> Branch {
    let (push, pushers) = levels(item, "push_access_levels");
    Branch { push, merge: levels(item, "merge_access_levels").0, pushers }
}

fn environment(item: &Value) -> Environment {
    let rules = item.get("approval_rules").and_then(Value::as_array).into_iter().flatten();
    let of_rules: u64 = rules.filter_map(|rule| rule.get("required_approvals")?.as_u64()).fold(0, u64::saturating_add);
    let count = item.get("required_approval_count").and_then(Value::as_u64).unwrap_or_default();
    Environment { approvals: count.max(of_rules), deploy: levels(item, "deploy_access_levels").0 }
}

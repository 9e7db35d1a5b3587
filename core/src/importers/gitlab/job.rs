//! [`Job`]: what a job of a pipeline says of the tokens, secrets, environments and runners that it uses.

use super::config::Config;
use super::refs::Refs;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A job, once everything that it inherits is put in.
#[derive(Debug, Default)]
pub(super) struct Job {
    pub stage: String,
    pub environment: Option<Environment>,
    /// Whether it gets tokens of its own, `id_tokens`.
    pub has_tokens: bool,
    /// The secrets that it asks a manager for: the variable and where it is kept.
    pub secrets: BTreeMap<String, Kept>,
    /// The variables whose names say that they hold a secret and that the file does not set: the project's own.
    pub asked: BTreeSet<String>,
    /// The variables whose names say so and whose values stand in the file.
    pub plain: BTreeMap<String, String>,
    /// The roles of AWS that it names.
    pub roles: BTreeSet<String>,
    pub tags: Vec<String>,
    pub refs: Refs,
    /// The project whose pipeline it starts, and the local files of a pipeline of its own.
    pub triggers: Option<String>,
    pub children: Vec<String>,
    /// Whether it starts a pipeline whose configuration was not read.
    pub starts_unread: bool,
}

/// An environment that a job names.
#[derive(Debug, Clone)]
pub(super) struct Environment {
    /// The name with its variables put in; what only a run knows is `*`.
    pub name: String,
    pub tier: Option<String>,
    /// Whether the job changes what runs there.
    pub deploys: bool,
}

/// Where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub manager: &'static str,
    pub path: String,
}

/// The managers that GitLab asks.
const MANAGERS: [&str; 5] = ["vault", "azure_key_vault", "gcp_secret_manager", "aws_secrets_manager", "akeyless"];
/// The longest text that variables are put into: what they stand for may multiply.
const LONGEST: usize = 1 << 16;
/// How often variables are put into each other.
const ROUNDS: usize = 5;

impl Job {
    /// Reads a job of a configuration.
    pub fn read(config: &Config, fields: &Map<String, Value>) -> Job {
        let mut variables = texts(&config.variables);
        let own = fields.get("variables").and_then(Value::as_object).map(texts).unwrap_or_default();
        variables.extend(own.clone());
        let mut all = Vec::new();
        fields.iter().filter(|(name, _)| *name != "variables").for_each(|(_, value)| gather(value, &mut all));
        let used: BTreeSet<&str> = all.iter().chain(own.values()).flat_map(|text| names_in(text)).collect();
        let secrets = secrets(fields, &variables);
        let given = |name: &str| {
            variables.contains_key(name) || secrets.contains_key(name) || name.starts_with("CI_") || tokens(fields).contains(&name)
        };
        let says = |name: &str| crate::importers::values::kind_of_name(name).is_some();
        let assigned: BTreeSet<&str> = all.iter().flat_map(|text| assigned_in(text)).collect();
        let trigger = fields.get("trigger");
        let included = trigger.and_then(|trigger| trigger.get("include"));
        let children = included.map(local_files).unwrap_or_default();
        let of_project = match trigger {
            Some(Value::String(project)) => Some(project.clone()),
            other => other.and_then(|trigger| trigger.get("project")).and_then(Value::as_str).map(str::to_owned),
        };
        Job {
            stage: fields.get("stage").and_then(Value::as_str).unwrap_or("test").to_owned(),
            environment: fields.get("environment").and_then(|environment| Environment::read(environment, &variables)),
            has_tokens: !tokens(fields).is_empty(),
            asked: used
                .iter()
                .filter(|name| !given(name) && says(name) && !assigned.contains(*name))
                .map(|name| (*name).to_owned())
                .collect(),
            plain: own
                .iter()
                .filter(|(name, text)| says(name) && !text.is_empty() && !text.contains('$'))
                .map(|(a, b)| (a.clone(), b.clone()))
                .collect(),
            roles: all.iter().chain(own.values()).map(|text| put_in(text, &variables)).flat_map(|text| roles_in(&text)).collect(),
            tags: fields.get("tags").map(list).unwrap_or_default().iter().map(|tag| put_in(tag, &variables)).collect(),
            refs: Refs::read(fields),
            triggers: of_project.map(|project| put_in(&project, &variables)).filter(|project| !project.contains('*')),
            starts_unread: included.is_some() && children.is_empty(),
            children,
            secrets,
        }
    }
}

impl Environment {
    fn read(value: &Value, variables: &BTreeMap<String, String>) -> Option<Environment> {
        let (name, fields) = match value {
            Value::String(name) => (name.as_str(), None),
            Value::Object(fields) => (fields.get("name")?.as_str()?, Some(fields)),
            _ => return None,
        };
        let text = |field: &str| fields.and_then(|fields| fields.get(field)).and_then(Value::as_str);
        Some(Environment {
            name: put_in(name, variables),
            tier: text("deployment_tier")
                .filter(|tier| ["production", "staging", "testing", "development", "other"].contains(tier))
                .map(str::to_owned),
            deploys: matches!(text("action"), None | Some("start" | "stop")),
        })
        .filter(|environment| !environment.name.is_empty())
    }
}

fn tokens(fields: &Map<String, Value>) -> Vec<&str> {
    let tokens = fields.get("id_tokens").and_then(Value::as_object);
    tokens.into_iter().flat_map(Map::keys).map(String::as_str).collect()
}

fn secrets(fields: &Map<String, Value>, variables: &BTreeMap<String, String>) -> BTreeMap<String, Kept> {
    let secrets = fields.get("secrets").and_then(Value::as_object);
    let read = |(name, secret): (&String, &Value)| {
        let manager = MANAGERS.iter().find(|manager| secret.get(**manager).is_some())?;
        Some((name.clone(), Kept { manager, path: put_in(&path(secret.get(*manager)?), variables) }))
    };
    secrets.into_iter().flatten().filter_map(read).collect()
}

/// Where a secret stands in its manager, in one text.
fn path(value: &Value) -> String {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    match value {
        Value::String(path) => path.clone(),
        Value::Object(fields) if fields.contains_key("path") => {
            let mount = value.get("engine").and_then(|engine| engine.get("path")).and_then(Value::as_str).unwrap_or("secret");
            format!("{}/{}@{mount}", text("path"), text("field"))
        }
        Value::Object(_) => {
            ["secret_id", "name"].iter().map(|name| text(name)).find(|text| !text.is_empty()).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

/// The local files that a pipeline of its own is made of.
fn local_files(include: &Value) -> Vec<String> {
    let file = |entry: &Value| match entry {
        Value::String(path) if !path.contains("://") => Some(path.clone()),
        entry => entry.get("local").and_then(Value::as_str).map(str::to_owned),
    };
    match include {
        Value::Array(entries) => entries.iter().filter_map(file).collect(),
        entry => file(entry).into_iter().collect(),
    }
}

/// The values of variables; some stand with a description.
fn texts(fields: &Map<String, Value>) -> BTreeMap<String, String> {
    let read = |(name, value): (&String, &Value)| Some((name.clone(), scalar(value.get("value").unwrap_or(value))?));
    fields.iter().filter_map(read).collect()
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(scalar).collect(),
        value => scalar(value).into_iter().collect(),
    }
}

fn gather(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| gather(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, texts)),
        _ => {}
    }
}

/// The names of the variables that a text asks for: `$NAME` and `${NAME…}`.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(rest.len());
        Some(&rest[..end]).filter(|name| name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_'))
    })
}

/// The names that a script gives a value to: `NAME=…`.
fn assigned_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter.is_whitespace() || letter == ';').filter_map(|word| word.split_once('=').map(|(name, _)| name))
}

/// A text with its variables put in; what only a run knows is `*`.
fn put_in(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        if !text.contains('$') {
            break;
        }
        let mut next = String::new();
        let mut parts = text.split('$');
        next.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let braced = part.starts_with('{');
            let inner = part.strip_prefix('{').unwrap_or(part);
            let end = inner.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(inner.len());
            let rest = &inner[end..];
            let rest = if braced { rest.split_once('}').map_or(rest, |(_, rest)| rest) } else { rest };
            next.push_str(variables.get(&inner[..end]).map_or("*", String::as_str));
            next.push_str(rest);
            if next.len() > LONGEST {
                break;
            }
        }
        text = next;
    }
    text.replace('$', "*")
}

/// The roles of AWS in a text.
fn roles_in(text: &str) -> Vec<String> {
    let mut roles = Vec::new();
    for (at, _) in text.match_indices("arn:aws") {
        let end = text[at..]
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || ":/_+=.@-".contains(letter)))
            .map_or(text.len(), |end| at + end);
        let arn = &text[at..end];
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let is_role = parts.len() == 6
            && parts[2] == "iam"
            && parts[4].len() == 12
            && parts[4].bytes().all(|byte| byte.is_ascii_digit())
            && parts[5].starts_with("role/");
        roles.extend(is_role.then(|| arn.to_owned()));
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn job(value: Value) -> Job {
        let config = Config {
            variables: json!({"STAGE": "live", "ROLE": "arn:aws:iam::111122223333:role/$STAGE"}).as_object().cloned().unwrap_or_default(),
            ..Config::default()
        };
        Job::read(&config, value.as_object().expect("a map"))
    }

    #[test]
    fn variables_are_put_in() {
        let environment = |value: Value| job(json!({ "environment": value })).environment.map(|it| (it.name, it.tier, it.deploys));
        assert_eq!(environment(json!("$STAGE/${REGION}")), Some(("live/*".into(), None, true)));
        assert_eq!(
            environment(json!({"name": "x", "deployment_tier": "production", "action": "verify"})),
            Some(("x".into(), Some("production".into()), false))
        );
        assert_eq!(environment(json!([1])), None);
        let read = job(
            json!({"script": ["aws sts assume-role --role-arn $ROLE", "curl $DEPLOY_TOKEN; API_TOKEN=$(x); echo $API_TOKEN $CI_JOB_TOKEN"], "variables": {"DB_PASSWORD": "x"}}),
        );
        assert_eq!(read.roles, BTreeSet::from(["arn:aws:iam::111122223333:role/live".to_owned()]));
        assert_eq!(read.asked, BTreeSet::from(["DEPLOY_TOKEN".to_owned()]));
        assert_eq!(read.plain.keys().collect::<Vec<_>>(), ["DB_PASSWORD"]);
    }

    #[test]
    fn secrets_tell_where_they_are_kept() {
        let read = job(json!({"id_tokens": {"T": {"aud": "x"}}, "secrets": {
            "A": {"vault": "live/db/password@ops", "token": "$T"},
            "B": {"vault": {"engine": {"name": "kv-v2", "path": "ops"}, "path": "live/db", "field": "password"}},
            "C": {"azure_key_vault": {"name": "db"}}, "D": {"gcp_secret_manager": {"name": "db"}}, "E": 7}}));
        let kept: Vec<_> = read.secrets.values().map(|kept| (kept.manager, kept.path.as_str())).collect();
        assert_eq!(
            kept,
            [("vault", "live/db/password@ops"), ("vault", "live/db/password@ops"), ("azure_key_vault", "db"), ("gcp_secret_manager", "db")]
        );
        assert!(read.has_tokens && read.asked.is_empty());
    }
}

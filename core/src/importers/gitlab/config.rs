//! [`Config`]: the configuration of a pipeline as GitLab puts it together: local files included, jobs extended, references resolved, defaults laid under.

use crate::importers::yaml::REFERENCE;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A configuration that is put together.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// The jobs by name, hidden ones left out.
    pub jobs: BTreeMap<String, Map<String, Value>>,
    /// The variables of all jobs.
    pub variables: Map<String, Value>,
    /// What is included of other projects: the project, and whether it may change without a change here.
    pub projects: BTreeSet<(String, bool)>,
    /// How many files are included that were not read.
    pub unread: u64,
    /// How many references and extensions lead nowhere.
    pub lost: u64,
    /// How much more may be copied by extensions and references.
    pub room: usize,
}

/// The files of a project, by path.
pub(super) type Files = BTreeMap<String, Map<String, Value>>;

/// How deep jobs may extend each other and references may lead to references, as GitLab allows it.
const DEPTH: usize = 11;
/// What extensions and references may copy, beside twice the size of the files, in bytes and values: they multiply.
const ROOM: usize = 1 << 18;
/// The most files of one configuration, as GitLab allows it.
const MOST: usize = 150;
/// The keys of the top that are no jobs.
const NO_JOBS: [&str; 12] = [
    "default",
    "include",
    "stages",
    "types",
    "variables",
    "workflow",
    "spec",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
];
/// What a job has of the defaults, where it does not say otherwise.
const DEFAULTS: [&str; 5] = ["image", "tags", "id_tokens", "before_script", "after_script"];

impl Config {
    /// Takes room for a copy; whether there is any.
    fn takes(&mut self, weight: usize) -> bool {
        let left = self.room.checked_sub(weight);
        self.room = left.unwrap_or(0);
        left.is_some()
    }
}

/// The size of a value, in bytes of its texts and values.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 1,
        Value::Array(values) => 1 + values.iter().map(weight).sum::<usize>(),
        Value::Object(fields) => weight_of(fields),
        _ => 1,
    }
}

fn weight_of(fields: &Map<String, Value>) -> usize {
    1 + fields.iter().map(|(name, value)| name.len() + weight(value)).sum::<usize>()
}

/// Puts together the configuration that begins in a file.
pub(super) fn config(files: &Files, file: &str) -> Config {
    let room = ROOM + 2 * files.values().map(weight_of).sum::<usize>();
    let (mut config, mut top, mut seen) = (Config { room, ..Config::default() }, Map::new(), BTreeSet::new());
    include(files, file, &mut top, &mut config, &mut seen);
    let variables = top.get("variables").and_then(Value::as_object).cloned().unwrap_or_default();
    let default = top.get("default").and_then(Value::as_object).cloned().unwrap_or_default();
    for (name, value) in &top {
        let Some(job) = value.as_object().filter(|_| !name.starts_with('.') && !NO_JOBS.contains(&name.as_str())) else { continue };
        let mut job = extended(&top, job, &mut config, 0);
        lay_under(&mut job, &default, &top);
        let job = resolved(&top, Value::Object(job), &mut config, 0);
        if let Value::Object(job) = job {
            config.jobs.insert(name.clone(), job);
        }
    }
    config.variables = match resolved(&top, Value::Object(variables), &mut config, 0) {
        Value::Object(variables) => variables,
        _ => Map::new(),
    };
    config
}

/// Lays the files that a file includes under it, each under the later ones.
fn include(files: &Files, file: &str, top: &mut Map<String, Value>, config: &mut Config, seen: &mut BTreeSet<String>) {
    let Some(content) = files.get(file).filter(|_| seen.len() < MOST && seen.insert(file.to_owned())) else { return };
    let included = match content.get("include") {
        Some(Value::Array(entries)) => entries.iter().collect(),
        Some(entry) => vec![entry],
        None => Vec::new(),
    };
    for entry in included {
        take(files, entry, top, config, seen);
    }
    let own = content.iter().filter(|(name, _)| *name != "include").map(|(name, value)| (name.clone(), value.clone()));
    merge(top, own.collect());
}

fn take(files: &Files, entry: &Value, top: &mut Map<String, Value>, config: &mut Config, seen: &mut BTreeSet<String>) {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let local = match entry {
        Value::String(path) if !path.contains("://") => Some(path.clone()),
        _ => text(entry.get("local")),
    };
    if let Some(local) = local {
        let found = matching(files, &local);
        config.unread += u64::from(found.is_empty());
        found.iter().for_each(|file| include(files, file, top, config, seen));
        return;
    }
    config.unread += 1;
    if let Some(project) = text(entry.get("project")) {
        let pinned =
            text(entry.get("ref")).is_some_and(|version| version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit()));
        config.projects.insert((project, !pinned));
    }
}

/// The files that a path names, in which `*` stands for any name and `**` for any folders.
pub(super) fn matching(files: &Files, path: &str) -> Vec<String> {
    let path = path.trim_start_matches(['/', '.']).trim_start_matches('/');
    let same = |file: &&String| file.trim_start_matches('.') == path || file.as_str() == path;
    let Some((before, behind)) = path.split_once('*') else {
        return files.keys().filter(same).take(1).cloned().collect();
    };
    let (deep, behind) = (behind.starts_with('*'), behind.trim_start_matches(['*', '/']));
    let fits = |file: &&String| {
        let rest = file.trim_start_matches('.').strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
        rest.is_some_and(|rest| deep || !rest.contains('/'))
    };
    files.keys().filter(fits).cloned().collect()
}

/// Lays a map over another: maps are merged, everything else is replaced.
fn merge(under: &mut Map<String, Value>, over: Map<String, Value>) {
    for (name, value) in over {
        match (under.get_mut(&name), value) {
            (Some(Value::Object(known)), Value::Object(more)) => merge(known, more),
            (_, value) => drop(under.insert(name, value)),
        }
    }
}

/// A job over those that it extends, the last the strongest.
fn extended(top: &Map<String, Value>, job: &Map<String, Value>, config: &mut Config, depth: usize) -> Map<String, Value> {
    let names: Vec<&str> = match job.get("extends") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut merged = Map::new();
    for name in names {
        match top.get(name).and_then(Value::as_object) {
            Some(parent) if depth < DEPTH && config.takes(weight_of(parent)) => {
                merge(&mut merged, extended(top, parent, config, depth + 1))
            }
            _ => config.lost += 1,
        }
    }
    let own = job.iter().filter(|(name, _)| *name != "extends").map(|(name, value)| (name.clone(), value.clone()));
    merge(&mut merged, own.collect());
    merged
}

/// Lays the defaults under a job, unless it inherits none; older files have them at the top.
fn lay_under(job: &mut Map<String, Value>, default: &Map<String, Value>, top: &Map<String, Value>) {
    let inherits = |name: &str| match job.get("inherit").and_then(|inherit| inherit.get("default")) {
        Some(Value::Bool(all)) => *all,
        Some(Value::Array(names)) => names.iter().any(|known| known.as_str() == Some(name)),
        _ => true,
    };
    let taken: Vec<_> = DEFAULTS.into_iter().filter(|name| !job.contains_key(*name) && inherits(name)).collect();
    for name in taken {
        if let Some(value) = default.get(name).or_else(|| top.get(name)) {
            job.insert(name.to_owned(), value.clone());
        }
    }
}

/// A value with its references put in; within a list those to lists are laid out flat.
fn resolved(top: &Map<String, Value>, value: Value, config: &mut Config, depth: usize) -> Value {
    match value {
        Value::Object(fields) => {
            if let Some(path) = fields.get(REFERENCE).and_then(Value::as_array) {
                let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
                let found = if depth < DEPTH { referred(top, &path, config) } else { None };
                return match found {
                    Some(value) => resolved(top, value, config, depth + 1),
                    None => {
                        config.lost += 1;
                        Value::Null
                    }
                };
            }
            Value::Object(fields.into_iter().map(|(name, value)| (name, resolved(top, value, config, depth))).collect())
        }
        Value::Array(values) => {
            let flat = values.into_iter().flat_map(|value| {
                let refers = value.get(REFERENCE).is_some();
                match resolved(top, value, config, depth) {
                    Value::Array(inner) if refers => inner,
                    value => vec![value],
                }
            });
            // What references refer to may grow from level to level.
            Value::Array(flat.take(10_000).collect())
        }
        value => value,
    }
}

fn referred(top: &Map<String, Value>, path: &[&str], config: &mut Config) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let named = top.get(*first)?;
    // What the job says itself needs no look at those that it extends.
    let own = rest.iter().try_fold(named, |value, key| value.get(*key));
    if let Some(own) = own {
        return config.takes(weight(own)).then(|| own.clone());
    }
    let job = extended(top, named.as_object().filter(|job| config.takes(weight_of(job)))?, config, 0);
    rest.iter().try_fold(Value::Object(job), |value, key| value.get(*key).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: Value) -> Config {
        let files = Files::from([
            (".gitlab-ci.yml".to_owned(), value.as_object().cloned().unwrap_or_default()),
            (
                "ci/base.yml".to_owned(),
                json!({".base": {"tags": ["a"], "variables": {"X": "1", "Y": "1"}}, "variables": {"G": "1"}})
                    .as_object()
                    .cloned()
                    .unwrap_or_default(),
            ),
        ]);
        config(&files, ".gitlab-ci.yml")
    }

    #[test]
    fn files_extensions_references_and_defaults_are_put_together() {
        let config = of(json!({
            "include": [{"local": "/ci/*.yml"}, {"project": "acme/ci", "ref": "main", "file": "a.yml"}, {"local": "ci/lost.yml"}],
            "default": {"image": "i"},
            ".script": {"script": ["one", {"!reference": [".more", "script"]}]},
            ".more": {"script": ["two", "three"]},
            "job": {"extends": ".base", "variables": {"Y": "2"}, "script": [{"!reference": [".script", "script"]}, "four"]},
            "own": {"inherit": {"default": false}, "script": {"!reference": [".nowhere", "script"]}}
        }));
        let job = &config.jobs["job"];
        assert_eq!(
            Value::Object(job.clone()),
            json!({"tags": ["a"], "variables": {"X": "1", "Y": "2"}, "script": ["one", "two", "three", "four"], "image": "i"})
        );
        assert!(!config.jobs["own"].contains_key("image") && config.variables["G"] == "1");
        assert_eq!((config.projects.first(), config.unread, config.lost), (Some(&("acme/ci".to_owned(), true)), 2, 1));
    }

    #[test]
    fn loops_have_an_end() {
        let config = of(json!({
            "include": ".gitlab-ci.yml",
            "a": {"extends": "b", "script": {"!reference": ["b", "script"]}},
            "b": {"extends": ["a", "a"], "script": [{"!reference": ["a", "script"]}, {"!reference": ["a", "script"]}]}
        }));
        assert_eq!(config.jobs.len(), 2);
        assert!(config.lost > 0);
        let mut many = json!({".base": {"script": ["x".repeat(100_000)]}});
        (0..1_000).for_each(|at| many[format!("j{at}")] = json!({"extends": ".base"}));
        let config = of(many);
        assert!(config.lost > 900 && config.jobs.len() == 1_000, "{}", config.lost);
    }
}

//! [`Workflow`] and [`Action`]: the files of GitHub Actions as they are written.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A workflow file.
#[derive(Debug, Default)]
pub(super) struct Workflow {
    pub name: Option<String>,
    /// The events that start it, with their filters.
    pub triggers: BTreeMap<String, Trigger>,
    /// The inputs that who starts or calls it may give.
    pub inputs: BTreeMap<String, Input>,
    pub permissions: Permissions,
    pub env: BTreeMap<String, String>,
    pub jobs: BTreeMap<String, Job>,
}

/// What an event is limited to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Trigger {
    pub branches: Option<Vec<String>>,
    pub tags: Option<Vec<String>>,
    pub types: Vec<String>,
}

/// An input of a workflow or an action.
#[derive(Debug, Default, Clone)]
pub(super) struct Input {
    pub default: Option<String>,
    pub options: Vec<String>,
}

/// What the token of a job may do; `None` where nothing is said.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Permissions {
    pub identity_token: Option<bool>,
    pub writes_contents: Option<bool>,
}

/// A job.
#[derive(Debug, Default)]
pub(super) struct Job {
    /// The workflow that it calls.
    pub uses: Option<String>,
    pub with: BTreeMap<String, String>,
    pub secrets: Secrets,
    pub environment: Option<String>,
    pub permissions: Permissions,
    pub env: BTreeMap<String, String>,
    pub labels: Vec<String>,
    /// The group of runners that it asks for.
    pub group: Option<String>,
    pub matrix: Matrix,
    pub steps: Vec<Step>,
    /// Every text of the job that holds an expression.
    pub texts: BTreeSet<String>,
}

/// What a job hands over to the workflow that it calls.
#[derive(Debug, Default)]
pub(super) enum Secrets {
    #[default]
    None,
    Inherit,
    Named(BTreeMap<String, String>),
}

/// The combinations of values that a job is run with.
#[derive(Debug, Default, Clone)]
pub(super) struct Matrix {
    pub axes: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    pub include: Vec<BTreeMap<String, String>>,
    pub exclude: Vec<BTreeMap<String, String>>,
}

/// A step of a job or of a composite action.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub uses: Option<String>,
    pub with: BTreeMap<String, String>,
    pub env: BTreeMap<String, String>,
    /// Whether its script takes the code of a pull request.
    pub fetches_head: bool,
}

/// A composite action.
#[derive(Debug, Default)]
pub(super) struct Action {
    pub inputs: BTreeMap<String, Input>,
    pub steps: Vec<Step>,
}

/// The combinations of a matrix that are followed: GitHub runs no more.
const COMBINATIONS: usize = 256;

impl Workflow {
    /// Reads a workflow; beside it the jobs that are none.
    ///
    /// # Errors
    /// The field that has the wrong form.
    pub fn read(value: &Value) -> Result<(Self, Vec<String>), &'static str> {
        let fields = value.as_object().ok_or("jobs")?;
        let jobs = fields.get("jobs").and_then(Value::as_object).ok_or("jobs")?;
        // YAML 1.1 takes the key `on` for a boolean.
        let on = fields.get("on").or_else(|| fields.get("true")).ok_or("on")?;
        let (mut read, mut broken) = (BTreeMap::new(), Vec::new());
        for (name, job) in jobs {
            match job.as_object() {
                Some(job) => drop(read.insert(name.clone(), Job::read(job))),
                None => broken.push(name.clone()),
            }
        }
        let workflow = Workflow {
            name: fields.get("name").and_then(text),
            triggers: triggers(on)?,
            inputs: ["workflow_call", "workflow_dispatch"].iter().flat_map(|event| inputs(on.get(event))).collect(),
            permissions: Permissions::read(fields.get("permissions")),
            env: texts(fields.get("env")),
            jobs: read,
        };
        Ok((workflow, broken))
    }

    /// Whether only other workflows start it.
    pub fn is_only_called(&self) -> bool {
        self.triggers.len() == 1 && self.triggers.contains_key("workflow_call")
    }
}

impl Action {
    /// Reads an action; one that is not composite has no steps.
    pub fn read(value: &Value) -> Option<Self> {
        let runs = value.get("runs")?.as_object()?;
        Some(Action { inputs: inputs(Some(value)).collect(), steps: steps(runs.get("steps")) })
    }
}

impl Job {
    fn read(fields: &Map<String, Value>) -> Self {
        let environment = match fields.get("environment") {
            Some(Value::Object(environment)) => environment.get("name").and_then(text),
            other => other.and_then(text),
        };
        let strategy = fields.get("strategy").and_then(|strategy| strategy.get("matrix"));
        let runs_on = fields.get("runs-on");
        let labels = runs_on.map(|it| it.get("labels").unwrap_or(it)).map(list).unwrap_or_default();
        let mut texts_of = BTreeSet::new();
        fields.values().for_each(|value| gather(value, &mut texts_of));
        Job {
            uses: fields.get("uses").and_then(text),
            with: texts(fields.get("with")),
            secrets: match fields.get("secrets") {
                Some(Value::String(word)) if word == "inherit" => Secrets::Inherit,
                Some(Value::Object(_)) => Secrets::Named(texts(fields.get("secrets"))),
                _ => Secrets::None,
            },
            environment: environment.filter(|name| !name.is_empty()),
            permissions: Permissions::read(fields.get("permissions")),
            env: texts(fields.get("env")),
            labels,
            group: runs_on.and_then(|it| it.get("group")).and_then(text),
            matrix: strategy.map(Matrix::read).unwrap_or_default(),
            steps: steps(fields.get("steps")),
            texts: texts_of,
        }
    }
}

impl Permissions {
    fn read(value: Option<&Value>) -> Self {
        let Some(value) = value else { return Permissions::default() };
        let both =
            |identity_token, writes_contents| Permissions { identity_token: Some(identity_token), writes_contents: Some(writes_contents) };
        match value {
            Value::String(word) if word == "write-all" => both(true, true),
            // What is given names every permission: the others are none.
            Value::Object(fields) => {
                let writes = |name: &str| fields.get(name).and_then(Value::as_str) == Some("write");
                both(writes("id-token"), writes("contents"))
            }
            _ => both(false, false),
        }
    }

    /// These where something is said, else the others.
    pub fn or(self, other: Permissions) -> Permissions {
        Permissions {
            identity_token: self.identity_token.or(other.identity_token),
            writes_contents: self.writes_contents.or(other.writes_contents),
        }
    }

    /// A called workflow may do no more than who calls it.
    pub fn within(self, caller: Permissions) -> Permissions {
        let least = |own: Option<bool>, given: Option<bool>| match (own, given) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (None, given) => given,
            (own, _) => own,
        };
        Permissions {
            // Nobody gets it who does not ask for it.
            identity_token: least(self.identity_token, caller.identity_token.or(Some(false))),
            writes_contents: least(self.writes_contents, caller.writes_contents),
        }
    }
}

impl Matrix {
    fn read(value: &Value) -> Self {
        let Some(fields) = value.as_object() else { return Matrix::default() };
        let rows = |name: &str| match fields.get(name) {
            Some(Value::Array(rows)) => rows.iter().map(|row| texts(Some(row))).collect(),
            _ => Vec::new(),
        };
        let axes = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "include" | "exclude"));
        let axes = axes.filter_map(|(name, values)| {
            let values = values.as_array()?.iter().map(|value| settings(name, value)).collect();
            Some((name.clone(), values))
        });
        Matrix { axes: axes.collect(), include: rows("include"), exclude: rows("exclude") }
    }

    /// The combinations, each with what it sets; one that sets nothing where there is no matrix.
    pub fn combinations(&self) -> Vec<BTreeMap<String, String>> {
        let mut combinations = vec![BTreeMap::new()];
        for values in self.axes.values().filter(|values| !values.is_empty()) {
            let pairs = combinations.iter().flat_map(|before| values.iter().map(move |value| (before, value)));
            combinations = pairs
                .map(|(before, value)| before.iter().chain(value).map(|(a, b)| (a.clone(), b.clone())).collect())
                .take(COMBINATIONS)
                .collect();
        }
        let says = |combination: &BTreeMap<String, String>, row: &BTreeMap<String, String>| {
            row.iter().all(|(name, value)| combination.get(name) == Some(value))
        };
        combinations.retain(|combination| !self.exclude.iter().any(|row| !row.is_empty() && says(combination, row)));
        let alone = self.axes.is_empty() && !self.include.is_empty();
        if alone {
            combinations.clear();
        }
        for row in &self.include {
            let (keys, more): (BTreeMap<_, _>, BTreeMap<_, _>) =
                row.clone().into_iter().partition(|(name, _)| self.axes.contains_key(name));
            let fitting = combinations.iter_mut().filter(|combination| !alone && says(combination, &keys));
            let mut fits = false;
            for combination in fitting {
                combination.extend(more.clone());
                fits = true;
            }
            if !fits && combinations.len() < COMBINATIONS {
                combinations.push(row.clone());
            }
        }
        combinations
    }
}

/// What a value of an axis sets: an object sets each of its fields.
fn settings(name: &str, value: &Value) -> BTreeMap<String, String> {
    match (value, text(value)) {
        (_, Some(text)) => BTreeMap::from([(name.to_owned(), text)]),
        (Value::Object(_), _) => texts(Some(value)).into_iter().map(|(field, text)| (format!("{name}.{field}"), text)).collect(),
        _ => BTreeMap::new(),
    }
}

fn triggers(on: &Value) -> Result<BTreeMap<String, Trigger>, &'static str> {
    let named = |name: &Value| name.as_str().map(|name| (name.to_owned(), Trigger::default())).ok_or("on");
    match on {
        Value::String(_) => Ok(BTreeMap::from([named(on)?])),
        Value::Array(names) => names.iter().map(named).collect(),
        Value::Object(events) => {
            let filters = |event: &Value, name: &str| event.get(name).map(list);
            let read = |event: &Value| Trigger {
                branches: filters(event, "branches"),
                tags: filters(event, "tags"),
                types: filters(event, "types").unwrap_or_default(),
            };
            Ok(events.iter().map(|(name, event)| (name.clone(), read(event))).collect())
        }
        _ => Err("on"),
    }
}

fn inputs(of: Option<&Value>) -> impl Iterator<Item = (String, Input)> {
    let inputs = of.and_then(|of| of.get("inputs")).and_then(Value::as_object);
    inputs.into_iter().flatten().map(|(name, input)| {
        let options = input.get("options").map(list).unwrap_or_default();
        (name.clone(), Input { default: input.get("default").and_then(text), options })
    })
}

fn steps(value: Option<&Value>) -> Vec<Step> {
    let read = |step: &Value| {
        let script = step.get("run").and_then(Value::as_str).unwrap_or_default();
        Step {
            uses: step.get("uses").and_then(text),
            with: texts(step.get("with")),
            env: texts(step.get("env")),
            fetches_head: script.contains("gh pr checkout") || script.contains("git fetch") && takes_head(script),
        }
    };
    value.and_then(Value::as_array).into_iter().flatten().map(read).collect()
}

/// Whether a text names the code of a pull request.
pub(super) fn takes_head(text: &str) -> bool {
    ["github.event.pull_request.head.", "github.head_ref", "refs/pull/", "pull/${{"].iter().any(|mark| text.contains(mark))
}

/// The text of a scalar.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn texts(value: Option<&Value>) -> BTreeMap<String, String> {
    let fields = value.and_then(Value::as_object).into_iter().flatten();
    fields.filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect()
}

/// A list of texts, or the only one.
fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(text).collect(),
        value => text(value).into_iter().collect(),
    }
}

fn gather(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.contains("${{") => drop(texts.insert(text.clone())),
        Value::Array(values) => values.iter().for_each(|value| gather(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, texts)),
        _ => {}
    }
}

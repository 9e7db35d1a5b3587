//! The corpus of scenarios: what a scenario is, how it is read, how an answer matches (`tests/scenarios/README.md`).

use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use tenantgraph::importers::TableMapping;
use tenantgraph::{Error, Estate, Input, ReadOptions, Unobserved, door};

/// One scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Unique in the corpus.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// The instant of every question that does not give its own.
    as_of: Option<Value>,
    inputs: Vec<Source>,
    /// The earlier estate, for questions between two.
    before: Option<Vec<Source>>,
    #[serde(default)]
    labels: Vec<Source>,
    mapping: Option<Value>,
    policy: Option<Value>,
    expect_reading: Option<Value>,
    /// The code with which the reading must fail.
    pub expect_reading_error: Option<String>,
    /// The questions.
    #[serde(default)]
    pub ask: Vec<Ask>,
    /// The file it stands in, without its ending.
    #[serde(skip)]
    pub file: String,
}

/// One question.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Its name in the door.
    pub question: String,
    #[serde(default)]
    options: Map<String, Value>,
    /// What the answer must match.
    pub expect: Option<Value>,
    /// The code of the error that the question must give.
    pub expect_error: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    name: String,
    format: Option<String>,
    content: Option<Value>,
    file: Option<String>,
}

/// The folder of the scenarios.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Every scenario, by file, then place.
///
/// # Panics
/// Where a file is no list of scenarios.
pub fn scenarios() -> Vec<Scenario> {
    let files = std::fs::read_dir(folder()).expect("the folder of the scenarios");
    let mut files: Vec<PathBuf> = files.map(|entry| entry.expect("an entry of the folder").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().flat_map(|path| of_file(path)).collect()
}

fn of_file(path: &Path) -> Vec<Scenario> {
    let text = std::fs::read_to_string(path).expect("a scenario file");
    let mut scenarios: Vec<Scenario> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for scenario in &mut scenarios {
        scenario.file = path.file_stem().expect("a file name").to_string_lossy().into_owned();
    }
    scenarios
}

impl Source {
    fn input(&self) -> Input {
        let bytes = match (&self.content, &self.file) {
            (Some(Value::String(text)), None) => text.clone().into_bytes(),
            (Some(value), None) => value.to_string().into_bytes(),
            (None, Some(file)) => std::fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}")),
            _ => panic!("input `{}`: give either `content` or `file`", self.name),
        };
        Input { format: self.format.clone(), ..Input::new(&self.name, bytes) }
    }
}

impl Scenario {
    /// The inputs, in order.
    pub fn inputs(&self) -> Vec<Input> {
        self.inputs.iter().map(Source::input).collect()
    }

    /// Reads the estate from these inputs, and the scenario's overlays.
    ///
    /// # Errors
    /// What the reading gives.
    pub fn read(&self, inputs: &[Input]) -> Result<Estate, Error> {
        let labels = self.labels.iter().map(Source::input).collect();
        let mappings = self.mapping.iter().map(|mapping| TableMapping::from_json(&mapping.to_string())).collect::<Result<_, _>>()?;
        let options = ReadOptions { labels, mappings, ..ReadOptions::default() };
        tenantgraph::read(inputs, &options)
    }

    /// Reads the scenario and asks its questions.
    ///
    /// # Errors
    /// What did not match, with its place.
    pub fn run(&self) -> Result<(), String> {
        let estate = match (self.read(&self.inputs()), &self.expect_reading_error) {
            (Ok(_), Some(code)) => return Err(format!("reading: expected the error `{code}`, but it was read")),
            (Err(error), Some(code)) if error.code().as_str() == code && self.ask.is_empty() && self.expect_reading.is_none() => {
                return Ok(());
            }
            (Err(error), _) => return Err(format!("reading: {}: {error}", error.code())),
            (Ok(estate), None) => estate,
        };
        if let Some(expected) = &self.expect_reading {
            matches(expected, &json(estate.reading())).map_err(|why| format!("reading{why}"))?;
        }
        self.check(&estate)
    }

    /// Asks the scenario's questions of an estate.
    ///
    /// # Errors
    /// What did not match, with its place.
    pub fn check(&self, estate: &Estate) -> Result<(), String> {
        for (at, ask) in self.ask.iter().enumerate() {
            let found = self.answer(estate, ask);
            let outcome = match (found, &ask.expect, &ask.expect_error) {
                (Ok(answer), Some(expected), None) => matches(expected, &answer),
                (Err(error), None, Some(code)) if error.code().as_str() == code => Ok(()),
                (Err(error), _, _) => Err(format!(": {}: {error}", error.code())),
                (Ok(_), None, Some(code)) => Err(format!(": expected the error `{code}`, but it was answered")),
                (Ok(_), _, _) => Err(": give either `expect` or `expect_error`".to_owned()),
            };
            outcome.map_err(|why| format!("question {} ({}){why}", at + 1, ask.question))?;
        }
        Ok(())
    }

    /// The answer to one question, as JSON.
    ///
    /// # Errors
    /// What the question gives.
    pub fn answer(&self, estate: &Estate, ask: &Ask) -> Result<Value, Error> {
        let mut options = ask.options.clone();
        for (key, value) in [("as_of", &self.as_of), ("policy", &self.policy)] {
            if let Some(value) = value
                && !options.contains_key(key)
            {
                options.insert(key.to_owned(), value.clone());
            }
        }
        let options = door::options(&Value::Object(options).to_string())?;
        let before = self.before.as_ref().map(|before| self.read(&before.iter().map(Source::input).collect::<Vec<_>>())).transpose()?;
        Ok(json(&match before {
            Some(before) => door::ask_since(&before, estate, &ask.question, options, &Unobserved)?,
            None => door::ask(estate, &ask.question, options, &Unobserved)?,
        }))
    }
}

/// Anything that serialises, as JSON.
pub fn json(it: &impl serde::Serialize) -> Value {
    serde_json::to_value(it).expect("answers are JSON")
}

/// Whether a value matches what is expected: of an object the keys that are expected, of a list every element or those that it must contain, of anything
/// else all of it.
///
/// # Errors
/// The place of the first difference, as a JSON pointer, and the two values there.
pub fn matches(expected: &Value, found: &Value) -> Result<(), String> {
    match (expected, found) {
        (Value::Object(expected), Value::Array(found)) if expected.len() == 1 && expected.contains_key("contains") => {
            let mut wanted = expected["contains"].as_array().into_iter().flatten();
            match wanted.find(|wanted| !found.iter().any(|found| matches(wanted, found).is_ok())) {
                Some(missing) => Err(format!(": expected an element {missing}, found {}", Value::from(found.clone()))),
                None if expected["contains"].as_array().is_some_and(|wanted| !wanted.is_empty()) => Ok(()),
                None => Err("/contains: give a list of what must be there".to_owned()),
            }
        }
        (Value::Object(expected), Value::Object(found)) => expected.iter().try_for_each(|(key, expected)| match found.get(key) {
            Some(found) => matches(expected, found).map_err(|why| format!("/{key}{why}")),
            None => Err(format!("/{key}: expected {expected}, but there is no such key")),
        }),
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let mut pairs = expected.iter().zip(found).enumerate();
            pairs.try_for_each(|(at, (expected, found))| matches(expected, found).map_err(|why| format!("/{at}{why}")))
        }
        (expected, found) if expected == found => Ok(()),
        (expected, found) => Err(format!(": expected {expected}, found {found}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_expected_object_names_what_is_looked_at() {
        let found = json!({"a": [{"b": 1, "c": null}], "d": 2});
        for expected in [json!({}), json!({"a": [{"b": 1}]}), json!({"a": [{"c": null}], "d": 2}), json!({"a": {"contains": [{"b": 1}]}})] {
            assert_eq!(matches(&expected, &found), Ok(()));
        }
        for (expected, place) in
            [(json!({"a": []}), "/a: "), (json!({"a": [{"b": 2}]}), "/a/0/b: "), (json!({"e": null}), "/e: "), (json!([]), ": ")]
        {
            assert!(matches(&expected, &found).is_err_and(|why| why.starts_with(place)), "{expected}");
        }
    }

    #[test]
    fn a_list_may_be_asked_what_it_contains() {
        let found = json!([{"a": 1}, {"a": 2, "b": 3}]);
        for expected in [json!([{"a": 2}]), json!([{"b": 3}, {"a": 1}])] {
            assert_eq!(matches(&json!({"contains": expected}), &found), Ok(()));
        }
        for expected in [json!([{"a": 3}]), json!([{"a": 1}, {"a": 1, "b": 3}]), json!([]), json!({"a": 1})] {
            assert!(matches(&json!({"contains": expected}), &found).is_err(), "{expected}");
        }
        assert_eq!(matches(&json!({"contains": [1]}), &json!({"contains": [1]})), Ok(()));
    }
}

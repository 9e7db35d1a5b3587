//! [`Refs`]: on which branches and tags a job runs, and so which subjects its tokens have.
//! Source: GitLab, "OpenID Connect in AWS" and "ID token authentication": `project_path:GROUP/PROJECT:ref_type:TYPE:ref:NAME`.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The branches and tags on which a job runs; `*` stands for any.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Refs {
    pub branches: BTreeSet<String>,
    pub tags: BTreeSet<String>,
    /// Whether that is all there is to it: other conditions may keep it from running.
    pub sure: bool,
}

impl Refs {
    /// Reads `rules`, or the older `only`.
    pub fn read(job: &Map<String, Value>) -> Refs {
        let any = || BTreeSet::from(["*".to_owned()]);
        if let Some(rules) = job.get("rules").and_then(Value::as_array) {
            let mut refs = Refs { sure: true, ..Refs::default() };
            for rule in rules.iter().filter(|rule| rule.get("when").and_then(Value::as_str) != Some("never")) {
                refs.add(rule.get("if").and_then(Value::as_str));
            }
            return refs;
        }
        let names = match job.get("only") {
            Some(Value::Array(names)) => names.clone(),
            Some(Value::String(name)) => vec![Value::String(name.clone())],
            Some(Value::Object(only)) => only.get("refs").and_then(Value::as_array).cloned().unwrap_or_default(),
            _ => return Refs { branches: any(), tags: any(), sure: true },
        };
        let mut refs = Refs { sure: true, ..Refs::default() };
        for name in names.iter().filter_map(Value::as_str) {
            match name {
                "tags" => drop(refs.tags.insert("*".to_owned())),
                "branches" | "merge_requests" | "pushes" => drop(refs.branches.insert("*".to_owned())),
                "schedules" | "web" | "api" | "triggers" | "pipelines" => drop(refs.branches.insert(DEFAULT.to_owned())),
                pattern if pattern.starts_with('/') => {
                    refs.branches.insert("*".to_owned());
                    refs.sure = false;
                }
                name => drop(refs.branches.insert(name.to_owned())),
            }
        }
        refs
    }

    /// Adds what a condition lets through.
    fn add(&mut self, condition: Option<&str>) {
        let Some(condition) = condition else {
            self.branches.insert("*".to_owned());
            self.tags.insert("*".to_owned());
            return;
        };
        let text = condition.replace(['"', '\''], "").replace("${", "$").replace('}', "");
        let mut found = false;
        for part in text.split("||") {
            for term in part.split("&&").map(str::trim) {
                let equal = term.split_once("==").map(|(left, right)| (left.trim(), right.trim()));
                match equal {
                    Some(("$CI_COMMIT_BRANCH" | "$CI_COMMIT_REF_NAME", "$CI_DEFAULT_BRANCH")) => {
                        _ = self.branches.insert(DEFAULT.to_owned())
                    }
                    Some(("$CI_COMMIT_BRANCH" | "$CI_COMMIT_REF_NAME", name)) if !name.starts_with('$') => {
                        _ = self.branches.insert(name.to_owned())
                    }
                    None if term == "$CI_COMMIT_BRANCH" => _ = self.branches.insert("*".to_owned()),
                    _ if term.starts_with("$CI_COMMIT_TAG") && !term.ends_with("null") => _ = self.tags.insert("*".to_owned()),
                    _ => continue,
                }
                found = true;
            }
        }
        self.sure &= found && !text.contains("&&");
        if !found {
            self.branches.insert("*".to_owned());
        }
    }
}

/// Stands for the default branch, whose name only the project knows.
pub(super) const DEFAULT: &str = "$CI_DEFAULT_BRANCH";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(job: Value) -> (Vec<String>, Vec<String>, bool) {
        let refs = Refs::read(job.as_object().expect("a map"));
        (refs.branches.into_iter().collect(), refs.tags.into_iter().collect(), refs.sure)
    }

    #[test]
    fn rules_tell_the_branches() {
        let text = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(of(json!({})), (text(&["*"]), text(&["*"]), true));
        assert_eq!(
            of(json!({"rules": [{"if": "$CI_COMMIT_BRANCH == \"main\""}, {"if": "$X", "when": "never"}]})),
            (text(&["main"]), text(&[]), true)
        );
        assert_eq!(of(json!({"rules": [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $X"}]})), (text(&[DEFAULT]), text(&[]), false));
        assert_eq!(of(json!({"rules": [{"if": "$CI_COMMIT_TAG"}]})), (text(&[]), text(&["*"]), true));
        assert_eq!(of(json!({"rules": [{"if": "$CI_PIPELINE_SOURCE == 'web'"}]})), (text(&["*"]), text(&[]), false));
        assert_eq!(of(json!({"only": ["main", "tags"]})), (text(&["main"]), text(&["*"]), true));
    }
}

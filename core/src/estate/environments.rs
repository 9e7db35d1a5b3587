//! [`EnvironmentRules`]: how the environment of an entity is learnt.

use super::environment_names::{LABEL_KEYS, bare, is_key, name_rules, tokens};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Environment, EnvironmentClass};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// One name rule: a regex over the tokens of a name, and the environment that it tells.
///
/// The name is cut into lower-case tokens joined by `-`: at anything but letters and digits, between letters and digits, and at the capitals of
/// `camelCase` (`acmeNonProd01` is `acme-non-prod-01`). The regex must match whole tokens, one or several: `non-?prod` matches `non-prod` and
/// `nonprod`, and `prod` does not match `product`. What a rule matched is hidden from the rules after it; a rule that tells `unknown` does nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameRule {
    /// The regex.
    pub pattern: String,
    /// The environment of a name that it matches.
    pub environment: Environment,
}

/// Which labels tell an environment, and what names tell.
///
/// The defaults ask the labels `environment`, `environment-name`, `env`, `stage`, `tier` and `is-production`, and know the usual words; non-production words are tried before
/// production words, so that `release-test-prod` is a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentRules {
    /// The label keys, in the order in which they are asked; letter case, `_` for `-` and a prefix up to a `/` do not matter (`acme.example/Env`). A value
    /// is an environment's own word or is read by the name rules; under a key such as `is-production` it is `true` or `false`.
    pub label_keys: Vec<String>,
    /// The name rules, in the order in which they are tried.
    pub names: Vec<NameRule>,
}

impl Default for EnvironmentRules {
    fn default() -> Self {
        EnvironmentRules { label_keys: LABEL_KEYS.map(String::from).to_vec(), names: name_rules() }
    }
}

impl EnvironmentRules {
    /// The rules, compiled once for any number of names.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidPolicy`] where a name rule is no regex.
    pub fn compile(&self) -> Result<EnvironmentMatcher> {
        let sources: Vec<_> = self.names.iter().map(|rule| format!(r"\b(?:{})\b", rule.pattern)).collect();
        let mut rules = Vec::with_capacity(sources.len());
        for (at, (source, rule)) in sources.iter().zip(&self.names).enumerate() {
            // The pattern must be whole in itself, or its end could close the group around it.
            let regex = Regex::new(&rule.pattern).and_then(|_| RegexBuilder::new(source).case_insensitive(true).build());
            rules.push((regex.map_err(|_| invalid(at))?, rule.environment));
        }
        let any = RegexSetBuilder::new(&sources).case_insensitive(true).build();
        let any = any
            .map_err(|_| Error::new(ErrorCode::InvalidPolicy, "the name rules of the environments are too large together; shorten them"))?;
        Ok(EnvironmentMatcher { source: self.clone(), rules, any })
    }
}

/// The compiled [`EnvironmentRules`].
#[derive(Debug, Clone)]
pub struct EnvironmentMatcher {
    source: EnvironmentRules,
    rules: Vec<(Regex, Environment)>,
    any: RegexSet,
}

impl EnvironmentMatcher {
    /// The rules that were compiled.
    pub fn rules(&self) -> &EnvironmentRules {
        &self.source
    }

    /// The environment that a name tells, if any.
    pub fn of_name(&self, name: &str) -> Option<Environment> {
        let text = tokens(name);
        let matched = self.any.matches(&text);
        match self.rules[matched.iter().next()?].1 {
            Environment::Unknown => self.told(text, matched.iter()).first().copied(),
            first => Some(first),
        }
    }

    /// Every environment whose words a name holds, in the order of the rules. More than one class among them is a contradiction.
    pub fn all_of_name(&self, name: &str) -> Vec<Environment> {
        let text = tokens(name);
        let matched = self.any.matches(&text);
        self.told(text, matched.iter())
    }

    /// What is left of a name once the words of environments are taken out: tokens in lower case, joined by `-`. Empty where nothing is left.
    pub fn stem(&self, name: &str) -> String {
        let text = tokens(name);
        let matched = self.any.matches(&text);
        let mut stem = text.clone();
        self.blank(text, matched.iter(), |range, environment| {
            // A rule that tells nothing keeps its words: they are no words of an environment.
            if environment != Environment::Unknown {
                stem.replace_range(range.clone(), &" ".repeat(range.len()));
            }
        });
        stem.split(['-', ' ']).filter(|token| !token.is_empty()).collect::<Vec<_>>().join("-")
    }

    /// Whether a name holds words of production and of non-production.
    pub fn contradicts_itself(&self, name: &str) -> bool {
        let told = self.all_of_name(name);
        let holds = |class| told.iter().any(|environment| environment.class() == class);
        holds(EnvironmentClass::Production) && holds(EnvironmentClass::NonProduction)
    }

    /// The environment that the value of a label tells, if any: one of the environments' own words, or what the name rules say.
    pub fn of_label(&self, value: &str) -> Option<Environment> {
        let word = Environment::parse(&value.trim().to_lowercase());
        word.filter(|environment| *environment != Environment::Unknown).or_else(|| self.of_name(value))
    }

    /// The environment that a label tells, by its key and value: of a key such as `is-production`, which asks, the value is yes or no.
    pub(super) fn of_pair(&self, label: &str, value: &str) -> Option<Environment> {
        let answer = match value.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" => true,
            "false" | "no" => false,
            _ => return self.of_label(value),
        };
        let asks_for_production = bare(label).to_ascii_lowercase().ends_with("production");
        asks_for_production.then_some(if answer { Environment::Production } else { Environment::Nonproduction })
    }

    /// Whether a label is one of those that tell an environment.
    pub(super) fn asks(&self, label: &str) -> bool {
        self.source.label_keys.iter().any(|key| is_key(key, label))
    }

    /// The environment that the first of the asked labels tells which tells one.
    pub fn of_labels<K: AsRef<str>, V: AsRef<str>>(
        &self,
        labels: impl IntoIterator<Item = (K, V), IntoIter: Clone>,
    ) -> Option<Environment> {
        let labels = labels.into_iter();
        // Most entities have none.
        if labels.size_hint().1 == Some(0) {
            return None;
        }
        let of_key = |key: &String| {
            let mut asked = labels.clone().filter(|(label, _)| is_key(key, label.as_ref()));
            asked.find_map(|(label, value)| self.of_pair(label.as_ref(), value.as_ref()))
        };
        self.source.label_keys.iter().find_map(of_key)
    }

    fn told(&self, text: String, matched: impl Iterator<Item = usize>) -> Vec<Environment> {
        let mut told = Vec::new();
        self.blank(text, matched, |_, environment| {
            if environment != Environment::Unknown && !told.contains(&environment) {
                told.push(environment);
            }
        });
        told
    }

    /// Finds the words of each rule in turn; what a rule found is hidden from the rules after it.
    fn blank(&self, mut text: String, matched: impl Iterator<Item = usize>, mut found: impl FnMut(&Range<usize>, Environment)) {
        for (regex, environment) in matched.map(|at| &self.rules[at]) {
            let ranges: Vec<_> = regex.find_iter(&text).map(|found| found.range()).collect();
            for range in ranges {
                found(&range, *environment);
                let blank = " ".repeat(range.len());
                text.replace_range(range, &blank);
            }
        }
    }
}

/// The default rules, compiled once a process.
pub(super) fn default_matcher() -> Arc<EnvironmentMatcher> {
    // The defaults are constant and a test compiles them.
    #[allow(clippy::expect_used)]
    static DEFAULT: LazyLock<Arc<EnvironmentMatcher>> =
        LazyLock::new(|| Arc::new(EnvironmentRules::default().compile().expect("the default rules are regexes")));
    Arc::clone(&DEFAULT)
}

fn invalid(at: usize) -> Error {
    Error::new(
        ErrorCode::InvalidPolicy,
        format!("name rule {} of the environments is not a regular expression; look at its `pattern`", at + 1),
    )
}

#[cfg(test)]
mod tests;

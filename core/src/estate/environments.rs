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
mod tests {
    use super::*;
    use crate::Estate;
    use crate::model::{Identity, IdentityKind, Relation, RelationKind, Tenant, TenantKind};

    #[test]
    fn names_tell_what_the_table_says() {
        let matcher = default_matcher();
        let mut rows = csv::Reader::from_reader(include_str!("../../data/environment_names.csv").as_bytes());
        let mut wrong = Vec::new();
        let mut count = 0;
        for row in rows.records() {
            let row = row.expect("a row");
            let told = matcher.of_name(&row[0]).unwrap_or(Environment::Unknown);
            if told.as_str() != &row[1] {
                wrong.push(format!("{}: {told}, not {}", &row[0], &row[1]));
            }
            assert_eq!(matcher.all_of_name(&row[0]).first().copied().unwrap_or(Environment::Unknown), told, "{}", &row[0]);
            count += 1;
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(count >= 120, "{count} names");
    }

    #[test]
    fn every_word_of_the_model_is_its_own_label_and_name() {
        let matcher = default_matcher();
        for environment in Environment::ALL.iter().copied().filter(|it| *it != Environment::Unknown) {
            assert_eq!(matcher.of_name(environment.as_str()), Some(environment));
            assert_eq!(matcher.of_label(&environment.as_str().to_uppercase()), Some(environment));
        }
        assert_eq!(matcher.of_label("unknown"), None);
    }

    #[test]
    fn a_name_may_contradict_itself() {
        let matcher = default_matcher();
        for name in ["k8s-release-test-prod", "prod-dev", "demo-prod", "QAProd"] {
            assert!(matcher.contradicts_itself(name), "{name}");
        }
        for name in ["acme-prod", "nonprod", "pre-production", "not-prod-test", "devops-prod", "shared-prod", "dev-test"] {
            assert!(!matcher.contradicts_itself(name), "{name}");
        }
        assert_eq!(matcher.all_of_name("shared-dev-prod"), [Environment::Development, Environment::Production, Environment::Shared]);
    }

    #[test]
    fn labels_are_asked_in_order_whatever_their_case() {
        let matcher = default_matcher();
        let labels =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect::<crate::model::Labels>();
        assert_eq!(matcher.of_labels(&labels(&[("ENV", "stg"), ("tier", "prod")])), Some(Environment::Staging));
        assert_eq!(matcher.of_labels(&labels(&[("env", "blue"), ("Tier", "Live")])), Some(Environment::Production));
        assert_eq!(matcher.of_labels(&labels(&[("team", "prod")])), None);
        let of = |pairs: &[(&str, &str)]| matcher.of_labels(&labels(pairs));
        assert_eq!(of(&[("acme.example/is-production", "true")]), Some(Environment::Production));
        assert_eq!(of(&[("is_production", "false")]), Some(Environment::Nonproduction));
        assert_eq!(of(&[("acme.example/is-production", "true"), ("acme.example/environment_name", "uat")]), Some(Environment::Testing));
        assert_eq!(of(&[("is-production", "true"), ("environment-name", "metabase")]), Some(Environment::Production));
        assert_eq!(of(&[("env", "true")]), None);
    }

    #[test]
    fn the_first_that_answers_is_kept_with_its_source() {
        let tenant = |id: &str, parent: Option<&str>| Tenant { parent: parent.map(Into::into), ..Tenant::new(id, TenantKind::Other) };
        let mut builder = Estate::builder();
        builder.add(Tenant { environment: Some(Environment::Production), ..tenant("top", None) });
        builder.add(tenant("below", Some("top")));
        builder.add(tenant("below-dev", Some("top")));
        builder.add(Tenant { labels: [("env".to_owned(), "qa".to_owned())].into(), ..tenant("labelled-prod", Some("top")) });
        builder.add(tenant("shared", None));
        builder.add(Tenant { environment: Some(Environment::Unknown), ..tenant("says-nothing", Some("below")) });
        builder.add(Tenant { environment: Some(Environment::Shared), ..tenant("dev-tools", None) });
        let residents = [
            ("test-robot", "below"),
            ("demo-robot", "shared"),
            ("robot", "shared"),
            ("robot@dev-tools.example", "dev-tools"),
            ("qa-robot@dev-tools.example", "dev-tools"),
            ("stray-prod", "placeholder"),
        ];
        for (id, home) in residents {
            builder.add(Identity { tenant: Some(home.into()), ..Identity::new(id, IdentityKind::Other) });
        }
        let estate = builder.build();
        let of = |id: &str| {
            let resolved = estate.environment(estate.find(id).expect("an id"));
            (resolved.environment.as_str(), resolved.source.as_str())
        };
        assert_eq!(of("below"), ("production", "parent"));
        assert_eq!(of("below-dev"), ("development", "name"));
        assert_eq!(of("labelled-prod"), ("testing", "label"));
        assert_eq!(of("says-nothing"), ("production", "parent"));
        assert_eq!(of("test-robot"), ("production", "tenant"));
        assert_eq!(of("demo-robot"), ("demo", "name"));
        assert_eq!(of("robot"), ("unknown", "none"));
        assert_eq!(of("robot@dev-tools.example"), ("unknown", "none"));
        assert_eq!(of("qa-robot@dev-tools.example"), ("testing", "name"));
        assert_eq!(of("stray-prod"), ("production", "name"));
    }

    #[test]
    fn loops_of_tenants_end() {
        let mut builder = Estate::builder();
        for (id, parent) in [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("self", "self")] {
            builder.add(Tenant { parent: Some(parent.into()), ..Tenant::new(id, TenantKind::Other) });
        }
        for (id, tenant) in [("dev-x", "prod-y"), ("prod-y", "dev-x")] {
            builder.add(Identity { tenant: Some(tenant.into()), ..Identity::new(id, IdentityKind::Other) });
        }
        builder.relate(Relation::new("dev-x", RelationKind::Assumes, "prod-y"));
        let estate = builder.build();
        let told: Vec<_> = estate.indices().map(|index| estate.environment(index).environment.as_str()).collect();
        assert_eq!(told, ["unknown", "unknown", "unknown", "unknown", "development", "production", "unknown"]);
    }

    #[test]
    fn other_rules_may_be_given() {
        let names = vec![NameRule { pattern: "blue|green".into(), environment: Environment::Production }];
        let rules = EnvironmentRules { names, ..EnvironmentRules::default() };
        let matcher = rules.compile().expect("rules");
        assert_eq!((matcher.of_name("acme-blue"), matcher.of_name("acme-prod")), (Some(Environment::Production), None));
        for pattern in ["(", "a)(b", "x{999999}"] {
            let rules =
                EnvironmentRules { names: vec![NameRule { pattern: pattern.into(), environment: Environment::Demo }], ..rules.clone() };
            assert_eq!(rules.compile().expect_err("no regex").code(), ErrorCode::InvalidPolicy, "{pattern}");
        }
    }
}

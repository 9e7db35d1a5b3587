//! [`EnvironmentRules`]: how the environment of an entity is learnt, and the resolution itself.

use super::EntityIndex;
use crate::error::Result;
use crate::model::{Entity, Environment, EnvironmentSource, ResolvedEnvironment};
use serde::{Deserialize, Serialize};

/// One name rule: a regex over a name cut into tokens, and the environment that it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameRule {
    /// The regex.
    pub pattern: String,
    /// The environment of a name that it matches.
    pub environment: Environment,
}

/// Which labels tell an environment, and what names tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentRules {
    /// The label keys, in the order in which they are asked.
    pub label_keys: Vec<String>,
    /// The name rules, in the order in which they are tried.
    pub names: Vec<NameRule>,
}

impl Default for EnvironmentRules {
    fn default() -> Self {
        EnvironmentRules { label_keys: vec!["environment".into()], names: Vec::new() }
    }
}

/// The rules, compiled.
#[derive(Debug)]
pub(crate) struct Matcher {}

impl EnvironmentRules {
    pub(crate) fn compile(&self) -> Result<Matcher> {
        Ok(Matcher {})
    }
}

pub(super) fn default_matcher() -> Matcher {
    Matcher {}
}

pub(super) fn resolve(entities: &[Entity], _containers: &[Option<EntityIndex>], _matcher: &Matcher) -> Vec<ResolvedEnvironment> {
    entities
        .iter()
        .map(|entity| match entity.declared_environment() {
            Some(environment) => ResolvedEnvironment { environment, source: EnvironmentSource::Explicit },
            None => ResolvedEnvironment::UNKNOWN,
        })
        .collect()
}

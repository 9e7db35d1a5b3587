//! [`Flow`]: a crossing that the organisation decided to have.

use super::instant;
use crate::model::{Environment, EnvironmentClass, Instant, Right};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A flow that is allowed: what leaves `from` and gains at most `right` in `to` is decided, not an accident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Where it starts.
    pub from: Side,
    /// Where it leads.
    pub to: Side,
    /// The right that may be gained; `control` allows the others too.
    pub right: Right,
    /// Why it is allowed.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// From when it is not allowed any more.
    #[serde(default, deserialize_with = "instant::optional", skip_serializing_if = "Option::is_none")]
    pub expires: Option<Instant>,
}

/// An end of a flow: an environment, or a class of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// One environment. `production`, `shared` and `unknown` are classes of one environment.
    Environment(Environment),
    /// Every environment of a class.
    Class(EnvironmentClass),
}

impl Flow {
    /// Whether it allows a right to be gained over something in `to` by what is in `from`, were it not at its end.
    pub fn allows(&self, from: Environment, right: Right, to: Environment) -> bool {
        self.from.contains(from) && self.to.contains(to) && self.right.implies(right)
    }

    /// Whether it has ended.
    pub fn has_expired(&self, as_of: Instant) -> bool {
        self.expires.is_some_and(|end| end <= as_of)
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}: {}", self.from, self.to, self.right)
    }
}

impl Side {
    /// Whether an environment is on this side.
    pub fn contains(self, environment: Environment) -> bool {
        match self {
            Side::Environment(own) => own == environment,
            Side::Class(class) => environment.class() == class,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Side::Environment(environment) => fmt::Display::fmt(environment, f),
            Side::Class(class) => fmt::Display::fmt(class, f),
        }
    }
}

impl Serialize for Side {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Side {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let environment = Environment::parse(&text).map(Side::Environment);
        let side = environment.or_else(|| EnvironmentClass::parse(&text).map(Side::Class));
        side.ok_or_else(|| serde::de::Error::custom("expected an environment or a class of environments"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(from: Side, right: Right) -> Flow {
        let to = Side::Class(EnvironmentClass::Production);
        Flow { from, to, right, reason: "nightly copy".into(), owner: "data team".into(), expires: None }
    }

    #[test]
    fn a_class_holds_all_its_environments_and_control_allows_reading() {
        let any = flow(Side::Class(EnvironmentClass::NonProduction), Right::Control);
        assert!(any.allows(Environment::Preview, Right::Read, Environment::Production));
        assert!(!any.allows(Environment::Unknown, Right::Read, Environment::Production));
        let read = flow(Side::Environment(Environment::Staging), Right::Read);
        assert!(!read.allows(Environment::Staging, Right::Write, Environment::Production));
        assert!(!read.allows(Environment::Testing, Right::Read, Environment::Production));
    }
}

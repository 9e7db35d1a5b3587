//! [`Environments`]: a set of environments, one bit each.

use crate::model::{Environment, EnvironmentClass};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Environments(u16);

impl Environments {
    pub fn add(&mut self, environment: Environment) {
        self.0 |= 1 << environment as u16;
    }

    /// Takes in another set; whether that adds anything.
    pub fn join(&mut self, other: Environments) -> bool {
        let before = self.0;
        self.0 |= other.0;
        self.0 != before
    }

    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub fn iter(self) -> impl Iterator<Item = Environment> {
        Environment::ALL.iter().copied().filter(move |environment| self.contains(*environment))
    }

    pub fn contains(self, environment: Environment) -> bool {
        self.0 & (1 << environment as u16) != 0
    }

    /// Whether production and non-production are in it.
    pub fn spans_production(self) -> bool {
        let has = |class| self.iter().any(|environment| environment.class() == class);
        has(EnvironmentClass::Production) && has(EnvironmentClass::NonProduction)
    }
}

impl FromIterator<Environment> for Environments {
    fn from_iter<I: IntoIterator<Item = Environment>>(environments: I) -> Self {
        let mut set = Environments::default();
        environments.into_iter().for_each(|environment| set.add(environment));
        set
    }
}

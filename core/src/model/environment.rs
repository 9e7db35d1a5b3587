//! [`Environment`], its class, and where an answer came from.

use super::words::words;

words! {
    /// What a tenant or anything in it is for.
    Environment {
        /// Serves real users.
        Production => "production",
        /// Rehearses production.
        Staging => "staging",
        /// Tests run here.
        Testing => "testing",
        /// Developers work here.
        Development => "development",
        /// Systems are joined here before they meet production.
        Integration => "integration",
        /// Free experiment.
        Sandbox => "sandbox",
        /// Short-lived, one per change.
        Preview => "preview",
        /// Shown to customers.
        Demo => "demo",
        /// Not production, not said more closely.
        Nonproduction => "nonproduction",
        /// Serves several environments by design.
        Shared => "shared",
        /// Nothing says.
        Unknown => "unknown",
    }
}

words! {
    /// The four classes that rules and flows speak of.
    EnvironmentClass {
        /// Production.
        Production => "production",
        /// Shared by several environments.
        Shared => "shared",
        /// Nothing says.
        Unknown => "unknown",
        /// Every other environment.
        NonProduction => "non_production",
    }
}

words! {
    /// Where the environment of an entity was learnt.
    EnvironmentSource {
        /// Its own `environment`, from the input or from a labels overlay.
        Explicit => "explicit",
        /// One of its labels.
        Label => "label",
        /// The words of its name.
        Name => "name",
        /// Its parent tenant.
        Parent => "parent",
        /// The tenant it belongs to.
        Tenant => "tenant",
        /// Nothing says.
        None => "none",
    }
}

impl Environment {
    /// The class of the environment.
    pub const fn class(self) -> EnvironmentClass {
        match self {
            Environment::Production => EnvironmentClass::Production,
            Environment::Shared => EnvironmentClass::Shared,
            Environment::Unknown => EnvironmentClass::Unknown,
            _ => EnvironmentClass::NonProduction,
        }
    }
}

/// The environment of an entity, and where that was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct ResolvedEnvironment {
    /// The environment.
    pub environment: Environment,
    /// Where it was learnt.
    pub source: EnvironmentSource,
}

impl ResolvedEnvironment {
    /// Nothing says.
    pub const UNKNOWN: ResolvedEnvironment = ResolvedEnvironment { environment: Environment::Unknown, source: EnvironmentSource::None };

    /// The class of the environment.
    pub const fn class(self) -> EnvironmentClass {
        self.environment.class()
    }
}

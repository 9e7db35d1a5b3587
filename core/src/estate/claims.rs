//! [`EnvironmentClaim`]: what each source says of the environment of an entity.

use super::{EntityIndex, Estate};
use crate::model::{EntityType, Environment, EnvironmentClass, EnvironmentSource};
use serde::Serialize;

/// What one source says of the environment of an entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EnvironmentClaim {
    /// The source.
    pub source: EnvironmentSource,
    /// The key of the label, where a label says so.
    pub label: Option<String>,
    /// What it says.
    pub environment: Environment,
}

impl Estate {
    /// What each source says of the environment of an entity: its declaration, each of its environment labels, and for a tenant its name and its parent.
    pub fn environment_claims(&self, entity: EntityIndex) -> Vec<EnvironmentClaim> {
        let mut claims = self.stated(entity);
        if self.entity(entity).entity_type() == EntityType::Tenant {
            claims.extend(self.named(entity, &claims));
            claims.extend(self.inherited(entity));
        }
        claims
    }

    /// What is declared: by the entity itself, and by each of its environment labels. A declared `unknown` says nothing.
    fn stated(&self, index: EntityIndex) -> Vec<EnvironmentClaim> {
        let entity = self.entity(index);
        let matcher = self.environment_matcher();
        let declared = entity.declared_environment().filter(|environment| *environment != Environment::Unknown);
        let explicit = declared.map(|environment| EnvironmentClaim { source: EnvironmentSource::Explicit, label: None, environment });
        let asked = entity.labels().into_iter().flatten().filter(|(label, _)| matcher.asks(label));
        let labelled = asked.filter_map(|(label, value)| {
            let environment = matcher.of_pair(label, value)?;
            Some(EnvironmentClaim { source: EnvironmentSource::Label, label: Some(label.to_owned()), environment })
        });
        explicit.into_iter().chain(labelled).collect()
    }

    /// What the name says: its one environment, or one of each class where it holds words of both. A name that contradicts itself is no claim where the
    /// environment is declared: the declaration settles it.
    fn named(&self, index: EntityIndex, stated: &[EnvironmentClaim]) -> Vec<EnvironmentClaim> {
        let matcher = self.environment_matcher();
        let name = self.entity(index).name();
        let claim = |environment| EnvironmentClaim { source: EnvironmentSource::Name, label: None, environment };
        if !matcher.contradicts_itself(name) {
            return matcher.of_name(name).map(claim).into_iter().collect();
        }
        if stated.iter().any(|claim| claim.source == EnvironmentSource::Explicit) {
            return Vec::new();
        }
        let mut told = matcher.all_of_name(name);
        told.retain(|environment| matches!(environment.class(), EnvironmentClass::Production | EnvironmentClass::NonProduction));
        told.into_iter().map(claim).collect()
    }

    /// What the parent says, unless it serves several environments or nobody knows.
    fn inherited(&self, index: EntityIndex) -> Option<EnvironmentClaim> {
        let environment = self.environment(self.container(index)?).environment;
        let says = !matches!(environment, Environment::Shared | Environment::Unknown);
        says.then_some(EnvironmentClaim { source: EnvironmentSource::Parent, label: None, environment })
    }
}

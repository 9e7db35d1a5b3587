//! [`Sides`]: what lives at an instant, and on which side it stands.

use crate::estate::{EntityIndex, Estate, RelationRef};
use crate::model::{Environment, EnvironmentClass, IdentityKind, Instant};

/// An estate at an instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    pub estate: &'a Estate,
    pub as_of: Instant,
}

impl<'a> Sides<'a> {
    pub fn lives(self, entity: EntityIndex) -> bool {
        self.estate.entity(entity).lives_at(self.as_of)
    }

    /// The environment of an entity, where it is one of the two sides.
    pub fn of(self, entity: EntityIndex) -> Option<Environment> {
        let environment = self.estate.environment(entity).environment;
        matches!(environment.class(), EnvironmentClass::Production | EnvironmentClass::NonProduction).then_some(environment)
    }

    /// The relations that grant something now, between entities that live, guarded or not.
    pub fn relations(self) -> impl Iterator<Item = RelationRef<'a>> {
        let counts = move |relation: &RelationRef<'_>| relation.grants().is_some() && relation.valid_at(self.as_of);
        self.estate.relations().filter(counts).filter(move |relation| self.lives(relation.from()) && self.lives(relation.to()))
    }

    pub fn kind(self, entity: EntityIndex) -> Option<IdentityKind> {
        self.estate.entity(entity).as_identity().map(|identity| identity.kind)
    }

    /// Whether it is a role or a group: a container of rights, where it has members.
    pub fn is_role_or_group(self, entity: EntityIndex) -> bool {
        matches!(self.kind(entity), Some(IdentityKind::Role | IdentityKind::Group))
    }
}

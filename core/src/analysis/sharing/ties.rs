//! Every tie between something that may be shared and an environment.

use super::{SharingRole, is_store};
use crate::estate::{EntityIndex, Estate, RelationRef, SecretCopies};
use crate::model::{Entity, EntityType, Environment, EnvironmentClass, IdentityKind, Instant, RelationKind};
use std::collections::HashMap;

/// A tie: the subject has to do with an environment, through another entity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub subject: EntityIndex,
    pub role: SharingRole,
    pub environment: Environment,
    pub other: EntityIndex,
    pub relation: Option<RelationRef<'a>>,
}

/// What is needed to tell every tie of an estate.
#[derive(Debug)]
pub(super) struct Ties<'a> {
    estate: &'a Estate,
    as_of: Instant,
    copies: SecretCopies,
    /// The identities that vendors run and the first records of their secrets, with the vendor where that is named.
    vendors: HashMap<EntityIndex, Option<&'a str>>,
}

impl<'a> Ties<'a> {
    pub fn new(estate: &'a Estate, as_of: Instant) -> Self {
        let copies = SecretCopies::of(estate, |secret| estate.entity(secret).lives_at(as_of));
        let vendors = vendors(estate, as_of, &copies);
        Ties { estate, as_of, copies, vendors }
    }

    /// Tells every tie, those without a relation first, in the order of the estate.
    pub fn each(&self, mut tell: impl FnMut(Found<'a>)) {
        for entity in self.estate.indices().filter(|entity| self.lives(*entity)) {
            self.own(entity, &mut tell);
        }
        for relation in self.estate.relations().filter(|relation| relation.grants().is_some() && relation.valid_at(self.as_of)) {
            if self.lives(relation.from()) && self.lives(relation.to()) {
                self.of_relation(relation, &mut tell);
            }
        }
    }

    /// Whether a vendor runs it, and which, where that is named.
    pub fn vendor(&self, subject: EntityIndex) -> Option<Option<&'a str>> {
        self.vendors.get(&subject).copied()
    }

    /// The living records of a secret; of anything else itself.
    pub fn records(&self, subject: EntityIndex) -> Vec<EntityIndex> {
        let records = self.copies.of_secret(subject);
        if records.is_empty() { vec![subject] } else { records.to_vec() }
    }

    fn lives(&self, entity: EntityIndex) -> bool {
        self.estate.entity(entity).lives_at(self.as_of)
    }

    /// The environment of an entity, where it is one of the two sides.
    fn side(&self, entity: EntityIndex) -> Option<Environment> {
        let environment = self.estate.environment(entity).environment;
        matches!(environment.class(), EnvironmentClass::Production | EnvironmentClass::NonProduction).then_some(environment)
    }

    /// Where an entity stands, for itself and for the tenant that contains it.
    fn own(&self, entity: EntityIndex, tell: &mut impl FnMut(Found<'a>)) {
        let Some(environment) = self.side(entity) else { return };
        if matches!(self.estate.entity(entity), Entity::Secret(_) | Entity::Resource(_) | Entity::Tenant(_)) {
            tell(Found { subject: self.copies.first(entity), role: SharingRole::Belongs, environment, other: entity, relation: None });
        }
        if let Some(container) = self.estate.container(entity).filter(|container| self.counts_content(*container, entity)) {
            tell(Found { subject: container, role: SharingRole::Contains, environment, other: entity, relation: None });
        }
    }

    /// Whether a content says what its container is for: tenants do not, where the container is there to group them.
    fn counts_content(&self, container: EntityIndex, content: EntityIndex) -> bool {
        let groups = self.estate.entity(container).as_tenant().is_some_and(|tenant| tenant.kind.groups_tenants());
        !(groups && self.estate.entity(content).entity_type() == EntityType::Tenant)
    }

    fn of_relation(&self, relation: RelationRef<'a>, tell: &mut impl FnMut(Found<'a>)) {
        let (from, to) = (relation.from(), relation.to());
        let contains = relation.kind() == RelationKind::Contains;
        let from_type = self.estate.entity(from).entity_type();
        if let Some(environment) = self.side(to) {
            let role = if contains { SharingRole::Contains } else { SharingRole::Serves };
            let leads = match from_type {
                _ if contains => self.counts_content(from, to),
                EntityType::Secret => relation.kind() == RelationKind::AuthenticatesAs,
                from_type => from_type != EntityType::Tenant,
            };
            if leads {
                tell(Found { subject: self.copies.first(from), role, environment, other: to, relation: Some(relation) });
            }
        }
        if let Some(environment) = self.side(from).filter(|side| !contains && self.is_used(to, relation.kind(), *side)) {
            tell(Found { subject: self.copies.first(to), role: SharingRole::UsedFrom, environment, other: from, relation: Some(relation) });
        }
    }

    /// Whether the users of an entity say what it is for: those of a tenant do only where it belongs to neither side itself.
    /// A store outside production that production writes to or looks into serves production no more than before.
    fn is_used(&self, entity: EntityIndex, by: RelationKind, from: Environment) -> bool {
        match self.estate.entity(entity) {
            Entity::Tenant(_) => self.side(entity).is_none(),
            Entity::Secret(_) => matches!(by, RelationKind::Uses | RelationKind::Stores),
            Entity::Resource(resource) if is_store(resource.kind) => {
                let looks_down =
                    from.class() == EnvironmentClass::Production && self.side(entity).is_some_and(|side| side.class() != from.class());
                !looks_down
            }
            _ => true,
        }
    }
}

fn vendors<'a>(estate: &'a Estate, as_of: Instant, copies: &SecretCopies) -> HashMap<EntityIndex, Option<&'a str>> {
    let of_identity = |entity: EntityIndex| {
        let identity = estate.entity(entity).as_identity()?;
        (identity.vendor.is_some() || identity.kind == IdentityKind::ThirdPartyIntegration).then_some(identity.vendor.as_deref())
    };
    let mut vendors: HashMap<_, _> = estate.indices().filter_map(|entity| Some((entity, of_identity(entity)?))).collect();
    for relation in estate.relations().filter(|relation| relation.valid_at(as_of)) {
        let (secret, identity) = match relation.kind() {
            RelationKind::AuthenticatesAs => (relation.from(), relation.to()),
            RelationKind::Uses => (relation.to(), relation.from()),
            _ => continue,
        };
        if let Some(vendor) = of_identity(identity) {
            let known = vendors.entry(copies.first(secret)).or_insert(vendor);
            // The first vendor that is named is kept: relations stand in a fixed order.
            *known = known.or(vendor);
        }
    }
    vendors
}

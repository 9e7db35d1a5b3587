//! Every tie between something that may be shared and an environment.

use super::SharingRole;
use super::is_store;
use super::passage::Passage;
use super::pipelines::Pipelines;
use super::sides::Sides;
use crate::estate::{EntityIndex, EntityView, Estate, RelationRef, SecretCopies};
use crate::model::{EntityType, Environment, EnvironmentClass, IdentityKind, Instant, RelationKind, ResourceKind};
use std::collections::HashMap;

/// A tie: the subject has to do with an environment, through another entity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub subject: EntityIndex,
    pub face: Face,
    pub role: SharingRole,
    pub environment: Environment,
    pub other: EntityIndex,
    pub relation: Option<RelationRef<'a>>,
    /// Whether nobody has to approve it.
    pub unapproved: bool,
}

/// The ways of being shared. Something is where ties of one of them lead to more than one environment: what stands on one side and is used from the other
/// alone is crossed, not shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    /// Where it and what it holds stand; for a secret every tie.
    Content,
    /// Where it has rights, and whose secrets it stores.
    Rights,
    /// From where it is used.
    Users,
}

/// What is needed to tell every tie of an estate.
#[derive(Debug)]
pub(super) struct Ties<'a> {
    sides: Sides<'a>,
    copies: SecretCopies,
    passage: Passage,
    pipelines: Pipelines,
    /// The identities that vendors run and the first records of their secrets, with the vendor where that is named.
    vendors: HashMap<EntityIndex, Option<&'a str>>,
}

impl<'a> Ties<'a> {
    pub fn new(estate: &'a Estate, as_of: Instant) -> Self {
        let sides = Sides { estate, as_of };
        let copies = SecretCopies::of(estate, |secret| sides.lives(secret));
        let pipelines = Pipelines::new(sides, &copies);
        let vendors = vendors(estate, as_of, &copies);
        Ties { sides, copies, passage: Passage::new(sides), pipelines, vendors }
    }

    /// Tells every tie, those without a relation first, in the order of the estate.
    pub fn each(&self, mut tell: impl FnMut(Found<'a>)) {
        for entity in self.sides.estate.indices().filter(|entity| self.sides.lives(*entity)) {
            self.own(entity, &mut tell);
        }
        for relation in self.sides.relations() {
            if relation.kind() == RelationKind::Contains {
                self.of_content(relation, &mut tell);
            } else {
                self.of_rights(relation, &mut tell);
                self.of_use(relation, &mut tell);
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

    /// The pipelines that an identity is, or that act as it.
    pub fn pipelines(&self, identity: EntityIndex) -> impl Iterator<Item = EntityIndex> {
        self.pipelines.of(identity)
    }

    fn type_of(&self, entity: EntityIndex) -> EntityType {
        self.sides.estate.entity(entity).entity_type()
    }

    /// Where an entity stands, for itself and for the tenant that contains it.
    fn own(&self, entity: EntityIndex, tell: &mut impl FnMut(Found<'a>)) {
        let Some(environment) = self.sides.of(entity) else { return };
        let found =
            |subject, role| Found { subject, face: Face::Content, role, environment, other: entity, relation: None, unapproved: true };
        if matches!(self.type_of(entity), EntityType::Secret | EntityType::Resource | EntityType::Tenant) {
            tell(found(self.copies.first(entity), SharingRole::Belongs));
        }
        if let Some(container) = self.sides.estate.container(entity).filter(|container| self.counts_content(*container, entity)) {
            tell(found(container, SharingRole::Contains));
        }
    }

    /// Whether a content says what its container is for: tenants do not, where the container is there to group them.
    fn counts_content(&self, container: EntityIndex, content: EntityIndex) -> bool {
        let groups = self.sides.estate.entity(container).as_tenant().is_some_and(|tenant| tenant.kind.groups_tenants());
        !(groups && self.type_of(content) == EntityType::Tenant)
    }

    fn of_content(&self, relation: RelationRef<'a>, tell: &mut impl FnMut(Found<'a>)) {
        let (subject, other) = (relation.from(), relation.to());
        if let Some(environment) = self.sides.of(other).filter(|_| self.counts_content(subject, other)) {
            let (face, role) = (Face::Content, SharingRole::Contains);
            tell(Found { subject, face, role, environment, other, relation: Some(relation), unapproved: true });
        }
    }

    /// Where FROM has rights by a relation.
    fn of_rights(&self, relation: RelationRef<'a>, tell: &mut impl FnMut(Found<'a>)) {
        let (from, kind) = (relation.from(), relation.kind());
        let face = match self.type_of(from) {
            EntityType::Secret if kind == RelationKind::AuthenticatesAs => Face::Content,
            EntityType::Resource if kind == RelationKind::CopyOf => return,
            EntityType::Tenant | EntityType::Secret => return,
            _ if self.looks_into(from, kind, relation.to()) => return,
            _ => Face::Rights,
        };
        let (environments, unapproved) = self.passage.rights(self.sides, relation);
        for environment in environments.iter() {
            tell(Found {
                subject: self.copies.first(from),
                face,
                role: SharingRole::Serves,
                environment,
                other: relation.to(),
                relation: Some(relation),
                unapproved: unapproved.contains(environment),
            });
        }
    }

    /// Whether production looks into a store outside it, or fills it: that does not make it serve both sides.
    fn looks_into(&self, from: EntityIndex, kind: RelationKind, to: EntityIndex) -> bool {
        let class = |entity| self.sides.of(entity).map(Environment::class);
        let down = class(from) == Some(EnvironmentClass::Production) && class(to) == Some(EnvironmentClass::NonProduction);
        let is_store = self.sides.estate.entity(to).as_resource().is_some_and(|resource| is_store(resource.kind));
        down && is_store && matches!(kind, RelationKind::Reads | RelationKind::Writes)
    }

    /// From where TO is used by a relation.
    fn of_use(&self, relation: RelationRef<'a>, tell: &mut impl FnMut(Found<'a>)) {
        let (from, to) = (relation.from(), relation.to());
        let users = self.passage.users(self.sides, from);
        for (environment, other) in users.into_iter().filter(|(side, _)| self.is_used(to, relation.kind(), *side)) {
            // What a thing outside production is to production, it is besides standing there.
            let besides =
                self.type_of(to) == EntityType::Resource && self.sides.of(to).is_some_and(|side| side.class() != environment.class());
            let face = if besides || self.type_of(to) == EntityType::Secret { Face::Content } else { Face::Users };
            let (subject, role) = (self.copies.first(to), SharingRole::UsedFrom);
            tell(Found { subject, face, role, environment, other, relation: Some(relation), unapproved: true });
        }
    }

    /// Whether the users of an entity say what it is for: those of a tenant do only where it belongs to neither side itself, those of an identity where they
    /// act as it. Who uses what stands in production is production or crosses into it; what production looks into, fills or sets up outside serves it no more
    /// than before.
    fn is_used(&self, entity: EntityIndex, by: RelationKind, from: Environment) -> bool {
        use RelationKind as K;
        let production = from.class() == EnvironmentClass::Production;
        let side = self.sides.of(entity).map(Environment::class);
        let looks_down = production && side == Some(EnvironmentClass::NonProduction);
        match self.sides.estate.entity(entity).view() {
            EntityView::Tenant(_) => side.is_none(),
            EntityView::Secret(_) => matches!(by, K::Uses | K::Stores),
            EntityView::Identity(_) => by.acts_as() && !looks_down,
            EntityView::Resource(resource) => {
                // Both sides run what a registry gives out; what counts is who else may fill it.
                let pulls = resource.kind == ResourceKind::ArtifactRegistry && by == K::Reads && !production;
                let sets_up = looks_down && (is_store(resource.kind) || matches!(by, K::Writes | K::Administers | K::DeploysTo));
                side != Some(EnvironmentClass::Production) && by != K::CopyOf && !pulls && !sets_up
            }
            EntityView::Unknown(_) => true,
        }
    }
}

fn vendors<'a>(estate: &'a Estate, as_of: Instant, copies: &SecretCopies) -> HashMap<EntityIndex, Option<&'a str>> {
    let of_identity = |entity: EntityIndex| {
        let identity = estate.entity(entity).as_identity()?;
        (identity.vendor.is_some() || identity.kind == IdentityKind::ThirdPartyIntegration).then_some(identity.vendor)
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

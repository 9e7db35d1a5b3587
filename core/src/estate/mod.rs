//! [`Estate`]: everything that was read, immutable, with dense indices in the order of the ids.

mod builder;
mod changes;
mod claims;
mod columns;
mod content_hash;
mod copies;
pub mod document;
mod entities;
mod environment_names;
mod environment_resolution;
mod environments;
mod fingerprint;
mod labels;
mod merge;
mod pipelines;
mod reading;
mod relations;
mod secret_names;
mod selector;
mod snapshot;
mod subjects;
mod tie;
mod twins;

pub use builder::{EstateBuilder, Position};
pub use changes::{Added, Altered, Changes, RelationKey, Removed};
pub use claims::EnvironmentClaim;
pub(crate) use copies::SecretCopies;
pub use entities::{EntityIter, EntityList, EntityRef, EntityView, IdentityRef, LabelsIter, LabelsRef, ResourceRef, SecretRef, TenantRef};
pub(crate) use entities::{PlainSecrets, UNDATED};
pub use environments::{EnvironmentMatcher, EnvironmentRules, NameRule};
pub use fingerprint::FingerprintKey;
pub(crate) use fingerprint::PLACEHOLDERS;
pub(crate) use labels::{apply_labels, environment_of_word};
pub use reading::{Conflict, Coverage, Reading, Skipped, Source};
pub use relations::RelationRef;
pub(crate) use relations::{RelationColumns, Rights};
pub(crate) use secret_names::kind_of_name;
pub(crate) use selector::Glob;
pub use selector::{Selection, Selector};
pub(crate) use snapshot::{add_estate, is_snapshot};
pub use tie::Tie;
pub use twins::Twins;

use crate::aside::{Asking, Countdown};
use crate::error::Result;
use crate::model::{End, EntityType, Instant, ResolvedEnvironment};
use crate::observer::{Observer, Pace, Unobserved};
use crate::parallel;
use entities::Entities;
use relations::Relations;
use std::sync::Arc;

/// The dense index of an entity of an estate: its place among the ids in byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityIndex(pub u32);

impl EntityIndex {
    /// The index as a position in a list.
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}

/// The dense index of a relation of an estate: its place in the canonical order (from, kind, to, then every other field).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationIndex(pub u32);

/// Everything that was read: tenants, identities, secrets, resources and the relations between them.
///
/// Immutable and cheap to clone. Entities stand in the order of their ids, relations in their canonical order, so that the same facts give the
/// same estate whatever order the inputs came in.
///
/// ```
/// use tenantgraph::model::{Relation, RelationKind, Secret, SecretKind, Identity, IdentityKind};
/// let mut builder = tenantgraph::Estate::builder();
/// builder.add(Secret::new("key", SecretKind::AccessKey));
/// builder.add(Identity::new("robot", IdentityKind::ServiceAccount));
/// builder.relate(Relation::new("key", RelationKind::AuthenticatesAs, "robot"));
/// let estate = builder.build();
/// assert_eq!(estate.len(), 2);
/// assert_eq!(estate.relations().count(), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Estate {
    data: Arc<Data>,
    environments: Arc<[ResolvedEnvironment]>,
    plain_secrets: Arc<PlainSecrets>,
    matcher: Arc<EnvironmentMatcher>,
    /// Who is asked to look at the observer while it is gone through.
    asking: Option<Arc<Asking>>,
}

#[derive(Debug)]
struct Data {
    entities: Entities,
    relations: Relations,
    reading: Reading,
}

impl Data {
    #[inline]
    fn entity(&self, index: EntityIndex) -> EntityRef<'_> {
        EntityRef::new(&self.entities, index)
    }

    /// The tenant or parent of an entity. What is known to be no tenant contains nothing by being named as one.
    #[inline]
    fn container(&self, index: EntityIndex) -> Option<EntityIndex> {
        self.entities.named_container(index.position()).filter(|container| End::Tenant.fits(self.entity(*container).entity_type()))
    }
}

impl Estate {
    /// A builder of an estate.
    pub fn builder() -> EstateBuilder {
        EstateBuilder::new()
    }

    fn new(entities: Entities, relations: Relations, reading: Reading, observer: &dyn Observer) -> Result<Self> {
        let matcher = environments::default_matcher();
        let data = Data { entities, relations, reading };
        let environments = environment_resolution::resolve(&data, &matcher, observer)?;
        Estate::of(data.into(), environments, matcher, observer)
    }

    /// An estate whose environments are resolved.
    fn of(
        data: Arc<Data>,
        environments: Vec<ResolvedEnvironment>,
        matcher: Arc<EnvironmentMatcher>,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let plain_secrets = PlainSecrets::of(&data.entities, &environments, &mut Pace::new(observer))?.into();
        Ok(Estate { data, environments: environments.into(), plain_secrets, matcher, asking: None })
    }

    /// The number of entities, placeholders included.
    pub fn len(&self) -> usize {
        self.data.entities.len()
    }

    /// Whether there is no entity.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entities in the order of their ids.
    pub fn entities(&self) -> EntityList<'_> {
        EntityList::new(&self.data.entities, self.asking.as_ref())
    }

    /// Every index, in order.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = EntityIndex> + use<> {
        let mut countdown = self.countdown();
        (0..self.data.entities.len() as u32).map(move |at| {
            countdown.tick();
            EntityIndex(at)
        })
    }

    /// The same estate, which asks to look at the observer while it is gone through.
    pub(crate) fn asking(&self, asking: Option<Arc<Asking>>) -> Estate {
        Estate { asking, ..self.clone() }
    }

    /// Whether somebody is asked to look while it is gone through.
    pub(crate) fn is_asking(&self) -> bool {
        self.asking.is_some()
    }

    /// Counts the steps of a pass for whoever is asked to look.
    pub(crate) fn countdown(&self) -> Countdown {
        Countdown::new(self.asking.as_ref())
    }

    /// The entity at an index.
    ///
    /// # Panics
    /// Where the index is of another, larger estate.
    #[inline]
    pub fn entity(&self, index: EntityIndex) -> EntityRef<'_> {
        self.data.entity(index)
    }

    /// The index of an id. Costs a binary search.
    pub fn find(&self, id: &str) -> Option<EntityIndex> {
        self.data.entities.find(id)
    }

    /// The tenant an entity belongs to; for a tenant its parent.
    pub fn container(&self, index: EntityIndex) -> Option<EntityIndex> {
        self.data.container(index)
    }

    /// [`Estate::container`] of every entity; `u32::MAX` where there is none.
    pub(crate) fn containers(&self) -> Vec<u32> {
        /// What a thread does before it asks for more.
        const PIECE: usize = 1 << 16;
        let mut containers = vec![u32::MAX; self.len()];
        parallel::map((0..).step_by(PIECE).zip(containers.chunks_mut(PIECE)), |(first, piece)| {
            (first..).map(EntityIndex).zip(piece).for_each(|(entity, own)| *own = self.container(entity).map_or(u32::MAX, |it| it.0));
        });
        containers
    }

    /// Whether each entity lives at an instant, as [`EntityRef::lives_at`] says; `None` where all do.
    pub(crate) fn living(&self, as_of: Instant) -> Option<Vec<bool>> {
        if self.data.entities.never_end() {
            return None;
        }
        let living: Vec<bool> = self.entities().iter().map(|entity| entity.lives_at(as_of)).collect();
        living.contains(&false).then_some(living)
    }

    /// The entity's own tenant: a tenant is its own.
    pub fn own_tenant(&self, index: EntityIndex) -> Option<EntityIndex> {
        match self.entity(index).entity_type() {
            EntityType::Tenant => Some(index),
            _ => self.container(index),
        }
    }

    /// The environment of an entity, and where it was learnt.
    pub fn environment(&self, index: EntityIndex) -> ResolvedEnvironment {
        self.environments[index.position()]
    }

    /// The secrets of which their age alone decides, and which are the others.
    #[inline]
    pub(crate) fn plain_secrets(&self) -> &PlainSecrets {
        &self.plain_secrets
    }

    /// The rules by which the environments were resolved, compiled.
    pub fn environment_matcher(&self) -> &EnvironmentMatcher {
        &self.matcher
    }

    /// The same estate with its environments resolved by these rules. Costs one pass over the entities where the rules differ.
    ///
    /// # Errors
    /// [`crate::ErrorCode::InvalidPolicy`] where a name rule is no regex.
    pub fn with_environment_rules(&self, rules: &EnvironmentRules) -> Result<Estate> {
        self.with_environment_rules_observed(rules, &Unobserved)
    }

    /// [`Estate::with_environment_rules`], watched.
    ///
    /// # Errors
    /// As [`Estate::with_environment_rules`], and [`crate::ErrorCode::Cancelled`].
    pub fn with_environment_rules_observed(&self, rules: &EnvironmentRules, observer: &dyn Observer) -> Result<Estate> {
        if self.matcher.rules() == rules {
            return Ok(self.clone());
        }
        let matcher = Arc::new(rules.compile()?);
        let environments = environment_resolution::resolve(&self.data, &matcher, observer)?;
        Ok(Estate::of(Arc::clone(&self.data), environments, matcher, observer)?.asking(self.asking.clone()))
    }

    /// The relations in their canonical order.
    pub fn relations(&self) -> impl ExactSizeIterator<Item = RelationRef<'_>> {
        let mut countdown = self.countdown();
        (0..self.data.relations.len() as u32).map(move |at| {
            countdown.tick();
            self.relation(RelationIndex(at))
        })
    }

    /// The relations that start at an entity, in their canonical order. Costs two binary searches.
    pub fn relations_from(&self, entity: EntityIndex) -> impl ExactSizeIterator<Item = RelationRef<'_>> {
        self.data.relations.starting_at(entity).map(|at| self.relation(RelationIndex(at)))
    }

    /// The relation at an index.
    ///
    /// # Panics
    /// Where the index is of another, larger estate.
    pub fn relation(&self, index: RelationIndex) -> RelationRef<'_> {
        self.data.relations.get(index)
    }

    /// What decides whether relations conduct, as slices of columns.
    pub(crate) fn relation_columns(&self) -> RelationColumns<'_> {
        self.data.relations.conducting()
    }

    /// What was read, what was skipped, what conflicted, and what was not in the input.
    pub fn reading(&self) -> &Reading {
        &self.data.reading
    }
}

//! What nobody answers for.

use crate::estate::{Coverage, EntityIndex, EntityRef, EntityView, Estate, Glob};
use crate::model::words::words;
use crate::model::{EntityType, Environment, IdentityKind, Instant};
use crate::policy::Policy;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

words! {
    /// What is wrong with an owner.
    OwnerProblem {
        /// There is none.
        Missing => "missing",
        /// The policy says that the owner left, or it is a person of the estate who is disabled or expired.
        Left => "left",
    }
}

/// Something that nobody answers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnerGap {
    /// Its id.
    pub entity: String,
    /// What it is.
    pub entity_type: EntityType,
    /// The word of its kind.
    pub kind: &'static str,
    /// Its environment.
    pub environment: Environment,
    /// What is wrong.
    pub problem: OwnerProblem,
    /// The owner who left.
    pub owner: Option<String>,
    /// The id of the person of the estate who that is.
    pub person: Option<String>,
}

/// Tenants and machine identities without an owner, and whatever else is named after an owner who left.
///
/// Whoever owns a project, an account or a namespace answers for the identities in it. An input that gives owners to none of a kind says nothing about them:
/// then a missing owner is unknown.
pub(super) fn owners(estate: &Estate, policy: &Policy, as_of: Instant, coverage: &mut Vec<Coverage>) -> Vec<OwnerGap> {
    let gone = Gone::new(estate, policy, as_of);
    let living = || estate.indices().filter(|index| estate.entity(*index).lives_at(as_of));
    let told: HashSet<_> = living().filter(|index| is_owned(estate, *index)).map(|index| kind(estate.entity(index))).collect();
    let mut left: HashMap<&str, Option<Option<String>>> = HashMap::new();
    let mut gaps = Vec::new();
    for index in living() {
        let entity = estate.entity(index);
        let (problem, person) = match entity.owner() {
            None if needs_owner(estate, index) && told.contains(&kind(entity)) && !is_owned(estate, index) => (OwnerProblem::Missing, None),
            Some(owner) => match left.entry(owner).or_insert_with(|| gone.has_left(owner)) {
                Some(person) => (OwnerProblem::Left, person.clone()),
                None => continue,
            },
            None => continue,
        };
        gaps.push(OwnerGap {
            entity: entity.id().to_owned(),
            entity_type: entity.entity_type(),
            kind: entity.kind(),
            environment: estate.environment(index).environment,
            problem,
            owner: entity.owner().map(str::to_owned),
            person,
        });
    }
    let asked = living().filter(|index| needs_owner(estate, *index)).map(|index| told.contains(&kind(estate.entity(index))));
    let note = "tenants and machine identities of a kind to which the input gives no owners cannot be said to have one";
    coverage.extend(Coverage::counted("owners", asked, note));
    gaps
}

fn kind(entity: EntityRef<'_>) -> (EntityType, &'static str) {
    (entity.entity_type(), entity.kind())
}

/// Whether somebody is named who answers for it, for itself or with the tenant that it is in.
fn is_owned(estate: &Estate, index: EntityIndex) -> bool {
    let tenant = || estate.container(index).and_then(|tenant| estate.entity(tenant).as_tenant());
    let is_identity = || estate.entity(index).entity_type() == EntityType::Identity;
    let with_tenant = || is_identity() && tenant().is_some_and(|tenant| tenant.kind.is_one_teams() && tenant.owner.is_some());
    estate.entity(index).owner().is_some() || with_tenant()
}

/// People own themselves, groups and roles are containers of rights, and secrets and resources are answered for with their tenants. What a provider runs is
/// the provider's, and what stands in a tenant that nobody describes is somebody else's.
fn needs_owner(estate: &Estate, index: EntityIndex) -> bool {
    let foreign = || estate.container(index).is_some_and(|tenant| estate.entity(tenant).entity_type() == EntityType::Unknown);
    match estate.entity(index).view() {
        EntityView::Tenant(_) => true,
        EntityView::Identity(identity) => identity.kind.is_machine() && !identity.is_provider_managed() && !foreign(),
        _ => false,
    }
}

/// Those who left.
struct Gone {
    globs: Vec<Glob>,
    people: BTreeMap<String, String>,
}

impl Gone {
    fn new(estate: &Estate, policy: &Policy, as_of: Instant) -> Self {
        let person = |entity: &EntityRef<'_>| entity.as_identity().is_some_and(|identity| identity.kind == IdentityKind::Human);
        let people = || estate.entities().iter().filter(person);
        let names = |entity: EntityRef<'_>| [entity.id().to_lowercase(), entity.name().to_lowercase()];
        let mut gone = BTreeMap::new();
        for entity in people().filter(|entity| !entity.lives_at(as_of)) {
            for name in names(entity) {
                gone.entry(name).or_insert_with(|| entity.id().to_owned());
            }
        }
        // Whoever has another account that lives has not left.
        for name in people().filter(|entity| entity.lives_at(as_of)).flat_map(names) {
            gone.remove(&name);
        }
        Gone { globs: policy.left_owners.iter().map(|owner| Glob::new(&owner.to_lowercase())).collect(), people: gone }
    }

    /// Whether an owner left, and which person of the estate that is.
    fn has_left(&self, owner: &str) -> Option<Option<String>> {
        let owner = owner.to_lowercase();
        let person = self.people.get(&owner).cloned();
        (person.is_some() || self.globs.iter().any(|glob| glob.matches(&owner))).then_some(person)
    }
}

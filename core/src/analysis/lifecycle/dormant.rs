//! What has not been used for long.

use crate::estate::{Coverage, EntityIndex, EntityRef, EntityView, Estate, SecretCopies};
use crate::model::{EntityType, Environment, Instant, RelationKind};
use crate::policy::Policy;
use serde::Serialize;

/// An identity or a secret that has not been used for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dormant {
    /// Its id.
    pub entity: String,
    /// Whether it is an identity or a secret.
    pub entity_type: EntityType,
    /// The word of its kind.
    pub kind: &'static str,
    /// Its environment.
    pub environment: Environment,
    /// When it was last used.
    pub last_used_at: Instant,
    /// Whole days since then.
    pub unused_days: i64,
    /// The days after which it counts as unused.
    pub limit_days: u32,
}

/// Living identities that no provider runs for itself, and living secrets that are not dynamic, that were last used longer ago than the policy says.
///
/// The last use is the latest that anything tells: the entity itself, a secret of the identity, a copy of the secret, a relation that was used.
pub(super) fn dormant(estate: &Estate, policy: &Policy, as_of: Instant, coverage: &mut Vec<Coverage>) -> Vec<Dormant> {
    let uses = uses(estate, as_of);
    let living = || estate.indices().filter(|index| estate.entity(*index).lives_at(as_of));
    let limit = |index: EntityIndex| match estate.entity(index).view() {
        EntityView::Identity(identity) => (!identity.is_provider_managed()).then_some(policy.dormancy_days.identities),
        EntityView::Secret(secret) => (secret.dynamic != Some(true)).then_some(policy.dormancy_days.secrets),
        _ => None,
    };
    let dormant = living().filter_map(|index| {
        let limit_days = limit(index)?;
        // Where the entity itself tells nothing, a use of one of its secrets does not tell that it was its last.
        own_use(estate.entity(index), as_of)?;
        let last_used_at = uses[index.position()]?;
        let unused_days = as_of.days_since(last_used_at);
        let entity = estate.entity(index);
        (unused_days > i64::from(limit_days)).then(|| Dormant {
            entity: entity.id().to_owned(),
            entity_type: entity.entity_type(),
            kind: entity.kind(),
            environment: estate.environment(index).environment,
            last_used_at,
            unused_days,
            limit_days,
        })
    });
    let known = |wanted: EntityType| {
        let asked = living().filter(move |index| estate.entity(*index).entity_type() == wanted).filter(|index| limit(*index).is_some());
        asked.map(|index| own_use(estate.entity(index), as_of).is_some())
    };
    coverage.extend(Coverage::counted(
        "identity_uses",
        known(EntityType::Identity),
        "identities of which nobody says when they were last used may all be dormant",
    ));
    coverage.extend(Coverage::counted(
        "secret_uses",
        known(EntityType::Secret),
        "secrets of which nobody says when they were last used may all be unused",
    ));
    dormant.collect()
}

/// When an entity says it was last used; a date in the future tells nothing.
fn own_use(entity: EntityRef<'_>, as_of: Instant) -> Option<Instant> {
    let used = match entity.view() {
        EntityView::Identity(identity) => identity.last_used_at,
        EntityView::Secret(secret) => secret.last_used_at,
        _ => None,
    };
    used.filter(|used| *used <= as_of)
}

/// The latest use of each entity that anything tells of.
fn uses(estate: &Estate, as_of: Instant) -> Vec<Option<Instant>> {
    let mut uses: Vec<_> = estate.entities().iter().map(|entity| own_use(entity, as_of)).collect();
    for group in SecretCopies::of(estate, |_| true).into_groups() {
        let latest = group.iter().filter_map(|secret| uses[secret.position()]).max();
        for secret in group {
            uses[secret.position()] = latest;
        }
    }
    for relation in estate.relations() {
        let (from, to) = (relation.from().position(), relation.to().position());
        let used = relation.last_used_at().filter(|used| *used <= as_of);
        uses[from] = uses[from].max(used);
        // Whoever was acted as was used, like whoever acted.
        let both =
            [RelationKind::AuthenticatesAs, RelationKind::Assumes, RelationKind::FederatesTo, RelationKind::RunsAs, RelationKind::Uses];
        if both.contains(&relation.kind()) {
            uses[to] = uses[to].max(used);
        }
    }
    for relation in estate.relations().filter(|relation| relation.kind() == RelationKind::AuthenticatesAs) {
        let (secret, identity) = (relation.from().position(), relation.to().position());
        uses[identity] = uses[identity].max(uses[secret]);
    }
    uses
}

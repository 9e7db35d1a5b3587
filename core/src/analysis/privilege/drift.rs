//! What holds more than its twin in production, right by right.

use super::grants::is_standing;
use crate::estate::{Coverage, EntityIndex, Estate, RelationRef, Tie, Twins};
use crate::graph::strongest;
use crate::model::{EntityType, Environment, EnvironmentClass, Instant, Right};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Something that is not production and holds more than its twin in production, or over which more is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TwinDrift {
    /// Its id.
    pub entity: String,
    /// Whether it is an identity, which holds more, or a tenant, over which more is held.
    pub entity_type: EntityType,
    /// The word of its kind.
    pub kind: &'static str,
    /// Its environment.
    pub environment: Environment,
    /// The ids of its twins in production.
    pub twins: Vec<String>,
    /// The rights that have no match there.
    pub broader: Vec<BroaderRight>,
}

/// A right that has no match in production.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BroaderRight {
    /// The relation.
    pub relation: Tie,
    /// The ids of what a matching right would be over; of nothing where what it is over has no twin.
    pub matched_over: Vec<String>,
    /// The strongest right that is held there.
    pub held: Option<Right>,
}

/// What holds more than its twin in production, by id. Costs two passes over the relations.
///
/// An identity holds more by a right that none of its twins holds over the same thing or over its twin; over what has no twin, by one that none of them
/// holds over anything of that kind, nor by that name over anything at all. A stronger right of the twin is a match, and so is the same right by another
/// name. Over a tenant more is held by control of it by someone outside non-production who does not control its twin.
pub(super) fn drift(estate: &Estate, as_of: Instant, coverage: &mut Vec<Coverage>) -> Vec<TwinDrift> {
    let twins = Twins::of(estate);
    let held = Held::new(estate, &twins, as_of);
    let note = "what is not production and has no known twin there cannot be held against it";
    coverage.extend(Coverage::counted("production_twins", held.comparable(), note));
    let mut drifts: BTreeMap<EntityIndex, Vec<BroaderRight>> = BTreeMap::new();
    for (entity, own) in twins.iter().filter(|(entity, _)| is(estate, *entity, EntityType::Identity)) {
        let broader: Vec<_> = held.rights_of(entity).filter_map(|relation| held.broader(relation, own)).collect();
        if !broader.is_empty() {
            drifts.insert(entity, broader);
        }
    }
    for relation in estate.relations().filter(|relation| held.counts(*relation)) {
        if let Some(broader) = held.broader_over(relation) {
            drifts.entry(relation.to()).or_default().push(broader);
        }
    }
    let id = |entity: &EntityIndex| estate.entity(*entity).id().to_owned();
    let drifts = drifts.into_iter().map(|(entity, broader)| TwinDrift {
        entity: id(&entity),
        entity_type: estate.entity(entity).entity_type(),
        kind: estate.entity(entity).kind(),
        environment: estate.environment(entity).environment,
        twins: twins.of_entity(entity).iter().map(id).collect(),
        broader,
    });
    drifts.collect()
}

fn is(estate: &Estate, entity: EntityIndex, entity_type: EntityType) -> bool {
    estate.entity(entity).entity_type() == entity_type
}

/// A right without its ends: what it grants, or the provider's name of one that nobody mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Power<'a> {
    Right(Right),
    Unmapped(Option<&'a str>),
}

impl<'a> Power<'a> {
    fn of(relation: RelationRef<'a>) -> Self {
        relation.grants().map_or(Power::Unmapped(relation.permission()), Power::Right)
    }

    fn implies(self, other: Power<'_>) -> bool {
        match (self, other) {
            (Power::Right(own), Power::Right(other)) => own.implies(other),
            (own, other) => own == other,
        }
    }
}

/// What the twins in production hold, and what is held over those of them that are tenants.
struct Held<'a> {
    estate: &'a Estate,
    twins: &'a Twins,
    as_of: Instant,
    over: HashMap<(EntityIndex, EntityIndex), Vec<Power<'a>>>,
    over_kind: HashMap<EntityIndex, HashSet<(&'static str, Power<'a>)>>,
    /// The provider's names of the rights that each twin holds over anything.
    named: HashSet<(EntityIndex, &'a str)>,
    /// The twins over which something is held by anybody.
    known: HashSet<EntityIndex>,
}

impl<'a> Held<'a> {
    fn new(estate: &'a Estate, twins: &'a Twins, as_of: Instant) -> Self {
        let (over, over_kind, named, known) = (HashMap::new(), HashMap::new(), HashSet::new(), HashSet::new());
        let mut held = Held { estate, twins, as_of, over, over_kind, named, known };
        let all: HashSet<EntityIndex> = twins.iter().flat_map(|(_, twins)| twins).copied().collect();
        for relation in estate.relations() {
            let (from, to) = (relation.from(), relation.to());
            let (by_twin, over_twin) = (all.contains(&from), all.contains(&to) && is(estate, to, EntityType::Tenant));
            if !(by_twin || over_twin) || !held.counts(relation) {
                continue;
            }
            let power = Power::of(relation);
            held.over.entry((from, to)).or_default().push(power);
            if by_twin {
                held.over_kind.entry(from).or_default().insert((estate.entity(to).kind(), power));
                held.named.extend(relation.permission().map(|name| (from, name)));
            }
            if over_twin {
                held.known.insert(to);
            }
        }
        held
    }

    fn counts(&self, relation: RelationRef<'_>) -> bool {
        relation.kind().is_entitlement() && is_standing(self.estate, relation, self.as_of)
    }

    fn rights_of(&self, entity: EntityIndex) -> impl Iterator<Item = RelationRef<'a>> {
        self.estate.relations_from(entity).filter(|relation| self.counts(*relation))
    }

    /// Whether each identity that is not production and holds something, and each such tenant over which something is held, has a twin of which the same is
    /// known.
    fn comparable(&self) -> Vec<bool> {
        let mut subjects: BTreeMap<EntityIndex, bool> = BTreeMap::new();
        let outside = |entity: EntityIndex| self.estate.environment(entity).class() == EnvironmentClass::NonProduction;
        for relation in self.estate.relations().filter(|relation| self.counts(*relation)) {
            let (from, to) = (relation.from(), relation.to());
            let managed = self.estate.entity(from).as_identity().is_none_or(|identity| identity.is_provider_managed());
            if outside(from) && !managed {
                subjects.entry(from).or_insert_with(|| self.twins.of_entity(from).iter().any(|twin| self.over_kind.contains_key(twin)));
            }
            if outside(to) && is(self.estate, to, EntityType::Tenant) {
                subjects.entry(to).or_insert_with(|| self.twins.of_entity(to).iter().any(|twin| self.known.contains(twin)));
            }
        }
        subjects.into_values().collect()
    }

    /// The right, where none of the twins of its holder has a match for it. Where nothing is known of what they hold, nothing can be said.
    fn broader(&self, relation: RelationRef<'a>, own: &[EntityIndex]) -> Option<BroaderRight> {
        if own.iter().all(|twin| !self.over_kind.contains_key(twin)) {
            return None;
        }
        let (to, power) = (relation.to(), Power::of(relation));
        let twins = self.twins.of_entity(to);
        let over = || own.iter().flat_map(|twin| twins.iter().chain([&to]).map(move |over| (*twin, *over)));
        let held: Vec<Power<'_>> = over().filter_map(|key| self.over.get(&key)).flatten().copied().collect();
        // What nobody mapped means nothing over a thing that is in no way the same, and a right of the same name is the same right: it reaches what is there.
        let same_name = || relation.permission().is_some_and(|name| own.iter().any(|twin| self.named.contains(&(*twin, name))));
        if twins.is_empty() && (power == Power::Unmapped(relation.permission()) || same_name()) {
            return None;
        }
        let kind = self.estate.entity(to).kind();
        let by_kind =
            own.iter().filter_map(|twin| self.over_kind.get(twin)).flatten().filter(|(other, _)| twins.is_empty() && *other == kind);
        let held: Vec<_> = held.into_iter().chain(by_kind.map(|(_, power)| *power)).collect();
        (!held.iter().any(|own| own.implies(power))).then(|| self.right(relation, twins, &held))
    }

    /// Control of a tenant by someone outside non-production who does not control its twin.
    fn broader_over(&self, relation: RelationRef<'a>) -> Option<BroaderRight> {
        let (from, to) = (relation.from(), relation.to());
        let twins = self.twins.of_entity(to);
        let outside = self.estate.environment(from).class() != EnvironmentClass::NonProduction;
        let known = twins.iter().any(|twin| self.known.contains(twin));
        if !outside || !known || relation.grants() != Some(Right::Control) || !is(self.estate, to, EntityType::Tenant) {
            return None;
        }
        let held: Vec<_> = twins.iter().filter_map(|twin| self.over.get(&(from, *twin))).flatten().copied().collect();
        (!held.contains(&Power::Right(Right::Control))).then(|| self.right(relation, twins, &held))
    }

    fn right(&self, relation: RelationRef<'a>, twins: &[EntityIndex], held: &[Power<'_>]) -> BroaderRight {
        let rights = held.iter().filter_map(|power| if let Power::Right(right) = power { Some(*right) } else { None });
        BroaderRight {
            relation: Tie::of(self.estate, relation),
            matched_over: twins.iter().map(|twin| self.estate.entity(*twin).id().to_owned()).collect(),
            held: strongest(rights),
        }
    }
}

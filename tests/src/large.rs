//! [`large_estate`]: random estates of some hundreds of entities and thousands of relations, without further premises, so that a flow tells their cheapest cut.

use crate::estates::{AS_OF, RandomEstate};
use std::collections::BTreeSet;
use tenantgraph::model::{
    Certainty, Entity, Environment, Guard, Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind, Right, Secret,
    SecretKind, Tenant, TenantKind,
};

/// A plain generator of numbers: the same in every run.
#[derive(Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Self {
        Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next number, below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }

    /// Whether something of this share in a hundred comes to be.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of some.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A random estate of so many entities and up to so many relations. Relations of the same ends and kind have the same rights.
pub fn large_estate(numbers: &mut Numbers, entities: usize, relations: usize) -> RandomEstate {
    let tenants = 1 + entities / 20;
    let entities: Vec<Entity> = (0..entities).map(|at| entity(numbers, at, tenants)).collect();
    let mut written: Vec<Relation> = Vec::new();
    let mut ends = BTreeSet::new();
    for _ in 0..relations {
        if let Some(last) = written.last().filter(|_| numbers.percent(4)).cloned() {
            written.push(Relation { permission: Some(format!("p{}", written.len())), ..last });
            continue;
        }
        let relation = relation(numbers, &entities);
        if ends.insert((relation.from.clone(), relation.kind, relation.to.clone())) {
            written.push(relation);
        }
    }
    RandomEstate { entities, relations: written }
}

/// The first entities are the tenants.
fn entity(numbers: &mut Numbers, at: usize, tenants: usize) -> Entity {
    let id = format!("e{at}");
    let environment = match numbers.below(100) {
        0..12 => Some(numbers.one(&[Environment::Staging, Environment::Testing, Environment::Development])),
        12..24 => Some(Environment::Production),
        24..30 => Some(Environment::Shared),
        _ => None,
    };
    if at < tenants {
        return Entity::from(Tenant { environment, ..Tenant::new(id, TenantKind::AwsAccount) });
    }
    let tenant = numbers.percent(15).then(|| format!("e{}", numbers.below(tenants)));
    match numbers.below(10) {
        0..5 => {
            let enabled = numbers.percent(3).then_some(false);
            Entity::from(Identity { environment, tenant, enabled, ..Identity::new(id, IdentityKind::ServiceAccount) })
        }
        5..8 => {
            let fingerprint = numbers.percent(60).then(|| format!("f{}", numbers.below(1 + at / 12)));
            let expires_at = numbers.percent(3).then_some(AS_OF);
            Entity::from(Secret { environment, tenant, fingerprint, expires_at, ..Secret::new(id, SecretKind::Token) })
        }
        _ => Entity::from(Resource { environment, tenant, ..Resource::new(id, ResourceKind::Compute) }),
    }
}

fn relation(numbers: &mut Numbers, entities: &[Entity]) -> Relation {
    let kinds: Vec<RelationKind> = RelationKind::ALL.iter().copied().filter(|kind| *kind != RelationKind::SameSecret).collect();
    loop {
        let kind = numbers.one(&kinds);
        let (from, to) = (&entities[numbers.below(entities.len())], &entities[numbers.below(entities.len())]);
        let row = kind.row();
        if from.id() == to.id() || !row.from.fits(from.entity_type()) || !row.to.fits(to.entity_type()) {
            continue;
        }
        let mut relation = Relation::new(from.id(), kind, to.id());
        if kind == RelationKind::Custom || kind != RelationKind::Unmapped && numbers.percent(8) {
            relation.requires = Some(numbers.one(Right::ALL));
            relation.grants = Some(numbers.one(Right::ALL));
        }
        if numbers.percent(5) {
            relation.guards = [numbers.one(Guard::ALL)].into_iter().collect();
        }
        relation.certainty = if numbers.percent(6) { Certainty::Possible } else { Certainty::Proven };
        relation.valid_until = numbers.percent(3).then_some(AS_OF);
        return relation;
    }
}

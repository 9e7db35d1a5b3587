//! Random small estates: everything that the rules of the graph speak of, dense enough that it meets.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};
use tenantgraph::Estate;
use tenantgraph::model::{
    Certainty, Entity, EntityType, Environment, Guard, Identity, IdentityKind, Instant, Premise, Relation, RelationKind, Resource,
    ResourceKind, Right, Secret, SecretKind, Tenant, TenantKind,
};

/// The instant at which random estates are asked. Their dates lie just before it, at it and just after it.
pub const AS_OF: Instant = Instant::from_unix_seconds(1_000_000);

/// An estate as plain lists; each id stands once.
#[derive(Clone)]
pub struct RandomEstate {
    /// The entities.
    pub entities: Vec<Entity>,
    /// The relations, some of them twice, some between ends that do not fit.
    pub relations: Vec<Relation>,
}

impl RandomEstate {
    /// The same estate as the library builds it.
    pub fn build(&self) -> Estate {
        let mut builder = Estate::builder();
        for relation in &self.relations {
            builder.relate(relation.clone());
        }
        for entity in &self.entities {
            builder.add(entity.clone());
        }
        builder.build()
    }
}

/// One line a record, so that a failing case can be read.
impl std::fmt::Debug for RandomEstate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for entity in &self.entities {
            let text = match entity {
                Entity::Tenant(it) => serde_json::to_string(it),
                Entity::Identity(it) => serde_json::to_string(it),
                Entity::Secret(it) => serde_json::to_string(it),
                Entity::Resource(it) => serde_json::to_string(it),
                Entity::Unknown(id) => serde_json::to_string(id),
            };
            writeln!(f, "\n{} {}", entity.entity_type(), text.map_err(|_| std::fmt::Error)?)?;
        }
        self.relations.iter().try_for_each(|relation| writeln!(f, "{}", serde_json::to_string(relation).map_err(|_| std::fmt::Error)?))
    }
}

/// The same cases in every run, as many as asked for; nothing is written beside the tests.
pub fn config(cases: u32, seed: u64) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() }
}

/// Random estates of up to this many entities and relations.
pub fn estates(entities: usize, relations: usize) -> impl Strategy<Value = RandomEstate> {
    (vec(entity_draft(), 1 + entities / 2..=entities), vec(relation_draft(), relations / 3..=relations)).prop_map(|(drafts, relations)| {
        let tenants: Vec<usize> = (0..drafts.len()).filter(|at| drafts[*at].entity_type == EntityType::Tenant).collect();
        let entities: Vec<Entity> = drafts.iter().enumerate().map(|(at, draft)| draft.entity(at, &tenants)).collect();
        let relations = relations.iter().flat_map(|draft| draft.relations(&entities)).collect();
        RandomEstate { entities, relations }
    })
}

/// The id at a place. One alphabet for all types, so that the order of ids mixes them.
fn id(at: usize) -> String {
    format!("{}{}", char::from(b'a' + (at * 7 % 26) as u8), at)
}

#[derive(Debug, Clone)]
struct EntityDraft {
    entity_type: EntityType,
    environment: Option<Environment>,
    container: Option<usize>,
    switched: Option<bool>,
    expires_at: Option<Instant>,
    fingerprint: Option<&'static str>,
}

fn entity_draft() -> impl Strategy<Value = EntityDraft> {
    use Environment::*;
    let types = vec![
        EntityType::Tenant,
        EntityType::Tenant,
        EntityType::Identity,
        EntityType::Identity,
        EntityType::Identity,
        EntityType::Secret,
        EntityType::Secret,
        EntityType::Resource,
        EntityType::Resource,
    ];
    let environments = vec![Production, Production, Production, Staging, Testing, Development, Shared];
    (
        select(types),
        weighted(0.6, select(environments)),
        weighted(0.6, 0..64usize),
        weighted(0.15, any::<bool>()),
        weighted(0.15, instant()),
        weighted(0.6, select(vec!["", "one", "two"])),
    )
        .prop_map(|(entity_type, environment, container, switched, expires_at, fingerprint)| EntityDraft {
            entity_type,
            environment,
            container,
            switched,
            expires_at,
            fingerprint,
        })
}

impl EntityDraft {
    fn entity(&self, at: usize, tenants: &[usize]) -> Entity {
        // Most containers are tenants; some are something else or described by nobody.
        let container = self.container.map(|container| id(tenants.get(container % (tenants.len() + 1)).copied().unwrap_or(container)));
        match self.entity_type {
            EntityType::Tenant => Entity::from(Tenant {
                environment: self.environment,
                parent: container,
                expires_at: self.expires_at,
                ..Tenant::new(id(at), TenantKind::GcpProject)
            }),
            EntityType::Identity => Entity::from(Identity {
                environment: self.environment,
                tenant: container,
                enabled: self.switched,
                expires_at: self.expires_at,
                ..Identity::new(id(at), IdentityKind::ServiceAccount)
            }),
            EntityType::Secret => Entity::from(Secret {
                environment: self.environment,
                tenant: container,
                revoked: self.switched,
                expires_at: self.expires_at,
                fingerprint: self.fingerprint.map(str::to_owned),
                ..Secret::new(id(at), SecretKind::AccessKey)
            }),
            _ => Entity::from(Resource {
                environment: self.environment,
                tenant: container,
                ..Resource::new(id(at), ResourceKind::ObjectStore)
            }),
        }
    }
}

fn instant() -> impl Strategy<Value = Instant> {
    (-1..=1i64).prop_map(|offset| Instant::from_unix_microseconds(AS_OF.unix_microseconds() + offset))
}

#[derive(Debug, Clone)]
struct RelationDraft {
    kind: RelationKind,
    ends: (usize, usize),
    fitting: bool,
    requires: Option<Right>,
    grants: Option<Right>,
    also: Vec<(usize, Right)>,
    guards: Vec<Guard>,
    certainty: Certainty,
    permission: Option<&'static str>,
    valid: (Option<Instant>, Option<Instant>),
    twice: bool,
}

fn relation_draft() -> impl Strategy<Value = RelationDraft> {
    let right = || select(Right::ALL.to_vec());
    let certainty = prop_oneof![4 => Just(Certainty::Proven), 1 => Just(Certainty::Possible)];
    let rights =
        (weighted(0.15, right()), weighted(0.2, right()), some(0.25, (0..16usize, right())), some(0.15, select(Guard::ALL.to_vec())));
    let ends = (kind(), (0..64usize, 0..64usize), prop::bool::weighted(0.95));
    let rest = (certainty, weighted(0.3, select(vec!["reader", "owner"])), weighted(0.1, instant()), weighted(0.1, instant()));
    (ends, rights, rest, prop::bool::weighted(0.05)).prop_map(|(ends, rights, rest, twice)| RelationDraft {
        kind: ends.0,
        ends: ends.1,
        fitting: ends.2,
        requires: rights.0,
        grants: rights.1,
        also: rights.2,
        guards: rights.3,
        certainty: rest.0,
        permission: rest.1,
        valid: (rest.2, rest.3),
        twice,
    })
}

/// Any kind; those that conduct most often.
fn kind() -> impl Strategy<Value = RelationKind> {
    let conducting = RelationKind::ALL.iter().copied().filter(|kind| !matches!(kind, RelationKind::Unmapped | RelationKind::SameSecret));
    prop_oneof![30 => select(conducting.collect::<Vec<_>>()), 1 => select(RelationKind::ALL.to_vec())]
}

/// Mostly none, else one to three.
fn some<T: Clone + std::fmt::Debug>(share: f64, one: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    weighted(share, vec(one, 1..=3)).prop_map(Option::unwrap_or_default)
}

impl RelationDraft {
    fn relations(&self, entities: &[Entity]) -> Vec<Relation> {
        let row = self.kind.row();
        let end = |at: usize, end: tenantgraph::model::End| {
            let fitting: Vec<&Entity> = entities.iter().filter(|entity| end.fits(entity.entity_type())).collect();
            match fitting.get(at % (fitting.len() + 1)) {
                Some(entity) if self.fitting => entity.id().to_owned(),
                _ => id(at % 20),
            }
        };
        // A custom relation states its rights, all but a few.
        let stated =
            |right: Option<Right>| if self.kind == RelationKind::Custom && self.fitting { right.or(Some(Right::Read)) } else { right };
        let mut relation = Relation::new(end(self.ends.0, row.from), self.kind, end(self.ends.1, row.to));
        relation.requires = stated(self.requires);
        relation.grants = stated(self.grants);
        relation.also = self.also.iter().map(|(at, right)| Premise { entity: id(*at), right: *right }).collect();
        relation.guards = self.guards.iter().copied().collect();
        relation.certainty = self.certainty;
        relation.permission = self.permission.map(str::to_owned);
        (relation.valid_from, relation.valid_until) = self.valid;
        if self.twice { vec![relation.clone(), relation] } else { vec![relation] }
    }
}

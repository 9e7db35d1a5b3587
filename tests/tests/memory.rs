//! What an estate takes: at most 150 bytes an entity and 24 bytes a relation, where it carries no labels. Alone in its program, for it counts every allocation.

use peak_alloc::PeakAlloc;
use tenantgraph::Estate;
use tenantgraph::model::{Identity, IdentityKind, Relation, RelationKind, Tenant, TenantKind};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ENTITIES: usize = 60_000;
const RELATIONS: usize = 5 * ENTITIES;
const TENANTS: usize = 60;

/// An estate with the names and the numbers that the large one of the benches has: ids of some twenty letters, every entity in a tenant, five relations each.
fn estate() -> Estate {
    let mut builder = Estate::builder();
    let id = |at: usize| format!("entity/{:04}/{at:08}", at % TENANTS);
    for tenant in 0..TENANTS {
        builder.add(Tenant::new(format!("tenant/{tenant:04}"), TenantKind::AwsAccount));
    }
    for at in TENANTS..ENTITIES {
        let tenant = Some(format!("tenant/{:04}", at % TENANTS));
        builder.add(Identity { tenant, ..Identity::new(id(at), IdentityKind::ServiceAccount) });
    }
    let entity = |number: usize| TENANTS + number % (ENTITIES - TENANTS);
    for at in 0..RELATIONS {
        builder.relate(Relation::new(id(entity(at)), RelationKind::Administers, id(entity(at * 7_919 + at / ENTITIES + 1))));
    }
    builder.build()
}

#[test]
fn an_estate_is_small() {
    let before = MEMORY.current_usage();
    let estate = estate();
    let taken = MEMORY.current_usage() - before;
    assert_eq!(estate.entities().len(), ENTITIES);
    assert!(estate.relations().count() > RELATIONS * 9 / 10, "{} relations", estate.relations().count());
    let most = 150 * ENTITIES + 24 * RELATIONS;
    assert!(taken <= most, "{taken} bytes of {most}");
}

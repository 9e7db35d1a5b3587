//! Seeded estates in the library's own format: the same seed and size give the same text on every machine.
//!
//! The shape is that of an organisation: business units of ten tenants, two of them production; most relations stay within a tenant, 0.3 % lead to
//! another tenant of the unit, and one in twenty of these from non-production into production.

pub mod arrays;
pub mod calls;
pub mod checks;
pub mod digraph;
mod random;
pub mod secrets;
pub mod timing;

use random::Random;
use std::fmt::Write;

/// Entities in a tenant, itself included.
const TENANT: u64 = 1_000;
/// Tenants in a business unit; the first two are production.
const UNIT: u64 = 10;
const PRODUCTION: u64 = 2;
/// Relations for each entity.
const RELATIONS: u64 = 5;
/// One in so many relations leads to another tenant of the unit, and one in so many of these may lead into production.
const ACROSS: u64 = 333;
const INTO_PRODUCTION: u64 = 20;
const SEED: u64 = 2026;

/// The words of the tenants that are not production.
const ENVIRONMENTS: [&str; 4] = ["staging", "testing", "development", "sandbox"];

/// The document (`tenantgraph/1`, one record a line) of an estate of so many entities and five times as many relations.
pub fn document(entities: u64) -> String {
    let mut text = String::with_capacity(entities as usize * 640);
    text.push_str("{\"record\": \"estate\", \"format\": \"tenantgraph/1\"}\n");
    let mut random = Random::new(SEED);
    for number in 0..entities {
        entity(&mut text, &mut random, number);
    }
    for _ in 0..entities * RELATIONS {
        relation(&mut text, &mut random, entities);
    }
    text
}

/// What an entity is, by its number: the first of each tenant is the tenant, the rest repeat in fives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tenant,
    Identity,
    Secret,
    Resource,
}

fn kind(number: u64) -> Kind {
    match number % TENANT {
        0 => Kind::Tenant,
        within => match within % 5 {
            0 => Kind::Secret,
            1 => Kind::Resource,
            _ => Kind::Identity,
        },
    }
}

fn is_production(number: u64) -> bool {
    number / TENANT % UNIT < PRODUCTION
}

fn entity(text: &mut String, random: &mut Random, number: u64) {
    let tenant = number / TENANT;
    let written = match kind(number) {
        Kind::Tenant => {
            let environment =
                if is_production(number) { "production" } else { ENVIRONMENTS[(tenant % ENVIRONMENTS.len() as u64) as usize] };
            write!(text, r#"{{"record":"tenant","id":"{}","kind":"gcp_project","environment":"{environment}""#, id(number))
        }
        Kind::Identity => {
            write!(text, r#"{{"record":"identity","id":"{}","kind":"service_account","tenant":"{}""#, id(number), id(tenant * TENANT))
        }
        Kind::Resource => {
            write!(text, r#"{{"record":"resource","id":"{}","kind":"object_store","tenant":"{}""#, id(number), id(tenant * TENANT))
        }
        Kind::Secret => secret(text, random, number),
    };
    // A `String` takes whatever is written to it.
    written.and_then(|()| text.write_str("}\n")).unwrap_or_default();
}

/// A secret: one in ten has no dates, one in fifty shares its value with others of the unit.
fn secret(text: &mut String, random: &mut Random, number: u64) -> std::fmt::Result {
    write!(text, r#"{{"record":"secret","id":"{}","kind":"api_key","tenant":"{}""#, id(number), id(number / TENANT * TENANT))?;
    if !random.one_in(10) {
        write!(text, r#","created_at":"20{}-{:02}-15T00:00:00Z""#, 23 + random.below(3), 1 + random.below(12))?;
        if random.one_in(2) {
            write!(text, r#","rotated_at":"2026-0{}-15T00:00:00Z""#, 1 + random.below(4))?;
        }
    }
    if random.one_in(50) {
        write!(text, r#","fingerprint":"shared-{}-{}""#, number / TENANT / UNIT, random.below(20))?;
    }
    Ok(())
}

fn relation(text: &mut String, random: &mut Random, entities: u64) {
    let from = random.below(entities);
    let tenant = if random.one_in(ACROSS) { neighbour(random, from, entities) } else { from / TENANT };
    // The last tenant may be smaller than the others.
    let size = TENANT.min(entities - tenant * TENANT);
    let to = tenant * TENANT + random.below(size);
    let kind = match (kind(from), kind(to)) {
        (Kind::Tenant, _) => "contains",
        (Kind::Identity, Kind::Identity) => ["assumes", "member_of", "federates_to"][random.below(3) as usize],
        (Kind::Identity, Kind::Secret) => "uses",
        (Kind::Identity, Kind::Resource) => ["reads", "writes", "deploys_to"][random.below(3) as usize],
        (Kind::Identity, Kind::Tenant) => "reads",
        (Kind::Secret, Kind::Identity) => "authenticates_as",
        (Kind::Resource, Kind::Secret) => "stores",
        (Kind::Resource, Kind::Identity) => "runs_as",
        (Kind::Resource, Kind::Resource) => "copy_of",
        // Nothing joins these; the draw is repeated, so that the number of relations stays what it says.
        (Kind::Secret, _) | (Kind::Resource, Kind::Tenant) => return relation(text, random, entities),
    };
    let extra = match random.below(100) {
        0 => r#","certainty":"possible""#,
        1 => r#","guards":["mfa"]"#,
        _ => "",
    };
    // As for an entity.
    writeln!(text, r#"{{"record":"relation","from":"{}","kind":"{kind}","to":"{}"{extra}}}"#, id(from), id(to)).unwrap_or_default();
}

/// Another tenant of the unit: of the same class, but for the few relations that lead into production.
fn neighbour(random: &mut Random, from: u64, entities: u64) -> u64 {
    let first = from / TENANT / UNIT * UNIT;
    let classed = if is_production(from) || random.one_in(INTO_PRODUCTION) {
        first + random.below(PRODUCTION)
    } else {
        first + PRODUCTION + random.below(UNIT - PRODUCTION)
    };
    classed.min((entities - 1) / TENANT)
}

fn id(number: u64) -> String {
    let word = match kind(number) {
        Kind::Tenant => "tenant",
        Kind::Identity => "identity",
        Kind::Secret => "secret",
        Kind::Resource => "resource",
    };
    format!("{word}:{number:07}")
}

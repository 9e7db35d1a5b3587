//! Certificates of isolation on random estates: accepted for the estate they were made for, refused after any change that opens a way and after any forging.

use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeSet;
use tenantgraph::Unobserved;
use tenantgraph::analysis::{self, Certificate, IsolationVerdict, verify};
use tenantgraph::estate::{EntityRef, Estate};
use tenantgraph::graph::{Graph, GraphOptions};
use tenantgraph::model::{Certainty, Entity, Environment, EnvironmentClass, GuardSet, Relation, RelationKind, Right};
use tenantgraph::policy::Policy;
use tenantgraph_tests::estates::{AS_OF, RandomEstate, config, estates};
use tenantgraph_tests::large::Numbers;
use tenantgraph_tests::reference::{Conditions, Fact, Reference};

fn reference(random: &RandomEstate) -> Reference {
    Reference::new(&random.entities, &random.relations)
}

/// What an attacker who starts outside production can hold at most.
fn held(reference: &Reference) -> BTreeSet<Fact> {
    let held = reference.held(&reference.default_start(AS_OF), Conditions::at(AS_OF));
    held.facts().into_iter().map(|fact| (fact.entity, fact.right)).collect()
}

fn reaches_production(reference: &Reference) -> bool {
    held(reference).iter().any(|(id, _)| reference.is(id, EnvironmentClass::Production))
}

/// Whether something of no known environment gains production, or a side is empty and such things are there: nothing is proved then.
fn is_doubted(reference: &Reference, estate: &Estate) -> bool {
    let of = |class| reference.ids().filter(move |id| reference.is(id, class));
    // A relation that joins what its kind does not join is left out, and with it whom it alone names.
    let stands = |class| estate.indices().any(|entity| estate.environment(entity).class() == class);
    let start: Vec<Fact> = of(EnvironmentClass::Unknown).filter(|id| reference.lives(id, AS_OF)).map(|id| reference.given(id)).collect();
    let gained = reference.held(&start, Conditions::at(AS_OF)).facts();
    let empty = !stands(EnvironmentClass::Production) || !stands(EnvironmentClass::NonProduction);
    let blind = empty && (estate.is_empty() || stands(EnvironmentClass::Unknown));
    blind || gained.iter().any(|fact| reference.is(&fact.entity, EnvironmentClass::Production))
}

/// The estate without whatever leads into production, so that many are isolated, and without anything of no known environment.
fn isolated(mut random: RandomEstate) -> RandomEstate {
    let known = reference(&random);
    let described: BTreeSet<String> = random.entities.iter().map(|entity| entity.id().to_owned()).collect();
    random.relations.retain(|relation| {
        let also = relation.also.iter().map(|premise| &premise.entity);
        also.chain([&relation.from, &relation.to]).all(|id| described.contains(id))
    });
    for entity in &mut random.entities {
        if known.is(entity.id(), EnvironmentClass::Unknown) {
            match entity {
                Entity::Tenant(it) => it.environment = Some(Environment::Shared),
                Entity::Identity(it) => it.environment = Some(Environment::Shared),
                Entity::Secret(it) => it.environment = Some(Environment::Shared),
                Entity::Resource(it) => it.environment = Some(Environment::Shared),
                Entity::Unknown(_) => {}
            }
        }
    }
    loop {
        let reference = reference(&random);
        let held = held(&reference);
        let far = |id: &str| reference.is(id, EnvironmentClass::Production);
        if !held.iter().any(|(id, _)| far(id)) {
            return random;
        }
        let relations = random.relations.len();
        let leads = |relation: &Relation| far(&relation.to) && !far(&relation.from) && held.iter().any(|(id, _)| *id == relation.from);
        random.relations.retain(|relation| !leads(relation));
        if random.relations.len() == relations {
            // What is left is derived: from containers and from equal secrets.
            for entity in &mut random.entities {
                let Entity::Secret(secret) = entity else { continue };
                secret.fingerprint = None;
            }
            let derived = random.entities.iter().filter(|entity| far(entity.id())).map(|entity| entity.id().to_owned());
            let derived: BTreeSet<String> = derived.filter(|id| held.iter().any(|(other, _)| other == id)).collect();
            random.entities.retain(|entity| !derived.contains(entity.id()));
            random.relations.retain(|relation| !derived.contains(&relation.to) && !derived.contains(&relation.from));
        }
    }
}

fn certificate(estate: &Estate) -> Option<Certificate> {
    let graph = Graph::new(estate, GraphOptions::at(AS_OF));
    analysis::isolation(&graph, &Policy::default(), 0, &Unobserved).expect("nobody cancels").certificate
}

fn accepts(certificate: &Certificate, estate: &Estate) -> bool {
    verify(certificate, estate, &Policy::default()).is_ok()
}

/// One change: a relation or an entity that comes, or something of either that differs.
fn change(random: &mut RandomEstate, held: &[Fact], other: &RandomEstate, numbers: &mut Numbers) {
    let ids: Vec<String> = random.entities.iter().map(|entity| entity.id().to_owned()).collect();
    match numbers.below(8) {
        0..3 if !held.is_empty() => {
            let (from, requires) = &held[numbers.below(held.len())];
            let mut relation = Relation::new(from, RelationKind::Custom, &ids[numbers.below(ids.len())]);
            (relation.requires, relation.grants) = (Some(*requires), Some(numbers.one(Right::ALL)));
            relation.certainty = if numbers.percent(50) { Certainty::Possible } else { Certainty::Proven };
            random.relations.push(relation);
        }
        3..5 => {
            random.relations.extend((!other.relations.is_empty()).then(|| other.relations[numbers.below(other.relations.len())].clone()))
        }
        5 if !random.relations.is_empty() => {
            let at = numbers.below(random.relations.len());
            let relation = &mut random.relations[at];
            match numbers.below(6) {
                0 => relation.guards = GuardSet::NONE,
                1 => (relation.valid_from, relation.valid_until) = (None, None),
                2 => relation.also.clear(),
                3 => relation.requires = Some(Right::Read),
                4 => relation.grants = Some(Right::Control),
                _ => relation.to = ids[numbers.below(ids.len())].clone(),
            }
        }
        _ => {
            let (at, container) = (numbers.below(ids.len()), Some(ids[numbers.below(ids.len())].clone()));
            let environment = Some(numbers.one(&[Environment::Staging, Environment::Production, Environment::Shared]));
            let which = numbers.below(3);
            match &mut random.entities[at] {
                Entity::Tenant(it) if which == 0 => it.parent = container,
                Entity::Tenant(it) => it.environment = environment,
                Entity::Identity(it) if which == 0 => it.tenant = container,
                Entity::Identity(it) if which == 1 => (it.enabled, it.expires_at) = (None, None),
                Entity::Identity(it) => it.environment = environment,
                Entity::Secret(it) if which == 0 => it.fingerprint = Some("one".to_owned()),
                Entity::Secret(it) if which == 1 => (it.revoked, it.expires_at) = (None, None),
                Entity::Secret(it) => it.environment = environment,
                Entity::Resource(it) if which == 0 => it.tenant = container,
                Entity::Resource(it) => it.environment = environment,
                Entity::Unknown(_) => {}
            }
        }
    }
}

#[test]
fn a_certificate_is_refused_after_every_change_that_opens_a_way() {
    let counts = RefCell::new([0u32; 3]);
    let case = (estates(16, 40), estates(16, 40), any::<u64>());
    proptest!(config(2_000, 31), |((random, other, seed) in case)| {
        let (random, mut numbers, mut counts) = (isolated(random), Numbers::new(seed), counts.borrow_mut());
        let (estate, held) = (random.build(), Vec::from_iter(held(&reference(&random))));
        let certificate = certificate(&estate);
        let doubted = is_doubted(&reference(&random), &estate);
        prop_assert_eq!(certificate.is_some(), !doubted, "nothing of production is held, so there is a certificate");
        let Some(certificate) = certificate else { return Ok(()) };
        prop_assert!(accepts(&certificate, &estate));
        for _ in 0..4 {
            let mut changed = random.clone();
            change(&mut changed, &held, &other, &mut numbers);
            let judged = reference(&changed);
            let (changed, opened) = (changed.build(), reaches_production(&judged));
            let doubted = is_doubted(&judged, &changed);
            let same = changed.content_hash() == certificate.estate;
            let forged = Certificate { estate: changed.content_hash(), ..certificate.clone() };
            prop_assert_eq!(accepts(&certificate, &changed), same, "the certificate is of this very estate or it is refused");
            prop_assert!(!(opened && same), "a change that opens a way shows in the hash");
            prop_assert!(!(opened && accepts(&forged, &changed)), "a forged hash does not help");
            // Isolated or not is what the question says of the changed estate too.
            let graph = Graph::new(&changed, GraphOptions::at(AS_OF));
            let verdict = analysis::isolation(&graph, &Policy::default(), 0, &Unobserved).expect("nobody cancels").verdict;
            prop_assert_eq!(verdict == IsolationVerdict::Isolated, !opened && !doubted);
            counts[0] += u32::from(opened);
            counts[1] += u32::from(!opened && !same);
            counts[2] += u32::from(!opened && !same && accepts(&forged, &changed));
        }
    });
    let [opened, harmless, still_closed] = counts.into_inner();
    assert!(opened > 400 && harmless > 1_000 && still_closed > 500, "{opened} {harmless} {still_closed}");
}

/// The facts that the digits of a set say.
fn facts(estate: &Estate, digits: &str) -> BTreeSet<Fact> {
    let of = |(entity, digit): (EntityRef<'_>, char)| {
        let digit = digit.to_digit(16).unwrap_or(0);
        let held = Right::ALL.iter().filter(move |right| digit & 1 << **right as u32 != 0);
        held.map(|right| (entity.id().to_owned(), *right)).collect::<Vec<_>>()
    };
    estate.entities().iter().zip(digits.chars()).flat_map(of).collect()
}

/// Whether a set of facts proves isolation: the start is in it, nothing of production is, and it is closed.
fn proves(reference: &Reference, facts: &BTreeSet<Fact>) -> bool {
    reference.default_start(AS_OF).iter().all(|fact| facts.contains(fact))
        && !facts.iter().any(|(id, _)| reference.is(id, EnvironmentClass::Production))
        && reference.is_closed(facts, Conditions::at(AS_OF))
}

#[test]
fn a_forged_set_is_accepted_only_where_it_is_a_proof_itself() {
    let counts = RefCell::new([0u32; 2]);
    proptest!(config(2_000, 32), |((random, seed) in (estates(16, 40), any::<u64>()))| {
        let (random, mut numbers, mut counts) = (isolated(random), Numbers::new(seed), counts.borrow_mut());
        let (estate, reference) = (random.build(), reference(&random));
        let Some(certificate) = certificate(&estate) else {
            prop_assert!(is_doubted(&reference, &estate), "no certificate");
            return Ok(());
        };
        prop_assert_eq!(certificate.sets.len(), 1, "the default policy has one boundary and allows no flow");
        prop_assert_eq!(facts(&estate, &certificate.sets[0].facts), held(&reference));
        for _ in 0..4 {
            let mut forged = certificate.clone();
            let mut digits: Vec<u32> = forged.sets[0].facts.chars().filter_map(|digit| digit.to_digit(16)).collect();
            for _ in 0..=numbers.below(2) {
                let at = numbers.below(digits.len());
                digits[at] ^= if numbers.percent(30) { digits[at] } else { 1 << numbers.below(3) };
            }
            forged.sets[0].facts = digits.iter().filter_map(|digit| char::from_digit(*digit, 16)).collect();
            let proof = proves(&reference, &facts(&estate, &forged.sets[0].facts));
            prop_assert_eq!(accepts(&forged, &estate), proof, "{}\n{}", certificate.sets[0].facts, forged.sets[0].facts);
            counts[usize::from(proof)] += 1;
        }
        let mut hash = certificate.estate.clone().into_bytes();
        let last = hash.len() - 1 - numbers.below(64);
        hash[last] = if hash[last] == b'0' { b'1' } else { b'0' };
        let forged = Certificate { estate: String::from_utf8(hash).expect("digits"), ..certificate };
        prop_assert!(!accepts(&forged, &estate), "a forged hash");
    });
    let [refused, proofs] = counts.into_inner();
    assert!(refused > 2_000 && proofs > 200, "{refused} {proofs}");
}

/// A possible way breaks isolation as a proven one does for the certificate: it is given only where not even a possible relation leads across.
#[test]
fn what_is_only_possible_gives_no_certificate() {
    let counts = RefCell::new(0u32);
    proptest!(config(1_000, 33), |(random in estates(12, 30))| {
        let (estate, reference) = (random.build(), reference(&random));
        let proven = reference.held(&reference.default_start(AS_OF), Conditions { admitted: Certainty::Proven, ..Conditions::at(AS_OF) });
        let proven = proven.facts().iter().any(|fact| reference.is(&fact.entity, EnvironmentClass::Production));
        let reaches = reaches_production(&reference);
        let graph = Graph::new(&estate, GraphOptions::at(AS_OF));
        let answer = analysis::isolation(&graph, &Policy::default(), 0, &Unobserved).expect("nobody cancels");
        let doubted = is_doubted(&reference, &estate);
        prop_assert_eq!(answer.certificate.is_some(), !reaches && !doubted);
        let verdict = match (reaches, proven) {
            (true, true) => IsolationVerdict::Broken,
            (true, false) => IsolationVerdict::Possible,
            (false, _) if doubted => IsolationVerdict::Possible,
            (false, _) => IsolationVerdict::Isolated,
        };
        prop_assert_eq!(answer.verdict, verdict);
        *counts.borrow_mut() += u32::from(verdict == IsolationVerdict::Possible);
    });
    assert!(counts.into_inner() > 20);
}

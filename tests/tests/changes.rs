//! `what-if` and `diff` on random estates: what opens and closes is the difference of what the reference model finds before and after.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use tenantgraph::Unobserved;
use tenantgraph::door;
use tenantgraph::estate::{Changes, Estate, RelationKey};
use tenantgraph::model::{Certainty, Entity, EnvironmentClass, Guard, Instant, Relation, RelationKind, Secret};
use tenantgraph_tests::corpus::json;
use tenantgraph_tests::estates::{AS_OF, RandomEstate, config, estates};
use tenantgraph_tests::large::Numbers;
use tenantgraph_tests::reference::{Conditions, Reference};

/// The crossings into production from everywhere else, as the answers show them.
fn crossings(random: &RandomEstate) -> BTreeMap<String, Value> {
    let (reference, conditions) = (Reference::new(&random.entities, &random.relations), Conditions::at(AS_OF));
    let held = reference.held(&reference.default_start(AS_OF), conditions);
    let production = reference.ids().filter(|id| reference.is(id, EnvironmentClass::Production)).map(str::to_owned).collect();
    let Value::Array(crossings) = reference.crossings(&held, &production, conditions) else { return BTreeMap::new() };
    let key = |crossing: &Value| ["from", "kind", "to", "right", "certainty"].map(|field| crossing[field].to_string()).join(" ");
    crossings.into_iter().map(|crossing| (key(&crossing), crossing)).collect()
}

/// What stands in one list and not in another, by key.
fn only<T: Clone>(these: &BTreeMap<String, T>, others: &BTreeMap<String, T>) -> Vec<T> {
    these.iter().filter(|(key, _)| !others.contains_key(*key)).map(|(_, it)| it.clone()).collect()
}

/// A list whatever its order.
fn sorted(list: &Value) -> Vec<String> {
    let mut list: Vec<String> = list.as_array().into_iter().flatten().map(Value::to_string).collect();
    list.sort();
    list
}

fn findings(estate: &Estate) -> BTreeMap<String, Value> {
    let report = ask(estate, "assess", json!({}));
    let findings = report["findings"].as_array().into_iter().flatten();
    findings.map(|finding| (finding["fingerprint"].to_string(), finding.clone())).collect()
}

fn options(given: Value) -> door::AskOptions {
    let mut given = given;
    given["as_of"] = json!(AS_OF);
    door::options(&given.to_string()).expect("options of the question")
}

fn ask(estate: &Estate, question: &str, given: Value) -> Value {
    json(&door::ask(estate, question, options(given), &Unobserved).expect("an answer"))
}

/// Random changes, as a document and made by hand.
fn changes(random: &RandomEstate, other: &RandomEstate, numbers: &mut Numbers) -> (Value, RandomEstate) {
    let mut after = random.clone();
    let mut pick = |share: usize, of: usize| -> BTreeSet<usize> { (0..of).filter(|_| numbers.percent(share)).collect() };
    let ids: Vec<String> = random.entities.iter().map(|entity| entity.id().to_owned()).collect();
    let gone: BTreeSet<&String> = pick(6, ids.len()).into_iter().map(|at| &ids[at]).collect();
    after.entities.retain(|entity| !gone.contains(&entity.id().to_owned()));
    for entity in &mut after.entities {
        if entity.container().is_some_and(|container| gone.contains(&container.to_owned())) {
            without_container(entity);
        }
    }
    // A relation that the estate skipped cannot be named in a change.
    let read: BTreeSet<RelationKey> = {
        let estate = random.build();
        estate.relations().map(|relation| RelationKey::of(&relation.to_relation(&estate))).collect()
    };
    let keys: Vec<RelationKey> = read.into_iter().collect();
    let ended: BTreeSet<&RelationKey> = pick(8, keys.len()).into_iter().map(|at| &keys[at]).collect();
    let touches = |relation: &Relation| {
        let premises = relation.also.iter().map(|premise| &premise.entity);
        [&relation.from, &relation.to].into_iter().chain(premises).any(|id| gone.contains(id))
    };
    after.relations.retain(|relation| !touches(relation) && !ended.contains(&RelationKey::of(relation)));
    let left: BTreeSet<RelationKey> = after.relations.iter().map(RelationKey::of).filter(|key| keys.contains(key)).collect();
    let left: Vec<RelationKey> = left.into_iter().collect();
    let mut altered = Vec::new();
    for at in pick(10, left.len()) {
        let (key, guarded, proven) = (&left[at], at.is_multiple_of(2), at.is_multiple_of(3));
        let certainty = if proven { Certainty::Proven } else { Certainty::Possible };
        let guards: Vec<Guard> = if guarded { vec![Guard::Mfa] } else { Vec::new() };
        for relation in after.relations.iter_mut().filter(|relation| RelationKey::of(relation) == *key) {
            (relation.guards, relation.certainty) = (guards.iter().copied().collect(), certainty);
            relation.also.clear();
        }
        altered.push(json!({"from": key.from, "kind": key.kind, "to": key.to, "guards": guards, "certainty": certainty, "also": null}));
    }
    let mut entities: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for at in pick(10, after.entities.len()) {
        alter(&mut after.entities[at], at, &mut entities);
    }
    // What an added relation names must be there.
    let is_there = |id: &str| after.entities.iter().any(|entity| entity.id() == id);
    let fits = |relation: &Relation| fits(relation, &after.entities) && relation.also.iter().all(|premise| is_there(&premise.entity));
    let added: Vec<Relation> = other.relations.iter().filter(|relation| fits(relation)).take(2).cloned().collect();
    after.relations.extend(added.iter().cloned());
    let mut alter: Map<String, Value> = entities.into_iter().map(|(list, records)| (list.to_owned(), json!(records))).collect();
    alter.insert("relations".to_owned(), json!(altered));
    let document = json!({
        "format": "tenantgraph/1", "add": {"relations": added}, "remove": {"entities": gone, "relations": ended}, "alter": alter,
    });
    (document, after)
}

fn without_container(entity: &mut Entity) {
    match entity {
        Entity::Tenant(it) => it.parent = None,
        Entity::Identity(it) => it.tenant = None,
        Entity::Secret(it) => it.tenant = None,
        Entity::Resource(it) => it.tenant = None,
        Entity::Unknown(_) => {}
    }
}

/// Disables an identity or lets it live again, revokes a secret or gives it another value, moves anything else to staging.
fn alter(entity: &mut Entity, at: usize, records: &mut BTreeMap<&str, Vec<Value>>) {
    let mut record = |list: &'static str, record: Value| records.entry(list).or_default().push(record);
    match entity {
        Entity::Identity(it) => {
            (it.enabled, it.expires_at) = (at.is_multiple_of(2).then_some(false), None);
            record("identities", json!({"id": it.id, "enabled": it.enabled, "expires_at": null}));
        }
        Entity::Secret(it) => {
            (it.revoked, it.fingerprint) = (Some(at.is_multiple_of(3)), Some("three".to_owned()));
            record("secrets", json!({"id": it.id, "revoked": it.revoked, "fingerprint": it.fingerprint}));
        }
        Entity::Tenant(it) => {
            it.environment = Some(tenantgraph::model::Environment::Staging);
            record("tenants", json!({"id": it.id, "environment": "staging"}));
        }
        Entity::Resource(it) => {
            it.environment = None;
            record("resources", json!({"id": it.id, "environment": null}));
        }
        Entity::Unknown(_) => {}
    }
}

fn fits(relation: &Relation, entities: &[Entity]) -> bool {
    let row = relation.kind.row();
    let fits = |end: tenantgraph::model::End, id: &str| entities.iter().any(|entity| entity.id() == id && end.fits(entity.entity_type()));
    let stated = relation.kind != RelationKind::Custom || relation.requires.is_some() && relation.grants.is_some();
    stated && relation.kind != RelationKind::SameSecret && fits(row.from, &relation.from) && fits(row.to, &relation.to)
}

#[test]
fn what_if_is_the_difference_of_before_and_after() {
    let counts = RefCell::new([0u32; 4]);
    let case = (estates(16, 48), estates(16, 24), any::<u64>());
    proptest!(config(300, 41), |((random, other, seed) in case)| {
        let (document, after) = changes(&random, &other, &mut Numbers::new(seed));
        let (estate, changed) = (random.build(), after.build());
        let parsed = Changes::from_json("changes", &document.to_string()).expect("a document of changes");
        let made = estate.with_changes(&parsed).expect("changes that can be made");
        prop_assert_eq!(made.content_hash(), changed.content_hash(), "{}", document);
        let answer = ask(&estate, "what-if", json!({"changes": document}));
        let (old, new) = (crossings(&random), crossings(&after));
        prop_assert_eq!(sorted(&answer["opened"]), sorted(&json!(only(&new, &old))));
        prop_assert_eq!(sorted(&answer["closed"]), sorted(&json!(only(&old, &new))));
        let (found, finds) = (findings(&estate), findings(&made));
        prop_assert_eq!(sorted(&answer["findings_added"]), sorted(&json!(only(&finds, &found))));
        prop_assert_eq!(sorted(&answer["findings_resolved"]), sorted(&json!(only(&found, &finds))));
        let mut counts = counts.borrow_mut();
        for (at, list) in ["opened", "closed", "findings_added", "findings_resolved"].into_iter().enumerate() {
            counts[at] += u32::from(!sorted(&answer[list]).is_empty());
        }
    });
    assert!(counts.borrow().iter().all(|count| *count > 25), "{counts:?}");
}

/// Gives secrets dates, all the same in some seeds and later in others.
fn dated(random: &mut RandomEstate, numbers: &mut Numbers) {
    let mut day = |share: usize| numbers.percent(share).then(|| Instant::from_unix_seconds(100_000 * (1 + numbers.below(3) as i64)));
    for entity in &mut random.entities {
        if let Entity::Secret(secret) = entity {
            (secret.created_at, secret.rotated_at) = (day(60), day(40));
        }
    }
}

/// Whether a secret was rotated between two snapshots; `None` where nobody can tell.
fn was_rotated(before: &Secret, after: &Secret) -> Option<bool> {
    let value = |secret: &Secret| secret.fingerprint.clone().unwrap_or_default();
    if !value(before).is_empty() && value(before) == value(after) {
        return Some(false);
    }
    let dates = |secret: &Secret| secret.rotated_at.or(secret.created_at);
    Some(dates(after)? > dates(before)?)
}

#[test]
fn diff_is_the_difference_of_two_snapshots() {
    let counts = RefCell::new([0u32; 4]);
    let case = (estates(16, 48), estates(16, 24), any::<u64>());
    proptest!(config(300, 42), |((random, other, seed) in case)| {
        let (mut random, mut numbers) = (random, Numbers::new(seed));
        dated(&mut random, &mut numbers);
        let (_, mut after) = changes(&random, &other, &mut numbers);
        if numbers.percent(70) {
            dated(&mut after, &mut numbers);
        }
        let (before, estate) = (random.build(), after.build());
        let answer = door::ask_since(&before, &estate, "diff", options(json!({})), &Unobserved).expect("an answer");
        let answer = json(&answer);
        let (old, new) = (crossings(&random), crossings(&after));
        prop_assert_eq!(sorted(&answer["crossings"]["opened"]), sorted(&json!(only(&new, &old))));
        prop_assert_eq!(sorted(&answer["crossings"]["closed"]), sorted(&json!(only(&old, &new))));
        let (found, finds) = (findings(&before), findings(&estate));
        prop_assert_eq!(sorted(&answer["findings"]["added"]), sorted(&json!(only(&finds, &found))));
        prop_assert_eq!(sorted(&answer["findings"]["resolved"]), sorted(&json!(only(&found, &finds))));
        let named = |random: &RandomEstate| -> BTreeMap<String, Entity> {
            random.entities.iter().map(|entity| (entity.id().to_owned(), entity.clone())).collect()
        };
        let (entities, now) = (named(&random), named(&after));
        let ids = |entities: Vec<Entity>| entities.iter().map(|entity| json!(entity.id())).collect::<Vec<_>>();
        prop_assert_eq!(&answer["entities"]["added"], &json!(ids(only(&now, &entities))));
        prop_assert_eq!(&answer["entities"]["removed"], &json!(ids(only(&entities, &now))));
        let both = now.iter().filter_map(|(id, after)| Some((id, entities.get(id)?, after)));
        let changed: Vec<_> = both.clone().filter(|(_, before, after)| before != after).map(|(id, ..)| id.clone()).collect();
        let told: Vec<_> = answer["entities"]["changed"].as_array().into_iter().flatten().map(|it| it["entity"].clone()).collect();
        prop_assert_eq!(json!(told), json!(changed));
        let relations = |estate: &Estate| -> BTreeMap<String, Value> {
            estate.relations().map(|relation| json(&relation.to_relation(estate))).map(|it| (it.to_string(), it)).collect()
        };
        prop_assert_eq!(sorted(&answer["relations"]["added"]), sorted(&json!(only(&relations(&estate), &relations(&before)))));
        prop_assert_eq!(sorted(&answer["relations"]["removed"]), sorted(&json!(only(&relations(&before), &relations(&estate)))));
        let mut counts = counts.borrow_mut();
        for (at, (list, rotated)) in [("rotated", true), ("unrotated", false)].into_iter().enumerate() {
            let secrets = both.clone().filter(|(_, _, after)| after.lives_at(AS_OF));
            let secrets = secrets.filter(|(_, before, after)| {
                let pair = before.as_secret().zip(after.as_secret());
                pair.and_then(|(before, after)| was_rotated(before, after)) == Some(rotated)
            });
            let secrets: Vec<_> = secrets.map(|(id, ..)| id.clone()).collect();
            prop_assert_eq!(&answer["secrets"][list], &json!(secrets));
            counts[at] += u32::from(!secrets.is_empty());
        }
        counts[2] += u32::from(!sorted(&answer["crossings"]["opened"]).is_empty());
        counts[3] += u32::from(!sorted(&answer["crossings"]["closed"]).is_empty());
    });
    assert!(counts.borrow().iter().all(|count| *count > 25), "{counts:?}");
}

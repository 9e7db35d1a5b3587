//! Random estates on which the library and the reference model must agree, in facts, depths, certainties, paths and crossings.

use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tenantgraph::Unobserved;
use tenantgraph::analysis::{self, BlastRadiusOptions, ReachOptions};
use tenantgraph::estate::{EntityIndex, Estate};
use tenantgraph::graph::{Fact, Graph, GraphOptions};
use tenantgraph::model::{Certainty, EnvironmentClass, Guard, GuardSet, Right};
use tenantgraph::policy::Policy;
use tenantgraph_tests::estates::{AS_OF, RandomEstate, config, estates};
use tenantgraph_tests::reference::{Conditions, HeldFact, Reference};

/// Which guards stop, and what is admitted.
fn conditions() -> impl Strategy<Value = Conditions> {
    let guards = proptest::collection::vec(proptest::sample::select(Guard::ALL.to_vec()), 0..3);
    (guards.clone(), guards, any::<bool>()).prop_map(|(lifted, added, possible)| {
        let mut conditions = Conditions::at(AS_OF);
        let honoured: BTreeSet<Guard> = conditions.honoured.iter().chain(added).filter(|guard| !lifted.contains(guard)).collect();
        conditions.honoured = honoured.into_iter().collect();
        conditions.admitted = if possible { Certainty::Possible } else { Certainty::Proven };
        conditions
    })
}

fn graph(estate: &Estate, conditions: Conditions) -> Graph {
    let lifted: GuardSet = Guard::ALL.iter().copied().filter(|guard| !conditions.honoured.contains(*guard)).collect();
    let options = Guard::ALL
        .iter()
        .filter(|guard| conditions.honoured.contains(**guard))
        .fold(GraphOptions::at(AS_OF), |options, guard| options.honour(*guard));
    Graph::new(estate, options.ignore_guards(lifted))
}

/// A random start: facts by the place of their entity.
fn starts() -> impl Strategy<Value = Vec<Vec<(usize, Right)>>> {
    let fact = (0..64usize, proptest::sample::select(Right::ALL.to_vec()));
    proptest::collection::vec(proptest::collection::vec(fact, 0..3), 1..80)
}

fn named(estate: &Estate, start: &[(usize, Right)]) -> Vec<(String, Right)> {
    start.iter().map(|(at, right)| (estate.entity(EntityIndex((at % estate.len()) as u32)).id().to_owned(), *right)).collect()
}

fn indexed(estate: &Estate, start: &[(String, Right)]) -> Vec<Fact> {
    start.iter().map(|(id, right)| Fact::new(estate.find(id).expect("an id of the estate"), *right)).collect()
}

fn check_closure(random: &RandomEstate, conditions: Conditions, start: &[(usize, Right)]) -> Result<(), TestCaseError> {
    let (estate, reference) = (random.build(), Reference::new(&random.entities, &random.relations));
    let graph = graph(&estate, conditions);
    let start = named(&estate, start);
    let closure = graph.closure(&indexed(&estate, &start), conditions.admitted, &Unobserved).expect("nobody cancels");
    let held = reference.held(&start, conditions);
    let found: Vec<HeldFact> = closure
        .facts()
        .map(|held| HeldFact {
            entity: estate.entity(held.fact.entity).id().to_owned(),
            right: held.fact.right,
            depth: held.depth,
            certainty: held.certainty,
        })
        .collect();
    prop_assert_eq!(&found, &held.facts());
    for fact in found {
        let index = Fact::new(estate.find(&fact.entity).expect("held"), fact.right);
        let path: Vec<_> = graph.path(&closure, index).into_iter().map(|step| analysis::PathStep::new(&estate, step)).collect();
        let path = serde_json::to_value(path).expect("a path is JSON");
        prop_assert_eq!(path, reference.path(&held, &(fact.entity, fact.right)));
    }
    Ok(())
}

fn check_reach(random: &RandomEstate, conditions: Conditions) -> Result<(), TestCaseError> {
    let (estate, reference) = (random.build(), Reference::new(&random.entities, &random.relations));
    let mut options = ReachOptions::default();
    options.admitted = conditions.admitted;
    options.paths = usize::MAX;
    let answer = analysis::reach(&graph(&estate, conditions), &options, &Unobserved).expect("nobody cancels");
    let answer = serde_json::to_value(answer).expect("an answer is JSON");
    let held = reference.held(&reference.default_start(AS_OF), conditions);
    let target: BTreeSet<String> = reference.ids().filter(|id| reference.is(id, EnvironmentClass::Production)).map(str::to_owned).collect();
    prop_assert_eq!(&answer["reached"], &reference.reached(&held, &target));
    prop_assert_eq!(&answer["crossings"], &reference.crossings(&held, &target, conditions));
    prop_assert_eq!(&answer["paths"], &reference.paths(&held, &target, conditions));
    Ok(())
}

fn check_many(random: &RandomEstate, conditions: Conditions, starts: &[Vec<(usize, Right)>]) -> Result<(), TestCaseError> {
    let (estate, reference) = (random.build(), Reference::new(&random.entities, &random.relations));
    let graph = graph(&estate, conditions);
    let production = |id: &str| reference.is(id, EnvironmentClass::Production);
    let interest: Vec<bool> = estate.entities().iter().map(|entity| production(entity.id())).collect();
    let starts: Vec<_> = starts.iter().map(|start| named(&estate, start)).collect();
    let indexed: Vec<_> = starts.iter().map(|start| indexed(&estate, start)).collect();
    let counts = graph.count_many(&indexed, conditions.admitted, &interest, &Unobserved).expect("nobody cancels");
    let mut told: Vec<BTreeMap<(String, Right), u32>> = vec![BTreeMap::new(); starts.len()];
    let mut twice = 0;
    graph
        .many(&indexed, conditions.admitted, &interest, &Unobserved, |lane| {
            let fact = (estate.entity(lane.fact.entity).id().to_owned(), lane.fact.right);
            twice += u32::from(told[lane.start].insert(fact, lane.depth).is_some());
        })
        .expect("nobody cancels");
    prop_assert_eq!(twice, 0, "a fact was told twice");
    for ((start, count), told) in starts.iter().zip(counts).zip(told) {
        let facts = reference.depths(start, conditions);
        let facts: BTreeMap<_, _> = facts.into_iter().filter(|((id, _), _)| production(id)).collect();
        let entities: BTreeSet<_> = facts.keys().map(|(id, _)| id).collect();
        prop_assert_eq!(count, entities.len() as u64);
        prop_assert_eq!(told, facts);
    }
    Ok(())
}

fn check_matrix(random: &RandomEstate, conditions: Conditions) -> Result<(), TestCaseError> {
    let (estate, reference) = (random.build(), Reference::new(&random.entities, &random.relations));
    let answer = analysis::tenant_matrix(&graph(&estate, conditions), &Unobserved).expect("nobody cancels");
    prop_assert_eq!(serde_json::to_value(answer).expect("an answer is JSON"), reference.tenant_matrix(conditions));
    Ok(())
}

fn check_blast_radius(random: &RandomEstate, conditions: Conditions, lost: &[usize]) -> Result<(), TestCaseError> {
    let (estate, reference) = (random.build(), Reference::new(&random.entities, &random.relations));
    let lost: BTreeSet<String> = lost.iter().map(|at| estate.entity(EntityIndex((at % estate.len()) as u32)).id().to_owned()).collect();
    let mut options = BlastRadiusOptions::of(lost.clone());
    options.admitted = conditions.admitted;
    let answer = analysis::blast_radius(&graph(&estate, conditions), &options, &Unobserved).expect("the ids are of the estate");
    prop_assert_eq!(serde_json::to_value(answer).expect("an answer is JSON"), reference.blast_radius(&lost, conditions));
    Ok(())
}

fn check_leads(random: &RandomEstate, conditions: Conditions) -> Result<(), TestCaseError> {
    let (estate, reference) = (random.build(), Reference::new(&random.entities, &random.relations));
    let production = |id: &str| reference.is(id, EnvironmentClass::Production);
    let target: Vec<bool> = estate.entities().iter().map(|entity| production(entity.id())).collect();
    let every = |id: &str| Right::ALL.iter().map(|right| (id.to_owned(), *right)).collect::<Vec<_>>();
    let starts: Vec<(String, Right)> = estate.entities().iter().flat_map(|entity| every(entity.id())).collect();
    let leads =
        graph(&estate, conditions).leads_to(&indexed(&estate, &starts), &target, conditions.admitted, &Unobserved).expect("nobody cancels");
    for (start, leads) in starts.iter().zip(leads) {
        let facts = reference.depths(std::slice::from_ref(start), conditions);
        prop_assert_eq!(leads, facts.keys().any(|(id, _)| production(id)), "{:?}", start);
    }
    Ok(())
}

/// Which findings are raised: crossings that are proven, and what is in production or alone is proven to reach it.
fn check_severities(random: &RandomEstate) -> Result<(), TestCaseError> {
    let (estate, reference) = (random.build(), Reference::new(&random.entities, &random.relations));
    let conditions = Conditions { admitted: Certainty::Proven, ..Conditions::at(AS_OF) };
    let production = |id: &str| reference.is(id, EnvironmentClass::Production);
    let opens = |id: &String| {
        reference.lives(id, AS_OF) && reference.depths(&[reference.given(id)], conditions).keys().any(|(id, _)| production(id))
    };
    let report = estate.assess(&Policy::default(), AS_OF).expect("the default policy assesses everything");
    let held = reference.held(&reference.default_start(AS_OF), conditions);
    let target: BTreeSet<String> = reference.ids().filter(|id| production(id)).map(str::to_owned).collect();
    let crossings = reference.crossings(&held, &target, conditions);
    let key = |it: &Value| [&it["from"], &it["kind"], &it["to"], &it["right"]].map(Value::to_string);
    let keys = |crossings: &Value| crossings.as_array().into_iter().flatten().map(key).collect::<BTreeSet<_>>();
    let proven = keys(&crossings);
    for finding in &report.findings {
        let raised = match finding.rule {
            "cross-environment-path" => {
                let crossing = serde_json::to_value(&finding.evidence[0]).expect("evidence is JSON");
                finding.raised.is_some() == proven.contains(&key(&crossing))
            }
            "exception-expired" | "exception-without-end" => continue,
            // What may be two secrets is never raised.
            "secret-spans-environments" if finding.message.contains(" may be one secret ") => finding.raised.is_none(),
            _ => finding.raised.is_some() == finding.subjects.iter().any(|id| production(id) || opens(id)),
        };
        prop_assert!(raised, "{} {:?} {:?}", finding.rule, finding.subjects, finding.raised);
    }
    let of_rule = |rule: &str| report.findings.iter().filter(|finding| finding.rule == rule).count();
    let conditions = Conditions::at(AS_OF);
    let held = reference.held(&reference.default_start(AS_OF), conditions);
    prop_assert_eq!(of_rule("cross-environment-path"), keys(&reference.crossings(&held, &target, conditions)).len());
    Ok(())
}

#[test]
fn what_leads_to_production_agrees_on_random_estates() {
    proptest!(config(600, 8), |((random, conditions) in (estates(18, 64), conditions()))| check_leads(&random, conditions)?);
}

#[test]
fn severities_agree_on_random_estates() {
    proptest!(config(600, 9), |(random in estates(18, 64))| check_severities(&random)?);
}

#[test]
fn closures_agree_on_random_estates() {
    let case = (estates(18, 64), conditions(), starts());
    proptest!(config(2_500, 1), |((random, conditions, starts) in case)| check_closure(&random, conditions, &starts[0])?);
}

#[test]
fn reach_agrees_on_random_estates() {
    proptest!(config(2_000, 2), |((random, conditions) in (estates(18, 64), conditions()))| check_reach(&random, conditions)?);
}

#[test]
fn many_starts_agree_on_random_estates() {
    let case = (estates(16, 56), conditions(), starts());
    proptest!(config(200, 3), |((random, conditions, starts) in case)| check_many(&random, conditions, &starts)?);
}

#[test]
fn matrices_agree_on_random_estates() {
    proptest!(config(1_000, 4), |((random, conditions) in (estates(18, 64), conditions()))| check_matrix(&random, conditions)?);
}

#[test]
fn blast_radii_agree_on_random_estates() {
    let case = (estates(18, 64), conditions(), proptest::collection::vec(0..64usize, 1..4));
    proptest!(config(1_000, 5), |((random, conditions, lost) in case)| check_blast_radius(&random, conditions, &lost)?);
}

/// Random estates prove something only where the rules meet in them.
#[test]
fn random_estates_are_not_trivial() {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let (cases, conditions) = (500, Conditions::at(AS_OF));
    let mut count = |what: &'static str, holds: bool| *seen.entry(what).or_default() += u32::from(holds);
    let counted = std::cell::RefCell::new(&mut count);
    proptest!(config(cases, 2), |(random in estates(18, 64))| {
        let reference = Reference::new(&random.entities, &random.relations);
        let held = reference.held(&reference.default_start(AS_OF), conditions);
        let target: BTreeSet<String> = reference.ids().filter(|id| reference.is(id, EnvironmentClass::Production)).map(str::to_owned).collect();
        let reached: Vec<_> = held.facts().into_iter().filter(|fact| target.contains(&fact.entity)).collect();
        let mut count = counted.borrow_mut();
        count("reached", !reached.is_empty());
        count("possible", reached.iter().any(|fact| fact.certainty == Certainty::Possible));
        count("deep", held.facts().iter().any(|fact| fact.depth >= 3));
        count("also", reference.uses_also(&held));
        count("same secret", reference.uses_same_secret(&held));
    });
    for (what, share) in [("reached", 60), ("possible", 15), ("deep", 25), ("also", 10), ("same secret", 5)] {
        assert!(seen[what] * 100 >= share * cases, "{what}: {} of {cases}", seen[what]);
    }
}

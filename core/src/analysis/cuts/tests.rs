use super::*;
use crate::estate::{Estate, Selector};
use crate::graph::{Fact, GraphOptions};
use crate::model::{Environment, Identity, IdentityKind, Instant, Relation, Secret, SecretKind};
use crate::observer::Unobserved;
use std::collections::BTreeMap;

const NOW: Instant = Instant::from_unix_seconds(1_700_000_000);

struct Random(u64);

impl Random {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

const NAMES: [&str; 8] = ["a-dev", "b-dev", "c-shared", "d-shared", "e-shared", "f-shared", "g-prod", "h-prod"];

fn entities(builder: &mut crate::estate::EstateBuilder) {
    for name in NAMES {
        let environment = match name.split_once('-') {
            Some((_, "dev")) => Environment::Development,
            Some((_, "prod")) => Environment::Production,
            _ => Environment::Shared,
        };
        builder.add(Identity { environment: Some(environment), ..Identity::new(name, IdentityKind::Role) });
    }
}

fn relations(random: &mut Random, also: bool) -> Vec<Relation> {
    let mut name = || NAMES[random.below(8) as usize];
    let relations: Vec<_> = (0..9).map(|_| (name(), name(), name())).collect();
    let kinds = [RelationKind::Assumes, RelationKind::Manages, RelationKind::MemberOf, RelationKind::Reads];
    relations
        .into_iter()
        .map(|(from, to, third)| {
            let relation = Relation::new(from, kinds[random.below(4) as usize], to);
            if also && random.below(3) == 0 { relation.also(third, Right::Control) } else { relation }
        })
        .collect()
}

fn estate(relations: &[Relation]) -> Estate {
    let mut builder = Estate::builder();
    entities(&mut builder);
    for relation in relations {
        builder.relate(relation.clone());
    }
    builder.build()
}

fn answer(estate: &Estate, options: &CutsOptions) -> Cuts {
    cuts(&Graph::new(estate, GraphOptions::at(NOW)), options, &Unobserved).expect("nobody cancels")
}

fn reaches(estate: &Estate) -> bool {
    let graph = Graph::new(estate, GraphOptions::at(NOW));
    let start: Vec<Fact> = crate::analysis::start(&graph, &Selection::class(EnvironmentClass::NonProduction));
    let closure = graph.closure(&start, Certainty::Proven, &Unobserved).expect("nobody cancels");
    closure.facts().any(|held| estate.environment(held.fact.entity).class() == EnvironmentClass::Production)
}

/// The cheapest set of relations whose end leaves production unreached, by trying them all.
fn cheapest(relations: &[Relation], cost: impl Fn(&Relation) -> u64) -> u64 {
    let tried = (0u32..1 << relations.len()).map(|ended| {
        let (gone, kept): (Vec<_>, Vec<_>) = relations.iter().cloned().enumerate().partition(|(at, _)| ended & 1 << at != 0);
        let cost: u64 = gone.iter().map(|(_, relation)| cost(relation)).sum();
        (cost, kept.into_iter().map(|(_, relation)| relation).collect::<Vec<_>>())
    });
    let mut tried: Vec<_> = tried.collect();
    tried.sort_by_key(|(cost, _)| *cost);
    tried.into_iter().find(|(_, kept)| !reaches(&estate(kept))).map(|(cost, _)| cost).expect("without relations nothing is reached")
}

#[test]
fn the_cut_is_the_cheapest_by_exhaustive_search() {
    let mut random = Random(3);
    let costs = CutCosts { kinds: BTreeMap::from([(RelationKind::Assumes, 3), (RelationKind::Manages, 2)]), uncuttable: Vec::new() };
    for round in 0..60 {
        let also = round % 2 == 1;
        let mut relations = relations(&mut random, also);
        relations.sort_by(|a, b| (&a.from, a.kind, &a.to, &a.also).cmp(&(&b.from, b.kind, &b.to, &b.also)));
        relations.dedup();
        let found = answer(&estate(&relations), &CutsOptions::at(costs.clone()));
        let best = cheapest(&relations, |relation| u64::from(*costs.kinds.get(&relation.kind).unwrap_or(&1)));
        let cost = found.cost.expect("every relation may be ended");
        assert!(found.bound <= best && best <= cost, "bound {} best {best} cost {cost}: {relations:?}", found.bound);
        assert!(also || found.exact && cost == best);
        assert!(!found.exact || cost == best);
        assert_eq!(found.flow.len() as u64, found.bound);
        let ended = |relation: &Relation| {
            found.cut.iter().any(|line| (&line.from, line.kind, &line.to) == (&relation.from, relation.kind, &relation.to))
        };
        let kept: Vec<_> = relations.iter().filter(|relation| !ended(relation)).cloned().collect();
        assert!(!reaches(&estate(&kept)));
    }
}

#[test]
fn choke_points_are_what_removal_says() {
    let mut random = Random(11);
    for round in 0..60 {
        let estate = estate(&relations(&mut random, round % 2 == 1));
        let options =
            CutsOptions { to: Selection::any(vec![Selector::parse("id=*").expect("a selector")]), ..CutsOptions::at(CutCosts::default()) };
        let graph = Graph::new(&estate, GraphOptions::at(NOW));
        let found = answer(&estate, &options);
        let start = crate::analysis::start(&graph, &options.from);
        let target: Vec<bool> = estate.indices().map(|entity| !start.contains(&graph.taken(entity))).collect();
        for entity in estate.indices() {
            let fact = Fact::new(entity, Right::Control);
            let mut others = target.clone();
            others[entity.position()] = false;
            let all = graph.count_many(std::slice::from_ref(&start), Certainty::Proven, &others, &Unobserved).expect("nobody cancels")[0];
            let left = graph.count_without(&start, &[fact], Certainty::Proven, &others, &Unobserved).expect("nobody cancels")[0];
            let point = found.choke_points.iter().find(|point| point.entity == estate.entity(entity).id() && point.right == Right::Control);
            assert_eq!(point.map_or(0, |point| point.alone_lead_to), all - left, "{}", estate.entity(entity).id());
        }
    }
}

#[test]
fn a_copied_secret_is_rotated_and_what_may_not_be_cut_is_not() {
    let mut builder = Estate::builder();
    entities(&mut builder);
    for (id, environment) in [("one", Environment::Staging), ("two", Environment::Production)] {
        let secret = Secret { fingerprint: Some("f".into()), environment: Some(environment), ..Secret::new(id, SecretKind::ApiKey) };
        builder.add(secret);
    }
    let estate = builder.build();
    let found = answer(&estate, &CutsOptions::at(CutCosts::default()));
    assert_eq!((found.exact, found.cost, found.bound), (true, Some(1), 1));
    assert_eq!(found.cut[0].kind, RelationKind::SameSecret);
    assert!(found.cut[0].action.starts_with("rotate `one`"), "{}", found.cut[0].action);
    assert_eq!(found.flow, [[FlowStep { from: "one".into(), kind: RelationKind::SameSecret, to: "two".into() }]]);
    let row = crate::policy::Uncuttable { from: None, kind: Some(RelationKind::SameSecret), to: None };
    let none = answer(&estate, &CutsOptions::at(CutCosts { uncuttable: vec![row], ..CutCosts::default() }));
    assert_eq!((none.exact, none.cost, none.cut.len()), (false, None, 0));
}

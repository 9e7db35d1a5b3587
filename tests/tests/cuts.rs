//! Cuts against a slow and obvious maximum flow on large random estates, and against every other set of endings on thousands of small ones.

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tenantgraph::Unobserved;
use tenantgraph::analysis::{self, Cuts, CutsOptions};
use tenantgraph::graph::{Graph, GraphOptions};
use tenantgraph::model::{Certainty, EnvironmentClass, RelationKind, Right};
use tenantgraph::policy::{CutCosts, Uncuttable};
use tenantgraph_tests::estates::{AS_OF, RandomEstate, config, estates};
use tenantgraph_tests::facts_graph::{Ending, FactsGraph};
use tenantgraph_tests::large::{Numbers, large_estate};
use tenantgraph_tests::reference::{Conditions, Fact, Reference};

type Key = (String, RelationKind, String);

/// An estate, what its cuts are asked, and the two answers.
struct Case {
    reference: Reference,
    conditions: Conditions,
    facts: FactsGraph,
    start: Vec<Fact>,
    targets: Vec<Fact>,
    found: Cuts,
}

impl Case {
    fn new(random: &RandomEstate, costs: &CutCosts, admitted: Certainty) -> Self {
        let mut options = CutsOptions::at(costs.clone());
        (options.admitted, options.choke_points) = (admitted, 0);
        let estate = random.build();
        let found = analysis::cuts(&Graph::new(&estate, GraphOptions::at(AS_OF)), &options, &Unobserved).expect("nobody cancels");
        let reference = Reference::new(&random.entities, &random.relations);
        let conditions = Conditions { admitted, ..Conditions::at(AS_OF) };
        let facts = FactsGraph::new(&reference, conditions, |from, kind, to| price(costs, from, kind, to));
        let production = reference.ids().filter(|id| reference.is(id, EnvironmentClass::Production));
        let targets = production.flat_map(|id| Right::ALL.iter().map(|right| (id.to_owned(), *right))).collect();
        let start = reference.default_start(AS_OF);
        Case { reference, conditions, facts, start, targets, found }
    }

    fn nodes(&self, facts: &[Fact]) -> Vec<usize> {
        facts.iter().map(|fact| self.facts.node(fact)).collect()
    }

    /// What the lines of the cut end.
    fn ended(&self) -> BTreeSet<usize> {
        let is = |ending: &Ending| {
            self.found.cut.iter().any(|line| match ending {
                Ending::Relation(from, kind, to) => (&line.from, line.kind, &line.to) == (from, *kind, to),
                Ending::Rotation(secret) => line.kind == RelationKind::SameSecret && rotated(&line.action) == secret,
            })
        };
        (0..self.facts.endable.len()).filter(|at| is(&self.facts.endable[*at].ending)).collect()
    }

    fn separates(&self) -> bool {
        !self.facts.reaches(&self.nodes(&self.start), &self.nodes(&self.targets), &self.ended())
    }

    /// Whether production is out of reach for the reference model too, once the cut is made.
    fn reference_separates(self) -> bool {
        let Case { reference, conditions, start, targets, found, .. } = self;
        let keys: BTreeSet<Key> = found.cut.iter().map(|line| (line.from.clone(), line.kind, line.to.clone())).collect();
        let rotations = found.cut.iter().filter(|line| line.kind == RelationKind::SameSecret).map(|line| rotated(&line.action).to_owned());
        let rotations: BTreeSet<String> = rotations.collect();
        let cut = reference.without(|from, kind, to| match kind {
            RelationKind::SameSecret => rotations.contains(from) || rotations.contains(to),
            kind => keys.contains(&(from.to_owned(), kind, to.to_owned())),
        });
        let targets: BTreeSet<Fact> = targets.into_iter().collect();
        cut.held(&start, conditions).facts().into_iter().all(|held| !targets.contains(&(held.entity, held.right)))
    }

    /// Whether the ways of the flow are ways, and share no more of a relation than it costs.
    fn check_flow(&self) {
        let rules = self.reference.rules(self.conditions);
        let mut left: BTreeMap<String, Option<u64>> = BTreeMap::new();
        for endable in &self.facts.endable {
            for name in names(&endable.ending) {
                let all = left.entry(name).or_insert(Some(0));
                *all = all.zip(endable.cost).map(|(all, cost)| all + cost);
            }
        }
        for way in &self.found.flow {
            let mut held: BTreeSet<Fact> = self.start.iter().filter(|(id, _)| *id == way[0].from).cloned().collect();
            for step in way {
                assert!(!held.is_empty(), "the way goes on from what is not held: {way:?}");
                held = with_implied(held);
                let firing = rules.iter().filter(|rule| (&rule.from, rule.kind, &rule.to) == (&step.from, step.kind, &step.to));
                held = firing.filter(|rule| rule.premises.iter().all(|fact| held.contains(fact))).map(|rule| rule.gives.clone()).collect();
                let key = (step.from.clone(), step.kind, step.to.clone());
                let used = if step.kind == RelationKind::SameSecret {
                    vec![format!("{} leaves", key.0), format!("{} joins", key.2)]
                } else {
                    names(&Ending::Relation(key.0, key.1, key.2))
                };
                for name in used {
                    let left = left.get_mut(&name).expect("what conducts can be ended");
                    *left = left.map(|left| left.checked_sub(1).unwrap_or_else(|| panic!("more flows over {name} than it costs")));
                }
            }
            assert!(held.iter().any(|fact| self.targets.contains(fact)), "the way ends before the target: {way:?}");
        }
    }
}

/// What carries the flow that an ending stops: both directions of a secret's value, each on its own.
fn names(ending: &Ending) -> Vec<String> {
    match ending {
        Ending::Relation(from, kind, to) => vec![format!("{from} {kind} {to}")],
        Ending::Rotation(secret) => vec![format!("{secret} leaves"), format!("{secret} joins")],
    }
}

fn with_implied(held: BTreeSet<Fact>) -> BTreeSet<Fact> {
    let all = |(id, right): Fact| {
        Right::ALL.iter().filter(move |other| right.implies(**other)).map(move |other| (id.clone(), *other)).collect::<Vec<_>>()
    };
    held.into_iter().flat_map(all).collect()
}

/// The secret that an action says to rotate.
fn rotated(action: &str) -> &str {
    action.strip_prefix("rotate `").and_then(|rest| rest.split('`').next()).expect("a line of a copied secret says what is rotated")
}

fn price(costs: &CutCosts, from: &str, kind: RelationKind, to: &str) -> Option<u64> {
    let is = |given: &Option<String>, id: &str| given.as_deref().is_none_or(|given| given == id);
    let kept = |row: &Uncuttable| is(&row.from, from) && row.kind.is_none_or(|given| given == kind) && is(&row.to, to);
    (!costs.uncuttable.iter().any(kept)).then(|| u64::from(*costs.kinds.get(&kind).unwrap_or(&1)))
}

/// Every kind at its own price, or all at one; some kinds and some relations that will not be ended.
fn costs(numbers: &mut Numbers, random: &RandomEstate, priced: bool, kept: bool) -> CutCosts {
    let mut costs = CutCosts::default();
    if priced {
        costs.kinds = RelationKind::ALL.iter().map(|kind| (*kind, 1 + numbers.below(9) as u32)).collect();
    }
    if kept {
        for relation in &random.relations {
            if numbers.percent(3) {
                let (from, to) = (Some(relation.from.clone()), numbers.percent(50).then(|| relation.to.clone()));
                costs.uncuttable.push(Uncuttable { from, kind: Some(relation.kind), to });
            }
        }
        if numbers.percent(20) {
            costs.uncuttable.push(Uncuttable { from: None, kind: Some(numbers.one(RelationKind::ALL)), to: None });
        }
    }
    costs
}

#[test]
fn cuts_equal_the_maximum_flow_on_large_estates() {
    let mut numbers = Numbers::new(7);
    let (mut cut, mut large, mut dear, mut uncut, mut rotated) = (0, 0, 0, 0, 0);
    for round in 0..240 {
        let entities = 40 + numbers.below(260);
        let relations = entities * (1 + numbers.below(5));
        let random = large_estate(&mut numbers, entities, relations);
        let costs = costs(&mut numbers, &random, round % 2 == 1, round % 3 == 2);
        let case = Case::new(&random, &costs, if round % 4 == 3 { Certainty::Possible } else { Certainty::Proven });
        let best = case.facts.maximum_flow(&case.nodes(&case.start), &case.nodes(&case.targets));
        assert_eq!(case.found.cost, best, "round {round}");
        let Some(best) = best else {
            uncut += 1;
            assert!(!case.found.exact && case.found.cut.is_empty());
            continue;
        };
        assert!(case.found.exact && case.found.bound == best);
        assert_eq!(case.found.cut.iter().map(|line| line.cost).sum::<u64>(), best);
        assert_eq!(case.ended().iter().filter_map(|at| case.facts.endable[*at].cost).sum::<u64>(), best, "the cut ends more than it says");
        assert!(case.separates(), "round {round}");
        assert_eq!(case.found.flow.len() as u64, best);
        case.check_flow();
        cut += usize::from(best > 0);
        large += usize::from(random.relations.len() >= 500);
        dear += usize::from(best >= 20);
        rotated += usize::from(case.found.cut.iter().any(|line| line.kind == RelationKind::SameSecret));
        assert!(random.relations.len() > 350 || case.reference_separates(), "round {round}");
    }
    // The rounds are of every sort.
    assert!(cut > 150 && large > 50 && dear > 30 && uncut > 10 && rotated > 30, "{cut} {large} {dear} {uncut} {rotated}");
}

#[test]
fn no_other_set_of_endings_is_cheaper_on_small_estates() {
    let counts = std::cell::RefCell::new([0u32; 4]);
    let case = (estates(9, 28), any::<u64>(), any::<bool>());
    proptest!(config(5_000, 21), |((random, seed, possible) in case)| {
        let costs = costs(&mut Numbers::new(seed), &random, seed % 2 == 1, seed % 3 == 2);
        let case = Case::new(&random, &costs, if possible { Certainty::Possible } else { Certainty::Proven });
        let (start, targets) = (case.nodes(&case.start), case.nodes(&case.targets));
        let mut counts = counts.borrow_mut();
        match case.found.cost {
            Some(cost) => {
                prop_assert!(case.separates());
                let best = case.facts.cheapest_below(cost + 1, &start, &targets);
                prop_assert!(best.is_some_and(|best| case.found.bound <= best && best <= cost), "{:?} {:?}", best, case.found);
                prop_assert!(!case.found.exact || best == Some(cost));
                prop_assert!(case.found.exact || case.facts.has_further_premises());
                counts[0] += u32::from(cost > 0);
                counts[1] += u32::from(cost > 1);
                counts[2] += u32::from(case.found.exact && cost > 0 && case.facts.has_further_premises());
            }
            None => {
                let all = (0..case.facts.endable.len()).filter(|at| case.facts.endable[*at].cost.is_some()).collect();
                prop_assert!(case.facts.reaches(&start, &targets, &all), "a cut exists");
                counts[3] += 1;
            }
        }
    });
    let counts = counts.into_inner();
    assert!(counts[0] > 1_000 && counts[1] > 600 && counts[2] > 800 && counts[3] > 10, "{counts:?}");
}

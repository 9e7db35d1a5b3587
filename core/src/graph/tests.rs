use super::*;
use crate::estate::Estate;
use crate::model::{
    Certainty, Guard, GuardSet, Identity, IdentityKind, Instant, Relation, RelationKind, Resource, ResourceKind, Secret, SecretKind,
    Tenant, TenantKind,
};
use crate::observer::Unobserved;

const NOW: Instant = Instant::from_unix_seconds(1_700_000_000);

fn estate(relations: Vec<Relation>) -> Estate {
    let mut builder = Estate::builder();
    for id in ["a", "b", "c", "d"] {
        builder.add(Identity::new(id, IdentityKind::Role));
    }
    for relation in relations {
        builder.relate(relation);
    }
    builder.build()
}

/// A small estate that a number decides, with everything that makes a relation special.
pub(super) fn random_estate(mut seed: u64) -> Estate {
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut builder = Estate::builder();
    for at in 0..6 {
        builder.add(Identity::new(format!("i{at}"), IdentityKind::Role));
        let fingerprint = Some(format!("f{}", next(3))).filter(|_| at % 2 == 0);
        builder.add(Secret { fingerprint, ..Secret::new(format!("s{at}"), SecretKind::Token) });
    }
    for _ in 0..12 {
        let (from, to) = (next(6), next(6));
        let mut relation = match next(5) {
            0 => Relation::new(format!("s{from}"), RelationKind::AuthenticatesAs, format!("i{to}")),
            1 => Relation::new(format!("i{from}"), RelationKind::Uses, format!("s{to}")),
            2 => Relation::new(format!("i{from}"), RelationKind::Writes, format!("i{to}")),
            3 => Relation::new(format!("i{from}"), RelationKind::Custom, format!("i{to}")).requiring(Right::Write).granting(Right::Read),
            _ => Relation::new(format!("i{from}"), RelationKind::Assumes, format!("i{to}")),
        };
        if next(3) == 0 {
            relation = relation.also(format!("i{}", next(6)), Right::ALL[next(3) as usize]);
        }
        if next(5) == 0 {
            relation = relation.certainty(Certainty::Possible);
        }
        if next(8) == 0 {
            relation = relation.guards(GuardSet::NONE.with(Guard::Mfa));
        }
        builder.relate(relation);
    }
    builder.build()
}

fn closure(graph: &Graph, start: &[(&str, Right)]) -> Closure {
    let start: Vec<_> = start.iter().map(|(id, right)| fact(graph, id, *right)).collect();
    graph.closure(&start, Certainty::Possible, &Unobserved).expect("nobody cancels")
}

fn fact(graph: &Graph, id: &str, right: Right) -> Fact {
    Fact::new(graph.estate().find(id).expect("an entity of the test"), right)
}

fn path(graph: &Graph, closure: &Closure, id: &str, right: Right) -> String {
    let name = |entity| graph.estate().entity(entity).id();
    let steps = graph.path(closure, fact(graph, id, right));
    steps.iter().map(|step| format!("{}-{}->{}", name(step.from), step.kind, name(step.to))).collect::<Vec<_>>().join(" ")
}

#[test]
fn among_equal_derivations_the_least_from_is_reported() {
    let graph = Graph::new(
        &estate(vec![
            Relation::new("a", RelationKind::Assumes, "c"),
            Relation::new("a", RelationKind::Assumes, "b"),
            Relation::new("c", RelationKind::Assumes, "d"),
            Relation::new("b", RelationKind::Manages, "d"),
        ]),
        GraphOptions::at(NOW),
    );
    let closure = closure(&graph, &[("a", Right::Control)]);
    assert_eq!(path(&graph, &closure, "d", Right::Control), "a-assumes->b b-manages->d");
}

#[test]
fn also_fires_one_hop_after_its_last_premise_and_its_derivations_are_listed() {
    let graph = Graph::new(
        &estate(vec![
            Relation::new("a", RelationKind::Assumes, "c").also("b", Right::Control),
            Relation::new("d", RelationKind::Assumes, "b"),
        ]),
        GraphOptions::at(NOW),
    );
    assert!(closure(&graph, &[("a", Right::Control)]).held(fact(&graph, "c", Right::Control)).is_none());
    let both = closure(&graph, &[("a", Right::Control), ("d", Right::Control)]);
    assert_eq!(both.held(fact(&graph, "c", Right::Read)).map(|held| held.depth), Some(2));
    assert_eq!(path(&graph, &both, "c", Right::Control), "d-assumes->b a-assumes->c");
}

#[test]
fn a_possible_relation_gives_a_possible_fact_and_a_longer_proven_path_wins() {
    let graph = Graph::new(
        &estate(vec![
            Relation::new("a", RelationKind::Assumes, "d").certainty(Certainty::Possible),
            Relation::new("a", RelationKind::Assumes, "b"),
            Relation::new("b", RelationKind::Assumes, "d"),
            Relation::new("a", RelationKind::Assumes, "c").certainty(Certainty::Possible),
        ]),
        GraphOptions::at(NOW),
    );
    let closure = closure(&graph, &[("a", Right::Control)]);
    let held = |id| closure.held(fact(&graph, id, Right::Control)).map(|held| (held.depth, held.certainty));
    assert_eq!(held("d"), Some((2, Certainty::Proven)));
    assert_eq!(held("c"), Some((1, Certainty::Possible)));
}

#[test]
fn guards_validity_and_dead_ends_stop_a_relation() {
    let guarded = |guard| Relation::new("a", RelationKind::Assumes, "b").guards(GuardSet::NONE.with(guard));
    let reaches = |relation: Relation, options| {
        let graph = Graph::new(&estate(vec![relation]), options);
        closure(&graph, &[("a", Right::Control)]).held(fact(&graph, "b", Right::Control)).is_some()
    };
    assert!(!reaches(guarded(Guard::Mfa), GraphOptions::at(NOW)));
    assert!(reaches(guarded(Guard::Mfa), GraphOptions::at(NOW).ignore_guards(GuardSet::NONE.with(Guard::Mfa))));
    assert!(reaches(guarded(Guard::JustInTime), GraphOptions::at(NOW)));
    assert!(!reaches(guarded(Guard::JustInTime), GraphOptions::at(NOW).honour(Guard::JustInTime)));
    let until = |end| Relation { valid_until: Some(end), ..Relation::new("a", RelationKind::Assumes, "b") };
    assert!(!reaches(until(NOW), GraphOptions::at(NOW)) && reaches(until(NOW.plus_days(1)), GraphOptions::at(NOW)));
    let mut builder = Estate::builder();
    builder.add(Identity::new("a", IdentityKind::Role));
    builder.add(Identity { enabled: Some(false), ..Identity::new("b", IdentityKind::Role) });
    builder.relate(Relation::new("a", RelationKind::Assumes, "b"));
    assert!(Graph::new(&builder.build(), GraphOptions::at(NOW)).is_empty());
}

#[test]
fn equal_fingerprints_and_containers_conduct() {
    let mut builder = Estate::builder();
    for id in ["s1", "s2", "s3"] {
        builder.add(Secret { fingerprint: Some("f".into()), ..Secret::new(id, SecretKind::Token) });
    }
    builder.add(Secret { fingerprint: Some(String::new()), ..Secret::new("s4", SecretKind::Token) });
    builder.add(Tenant::new("t", TenantKind::Other));
    builder.add(Tenant { parent: Some("t".into()), ..Tenant::new("u", TenantKind::Other) });
    builder.add(Resource { tenant: Some("u".into()), ..Resource::new("store", ResourceKind::Vault) });
    builder.relate(Relation::new("store", RelationKind::Stores, "s2"));
    let graph = Graph::new(&builder.build(), GraphOptions::at(NOW));
    let closure = closure(&graph, &[("t", Right::Control)]);
    assert_eq!(path(&graph, &closure, "s3", Right::Read), "t-contains->u u-contains->store store-stores->s2 s2-same_secret->s3");
    assert!(closure.held(fact(&graph, "s4", Right::Read)).is_none());
}

#[test]
fn many_starts_agree_with_each_alone() {
    let graph = Graph::new(
        &estate(vec![
            Relation::new("a", RelationKind::Assumes, "b"),
            Relation::new("b", RelationKind::Assumes, "c").also("a", Right::Control),
            Relation::new("c", RelationKind::Assumes, "a"),
        ]),
        GraphOptions::at(NOW),
    );
    let starts: Vec<_> = ["a", "b", "c"].iter().cycle().take(70).map(|id| vec![fact(&graph, id, Right::Control)]).collect();
    let interest = vec![true; 4];
    let counts = graph.count_many(&starts, Certainty::Proven, &interest, &Unobserved).expect("nobody cancels");
    let mut told = vec![0; starts.len()];
    graph.many(&starts, Certainty::Proven, &interest, &Unobserved, |lane| told[lane.start] += 1).expect("nobody cancels");
    for ((start, count), told) in starts.iter().zip(counts).zip(told) {
        let alone = graph.closure(start, Certainty::Proven, &Unobserved).expect("nobody cancels");
        assert_eq!(alone.facts().count(), told);
        assert_eq!(graph.estate().indices().filter(|entity| alone.held_over(*entity).next().is_some()).count() as u64, count);
    }
}

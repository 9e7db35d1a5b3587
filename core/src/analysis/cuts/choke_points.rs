//! [`ChokePoint`]: the facts without which target entities are not held.

use super::CutsOptions;
use crate::error::Result;
use crate::graph::dominators::immediate_dominators;
use crate::graph::network::{Arc, Further, Label, Network, Purpose};
use crate::graph::{Closure, Fact, Graph};
use crate::model::Right;
use crate::observer::Observer;
use serde::Serialize;
use std::collections::BTreeSet;

/// A fact without which target entities are not held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ChokePoint {
    /// The id of the entity.
    pub entity: String,
    /// The right over it.
    pub right: Right,
    /// How many other target entities are held only because of it.
    pub alone_lead_to: u64,
}

pub(super) fn choke_points(
    graph: &Graph,
    closure: &Closure,
    (start, target): (&[Fact], &[bool]),
    options: &CutsOptions,
    observer: &dyn Observer,
) -> Result<Vec<ChokePoint>> {
    let network = Network::new(graph, closure, (start, target), options.admitted, Further::Alone(0), Purpose::Dominators, observer)?;
    let counts = if network.most_premises > 1 {
        by_removal(graph, closure, start, target, options, observer)?
    } else {
        by_dominators(network, target, graph.estate().len())
    };
    let mut points: Vec<(Fact, u64)> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    points.sort_unstable();
    // Reading or writing what is controlled says nothing more than the control does.
    let controlled = |fact: Fact| points[..points.partition_point(|(it, _)| *it <= Fact::new(fact.entity, Right::Control))].last();
    let control =
        |fact: Fact| controlled(fact).filter(|(it, _)| *it == Fact::new(fact.entity, Right::Control)).map_or(0, |(_, count)| *count);
    let more = |(fact, count): &(Fact, u64)| fact.right == Right::Control || control(*fact) < *count;
    let mut points: Vec<(Fact, u64)> = points.iter().copied().filter(more).collect();
    points.sort_unstable_by_key(|(fact, count)| (std::cmp::Reverse(*count), *fact));
    points.truncate(options.choke_points);
    let id = |fact: Fact| graph.estate().entity(fact.entity).id().to_owned();
    Ok(points.into_iter().map(|(fact, count)| ChokePoint { entity: id(fact), right: fact.right, alone_lead_to: count }).collect())
}

/// Without further premises: the dominator tree of the network with one more node a target entity, which any fact over it gains.
fn by_dominators(mut network: Network, target: &[bool], entities: usize) -> Vec<(Fact, u64)> {
    let mut end_of = vec![None; entities];
    let mut ends = Vec::new();
    let before = network.nodes;
    for node in 0..network.facts.len() as u32 {
        let entity = network.facts[node as usize].entity;
        if target[entity.position()] {
            let end = *end_of[entity.position()].get_or_insert_with(|| {
                ends.push((entity, network.nodes as u32));
                std::mem::replace(&mut network.nodes, ends.len() + before) as u32
            });
            network.arcs.push(Arc { from: node, to: end, label: Label::Implied });
        }
    }
    let dominators = immediate_dominators(&network);
    let mut below = vec![0; network.nodes];
    for (_, end) in &ends {
        below[*end as usize] = 1;
    }
    for node in leaves_first(&dominators) {
        if let Some(above) = dominators[node as usize] {
            below[above as usize] += below[node as usize];
        }
    }
    for (entity, end) in ends {
        // An entity's own facts gain it directly, so those that dominate it stand last on the way.
        let own = |node: &u32| network.fact(*node).filter(|fact| fact.entity == entity);
        let mut above = dominators[end as usize];
        while let Some(node) = above.filter(|node| own(node).is_some()) {
            below[node as usize] -= 1;
            above = dominators[node as usize];
        }
    }
    network.facts.into_iter().zip(below).collect()
}

/// The nodes of a tree, each before the one above it.
fn leaves_first(above: &[Option<u32>]) -> Vec<u32> {
    let mut waiting = vec![0u32; above.len()];
    for node in above.iter().flatten() {
        waiting[*node as usize] += 1;
    }
    let mut order: Vec<u32> = (0..above.len() as u32).filter(|node| waiting[*node as usize] == 0).collect();
    let mut at = 0;
    while at < order.len() {
        if let Some(node) = above[order[at] as usize] {
            waiting[node as usize] -= 1;
            if waiting[node as usize] == 0 {
                order.push(node);
            }
        }
        at += 1;
    }
    order
}

/// With further premises: the facts of the derivations, each taken away in turn. What is needed for an entity stands in any derivation of it.
fn by_removal(
    graph: &Graph,
    closure: &Closure,
    start: &[Fact],
    target: &[bool],
    options: &CutsOptions,
    observer: &dyn Observer,
) -> Result<Vec<(Fact, u64)>> {
    let held: Vec<_> = closure.facts().filter(|held| target[held.fact.entity.position()]).collect();
    let mut candidates: BTreeSet<Fact> = BTreeSet::new();
    for held in &held {
        candidates.extend(graph.derivation_facts(closure, held.fact));
    }
    let candidates: Vec<Fact> = candidates.into_iter().collect();
    let all = held.iter().map(|held| held.fact.entity).collect::<BTreeSet<_>>();
    let left = graph.count_without(start, &candidates, options.admitted, target, observer)?;
    let mut counts = Vec::new();
    for (fact, left) in candidates.into_iter().zip(left) {
        let lost = all.len() as u64 - left;
        // An entity that is lost with the fact itself does not count for it.
        let own = target[fact.entity.position()] && lost > 0 && !still_held(graph, start, fact, options, observer)?;
        counts.push((fact, lost - u64::from(own)));
    }
    Ok(counts)
}

/// Whether anything over the fact's own entity is held without it.
fn still_held(graph: &Graph, start: &[Fact], fact: Fact, options: &CutsOptions, observer: &dyn Observer) -> Result<bool> {
    let mut own = vec![false; graph.estate().len()];
    own[fact.entity.position()] = true;
    Ok(graph.count_without(start, &[fact], options.admitted, &own, observer)?[0] > 0)
}

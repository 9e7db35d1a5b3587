//! [`ChokePoint`]: the facts without which target entities are not held.

use super::CutsOptions;
use crate::error::Result;
use crate::graph::dominators::immediate_dominators;
use crate::graph::network::{Arc, Further, Label, Network};
use crate::graph::{Closure, Fact, Graph};
use crate::model::Right;
use crate::observer::Observer;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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
    start: &[Fact],
    target: &[bool],
    options: &CutsOptions,
    observer: &dyn Observer,
) -> Result<Vec<ChokePoint>> {
    let closure = graph.closure(start, options.admitted, observer)?;
    let network = Network::new(graph, &closure, start, target, options.admitted, Further::Alone(0)).pruned();
    let counts = if network.most_premises > 1 {
        by_removal(graph, &closure, start, target, options, observer)?
    } else {
        by_dominators(network, target)
    };
    let mut points: Vec<(Fact, u64)> = counts.iter().map(|(fact, count)| (*fact, *count)).filter(|(_, count)| *count > 0).collect();
    // Reading or writing what is controlled says nothing more than the control does.
    points.retain(|(fact, count)| fact.right == Right::Control || counts.get(&Fact::new(fact.entity, Right::Control)) < Some(count));
    points.sort_unstable_by_key(|(fact, count)| (std::cmp::Reverse(*count), *fact));
    points.truncate(options.choke_points);
    let id = |fact: Fact| graph.estate().entity(fact.entity).id().to_owned();
    Ok(points.into_iter().map(|(fact, count)| ChokePoint { entity: id(fact), right: fact.right, alone_lead_to: count }).collect())
}

/// Without further premises: the dominator tree of the network with one more node a target entity, which any fact over it gains.
fn by_dominators(mut network: Network, target: &[bool]) -> BTreeMap<Fact, u64> {
    let mut ends = BTreeMap::new();
    for node in 0..network.facts.len() as u32 {
        let entity = network.facts[node as usize].entity;
        if target[entity.position()] {
            let nodes = &mut network.nodes;
            let end = *ends.entry(entity).or_insert_with(|| std::mem::replace(nodes, *nodes + 1) as u32);
            network.arcs.push(Arc { from: node, to: end, label: Label::Implied });
        }
    }
    let dominators = immediate_dominators(&network);
    let mut below = vec![0; network.nodes];
    for end in ends.values() {
        below[*end as usize] = 1;
    }
    for node in leaves_first(&dominators) {
        if let Some(above) = dominators[node as usize] {
            below[above as usize] += below[node as usize];
        }
    }
    let mut counts: BTreeMap<Fact, u64> = network.facts.iter().copied().zip(below).collect();
    for (entity, end) in ends {
        // An entity's own facts gain it directly, so those that dominate it stand last on the way.
        let own = |node: &u32| network.fact(*node).filter(|fact| fact.entity == entity);
        let mut above = dominators[end as usize];
        while let Some(fact) = above.as_ref().and_then(own) {
            if let Some(count) = counts.get_mut(&fact) {
                *count -= 1;
            }
            above = above.and_then(|node| dominators[node as usize]);
        }
    }
    counts
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
) -> Result<BTreeMap<Fact, u64>> {
    let held: Vec<_> = closure.facts().filter(|held| target[held.fact.entity.position()]).collect();
    let mut candidates: BTreeSet<Fact> = BTreeSet::new();
    for held in &held {
        candidates.extend(graph.derivation_facts(closure, held.fact));
    }
    let candidates: Vec<Fact> = candidates.into_iter().collect();
    let all = held.iter().map(|held| held.fact.entity).collect::<BTreeSet<_>>();
    let left = graph.count_without(start, &candidates, options.admitted, target, observer)?;
    let mut counts = BTreeMap::new();
    for (fact, left) in candidates.into_iter().zip(left) {
        let lost = all.len() as u64 - left;
        // An entity that is lost with the fact itself does not count for it.
        let own = target[fact.entity.position()] && lost > 0 && !still_held(graph, start, fact, options, observer)?;
        counts.insert(fact, lost - u64::from(own));
    }
    Ok(counts)
}

/// Whether anything over the fact's own entity is held without it.
fn still_held(graph: &Graph, start: &[Fact], fact: Fact, options: &CutsOptions, observer: &dyn Observer) -> Result<bool> {
    let mut own = vec![false; graph.estate().len()];
    own[fact.entity.position()] = true;
    Ok(graph.count_without(start, &[fact], options.admitted, &own, observer)?[0] > 0)
}

//! [`verify`]: checks a certificate of isolation against an estate by the rules of the graph alone. It shares no code with the traversal.

use super::{Certificate, ClosedSet};
use crate::error::{Error, ErrorCode, Result};
use crate::estate::{EntityIndex, Estate};
use crate::model::{EntityType, Environment, Right};
use crate::policy::{Flow, Policy};
use std::collections::HashMap;

/// Whether a certificate proves that the boundaries of a policy hold on an estate: `Ok` where it does, the first reason why not otherwise. The estate must
/// be resolved by the environment rules that it was resolved by when the certificate was made. Costs one pass over the estate a set.
///
/// # Errors
/// [`ErrorCode::InvalidDocument`] with the reason.
pub fn verify(certificate: &Certificate, estate: &Estate, policy: &Policy) -> Result<()> {
    if certificate.estate != estate.content_hash() {
        return Err(refused("it was made for another estate, or other labels or environment rules; prove this one anew"));
    }
    for boundary in &policy.boundaries {
        let near = Environment::ALL.iter().filter(|environment| boundary.from.contains(**environment));
        let sets = certificate.sets.iter().filter(|set| set.boundary == *boundary);
        let covered: Vec<_> = sets.flat_map(|set| &set.environments).collect();
        if near.into_iter().any(|environment| !covered.contains(&environment)) {
            return Err(refused("its sets leave out an environment of the near side of a boundary"));
        }
    }
    let decided = |set: &ClosedSet, flow: &Flow| {
        let from = set.environments.iter().all(|environment| flow.from.contains(*environment));
        from && !flow.has_expired(certificate.as_of) && policy.flows.contains(flow)
    };
    if certificate.sets.iter().any(|set| set.flows.iter().any(|flow| !decided(set, flow))) {
        return Err(refused("it allows a flow that the policy does not"));
    }
    certificate.sets.iter().try_for_each(|set| check(certificate, set, estate))
}

fn check(certificate: &Certificate, set: &ClosedSet, estate: &Estate) -> Result<()> {
    let held: Option<Vec<u32>> = set.facts.chars().map(|digit| digit.to_digit(16).filter(|digit| *digit < 8)).collect();
    let held = held.filter(|held| held.len() == estate.len()).ok_or_else(|| refused("a set of facts does not fit the estate"))?;
    let has = |entity: EntityIndex, right: Right| held[entity.position()] & 1 << right as u32 != 0;
    let lives = |entity: EntityIndex| estate.entity(entity).lives_at(certificate.as_of);
    let open = || refused("a set of facts is not closed under the rules of the graph");
    let mut readers: HashMap<&str, bool> = HashMap::new();
    for entity in estate.indices() {
        let environment = estate.environment(entity).environment;
        let taken = if estate.entity(entity).entity_type() == EntityType::Secret { Right::Read } else { Right::Control };
        if lives(entity) && set.environments.contains(&environment) && !has(entity, taken) {
            return Err(refused("a set of facts leaves out what an attacker starts with"));
        }
        if has(entity, Right::Control) && !(has(entity, Right::Read) && has(entity, Right::Write)) {
            return Err(open());
        }
        // A start on the far side is taken, not gained.
        let gained = !(lives(entity) && set.environments.contains(&environment)) && set.boundary.to.contains(environment);
        let allowed = |right: Right| set.flows.iter().any(|flow| flow.to.contains(environment) && flow.right.implies(right));
        if gained && Right::ALL.iter().any(|right| has(entity, *right) && !allowed(*right)) {
            return Err(refused("a set of facts holds something of the far side that no flow allows"));
        }
        if let Some(container) = estate.container(entity)
            && container != entity
            && lives(entity)
            && lives(container)
            && has(container, Right::Control)
            && !has(entity, Right::Control)
        {
            return Err(open());
        }
        let fingerprint = estate.entity(entity).as_secret().and_then(|secret| secret.fingerprint);
        if let Some(fingerprint) = fingerprint.filter(|fingerprint| !fingerprint.is_empty() && lives(entity)) {
            let read = has(entity, Right::Read);
            if *readers.entry(fingerprint).or_insert(read) != read {
                return Err(open());
            }
        }
    }
    for relation in estate.relations() {
        let (from, to) = (relation.from(), relation.to());
        let conducts =
            lives(from) && lives(to) && relation.valid_at(certificate.as_of) && !relation.guards().intersects(certificate.guards);
        let premises = has(from, relation.requires()) && relation.also().all(|(entity, right)| has(entity, right));
        if conducts && premises && relation.grants().is_some_and(|right| !has(to, right)) {
            return Err(open());
        }
    }
    Ok(())
}

fn refused(reason: &str) -> Error {
    Error::new(ErrorCode::InvalidDocument, format!("the certificate is refused: {reason}"))
}

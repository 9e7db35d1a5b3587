//! [`blast_radius`]: what is held after the loss of given entities, and what must be rotated.

use super::ReachedFacts;
use crate::error::{Error, ErrorCode, Result};
use crate::estate::{EntityIndex, Estate};
use crate::graph::{Closure, Fact, Graph};
use crate::model::{Certainty, EntityType, Right};
use crate::observer::Observer;
use serde::Serialize;
use std::collections::BTreeMap;

/// What [`blast_radius`] is asked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BlastRadiusOptions {
    /// The ids of what was lost; where no entity has the id, the name that one entity alone has.
    pub lost: Vec<String>,
    /// Whether relations that are only possible are admitted; facts that need one are then marked so.
    pub admitted: Certainty,
}

impl BlastRadiusOptions {
    /// The loss of these entities, possible relations admitted and marked.
    pub fn of<I: Into<String>>(lost: impl IntoIterator<Item = I>) -> Self {
        BlastRadiusOptions { lost: lost.into_iter().map(Into::into).collect(), admitted: Certainty::Possible }
    }
}

/// The answer of [`blast_radius`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlastRadius {
    /// The ids of what was lost, sorted.
    pub start: Vec<String>,
    /// The number of entities held, what was lost included.
    pub held: u64,
    /// That number by environment.
    pub by_environment: BTreeMap<String, u64>,
    /// That number by own tenant; what has none is left out.
    pub by_tenant: BTreeMap<String, u64>,
    /// That number by kind.
    pub by_kind: BTreeMap<String, u64>,
    /// Every fact held, by entity then right, those implied by control included; what was lost stands at depth 0.
    pub entities: ReachedFacts,
    /// The ids of the secrets that were exposed, by depth then id: the order in which to rotate them.
    pub rotate: Vec<String>,
}

/// What is held after the loss of given entities: control of a tenant, identity or resource, read of a secret.
///
/// Costs one traversal, or two where possible relations are admitted and there are any.
///
/// # Errors
/// [`ErrorCode::UnknownEntity`] for an id that is not in the estate and is the name of none or of several, [`ErrorCode::InvalidOption`] where nothing was lost, [`ErrorCode::Cancelled`].
pub fn blast_radius(graph: &Graph, options: &BlastRadiusOptions, observer: &dyn Observer) -> Result<BlastRadius> {
    let estate = graph.estate();
    let lost = lost(estate, &options.lost)?;
    let start: Vec<Fact> = lost.iter().map(|entity| graph.taken(*entity)).collect();
    let closure = graph.closure(&start, options.admitted, observer)?;
    let mut answer = BlastRadius {
        start: lost.iter().map(|entity| estate.entity(*entity).id().to_owned()).collect(),
        held: 0,
        by_environment: BTreeMap::new(),
        by_tenant: BTreeMap::new(),
        by_kind: BTreeMap::new(),
        entities: ReachedFacts::new(estate),
        rotate: rotate(estate, &closure),
    };
    for entity in estate.indices() {
        answer.entities.watch(entity, observer)?;
        if answer.entities.gather(closure.held_over(entity)) {
            answer.count(estate, entity);
        }
    }
    Ok(answer)
}

impl BlastRadius {
    fn count(&mut self, estate: &Estate, entity: EntityIndex) {
        self.held += 1;
        let add = |counts: &mut BTreeMap<String, u64>, key: &str| *counts.entry(key.to_owned()).or_default() += 1;
        add(&mut self.by_environment, estate.environment(entity).environment.as_str());
        add(&mut self.by_kind, estate.entity(entity).kind());
        if let Some(tenant) = estate.own_tenant(entity) {
            add(&mut self.by_tenant, estate.entity(tenant).id());
        }
    }
}

fn lost(estate: &Estate, ids: &[String]) -> Result<Vec<EntityIndex>> {
    if ids.is_empty() {
        return Err(Error::new(ErrorCode::InvalidOption, "nothing was lost; name at least one entity by its id"));
    }
    let mut lost = ids.iter().map(|id| find(estate, id)).collect::<Result<Vec<_>>>()?;
    lost.sort_unstable();
    lost.dedup();
    Ok(lost)
}

/// The entity of an id; failing that, the only one of that name, which is how reports call it.
fn find(estate: &Estate, id: &str) -> Result<EntityIndex> {
    if let Some(found) = estate.find(id) {
        return Ok(found);
    }
    let mut named = estate.indices().filter(|entity| estate.entity(*entity).name() == id);
    let unknown = |message| Err(Error::new(ErrorCode::UnknownEntity, message));
    match (named.next(), named.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => unknown(format!("no entity of the estate has the id or the name `{id}`; list ids with `tenantgraph convert`")),
        (Some(one), Some(other)) => {
            let [one, other] = [one, other].map(|entity| estate.entity(entity).id().to_owned());
            unknown(format!("several entities have the name `{id}`, `{one}` and `{other}` among them; give an id"))
        }
    }
}

/// The secrets whose content is held, nearest first: what was exposed first opened the rest.
fn rotate(estate: &Estate, closure: &Closure) -> Vec<String> {
    let is_secret = |entity: &EntityIndex| estate.entity(*entity).entity_type() == EntityType::Secret;
    let exposed = estate.indices().filter(is_secret).filter_map(|secret| closure.held(Fact::new(secret, Right::Read)));
    let mut exposed: Vec<_> = exposed.collect();
    exposed.sort_by_key(|held| (held.depth, held.fact.entity));
    exposed.into_iter().map(|held| estate.entity(held.fact.entity).id().to_owned()).collect()
}

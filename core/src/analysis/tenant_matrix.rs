//! [`tenant_matrix`]: for every non-production tenant on its own, which production tenants it reaches.

use super::PathStep;
use crate::error::Result;
use crate::estate::EntityIndex;
use crate::graph::{Closure, Fact, Graph, HeldFact, strongest};
use crate::model::{Certainty, EntityType, EnvironmentClass, Right};
use crate::observer::{Observer, Shared};
use crate::parallel;
use serde::Serialize;

/// The answer of [`tenant_matrix`]: a cell for each pair of which something is held, by source then target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TenantMatrix {
    /// The cells.
    pub cells: Vec<MatrixCell>,
}

/// What control of one non-production tenant gives in one production tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixCell {
    /// The id of the non-production tenant.
    pub source: String,
    /// The id of the tenant that the held production entities belong to (a tenant is its own).
    pub target: String,
    /// How many production entities of the target are held at all.
    pub entities: u64,
    /// The strongest right held over any of them.
    pub strongest: Right,
    /// The least number of hops to any of them.
    pub depth: u32,
    /// The shortest path to the nearest of them.
    pub path: Vec<PathStep>,
}

/// For every non-production tenant on its own: which production tenants it reaches, what is held there, and the shortest path. Proven relations only.
///
/// Costs what counting for all tenants at once costs, and one traversal more a tenant that reaches production, for depths and paths, on as many threads as there are.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub fn tenant_matrix(graph: &Graph, observer: &dyn Observer) -> Result<TenantMatrix> {
    let estate = graph.estate();
    let class = |entity: EntityIndex| estate.environment(entity).class();
    let is_source = |entity: &EntityIndex| {
        estate.entity(*entity).entity_type() == EntityType::Tenant && class(*entity) == EnvironmentClass::NonProduction
    };
    let sources: Vec<EntityIndex> = estate.indices().filter(is_source).collect();
    // An entity that belongs to no tenant stands in no row of a matrix of tenants.
    let is_target = |entity: EntityIndex| class(entity) == EnvironmentClass::Production && estate.own_tenant(entity).is_some();
    let targets: Vec<bool> = estate.indices().map(is_target).collect();
    let starts: Vec<Vec<Fact>> = sources.iter().map(|source| vec![graph.taken(*source)]).collect();
    let reaching: Vec<bool> =
        graph.count_many(&starts, Certainty::Proven, &targets, observer)?.into_iter().map(|count| count > 0).collect();
    let reaching = sources.iter().zip(&starts).zip(reaching).filter(|(_, reaching)| *reaching).map(|(pair, _)| pair);
    let targets = Targets::of(graph, &targets);
    let shared = Shared::new(observer);
    let rows = parallel::map(reaching, |(source, start)| {
        let closure = graph.closure(start, Certainty::Proven, &shared)?;
        Ok(row(graph, *source, &closure, &targets))
    });
    let rows: Vec<Vec<MatrixCell>> = rows.into_iter().collect::<Result<_>>()?;
    Ok(TenantMatrix { cells: rows.into_iter().flatten().collect() })
}

/// The target entities, and the tenants that they belong to.
struct Targets {
    /// In the order of their ids.
    tenants: Vec<EntityIndex>,
    /// Each with the place of its tenant among these.
    entities: Vec<(EntityIndex, u32)>,
}

impl Targets {
    fn of(graph: &Graph, targets: &[bool]) -> Targets {
        let estate = graph.estate();
        let wanted = estate.indices().filter(|entity| targets[entity.position()]);
        let owned: Vec<_> = wanted.filter_map(|entity| Some((entity, estate.own_tenant(entity)?))).collect();
        let mut tenants: Vec<EntityIndex> = owned.iter().map(|(_, tenant)| *tenant).collect();
        tenants.sort_unstable();
        tenants.dedup();
        let place = |tenant: EntityIndex| tenants.partition_point(|it| *it < tenant) as u32;
        let entities = owned.into_iter().map(|(entity, tenant)| (entity, place(tenant))).collect();
        Targets { tenants, entities }
    }
}

/// What is held in one target tenant, gathered.
struct Gathered {
    entities: u64,
    strongest: Right,
    nearest: HeldFact,
}

fn row(graph: &Graph, source: EntityIndex, closure: &Closure, targets: &Targets) -> Vec<MatrixCell> {
    let estate = graph.estate();
    let id = |entity: EntityIndex| estate.entity(entity).id().to_owned();
    let mut tenants: Vec<Option<Gathered>> = targets.tenants.iter().map(|_| None).collect();
    for (entity, tenant) in targets.entities.iter().copied() {
        let Some(nearest) = closure.held_over(entity).min_by_key(|held| held.depth) else { continue };
        let Some(right) = strongest(closure.held_over(entity).map(|held| held.fact.right)) else { continue };
        let gathered = tenants[tenant as usize].get_or_insert(Gathered { entities: 0, strongest: right, nearest });
        gathered.entities += 1;
        gathered.strongest = strongest([gathered.strongest, right]).unwrap_or(right);
        if nearest.depth < gathered.nearest.depth {
            gathered.nearest = nearest;
        }
    }
    let tenants = targets.tenants.iter().copied().zip(tenants).filter(|(tenant, _)| *tenant != source);
    tenants
        .filter_map(|(tenant, gathered)| Some((tenant, gathered?)))
        .map(|(target, gathered)| MatrixCell {
            source: id(source),
            target: id(target),
            entities: gathered.entities,
            strongest: gathered.strongest,
            depth: gathered.nearest.depth,
            path: graph.path(closure, gathered.nearest.fact).into_iter().map(|step| PathStep::new(estate, step)).collect(),
        })
        .collect()
}

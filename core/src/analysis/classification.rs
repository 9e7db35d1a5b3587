//! [`classification`]: each tenant's label held against the evidence, and its controls against the baseline and its twin.

mod controls;
mod couplings;
mod production_data;

pub use controls::{Control, ControlDrift, ControlValue, DriftAgainst, Unmonitored};
pub use couplings::{Coupling, CouplingKind};
pub use production_data::ProductionData;

use crate::error::Result;
use crate::estate::{Coverage, EntityIndex, EnvironmentClaim, Estate};
use crate::graph::Graph;
use crate::model::words::words;
use crate::model::{EntityType, Environment, EnvironmentClass, EnvironmentSource};
use crate::observer::Observer;
use crate::policy::Policy;
use couplings::Couplings;
use production_data::ProductionHolders;
use serde::Serialize;
use std::collections::BTreeMap;

words! {
    /// How the label of a tenant stands against the evidence.
    LabelVerdict {
        /// Nothing that is known speaks against the label.
        Consistent => "consistent",
        /// It is labelled non-production and holds data, credentials or trust of production, or leads there.
        Coupled => "coupled",
        /// Most of what it contains is itself stated to be of the other class.
        Mislabelled => "mislabelled",
        /// Nothing says what it is for.
        Unlabelled => "unlabelled",
        /// Its sources disagree on the class.
        Contradictory => "contradictory",
    }
}

/// The answer of [`classification`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Classification {
    /// Every tenant, by id.
    pub tenants: Vec<TenantClassification>,
    /// What outside production holds its data, by id. Not written out: the evidence of the tenants says it.
    #[serde(skip)]
    pub production_data: Vec<ProductionData>,
    /// The controls that are below a baseline or a twin, by tenant, control and what they are held against.
    pub control_drift: Vec<ControlDrift>,
    /// The tenants that are stated to have no audit log or nobody who watches, by id.
    pub unmonitored: Vec<Unmonitored>,
    /// How much of what this question needs is known.
    pub coverage: Vec<Coverage>,
}

/// A tenant, what it is said to be, and what speaks of production in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenantClassification {
    /// Its id.
    pub tenant: String,
    /// The word of its kind.
    pub kind: &'static str,
    /// Its environment.
    pub environment: Environment,
    /// Where that was learnt.
    pub source: EnvironmentSource,
    /// How its label stands.
    pub verdict: LabelVerdict,
    /// What each source says, where they disagree on the class.
    pub claims: Vec<EnvironmentClaim>,
    /// How many things it contains, tenants aside.
    pub contents: u64,
    /// How many of them are themselves stated, declared or labelled, to be production.
    pub stated_production: u64,
    /// How many of them are themselves stated to be non-production.
    pub stated_non_production: u64,
    /// How many pieces of evidence there are, by what they are.
    pub counts: BTreeMap<CouplingKind, u64>,
    /// What speaks of production in a tenant that is not labelled so; the first 25 pieces of each kind.
    pub evidence: Vec<Coupling>,
}

/// Holds each tenant's label against the evidence, and its controls against the policy's baseline of its class and its production twin.
///
/// Evidence is gathered for tenants that are labelled non-production and for those that nothing labels. It counts where it stands: in the tenant itself, not
/// in tenants below it. Costs a few passes over entities and relations, one against the direction of the relations, and the length of the paths.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub fn classification(graph: &Graph, policy: &Policy, observer: &dyn Observer) -> Result<Classification> {
    let estate = graph.estate();
    let holders = ProductionHolders::of(graph);
    let mut couplings = Couplings::gather(graph, &holders, observer)?;
    let stated = stated(estate);
    let is_tenant = |index: &EntityIndex| estate.entity(*index).entity_type() == EntityType::Tenant;
    let tenants = estate.indices().filter(is_tenant).map(|index| tenant(estate, index, &stated[index.position()], couplings.take(index)));
    let tenants: Vec<_> = tenants.collect();
    let mut controls = controls::controls(estate, policy);
    controls.coverage.extend(holders.coverage());
    let production_data = holders.outside();
    Ok(Classification {
        tenants,
        production_data,
        control_drift: controls.drift,
        unmonitored: controls.unmonitored,
        coverage: controls.coverage,
    })
}

fn tenant(estate: &Estate, index: EntityIndex, stated: &Stated, found: couplings::Found) -> TenantClassification {
    let entity = estate.entity(index);
    let environment = estate.environment(index);
    let mut claims = estate.environment_claims(index);
    claims.retain(|claim| claim.environment != Environment::Unknown);
    let agree = claims.windows(2).all(|pair| pair[0].environment.class() == pair[1].environment.class());
    let most = |stated_so: u64, all: u64| stated_so * 2 > all;
    let verdict = match environment.class() {
        _ if !agree => LabelVerdict::Contradictory,
        EnvironmentClass::Unknown => LabelVerdict::Unlabelled,
        EnvironmentClass::NonProduction if most(stated.production, stated.contents) => LabelVerdict::Mislabelled,
        EnvironmentClass::Production if most(stated.non_production, stated.contents) => LabelVerdict::Mislabelled,
        EnvironmentClass::NonProduction if !found.evidence.is_empty() => LabelVerdict::Coupled,
        _ => LabelVerdict::Consistent,
    };
    if agree {
        claims.clear();
    }
    TenantClassification {
        tenant: entity.id().to_owned(),
        kind: entity.kind(),
        environment: environment.environment,
        source: environment.source,
        verdict,
        claims,
        contents: stated.contents,
        stated_production: stated.production,
        stated_non_production: stated.non_production,
        counts: found.counts,
        evidence: found.evidence,
    }
}

/// What the contents of a tenant say of themselves.
#[derive(Debug, Clone, Default)]
struct Stated {
    contents: u64,
    production: u64,
    non_production: u64,
}

/// What the contents of each tenant say of themselves. Tenants below speak for themselves.
fn stated(estate: &Estate) -> Vec<Stated> {
    let mut stated = vec![Stated::default(); estate.len()];
    for index in estate.indices().filter(|index| estate.entity(*index).entity_type() != EntityType::Tenant) {
        let Some(tenant) = estate.container(index) else { continue };
        let (stated, environment) = (&mut stated[tenant.position()], estate.environment(index));
        stated.contents += 1;
        match environment.class() {
            _ if !matches!(environment.source, EnvironmentSource::Explicit | EnvironmentSource::Label) => {}
            EnvironmentClass::Production => stated.production += 1,
            EnvironmentClass::NonProduction => stated.non_production += 1,
            _ => {}
        }
    }
    stated
}

#[cfg(test)]
mod tests;

//! [`Summary`]: what a manager reads first.

use crate::analysis::{Reach, Rotation, RotationStatus};
use crate::estate::Estate;
use crate::model::{Certainty, EntityType, Environment};
use crate::policy::Severity;
use crate::rules::{Finding, Metric};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What there is in an estate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EstateCounts {
    /// All entities, placeholders included.
    pub entities: u64,
    /// The tenants.
    pub tenants: u64,
    /// The identities.
    pub identities: u64,
    /// The secrets.
    pub secrets: u64,
    /// The resources.
    pub resources: u64,
    /// What was only named.
    pub placeholders: u64,
    /// The relations, without derived ones.
    pub relations: u64,
    /// The entities by environment.
    pub environments: BTreeMap<Environment, u64>,
}

/// What a manager reads first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// The findings.
    pub findings: FindingCounts,
    /// What non-production reaches.
    pub reach: ReachCounts,
    /// The secrets by how they stand; every status is listed.
    pub secrets: BTreeMap<RotationStatus, u64>,
}

/// The findings by severity and by rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FindingCounts {
    /// All of them.
    pub total: u64,
    /// Those that nobody decided to live with.
    pub open: u64,
    /// Those that somebody did.
    pub waived: u64,
    /// The open ones by severity; every severity is listed.
    pub by_severity: BTreeMap<Severity, u64>,
    /// All of them by rule; only rules that found something are listed.
    pub by_rule: BTreeMap<&'static str, u64>,
}

/// What non-production reaches of production.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReachCounts {
    /// The non-production tenants.
    pub nonproduction_tenants: u64,
    /// Those of them whose control alone is proven to reach production that is not their own.
    pub nonproduction_tenants_reaching_production: u64,
    /// The production entities.
    pub production_entities: u64,
    /// Those of them over which a right is proven to be gained.
    pub production_entities_reached: u64,
    /// Those of them over which a right may be gained, where some condition of the input holds that could not be evaluated.
    pub production_entities_possibly_reached: u64,
    /// The crossings that are proven.
    pub crossings: u64,
    /// The crossings that are possible.
    pub possible_crossings: u64,
}

impl EstateCounts {
    pub(super) fn of(estate: &Estate) -> Self {
        let of = |entity_type| estate.entities().iter().filter(|entity| entity.entity_type() == entity_type).count() as u64;
        let mut environments = BTreeMap::new();
        for index in estate.indices() {
            *environments.entry(estate.environment(index).environment).or_default() += 1;
        }
        EstateCounts {
            entities: estate.len() as u64,
            tenants: of(EntityType::Tenant),
            identities: of(EntityType::Identity),
            secrets: of(EntityType::Secret),
            resources: of(EntityType::Resource),
            placeholders: of(EntityType::Unknown),
            relations: estate.relations().len() as u64,
            environments,
        }
    }
}

impl Summary {
    pub(super) fn of(findings: &[Finding], reach: &Reach, rotation: &Rotation, metrics: &[Metric]) -> Self {
        Summary {
            findings: FindingCounts::of(findings),
            reach: ReachCounts::of(reach, metrics),
            secrets: rotation.summary.by_status.clone(),
        }
    }
}

impl FindingCounts {
    fn of(findings: &[Finding]) -> Self {
        let mut by_severity: BTreeMap<Severity, u64> = Severity::ALL.iter().map(|severity| (*severity, 0)).collect();
        let mut by_rule = BTreeMap::new();
        for finding in findings {
            *by_rule.entry(finding.rule).or_default() += 1;
            if finding.waived.is_none() {
                *by_severity.entry(finding.severity).or_default() += 1;
            }
        }
        let total = findings.len() as u64;
        let open = by_severity.values().sum();
        FindingCounts { total, open, waived: total - open, by_severity, by_rule }
    }
}

impl ReachCounts {
    fn of(reach: &Reach, metrics: &[Metric]) -> Self {
        let metric =
            |id: &str| metrics.iter().find(|metric| metric.id == id).map_or((0, 0), |metric| (metric.numerator, metric.denominator));
        let (reaching, tenants) = metric("nonproduction_tenants_reaching_production");
        let (reached, production) = metric("production_entities_reached");
        let mut held: Vec<&str> = reach.reached.iter().map(|fact| fact.entity.as_str()).collect();
        held.dedup();
        // One crossing a pair, kind and right, as the findings count: several grants of it are no several ways.
        let crossings = |certainty: Option<Certainty>| -> BTreeSet<_> {
            let counted = reach.crossings.iter().filter(|it| certainty.is_none_or(|certainty| it.certainty == certainty));
            counted.map(|it| (&it.from, it.kind, &it.to, it.right)).collect()
        };
        let (all, proven) = (crossings(None).len(), crossings(Some(Certainty::Proven)).len());
        ReachCounts {
            nonproduction_tenants: tenants,
            nonproduction_tenants_reaching_production: reaching,
            production_entities: production,
            production_entities_reached: reached,
            production_entities_possibly_reached: held.len() as u64 - reached,
            crossings: proven as u64,
            possible_crossings: (all - proven) as u64,
        }
    }
}

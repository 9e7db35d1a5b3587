//! [`Summary`]: what a manager reads first.

use crate::analysis::{Cuts, Reach, Rotation, RotationStatus};
use crate::estate::{Coverage, Estate};
use crate::model::{Certainty, EntityType, Environment};
use crate::policy::Severity;
use crate::rules::{Evidence, Finding, Metric};
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
    /// The cheapest cut that ends every proven way from non-production to production. Absent, which is "unknown", where the estate is too large for it to be
    /// searched for in passing ([`super::MOST_SEARCHED`], [`super::MOST_SEARCHED_TOGETHER`]); the question `cuts` searches in any estate.
    pub cuts: Option<CutCounts>,
    /// The secrets by how they stand; every status is listed.
    pub secrets: BTreeMap<RotationStatus, u64>,
    /// What should have been done by now.
    pub overdue: OverdueCounts,
    /// What scanners found.
    pub leaked: LeakedCounts,
    /// What cannot be judged.
    pub not_known: NotKnownCounts,
}

/// A cut: what must be ended so that non-production no longer reaches production.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CutCounts {
    /// How many relations are to be ended; absent where no cut exists, because the policy will not end something on the way.
    pub changes: Option<u64>,
    /// What that costs by the policy; absent as `changes`.
    pub cost: Option<u64>,
    /// What every cut costs at least.
    pub bound: u64,
    /// Whether no cheaper cut exists.
    pub exact: bool,
}

/// Open findings about what should have been done by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OverdueCounts {
    /// Of `rotation-overdue`: secrets older than their limit.
    pub secrets: u64,
    /// Of `tenant-not-offboarded`: tenants that have ended or served their purpose, and are still trusted or hold what works.
    pub tenants: u64,
    /// Of `exception-expired`: decisions to live with something that have ended.
    pub decisions: u64,
}

/// Open findings of `leaked-secret`: values that a scanner found and that still work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeakedCounts {
    /// All of them.
    pub secrets: u64,
    /// Those of which a scanner proved that they work.
    pub verified: u64,
}

/// What cannot be judged, so that silence about it proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NotKnownCounts {
    /// The topics of the coverage.
    pub topics: u64,
    /// Those of them that are not fully known.
    pub topics_with_gaps: u64,
    /// The tenants whose environment is unknown: they are neither start nor target.
    pub tenants_without_environment: u64,
    /// The secrets of which nobody says how old they are, and which have a limit.
    pub secrets_of_unknown_age: u64,
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

/// What a summary is made of.
pub(super) struct Counted<'a> {
    pub findings: &'a [Finding],
    pub reach: &'a Reach,
    pub cuts: Option<&'a Cuts>,
    pub rotation: &'a Rotation,
    pub metrics: &'a [Metric],
    pub coverage: &'a [Coverage],
}

impl Summary {
    pub(super) fn of(counted: &Counted<'_>) -> Self {
        let Counted { findings, reach, cuts, rotation, metrics, coverage } = *counted;
        let secrets = rotation.summary().by_status.clone();
        let (labelled, tenants) = metric(metrics, "label_coverage");
        Summary {
            findings: FindingCounts::of(findings),
            reach: ReachCounts::of(reach, metrics),
            cuts: cuts.map(CutCounts::of),
            overdue: OverdueCounts {
                secrets: open(findings, "rotation-overdue").count() as u64,
                tenants: open(findings, "tenant-not-offboarded").count() as u64,
                decisions: open(findings, "exception-expired").count() as u64,
            },
            leaked: LeakedCounts::of(findings),
            not_known: NotKnownCounts {
                topics: coverage.len() as u64,
                topics_with_gaps: coverage.iter().filter(|topic| topic.known < topic.total).count() as u64,
                tenants_without_environment: tenants - labelled,
                secrets_of_unknown_age: secrets.get(&RotationStatus::UnknownAge).copied().unwrap_or_default(),
            },
            secrets,
        }
    }
}

/// The findings of a rule that nobody decided to live with.
fn open<'a>(findings: &'a [Finding], rule: &'static str) -> impl Iterator<Item = &'a Finding> {
    findings.iter().filter(move |finding| finding.rule == rule && finding.waived.is_none())
}

fn metric(metrics: &[Metric], id: &str) -> (u64, u64) {
    metrics.iter().find(|metric| metric.id == id).map_or((0, 0), |metric| (metric.numerator, metric.denominator))
}

impl CutCounts {
    fn of(cuts: &Cuts) -> Self {
        CutCounts { changes: cuts.cost.map(|_| cuts.cut.len() as u64), cost: cuts.cost, bound: cuts.bound, exact: cuts.exact }
    }
}

impl LeakedCounts {
    fn of(findings: &[Finding]) -> Self {
        let verified = |finding: &&Finding| {
            finding.evidence.iter().any(|it| matches!(it, Evidence::Exposure { exposure, .. } if exposure.verified == Some(true)))
        };
        let leaked = || open(findings, "leaked-secret");
        LeakedCounts { secrets: leaked().count() as u64, verified: leaked().filter(verified).count() as u64 }
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
        let (reaching, tenants) = metric(metrics, "nonproduction_tenants_reaching_production");
        let (reached, production) = metric(metrics, "production_entities_reached");
        let mut held: Vec<&str> = reach.reached.iter().map(|fact| fact.entity).collect();
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

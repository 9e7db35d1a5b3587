//! [`Report`]: everything an assessment says, and the formats it is written in, one file each.

pub mod json;
pub mod markdown;
pub mod opengraph;
mod overview;
pub mod sarif;
mod summary;
#[cfg(feature = "table")]
pub mod table;
pub mod text;

pub use summary::{CutCounts, EstateCounts, FindingCounts, LeakedCounts, NotKnownCounts, OverdueCounts, ReachCounts, Summary};

use crate::analysis::{self, Cuts, CutsOptions};
use crate::aside::aside;
use crate::error::Result;
use crate::estate::{Conflict, Coverage, Estate, Skipped, Source};
use crate::graph::{Graph, GraphOptions};
use crate::model::Instant;
use crate::observer::{Observer, Unobserved};
use crate::policy::Policy;
use crate::rules::{self, Answers, Finding, Metric};
use serde::Serialize;
use summary::Counted;

/// How many entities and relations an estate has at most for an assessment to search for the cheapest cut as well: one maximum flow, which takes a fraction
/// of the time of the rules.
pub const MOST_SEARCHED: usize = 10_000_000;

/// The same where a relation needs several things (`also`): the search then takes a traversal a line of the cut besides, and soon more time than all rules.
pub const MOST_SEARCHED_TOGETHER: usize = 50_000;

/// Everything an assessment says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The version of the library.
    pub version: &'static str,
    /// The instant of the assessment.
    pub as_of: Instant,
    /// What there is in the estate.
    pub estate: EstateCounts,
    /// What a manager reads first.
    pub summary: Summary,
    /// The findings, the worst first and what is waived last.
    pub findings: Vec<Finding>,
    /// Shares over the whole estate, with the figures published for them.
    pub metrics: Vec<Metric>,
    /// What would have to be known and how much of it is, by topic.
    pub coverage: Vec<Coverage>,
    /// What was read.
    pub reading: ReadingAccount,
}

/// What was read, what was left out, and what did not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReadingAccount {
    /// The inputs, in the order they were read.
    pub sources: Vec<Source>,
    /// The records that were left out, each with its place and the reason.
    pub skipped: Vec<Skipped>,
    /// The facts on which two sources disagree.
    pub conflicts: Vec<Conflict>,
    /// The ids that something refers to and nobody describes.
    pub placeholders: Vec<String>,
}

impl Estate {
    /// Holds the estate against a policy: what non-production reaches, which secrets are stale, and every rule.
    ///
    /// Environments are resolved by the policy's rules. Costs a few passes over entities and relations, one traversal (two where relations are only
    /// possible) and one more a 64 distinct crossed facts; up to [`MOST_SEARCHED`] entities and relations
    /// ([`MOST_SEARCHED_TOGETHER`] with `also`) also what `cuts` costs without its choke points.
    ///
    /// ```
    /// use tenantgraph::model::{Identity, IdentityKind, Instant, Relation, RelationKind, Tenant, TenantKind};
    /// use tenantgraph::policy::Policy;
    /// let mut builder = tenantgraph::Estate::builder();
    /// builder.add(Tenant::new("acme-prod", TenantKind::AwsAccount));
    /// builder.add(Identity::new("test-robot", IdentityKind::ServiceAccount));
    /// builder.relate(Relation::new("test-robot", RelationKind::Administers, "acme-prod"));
    /// let report = builder.build().assess(&Policy::default(), Instant::parse("2026-05-01")?)?;
    /// assert_eq!(report.findings[0].rule, "cross-environment-path");
    /// # Ok::<(), tenantgraph::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`crate::ErrorCode::InvalidPolicy`] as [`Policy::check`], and where the policy names a rule that is not there.
    pub fn assess(&self, policy: &Policy, as_of: Instant) -> Result<Report> {
        self.assess_observed(policy, as_of, &Unobserved)
    }

    /// [`Estate::assess`], watched.
    ///
    /// # Errors
    /// As [`Estate::assess`], and [`crate::ErrorCode::Cancelled`].
    pub fn assess_observed(&self, policy: &Policy, as_of: Instant, observer: &dyn Observer) -> Result<Report> {
        if !self.is_asking() {
            // The rules go over the estate without a thought of the observer: the estate asks for them.
            return aside(observer, |observer, asking| self.asking(asking).assessed(policy, as_of, observer));
        }
        self.assessed(policy, as_of, observer)
    }

    fn assessed(&self, policy: &Policy, as_of: Instant, observer: &dyn Observer) -> Result<Report> {
        let estate = self.judged_by(policy)?;
        let graph = Graph::compile(&estate, GraphOptions::at(as_of), observer)?;
        let answers = Answers::of(&graph, policy, observer)?;
        let context = answers.context(&graph, policy);
        let findings = rules::findings(&context, observer)?;
        let metrics = rules::metrics(&context, observer)?;
        let coverage = rules::coverage(&context);
        let cuts = cuts(&graph, policy, observer)?;
        let summary = Summary::of(&Counted {
            findings: &findings,
            reach: &answers.reach,
            cuts: cuts.as_ref(),
            rotation: &answers.rotation,
            metrics: &metrics,
            coverage: &coverage,
        });
        Ok(Report {
            version: env!("CARGO_PKG_VERSION"),
            as_of,
            estate: EstateCounts::of(&estate),
            summary,
            findings,
            metrics,
            coverage,
            reading: ReadingAccount::of(&estate),
        })
    }

    /// The findings of an assessment alone, for what compares them: no metric is counted and no cut is searched for.
    pub(crate) fn findings_observed(&self, policy: &Policy, as_of: Instant, observer: &dyn Observer) -> Result<Vec<Finding>> {
        let estate = self.judged_by(policy)?;
        let graph = Graph::compile(&estate, GraphOptions::at(as_of), observer)?;
        let answers = Answers::of(&graph, policy, observer)?;
        rules::findings(&answers.context(&graph, policy), observer)
    }

    /// The estate with its environments resolved by a policy that is fit to judge it.
    fn judged_by(&self, policy: &Policy) -> Result<Estate> {
        policy.check()?;
        rules::check_rule_ids(policy)?;
        self.with_environment_rules(&policy.environments)
    }
}

/// The cheapest cut of every proven way, where the estate is not too large for it.
fn cuts(graph: &Graph, policy: &Policy, observer: &dyn Observer) -> Result<Option<Cuts>> {
    let estate = graph.estate();
    let most = if graph.needs_several() { MOST_SEARCHED_TOGETHER } else { MOST_SEARCHED };
    if estate.len() + estate.relations().len() > most {
        return Ok(None);
    }
    let mut options = CutsOptions::at(policy.cuts.clone());
    options.choke_points = 0;
    analysis::cuts(graph, &options, observer).map(Some)
}

impl ReadingAccount {
    fn of(estate: &Estate) -> Self {
        let reading = estate.reading().clone();
        ReadingAccount {
            sources: reading.sources,
            skipped: reading.skipped,
            conflicts: reading.conflicts,
            placeholders: reading.placeholders,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use crate::model::{Identity, IdentityKind, Relation, RelationKind, Secret, SecretKind, Tenant, TenantKind};

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect("a test instant")
    }

    fn estate(reversed: bool) -> Estate {
        let mut builder = Estate::builder();
        let mut relations = vec![
            Relation::new("key", RelationKind::AuthenticatesAs, "robot"),
            Relation::new("robot", RelationKind::Administers, "acme-prod").permission("roles/owner"),
            Relation::new("robot", RelationKind::Reads, "lost"),
        ];
        if reversed {
            relations.reverse();
        }
        relations.into_iter().for_each(|relation| builder.relate(relation));
        builder.add(Tenant::new("acme-dev", TenantKind::GcpProject));
        builder.add(Tenant::new("acme-prod", TenantKind::GcpProject));
        builder.add(Identity { tenant: Some("acme-dev".into()), ..Identity::new("robot", IdentityKind::ServiceAccount) });
        let key =
            Secret { tenant: Some("acme-dev".into()), created_at: Some(at("2020-01-01")), ..Secret::new("key", SecretKind::AccessKey) };
        builder.add(key);
        builder.build()
    }

    #[test]
    fn a_report_counts_what_it_found_and_is_the_same_whatever_the_order_of_the_input() {
        let assess = |reversed| estate(reversed).assess(&Policy::default(), at("2026-05-01")).expect("a report");
        let report = assess(false);
        assert_eq!(json::to_json(&report).expect("JSON"), json::to_json(&assess(true)).expect("JSON"));
        let counts = &report.summary;
        assert_eq!((counts.reach.nonproduction_tenants_reaching_production, counts.reach.crossings), (1, 1));
        assert_eq!(counts.secrets[&crate::analysis::RotationStatus::Overdue], 1);
        assert_eq!(counts.findings.total, report.findings.len() as u64);
        assert_eq!(counts.findings.by_severity[&crate::policy::Severity::Critical], 1);
        assert_eq!((report.estate.entities, report.estate.placeholders, report.estate.relations), (5, 1, 3));
        let mut fingerprints: Vec<_> = report.findings.iter().map(|finding| &finding.fingerprint).collect();
        fingerprints.sort();
        fingerprints.dedup();
        assert_eq!(fingerprints.len(), report.findings.len());
    }

    #[test]
    fn a_cut_that_would_take_long_is_unknown() {
        let cuts = |also: bool| {
            let mut builder = Estate::builder();
            for at in 0..=MOST_SEARCHED_TOGETHER / 2 {
                let (robot, next) = (format!("robot-{at}"), format!("robot-{}", at + 1));
                builder.add(Identity::new(&*robot, IdentityKind::ServiceAccount));
                let relation = Relation::new(robot, RelationKind::Assumes, next);
                builder.relate(if also && at == 0 { relation.also("robot-2", crate::model::Right::Control) } else { relation });
            }
            builder.build().assess(&Policy::default(), at("2026-05-01")).expect("a report").summary.cuts
        };
        assert_eq!(cuts(false).and_then(|cuts| cuts.changes), Some(0));
        assert_eq!(cuts(true), None);
    }

    #[test]
    fn the_keys_of_a_report_are_stable() {
        let report = estate(false).assess(&Policy::default(), at("2026-05-01")).expect("a report");
        let value: serde_json::Value = serde_json::from_str(&json::to_json(&report).expect("JSON")).expect("JSON");
        let keys = |value: &serde_json::Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(keys(&value), "as_of coverage estate findings metrics reading summary version");
        assert_eq!(
            keys(&value["findings"][0]),
            "evidence fingerprint message raised remedy rule severity severity_reason standards subjects title waived"
        );
        assert_eq!(keys(&value["findings"][0]["standards"]), "ai_rmf nist_800_53 nist_csf nist_csf_1_1 owasp_nhi");
        assert_eq!(keys(&value["metrics"][0]), "by_environment by_tenant definition denominator id numerator published value");
        assert_eq!(keys(&value["summary"]), "cuts findings leaked not_known overdue reach secrets");
        assert_eq!(keys(&value["reading"]), "conflicts placeholders skipped sources");
    }

    #[test]
    fn a_policy_that_names_no_rule_of_ours_is_refused() {
        for text in ["severities.rotation-overdu = 'low'", "exceptions = [{ rule = 'x', subject = '*', reason = 'r', owner = 'o' }]"] {
            let policy = Policy::from_toml(text).expect("a policy");
            let error = estate(false).assess(&policy, at("2026-05-01")).expect_err("no such rule");
            assert_eq!(error.code(), ErrorCode::InvalidPolicy);
            assert!(error.message().contains("`rotation-overdue`"), "{error}");
        }
    }
}

//! Trusts and federations that nobody uses or nobody looks at.

use crate::estate::{Coverage, EntityIndex, Estate, RelationRef, Tie};
use crate::model::words::words;
use crate::model::{Environment, Instant, RelationKind};
use crate::policy::{Policy, Reviews};
use serde::Serialize;

words! {
    /// What is wrong with a trust.
    TrustProblem {
        /// It was last used longer ago than the policy says.
        Unused => "unused",
        /// It is older than the policy says, and nobody has reviewed it since.
        NotReviewed => "not_reviewed",
    }
}

/// A trust or federation that nobody uses or nobody looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaleTrust {
    /// The relation.
    pub relation: Tie,
    /// The environment of FROM.
    pub from_environment: Environment,
    /// The environment of TO.
    pub to_environment: Environment,
    /// What is wrong.
    pub problems: Vec<TrustProblem>,
    /// When it was granted, or else from when it holds.
    pub granted_at: Option<Instant>,
    /// When it was last used.
    pub last_used_at: Option<Instant>,
    /// Whole days since then.
    pub unused_days: Option<i64>,
    /// When it was last reviewed, as a label on either end says.
    pub reviewed_at: Option<Instant>,
}

/// The trusts in force that are unused or not reviewed, in the canonical order of relations.
///
/// A trust is `trusted_by`, `federates_to`, and between two tenants `instantiates` and `assumes`.
pub(super) fn trusts(estate: &Estate, policy: &Policy, as_of: Instant, coverage: &mut Vec<Coverage>) -> Vec<StaleTrust> {
    let lives = |entity: EntityIndex| estate.entity(entity).lives_at(as_of);
    let in_force = |relation: &RelationRef<'_>| relation.valid_at(as_of) && lives(relation.from()) && lives(relation.to());
    let (mut uses, mut ages) = (Vec::new(), Vec::new());
    let mut stale = Vec::new();
    for relation in estate.relations().filter(|relation| is_trust(estate, *relation) && in_force(relation)) {
        let past = |at: Option<Instant>| at.filter(|at| *at <= as_of);
        let reviewed = [relation.from(), relation.to()].map(|end| reviewed_at(estate, end, &policy.reviews, as_of));
        let (reviewed_at, last_used_at) = (reviewed.into_iter().max().flatten(), past(relation.last_used_at()));
        let granted_at = past(relation.granted_at().or(relation.valid_from()));
        let looked_at = reviewed_at.max(granted_at);
        uses.push(last_used_at.is_some());
        ages.push(looked_at.is_some());
        let unused_days = last_used_at.map(|used| as_of.days_since(used));
        let unused = unused_days.is_some_and(|days| days > i64::from(policy.dormancy_days.trusts));
        let old = looked_at.is_some_and(|at| as_of.days_since(at) > i64::from(policy.reviews.trust_days));
        let problems: Vec<_> = [(unused, TrustProblem::Unused), (old, TrustProblem::NotReviewed)]
            .into_iter()
            .filter_map(|(holds, problem)| holds.then_some(problem))
            .collect();
        if !problems.is_empty() {
            let environment = |end: EntityIndex| estate.environment(end).environment;
            stale.push(StaleTrust {
                relation: Tie::of(estate, relation),
                from_environment: environment(relation.from()),
                to_environment: environment(relation.to()),
                problems,
                granted_at,
                last_used_at,
                unused_days,
                reviewed_at,
            });
        }
    }
    coverage.extend(Coverage::counted("trust_uses", uses, "trusts of which nobody says when they were last used may all be unused"));
    coverage.extend(Coverage::counted(
        "trust_ages",
        ages,
        "trusts of which nobody says when they were granted or reviewed may be forgotten",
    ));
    stale
}

fn is_trust(estate: &Estate, relation: RelationRef<'_>) -> bool {
    let apart = || {
        let (from, to) = (estate.own_tenant(relation.from()), estate.own_tenant(relation.to()));
        from.zip(to).is_some_and(|(from, to)| from != to)
    };
    match relation.kind() {
        // Inside a tenant an application and its service principal are one thing, and an identity that assumes another is at home.
        RelationKind::Instantiates | RelationKind::Assumes => apart(),
        kind => kind.is_trust(),
    }
}

/// The date of the last review that the labels of an entity hold; one in the future, or no date at all, says nothing.
fn reviewed_at(estate: &Estate, entity: EntityIndex, reviews: &Reviews, as_of: Instant) -> Option<Instant> {
    let labels = estate.entity(entity).labels()?.iter();
    let asked = labels.filter(|(label, _)| reviews.labels.iter().any(|key| key.eq_ignore_ascii_case(label)));
    asked.filter_map(|(_, value)| Instant::parse(value.trim()).ok()).filter(|at| *at <= as_of).max()
}

//! `legacy-trust`: a trust or federation that nobody uses or nobody looks at.

use super::rule::{Context, Draft, Rule};
use super::wording::days;
use super::{Evidence, Standards};
use crate::analysis::{StaleTrust, TrustProblem};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "legacy-trust",
    title: "Trust that nobody uses or reviews",
    why: "A trust outlives the project it was made for. It lets whoever takes the other side in, without a secret that could expire, and long after the \
          contract, the people and the reason are gone.",
    remedy: "End what is not used. Review the rest with its owner, narrow it to the subjects that need it, and note the date of the review.",
    example: "The vendor of a closed project is still accepted as an identity provider. End the trust; where it is needed, review it and write the date down.",
    severity: Severity::Medium,
    severity_reason: "it lets another organisation in, and nobody would notice its use",
    standards: Standards::new(&["NHI1:2025", "NHI3:2025"], &["GV.SC-10"], &["CA-3"]).ai_rmf(&["GOVERN 6.1", "MANAGE 3.1"]),
    check,
};

/// A trust of which nobody says when it was granted, used or reviewed is unknown; it stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    context.lifecycle.trusts.iter().map(|trust| draft(context, trust)).collect()
}

fn draft(context: &Context<'_>, trust: &StaleTrust) -> Draft {
    let relation = &trust.relation;
    let since = |at: Option<crate::model::Instant>| at.map(|at| at.date()).unwrap_or_default();
    let problems: Vec<_> = trust
        .problems
        .iter()
        .map(|problem| match (problem, trust.reviewed_at) {
            (TrustProblem::Unused, _) => {
                format!("was last used on {}, {} ago", since(trust.last_used_at), days(trust.unused_days.unwrap_or_default()))
            }
            (_, Some(reviewed)) if Some(reviewed) >= trust.granted_at => format!("was last reviewed on {}", reviewed.date()),
            _ => format!("was granted on {} and never reviewed", since(trust.granted_at)),
        })
        .collect();
    let message = format!(
        "the trust of {} in {} by `{}` {}",
        context.name_of(&relation.to),
        context.name_of(&relation.from),
        relation.kind,
        problems.join(", and ")
    );
    let raising = [&relation.to, &relation.from].into_iter().filter_map(|end| context.estate.find(end)).collect();
    let mut draft = Draft::new(vec![relation.from.clone(), relation.to.clone()], message);
    draft.facet = format!("{} {}", relation.kind, relation.permission.as_deref().unwrap_or_default());
    draft.weight = trust.unused_days.unwrap_or_default().unsigned_abs();
    let (granted_at, last_used_at, reviewed_at) = (trust.granted_at, trust.last_used_at, trust.reviewed_at);
    draft
        .show(Evidence::Relation { relation: relation.clone() })
        .show(Evidence::Trust { granted_at, last_used_at, reviewed_at })
        .raised_by(raising)
}

#[cfg(test)]
mod tests {
    use crate::model::{Relation, RelationKind};
    use crate::rules::testing::{Scene, at};

    fn trust(granted_at: Option<&str>, last_used_at: Option<&str>) -> Relation {
        let (granted_at, last_used_at) = (granted_at.map(at), last_used_at.map(at));
        Relation { granted_at, last_used_at, ..Relation::new("globex", RelationKind::TrustedBy, "acme-dev") }
    }

    fn messages(relation: Relation, policy: &str) -> Vec<String> {
        let scene = Scene::new().tenant("globex").tenant("acme-dev").relate(relation);
        scene.findings("legacy-trust", policy).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_trust_that_is_unused_or_never_reviewed_is_found() {
        assert_eq!(
            messages(trust(Some("2020-01-01"), Some("2025-05-01")), ""),
            [
                "the trust of `acme-dev` in `globex` by `trusted_by` was last used on 2025-05-01, 365 days ago, and was granted on 2020-01-01 and never \
                 reviewed"
            ]
        );
        assert_eq!(messages(trust(None, Some("2026-04-01")), "dormancy_days.trusts = 29").len(), 1);
    }

    #[test]
    fn what_is_used_young_or_unknown_is_silent() {
        assert!(messages(trust(Some("2026-01-01"), Some("2026-04-01")), "").is_empty());
        assert!(messages(trust(None, None), "").is_empty());
        assert!(messages(Relation { valid_until: Some(at("2026-05-01")), ..trust(Some("2020-01-01"), None) }, "").is_empty());
    }
}

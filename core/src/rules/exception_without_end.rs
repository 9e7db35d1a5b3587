//! `exception-without-end`: a decision to live with something has no end.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "exception-without-end",
    title: "Exception without an end",
    why: "An exception that never ends is a change of policy that nobody decided. It still waives, so the finding under it will not come up again by \
          itself.",
    remedy: "Give it an end, or change the policy itself where it is meant to stay.",
    example: "A waiver of `rotation-overdue` for `legacy-*` names no end. Give it a date by which somebody looks again.",
    severity: Severity::Low,
    severity_reason: "what it waives will never be asked about again",
    standards: Standards::new(&[], &["ID.RA-07"], &["CA-7"]).ai_rmf(&["MANAGE 1.3"]),
    check,
};

/// Only exceptions: an allowed flow is part of the design and may stay.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let endless = context.policy.exceptions.iter().filter(|exception| exception.expires.is_none());
    endless
        .map(|exception| {
            let decision = format!("exception from {} for {}", exception.rule, exception.subject);
            let message = format!("the {decision} has no end; `{}` answers for it", exception.owner);
            let (reason, owner) = (exception.reason.clone(), exception.owner.clone());
            let evidence = Evidence::Decision { decision: decision.clone(), reason, owner, expires: None };
            Draft::new(vec![decision], message).show(evidence)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::model::{Secret, SecretKind};
    use crate::rules::testing::Scene;

    const POLICY: &str = "exceptions = [{ rule = 'secret-age-unknown', subject = '*', reason = 'import', owner = 'platform' }]";

    #[test]
    fn it_is_found_and_still_waives() {
        let scene = || Scene::new().secret(Secret::new("key", SecretKind::Token));
        let findings = scene().findings("exception-without-end", POLICY);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].message, "the exception from secret-age-unknown for * has no end; `platform` answers for it");
        assert!(findings[0].waived.is_none());
        assert!(scene().findings("secret-age-unknown", POLICY)[0].waived.is_some());
    }

    #[test]
    fn one_with_an_end_is_silent() {
        let ends = POLICY.replace("owner", "expires = 2027-01-01, owner");
        assert!(Scene::new().findings("exception-without-end", &ends).is_empty());
    }
}

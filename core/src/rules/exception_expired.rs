//! `exception-expired`: a decision to live with something has ended and still stands in the policy.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "exception-expired",
    title: "Exception past its end",
    why: "An exception was meant to end. What it waived counts again from that day, and nobody may have noticed that the work it bought time for was \
          never done.",
    remedy: "Do the work and delete the entry, or decide anew with a new end.",
    example: "A waiver for the partner's key ran until March, and it is May. Rotate the key, or decide anew and write a new end.",
    severity: Severity::Medium,
    severity_reason: "what it waived is open again, and the decision behind it is no longer anyone's",
    standards: Standards::new(&[], &["ID.RA-07"], &["CA-7"]).ai_rmf(&["MANAGE 1.3"]),
    check,
};

/// Allowed flows end like exceptions do.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let ended = context.policy.exceptions.iter().filter(|exception| exception.has_expired(context.as_of));
    let exceptions = ended.map(|exception| {
        let decision = format!("exception from {} for {}", exception.rule, exception.subject);
        (decision, &exception.reason, &exception.owner, exception.expires)
    });
    let ended = context.policy.flows.iter().filter(|flow| flow.has_expired(context.as_of));
    let flows = ended.map(|flow| (format!("flow from {flow}"), &flow.reason, &flow.owner, flow.expires));
    exceptions
        .chain(flows)
        .map(|(decision, reason, owner, expires)| {
            let end = expires.map(|end| end.date()).unwrap_or_default();
            let message = format!("the {decision} ended on {end} and waives nothing any more; `{owner}` answers for it");
            let evidence = Evidence::Decision { decision: decision.clone(), reason: reason.clone(), owner: owner.clone(), expires };
            Draft::new(vec![decision], message).show(evidence)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::Scene;

    const POLICY: &str = "
        [[exceptions]]
        rule = 'rotation-overdue'
        subject = 'old-*'
        reason = 'June release'
        owner = 'payments'
        expires = 2026-05-01
        [[flows]]
        from = 'demo'
        to = 'production'
        right = 'read'
        reason = 'fair'
        owner = 'sales'
        expires = 2026-04-01";

    #[test]
    fn what_has_ended_is_found_from_its_last_day_on() {
        let findings = Scene::new().findings("exception-expired", POLICY);
        let messages: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "the exception from rotation-overdue for old-* ended on 2026-05-01 and waives nothing any more; `payments` answers for it",
                "the flow from demo to production: read ended on 2026-04-01 and waives nothing any more; `sales` answers for it",
            ]
        );
    }

    #[test]
    fn what_still_runs_is_silent() {
        assert!(Scene::new().findings("exception-expired", &POLICY.replace("2026", "2027")).is_empty());
        assert!(Scene::new().findings("exception-expired", "").is_empty());
    }
}

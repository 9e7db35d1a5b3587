//! `secret-age-unknown`: nothing says how old a secret is.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::analysis::RotationStatus;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "secret-age-unknown",
    title: "Age of a secret unknown",
    why: "A secret whose age nobody knows cannot be said to be rotated. It may be the oldest of all.",
    remedy: "Add the dates to the export, or rotate the secret once: then its age is known. A date in the future is an error of the source; correct \
             it there.",
    example: "A key in a vault has neither a date of creation nor one of rotation. Export the dates, or rotate it once and keep the date.",
    severity: Severity::Low,
    severity_reason: "an unknown age may be the oldest of all",
    standards: Standards::new(&["NHI7:2025"], &["PR.AA-01"], &["IA-5"]).ai_rmf(&["GOVERN 1.6"]),
    check,
};

fn check(context: &Context<'_>) -> Vec<Draft> {
    let problems = &context.rotation.summary().data_problems;
    let unknown = context.rotation.of_status(RotationStatus::UnknownAge);
    unknown
        .map(|entry| {
            let name = context.name_of(entry.secret);
            let first = problems.partition_point(|problem| problem.secret.as_str() < entry.secret);
            let own: Vec<_> = problems[first..].iter().take_while(|problem| problem.secret == entry.secret).collect();
            let message = match own.first() {
                Some(problem) => format!("the age of {name} is unknown: its `{}` {}", problem.field, problem.problem),
                None => format!("nothing says when {name} was created or rotated"),
            };
            let evidence = Evidence::Age { secret: entry.secret.to_owned(), age_days: None, limit_days: entry.limit_days, due: entry.due };
            let mut draft = Draft::new(vec![entry.secret.to_owned()], message).show(evidence);
            for problem in own {
                draft = draft.show(Evidence::Date { entity: problem.secret.clone(), field: problem.field, problem: problem.problem });
            }
            draft.raised_by(context.estate.find(entry.secret).into_iter().collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Secret, SecretKind};
    use crate::rules::testing::{Scene, at};

    #[test]
    fn a_missing_date_and_a_future_one_are_told_apart() {
        let none = Scene::new().secret(Secret::new("key", SecretKind::Token)).findings("secret-age-unknown", "");
        assert_eq!((none[0].message.as_str(), none[0].severity), ("nothing says when `key` was created or rotated", Severity::Low));
        let future = Secret { created_at: Some(at("2027-01-01")), ..Secret::new("key", SecretKind::Token) };
        let future = Scene::new().secret(future).findings("secret-age-unknown", "");
        assert_eq!(future[0].message, "the age of `key` is unknown: its `created_at` lies after the instant of the question");
        assert_eq!(future[0].evidence.len(), 2);
    }

    #[test]
    fn a_known_age_and_a_kind_without_limits_are_silent() {
        let known = Secret { created_at: Some(at("2020-01-01")), ..Secret::new("key", SecretKind::Token) };
        assert!(Scene::new().secret(known).findings("secret-age-unknown", "").is_empty());
        let free = Scene::new().secret(Secret::new("key", SecretKind::Token)).findings("secret-age-unknown", "limits.token = {}");
        assert!(free.is_empty());
    }
}

//! The rules: one file each, listed in [`RULES`]; and the findings that they make.

mod answers;
mod both_sides;
mod broader_than_production;
mod contradictory_label;
mod control_drift;
mod coverage;
mod cross_environment_path;
mod dormancy;
mod dormant_identity;
mod exception_expired;
mod exception_without_end;
mod expired_secret_kept;
mod federations;
mod finding;
mod human_uses_machine_identity;
mod identity_spans_environments;
mod judge;
mod keys;
mod leaked_secret;
mod legacy_trust;
mod metrics;
mod opened;
mod orphaned_identity;
mod over_privileged_identity;
mod people;
mod pipeline_spans_environments;
mod pipelines;
mod production_coupled_tenant;
mod production_data_outside_production;
mod rotation_overdue;
mod rule;
mod secret_age_unknown;
mod secret_lives_too_long;
mod secret_never_expires;
mod secret_outside_manager;
mod secret_spans_environments;
mod share;
mod shared_boundary;
mod standards;
mod static_secret_in_pipeline;
mod subjects;
mod tenant_not_offboarded;
#[cfg(test)]
mod testing;
mod third_party_over_scoped;
mod unlabelled_tenant;
mod unmonitored_tenant;
mod unscoped_federation;
mod unused_grant;
mod unused_secret;
mod vendors;
mod weak_authentication;
mod wording;

pub(crate) use answers::Answers;
pub(crate) use coverage::coverage;
pub use finding::{Evidence, Finding, SecretUse, WaivedBy, Waiver};
pub(crate) use judge::{check_rule_ids, findings};
pub(crate) use metrics::metrics;
pub use metrics::{Metric, Published};
pub use rule::Rule;
pub use share::Share;
pub use standards::{StandardItem, Standards};

/// Every rule, in the order in which findings of one severity stand. This list is the only registration.
pub static RULES: &[&Rule] = &[
    &cross_environment_path::RULE,
    &identity_spans_environments::RULE,
    &secret_spans_environments::RULE,
    &pipeline_spans_environments::RULE,
    &shared_boundary::RULE,
    &production_data_outside_production::RULE,
    &production_coupled_tenant::RULE,
    &leaked_secret::RULE,
    &secret_outside_manager::RULE,
    &rotation_overdue::RULE,
    &secret_lives_too_long::RULE,
    &secret_never_expires::RULE,
    &secret_age_unknown::RULE,
    &expired_secret_kept::RULE,
    &unused_secret::RULE,
    &static_secret_in_pipeline::RULE,
    &unscoped_federation::RULE,
    &weak_authentication::RULE,
    &over_privileged_identity::RULE,
    &unused_grant::RULE,
    &broader_than_production::RULE,
    &orphaned_identity::RULE,
    &dormant_identity::RULE,
    &tenant_not_offboarded::RULE,
    &legacy_trust::RULE,
    &third_party_over_scoped::RULE,
    &control_drift::RULE,
    &unmonitored_tenant::RULE,
    &human_uses_machine_identity::RULE,
    &contradictory_label::RULE,
    &unlabelled_tenant::RULE,
    &exception_expired::RULE,
    &exception_without_end::RULE,
];

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn a_rule_is_told_apart_by_its_id_and_says_all_that_a_reader_needs() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(rule.id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{}", rule.id);
            for text in [rule.why, rule.remedy, rule.example] {
                assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", rule.id);
            }
            assert!(
                rule.severity_reason.starts_with(|first: char| first.is_lowercase()) && !rule.severity_reason.ends_with('.'),
                "{}",
                rule.id
            );
            assert!(!rule.title.is_empty() && !rule.title.ends_with('.'), "{}", rule.id);
        }
    }
}

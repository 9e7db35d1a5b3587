//! [`words`]: every closed list of words that the crate's JSON uses, for type files, docs and help that are derived from it.

use super::QUESTIONS;
use crate::analysis::{
    Control, CouplingKind, DriftAgainst, IsolationVerdict, LabelVerdict, OffboardingReason, OwnerProblem, PrivilegeReason, RotationStatus,
    SharingCategory, SharingRole, TrustProblem, Verdict,
};
use crate::error::ErrorCode;
use crate::importers::IMPORTERS;
use crate::model::{
    Authentication, Certainty, DataKind, EntityType, Environment, EnvironmentClass, EnvironmentSource, Guard, IdentityKind, RelationKind,
    ResourceKind, Right, SecretKind, Storage, TenantKind,
};
use crate::policy::{PermissionScope, Severity};
use crate::rules::RULES;

/// A closed list of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordList {
    /// What the words are, in snake case, for example `relation_kind`.
    pub name: &'static str,
    /// The words, in the order of the crate.
    pub words: Vec<&'static str>,
}

macro_rules! lists {
    ($($name:literal => $type:ident,)*) => {
        vec![$(WordList { name: $name, words: $type::ALL.iter().map(|word| word.as_str()).collect() },)*]
    };
}

/// Every closed list of words, in the order of this file.
pub fn words() -> Vec<WordList> {
    let mut lists = lists! {
        "entity_type" => EntityType,
        "tenant_kind" => TenantKind,
        "identity_kind" => IdentityKind,
        "secret_kind" => SecretKind,
        "resource_kind" => ResourceKind,
        "relation_kind" => RelationKind,
        "right" => Right,
        "certainty" => Certainty,
        "guard" => Guard,
        "environment" => Environment,
        "environment_class" => EnvironmentClass,
        "environment_source" => EnvironmentSource,
        "authentication" => Authentication,
        "storage" => Storage,
        "data_kind" => DataKind,
        "verdict" => Verdict,
        "isolation_verdict" => IsolationVerdict,
        "privilege_reason" => PrivilegeReason,
        "sharing_category" => SharingCategory,
        "sharing_role" => SharingRole,
        "rotation_status" => RotationStatus,
        "permission_scope" => PermissionScope,
        "offboarding_reason" => OffboardingReason,
        "owner_problem" => OwnerProblem,
        "trust_problem" => TrustProblem,
        "label_verdict" => LabelVerdict,
        "control" => Control,
        "drift_against" => DriftAgainst,
        "coupling_kind" => CouplingKind,
        "severity" => Severity,
        "error_code" => ErrorCode,
    };
    lists.push(WordList { name: "rule", words: RULES.iter().map(|rule| rule.id).collect() });
    lists.push(WordList { name: "question", words: QUESTIONS.iter().map(|question| question.name).collect() });
    lists.push(WordList { name: "format", words: IMPORTERS.iter().map(|importer| importer.format()).collect() });
    lists
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_so_are_the_words_of_a_list() {
        let distinct = |mut words: Vec<&'static str>| {
            let all = words.len();
            words.sort_unstable();
            words.dedup();
            words.len() == all
        };
        assert!(distinct(words().iter().map(|list| list.name).collect()));
        for list in words() {
            assert!(distinct(list.words), "{}", list.name);
        }
    }
}

//! The written form of a policy: everything may be left out, and what is written is laid over the default.

use super::dormancy::{DormancyDocument, ReviewsDocument};
use super::third_party::ThirdPartyDocument;
use super::{Boundary, CutCosts, Exception, Flow, Limits, Policy, PrivilegedPermission, Severity};
use crate::error::{Error, ErrorCode, Place, Result, json_reason};
use crate::estate::EnvironmentRules;
use crate::model::{Controls, EnvironmentClass, Storage};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    due_soon_days: Option<u32>,
    never_expires_days: Option<u32>,
    dynamic_lifetime_days: Option<u32>,
    short_lived_days: Option<u32>,
    secret_managers: Option<Vec<Storage>>,
    strong_authentication: Option<Vec<EnvironmentClass>>,
    strong_authentication_of_privileged: Option<bool>,
    left_owners: Option<Vec<String>>,
    privileged_permissions: Option<Vec<PrivilegedPermission>>,
    dormancy_days: Option<DormancyDocument>,
    reviews: Option<ReviewsDocument>,
    third_party: Option<ThirdPartyDocument>,
    baselines: Option<BTreeMap<EnvironmentClass, Controls>>,
    limits: Option<Limits>,
    limits_by_class: Option<BTreeMap<EnvironmentClass, Limits>>,
    environments: Option<EnvironmentRules>,
    boundaries: Option<Vec<Boundary>>,
    flows: Option<Vec<Flow>>,
    cuts: Option<CutCosts>,
    severities: Option<BTreeMap<String, Severity>>,
    exceptions: Option<Vec<Exception>>,
}

impl Document {
    pub fn from_toml(text: &str) -> Result<Document> {
        toml::from_str(text).map_err(|error| {
            let syntax = text.parse::<toml::Table>().is_err();
            let reason = if syntax { "not valid TOML" } else { "a value of the wrong type, a missing field or an unknown one" };
            invalid(reason, error.span().map(|span| line_and_column(text, span.start)))
        })
    }

    pub fn from_json(text: &str) -> Result<Document> {
        serde_json::from_str(text)
            .map_err(|error: serde_json::Error| invalid(json_reason(&error), Some((error.line() as u64, error.column() as u64))))
    }

    /// Lays what is written over a policy.
    pub fn over(self, mut policy: Policy) -> Policy {
        fn set<T>(field: &mut T, written: Option<T>) {
            if let Some(written) = written {
                *field = written;
            }
        }
        set(&mut policy.due_soon_days, self.due_soon_days);
        set(&mut policy.never_expires_days, self.never_expires_days);
        set(&mut policy.dynamic_lifetime_days, self.dynamic_lifetime_days);
        set(&mut policy.short_lived_days, self.short_lived_days);
        set(&mut policy.secret_managers, self.secret_managers);
        set(&mut policy.strong_authentication, self.strong_authentication);
        set(&mut policy.strong_authentication_of_privileged, self.strong_authentication_of_privileged);
        set(&mut policy.left_owners, self.left_owners);
        set(&mut policy.privileged_permissions, self.privileged_permissions);
        policy.dormancy_days = self.dormancy_days.unwrap_or_default().over(policy.dormancy_days);
        policy.reviews = self.reviews.unwrap_or_default().over(policy.reviews);
        policy.third_party = self.third_party.unwrap_or_default().over(policy.third_party);
        policy.baselines.extend(self.baselines.unwrap_or_default());
        policy.limits.extend(self.limits.unwrap_or_default());
        set(&mut policy.limits_by_class, self.limits_by_class);
        set(&mut policy.environments, self.environments);
        set(&mut policy.boundaries, self.boundaries);
        set(&mut policy.flows, self.flows);
        set(&mut policy.cuts, self.cuts);
        set(&mut policy.severities, self.severities);
        set(&mut policy.exceptions, self.exceptions);
        policy
    }
}

/// An error of a written policy. The parsers' own words quote the input, so they are not shown.
fn invalid(reason: &str, at: Option<(u64, u64)>) -> Error {
    let mut place = Place::new("policy");
    if let Some((line, column)) = at {
        place = place.line(line).column(column);
    }
    Error::new(ErrorCode::InvalidPolicy, format!("{reason}; `tenantgraph policy` prints a policy with every field")).at(place)
}

/// The line and the column, from 1 and in characters, of a byte of a text.
fn line_and_column(text: &str, byte: usize) -> (u64, u64) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() as u64 + 1, before[line_start..].chars().count() as u64 + 1)
}

//! [`Limit`] and [`Limits`]: how old a secret may grow, how long it may live, and whether it must end.

use crate::model::SecretKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The limits of a kind of secret. What is absent is not limited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The oldest a value may be, in days since it was rotated, or else created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_days: Option<u32>,
    /// The longest it may be valid, in days from its creation to its expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime_days: Option<u32>,
    /// Whether a statement that it never expires is a finding.
    #[serde(default)]
    pub must_expire: bool,
}

impl Limit {
    /// The days after which a value is too old: the age limit, or else the lifetime limit, for what is older than it may live has lived too long.
    pub fn oldest_days(&self) -> Option<u32> {
        self.age_days.or(self.lifetime_days)
    }

    pub(super) fn is_possible(&self) -> bool {
        self.age_days != Some(0) && self.lifetime_days != Some(0)
    }
}

/// Limits by kind of secret.
pub type Limits = BTreeMap<SecretKind, Limit>;

//! [`Exception`]: a finding that the organisation decided to live with for a while.

use super::instant;
use crate::model::Instant;
use serde::{Deserialize, Serialize};

/// A decision to live with the findings of a rule about some subjects. It hides nothing: the finding is marked as waived and counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The id of the rule.
    pub rule: String,
    /// A glob over the ids of the finding's subjects: `*` stands for any text and `?` for one character. One subject that matches is enough.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// From when it waives nothing any more. One without an end is a finding of its own.
    #[serde(default, deserialize_with = "instant::optional", skip_serializing_if = "Option::is_none")]
    pub expires: Option<Instant>,
}

impl Exception {
    /// Whether it has ended.
    pub fn has_expired(&self, as_of: Instant) -> bool {
        self.expires.is_some_and(|end| end <= as_of)
    }
}

//! [`DormancyDays`] and [`Reviews`]: after how long what is not used, or not looked at, counts as forgotten.

use serde::{Deserialize, Serialize};

/// The days without use after which something counts as unused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct DormancyDays {
    /// Of identities.
    pub identities: u32,
    /// Of secrets.
    pub secrets: u32,
    /// Of rights that were granted.
    pub grants: u32,
    /// Of trusts and federations.
    pub trusts: u32,
}

/// How often a trust is looked at, and where that is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reviews {
    /// The days after which a trust must have been reviewed, from when it was granted or last reviewed.
    pub trust_days: u32,
    /// The labels, on either end of a trust, that hold the date of its last review; letter case does not matter.
    pub labels: Vec<String>,
}

/// What a written policy says of [`DormancyDays`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DormancyDocument {
    identities: Option<u32>,
    secrets: Option<u32>,
    grants: Option<u32>,
    trusts: Option<u32>,
}

/// What a written policy says of [`Reviews`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ReviewsDocument {
    trust_days: Option<u32>,
    labels: Option<Vec<String>>,
}

impl DormancyDocument {
    pub fn over(self, known: DormancyDays) -> DormancyDays {
        DormancyDays {
            identities: self.identities.unwrap_or(known.identities),
            secrets: self.secrets.unwrap_or(known.secrets),
            grants: self.grants.unwrap_or(known.grants),
            trusts: self.trusts.unwrap_or(known.trusts),
        }
    }
}

impl ReviewsDocument {
    pub fn over(self, known: Reviews) -> Reviews {
        Reviews { trust_days: self.trust_days.unwrap_or(known.trust_days), labels: self.labels.unwrap_or(known.labels) }
    }
}

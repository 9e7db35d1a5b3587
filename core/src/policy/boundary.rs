//! [`Boundary`]: two sides between which nothing may flow but what is allowed.

use super::Side;
use serde::{Deserialize, Serialize};

/// Nothing in `to` may be gained from `from`, but what an allowed flow says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boundary {
    /// Where an attacker may stand.
    pub from: Side,
    /// What must not be gained from there.
    pub to: Side,
}

//! [`Finding`]: what a scanner says of one place, once the value is gone.

use super::places::Place;
use super::told::Told;
use crate::estate::Position;
use crate::model::Instant;

/// What a scanner found in one place.
#[derive(Debug)]
pub(super) struct Finding {
    /// What found it: the rule or detector of the tool.
    pub detector: String,
    /// Where.
    pub place: Place,
    /// What the value told.
    pub told: Told,
    /// Whether it was proved that it still works (`true`) or no longer does (`false`).
    pub works: Option<bool>,
    /// When it came there.
    pub found_at: Option<Instant>,
    /// Whether somebody says that it was revoked.
    pub revoked: bool,
    /// What was scanned as far as the input is named, and nothing better is known.
    pub report: String,
    /// Where it stands in the report.
    pub position: Position,
}

/// What a tool's own file makes of a record, before the reading adds where it stands.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub detector: Option<String>,
    pub place: Place,
    pub told: Told,
    pub works: Option<bool>,
    pub found_at: Option<Instant>,
    pub revoked: bool,
}

/// Why a finding was left out.
pub(super) type Reason = &'static str;

/// Somebody looked, or the provider did.
pub(super) const NO_SECRET: Reason = "a finding that was marked as no secret";

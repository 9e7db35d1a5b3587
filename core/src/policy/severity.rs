//! [`Severity`]: how much a finding matters.

use crate::model::words::words;

words! {
    /// How much a finding matters, from least to most.
    Severity {
        /// Worth knowing.
        Info => "info",
        /// Tidy up when passing.
        Low => "low",
        /// Plan a repair.
        Medium => "medium",
        /// Repair now.
        High => "high",
        /// Drop everything.
        Critical => "critical",
    }
}

impl Severity {
    /// The next severity up; `critical` stays.
    #[must_use]
    pub const fn raised(self) -> Severity {
        match self {
            Severity::Info => Severity::Low,
            Severity::Low => Severity::Medium,
            Severity::Medium => Severity::High,
            Severity::High | Severity::Critical => Severity::Critical,
        }
    }

    /// The next severity down; nothing is below `info`.
    pub const fn lowered(self) -> Option<Severity> {
        match self {
            Severity::Info => None,
            Severity::Low => Some(Severity::Info),
            Severity::Medium => Some(Severity::Low),
            Severity::High => Some(Severity::Medium),
            Severity::Critical => Some(Severity::High),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_up_is_the_next_word_and_stops_at_the_top() {
        for pair in Severity::ALL.windows(2) {
            assert!(pair[0] < pair[1]);
            assert_eq!((pair[0].raised(), pair[1].lowered()), (pair[1], Some(pair[0])));
        }
        assert_eq!((Severity::Critical.raised(), Severity::Info.lowered()), (Severity::Critical, None));
    }
}

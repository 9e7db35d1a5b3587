//! Text for a person at a terminal: the report of an assessment, and the answer to each single question.

mod assessment;
mod chain;
mod classification;
mod cuts;
mod difference;
mod isolation;
mod lifecycle;
mod lines;
mod privilege;
mod questions;
mod relation;
mod rotation;
mod rules;
mod sharing;

pub use assessment::report;
pub(super) use chain::name;
pub use classification::classification;
pub use cuts::cuts;
pub use difference::{diff, what_if};
pub use isolation::isolation;
pub use lifecycle::lifecycle;
pub(crate) use lines::printable;
#[cfg(feature = "cli")]
pub(crate) use lines::wrapped;
pub(super) use lines::{counted, number, percent};
pub use privilege::privilege;
pub use questions::{blast_radius, matrix, reach};
pub use rotation::rotation;
pub use rules::{rule, rules};
pub use sharing::sharing;

/// How text is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextOptions {
    /// How many characters a line has; longer lines are wrapped at words, and a longer word stands whole.
    pub width: usize,
    /// Whether severities and headings are coloured (ANSI escapes).
    pub colour: bool,
    /// How many rows of a list are written before the rest is only counted.
    pub rows: usize,
}

impl Default for TextOptions {
    /// 100 characters, no colour, 20 rows.
    fn default() -> Self {
        TextOptions { width: 100, colour: false, rows: 20 }
    }
}

#[cfg(test)]
mod tests;

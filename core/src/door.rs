//! What a binding may call: text and bytes in, text out. The command and both bindings go through here, so that they give the same bytes.

mod explain;
mod options;
mod questions;
#[cfg(feature = "table")]
pub mod table;
mod verify;
mod words;

pub use crate::report::json::{to_json, to_json_observed};
pub use explain::{Explanation, explain};
pub use options::{AskOptions, Guards, OneOrMany, SelectorText, Selectors, options};
pub use questions::{QUESTIONS, Question, ask, ask_since, check};
pub use verify::verify;
pub use words::{WordList, words};

use crate::analysis::{
    BlastRadius, Classification, Cuts, Diff, Isolation, Lifecycle, PathStep, Privilege, Reach, Rotation, Sharing, TenantMatrix, WhatIf,
};
use crate::error::{Error, ErrorCode, Result};
use crate::estate::Estate;
use crate::observer::Observer;
use crate::report::Report;
use crate::report::markdown::to_markdown;
use crate::report::opengraph::paths_to_opengraph;
use crate::rules::{Evidence, Finding};
use serde::Serialize;

/// The answer to a question.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Answer {
    /// Of `assess`.
    Report(Box<Report>),
    /// Of `reach`.
    Reach(Box<Reach>),
    /// Of `matrix`.
    Matrix(TenantMatrix),
    /// Of `blast-radius`.
    BlastRadius(Box<BlastRadius>),
    /// Of `rotation`.
    Rotation(Box<Rotation>),
    /// Of `sharing`.
    Sharing(Sharing),
    /// Of `privilege`.
    Privilege(Box<Privilege>),
    /// Of `lifecycle`.
    Lifecycle(Box<Lifecycle>),
    /// Of `classification`.
    Classification(Box<Classification>),
    /// Of `cuts`.
    Cuts(Box<Cuts>),
    /// Of `isolation`.
    Isolation(Box<Isolation>),
    /// Of `what-if`.
    WhatIf(Box<WhatIf<Finding>>),
    /// Of `diff`.
    Diff(Box<Diff<Finding>>),
}

impl Answer {
    /// The answer as JSON: the same bytes from the command and in every language.
    ///
    /// # Errors
    /// As [`to_json`].
    pub fn to_json(&self) -> Result<String> {
        to_json(self)
    }

    /// [`Answer::to_json`], watched.
    ///
    /// # Errors
    /// As [`Answer::to_json`], and [`ErrorCode::Cancelled`].
    pub fn to_json_observed(&self, observer: &dyn Observer) -> Result<String> {
        to_json_observed(self, observer)
    }

    /// The report of an assessment as Markdown, with names of the estate it is of, as [`AskOptions::resolved`] gives it: the bytes of the command.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidOption`] for another answer.
    pub fn to_markdown(&self, estate: &Estate) -> Result<String> {
        match self {
            Answer::Report(report) => Ok(to_markdown(report, estate)),
            _ => Err(Error::new(ErrorCode::InvalidOption, "only a report is written as Markdown; ask `assess`")),
        }
    }

    /// The paths of the answer as BloodHound OpenGraph: of a report those of its findings, of a matrix one a cell.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidOption`] for an answer that has no paths.
    pub fn to_opengraph(&self, estate: &Estate) -> Result<String> {
        let paths: Vec<&[PathStep]> = match self {
            Answer::Report(report) => report.findings.iter().flat_map(|finding| &finding.evidence).filter_map(Evidence::steps).collect(),
            Answer::Reach(answer) => answer.paths.iter().map(|path| path.steps.as_slice()).collect(),
            Answer::Matrix(answer) => answer.cells.iter().map(|cell| cell.path.as_slice()).collect(),
            Answer::Isolation(answer) => answer.flows.iter().flat_map(|flow| &flow.paths).map(|path| path.steps.as_slice()).collect(),
            _ => {
                return Err(Error::new(
                    ErrorCode::InvalidOption,
                    "this answer has no paths; ask `assess`, `reach`, `matrix` or `isolation`",
                ));
            }
        };
        paths_to_opengraph(&paths, estate)
    }
}

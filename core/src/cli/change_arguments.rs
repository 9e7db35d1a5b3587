//! What the commands about cuts, isolation and change can be told.

use super::arguments::{EndsArguments, InputArguments, JudgementArguments, OutputArguments, QuestionArguments};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct CutsArguments {
    #[command(flatten)]
    pub ends: EndsArguments,
    /// Cut relations that are only possible too
    #[arg(long)]
    pub include_possible: bool,
    /// How many choke points are listed at most [default: 100]
    #[arg(long, value_name = "N")]
    pub choke_points: Option<usize>,
    #[command(flatten)]
    pub inputs: InputArguments,
    #[command(flatten)]
    pub question: QuestionArguments,
    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct IsolationArguments {
    /// How many ways across are written for each right [default: 3]
    #[arg(long, value_name = "N")]
    pub paths: Option<usize>,
    /// End with exit code 1 where the verdict is this or worse
    #[arg(long, value_enum, value_name = "VERDICT", help_heading = "Output")]
    pub fail_on: Option<FailingVerdict>,
    #[command(flatten)]
    pub inputs: InputArguments,
    #[command(flatten)]
    pub question: QuestionArguments,
    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct WhatIfArguments {
    /// The changes: a JSON document with `add`, `remove` and `alter`
    #[arg(long, value_name = "FILE", required_unless_present = "plan", conflicts_with = "plan")]
    pub changes: Option<PathBuf>,
    /// A plan of Terraform, as `terraform show -json` writes it: what it would change
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    #[command(flatten)]
    pub asked: ChangeArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct DiffArguments {
    /// A file, directory or glob of the earlier estate; repeat it for several
    #[arg(long, value_name = "PATH", required = true)]
    pub before: Vec<PathBuf>,
    #[command(flatten)]
    pub asked: ChangeArguments,
}

/// What every question about change is told.
#[derive(Debug, Args)]
pub(super) struct ChangeArguments {
    /// End with exit code 1 where a crossing opens, a finding that is not waived is added, or a plan leaves open whether a grant is one
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Output")]
    pub fail_on: Option<FailingChange>,
    #[command(flatten)]
    pub inputs: InputArguments,
    #[command(flatten)]
    pub judgement: JudgementArguments,
    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// The certificate, or an answer of `isolation` that holds one
    #[arg(value_name = "CERTIFICATE")]
    pub certificate: PathBuf,
    /// What the organisation has decided, as it was for `isolation`
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    #[command(flatten)]
    pub inputs: InputArguments,
}

/// What makes a pipeline stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailingChange {
    /// A crossing opens or a finding that is not waived is added
    New,
}

/// The verdicts that make a pipeline stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailingVerdict {
    /// Something may cross
    Possible,
    /// Something crosses
    Broken,
}

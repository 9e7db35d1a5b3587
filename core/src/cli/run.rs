//! [`run`]: one run of the command, from its arguments to its exit code.

use super::arguments::{Arguments, Command, ConvertArguments, DocumentFormat};
use super::output::{Output, Terminal};
use super::progress::Progress;
use super::read::estate;
use super::{change, lists, questions};
use crate::error::{Error, ErrorCode, Result};
use crate::report::opengraph::to_opengraph;
#[cfg(feature = "table")]
use crate::report::table::{ArrowForm, to_arrow, to_parquet};
use clap::Parser;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

/// Everything was done.
const DONE: i32 = 0;
/// A finding is as severe as `--fail-on` asks for.
const FAILED: i32 = 1;
/// The input or the arguments cannot be used.
const UNUSABLE: i32 = 2;

/// Runs the command with these arguments (without the program's name) and gives its exit code: 0 done, 1 a finding at or above `--fail-on`, 2 unusable
/// input or arguments. Answers go to `stdout`, remarks, errors and progress to `stderr`.
pub fn run(arguments: impl IntoIterator<Item = OsString>, stdout: &mut dyn Write, stderr: &mut dyn Write, terminal: Terminal) -> i32 {
    let mut output = Output { stdout, stderr, terminal };
    let arguments = std::iter::once(OsString::from("tenantgraph")).chain(arguments);
    let outcome = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => command(arguments.command, &mut output),
        Err(usage) if usage.use_stderr() => {
            usage.render().to_string().trim_end().lines().for_each(|line| output.remark(line));
            return UNUSABLE;
        }
        Err(help) => output.standard(help.render().to_string()).map(|()| DONE),
    };
    outcome.unwrap_or_else(|error| {
        output.remark(&format!("error: {error}"));
        UNUSABLE
    })
}

/// [`run`] on the standard streams of this process.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> i32 {
    let (mut stdout, mut stderr) = (io::stdout(), io::stderr());
    let terminal = Terminal { stdout_is_terminal: stdout.is_terminal(), stderr_is_terminal: stderr.is_terminal() };
    run(arguments, &mut stdout, &mut stderr, terminal)
}

fn command(command: Command, output: &mut Output<'_>) -> Result<i32> {
    match command {
        Command::Assess(arguments) => return questions::assess(&arguments, output).map(exit_code),
        Command::Isolation(arguments) => return change::isolation(arguments, output).map(exit_code),
        Command::WhatIf(arguments) => return change::what_if(&arguments, output).map(exit_code),
        Command::Diff(arguments) => return change::diff(&arguments, output).map(exit_code),
        Command::Cuts(arguments) => change::cuts(arguments, output),
        Command::Verify(arguments) => change::verify(&arguments, output),
        Command::Reach(arguments) => questions::reach(arguments, output),
        Command::Matrix(arguments) => questions::following("matrix", &arguments, output),
        Command::BlastRadius(arguments) => questions::blast_radius(arguments, output),
        Command::Rotation(arguments) => questions::standing("rotation", &arguments, output),
        Command::Sharing(arguments) => questions::standing("sharing", &arguments, output),
        Command::Privilege(arguments) => questions::standing("privilege", &arguments, output),
        Command::Lifecycle(arguments) => questions::standing("lifecycle", &arguments, output),
        Command::Classification(arguments) => questions::following("classification", &arguments, output),
        Command::Convert(arguments) => convert(&arguments, output),
        Command::Rules(arguments) => lists::rules(&arguments, output),
        Command::Explain(arguments) => lists::explain(&arguments, output),
        Command::Policy(arguments) => lists::policy(&arguments, output),
        Command::Schema(arguments) => lists::schema(&arguments, output),
    }
    .map(|()| DONE)
}

fn exit_code(failed: bool) -> i32 {
    if failed { FAILED } else { DONE }
}

fn convert(arguments: &ConvertArguments, output: &mut Output<'_>) -> Result<()> {
    if !matches!(arguments.format, DocumentFormat::Json | DocumentFormat::Ndjson) && output.is_shown(&arguments.to) {
        return Err(Error::new(ErrorCode::InvalidOption, "this format is no text; name a file with `--output`"));
    }
    let estate = estate(&arguments.inputs, true, output)?;
    let progress = Progress::new("write", output.terminal);
    let document = match arguments.format {
        DocumentFormat::Json => estate.to_document_json_observed(&progress)?.into_bytes(),
        DocumentFormat::Ndjson => estate.to_document_ndjson_observed(&progress)?.into_bytes(),
        DocumentFormat::Snapshot => estate.to_snapshot_observed(&progress)?,
        #[cfg(feature = "table")]
        DocumentFormat::Parquet => to_parquet(&estate)?,
        #[cfg(feature = "table")]
        DocumentFormat::Arrow => to_arrow(&estate, ArrowForm::File)?,
        #[cfg(feature = "table")]
        DocumentFormat::ArrowStream => to_arrow(&estate, ArrowForm::Stream)?,
        DocumentFormat::Opengraph => to_opengraph(&estate)?.into_bytes(),
    };
    drop(progress);
    output.answer(&document, &arguments.to)
}

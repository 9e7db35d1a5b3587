//! [`run`]: one run of the command, from its arguments to its exit code.

use super::arguments::{
    AnswerFormat, Arguments, BlastRadiusArguments, Command, InputArguments, OutputArguments, QuestionArguments, ReachArguments,
};
use super::files::{Files, NamedPath, read_file};
use super::lines::printable;
use super::output::{Output, Terminal};
use super::progress::Progress;
use super::remarks::remarks;
use super::text::text;
use crate::door::{self, AskOptions, OneOrMany, SelectorText, Selectors};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::{Estate, FingerprintKey};
use crate::importers::{ReadOptions, read_observed};
use crate::model::Instant;
use clap::Parser;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Everything was done.
const DONE: i32 = 0;
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
            output.remark(usage.render().to_string().trim_end());
            return UNUSABLE;
        }
        Err(help) => output.answer(&help.render().to_string(), None).map(|()| DONE),
    };
    outcome.unwrap_or_else(|error| {
        output.remark(&printable(&format!("error: {error}")));
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
        Command::Reach(arguments) => reach(arguments, output),
        Command::Matrix(it) => ask("matrix", AskOptions::default(), &it.inputs, &it.question, &it.output, output),
        Command::BlastRadius(arguments) => blast_radius(arguments, output),
    }
}

fn reach(arguments: ReachArguments, output: &mut Output<'_>) -> Result<i32> {
    let options = AskOptions {
        from: selectors(arguments.from),
        to: selectors(arguments.to),
        paths: arguments.paths,
        proven_only: arguments.proven_only,
        ..AskOptions::default()
    };
    ask("reach", options, &arguments.inputs, &arguments.question, &arguments.output, output)
}

fn blast_radius(arguments: BlastRadiusArguments, output: &mut Output<'_>) -> Result<i32> {
    let options = AskOptions { lost: Some(OneOrMany::Many(arguments.lost)), proven_only: arguments.proven_only, ..AskOptions::default() };
    ask("blast-radius", options, &arguments.inputs, &arguments.question, &arguments.output, output)
}

/// Reads the inputs, asks the question of them and writes the answer.
fn ask(
    question: &'static str,
    options: AskOptions,
    inputs: &InputArguments,
    asked: &QuestionArguments,
    written: &OutputArguments,
    output: &mut Output<'_>,
) -> Result<i32> {
    let as_of = as_of(asked.as_of.as_deref())?;
    let options = AskOptions {
        as_of: Some(as_of),
        ignore_guards: some(asked.ignore_guards.clone()),
        honour_guards: some(asked.honour_guards.clone()),
        ..options
    };
    let estate = estate(inputs, output)?;
    let progress = Progress::new(question, output.terminal.stderr_is_terminal);
    let answer = door::ask(&estate, question, options, &progress)?;
    drop(progress);
    let answer = match written.format {
        AnswerFormat::Text => text(&answer, as_of),
        AnswerFormat::Json => answer.to_json()?,
    };
    output.answer(&answer, written.to.output.as_deref())?;
    Ok(DONE)
}

/// The estate of the inputs; what was left out or is not known is told on standard error.
fn estate(arguments: &InputArguments, output: &mut Output<'_>) -> Result<Estate> {
    let forced = arguments.input.iter().map(|text| NamedPath::parse(text));
    let detected = arguments.path.iter().map(|path| Ok(NamedPath::new(path)));
    let files = Files::gather(&forced.chain(detected).collect::<Result<Vec<_>>>()?)?;
    let mut labels = files.labels;
    for path in &arguments.labels {
        labels.push(read_file(path)?);
    }
    let key = arguments.fingerprint_key_file.as_deref().map(fingerprint_key).transpose()?;
    let options = ReadOptions { labels, key, skipped: files.skipped };
    let progress = Progress::new("read", output.terminal.stderr_is_terminal);
    let estate = read_observed(&files.inputs, &options, &progress)?;
    drop(progress);
    for line in remarks(estate.reading(), arguments.verbose) {
        output.remark(&printable(&line));
    }
    Ok(estate)
}

/// The key of a file; the line end that an editor leaves is no part of it.
fn fingerprint_key(path: &Path) -> Result<FingerprintKey> {
    let file = read_file(path)?;
    FingerprintKey::from_bytes(file.bytes.trim_ascii_end()).map_err(|error| error.at(Place::new(file.name)))
}

fn as_of(text: Option<&str>) -> Result<Instant> {
    match text {
        Some(text) => Instant::parse(text),
        None => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            let now = now.map_err(|_| Error::new(ErrorCode::InvalidOption, "the clock of this machine is before 1970; give `--as-of`"))?;
            Ok(Instant::from_unix_seconds(now.as_secs() as i64))
        }
    }
}

fn selectors(texts: Vec<String>) -> Option<Selectors> {
    some(texts.into_iter().map(SelectorText::Text).collect())
}

/// The list, where it holds anything: an option that was not given.
fn some<T>(list: Vec<T>) -> Option<OneOrMany<T>> {
    (!list.is_empty()).then_some(OneOrMany::Many(list))
}

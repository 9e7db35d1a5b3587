//! [`Arguments`]: what the command can be told. The help is made from these texts and from the lists of the library.

use super::change_arguments::{CutsArguments, DiffArguments, IsolationArguments, VerifyArguments, WhatIfArguments};
use crate::door::QUESTIONS;
use crate::importers::IMPORTERS;
use crate::model::{EnvironmentClass, Guard, Instant};
use crate::policy::Severity;
use crate::report::text::wrapped;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Says which non-production tenant reaches production, by which path, and which secrets are stale.
///
/// Reads exports of an organisation's tenants, identities, secrets and trust relationships. Nothing leaves this machine, and no secret value is kept.
#[derive(Debug, Parser)]
#[command(name = "tenantgraph", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// How wide the summary of a format is: with its margin no wider than a narrow terminal, which would wrap it without the margin.
const FORMAT_WIDTH: usize = 72;

const EXIT_CODES: &str = "Exit codes: 0 done; 1 what `--fail-on` asks for; 2 unusable input or arguments.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(about = about("assess"), visible_alias = "report", after_help = formats())]
    Assess(AssessArguments),
    #[command(about = about("reach"), after_help = selectors() + "\n\n" + &formats())]
    Reach(ReachArguments),
    #[command(about = about("matrix"), after_help = formats())]
    Matrix(FollowingArguments),
    #[command(about = about("blast-radius"), after_help = formats())]
    BlastRadius(BlastRadiusArguments),
    #[command(about = about("rotation"), after_help = formats())]
    Rotation(StandingArguments),
    #[command(about = about("sharing"), after_help = formats())]
    Sharing(StandingArguments),
    #[command(about = about("privilege"), after_help = formats())]
    Privilege(StandingArguments),
    #[command(about = about("lifecycle"), after_help = formats())]
    Lifecycle(StandingArguments),
    #[command(about = about("classification"), after_help = formats())]
    Classification(FollowingArguments),
    #[command(about = about("cuts"), after_help = selectors() + "\n\n" + &formats())]
    Cuts(CutsArguments),
    #[command(about = about("isolation"), after_help = formats())]
    Isolation(IsolationArguments),
    #[command(about = about("what-if"), after_help = formats())]
    WhatIf(WhatIfArguments),
    #[command(about = about("diff"), after_help = formats())]
    Diff(DiffArguments),
    /// check a certificate of isolation against an estate, by the rules of the graph alone
    #[command(after_help = formats())]
    Verify(VerifyArguments),
    /// write what was read as one estate document (tenantgraph/1)
    #[command(after_help = formats())]
    Convert(ConvertArguments),
    /// list the rules, with why they matter and what they answer to
    Rules(OutputArguments),
    /// explain one rule: what it finds, why that matters, how to fix it, an example, its severity and standards
    Explain(ExplainArguments),
    /// print the policy with every default and its source, or a written policy with the defaults filled in
    Policy(PolicyArguments),
    /// print the JSON Schema of the estate document, or the definition of the kinds that BloodHound files use
    Schema(SchemaArguments),
}

#[derive(Debug, Args)]
pub(super) struct AssessArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    #[command(flatten)]
    pub judgement: JudgementArguments,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, help_heading = "Output")]
    pub format: ReportFormat,
    #[command(flatten)]
    pub to: OutputFile,
    /// End with exit code 1 where a finding that is not waived is this severe or worse
    #[arg(long, value_name = "SEVERITY", help_heading = "Output", value_parser = severities())]
    pub fail_on: Option<Severity>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct ReachArguments {
    #[command(flatten)]
    pub ends: EndsArguments,
    /// How many paths are written at most [default: 20]
    #[arg(long, value_name = "N")]
    pub paths: Option<usize>,
    /// Leave out relations that are only possible
    #[arg(long)]
    pub proven_only: bool,
    #[command(flatten)]
    pub inputs: InputArguments,
    #[command(flatten)]
    pub question: QuestionArguments,
    #[command(flatten)]
    pub output: OutputArguments,
}

/// What a question is told that looks at how things stand and follows no relation.
#[derive(Debug, Args)]
pub(super) struct StandingArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    #[command(flatten)]
    pub judgement: JudgementArguments,
    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Debug, Args)]
pub(super) struct ConvertArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    /// How the document is written
    #[arg(long, value_enum, default_value_t = DocumentFormat::Json, help_heading = "Output")]
    pub format: DocumentFormat,
    #[command(flatten)]
    pub to: OutputFile,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// The id of a rule, as in `tenantgraph rules`
    #[arg(value_name = "RULE")]
    pub rule: String,
    /// How the page is written
    #[arg(long, value_enum, default_value_t = PageFormat::Text)]
    pub format: PageFormat,
    #[command(flatten)]
    pub to: OutputFile,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// What is printed
    #[arg(long, value_enum, default_value_t = SchemaOf::Document)]
    pub of: SchemaOf,
    #[command(flatten)]
    pub to: OutputFile,
}

#[derive(Debug, Args)]
pub(super) struct PolicyArguments {
    /// A policy (TOML, or JSON where it ends in `.json`) to be checked and printed with every default
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// How the policy is written
    #[arg(long, value_enum, default_value_t = PolicyFormat::Toml)]
    pub format: PolicyFormat,
    #[command(flatten)]
    pub to: OutputFile,
}

/// What a question is told that follows relations from ends of its own.
#[derive(Debug, Args)]
pub(super) struct FollowingArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    #[command(flatten)]
    pub question: QuestionArguments,
    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct BlastRadiusArguments {
    /// The id of what was lost, or its name where it is the only one; repeat it for several
    #[arg(long, value_name = "ID", required = true)]
    pub lost: Vec<String>,
    /// Leave out relations that are only possible
    #[arg(long)]
    pub proven_only: bool,
    #[command(flatten)]
    pub inputs: InputArguments,
    #[command(flatten)]
    pub question: QuestionArguments,
    #[command(flatten)]
    pub output: OutputArguments,
}

/// Where a question starts and what it is after.
#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct EndsArguments {
    /// The start; repeat it to mean either [default: class=non_production]
    #[arg(long, value_name = "SELECTOR")]
    pub from: Vec<String>,
    /// The target; repeat it to mean either [default: class=production]
    #[arg(long, value_name = "SELECTOR")]
    pub to: Vec<String>,
}

/// What is read, by every command that reads.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(super) struct InputArguments {
    /// Files, directories and globs to read; `labels.csv`, packed or not, is a label overlay wherever it is met
    #[arg(value_name = "PATH", required_unless_present = "input")]
    pub path: Vec<PathBuf>,
    /// A file, directory or glob whose format is not to be detected; repeat it for several
    #[arg(long, value_name = "FORMAT:PATH")]
    pub input: Vec<String>,
    /// A label overlay (CSV with `id` or `pattern`, and `environment`, `owner`, `critical` or any label); repeat it for several, the last is the strongest
    #[arg(long, value_name = "FILE")]
    pub labels: Vec<PathBuf>,
    /// What the columns of foreign tables say of an estate (TOML, or JSON where it ends in `.json`); repeat it for several
    #[arg(long, value_name = "FILE")]
    pub mapping: Vec<PathBuf>,
    /// A file with the key of the fingerprints, so that they can be compared across runs; white space at its end is no part of it [default: a random key]
    #[arg(long, value_name = "FILE")]
    pub fingerprint_key_file: Option<PathBuf>,
    /// The most memory that a step of the work may take, in bytes or with KiB, MiB or GiB; what would take more is refused before it begins
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory_limit: Option<u64>,
    /// The most that packed inputs and overlays may hold together once they are unpacked, as a size like that of `--memory-limit` [default: 8GiB]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub unpacked_limit: Option<u64>,
    /// Name everything that was skipped, conflicts or is missing, not only the first of each
    #[arg(long)]
    pub verbose: bool,
}

/// What everything that judges is told.
#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct JudgementArguments {
    /// The instant the question is about, a date or RFC 3339 [default: now]
    #[arg(long, value_name = "INSTANT")]
    pub as_of: Option<Instant>,
    /// What the organisation has decided (TOML, or JSON where it ends in `.json`); what it leaves out is as in `tenantgraph policy`
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

/// What every question about paths is told.
#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct QuestionArguments {
    #[command(flatten)]
    pub judgement: JudgementArguments,
    /// A guard that does not stop the attacker, or `all`; repeat it for several
    #[arg(long, value_name = "GUARD", value_parser = guards())]
    pub ignore_guards: Vec<String>,
    /// A guard that stops the attacker besides those that do by default; repeat it for several
    #[arg(long, value_name = "GUARD", value_parser = guards())]
    pub honour_guards: Vec<String>,
}

/// How the answer of a question is written, and where.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArguments {
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
    #[command(flatten)]
    pub to: OutputFile,
}

/// Where an answer is written.
#[derive(Debug, Args)]
pub(super) struct OutputFile {
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

/// How the answer of a question is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    /// For a person at a terminal; long lists are cut
    Text,
    /// The whole answer, the same bytes as in Rust, Python and Node
    Json,
    /// The paths of the answer for BloodHound, where it has any
    Opengraph,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For a person at a terminal: the numbers, the worst findings, one path and what is not known
    Text,
    /// The whole report, the same bytes as in Rust, Python and Node
    Json,
    /// SARIF 2.1.0, for tools that show findings of analyses
    Sarif,
    /// A page to be pasted into a ticket or a wiki: the numbers, the worst findings with path and remedy, metrics, and what is not known
    Markdown,
    /// The paths of the findings for BloodHound
    Opengraph,
}

/// How an estate document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DocumentFormat {
    /// One object
    Json,
    /// One record a line
    Ndjson,
    /// The columns as they stand in memory: reads a large estate again at once, in this release only
    Snapshot,
    /// One table of all records as a Parquet file, for pandas, DuckDB and warehouses; reads again
    #[cfg(feature = "table")]
    Parquet,
    /// The same as an Arrow file (Feather)
    #[cfg(feature = "table")]
    Arrow,
    /// The same as an Arrow stream
    #[cfg(feature = "table")]
    ArrowStream,
    /// Nodes and edges for BloodHound, which read back as the same estate
    Opengraph,
}

/// What `schema` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// The JSON Schema of the estate document
    Document,
    /// The definition of the kinds of nodes and edges that BloodHound files use, to be uploaded as an extension
    Opengraph,
}

/// How the page of a rule is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PageFormat {
    /// For a person at a terminal
    Text,
    /// What `rules` says of it, with the titles of the standards
    Json,
    /// A page to be pasted into a ticket or a wiki
    Markdown,
}

/// How a policy is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PolicyFormat {
    /// With a comment on every default, where no policy is given
    Toml,
    /// Without comments
    Json,
}

/// What a question answers, as the library's own list says it.
fn about(name: &str) -> String {
    let question = QUESTIONS.iter().find(|question| question.name == name);
    question.map(|question| question.summary.to_owned()).unwrap_or_default()
}

fn formats() -> String {
    let mut text = String::from("Formats of `--input`:");
    for importer in IMPORTERS {
        text.push_str(&format!("\n  {}", importer.format()));
        for line in wrapped(importer.summary(), FORMAT_WIDTH) {
            text.push_str(&format!("\n      {line}"));
        }
    }
    text
}

fn selectors() -> String {
    let classes: Vec<_> = EnvironmentClass::ALL.iter().map(|class| class.as_str()).collect();
    format!(
        "A selector is `key=value,key=value`, all of which must hold: class ({}), environment, tenant, kind, id. `tenant` and `id` take `*` and `?`.",
        classes.join(", ")
    )
}

/// A size as text: `512MiB`.
fn size(text: &str) -> Result<u64, &'static str> {
    let unit = |(suffix, shift)| text.strip_suffix(suffix).map(|number: &str| (number, shift));
    let (number, shift) = [("KiB", 10), ("MiB", 20), ("GiB", 30)].into_iter().find_map(unit).unwrap_or((text, 0));
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    bytes.ok_or("not a size; give whole bytes, or KiB, MiB or GiB as in `512MiB`")
}

fn guards() -> PossibleValuesParser {
    Guard::ALL.iter().map(|guard| guard.as_str()).chain(["all"]).collect::<Vec<_>>().into()
}

fn severities() -> impl TypedValueParser<Value = Severity> {
    let words = PossibleValuesParser::from(Severity::ALL.iter().map(|severity| severity.as_str()).collect::<Vec<_>>());
    words.try_map(|word| Severity::parse(&word).ok_or("not a severity"))
}

//! The commands that ask one question and write its answer.

use super::arguments::{
    AnswerFormat, AssessArguments, BlastRadiusArguments, EndsArguments, FollowingArguments, InputArguments, JudgementArguments,
    OutputArguments, QuestionArguments, ReachArguments, ReportFormat, StandingArguments,
};
use super::output::Output;
use super::progress::Progress;
use super::read;
use crate::door::{self, Answer, AskOptions, OneOrMany, SelectorText, Selectors};
use crate::error::{Error, ErrorCode, Result};
use crate::estate::Estate;
use crate::model::Instant;
use crate::report::sarif::to_sarif;
use crate::report::text::{self, TextOptions};
use crate::rules::Finding;

/// Assesses the estate and says whether a finding is as severe as `--fail-on` asks for.
pub(super) fn assess(arguments: &AssessArguments, output: &mut Output<'_>) -> Result<bool> {
    let asked = Asked::new(
        "assess",
        arguments.format == ReportFormat::Sarif,
        AskOptions::default(),
        &arguments.inputs,
        &arguments.judgement,
        output,
    )?;
    let fails = |finding: &Finding| finding.waived.is_none() && arguments.fail_on.is_some_and(|limit| finding.severity >= limit);
    let text = match (arguments.format, &asked.answer) {
        (ReportFormat::Text, _) => asked.text(&output.text_options(&arguments.to)),
        (ReportFormat::Sarif, Answer::Report(report)) => to_sarif(report)?,
        (ReportFormat::Markdown, answer) => answer.to_markdown(&asked.estate)?,
        (ReportFormat::Opengraph, answer) => answer.to_opengraph(&asked.estate)?,
        (ReportFormat::Json | ReportFormat::Sarif, answer) => answer.to_json()?,
    };
    output.answer(&text, &arguments.to)?;
    Ok(matches!(&asked.answer, Answer::Report(report) if report.findings.iter().any(fails)))
}

pub(super) fn reach(arguments: ReachArguments, output: &mut Output<'_>) -> Result<()> {
    let ReachArguments { ends, paths, proven_only, inputs, question, output: written } = arguments;
    let options = AskOptions { paths, proven_only: Some(proven_only), ..between(ends, &question) };
    Asked::new("reach", true, options, &inputs, &question.judgement, output)?.write(&written, output)
}

/// A question that follows relations from ends of its own.
pub(super) fn following(name: &'static str, arguments: &FollowingArguments, output: &mut Output<'_>) -> Result<()> {
    let question = &arguments.question;
    Asked::new(name, true, guarded(question), &arguments.inputs, &question.judgement, output)?.write(&arguments.output, output)
}

pub(super) fn blast_radius(arguments: BlastRadiusArguments, output: &mut Output<'_>) -> Result<()> {
    let BlastRadiusArguments { lost, proven_only, inputs, question, output: written } = arguments;
    let options = AskOptions { lost: Some(OneOrMany::Many(lost)), proven_only: Some(proven_only), ..guarded(&question) };
    Asked::new("blast-radius", true, options, &inputs, &question.judgement, output)?.write(&written, output)
}

/// A question that looks at how things stand and follows no relation.
pub(super) fn standing(name: &'static str, arguments: &StandingArguments, output: &mut Output<'_>) -> Result<()> {
    let asked = Asked::new(name, true, AskOptions::default(), &arguments.inputs, &arguments.judgement, output)?;
    asked.write(&arguments.output, output)
}

/// A question that was asked of the estate of the inputs.
pub(super) struct Asked {
    pub answer: Answer,
    estate: Estate,
    as_of: Instant,
}

impl Asked {
    /// What is not known goes to standard error where the answer does not say it.
    pub fn new(
        question: &'static str,
        with_coverage: bool,
        options: AskOptions,
        inputs: &InputArguments,
        judgement: &JudgementArguments,
        output: &mut Output<'_>,
    ) -> Result<Self> {
        let options = Asked::judged(question, AskOptions { memory_limit: inputs.memory_limit, ..options }, judgement)?;
        let estate = read::estate(inputs, with_coverage, output)?;
        Asked::of(estate, None, question, options, output)
    }

    /// The options with the instant and the policy of the arguments, looked at before anything large is read.
    pub fn judged(question: &str, options: AskOptions, judgement: &JudgementArguments) -> Result<AskOptions> {
        let policy = read::policy(judgement.policy.as_deref())?;
        let options = AskOptions { as_of: Some(read::as_of(judgement)?), policy, ..options };
        door::check(question, &options)?;
        Ok(options)
    }

    /// A question of an estate that was read, with options that were [`judged`](Asked::judged), since an earlier estate where there is one.
    pub fn of(estate: Estate, before: Option<&Estate>, question: &'static str, options: AskOptions, output: &Output<'_>) -> Result<Self> {
        // The text shows environments too: by the same rules as the answer.
        let estate = options.resolved(&estate)?;
        let as_of = options.as_of.ok_or_else(|| Error::new(ErrorCode::Internal, "no instant; please report it"))?;
        let progress = Progress::new(question, output.terminal);
        let answer = match before {
            Some(before) => door::ask_since(before, &estate, question, options, &progress)?,
            None => door::ask(&estate, question, options, &progress)?,
        };
        Ok(Asked { answer, estate, as_of })
    }

    pub fn write(&self, written: &OutputArguments, output: &mut Output<'_>) -> Result<()> {
        let text = match written.format {
            AnswerFormat::Text => self.text(&output.text_options(&written.to)),
            AnswerFormat::Json => self.answer.to_json()?,
            AnswerFormat::Opengraph => self.answer.to_opengraph(&self.estate)?,
        };
        output.answer(&text, &written.to)
    }

    fn text(&self, options: &TextOptions) -> String {
        let (estate, as_of) = (&self.estate, self.as_of);
        match &self.answer {
            Answer::Report(report) => text::report(report, estate, options),
            Answer::Reach(answer) => text::reach(answer, estate, options),
            Answer::Matrix(answer) => text::matrix(answer, estate, as_of, options),
            Answer::BlastRadius(answer) => text::blast_radius(answer, estate, as_of, options),
            Answer::Rotation(answer) => text::rotation(answer, estate, as_of, options),
            Answer::Sharing(answer) => text::sharing(answer, estate, as_of, options),
            Answer::Privilege(answer) => text::privilege(answer, estate, as_of, options),
            Answer::Lifecycle(answer) => text::lifecycle(answer, estate, as_of, options),
            Answer::Classification(answer) => text::classification(answer, estate, as_of, options),
            Answer::Cuts(answer) => text::cuts(answer, estate, as_of, options),
            Answer::Isolation(answer) => text::isolation(answer, estate, as_of, options),
            Answer::WhatIf(answer) => text::what_if(answer, estate, as_of, options),
            Answer::Diff(answer) => text::diff(answer, estate, as_of, options),
        }
    }
}

/// Options that say which guards count.
pub(super) fn guarded(question: &QuestionArguments) -> AskOptions {
    AskOptions {
        ignore_guards: some(question.ignore_guards.clone()),
        honour_guards: some(question.honour_guards.clone()),
        ..AskOptions::default()
    }
}

/// The same, between two ends.
pub(super) fn between(ends: EndsArguments, question: &QuestionArguments) -> AskOptions {
    AskOptions { from: selectors(ends.from), to: selectors(ends.to), ..guarded(question) }
}

fn selectors(texts: Vec<String>) -> Option<Selectors> {
    some(texts.into_iter().map(SelectorText::Text).collect())
}

/// The list, where it holds anything: an option that was not given.
fn some<T>(list: Vec<T>) -> Option<OneOrMany<T>> {
    (!list.is_empty()).then_some(OneOrMany::Many(list))
}

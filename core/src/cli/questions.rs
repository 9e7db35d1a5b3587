//! The commands that ask one question and write its answer.

use super::arguments::{
    AnswerFormat, BlastRadiusArguments, InputArguments, JudgementArguments, MatrixArguments, OutputArguments, QuestionArguments,
    ReachArguments, RotationArguments,
};
use super::output::Output;
use super::progress::Progress;
use super::read::{as_of, estate, policy};
use crate::door::{self, Answer, AskOptions, OneOrMany, SelectorText, Selectors};
use crate::error::Result;
use crate::estate::Estate;
use crate::model::Instant;
use crate::report::text::{self, TextOptions};

pub(super) fn reach(arguments: ReachArguments, output: &mut Output<'_>) -> Result<()> {
    let ReachArguments { from, to, paths, proven_only, inputs, question, output: written } = arguments;
    let options = AskOptions { from: selectors(from), to: selectors(to), paths, proven_only: Some(proven_only), ..guarded(&question) };
    ask("reach", options, &inputs, &question.judgement, &written, output)
}

pub(super) fn matrix(arguments: &MatrixArguments, output: &mut Output<'_>) -> Result<()> {
    let question = &arguments.question;
    ask("matrix", guarded(question), &arguments.inputs, &question.judgement, &arguments.output, output)
}

pub(super) fn blast_radius(arguments: BlastRadiusArguments, output: &mut Output<'_>) -> Result<()> {
    let BlastRadiusArguments { lost, proven_only, inputs, question, output: written } = arguments;
    let options = AskOptions { lost: Some(OneOrMany::Many(lost)), proven_only: Some(proven_only), ..guarded(&question) };
    ask("blast-radius", options, &inputs, &question.judgement, &written, output)
}

pub(super) fn rotation(arguments: &RotationArguments, output: &mut Output<'_>) -> Result<()> {
    ask("rotation", AskOptions::default(), &arguments.inputs, &arguments.judgement, &arguments.output, output)
}

/// Reads the inputs, asks the question of them and writes the answer.
fn ask(
    question: &'static str,
    options: AskOptions,
    inputs: &InputArguments,
    judgement: &JudgementArguments,
    written: &OutputArguments,
    output: &mut Output<'_>,
) -> Result<()> {
    let as_of = as_of(judgement)?;
    let options = AskOptions { as_of: Some(as_of), policy: policy(judgement.policy.as_deref())?, ..options };
    let estate = estate(inputs, output)?;
    let progress = Progress::new(question, output.terminal);
    let answer = door::ask(&estate, question, options, &progress)?;
    drop(progress);
    let answer = match written.format {
        AnswerFormat::Text => text(&answer, &estate, as_of, &output.text_options(&written.to)),
        AnswerFormat::Json => answer.to_json()?,
    };
    output.answer(&answer, &written.to)
}

fn text(answer: &Answer, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    match answer {
        Answer::Report(report) => text::report(report, estate, options),
        Answer::Reach(answer) => text::reach(answer, estate, options),
        Answer::Matrix(answer) => text::matrix(answer, estate, as_of, options),
        Answer::BlastRadius(answer) => text::blast_radius(answer, estate, as_of, options),
        Answer::Rotation(answer) => text::rotation(answer, estate, as_of, options),
    }
}

/// Options that say which guards count.
fn guarded(question: &QuestionArguments) -> AskOptions {
    AskOptions {
        ignore_guards: some(question.ignore_guards.clone()),
        honour_guards: some(question.honour_guards.clone()),
        ..AskOptions::default()
    }
}

fn selectors(texts: Vec<String>) -> Option<Selectors> {
    some(texts.into_iter().map(SelectorText::Text).collect())
}

/// The list, where it holds anything: an option that was not given.
fn some<T>(list: Vec<T>) -> Option<OneOrMany<T>> {
    (!list.is_empty()).then_some(OneOrMany::Many(list))
}

//! The commands about cuts, isolation and change.

use super::change_arguments::{
    ChangeArguments, CutsArguments, DiffArguments, FailingVerdict, IsolationArguments, VerifyArguments, WhatIfArguments,
};
use super::files::{NamedPath, read_file};
use super::output::Output;
use super::questions::{Asked, between, guarded};
use super::read;
use crate::analysis::{Crossing, IsolationVerdict};
use crate::door::{self, Answer, AskOptions};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::Changes;
use crate::rules::Finding;
use std::path::Path;

pub(super) fn cuts(arguments: CutsArguments, output: &mut Output<'_>) -> Result<()> {
    let CutsArguments { ends, include_possible, choke_points, inputs, question, output: written } = arguments;
    let options = AskOptions { include_possible: Some(include_possible), choke_points, ..between(ends, &question) };
    Asked::new("cuts", true, options, &inputs, &question.judgement, output)?.write(&written, output)
}

/// Says whether the verdict is as bad as `--fail-on` asks for.
pub(super) fn isolation(arguments: IsolationArguments, output: &mut Output<'_>) -> Result<bool> {
    let IsolationArguments { paths, fail_on, inputs, question, output: written } = arguments;
    let options = AskOptions { paths, ..guarded(&question) };
    let asked = Asked::new("isolation", false, options, &inputs, &question.judgement, output)?;
    asked.write(&written, output)?;
    let worst = match fail_on {
        None => return Ok(false),
        Some(FailingVerdict::Possible) => IsolationVerdict::Possible,
        Some(FailingVerdict::Broken) => IsolationVerdict::Broken,
    };
    Ok(matches!(&asked.answer, Answer::Isolation(answer) if answer.verdict >= worst))
}

/// Says whether something new came that `--fail-on` asks for.
pub(super) fn what_if(arguments: &WhatIfArguments, output: &mut Output<'_>) -> Result<bool> {
    let ChangeArguments { inputs, judgement, .. } = &arguments.asked;
    let changes = match &arguments.changes {
        Some(path) => {
            let (name, text) = text_of(path)?;
            Some(Changes::from_json(&name, &text)?)
        }
        None => None,
    };
    let asked = match &arguments.plan {
        Some(plan) => {
            let side = |format: &str| NamedPath { path: plan.clone(), format: Some(format.to_owned()) };
            let options = AskOptions { memory_limit: inputs.memory_limit, ..AskOptions::default() };
            let options = Asked::judged("what-if", options, judgement)?;
            let before = read::estate_with(Some(side("terraform@before")), inputs, false, output)?;
            let after = read::estate_with(Some(side("terraform")), inputs, true, output)?;
            Asked::of(after, Some(&before), "what-if", options, output)?
        }
        None => Asked::new("what-if", true, AskOptions { changes, ..AskOptions::default() }, inputs, judgement, output)?,
    };
    asked.write(&arguments.asked.output, output)?;
    let came = matches!(&asked.answer, Answer::WhatIf(answer) if !answer.undecided.is_empty() || something_new(&answer.opened, &answer.findings_added));
    Ok(arguments.asked.fail_on.is_some() && came)
}

/// Says whether something new came that `--fail-on` asks for.
pub(super) fn diff(arguments: &DiffArguments, output: &mut Output<'_>) -> Result<bool> {
    let paths: Vec<_> = arguments.before.iter().map(NamedPath::new).collect();
    let options = AskOptions { memory_limit: arguments.asked.inputs.memory_limit, ..AskOptions::default() };
    let options = Asked::judged("diff", options, &arguments.asked.judgement)?;
    let before = read::estate_of(&paths, &arguments.asked.inputs, false, output)?;
    let after = read::estate(&arguments.asked.inputs, true, output)?;
    let asked = Asked::of(after, Some(&before), "diff", options, output)?;
    asked.write(&arguments.asked.output, output)?;
    let came = matches!(&asked.answer, Answer::Diff(answer) if something_new(&answer.crossings.opened, &answer.findings.added));
    Ok(arguments.asked.fail_on.is_some() && came)
}

/// Checks a certificate; refusing it is an error.
pub(super) fn verify(arguments: &VerifyArguments, output: &mut Output<'_>) -> Result<()> {
    let (name, text) = text_of(&arguments.certificate)?;
    let policy = read::policy(arguments.policy.as_deref())?;
    let estate = read::estate(&arguments.inputs, false, output)?;
    // A refusal has the certificate as its place; a text that is none has its own line and column.
    let placed = |error: Error| if error.place().is_some() { error } else { error.at(Place::new(&name)) };
    door::verify(&name, &text, &estate, policy.as_ref()).map_err(placed)?;
    output.standard("accepted: nothing crosses the boundaries of the policy\n")
}

fn something_new(opened: &[Crossing], added: &[Finding]) -> bool {
    !opened.is_empty() || added.iter().any(|finding| finding.waived.is_none())
}

fn text_of(path: &Path) -> Result<(String, String)> {
    let file = read_file(path)?;
    let not_text = || Error::new(ErrorCode::InvalidDocument, "not UTF-8 text; write it again as UTF-8").at(Place::new(&file.name));
    let text = std::str::from_utf8(&file.bytes).map_err(|_| not_text())?.to_owned();
    Ok((file.name, text))
}

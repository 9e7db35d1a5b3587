//! [`QUESTIONS`]: what can be asked of an estate, one row each.

use super::Answer;
use super::options::{AskOptions, OneOrMany, selection};
use crate::analysis::{self, BlastRadiusOptions, ReachOptions};
use crate::error::{Error, ErrorCode, Result};
use crate::estate::Estate;
use crate::graph::Graph;
use crate::observer::Observer;

/// A question: its name in the command and in the languages, and what it may be told besides `as_of` and `policy`.
#[derive(Debug)]
pub struct Question {
    /// Its name.
    pub name: &'static str,
    /// What it answers, in a line.
    pub summary: &'static str,
    /// The options that it knows besides `as_of` and `policy`.
    pub options: &'static [&'static str],
    answer: fn(&Estate, AskOptions, &dyn Observer) -> Result<Answer>,
}

/// Every question. This list is the only registration.
pub static QUESTIONS: &[Question] = &[
    Question {
        name: "assess",
        summary: "the findings of every rule, the metrics and what a manager reads first",
        options: &[],
        answer: |estate, options, observer| {
            let as_of = options.instant()?;
            let policy = options.policy.unwrap_or_default();
            Ok(Answer::Report(Box::new(estate.assess_observed(&policy, as_of, observer)?)))
        },
    },
    Question {
        name: "reach",
        summary: "what of a target is held from a start, over which crossings, by which paths",
        options: &["from", "to", "paths", "proven_only", "ignore_guards", "honour_guards"],
        answer: |estate, options, observer| {
            let graph = Graph::compile(estate, options.graph()?, observer)?;
            let mut asked = ReachOptions { admitted: options.admitted(), ..ReachOptions::default() };
            if let Some(from) = options.from {
                asked.from = selection(from)?;
            }
            if let Some(to) = options.to {
                asked.to = selection(to)?;
            }
            asked.paths = options.paths.unwrap_or(asked.paths);
            Ok(Answer::Reach(Box::new(analysis::reach(&graph, &asked, observer)?)))
        },
    },
    Question {
        name: "matrix",
        summary: "for every non-production tenant on its own, which production tenants it reaches",
        options: &["ignore_guards", "honour_guards"],
        answer: |estate, options, observer| {
            let graph = Graph::compile(estate, options.graph()?, observer)?;
            Ok(Answer::Matrix(analysis::tenant_matrix(&graph, observer)?))
        },
    },
    Question {
        name: "blast-radius",
        summary: "what is held after the loss of given entities, and which secrets to rotate in which order",
        options: &["lost", "proven_only", "ignore_guards", "honour_guards"],
        answer: |estate, options, observer| {
            let graph = Graph::compile(estate, options.graph()?, observer)?;
            let admitted = options.admitted();
            let mut asked = BlastRadiusOptions::of(options.lost.map(OneOrMany::into_vec).unwrap_or_default());
            asked.admitted = admitted;
            Ok(Answer::BlastRadius(Box::new(analysis::blast_radius(&graph, &asked, observer)?)))
        },
    },
    Question {
        name: "rotation",
        summary: "the age, the limit, the due date and the status of every secret",
        options: &[],
        answer: |estate, options, _| {
            let as_of = options.instant()?;
            Ok(Answer::Rotation(Box::new(analysis::rotation(estate, &options.policy.unwrap_or_default(), as_of))))
        },
    },
];

/// Asks a question of an estate. Environments are resolved by the policy's rules where one is given.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for an unknown question, an option that the question does not know or a missing instant, [`ErrorCode::Cancelled`], and what the
/// question itself gives.
pub fn ask(estate: &Estate, question: &str, options: AskOptions, observer: &dyn Observer) -> Result<Answer> {
    let question = QUESTIONS.iter().find(|known| known.name == question).ok_or_else(|| {
        let known: Vec<_> = QUESTIONS.iter().map(|question| format!("`{}`", question.name)).collect();
        Error::new(ErrorCode::InvalidOption, format!("unknown question; ask one of {}", known.join(", ")))
    })?;
    let knows = |name: &&str| ["as_of", "policy"].contains(name) || question.options.contains(name);
    if let Some(name) = options.given().into_iter().find(|name| !knows(name)) {
        let message = format!("`{}` does not know the option `{name}`; leave it out", question.name);
        return Err(Error::new(ErrorCode::InvalidOption, message));
    }
    // Some questions are one short pass, and look at the observer no more.
    observer.check(0, 0)?;
    let resolved = options.policy.as_ref().map(|policy| estate.with_environment_rules(&policy.environments)).transpose()?;
    (question.answer)(resolved.as_ref().unwrap_or(estate), options, observer)
}

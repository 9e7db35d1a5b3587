//! [`QUESTIONS`]: what can be asked of an estate, one row each.

use super::Answer;
use super::options::{AskOptions, OneOrMany, selection};
use crate::analysis::{self, BlastRadiusOptions, CutsOptions, ReachOptions, Snapshot};
use crate::aside::aside;
use crate::error::{Error, ErrorCode, Result};
use crate::estate::Estate;
use crate::graph::{Graph, GraphOptions};
use crate::model::Certainty;
use crate::observer::{Limited, Observer};
use crate::rules::Finding;

/// A question: its name in the command and in the languages, and what it may be told besides `as_of`, `policy` and `memory_limit`.
#[derive(Debug)]
pub struct Question {
    /// Its name.
    pub name: &'static str,
    /// What it answers, in a line.
    pub summary: &'static str,
    /// The options that it knows besides `as_of`, `policy` and `memory_limit`.
    pub options: &'static [&'static str],
    answer: fn(&Asked<'_>, AskOptions) -> Result<Answer>,
}

/// What a question is asked of.
struct Asked<'a> {
    estate: &'a Estate,
    /// The earlier estate, for a question between two.
    before: Option<&'a Estate>,
    observer: &'a dyn Observer,
}

/// Every question. This list is the only registration.
pub static QUESTIONS: &[Question] = &[
    Question {
        name: "assess",
        summary: "the findings of every rule, the metrics and what a manager reads first",
        options: &[],
        answer: |asked_of, options| {
            let Asked { estate, observer, .. } = *asked_of;
            let as_of = options.instant()?;
            let policy = options.policy.unwrap_or_default();
            Ok(Answer::Report(Box::new(estate.assess_observed(&policy, as_of, observer)?)))
        },
    },
    Question {
        name: "reach",
        summary: "what of a target is held from a start, over which crossings, by which paths",
        options: &["from", "to", "paths", "proven_only", "ignore_guards", "honour_guards"],
        answer: |asked_of, options| {
            let Asked { estate, observer, .. } = *asked_of;
            let graph = Graph::compile(estate, options.graph()?, observer)?;
            let mut asked = ReachOptions { admitted: options.admitted(), ..ReachOptions::default() };
            if let Some(from) = options.from {
                asked.from = selection(from, estate)?;
            }
            if let Some(to) = options.to {
                asked.to = selection(to, estate)?;
            }
            asked.paths = options.paths.unwrap_or(asked.paths);
            Ok(Answer::Reach(Box::new(analysis::reach(&graph, &asked, observer)?)))
        },
    },
    Question {
        name: "matrix",
        summary: "for every non-production tenant on its own, which production tenants it reaches",
        options: &["ignore_guards", "honour_guards"],
        answer: |asked_of, options| {
            let Asked { estate, observer, .. } = *asked_of;
            let graph = Graph::compile(estate, options.graph()?, observer)?;
            Ok(Answer::Matrix(analysis::tenant_matrix(&graph, observer)?))
        },
    },
    Question {
        name: "blast-radius",
        summary: "what is held after the loss of given entities, and which secrets to rotate in which order",
        options: &["lost", "proven_only", "ignore_guards", "honour_guards"],
        answer: |asked_of, options| {
            let Asked { estate, observer, .. } = *asked_of;
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
        answer: |asked_of, options| {
            let as_of = options.instant()?;
            // A byte an entity; rows are made when they are touched.
            asked_of.observer.claim(asked_of.estate.len() as u64)?;
            Ok(Answer::Rotation(Box::new(analysis::rotation(asked_of.estate, &options.policy.unwrap_or_default(), as_of))))
        },
    },
    Question {
        name: "sharing",
        summary: "what serves more than one environment: secrets, identities, vaults, runners, stores, tenants, what vendors hold",
        options: &[],
        answer: |asked_of, options| Ok(Answer::Sharing(analysis::sharing(asked_of.estate, options.instant()?))),
    },
    Question {
        name: "privilege",
        summary: "what identities may do against what they do, who commands tenants, and what is broader than in production",
        options: &[],
        answer: |asked_of, options| {
            let as_of = options.instant()?;
            Ok(Answer::Privilege(Box::new(analysis::privilege(asked_of.estate, &options.policy.unwrap_or_default(), as_of))))
        },
    },
    Question {
        name: "lifecycle",
        summary: "what has no owner, is not used, is past its end, or should be gone: identities, secrets, tenants and trusts",
        options: &[],
        answer: |asked_of, options| {
            let as_of = options.instant()?;
            Ok(Answer::Lifecycle(Box::new(analysis::lifecycle(asked_of.estate, &options.policy.unwrap_or_default(), as_of))))
        },
    },
    Question {
        name: "classification",
        summary: "each tenant's label against what speaks of production in it, and its controls against the baseline and its twin",
        options: &["ignore_guards", "honour_guards"],
        answer: |asked_of, options| {
            let Asked { estate, observer, .. } = *asked_of;
            let graph = Graph::compile(estate, options.graph()?, observer)?;
            let policy = options.policy.unwrap_or_default();
            Ok(Answer::Classification(Box::new(analysis::classification(&graph, &policy, observer)?)))
        },
    },
    Question {
        name: "cuts",
        summary: "the choke points on the way to production, and the cheapest set of relations to end so that nothing of it is held",
        options: &["from", "to", "include_possible", "choke_points", "ignore_guards", "honour_guards"],
        answer: |asked_of, options| {
            let Asked { estate, observer, .. } = *asked_of;
            let graph = Graph::compile(estate, options.graph()?, observer)?;
            let mut asked = CutsOptions::at(options.policy.unwrap_or_default().cuts);
            if let Some(from) = options.from {
                asked.from = selection(from, estate)?;
            }
            if let Some(to) = options.to {
                asked.to = selection(to, estate)?;
            }
            if options.include_possible == Some(true) {
                asked.admitted = Certainty::Possible;
            }
            asked.choke_points = options.choke_points.unwrap_or(asked.choke_points);
            Ok(Answer::Cuts(Box::new(analysis::cuts(&graph, &asked, observer)?)))
        },
    },
    Question {
        name: "isolation",
        summary: "whether the boundaries of the policy hold, with a certificate where they do and paths where they do not",
        options: &["paths", "ignore_guards", "honour_guards"],
        answer: |asked_of, options| {
            let Asked { estate, observer, .. } = *asked_of;
            let graph = Graph::compile(estate, options.graph()?, observer)?;
            let paths = options.paths.unwrap_or(ISOLATION_PATHS);
            let policy = options.policy.unwrap_or_default();
            Ok(Answer::Isolation(Box::new(analysis::isolation(&graph, &policy, paths, observer)?)))
        },
    },
    Question {
        name: "what-if",
        summary: "the crossings and findings that a set of changes, or a plan of Terraform, opens, adds, closes and resolves",
        options: &["changes"],
        answer: |asked_of, options| {
            let Asked { estate, observer, before } = *asked_of;
            let invalid = |message| Err(Error::new(ErrorCode::InvalidOption, message));
            // A plan is read twice, as not yet applied and as applied: what it changes is what lies between.
            let (before, after) = match (before, options.changes.clone()) {
                (Some(_), Some(_)) => return invalid("both changes and an earlier estate are given; give one"),
                (None, None) => return invalid("nothing is changed; give `changes`, or an earlier estate"),
                (Some(before), None) => (Judged::new(before, &options, observer)?, Judged::new(estate, &options, observer)?),
                (None, Some(changes)) => {
                    let after = Judged::new(&estate.with_changes_observed(&changes, observer)?, &options, observer)?;
                    (Judged::new(estate, &options, observer)?, after)
                }
            };
            Ok(Answer::WhatIf(Box::new(analysis::what_if(before.snapshot(), after.snapshot(), observer)?)))
        },
    },
    Question {
        name: "diff",
        summary: "what came and went since an earlier estate: entities, relations, crossings, findings, rotated secrets",
        options: &[],
        answer: |asked_of, options| {
            let Asked { estate, observer, before } = *asked_of;
            let missing = || Error::new(ErrorCode::InvalidOption, "no earlier estate was given; `diff` compares with one");
            let before = Judged::new(before.ok_or_else(missing)?, &options, observer)?;
            let after = Judged::new(estate, &options, observer)?;
            Ok(Answer::Diff(Box::new(analysis::diff(before.snapshot(), after.snapshot(), observer)?)))
        },
    },
];

/// How many ways across a boundary are written for each right unless the caller says.
const ISOLATION_PATHS: usize = 3;

/// An estate at an instant with what the rules find in it.
struct Judged {
    graph: Graph,
    findings: Vec<(String, Finding)>,
}

impl Judged {
    fn new(estate: &Estate, options: &AskOptions, observer: &dyn Observer) -> Result<Self> {
        let as_of = options.instant()?;
        let policy = options.policy.clone().unwrap_or_default();
        let estate = estate.with_environment_rules_observed(&policy.environments, observer)?;
        let findings = estate.findings_observed(&policy, as_of, observer)?;
        let findings = findings.into_iter().map(|finding| (finding.fingerprint.clone(), finding)).collect();
        Ok(Judged { graph: Graph::compile(&estate, GraphOptions::at(as_of), observer)?, findings })
    }

    fn snapshot(&self) -> Snapshot<'_, Finding> {
        Snapshot { graph: &self.graph, findings: &self.findings }
    }
}

/// Asks a question of an estate. Environments are resolved by the policy's rules where one is given.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for an unknown question, an option that the question does not know or a missing instant, [`ErrorCode::Cancelled`], and what the
/// question itself gives.
pub fn ask(estate: &Estate, question: &str, options: AskOptions, observer: &dyn Observer) -> Result<Answer> {
    ask_of(Asked { estate, before: None, observer }, question, options)
}

/// [`ask`], with an earlier estate for the questions between two.
///
/// # Errors
/// As [`ask`].
pub fn ask_since(before: &Estate, estate: &Estate, question: &str, options: AskOptions, observer: &dyn Observer) -> Result<Answer> {
    ask_of(Asked { estate, before: Some(before), observer }, question, options)
}

/// Looks at a question and its options without an estate, so that a caller who is about to read a large one hears of a slip first.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for an unknown question, an option that the question does not know, an unknown guard or a missing instant,
/// [`ErrorCode::InvalidSelector`] for a selector that is none.
pub fn check(question: &str, options: &AskOptions) -> Result<()> {
    known(question, options)?;
    options.check()
}

fn known(question: &str, options: &AskOptions) -> Result<&'static Question> {
    let question = QUESTIONS.iter().find(|known| known.name == question).ok_or_else(|| {
        let known: Vec<_> = QUESTIONS.iter().map(|question| format!("`{}`", question.name)).collect();
        Error::new(ErrorCode::InvalidOption, format!("unknown question; ask one of {}", known.join(", ")))
    })?;
    let knows = |name: &&str| ["as_of", "policy", "memory_limit"].contains(name) || question.options.contains(name);
    match options.given().into_iter().find(|name| !knows(name)) {
        None => Ok(question),
        Some(name) => {
            let message = format!("`{}` does not know the option `{name}`; leave it out", question.name);
            Err(Error::new(ErrorCode::InvalidOption, message))
        }
    }
}

fn ask_of(asked: Asked<'_>, question: &str, options: AskOptions) -> Result<Answer> {
    let question = known(question, &options)?;
    let observer: &dyn Observer = &Limited::new(asked.observer, options.memory_limit);
    observer.check(0, 0)?;
    let Asked { estate, before, .. } = asked;
    // Most questions go over the estate without a thought of the observer: the estate asks for them.
    aside(observer, |observer, asking| {
        let (mut estate, before) = (estate.asking(asking.clone()), before.map(|before| before.asking(asking)));
        if let Some(policy) = &options.policy {
            estate = estate.with_environment_rules_observed(&policy.environments, observer)?;
        }
        (question.answer)(&Asked { estate: &estate, before: before.as_ref(), observer }, options)
    })
}

//! What a binding may call: text and bytes in, text out. The command and both bindings go through here, so that they give the same bytes.

mod words;

pub use crate::report::json::to_json;
pub use words::{WordList, words};

use crate::analysis::{self, BlastRadius, BlastRadiusOptions, Reach, ReachOptions, Rotation, TenantMatrix};
use crate::error::{Error, ErrorCode, Result, json_reason};
use crate::estate::{Estate, Selection, Selector};
use crate::graph::{Graph, GraphOptions};
use crate::model::{Certainty, Guard, GuardSet, Instant};
use crate::observer::Observer;
use crate::policy::Policy;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[cfg(feature = "table")]
pub mod table;

/// What a question may be told, as JSON. Every part but the instant has a default; a part that the question does not know is refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AskOptions {
    /// The instant, RFC 3339 or a date. Required.
    pub as_of: Option<Instant>,
    /// The start of `reach`.
    pub from: Option<Selectors>,
    /// The target of `reach`.
    pub to: Option<Selectors>,
    /// How many paths `reach` writes at most.
    pub paths: Option<usize>,
    /// The ids of what was lost, for `blast-radius`.
    pub lost: Option<OneOrMany<String>>,
    /// Whether relations that are only possible are left out.
    pub proven_only: bool,
    /// Guards that do not stop the attacker, or `"all"`.
    pub ignore_guards: Option<Guards>,
    /// What the organisation has decided: its environment rules for every question, its limits for `rotation`. The default policy where absent.
    pub policy: Option<Policy>,
    /// Guards that stop the attacker besides the default ones.
    pub honour_guards: Option<Guards>,
}

/// One value, or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// One.
    One(T),
    /// A list.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

/// Selectors as text (`class=production`) or as an object (`{"class": "production"}`), one or several of which any may hold.
pub type Selectors = OneOrMany<SelectorText>;

/// A selector as text or as an object.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum SelectorText {
    /// `class=production,kind=service_account`.
    Text(String),
    /// `{"class": "production", "kind": "service_account"}`.
    Parts(BTreeMap<String, String>),
}

/// Guards by name, or `all`.
pub type Guards = OneOrMany<String>;

/// The answer to a question.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Answer {
    /// Of `reach`.
    Reach(Box<Reach>),
    /// Of `matrix`.
    Matrix(TenantMatrix),
    /// Of `blast-radius`.
    BlastRadius(Box<BlastRadius>),
    /// Of `rotation`.
    Rotation(Box<Rotation>),
}

impl Answer {
    /// The answer as JSON: the same bytes from the command and in every language.
    ///
    /// # Errors
    /// As [`to_json`].
    pub fn to_json(&self) -> Result<String> {
        to_json(self)
    }
}

/// The questions that [`ask`] answers, by name.
pub const QUESTIONS: &[&str] = &["reach", "matrix", "blast-radius", "rotation"];

/// Reads options from JSON text; empty text is no options.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for an unknown option or a value of the wrong type, with its line and column; [`ErrorCode::InvalidPolicy`] where it is
/// the policy that is wrong.
pub fn options(json: &str) -> Result<AskOptions> {
    if json.trim().is_empty() {
        return Ok(AskOptions::default());
    }
    serde_json::from_str(json).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        let invalid =
            || Error::new(ErrorCode::InvalidOption, format!("the options are not as described at {place}: {}", json_reason(&error)));
        policy_error(json).unwrap_or_else(invalid)
    })
}

/// What is wrong with the policy of bad options, if that is what is wrong.
fn policy_error(json: &str) -> Option<Error> {
    #[derive(Deserialize)]
    struct Options<'a> {
        #[serde(borrow)]
        policy: Option<&'a RawValue>,
    }
    let options: Options<'_> = serde_json::from_str(json).ok()?;
    Policy::from_json(options.policy?.get()).err()
}

/// Asks a question of an estate.
///
/// # Errors
/// [`ErrorCode::InvalidOption`] for an unknown question or a missing instant, and what the question itself gives.
pub fn ask(estate: &Estate, question: &str, options: AskOptions, observer: &dyn Observer) -> Result<Answer> {
    let as_of = options
        .as_of
        .ok_or_else(|| Error::new(ErrorCode::InvalidOption, "no instant was given; give `as_of`, for example `2026-05-01`"))?;
    let resolved = options.policy.as_ref().map(|policy| estate.with_environment_rules(&policy.environments)).transpose()?;
    let estate = resolved.as_ref().unwrap_or(estate);
    let admitted = if options.proven_only { Certainty::Proven } else { Certainty::Possible };
    let graph = || Graph::compile(estate, graph_options(as_of, &options)?, observer);
    match question {
        "reach" => {
            let mut asked = ReachOptions { admitted, ..ReachOptions::default() };
            let graph = graph()?;
            if let Some(from) = options.from {
                asked.from = selection(from)?;
            }
            if let Some(to) = options.to {
                asked.to = selection(to)?;
            }
            asked.paths = options.paths.unwrap_or(asked.paths);
            Ok(Answer::Reach(Box::new(analysis::reach(&graph, &asked, observer)?)))
        }
        "matrix" => Ok(Answer::Matrix(analysis::tenant_matrix(&graph()?, observer)?)),
        "blast-radius" => {
            let graph = graph()?;
            let mut asked = BlastRadiusOptions::of(options.lost.map(OneOrMany::into_vec).unwrap_or_default());
            asked.admitted = admitted;
            Ok(Answer::BlastRadius(Box::new(analysis::blast_radius(&graph, &asked, observer)?)))
        }
        "rotation" => {
            let policy = options.policy.unwrap_or_default();
            Ok(Answer::Rotation(Box::new(analysis::rotation(estate, &policy, as_of))))
        }
        _ => {
            let known: Vec<_> = QUESTIONS.iter().map(|question| format!("`{question}`")).collect();
            Err(Error::new(ErrorCode::InvalidOption, format!("unknown question; ask one of {}", known.join(", "))))
        }
    }
}

fn graph_options(as_of: Instant, options: &AskOptions) -> Result<GraphOptions> {
    let mut graph = GraphOptions::at(as_of);
    for guard in guards(options.honour_guards.clone())?.iter() {
        graph = graph.honour(guard);
    }
    Ok(graph.ignore_guards(guards(options.ignore_guards.clone())?))
}

fn guards(names: Option<Guards>) -> Result<GuardSet> {
    let mut guards = GuardSet::NONE;
    for name in names.map(OneOrMany::into_vec).unwrap_or_default() {
        if name == "all" {
            return Ok(Guard::ALL.iter().copied().collect());
        }
        let known = || Guard::ALL.iter().map(|guard| format!("`{guard}`")).collect::<Vec<_>>().join(", ");
        let guard = Guard::parse(&name)
            .ok_or_else(|| Error::new(ErrorCode::InvalidOption, format!("unknown guard; give `all` or some of {}", known())))?;
        guards = guards.with(guard);
    }
    Ok(guards)
}

fn selection(selectors: Selectors) -> Result<Selection> {
    let one = |selector: SelectorText| match selector {
        SelectorText::Text(text) => Selector::parse(&text),
        SelectorText::Parts(parts) => {
            let mut selector = Selector::default();
            for (key, value) in parts {
                selector.set(&key, &value)?;
            }
            Ok(selector)
        }
    };
    Ok(Selection::any(selectors.into_vec().into_iter().map(one).collect::<Result<_>>()?))
}

//! [`AskOptions`]: what a question may be told.

use crate::error::{Error, ErrorCode, Result, json_reason};
use crate::estate::{Changes, Estate, Selection, Selector};
use crate::graph::GraphOptions;
use crate::model::{Certainty, Guard, GuardSet, Instant};
use crate::policy::Policy;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

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
    pub proven_only: Option<bool>,
    /// Whether relations that are only possible must be cut too, for `cuts`.
    pub include_possible: Option<bool>,
    /// How many choke points `cuts` lists at most.
    pub choke_points: Option<usize>,
    /// What is changed, for `what-if`.
    pub changes: Option<Changes>,
    /// Guards that do not stop the attacker, or `"all"`.
    pub ignore_guards: Option<Guards>,
    /// What the organisation has decided: its environment rules for every question, its limits, baselines and tables for those that judge. The default policy where absent.
    pub policy: Option<Policy>,
    /// Guards that stop the attacker besides the default ones.
    pub honour_guards: Option<Guards>,
    /// The most bytes of memory that a step of the work may take.
    pub memory_limit: Option<u64>,
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
    pub(super) fn into_vec(self) -> Vec<T> {
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

impl AskOptions {
    /// The names of the options that were given.
    pub(super) fn given(&self) -> Vec<&'static str> {
        let given = [
            ("as_of", self.as_of.is_some()),
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("paths", self.paths.is_some()),
            ("lost", self.lost.is_some()),
            ("proven_only", self.proven_only.is_some()),
            ("include_possible", self.include_possible.is_some()),
            ("choke_points", self.choke_points.is_some()),
            ("changes", self.changes.is_some()),
            ("ignore_guards", self.ignore_guards.is_some()),
            ("honour_guards", self.honour_guards.is_some()),
            ("policy", self.policy.is_some()),
            ("memory_limit", self.memory_limit.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }

    /// The estate as a question under these options sees it: its environments by the rules of the policy, where one is given.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidPolicy`] where a name rule is no regex.
    pub fn resolved(&self, estate: &Estate) -> Result<Estate> {
        self.policy.as_ref().map_or_else(|| Ok(estate.clone()), |policy| estate.with_environment_rules(&policy.environments))
    }

    /// What can be said of the options without an estate.
    pub(super) fn check(&self) -> Result<()> {
        self.graph()?;
        for selectors in [&self.from, &self.to].into_iter().flatten() {
            parsed(selectors.clone())?;
        }
        Ok(())
    }

    /// The instant.
    pub(super) fn instant(&self) -> Result<Instant> {
        let missing = || Error::new(ErrorCode::InvalidOption, "no instant was given; give `as_of`, for example `2026-05-01`");
        self.as_of.ok_or_else(missing)
    }

    /// Which relations are admitted.
    pub(super) fn admitted(&self) -> Certainty {
        if self.proven_only == Some(true) { Certainty::Proven } else { Certainty::Possible }
    }

    /// What decides whether a relation conducts.
    pub(super) fn graph(&self) -> Result<GraphOptions> {
        let mut graph = GraphOptions::at(self.instant()?);
        for guard in guards(self.honour_guards.clone())?.iter() {
            graph = graph.honour(guard);
        }
        Ok(graph.ignore_guards(guards(self.ignore_guards.clone())?))
    }
}

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

pub(super) fn selection(selectors: Selectors, estate: &Estate) -> Result<Selection> {
    let selection = parsed(selectors)?;
    selection.check(estate)?;
    Ok(selection)
}

fn parsed(selectors: Selectors) -> Result<Selection> {
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

//! [`Rule`]: what a rule is, and what its check says before severities and waivers are known.

use super::{Evidence, Standards};
use crate::analysis::{Classification, Lifecycle, Privilege, Reach, Rotation, Sharing};
use crate::estate::{EntityIndex, Estate};
use crate::graph::Graph;
use crate::model::{Environment, Instant, Right};
use crate::policy::{Policy, Severity};
use serde::Serialize;

/// A rule: what it looks for, why that matters, what to do about it, and the check.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// Its id.
    pub id: &'static str,
    /// What a finding of it is called.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    #[serde(rename = "fix")]
    pub remedy: &'static str,
    /// A made-up case in which it fires, and what is right instead.
    pub example: &'static str,
    /// How much a finding matters, before a policy says otherwise or its subject raises it.
    pub severity: Severity,
    /// Why its severity is not one step lower.
    pub severity_reason: &'static str,
    /// What it answers to.
    pub standards: Standards,
    /// The check.
    #[serde(skip)]
    pub(super) check: fn(&Context<'_>) -> Vec<Draft>,
}

impl Rule {
    /// Why the rule is as severe as it is: `high, not medium: ` and the reason.
    pub fn severity_sentence(&self) -> String {
        match self.severity.lowered() {
            Some(lower) => format!("{}, not {lower}: {}", self.severity, self.severity_reason),
            None => format!("{}: {}", self.severity, self.severity_reason),
        }
    }
}

/// What the checks look at.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub estate: &'a Estate,
    pub graph: &'a Graph,
    pub policy: &'a Policy,
    pub as_of: Instant,
    /// From every living non-production entity to production, with a path for every crossing.
    pub reach: &'a Reach,
    pub rotation: &'a Rotation,
    pub sharing: &'a Sharing,
    pub privilege: &'a Privilege,
    pub lifecycle: &'a Lifecycle,
    pub classification: &'a Classification,
}

impl Context<'_> {
    /// The id of an entity.
    pub fn id(&self, entity: EntityIndex) -> String {
        self.estate.entity(entity).id().to_owned()
    }

    /// The name of an entity, as a message shows it.
    pub fn name(&self, entity: EntityIndex) -> String {
        format!("`{}`", self.estate.entity(entity).name())
    }

    /// The name behind an id, as a message shows it.
    pub fn name_of(&self, id: &str) -> String {
        self.estate.find(id).map_or_else(|| format!("`{id}`"), |entity| self.name(entity))
    }
}

/// What a check says, before severity and waivers are known.
#[derive(Debug)]
pub(super) struct Draft {
    pub subjects: Vec<String>,
    /// Tells findings of one rule about the same subjects apart.
    pub facet: String,
    pub message: String,
    pub evidence: Vec<Evidence>,
    pub raise: Raise,
    /// The records of one lost secret: the message then ends with what they open.
    pub lost: Vec<EntityIndex>,
    /// Among findings of one severity and rule the heavier come first.
    pub weight: u64,
    /// What an allowed flow is held against.
    pub crossing: Option<(Environment, Right, Environment)>,
}

impl Draft {
    /// A finding about some subjects that nothing raises.
    pub fn new(subjects: Vec<String>, message: String) -> Self {
        Draft {
            subjects,
            facet: String::new(),
            message,
            evidence: Vec::new(),
            raise: Raise::Never,
            lost: Vec::new(),
            weight: 0,
            crossing: None,
        }
    }

    /// The same, with one more piece of evidence.
    pub fn show(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// The same, one step more severe where one of these is in production or alone is proven to reach it.
    pub fn raised_by(mut self, entities: Vec<EntityIndex>) -> Self {
        self.raise = Raise::By(entities);
        self
    }

    /// The same, this heavy.
    pub fn weight(mut self, weight: u64) -> Self {
        self.weight = weight;
        self
    }
}

/// What makes a finding one step more severe.
#[derive(Debug)]
pub(super) enum Raise {
    /// Nothing.
    Never,
    /// A fact that the check knows.
    Because(String),
    /// That one of these is in production, or alone is proven to reach it.
    By(Vec<EntityIndex>),
}

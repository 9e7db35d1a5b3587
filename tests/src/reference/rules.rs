//! The relations that conduct as premises and conclusion, for what is asked of relations rather than of facts.

use super::{Conditions, Fact, Reference};
use std::collections::BTreeSet;
use tenantgraph::model::{Entity, RelationKind};

/// A relation that conducts: whoever holds its premises can gain what it gives.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The id of FROM.
    pub from: String,
    /// The kind.
    pub kind: RelationKind,
    /// The id of TO.
    pub to: String,
    /// What must be held, all of it.
    pub premises: Vec<Fact>,
    /// What is gained.
    pub gives: Fact,
    /// The fingerprint that two records of one secret share.
    pub fingerprint: Option<String>,
}

impl Reference {
    /// Every relation that conducts, in the canonical order.
    pub fn rules(&self, conditions: Conditions) -> Vec<Rule> {
        let conducting = self.lines.iter().filter(|line| self.conducts(line, conditions));
        conducting
            .filter_map(|line| {
                Some(Rule {
                    from: line.from.clone(),
                    kind: line.kind,
                    to: line.to.clone(),
                    premises: line.premises().collect(),
                    gives: (line.to.clone(), line.grants?),
                    fingerprint: if line.kind == RelationKind::SameSecret { self.fingerprint(&line.from) } else { None },
                })
            })
            .collect()
    }

    /// The same estate without some of its relations, written or derived; environments stay as they are.
    #[must_use]
    pub fn without(mut self, ended: impl Fn(&str, RelationKind, &str) -> bool) -> Self {
        self.lines.retain(|line| !ended(&line.from, line.kind, &line.to));
        self
    }

    /// Whether a set of facts holds all that its rules give.
    pub fn is_closed(&self, facts: &BTreeSet<Fact>, conditions: Conditions) -> bool {
        let start: Vec<Fact> = facts.iter().cloned().collect();
        self.closure(&start, conditions).keys().all(|fact| facts.contains(fact))
    }

    fn fingerprint(&self, id: &str) -> Option<String> {
        self.entities.get(id).and_then(Entity::as_secret).and_then(|secret| secret.fingerprint.clone())
    }
}

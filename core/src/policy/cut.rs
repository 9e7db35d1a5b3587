//! [`CutCosts`]: what it costs the organisation to end a relation, and what it will not end.

use crate::estate::Glob;
use crate::model::RelationKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What it costs to end a relation. Costs are whole numbers in a unit of the organisation's own: hours, tickets, risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct CutCosts {
    /// The cost by kind; 1 for a kind that is not listed. `contains` is the cost of moving an entity, `same_secret` of rotating a secret.
    pub kinds: BTreeMap<RelationKind, u32>,
    /// The relations that will not be ended.
    pub uncuttable: Vec<Uncuttable>,
}

/// Relations that will not be ended: every part that is given must match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncuttable {
    /// A glob over the id of FROM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<RelationKind>,
    /// A glob over the id of TO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Cut costs with their globs compiled.
#[derive(Debug)]
pub(crate) struct CutPrices {
    kinds: BTreeMap<RelationKind, u32>,
    uncuttable: Vec<(Option<Glob>, Option<RelationKind>, Option<Glob>)>,
}

impl CutCosts {
    pub(crate) fn prices(&self) -> CutPrices {
        let glob = |text: &Option<String>| text.as_deref().map(Glob::new);
        let row = |row: &Uncuttable| (glob(&row.from), row.kind, glob(&row.to));
        CutPrices { kinds: self.kinds.clone(), uncuttable: self.uncuttable.iter().map(row).collect() }
    }

    /// Whether every cost is above 0 and every row of the uncuttable says something.
    pub(super) fn is_possible(&self) -> bool {
        let says_something = |row: &Uncuttable| row.from.is_some() || row.kind.is_some() || row.to.is_some();
        self.kinds.values().all(|cost| *cost > 0) && self.uncuttable.iter().all(says_something)
    }
}

impl CutPrices {
    /// The cost of ending any relation, where it does not depend on which.
    pub fn flat(&self) -> Option<u64> {
        (self.kinds.is_empty() && self.uncuttable.is_empty()).then_some(1)
    }

    /// What it costs to end a relation; `None` where it will not be ended.
    pub fn price(&self, from: &str, kind: RelationKind, to: &str) -> Option<u64> {
        let fits = |glob: &Option<Glob>, id: &str| glob.as_ref().is_none_or(|glob| glob.matches(id));
        let kept = |row: &(Option<Glob>, Option<RelationKind>, Option<Glob>)| {
            fits(&row.0, from) && row.1.is_none_or(|own| own == kind) && fits(&row.2, to)
        };
        let price = || u64::from(self.kinds.get(&kind).copied().unwrap_or(1));
        (!self.uncuttable.iter().any(kept)).then(price)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_uncuttable_has_no_price() {
        let costs = CutCosts {
            kinds: BTreeMap::from([(RelationKind::Contains, 5)]),
            uncuttable: vec![Uncuttable { from: Some("break-glass*".into()), kind: None, to: None }],
        };
        let prices = costs.prices();
        assert_eq!(prices.price("a", RelationKind::Contains, "b"), Some(5));
        assert_eq!(prices.price("a", RelationKind::Assumes, "b"), Some(1));
        assert_eq!(prices.price("break-glass-1", RelationKind::Assumes, "b"), None);
    }
}

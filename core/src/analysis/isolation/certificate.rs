//! [`Certificate`]: what proves that nothing crosses, small enough to keep and simple enough to check.

use super::Group;
use crate::error::{Error, ErrorCode, Place, Result, json_reason};
use crate::graph::{Closure, Graph};
use crate::model::{Environment, GuardSet, Instant};
use crate::policy::{Boundary, Flow};
use serde::{Deserialize, Serialize};

/// Proves that nothing crosses the boundaries of a policy: for each, sets of facts that hold what an attacker starts with, that are closed under the rules
/// of the graph, and in which nothing of the far side is that no flow allows. [`super::verify`] checks it without the traversal that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The hash of the estate with its environments, as [`crate::Estate::content_hash`] gives it.
    pub estate: String,
    /// The instant of the proof.
    pub as_of: Instant,
    /// The guards that stop an attacker.
    pub guards: GuardSet,
    /// The sets.
    pub sets: Vec<ClosedSet>,
}

/// A closed set of facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedSet {
    /// The boundary that it proves.
    pub boundary: Boundary,
    /// The environments that it starts from; those of all sets of a boundary together are its near side.
    pub environments: Vec<Environment>,
    /// The flows that those environments are allowed.
    pub flows: Vec<Flow>,
    /// The facts: one hexadecimal digit an entity, by id; 1 is control, 2 read, 4 write, added up.
    pub facts: String,
}

impl Certificate {
    pub(super) fn new(graph: &Graph, sets: Vec<(Boundary, Group, Closure)>) -> Self {
        let sets = sets.into_iter().map(|(boundary, group, closure)| ClosedSet {
            boundary,
            environments: group.environments,
            flows: group.flows,
            facts: digits(graph, &closure),
        });
        let options = graph.options();
        Certificate { estate: graph.estate().content_hash(), as_of: options.as_of, guards: options.honoured, sets: sets.collect() }
    }

    /// Reads a certificate, alone or within the answer of `isolation`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidDocument`] with the line and column.
    pub fn from_json(name: &str, text: &str) -> Result<Certificate> {
        #[derive(Deserialize)]
        struct Answer {
            certificate: Option<Certificate>,
        }
        let refused = |error: serde_json::Error| {
            let place = Place::new(name).line(error.line() as u64).column(error.column() as u64);
            Error::new(ErrorCode::InvalidDocument, format!("not a certificate of isolation: {}", json_reason(&error))).at(place)
        };
        let without = || {
            let message = "this answer holds no certificate; it is given only where the verdict is `isolated`";
            Error::new(ErrorCode::InvalidDocument, message).at(Place::new(name))
        };
        serde_json::from_str(text).or_else(|error| {
            serde_json::from_str::<Answer>(text).ok().map_or(Err(refused(error)), |answer| answer.certificate.ok_or_else(without))
        })
    }
}

fn digits(graph: &Graph, closure: &Closure) -> String {
    let digit = |entity| {
        let held = closure.held_over(entity).fold(0, |sum, held| sum | 1u32 << held.fact.right as u32);
        char::from_digit(held, 16).unwrap_or('0')
    };
    graph.estate().indices().map(digit).collect()
}

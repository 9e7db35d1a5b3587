//! The answer of `isolation` as text.

use super::TextOptions;
use super::chain::{chain, name};
use super::lines::{Lines, Style, counted};
use crate::analysis::{Isolation, IsolationVerdict};
use crate::estate::Estate;
use crate::model::Instant;

/// The answer of `isolation`, for a terminal: the verdict of each boundary, the ways across it, and what was not known.
pub fn isolation(answer: &Isolation, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("Isolation as of {as_of}: {}", answer.verdict), Some(Style::Heading));
    for flow in &answer.flows {
        let verdict = match flow.verdict {
            IsolationVerdict::Isolated => "nothing is gained",
            IsolationVerdict::Possible => "something may be gained",
            IsolationVerdict::Broken => "something is gained",
        };
        lines.add(2, format!("{} to {}, {}: {verdict}", flow.from, flow.to, flow.right));
    }
    for flow in &answer.flows {
        for path in &flow.paths {
            let hops = counted(path.steps.len() as u64, "hop", "hops");
            lines.heading(&format!("A {} way to {} of {}, {hops}", path.certainty, path.right, name(estate, &path.entity)));
            chain(&mut lines, estate, &path.steps);
        }
    }
    if answer.certificate.is_some() {
        lines.add(0, "the certificate stands in the answer as JSON; `tenantgraph verify` checks it");
    }
    lines.list(
        "What was not known",
        answer
            .coverage
            .iter()
            .map(|coverage| format!("{}: {} of {} known; {}", coverage.topic, coverage.known, coverage.total, coverage.note)),
    );
    lines.into_text()
}

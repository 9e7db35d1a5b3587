//! The answer of `cuts` as text.

use super::TextOptions;
use super::chain::name;
use super::lines::{Lines, Style, counted};
use crate::analysis::Cuts;
use crate::estate::Estate;
use crate::model::{Certainty, Instant};

/// The answer of `cuts`, for a terminal: what to end, what it costs, and the narrowest points.
pub fn cuts(answer: &Cuts, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("Cuts as of {as_of}"), Some(Style::Heading));
    let (ways, rest) = match answer.admitted {
        Certainty::Proven => ("proven", ". Ways that are only possible stay; `--include-possible` cuts them too"),
        Certainty::Possible => ("proven or possible", ""),
    };
    match answer.cost {
        Some(0) => lines.plain(format!("there is no {ways} way to the target, so there is nothing to cut"), None),
        Some(cost) => {
            let sure = if answer.exact {
                "no cheaper cut exists".to_owned()
            } else {
                format!("every cut costs at least {}; relations that need several things make more hard to prove", answer.bound)
            };
            lines.add(
                0,
                format!(
                    "{} every {ways} way to the target at a cost of {cost}; {sure}{rest}",
                    counted(answer.cut.len() as u64, "change cuts", "changes cut")
                ),
            );
        }
        None => lines.plain("no cut exists: something on the way will not be ended by the policy", None),
    }
    lines.list("What to end", answer.cut.iter().map(|line| format!("{} (cost {})", line.action, line.cost)));
    lines.list(
        "Choke points",
        answer.choke_points.iter().map(|point| {
            let behind = counted(point.alone_lead_to, "target entity is", "target entities are");
            format!("{} of {}: {behind} held only because of it", point.right, name(estate, &point.entity))
        }),
    );
    lines.into_text()
}

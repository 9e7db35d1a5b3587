//! Answers to single questions as text: what matters first, long lists cut with the number of what is left.

use super::TextOptions;
use super::chain::{chain, name};
use super::lines::{Lines, Style, counted, number};
use crate::analysis::{BlastRadius, Reach, ReachedFact, ReachedFacts, TenantMatrix};
use crate::estate::Estate;
use crate::model::{Certainty, Instant, Right};
use std::collections::{BTreeMap, BTreeSet};

/// How many paths of a matrix are drawn.
const MATRIX_PATHS: usize = 3;

/// The answer of `reach`, for a terminal. Every path that the answer holds is drawn, but for rights that control implies.
pub fn reach(answer: &Reach, estate: &Estate, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    let title = format!("Reach as of {}, from {} to {}", answer.as_of, answer.from.join(" or "), answer.to.join(" or "));
    lines.plain(title, Some(Style::Heading));
    let held: BTreeSet<&str> = answer.reached.iter().map(|fact| fact.entity).collect();
    if held.is_empty() {
        lines.plain("nothing of the target is held", None);
        return lines.into_text();
    }
    let proven = answer.proven_entities().count();
    let entities = counted(held.len() as u64, "entity", "entities");
    let crossings = counted(answer.crossings.len() as u64, "crossing", "crossings");
    let possible = held.len() - proven;
    lines.add(
        0,
        format!(
            "{entities} of the target held ({} proven, {} only possible), over {crossings}",
            number(proven as u64),
            number(possible as u64)
        ),
    );
    lines.list(
        "Crossings",
        answer.crossings.iter().map(|crossing| {
            let behind = counted(crossing.reached, "target entity", "target entities");
            let (from, to) = (name(estate, &crossing.from), name(estate, &crossing.to));
            let how = if crossing.certainty == Certainty::Possible { "may gain" } else { "gains" };
            format!("{from} {how} {} of {to} by {} ({behind} from there)", crossing.right, crossing.kind)
        }),
    );
    let controlled = controlled(&answer.reached);
    for path in answer.paths.iter().filter(|path| !is_implied(&controlled, &path.entity, path.right, path.certainty)) {
        let hops = counted(path.steps.len() as u64, "hop", "hops");
        lines.heading(&format!("The {} path to {} of {}, {hops}", path.certainty, path.right, name(estate, &path.entity)));
        chain(&mut lines, estate, &path.steps);
    }
    lines.into_text()
}

/// The answer of `matrix`, for a terminal, with its first paths drawn.
pub fn matrix(answer: &TenantMatrix, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    lines.plain(format!("Matrix of tenants as of {as_of}, proven relations only"), Some(Style::Heading));
    if answer.cells.is_empty() {
        lines.plain("no non-production tenant reaches a production tenant", None);
        return lines.into_text();
    }
    let sources: BTreeSet<&str> = answer.cells.iter().map(|cell| cell.source.as_str()).collect();
    let targets: BTreeSet<&str> = answer.cells.iter().map(|cell| cell.target.as_str()).collect();
    let reach = counted(sources.len() as u64, "non-production tenant reaches", "non-production tenants reach");
    lines.plain(format!("{reach} {}", counted(targets.len() as u64, "production tenant", "production tenants")), None);
    lines.list(
        "Pairs",
        answer.cells.iter().map(|cell| {
            let (entities, hops) = (counted(cell.entities, "entity", "entities"), counted(cell.depth.into(), "hop", "hops"));
            let (source, target) = (name(estate, &cell.source), name(estate, &cell.target));
            format!("{source} reaches {target}: {entities}, at most {}, the nearest after {hops}", cell.strongest)
        }),
    );
    for cell in answer.cells.iter().take(MATRIX_PATHS) {
        lines.heading(&format!("The shortest path from {} into {}", name(estate, &cell.source), name(estate, &cell.target)));
        chain(&mut lines, estate, &cell.path);
    }
    lines.into_text()
}

/// The answer of `blast-radius`, for a terminal.
pub fn blast_radius(answer: &BlastRadius, estate: &Estate, as_of: Instant, options: &TextOptions) -> String {
    let mut lines = Lines::new(options);
    let lost: Vec<_> = answer.start.iter().map(|id| name(estate, id)).collect();
    lines.plain(format!("Blast radius of {} as of {as_of}", lost.join(", ")), Some(Style::Heading));
    lines.plain(format!("{} held, what was lost included", counted(answer.held, "entity", "entities")), None);
    lines.add(0, format!("by environment: {}", counts(&answer.by_environment)));
    lines.add(0, format!("by kind: {}", counts(&answer.by_kind)));
    let mut tenants: Vec<_> = answer.by_tenant.iter().collect();
    tenants.sort_by_key(|(tenant, count)| (std::cmp::Reverse(**count), *tenant));
    lines.list("By tenant", tenants.into_iter().map(|(tenant, count)| format!("{:>8}  {}", number(*count), name(estate, tenant))));
    let controlled = controlled(&answer.entities);
    let is_told = |fact: &ReachedFact<'_>| fact.depth > 0 && !is_implied(&controlled, fact.entity, fact.right, fact.certainty);
    let mut nearest: Vec<_> = answer.entities.iter().filter(is_told).collect();
    nearest.sort_by_key(|fact| fact.depth);
    lines.list(
        "Gained, nearest first",
        nearest.iter().map(|fact| {
            let hops = counted(fact.depth.into(), "hop", "hops");
            format!("{} of {} after {hops}, {}", fact.right, name(estate, fact.entity), fact.certainty)
        }),
    );
    let rotate = answer.rotate.iter().enumerate();
    lines.list("Rotate these secrets, in this order", rotate.map(|(at, id)| format!("{:>3}. {}", at + 1, name(estate, id))));
    lines.into_text()
}

/// The entities whose control is held, and how sure that is.
fn controlled(facts: &ReachedFacts) -> BTreeMap<&str, Certainty> {
    facts.iter().filter(|fact| fact.right == Right::Control).map(|fact| (fact.entity, fact.certainty)).collect()
}

/// Whether a right follows from control that is as sure: it then needs no line of its own.
fn is_implied(controlled: &BTreeMap<&str, Certainty>, entity: &str, right: Right, certainty: Certainty) -> bool {
    right != Right::Control && controlled.get(entity).is_some_and(|control| *control <= certainty)
}

fn counts(counts: &BTreeMap<String, u64>) -> String {
    counts.iter().map(|(name, count)| format!("{name} {}", number(*count))).collect::<Vec<_>>().join(", ")
}

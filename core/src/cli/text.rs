//! Answers as text for a person at a terminal: what matters first, long lists cut with the number of what is left.

use super::lines::{Lines, counted};
use crate::analysis::{BlastRadius, PathStep, Reach, TenantMatrix};
use crate::door::Answer;
use crate::model::{Certainty, Instant};
use std::collections::{BTreeMap, BTreeSet};

/// How many paths of a matrix are drawn.
const MATRIX_PATHS: usize = 5;

/// The answer as text, ended by a line end.
pub(super) fn text(answer: &Answer, as_of: Instant) -> String {
    let mut lines = Lines::default();
    match answer {
        Answer::Reach(answer) => reach(&mut lines, answer),
        Answer::Matrix(answer) => matrix(&mut lines, answer, as_of),
        Answer::BlastRadius(answer) => blast_radius(&mut lines, answer, as_of),
    }
    lines.into_text()
}

fn reach(lines: &mut Lines, answer: &Reach) {
    lines.add(format!("reach as of {}: from {} to {}", answer.as_of, answer.from.join(" or "), answer.to.join(" or ")));
    let held: BTreeSet<&str> = answer.reached.iter().map(|fact| fact.entity.as_str()).collect();
    if held.is_empty() {
        lines.add("nothing of the target is held");
        return;
    }
    let proven = answer.reached.iter().filter(|fact| fact.certainty == Certainty::Proven);
    let proven = proven.map(|fact| fact.entity.as_str()).collect::<BTreeSet<_>>().len();
    let crossings = counted(answer.crossings.len(), "crossing", "crossings");
    lines.add(format!(
        "{} of the target held ({proven} proven, {} only possible), entered over {crossings}",
        counted(held.len(), "entity", "entities"),
        held.len() - proven
    ));
    lines.list(
        "crossings:",
        answer.crossings.iter().map(|crossing| {
            let behind = counted(crossing.reached as usize, "target entity", "target entities");
            format!(
                "{:<8}  {} --{}--> {} of {} ({behind} from there)",
                crossing.certainty, crossing.from, crossing.kind, crossing.right, crossing.to
            )
        }),
    );
    for path in &answer.paths {
        let hops = counted(path.steps.len(), "hop", "hops");
        lines.blank();
        lines.add(format!("{} path to {} of {}, {hops}:", path.certainty, path.right, path.entity));
        steps(lines, &path.steps);
    }
}

fn matrix(lines: &mut Lines, answer: &TenantMatrix, as_of: Instant) {
    lines.add(format!("matrix as of {as_of}: from each non-production tenant to production tenants, proven relations only"));
    if answer.cells.is_empty() {
        lines.add("no non-production tenant reaches a production tenant");
        return;
    }
    let sources: BTreeSet<&str> = answer.cells.iter().map(|cell| cell.source.as_str()).collect();
    let targets: BTreeSet<&str> = answer.cells.iter().map(|cell| cell.target.as_str()).collect();
    let reaching = match sources.len() {
        1 => "1 non-production tenant reaches".to_owned(),
        several => format!("{several} non-production tenants reach"),
    };
    lines.add(format!("{reaching} {}", counted(targets.len(), "production tenant", "production tenants")));
    lines.list(
        "pairs:",
        answer.cells.iter().map(|cell| {
            let (entities, hops) = (counted(cell.entities as usize, "entity", "entities"), counted(cell.depth as usize, "hop", "hops"));
            format!("{} reaches {}: {entities}, at most {}, the nearest after {hops}", cell.source, cell.target, cell.strongest)
        }),
    );
    for cell in answer.cells.iter().take(MATRIX_PATHS) {
        lines.blank();
        lines.add(format!("shortest path from {} into {}:", cell.source, cell.target));
        steps(lines, &cell.path);
    }
}

fn blast_radius(lines: &mut Lines, answer: &BlastRadius, as_of: Instant) {
    lines.add(format!("blast radius as of {as_of} of {}", answer.start.join(", ")));
    lines.add(format!("{} held, what was lost included", counted(answer.held as usize, "entity", "entities")));
    lines.add(format!("by environment: {}", counts(&answer.by_environment)));
    lines.add(format!("by kind: {}", counts(&answer.by_kind)));
    lines.list("by tenant:", answer.by_tenant.iter().map(|(tenant, count)| format!("{count:>6}  {tenant}")));
    let mut nearest: Vec<_> = answer.entities.iter().filter(|fact| fact.depth > 0).collect();
    nearest.sort_by_key(|fact| fact.depth);
    lines.list(
        "gained, nearest first:",
        nearest.iter().map(|fact| {
            let hops = counted(fact.depth as usize, "hop", "hops");
            format!("{:<8}  {} of {} after {hops}", fact.certainty, fact.right, fact.entity)
        }),
    );
    lines.list("rotate these secrets, in this order:", answer.rotate.iter().enumerate().map(|(at, id)| format!("{:>3}. {id}", at + 1)));
}

/// A path as a chain; where a hop does not start at the end of the last one, its own start is written again.
fn steps(lines: &mut Lines, steps: &[PathStep]) {
    let mut at = None;
    for step in steps {
        if at != Some(step.from.as_str()) {
            lines.add(format!("  {}", step.from));
        }
        let relation = match &step.permission {
            Some(permission) => format!("{} ({permission})", step.kind),
            None => step.kind.to_string(),
        };
        lines.add(format!("    --{relation}--> {} of {}", step.right, step.to));
        at = Some(&step.to);
    }
}

fn counts(counts: &BTreeMap<String, u64>) -> String {
    counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}

//! A path drawn as a chain of names with the relation between.

use super::lines::Lines;
use crate::analysis::PathStep;
use crate::estate::Estate;

/// Draws a path. Where a hop does not start at the end of the one before, its own start is written first: it needs both.
pub(super) fn chain(lines: &mut Lines<'_>, estate: &Estate, steps: &[PathStep]) {
    let mut at = None;
    for step in steps {
        if at != Some(step.from.as_str()) {
            if at.is_some() {
                lines.plain("  and", None);
            }
            lines.plain(format!("  {}", node(estate, &step.from)), None);
        }
        let permission = step.permission.as_ref().map(|permission| format!(" ({permission})")).unwrap_or_default();
        lines.plain(format!("    │ {}{permission}", step.kind), None);
        lines.plain(format!("    ▼ {}", gains(step)), None);
        lines.plain(format!("  {}", node(estate, &step.to)), None);
        at = Some(&step.to);
    }
}

/// The name of an entity, or its id where the estate has none.
pub(in crate::report) fn name<'a>(estate: &'a Estate, id: &'a str) -> &'a str {
    estate.find(id).map_or(id, |entity| estate.entity(entity).name())
}

fn gains(step: &PathStep) -> &'static str {
    match step.right {
        crate::model::Right::Control => "gains control",
        crate::model::Right::Read => "gains read",
        crate::model::Right::Write => "gains write",
    }
}

/// The name of an entity with what it is and where it stands, or its id where the estate has none.
pub(super) fn described(estate: &Estate, id: &str) -> String {
    apart(estate, id, " ")
}

/// The same, with the name standing out.
fn node(estate: &Estate, id: &str) -> String {
    apart(estate, id, "  ")
}

fn apart(estate: &Estate, id: &str, gap: &str) -> String {
    let Some(index) = estate.find(id) else { return id.to_owned() };
    let entity = estate.entity(index);
    let tenant = estate.container(index).map(|tenant| format!(" of {}", estate.entity(tenant).name())).unwrap_or_default();
    format!("{}{gap}[{}{tenant}, {}]", entity.name(), entity.kind(), estate.environment(index).environment)
}

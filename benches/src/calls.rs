//! The questions as a binding asks them: through the door, of an estate that was read, with options as JSON. `benches/peers/with_python.py` and `with_node.js` ask the same.

use crate::digraph::Digraph;
use crate::secrets::Secrets;
use crate::timing::Timing;
use std::path::Path;
use std::{fs, io};
use tenantgraph::door::{self, Answer};
use tenantgraph::model::{EntityType, Instant};
use tenantgraph::{Estate, Unobserved};

/// The work items of this module: those that end in `_columns` give a table of the answer as well.
pub const CALLS: &[&str] = &["reach_call", "matrix_call", "blast_radius_call", "rotation_call", "reach_columns", "rotation_columns"];
/// What the bindings read: the estates of the arrays, as snapshots.
const ESTATE: &str = "estate.snapshot";
const SECRETS: &str = "secrets.snapshot";

/// Runs work items, each of an estate out of a snapshot in the folder, which is written where it is missing.
///
/// # Errors
/// A folder without the arrays, or an item that is none.
pub fn run(timing: &Timing, items: &[String], as_of: Instant) -> io::Result<()> {
    let (of_secrets, of_graph): (Vec<_>, Vec<_>) = items.iter().partition(|item| item.starts_with("rotation"));
    if !of_graph.is_empty() {
        let estate = snapshot(&timing.folder.join(ESTATE), || Ok(Digraph::read(&timing.folder)?.estate()))?;
        of_graph.into_iter().try_for_each(|item| measure(timing, item, &estate, as_of))?;
    }
    if !of_secrets.is_empty() {
        let estate = snapshot(&timing.folder.join(SECRETS), || Ok(Secrets::read(&timing.folder)?.estate(as_of)))?;
        of_secrets.into_iter().try_for_each(|item| measure(timing, item, &estate, as_of))?;
    }
    Ok(())
}

fn snapshot(path: &Path, make: impl FnOnce() -> io::Result<Estate>) -> io::Result<Estate> {
    if !path.exists() {
        fs::write(path, make()?.to_snapshot())?;
    }
    Estate::from_snapshot(&fs::read(path)?).map_err(io::Error::other)
}

fn measure(timing: &Timing, item: &str, estate: &Estate, as_of: Instant) -> io::Result<()> {
    let (question, form) = item.rsplit_once('_').ok_or_else(|| io::Error::other("no work item"))?;
    let mut options = serde_json::json!({ "as_of": as_of });
    if question == "blast_radius" {
        let secrets = estate.entities().iter().filter(|entity| entity.entity_type() == EntityType::Secret);
        options["lost"] = secrets.map(|secret| secret.id()).collect();
    }
    let (question, options) = (question.replace('_', "-"), options.to_string());
    let ask = || {
        let answer = door::options(&options).and_then(|options| door::ask(estate, &question, options, &Unobserved));
        // The seeded estates are valid and nobody cancels.
        let answer = answer.expect("the question is answered");
        let table = (form == "columns").then(|| door::table::answer_table(&answer, main_table(&answer)).expect("a table"));
        (answer, table.map(|table| table.num_rows() as u64))
    };
    timing.measure(item, ask, |(answer, rows)| counts(answer).into_iter().chain(*rows).collect())
}

/// The table that a caller takes first.
fn main_table(answer: &Answer) -> &'static str {
    match answer {
        Answer::Rotation(_) => "secrets",
        _ => "reached",
    }
}

/// How much an answer says.
fn counts(answer: &Answer) -> Vec<u64> {
    let rows = |name| door::table::answer_table(answer, name).expect("a table").num_rows() as u64;
    match answer {
        Answer::Reach(_) => vec![rows("reached"), rows("crossings")],
        Answer::Matrix(_) => vec![rows("cells")],
        Answer::BlastRadius(_) => vec![rows("entities"), rows("rotate")],
        _ => vec![rows("secrets")],
    }
}

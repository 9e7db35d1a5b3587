//! The tables of `cuts`, `isolation`, `what-if` and `diff`.

use super::columns::{Columns, count};
use crate::analysis::{Cuts, Diff, FlowStep, Isolation, Undecided};
use crate::error::Result;
use crate::model::Relation;
use crate::rules::Finding;
use arrow_array::RecordBatch;

/// What to end.
///
/// # Errors
/// [`crate::ErrorCode::Internal`] where columns do not fit together.
pub fn cuts_cut(cuts: &Cuts) -> Result<RecordBatch> {
    Columns::over(&cuts.cut)
        .text("from", |row| Some(&row.from))
        .text("kind", |row| Some(row.kind.as_str()))
        .text("to", |row| Some(&row.to))
        .number("cost", |row| count(row.cost))
        .text("action", |row| Some(&row.action))
        .table()
}

/// The facts without which target entities are not held.
///
/// # Errors
/// As [`cuts_cut`].
pub fn cuts_choke_points(cuts: &Cuts) -> Result<RecordBatch> {
    Columns::over(&cuts.choke_points)
        .text("entity", |row| Some(&row.entity))
        .text("right", |row| Some(row.right.as_str()))
        .number("alone_lead_to", |row| count(row.alone_lead_to))
        .table()
}

/// The ways of the flow, a row a step; both are numbered from 1.
///
/// # Errors
/// As [`cuts_cut`].
pub fn cuts_flow(cuts: &Cuts) -> Result<RecordBatch> {
    let steps: Vec<(usize, usize, &FlowStep)> =
        cuts.flow.iter().enumerate().flat_map(|(way, steps)| steps.iter().enumerate().map(move |(at, step)| (way, at, step))).collect();
    Columns::over(&steps)
        .number("way", |row| count(row.0 as u64 + 1))
        .number("step", |row| count(row.1 as u64 + 1))
        .text("from", |row| Some(&row.2.from))
        .text("kind", |row| Some(row.2.kind.as_str()))
        .text("to", |row| Some(&row.2.to))
        .table()
}

/// Every boundary with every right.
///
/// # Errors
/// As [`cuts_cut`].
pub fn isolation_flows(isolation: &Isolation) -> Result<RecordBatch> {
    let rows: Vec<_> = isolation.flows.iter().map(|flow| (flow.from.to_string(), flow.to.to_string(), flow)).collect();
    Columns::over(&rows)
        .text("from", |row| Some(&row.0))
        .text("to", |row| Some(&row.1))
        .text("right", |row| Some(row.2.right.as_str()))
        .text("verdict", |row| Some(row.2.verdict.as_str()))
        .table()
}

/// The relations that came.
///
/// # Errors
/// As [`cuts_cut`].
pub fn diff_relations_added(diff: &Diff<Finding>) -> Result<RecordBatch> {
    relations(&diff.relations.added)
}

/// The relations that went.
///
/// # Errors
/// As [`cuts_cut`].
pub fn diff_relations_removed(diff: &Diff<Finding>) -> Result<RecordBatch> {
    relations(&diff.relations.removed)
}

/// What changes leave open.
///
/// # Errors
/// As [`cuts_cut`].
pub fn undecided(undecided: &[Undecided]) -> Result<RecordBatch> {
    Columns::over(undecided)
        .text("entity", |row| Some(&row.entity))
        .text("type", |row| Some(row.entity_type.as_str()))
        .text("name", |row| Some(&row.name))
        .table()
}

fn relations(relations: &[Relation]) -> Result<RecordBatch> {
    Columns::over(relations)
        .text("from", |row| Some(&row.from))
        .text("kind", |row| Some(row.kind.as_str()))
        .text("to", |row| Some(&row.to))
        .text("permission", |row| row.permission.as_ref())
        .text("certainty", |row| Some(row.certainty.as_str()))
        .table()
}

//! The answers of the questions as tables. Paths are in long form: one row a step, numbered within its path, both from 1.

use super::columns::{Columns, count};
use super::steps::{numbered, steps_of};
use crate::analysis::{BlastRadius, Crossing, MatrixCell, Path, Reach, ReachedFact, ReachedFacts, TenantMatrix};
use crate::error::Result;
use arrow_array::RecordBatch;

/// The target facts that are held.
///
/// # Errors
/// As every table: [`crate::ErrorCode::Internal`] for a broken invariant only.
pub fn reach_reached(reach: &Reach) -> Result<RecordBatch> {
    facts(&reach.reached)
}

/// The relations that lead into the target.
///
/// # Errors
/// As [`reach_reached`].
pub fn reach_crossings(reach: &Reach) -> Result<RecordBatch> {
    crossings(&reach.crossings)
}

/// Crossings of any answer.
///
/// # Errors
/// As [`reach_reached`].
pub fn crossings(crossings: &[Crossing]) -> Result<RecordBatch> {
    Columns::over(crossings)
        .text("from", |row| Some(&row.from))
        .text("kind", |row| Some(row.kind.as_str()))
        .text("to", |row| Some(&row.to))
        .text("right", |row| Some(row.right.as_str()))
        .text("certainty", |row| Some(row.certainty.as_str()))
        .number("reached", |row| count(row.reached))
        .table()
}

/// The steps of the paths.
///
/// # Errors
/// As [`reach_reached`].
pub fn reach_steps(reach: &Reach) -> Result<RecordBatch> {
    let steps: Vec<_> = numbered(&reach.paths, |path: &Path| &path.steps).collect();
    steps_of(&steps)
        .text("entity", |row| Some(&row.of.entity))
        .text("entity_right", |row| Some(row.of.right.as_str()))
        .text("certainty", |row| Some(row.of.certainty.as_str()))
        .table()
}

/// The pairs of tenants of which something is held.
///
/// # Errors
/// As [`reach_reached`].
pub fn matrix_cells(matrix: &TenantMatrix) -> Result<RecordBatch> {
    Columns::over(&matrix.cells)
        .text("source", |row| Some(&row.source))
        .text("target", |row| Some(&row.target))
        .number("entities", |row| count(row.entities))
        .text("strongest", |row| Some(row.strongest.as_str()))
        .number("depth", |row| Some(row.depth.into()))
        .table()
}

/// The steps of the shortest path of each pair.
///
/// # Errors
/// As [`reach_reached`].
pub fn matrix_steps(matrix: &TenantMatrix) -> Result<RecordBatch> {
    let steps: Vec<_> = numbered(&matrix.cells, |cell: &MatrixCell| &cell.path).collect();
    steps_of(&steps).text("source", |row| Some(&row.of.source)).text("target", |row| Some(&row.of.target)).table()
}

/// The facts that are held after the loss.
///
/// # Errors
/// As [`reach_reached`].
pub fn blast_radius_entities(blast_radius: &BlastRadius) -> Result<RecordBatch> {
    facts(&blast_radius.entities)
}

/// The secrets to rotate, in the order in which to do it, from 1.
///
/// # Errors
/// As [`reach_reached`].
pub fn blast_radius_rotate(blast_radius: &BlastRadius) -> Result<RecordBatch> {
    let rows: Vec<(i64, &String)> = (1..).zip(&blast_radius.rotate).collect();
    Columns::over(&rows).number("order", |row| Some(row.0)).text("secret", |row| Some(row.1)).table()
}

fn facts(facts: &ReachedFacts) -> Result<RecordBatch> {
    let rows: Vec<ReachedFact<'_>> = facts.iter().collect();
    Columns::over(&rows)
        .text("entity", |row| Some(row.entity))
        .text("right", |row| Some(row.right.as_str()))
        .number("depth", |row| Some(row.depth.into()))
        .text("certainty", |row| Some(row.certainty.as_str()))
        .table()
}

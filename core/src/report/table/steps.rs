//! The steps of paths in long form.

use super::columns::Columns;
use crate::analysis::PathStep;

/// A step of a path, the number of the path, its own number within it (both from 1), and what the path is of.
pub(super) struct Numbered<'a, T> {
    pub path: i64,
    pub number: i64,
    pub step: &'a PathStep,
    pub of: &'a T,
}

/// The steps of paths, in order.
pub(super) fn numbered<'a, T>(paths: &'a [T], steps: impl Fn(&'a T) -> &'a [PathStep] + Copy) -> impl Iterator<Item = Numbered<'a, T>> {
    (1..).zip(paths).flat_map(move |(path, of)| (1..).zip(steps(of)).map(move |(number, step)| Numbered { path, number, step, of }))
}

/// The columns that every step has.
pub(super) fn steps_of<'r, 'a, T>(steps: &'r [Numbered<'a, T>]) -> Columns<'r, Numbered<'a, T>> {
    Columns::over(steps)
        .number("path", |row| Some(row.path))
        .number("step", |row| Some(row.number))
        .text("from", |row| Some(&row.step.from))
        .text("kind", |row| Some(row.step.kind.as_str()))
        .text("to", |row| Some(&row.step.to))
        .text("right", |row| Some(row.step.right.as_str()))
        .text("permission", |row| row.step.permission.as_ref())
}

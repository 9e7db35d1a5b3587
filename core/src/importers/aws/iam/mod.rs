//! The logic of IAM: reading policies, and deciding what they let somebody do.

pub(super) mod condition;
pub(super) mod decision;
pub(super) mod document;
pub(super) mod known;
pub(super) mod managed;
pub(super) mod pattern;
pub(super) mod principal;
#[cfg(test)]
mod table;

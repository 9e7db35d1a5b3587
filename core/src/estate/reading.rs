//! [`Reading`]: what was read, what was skipped and why, what conflicted, and what was not in the input.

use crate::error::Place;
use serde::{Deserialize, Serialize};

/// An account of the reading of an estate. Every list is sorted, so that equal readings compare equal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The inputs, in the order they were read.
    pub sources: Vec<Source>,
    /// The records that were left out, each with its place and the reason.
    pub skipped: Vec<Skipped>,
    /// The facts on which two sources disagree.
    pub conflicts: Vec<Conflict>,
    /// The ids that something refers to and nobody describes.
    pub placeholders: Vec<String>,
    /// What was not in the input, or could not be judged.
    pub coverage: Vec<Coverage>,
}

/// An input that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name, as the caller gave it.
    pub name: String,
    /// The format it was read as.
    pub format: String,
    /// The records it held, those skipped included.
    pub records: u64,
}

/// A record that was left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skipped {
    /// Where it stands.
    pub place: Place,
    /// Why; never text of the record.
    pub reason: String,
}

/// A fact on which two sources disagree. The first source read is kept; a labels overlay beats them all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Conflict {
    /// The entity.
    pub entity: String,
    /// The field, for example `environment` or `labels.team`.
    pub field: String,
    /// The source whose fact was kept.
    pub kept: String,
    /// The source whose fact was not.
    pub other: String,
}

/// How much of what a question needs was in the input. `known` below `total` means that some answers are "unknown", never "fine".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coverage {
    /// What it is about, in snake case, for example `secret_creation_dates` or `google_roles_mapped`.
    pub topic: String,
    /// How many are known.
    pub known: u64,
    /// Of how many.
    pub total: u64,
    /// What that means for the answers, in one sentence without a final period.
    pub note: String,
}

impl Coverage {
    /// How much of something is known; nothing where there is none of it.
    pub(crate) fn counted(topic: &str, flags: impl IntoIterator<Item = bool>, note: &str) -> Option<Coverage> {
        let (mut known, mut total) = (0, 0);
        for flag in flags {
            known += u64::from(flag);
            total += 1;
        }
        (total > 0).then(|| Coverage { topic: topic.into(), known, total, note: note.into() })
    }
}

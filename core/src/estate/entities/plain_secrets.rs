//! [`PlainSecrets`]: what decides about the age of secrets that nothing more is said of, as slices of the columns.

use super::Entities;
use crate::model::{EntityType, Instant, ResolvedEnvironment};
use std::ops::Range;

/// Secrets one after the other that state neither an end nor a rotation, and are neither dynamic nor revoked.
pub(crate) struct PlainSecrets<'a> {
    /// The place of each kind in the list of kinds.
    pub kinds: &'a [u8],
    pub environments: &'a [ResolvedEnvironment],
    /// A bit for each that has a date of creation.
    pub dated: u64,
    /// These dates.
    pub created_at: &'a [Instant],
}

impl<'a> PlainSecrets<'a> {
    /// How many are looked at together at most.
    pub const MOST: usize = u64::BITS as usize;

    /// The entities of these rows, where they are such secrets. The first row is a multiple of [`PlainSecrets::MOST`].
    #[inline]
    pub(in crate::estate) fn of(entities: &'a Entities, environments: &'a [ResolvedEnvironment], rows: Range<usize>) -> Option<Self> {
        let word = rows.start / PlainSecrets::MOST;
        let is_stated = entities.expires_at.word(word).0 | entities.rotated_at.word(word).0 != 0;
        let are_secrets = entities.types[rows.clone()].iter().fold(true, |all, it| all & (*it == EntityType::Secret));
        let marked = entities.flags[rows.clone()].iter().fold(0, |any, flags| any | flags.0);
        if is_stated || !are_secrets || marked != 0 {
            return None;
        }
        let (dated, created_at) = entities.created_at.word(word);
        Some(PlainSecrets { kinds: &entities.kinds[rows.clone()], environments: &environments[rows], dated, created_at })
    }
}

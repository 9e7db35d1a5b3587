//! The labels overlay.

use super::EstateBuilder;
use crate::error::Result;

/// Applies an overlay over everything that was added.
pub(crate) fn apply_labels(_builder: &mut EstateBuilder, _name: &str, _bytes: &[u8]) -> Result<()> {
    Ok(())
}

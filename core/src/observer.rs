//! [`Observer`]: how long work tells how far it is, and learns that it should stop.

use crate::error::{Error, ErrorCode, Result};

/// Watches long work. Every long call checks it at least every few thousand steps.
pub trait Observer: Sync {
    /// `done` of `total` steps are behind; `total` is 0 where it is not known.
    fn progress(&self, done: u64, total: u64) {
        let _ = (done, total);
    }

    /// Whether the work should stop; it then ends with [`ErrorCode::Cancelled`].
    fn cancelled(&self) -> bool {
        false
    }

    /// Reports progress and stops the work if that was asked for.
    ///
    /// # Errors
    /// [`ErrorCode::Cancelled`] once [`Observer::cancelled`] says so.
    fn check(&self, done: u64, total: u64) -> Result<()> {
        self.progress(done, total);
        if self.cancelled() {
            return Err(Error::new(ErrorCode::Cancelled, "the work was cancelled by its caller"));
        }
        Ok(())
    }
}

/// An observer that watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {}

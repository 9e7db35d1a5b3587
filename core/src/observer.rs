//! [`Observer`]: how long work tells how far it is, learns that it should stop, and asks before it takes much memory.

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

    /// The most bytes of memory that a step of the work may take; `None` where nothing limits it.
    fn memory_limit(&self) -> Option<u64> {
        None
    }

    /// Stops a step of the work before it begins where it would take more memory than [`Observer::memory_limit`]. `bytes` is an estimate: what the step
    /// works on is counted only where the work itself made it.
    ///
    /// # Errors
    /// [`ErrorCode::LimitExceeded`].
    fn claim(&self, bytes: u64) -> Result<()> {
        let Some(limit) = self.memory_limit().filter(|limit| bytes > *limit) else { return Ok(()) };
        let message =
            format!("the work would take about {bytes} bytes of memory, and the limit is {limit}; raise the memory limit or ask for less");
        Err(Error::new(ErrorCode::LimitExceeded, message))
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

/// An observer that passes everything on and limits the memory of each step.
///
/// ```
/// use tenantgraph::{ErrorCode, Limited, Observer, Unobserved};
/// let limited = Limited::new(&Unobserved, Some(1 << 20));
/// assert!(limited.claim(1 << 20).is_ok());
/// assert_eq!(limited.claim(1 << 21).unwrap_err().code(), ErrorCode::LimitExceeded);
/// ```
pub struct Limited<'o> {
    observer: &'o dyn Observer,
    limit: Option<u64>,
}

impl<'o> Limited<'o> {
    /// Limits the memory of each step to so many bytes, or to what the observer itself allows where that is less.
    pub fn new(observer: &'o dyn Observer, limit: Option<u64>) -> Self {
        Limited { observer, limit: limit.into_iter().chain(observer.memory_limit()).min() }
    }
}

impl Observer for Limited<'_> {
    fn progress(&self, done: u64, total: u64) {
        self.observer.progress(done, total);
    }

    fn cancelled(&self) -> bool {
        self.observer.cancelled()
    }

    fn memory_limit(&self) -> Option<u64> {
        self.limit
    }
}

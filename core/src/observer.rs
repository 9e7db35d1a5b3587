//! [`Observer`]: how long work tells how far it is, learns that it should stop, and asks before it takes much memory.

use crate::error::{Error, ErrorCode, Result};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

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

    /// Whether the work should end early with what it has, as when a time is up, which the library cannot know. Only a search for a cut can: it then gives a
    /// cut and a bound that may not meet. Other work goes on.
    fn hurried(&self) -> bool {
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

    fn hurried(&self) -> bool {
        self.observer.hurried()
    }

    fn memory_limit(&self) -> Option<u64> {
        self.limit
    }
}

/// An observer that several threads share: only the one that made it is passed on to the observer behind it, whom a language may want to be asked nowhere else.
/// The others learn from it that they should stop.
pub(crate) struct Shared<'o> {
    observer: &'o dyn Observer,
    owner: ThreadId,
    cancelled: AtomicBool,
}

impl<'o> Shared<'o> {
    pub(crate) fn new(observer: &'o dyn Observer) -> Self {
        Shared { observer, owner: thread::current().id(), cancelled: AtomicBool::new(false) }
    }

    fn is_owner(&self) -> bool {
        thread::current().id() == self.owner
    }
}

impl Observer for Shared<'_> {
    fn progress(&self, done: u64, total: u64) {
        if self.is_owner() {
            self.observer.progress(done, total);
        }
    }

    fn cancelled(&self) -> bool {
        if self.is_owner() && self.observer.cancelled() {
            self.cancelled.store(true, Ordering::Relaxed);
        }
        self.cancelled.load(Ordering::Relaxed)
    }

    fn memory_limit(&self) -> Option<u64> {
        self.observer.memory_limit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_threads_learn_from_the_owner_alone_that_they_should_stop() {
        struct Once(ThreadId);
        impl Observer for Once {
            fn progress(&self, _: u64, _: u64) {
                assert_eq!(thread::current().id(), self.0);
            }

            fn cancelled(&self) -> bool {
                assert_eq!(thread::current().id(), self.0);
                true
            }
        }
        let once = Once(thread::current().id());
        let shared = Shared::new(&once);
        let other = || thread::scope(|scope| scope.spawn(|| shared.check(1, 2).is_ok()).join().is_ok_and(|is_ok| is_ok));
        assert!(other());
        assert!(shared.check(1, 2).is_err());
        assert!(!other());
    }
}

//! [`Observer`]: how long work tells how far it is, learns that it should stop, and asks before it takes much memory; and what long work looks at it with.

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

/// Looks at an observer once in so many short steps, so that no long pass forgets to, and none spends its time on it.
pub(crate) struct Pace<'o> {
    observer: &'o dyn Observer,
    /// What is told: the steps behind and in all of the work that the pass is a part of.
    at: (u64, u64),
    left: usize,
}

impl<'o> Pace<'o> {
    /// So many steps, each at most a few microseconds, between two looks.
    pub const STEPS: usize = 1 << 13;

    /// A pass of which nothing is told but that it goes on.
    pub fn new(observer: &'o dyn Observer) -> Self {
        Pace::at(observer, 0, 0)
    }

    /// A pass that stands at so many steps of the whole work.
    pub fn at(observer: &'o dyn Observer, done: u64, total: u64) -> Self {
        Pace { observer, at: (done, total), left: Pace::STEPS }
    }

    /// A step is behind.
    ///
    /// # Errors
    /// As [`Observer::check`].
    #[inline]
    pub fn step(&mut self) -> Result<()> {
        self.steps(1)
    }

    /// Several steps are behind.
    ///
    /// # Errors
    /// As [`Observer::check`].
    #[inline]
    pub fn steps(&mut self, count: usize) -> Result<()> {
        match self.left.checked_sub(count) {
            Some(left) if left > 0 => {
                self.left = left;
                Ok(())
            }
            _ => self.look(),
        }
    }

    #[cold]
    fn look(&mut self) -> Result<()> {
        self.left = Pace::STEPS;
        let (done, total) = self.at;
        self.observer.check(done, total)
    }
}

/// Watches a part of longer work: what the part tells of itself is told as that share of the whole.
pub(crate) struct Part<'o> {
    observer: &'o dyn Observer,
    /// The steps of the whole before the part, those of the part, and those of the whole.
    steps: [u64; 3],
}

impl<'o> Part<'o> {
    /// A part of so many steps, after so many others, of so many in all.
    pub fn new(observer: &'o dyn Observer, before: u64, length: u64, total: u64) -> Self {
        Part { observer, steps: [before, length, total] }
    }
}

impl Observer for Part<'_> {
    fn progress(&self, done: u64, total: u64) {
        let [before, length, whole] = self.steps;
        // The product of two lengths may pass 64 bits.
        let behind = u128::from(done.min(total)) * u128::from(length) / u128::from(total.max(1));
        self.observer.progress(before + behind as u64, whole);
    }

    fn cancelled(&self) -> bool {
        self.observer.cancelled()
    }

    fn hurried(&self) -> bool {
        self.observer.hurried()
    }

    fn memory_limit(&self) -> Option<u64> {
        self.observer.memory_limit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

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

    struct Told(Mutex<Vec<(u64, u64)>>);

    impl Observer for Told {
        fn progress(&self, done: u64, total: u64) {
            self.0.lock().expect("no look panics").push((done, total));
        }
    }

    #[test]
    fn a_pace_looks_once_in_so_many_steps_and_a_part_tells_its_share() {
        let told = Told(Mutex::default());
        let part = Part::new(&told, 100, 50, 200);
        part.check(0, 0).and(part.check(1, 2)).expect("nobody cancels");
        let mut pace = Pace::at(&part, 2, 2);
        for _ in 0..3 * Pace::STEPS {
            pace.step().expect("nobody cancels");
        }
        pace.steps(2 * Pace::STEPS).expect("nobody cancels");
        let told = told.0.into_inner().expect("no look panics");
        assert_eq!(told, [(100, 200), (125, 200), (150, 200), (150, 200), (150, 200), (150, 200)]);
    }
}

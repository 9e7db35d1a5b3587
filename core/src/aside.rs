//! [`aside`]: work that runs beside the thread that waits for it, which looks at the observer whenever the work asks it to.

use crate::error::Result;
use crate::observer::{Observer, Pace};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Does work on a thread of its own. Whatever holds the [`Asking`] that it is given, an estate above all, lets the caller's thread look at the observer on the way,
/// however deep in passes that know nothing of observers; where the observer stops the work, those passes are left as by a panic that nobody sees.
///
/// # Errors
/// As [`Observer::check`], and what the work gives.
pub(crate) fn aside<T: Send>(
    observer: &dyn Observer,
    work: impl FnOnce(&dyn Observer, Option<Arc<Asking>>) -> Result<T> + Send,
) -> Result<T> {
    let (sender, receiver) = sync_channel(0);
    let asking = Arc::new(Asking {
        looks: sender,
        stopped: AtomicBool::new(false),
        ended: AtomicBool::new(false),
        hurried: AtomicBool::new(observer.hurried()),
        told: [AtomicU64::new(0), AtomicU64::new(0)],
        limit: observer.memory_limit(),
    });
    let work = Mutex::new(Some(work));
    let take = || work.lock().unwrap_or_else(PoisonError::into_inner).take();
    let run = || {
        let _end = End(&asking);
        take().map(|work| work(&*asking, Some(Arc::clone(&asking))))
    };
    thread::scope(|scope| {
        let Ok(thread) = thread::Builder::new().spawn_scoped(scope, run) else {
            // A platform may have no thread to give.
            let work = take().unwrap_or_else(|| unreachable!("no thread took it"));
            return work(observer, None);
        };
        let mut looked = Ok(());
        for told in receiver {
            let Some((done, total)) = told else { break };
            looked = observer.check(done, total);
            asking.hurried.store(observer.hurried(), Relaxed);
            if looked.is_err() {
                break;
            }
        }
        match thread.join() {
            Ok(answer) => looked.and_then(|()| answer.unwrap_or_else(|| unreachable!("nobody else took it"))),
            Err(panic) if panic.is::<Stopped>() && looked.is_err() => Err(looked.err().unwrap_or_else(|| unreachable!("it is an error"))),
            Err(panic) => resume_unwind(panic),
        }
    })
}

/// Asks the thread that waits to look at the observer.
#[derive(Debug)]
pub(crate) struct Asking {
    looks: SyncSender<Option<(u64, u64)>>,
    stopped: AtomicBool,
    /// Whether the work is over: an answer may hold its estate and go over it later, when nobody waits.
    ended: AtomicBool,
    /// As of the last look.
    hurried: AtomicBool,
    /// What was told last.
    told: [AtomicU64; 2],
    limit: Option<u64>,
}

/// What work is left with that the observer stopped within a pass.
struct Stopped;

/// Ends the waiting, whatever becomes of the work and of what holds the [`Asking`].
struct End<'a>(&'a Asking);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.ended.store(true, Relaxed);
        // Nobody waits any more where the observer stopped the work.
        let _ = self.0.looks.send(None);
    }
}

impl Asking {
    /// Lets the one who waits look; leaves the pass where the observer stops it.
    fn tick(&self) {
        if self.ended.load(Relaxed) {
            return;
        }
        let [done, total] = &self.told;
        self.progress(done.load(Relaxed), total.load(Relaxed));
        if self.cancelled() {
            resume_unwind(Box::new(Stopped));
        }
    }
}

impl Observer for Asking {
    fn progress(&self, done: u64, total: u64) {
        self.told[0].store(done, Relaxed);
        self.told[1].store(total, Relaxed);
        if self.looks.send(Some((done, total))).is_err() {
            self.stopped.store(true, Relaxed);
        }
    }

    fn cancelled(&self) -> bool {
        self.stopped.load(Relaxed)
    }

    fn hurried(&self) -> bool {
        self.hurried.load(Relaxed)
    }

    fn memory_limit(&self) -> Option<u64> {
        self.limit
    }
}

/// Counts the steps of a pass and lets the one who waits look once in so many; costs nothing where nobody does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Countdown {
    asking: Option<Arc<Asking>>,
    left: usize,
}

impl Countdown {
    pub fn new(asking: Option<&Arc<Asking>>) -> Self {
        Countdown { asking: asking.cloned(), left: Pace::STEPS }
    }

    /// A step is behind.
    #[inline]
    pub fn tick(&mut self) {
        if let Some(asking) = &self.asking {
            self.left -= 1;
            if self.left == 0 {
                self.left = Pace::STEPS;
                asking.tick();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Unobserved;
    use crate::{Error, ErrorCode};

    /// Counts looks, and stops the work at one.
    struct At(u64, AtomicU64);

    impl Observer for At {
        fn cancelled(&self) -> bool {
            self.1.fetch_add(1, Relaxed) + 1 == self.0
        }
    }

    fn pass(steps: usize) -> impl FnOnce(&dyn Observer, Option<Arc<Asking>>) -> Result<usize> + Send {
        move |observer, asking| {
            observer.check(1, 2)?;
            let mut countdown = Countdown::new(asking.as_ref());
            (0..steps).for_each(|_| countdown.tick());
            Ok(steps)
        }
    }

    #[test]
    fn every_step_counts_and_every_look_can_stop() {
        let steps = 10 * Pace::STEPS + 1;
        let watch = At(0, AtomicU64::new(0));
        assert_eq!((aside(&watch, pass(steps)), watch.1.into_inner()), (Ok(steps), 11));
        for look in 1..=11 {
            let watch = At(look, AtomicU64::new(0));
            assert_eq!(aside(&watch, pass(steps)).map_err(|error| error.code()), Err(ErrorCode::Cancelled));
            assert_eq!(watch.1.into_inner(), look);
        }
    }

    #[test]
    fn errors_and_what_outlives_the_work_end_the_waiting() {
        let held = aside(&Unobserved, |_, asking| Ok(asking)).expect("no error");
        assert!(held.is_some());
        // What an answer keeps may be gone over when nobody waits any more.
        let mut countdown = Countdown::new(held.as_ref());
        (0..3 * Pace::STEPS).for_each(|_| countdown.tick());
        let failed: Result<()> = aside(&Unobserved, |_, _| Err(Error::new(ErrorCode::InvalidOption, "no")));
        assert_eq!(failed.map_err(|error| error.code()), Err(ErrorCode::InvalidOption));
    }

    #[test]
    #[should_panic(expected = "a fault")]
    fn a_panic_is_passed_on() {
        _ = aside(&Unobserved, |_, _| -> Result<()> { panic!("a fault") });
    }
}

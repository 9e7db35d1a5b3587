//! [`map`], [`in_order`], [`all`] and [`both`]: work on as many threads as there are. What comes out is the same, whatever their number.

use crate::error::Result;
use crate::observer::Observer;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

/// How many answers may wait for each thread.
const WAITING: usize = 8;

/// How many threads share a piece of work.
pub(crate) fn threads() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

/// What is made of each part, in the order of the parts. The caller's thread works too, and alone where a platform gives no other.
pub(crate) fn map<P: Send, R: Send>(parts: impl IntoIterator<Item = P, IntoIter: Send>, work: impl Fn(P) -> R + Sync) -> Vec<R> {
    map_on(threads(), parts, work)
}

/// Does every piece of work and gives the answers in the order of the pieces. Looks at the observer after each, so a piece should be a few milliseconds long.
///
/// # Errors
/// As [`Observer::check`].
pub(crate) fn all<I: Send, T: Send>(items: Vec<I>, observer: &dyn Observer, work: impl Fn(I) -> T + Sync) -> Result<Vec<T>> {
    let mut answers = Vec::with_capacity(items.len());
    in_order(
        threads(),
        items.into_iter(),
        |(), _, item| work(item),
        |answer| {
            answers.push(answer);
            observer.check(0, 0)
        },
    )?;
    Ok(answers)
}

/// Does pieces of work on so many threads and takes the answers in the order of the pieces, on the thread of the caller. Each thread has a number and a state of its
/// own; the states are given back by number.
///
/// # Errors
/// The first that `take` gives; the rest is then not done.
pub(crate) fn in_order<I: Send, S: Default + Send, T: Send, E>(
    threads: usize,
    mut items: impl Iterator<Item = I> + Send,
    work: impl Fn(&mut S, usize, I) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<Vec<S>, E> {
    if threads < 2 {
        return here(items, work, take);
    }
    // What one thread does alone needs no other.
    let Some(first) = items.next() else { return Ok(vec![S::default()]) };
    let Some(second) = items.next() else { return here([first].into_iter(), work, take) };
    let items = Mutex::new([first, second].into_iter().chain(items).enumerate());
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(threads * WAITING);
        let run = |number: usize| {
            let (sender, items, stop, work) = (sender.clone(), &items, &stop, &work);
            move || {
                let mut state = S::default();
                while let Some((at, item)) = following(items, stop) {
                    if sender.send((at, work(&mut state, number, item))).is_err() {
                        break;
                    }
                }
                state
            }
        };
        // A platform may have no thread left to give, or none at all.
        let running: Vec<_> = (0..threads).map_while(|number| thread::Builder::new().spawn_scoped(scope, run(number)).ok()).collect();
        drop(sender);
        if running.is_empty() {
            let items = std::iter::from_fn(|| following(&items, &stop)).map(|(_, item)| item);
            return here(items, &work, take);
        }
        let taken = sorted(receiver, &mut take);
        stop.store(true, Ordering::Relaxed);
        let states = running.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect();
        taken.map(|()| states)
    })
}

/// Does two pieces of work beside each other, the first on the thread of the caller. The second tells what it watches through the caller's thread too: only that
/// one looks at the observer.
///
/// # Errors
/// As [`Observer::check`], and what the two give.
pub(crate) fn both<A, B: Send>(
    observer: &dyn Observer,
    one: impl FnOnce(&dyn Observer) -> Result<A>,
    other: impl FnOnce(&dyn Observer) -> Result<B> + Send,
) -> Result<(A, B)> {
    if threads() < 2 {
        return Ok((one(observer)?, other(observer)?));
    }
    let stop = AtomicBool::new(false);
    let (sender, receiver) = channel();
    let beside = Beside { stop: &stop, looks: sender, limit: observer.memory_limit() };
    let other = Mutex::new(Some((other, beside)));
    let take = || lock(&other).take();
    let run = || take().map(|(other, beside)| other(&beside));
    thread::scope(|scope| {
        // A platform may have no thread to give: then the caller's own does it afterwards.
        let thread = thread::Builder::new().spawn_scoped(scope, run).ok();
        let one = one(observer);
        if one.is_err() {
            stop.store(true, Ordering::Relaxed);
        }
        let Some(thread) = thread else {
            let (other, _) = take().unwrap_or_else(|| unreachable!("no thread took it"));
            return Ok((one?, other(observer)?));
        };
        let mut looked = Ok(());
        for () in receiver {
            if looked.is_ok() && one.is_ok() {
                looked = observer.check(0, 0);
                stop.store(looked.is_err(), Ordering::Relaxed);
            }
        }
        let other = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let one = one?;
        looked?;
        Ok((one, other.unwrap_or_else(|| unreachable!("nobody else took it"))?))
    })
}

/// Watches work beside the caller's thread, which it asks to look.
struct Beside<'s> {
    stop: &'s AtomicBool,
    looks: Sender<()>,
    limit: Option<u64>,
}

impl Observer for Beside<'_> {
    fn progress(&self, _done: u64, _total: u64) {
        // Nobody waits where the caller's own piece went wrong.
        let _ = self.looks.send(());
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn memory_limit(&self) -> Option<u64> {
        self.limit
    }
}

fn here<I, S: Default, T, E>(
    items: impl Iterator<Item = I>,
    work: impl Fn(&mut S, usize, I) -> T,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<Vec<S>, E> {
    let mut state = S::default();
    for item in items {
        take(work(&mut state, 0, item))?;
    }
    Ok(vec![state])
}

fn following<T>(items: &Mutex<impl Iterator<Item = T>>, stop: &AtomicBool) -> Option<T> {
    if stop.load(Ordering::Relaxed) {
        return None;
    }
    lock(items).next()
}

/// Takes answers in the order of their pieces, whatever order they come in.
fn sorted<T, E>(answers: Receiver<(usize, T)>, take: &mut impl FnMut(T) -> Result<(), E>) -> Result<(), E> {
    let mut early = std::collections::BTreeMap::new();
    let mut wanted = 0;
    for (at, answer) in answers {
        early.insert(at, answer);
        while let Some(answer) = early.remove(&wanted) {
            take(answer)?;
            wanted += 1;
        }
    }
    Ok(())
}

fn map_on<P: Send, R: Send>(threads: usize, parts: impl IntoIterator<Item = P, IntoIter: Send>, work: impl Fn(P) -> R + Sync) -> Vec<R> {
    let parts = Mutex::new(parts.into_iter().enumerate());
    let done = Mutex::new(Vec::new());
    let run = || {
        loop {
            // The lock is given back before the work begins.
            let next = lock(&parts).next();
            let Some((at, part)) = next else { return };
            let made = work(part);
            lock(&done).push((at, made));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            if thread::Builder::new().spawn_scoped(scope, run).is_err() {
                break;
            }
        }
        run();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

/// A thread that panicked passes its panic on when the others are done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Unobserved;

    #[test]
    fn answers_come_in_the_order_of_the_pieces_on_any_number_of_threads() {
        for threads in [1, 2, 3, 8] {
            for count in [0, 1, 2, 500] {
                let mut answers = Vec::new();
                let states = in_order(
                    threads,
                    0..count,
                    |done: &mut usize, number, item| {
                        *done += 1;
                        (number, item * 2)
                    },
                    |(number, answer)| {
                        assert!(number < threads);
                        answers.push(answer);
                        Ok::<(), ()>(())
                    },
                );
                assert_eq!(states.expect("no error").into_iter().sum::<usize>(), count, "{threads}");
                assert!(answers.into_iter().eq((0..count).map(|item| item * 2)));
            }
        }
        assert_eq!(all(vec!["a", "b"], &Unobserved, str::len).expect("nobody cancels"), [1, 1]);
    }

    #[test]
    fn two_pieces_run_beside_each_other_and_an_observer_stops_both() {
        let both_of = |observer: &dyn Observer| {
            let work = |observer: &dyn Observer| (0..1_000).try_for_each(|_| observer.check(0, 0));
            both(observer, |observer| work(observer).map(|()| 1), |observer| work(observer).map(|()| 2))
        };
        assert_eq!(both_of(&Unobserved), Ok((1, 2)));
        struct Cancelled;
        impl Observer for Cancelled {
            fn cancelled(&self) -> bool {
                true
            }
        }
        assert_eq!(both_of(&Cancelled).map_err(|error| error.code()), Err(crate::ErrorCode::Cancelled));
    }

    #[test]
    fn an_error_stops_every_thread() {
        let mut taken = 0;
        let stopped = in_order(
            4,
            0..1_000_000,
            |(), _, item| item,
            |_| {
                taken += 1;
                if taken < 2 { Ok(()) } else { Err("stop") }
            },
        );
        assert_eq!((stopped.err(), taken), (Some("stop"), 2));
    }

    #[test]
    fn the_number_of_threads_does_not_show() {
        let squares: Vec<u64> = (0..1_000).map(|at| at * at).collect();
        for threads in [1, 2, 3, 8] {
            assert_eq!(map_on(threads, 0..1_000, |at: u64| at * at), squares);
        }
        assert!(map(0..0, |at: u64| at).is_empty());
    }
}

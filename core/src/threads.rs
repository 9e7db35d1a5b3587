//! Work in parts on as many threads as there are. What comes out is the same, whatever their number.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

/// What is made of each part, in the order of the parts. The caller's thread works too, and alone where a platform gives no other.
pub(crate) fn map<P: Send, R: Send>(parts: impl IntoIterator<Item = P, IntoIter: Send>, work: impl Fn(P) -> R + Sync) -> Vec<R> {
    map_on(count(), parts, work)
}

/// How many threads there are.
pub(crate) fn count() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
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

    #[test]
    fn the_number_of_threads_does_not_show() {
        let squares: Vec<u64> = (0..1_000).map(|at| at * at).collect();
        for threads in [1, 2, 3, 8] {
            assert_eq!(map_on(threads, 0..1_000, |at: u64| at * at), squares);
        }
        assert!(map(0..0, |at: u64| at).is_empty());
    }
}

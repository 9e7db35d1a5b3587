//! Long work without the interpreter's lock, watched from Python.

use crate::error::exception;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tenantgraph::{Error, ErrorCode, Observer, Result};

/// How often Python is asked at most: often enough for a bar and for Ctrl-C, seldom enough to cost nothing.
const INTERVAL: Duration = Duration::from_millis(50);

/// Runs work without the interpreter's lock. Signals (Ctrl-C) and the progress callback are served on the way, and what they raise ends the work and is
/// raised again here. No panic crosses the border: one is raised as the error `internal`.
pub fn watched<T: Send>(py: Python<'_>, callback: Option<Py<PyAny>>, work: impl FnOnce(&dyn Observer) -> Result<T> + Send) -> PyResult<T> {
    let watch = Watch { callback, asked: Mutex::new(Instant::now()), cancelled: AtomicBool::new(false), raised: Mutex::new(None) };
    // The work owns or only reads what it touches, so nothing half-changed can be seen after a panic.
    let result = py.detach(|| catch_unwind(AssertUnwindSafe(|| work(&watch))));
    if let Some(raised) = watch.raised.lock().ok().and_then(|mut raised| raised.take()) {
        return Err(raised);
    }
    let broken = |_| Err(Error::new(ErrorCode::Internal, "the library met a broken invariant; please report it"));
    result.unwrap_or_else(broken).map_err(|error| exception(py, &error))
}

struct Watch {
    callback: Option<Py<PyAny>>,
    asked: Mutex<Instant>,
    cancelled: AtomicBool,
    raised: Mutex<Option<PyErr>>,
}

impl Watch {
    /// Whether it is time to ask Python again; the end is always told.
    fn is_due(&self, done: u64, total: u64) -> bool {
        let Ok(mut asked) = self.asked.try_lock() else { return false };
        let due = asked.elapsed() >= INTERVAL || (total > 0 && done >= total && self.callback.is_some());
        if due {
            *asked = Instant::now();
        }
        due
    }

    fn ask(&self, py: Python<'_>, done: u64, total: u64) -> PyResult<()> {
        py.check_signals()?;
        if let Some(callback) = &self.callback {
            callback.call1(py, (done, total))?;
        }
        Ok(())
    }
}

impl Observer for Watch {
    fn progress(&self, done: u64, total: u64) {
        if self.cancelled() || !self.is_due(done, total) {
            return;
        }
        // Nothing to ask where the interpreter is going down.
        if let Some(Err(raised)) = Python::try_attach(|py| self.ask(py, done, total)) {
            if let Ok(mut place) = self.raised.lock() {
                *place = Some(raised);
            }
            self.cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

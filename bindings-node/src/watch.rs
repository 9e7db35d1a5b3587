//! [`Watch`]: how far work is, and the order to stop it.

use napi_derive::napi;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use tenantgraph::Observer;

/// Watches one piece of work from the main thread.
#[napi]
#[derive(Default)]
pub struct Watch(Arc<Watched>);

/// The side of a [`Watch`] that the work holds.
#[derive(Default)]
pub struct Watched {
    cancelled: AtomicBool,
    /// Both at once, so that nobody sees the steps of one stage beside the total of another.
    done_and_total: Mutex<(u64, u64)>,
}

/// How far work is.
#[napi(object, object_from_js = false)]
pub struct Progress {
    /// The steps behind.
    pub done: f64,
    /// The steps in all; 0 where that is not known.
    pub total: f64,
}

#[napi]
impl Watch {
    /// Watches nothing yet; give it to one call.
    #[napi(constructor)]
    pub fn new() -> Self {
        Watch::default()
    }

    /// Asks the work to stop.
    #[napi]
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Relaxed);
    }

    /// How far the work is.
    #[napi]
    pub fn progress(&self) -> Progress {
        let (done, total) = *self.0.done_and_total.lock().unwrap_or_else(PoisonError::into_inner);
        Progress { done: done as f64, total: total as f64 }
    }
}

impl Watch {
    /// What the work is to hold.
    pub fn watched(&self) -> Arc<Watched> {
        Arc::clone(&self.0)
    }
}

impl Observer for Watched {
    fn progress(&self, done: u64, total: u64) {
        *self.done_and_total.lock().unwrap_or_else(PoisonError::into_inner) = (done, total);
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Relaxed)
    }
}

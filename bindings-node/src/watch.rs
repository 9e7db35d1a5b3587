//! [`Watch`]: how far work is, and the order to stop it.

use napi_derive::napi;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use tenantgraph::Observer;

/// Watches one piece of work from the main thread.
#[napi]
#[derive(Default)]
pub struct Watch(Arc<Watched>);

/// The side of a [`Watch`] that the work holds.
#[derive(Default)]
pub struct Watched {
    cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
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

    /// The steps behind.
    #[napi(getter)]
    pub fn done(&self) -> f64 {
        self.0.done.load(Relaxed) as f64
    }

    /// The steps in all; 0 where that is not known.
    #[napi(getter)]
    pub fn total(&self) -> f64 {
        self.0.total.load(Relaxed) as f64
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
        self.done.store(done, Relaxed);
        self.total.store(total, Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Relaxed)
    }
}

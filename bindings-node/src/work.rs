//! [`Work`]: a call of the crate on libuv's pool.

use crate::failure::Failure;
use crate::watch::{Watch, Watched};
use napi::bindgen_prelude::{Either, ToNapiValue, TypeName};
use napi::{Env, Result, Task};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tenantgraph::{Error, ErrorCode};

type Job<T> = Box<dyn FnOnce(&Watched) -> tenantgraph::Result<T> + Send>;

/// A call that runs off the main thread, under a watch, and gives its value or a failure.
pub struct Work<T> {
    job: Option<Job<T>>,
    watched: Arc<Watched>,
}

impl<T> Work<T> {
    /// Work that is still to run.
    pub fn new(watch: &Watch, job: impl FnOnce(&Watched) -> tenantgraph::Result<T> + Send + 'static) -> Self {
        Work { job: Some(Box::new(job)), watched: watch.watched() }
    }

    fn run(&mut self) -> tenantgraph::Result<T> {
        let job = self.job.take().ok_or_else(|| internal("work was started twice"))?;
        // Each job owns what it changes, so that nothing half-changed is seen after a panic.
        catch_unwind(AssertUnwindSafe(|| job(&self.watched))).unwrap_or_else(|_| Err(internal("the library panicked; please report it")))
    }
}

impl<T: Send + ToNapiValue + TypeName + 'static> Task for Work<T> {
    type Output = Either<T, Failure>;
    type JsValue = Either<T, Failure>;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(self.run().map_or_else(|error| Either::B(error.into()), Either::A))
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output)
    }
}

fn internal(message: &str) -> Error {
    Error::new(ErrorCode::Internal, message)
}

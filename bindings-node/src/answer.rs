//! [`NativeAnswer`]: what a question gave, as JSON or as tables.

use crate::failure::Failure;
use crate::table::NativeTable;
use crate::watch::Watch;
use crate::work::Work;
use napi::bindgen_prelude::{AsyncTask, Either};
use napi_derive::napi;
use std::sync::Arc;
use tenantgraph::door;

/// The answer to a question.
#[napi(js_name = "Answer")]
pub struct NativeAnswer(Arc<door::Answer>);

impl NativeAnswer {
    /// An answer that JavaScript may hold.
    pub fn of(answer: impl Into<Arc<door::Answer>>) -> Self {
        NativeAnswer(answer.into())
    }
}

#[napi]
impl NativeAnswer {
    /// The answer as JSON.
    #[napi]
    pub fn json(&self) -> Either<String, Failure> {
        self.0.to_json().map_or_else(|error| Either::B(error.into()), Either::A)
    }

    /// The names of the tables.
    #[napi]
    pub fn tables(&self) -> Vec<&'static str> {
        door::table::answer_tables(&self.0)
    }

    /// A table by its name.
    #[napi(ts_return_type = "Promise<Table | Failure>")]
    pub fn table(&self, name: String, watch: &Watch) -> AsyncTask<Work<NativeTable>> {
        let answer = Arc::clone(&self.0);
        AsyncTask::new(Work::new(watch, move |_| door::table::answer_table(&answer, &name).map(NativeTable::of)))
    }
}

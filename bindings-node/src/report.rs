//! [`NativeReport`]: an assessment that JavaScript holds.

use crate::answer::NativeAnswer;
use crate::watch::Watch;
use crate::work::Work;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use std::sync::Arc;
use tenantgraph::door::{self, Answer};
use tenantgraph::report::markdown::to_markdown;
use tenantgraph::report::sarif::to_sarif;
use tenantgraph::report::{Report, text};
use tenantgraph::{Error, ErrorCode, Estate, Observer, Result};

/// Everything an assessment says.
#[napi(js_name = "Report")]
pub struct NativeReport {
    answer: Arc<Answer>,
    estate: Estate,
}

impl NativeReport {
    /// Assesses an estate; options are JSON, of which the instant and the policy are meant.
    ///
    /// # Errors
    /// As [`door::options`] and [`door::ask`].
    pub fn assess(estate: &Estate, options: &str, observer: &dyn Observer) -> Result<Self> {
        let options = door::options(options)?;
        // What is written shows environments too: by the same rules as the report.
        let estate = options.resolved(estate)?;
        let answer = door::ask(&estate, "assess", options, observer)?;
        Ok(NativeReport { answer: Arc::new(answer), estate })
    }

    /// Work on the report and its estate, off the main thread.
    fn work(&self, watch: &Watch, write: impl FnOnce(&Report, &Estate) -> Result<String> + Send + 'static) -> AsyncTask<Work<String>> {
        let (answer, estate) = (Arc::clone(&self.answer), self.estate.clone());
        AsyncTask::new(Work::new(watch, move |_| match &*answer {
            Answer::Report(report) => write(report, &estate),
            _ => Err(Error::new(ErrorCode::Internal, "an assessment gave something else than a report; please report it")),
        }))
    }
}

#[napi]
impl NativeReport {
    /// What the assessment says, as JSON or as tables.
    #[napi]
    pub fn answer(&self) -> NativeAnswer {
        NativeAnswer::of(Arc::clone(&self.answer))
    }

    /// The report as text of lines of this width.
    #[napi(ts_return_type = "Promise<string | Failure>")]
    pub fn text(&self, width: u32, watch: &Watch) -> AsyncTask<Work<String>> {
        self.work(watch, move |report, estate| {
            let mut options = text::TextOptions::default();
            options.width = width as usize;
            Ok(text::report(report, estate, &options))
        })
    }

    /// The report as Markdown.
    #[napi(ts_return_type = "Promise<string | Failure>")]
    pub fn markdown(&self, watch: &Watch) -> AsyncTask<Work<String>> {
        self.work(watch, |report, estate| Ok(to_markdown(report, estate)))
    }

    /// The paths of the report as BloodHound OpenGraph.
    #[napi(ts_return_type = "Promise<string | Failure>")]
    pub fn opengraph(&self, watch: &Watch) -> AsyncTask<Work<String>> {
        let (answer, estate) = (Arc::clone(&self.answer), self.estate.clone());
        AsyncTask::new(Work::new(watch, move |_| answer.to_opengraph(&estate)))
    }

    /// The report as SARIF 2.1.0.
    #[napi(ts_return_type = "Promise<string | Failure>")]
    pub fn sarif(&self, watch: &Watch) -> AsyncTask<Work<String>> {
        self.work(watch, |report, _| to_sarif(report))
    }
}

//! [`NativeReport`]: an assessment that JavaScript holds.

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
    report: Arc<Report>,
    estate: Estate,
    json: String,
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
        let json = answer.to_json_observed(observer)?;
        match answer {
            Answer::Report(report) => Ok(NativeReport { report: report.into(), estate, json }),
            _ => Err(Error::new(ErrorCode::Internal, "an assessment gave something else than a report; please report it")),
        }
    }
}

#[napi]
impl NativeReport {
    /// The report as JSON.
    #[napi]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The report as text of lines of this width.
    #[napi(ts_return_type = "Promise<string | Failure>")]
    pub fn text(&self, width: u32, watch: &Watch) -> AsyncTask<Work<String>> {
        let (report, estate) = (Arc::clone(&self.report), self.estate.clone());
        AsyncTask::new(Work::new(watch, move |_| {
            let mut options = text::TextOptions::default();
            options.width = width as usize;
            Ok(text::report(&report, &estate, &options))
        }))
    }

    /// The report as Markdown.
    #[napi(ts_return_type = "Promise<string | Failure>")]
    pub fn markdown(&self, watch: &Watch) -> AsyncTask<Work<String>> {
        let (report, estate) = (Arc::clone(&self.report), self.estate.clone());
        AsyncTask::new(Work::new(watch, move |_| Ok(to_markdown(&report, &estate))))
    }

    /// The report as SARIF 2.1.0.
    #[napi(ts_return_type = "Promise<string | Failure>")]
    pub fn sarif(&self, watch: &Watch) -> AsyncTask<Work<String>> {
        let report = Arc::clone(&self.report);
        AsyncTask::new(Work::new(watch, move |_| to_sarif(&report)))
    }
}

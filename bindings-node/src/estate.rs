//! [`NativeEstate`]: an estate that JavaScript holds.

use crate::answer::NativeAnswer;
use crate::failure::Failure;
use crate::report::NativeReport;
use crate::source::{Given, Source, gather};
use crate::table::NativeTable;
use crate::watch::Watch;
use crate::work::Work;
use napi::bindgen_prelude::{AsyncTask, Either, Uint8Array};
use napi_derive::napi;
use tenantgraph::estate::FingerprintKey;
use tenantgraph::policy::Policy;
use tenantgraph::report::table::{self, ArrowForm};
use tenantgraph::{Estate, Limited, door, importers};

/// An estate.
#[napi(js_name = "Estate")]
pub struct NativeEstate(Estate);

/// Reads inputs of any mix of formats into one estate, under a fingerprint key or a random one, within so many bytes of memory and so many unpacked ones; mappings are files, or JSON.
#[napi(ts_return_type = "Promise<Estate | Failure>")]
pub fn read(
    inputs: Vec<Source>,
    labels: Vec<Source>,
    key: Option<Uint8Array>,
    limit: Option<f64>,
    unpacked_limit: Option<f64>,
    mappings: Vec<Source>,
    watch: &Watch,
) -> AsyncTask<Work<NativeEstate>> {
    let [inputs, labels, mappings] = [inputs, labels, mappings].map(|sources| sources.into_iter().map(Given::from).collect());
    let key = key.map(|key| key.to_vec());
    AsyncTask::new(Work::new(watch, move |watched| {
        let (inputs, mut options) = gather(inputs, labels, mappings)?;
        options.unpacked_limit = unpacked_limit.map(|limit| limit as u64);
        options.key = key.as_deref().map(FingerprintKey::from_bytes).transpose()?;
        let limited = Limited::new(watched, limit.map(|limit| limit as u64));
        importers::read_observed(&inputs, &options, &limited).map(NativeEstate)
    }))
}

#[napi]
impl NativeEstate {
    /// The number of entities.
    #[napi(getter)]
    pub fn length(&self) -> f64 {
        self.0.len() as f64
    }

    /// What was read, what was skipped, what conflicted and what was not in the input, as JSON.
    #[napi]
    pub fn reading(&self) -> Either<String, Failure> {
        door::to_json(self.0.reading()).map_or_else(|error| Either::B(error.into()), Either::A)
    }

    /// The estate as a document, as JSON.
    #[napi(ts_return_type = "Promise<string | Failure>")]
    pub fn document(&self, watch: &Watch) -> AsyncTask<Work<String>> {
        let estate = self.0.clone();
        AsyncTask::new(Work::new(watch, move |watched| estate.to_document_json_observed(watched)))
    }

    /// The estate as BloodHound OpenGraph.
    #[napi(ts_return_type = "Promise<string | Failure>")]
    pub fn opengraph(&self, watch: &Watch) -> AsyncTask<Work<String>> {
        let estate = self.0.clone();
        AsyncTask::new(Work::new(watch, move |_| tenantgraph::report::opengraph::to_opengraph(&estate)))
    }

    /// The estate as a Parquet file.
    #[napi(ts_return_type = "Promise<Uint8Array | Failure>")]
    pub fn parquet(&self, watch: &Watch) -> AsyncTask<Work<Uint8Array>> {
        let estate = self.0.clone();
        AsyncTask::new(Work::new(watch, move |_| table::to_parquet(&estate).map(Uint8Array::from)))
    }

    /// The estate as an Arrow file, or as a stream.
    #[napi(ts_return_type = "Promise<Uint8Array | Failure>")]
    pub fn ipc(&self, stream: bool, watch: &Watch) -> AsyncTask<Work<Uint8Array>> {
        let estate = self.0.clone();
        let form = if stream { ArrowForm::Stream } else { ArrowForm::File };
        AsyncTask::new(Work::new(watch, move |_| table::to_arrow(&estate, form).map(Uint8Array::from)))
    }

    /// The names of the tables.
    #[napi]
    pub fn tables(&self) -> Vec<&'static str> {
        door::table::estate_tables()
    }

    /// A table by its name.
    #[napi(ts_return_type = "Promise<Table | Failure>")]
    pub fn table(&self, name: String, watch: &Watch) -> AsyncTask<Work<NativeTable>> {
        let estate = self.0.clone();
        AsyncTask::new(Work::new(watch, move |_| door::table::estate_table(&estate, &name).map(NativeTable::of)))
    }

    /// Asks a question; options are JSON.
    #[napi(ts_return_type = "Promise<Answer | Failure>")]
    pub fn ask(&self, question: String, options: String, watch: &Watch) -> AsyncTask<Work<NativeAnswer>> {
        let estate = self.0.clone();
        AsyncTask::new(Work::new(watch, move |watched| {
            door::ask(&estate, &question, door::options(&options)?, watched).map(NativeAnswer::of)
        }))
    }

    /// Asks a question between an earlier estate and this one; options are JSON.
    #[napi(ts_return_type = "Promise<Answer | Failure>")]
    pub fn ask_since(&self, before: &NativeEstate, question: String, options: String, watch: &Watch) -> AsyncTask<Work<NativeAnswer>> {
        let (before, estate) = (before.0.clone(), self.0.clone());
        AsyncTask::new(Work::new(watch, move |watched| {
            let answer = door::ask_since(&before, &estate, &question, door::options(&options)?, watched);
            answer.map(NativeAnswer::of)
        }))
    }

    /// Checks a certificate of isolation under a policy; both are JSON. What is wrong is a failure.
    #[napi(ts_return_type = "Promise<boolean | Failure>")]
    pub fn verify(&self, certificate: String, policy: Option<String>, watch: &Watch) -> AsyncTask<Work<bool>> {
        let estate = self.0.clone();
        AsyncTask::new(Work::new(watch, move |_| {
            let policy = policy.as_deref().map(Policy::from_json).transpose()?;
            door::verify("certificate", &certificate, &estate, policy.as_ref()).map(|()| true)
        }))
    }

    /// Holds the estate against a policy; options are JSON.
    #[napi(ts_return_type = "Promise<Report | Failure>")]
    pub fn assess(&self, options: String, watch: &Watch) -> AsyncTask<Work<NativeReport>> {
        let estate = self.0.clone();
        AsyncTask::new(Work::new(watch, move |watched| NativeReport::assess(&estate, &options, watched)))
    }
}

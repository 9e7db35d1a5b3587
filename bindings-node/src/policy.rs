//! Policies as texts: read, checked, and written whole.

use crate::failure::Failure;
use crate::watch::Watch;
use crate::work::Work;
use napi::bindgen_prelude::{AsyncTask, Either};
use napi_derive::napi;
use std::path::Path;
use tenantgraph::policy::Policy;
use tenantgraph::{Result, cli};

/// A policy that was read, whole: what was not written is as in the default policy.
#[napi(object, object_from_js = false)]
pub struct PolicyTexts {
    /// As JSON.
    pub json: String,
    /// As TOML.
    pub toml: String,
}

impl From<Policy> for PolicyTexts {
    fn from(policy: Policy) -> Self {
        PolicyTexts { json: policy.to_json(), toml: policy.to_toml() }
    }
}

/// Reads a policy from JSON, or else from TOML.
#[napi(catch_unwind)]
pub fn policy(text: String, json: bool) -> Either<PolicyTexts, Failure> {
    parse(&text, json).map_or_else(|error| Either::B(error.into()), Either::A)
}

/// Reads a policy from a file: JSON where its name ends in `.json`, else TOML.
#[napi(ts_return_type = "Promise<PolicyTexts | Failure>")]
pub fn read_policy(path: String, watch: &Watch) -> AsyncTask<Work<PolicyTexts>> {
    AsyncTask::new(Work::new(watch, move |_| Ok(cli::policy(Some(Path::new(&path)))?.unwrap_or_default().into())))
}

/// The default policy as TOML, with a comment and a source for every value.
#[napi]
pub fn default_policy() -> &'static str {
    Policy::DEFAULT_TOML
}

fn parse(text: &str, json: bool) -> Result<PolicyTexts> {
    let policy = if json { Policy::from_json(text) } else { Policy::from_toml(text) };
    policy.map(PolicyTexts::from)
}

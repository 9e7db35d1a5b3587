//! detect-secrets, of Yelp or of IBM: hashes by file.

use super::finding::{Found, NO_SECRET, Reason};
use super::places::{Place, said};
use super::reading::Key;
use super::told::Told;
use crate::model::Storage;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A baseline.
#[derive(Deserialize)]
pub(super) struct Baseline<'a> {
    #[serde(borrow)]
    results: BTreeMap<String, Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Finding {
    r#type: Option<String>,
    hashed_secret: Option<String>,
    line_number: Option<u64>,
    is_secret: Option<bool>,
    is_verified: Option<bool>,
    /// Of IBM: `false` where it was tried and does not work.
    verified_result: Option<bool>,
}

const NO_FINDING: Reason = "a finding with a field of a wrong type";

/// What a baseline says.
pub(super) fn found(baseline: Baseline<'_>, key: &Key) -> Vec<Result<Found, Reason>> {
    let findings =
        baseline.results.into_iter().flat_map(|(file, findings)| findings.into_iter().map(move |finding| (file.clone(), finding)));
    findings.map(|(file, finding)| of_finding(file, finding, key)).collect()
}

fn of_finding(file: String, finding: &RawValue, key: &Key) -> Result<Found, Reason> {
    let finding: Finding = serde_json::from_str(finding.get()).map_err(|_| NO_FINDING)?;
    if finding.is_secret == Some(false) {
        return Err(NO_SECRET);
    }
    let works = finding.verified_result.or(finding.is_verified.filter(|verified| *verified));
    let place = Place { path: Some(file), line: finding.line_number, storage: Some(Storage::SourceCode), ..Place::default() };
    let told = Told::of_hash(finding.hashed_secret.as_deref().unwrap_or_default(), "sha1", key);
    Ok(Found { detector: said(finding.r#type), place, told, works, ..Found::default() })
}

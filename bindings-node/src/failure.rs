//! [`Failure`]: an error of the crate, field by field, for the façade to throw.

use napi_derive::napi;
use tenantgraph::{Error, Place};

/// An error of the crate.
#[napi(object, object_from_js = false)]
pub struct Failure {
    /// The code, one of the word list `error_code`.
    pub code: &'static str,
    /// What went wrong, after its place.
    pub message: String,
    /// Where in the input.
    pub place: Option<FailurePlace>,
}

/// Where in an input something stands; absent parts are not known.
#[napi(object, object_from_js = false)]
pub struct FailurePlace {
    /// The name of the input.
    pub source: String,
    /// The line, from 1.
    pub line: Option<f64>,
    /// The column, from 1.
    pub column: Option<f64>,
    /// The record, from 1.
    pub record: Option<f64>,
    /// The field.
    pub field: Option<String>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure { code: error.code().as_str(), message: error.to_string(), place: error.place().cloned().map(FailurePlace::from) }
    }
}

impl From<Place> for FailurePlace {
    fn from(place: Place) -> Self {
        // JavaScript has no 64-bit integers; no input has 2^53 lines.
        let number = |number: u64| number as f64;
        FailurePlace {
            source: place.source,
            line: place.line.map(number),
            column: place.column.map(number),
            record: place.record.map(number),
            field: place.field,
        }
    }
}

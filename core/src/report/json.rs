//! JSON: the one way everything is written, so that the command and every language give the same bytes.

use crate::error::{Error, ErrorCode, Result};
use serde::Serialize;

/// Anything of the library as JSON, indented by two spaces and ended by a line end.
///
/// # Errors
/// [`ErrorCode::Internal`] where a value has no JSON, which none of this library should.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n").map_err(|_| Error::new(ErrorCode::Internal, "a value could not be written as JSON; please report it"))
}

//! JSON: the one way everything is written, so that the command and every language give the same bytes.

use serde::Serialize;

/// A result as JSON, indented by two spaces, with a line end at its end.
pub fn to_json<T: Serialize + ?Sized>(result: &T) -> String {
    // Every result of this crate has texts or words for keys and finite numbers, which JSON can write.
    let mut text = serde_json::to_string_pretty(result).unwrap_or_else(|_| "null".into());
    text.push('\n');
    text
}

//! [`Error`] and [`ErrorCode`]: the closed list of what can go wrong.
//!
//! A message is lower case, has no final period, sets the caller's own words in backticks and says what to do next.
//! It never repeats text of an input: an input may hold a secret.

use std::fmt;

/// The result of every fallible call of the crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident => $text:literal,)*) => {
        /// What kind of thing went wrong. Bindings map this code, never the message.
        ///
        /// The list is closed: each code has a scenario in the shared corpus.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode { $($(#[$doc])* $variant,)* }

        impl ErrorCode {
            /// Every code, in the order of this list.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];

            /// The code as the bindings and the command show it, for example `unknown_format`.
            pub const fn as_str(self) -> &'static str {
                match self { $(ErrorCode::$variant => $text,)* }
            }
        }
    };
}

error_codes! {
    /// An input could not be read at all: not text, truncated at the top level, nested too deeply.
    InvalidInput => "invalid_input",
    /// No reader recognises an input; name its format.
    UnknownFormat => "unknown_format",
    /// A document in the library's own format breaks its rules (unknown field, wrong type, missing id).
    InvalidDocument => "invalid_document",
    /// A labels overlay could not be read.
    InvalidLabels => "invalid_labels",
    /// A policy could not be read, or holds a value outside its range.
    InvalidPolicy => "invalid_policy",
    /// A selector is not of the form `key=value,key=value`.
    InvalidSelector => "invalid_selector",
    /// An option has a value that it cannot take.
    InvalidOption => "invalid_option",
    /// An instant is not RFC 3339.
    InvalidInstant => "invalid_instant",
    /// A named entity is not in the estate.
    UnknownEntity => "unknown_entity",
    /// The caller asked for the work to stop.
    Cancelled => "cancelled",
    /// A step of the work would take more memory than the caller allows.
    LimitExceeded => "limit_exceeded",
    /// A file could not be read or written. Only the command and the path-reading doors give it.
    Io => "io",
    /// A broken invariant of the library itself; please report it.
    Internal => "internal",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for ErrorCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Where in the input something stands. Shown as `file:line:column (record 3)`; never holds text of the input.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// The name of the input, as the caller gave it.
    pub source: String,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// The record within the input, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// The field within the record, a name the reader knows, never one taken from the input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Place {
    /// The place of a whole input.
    pub fn new(source: impl Into<String>) -> Self {
        Place { source: source.into(), ..Place::default() }
    }

    /// The same place, at a line (from 1).
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same place, at a column (from 1).
    #[must_use]
    pub fn column(mut self, column: u64) -> Self {
        self.column = Some(column);
        self
    }

    /// The same place, at a record (from 1).
    #[must_use]
    pub fn record(mut self, record: u64) -> Self {
        self.record = Some(record);
        self
    }

    /// The same place, at a field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        match (self.record, &self.field) {
            (Some(record), Some(field)) => write!(f, " (record {record}, field `{field}`)"),
            (Some(record), None) => write!(f, " (record {record})"),
            (None, Some(field)) => write!(f, " (field `{field}`)"),
            (None, None) => Ok(()),
        }
    }
}

/// Anything that goes wrong in the library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    code: ErrorCode,
    message: String,
    place: Option<Box<Place>>,
}

impl Error {
    /// An error of a code, with a message in the house's form.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Error { code, message: message.into(), place: None }
    }

    /// The same error, with the place it was met at.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    /// What kind of thing went wrong.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// What went wrong and what to do next, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where in the input, where that is known.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The part of a JSON parse error that is safe to show: serde's own words quote the input, so only the category and the place are kept.
pub(crate) fn json_reason(error: &serde_json::Error) -> &'static str {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => "the text ends in the middle of a value",
        Category::Syntax => "not valid JSON",
        Category::Data => "a value of the wrong type, a missing field or an unknown one",
        Category::Io => "the text could not be read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_its_place_and_keeps_its_code() {
        let error = Error::new(ErrorCode::InvalidInput, "not valid JSON").at(Place::new("a.json").line(3).column(7).record(2).field("id"));
        assert_eq!(error.to_string(), "a.json:3:7 (record 2, field `id`): not valid JSON");
        assert_eq!(error.code().as_str(), "invalid_input");
    }

    #[test]
    fn codes_are_distinct() {
        let mut texts: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), ErrorCode::ALL.len());
    }
}

//! The estate document `tenantgraph/1`: the library's own format, as JSON (one object) or NDJSON (one record a line).
//!
//! A document whose frame is broken (no JSON, another format, an unknown list) is refused as a whole, with the place. A record that breaks the
//! rules (an unknown field, a wrong type, a missing id, an id twice) is skipped with its place and reason, and the rest is read. `format` may be
//! left out where the caller names the format; `collected_at` and `source` are checked and otherwise not used: they tell people where a document came from.

mod fields;
mod in_order;
mod lines;
mod lists;
mod plain;
mod reader;
mod record;
mod schema;
mod sniff;
mod writer;

#[cfg(test)]
mod tests;

#[cfg(feature = "table")]
pub(crate) use fields::{Field, Form, Need};
pub(crate) use reader::read_document;
#[cfg(feature = "table")]
pub(crate) use record::RecordType;
pub use schema::schema;
pub(crate) use sniff::looks_like_document;

/// The name and version of the format, as a document states it.
pub const FORMAT: &str = "tenantgraph/1";

/// The record type of an NDJSON line that states the format.
const HEADER: &str = "estate";

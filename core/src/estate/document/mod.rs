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
mod row;
mod schema;
mod sniff;
mod tables;
#[cfg(feature = "table")]
mod values;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use fields::{Field, Form};
pub(crate) use reader::read_document;
pub(crate) use record::RecordType;
pub(crate) use row::{Cell, Row, json_or_text};
pub use schema::schema;
pub(crate) use sniff::looks_like_document;
pub(crate) use tables::Tables;
#[cfg(feature = "table")]
pub(crate) use tables::{FORMAT_KEY, RECORD, TABLE_KEY};
#[cfg(feature = "table")]
pub(crate) use values::{add_batch, plain};

/// The name and version of the format, as a document states it.
pub const FORMAT: &str = "tenantgraph/1";

/// The record type of an NDJSON line that states the format.
const HEADER: &str = "estate";

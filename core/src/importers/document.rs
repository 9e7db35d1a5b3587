//! The library's own format, read from JSON, NDJSON and snapshots.

use super::{ImportContext, ImportReading, Importer, Input};
use crate::error::{Place, Result};
use crate::estate::document::{looks_like_document, read_document};
use crate::estate::{Estate, add_estate, is_snapshot};

/// The reader of estate documents.
pub(super) struct Document;

impl Importer for Document {
    fn format(&self) -> &'static str {
        "tenantgraph"
    }

    fn summary(&self) -> &'static str {
        "the library's own estate document, tenantgraph/1, as JSON or NDJSON"
    }

    fn detects(&self, input: &Input) -> bool {
        looks_like_document(&input.bytes) || is_snapshot(&input.bytes)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::new(Document)
    }
}

impl ImportReading for Document {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        if is_snapshot(&input.bytes) {
            let estate =
                Estate::from_snapshot_observed(&input.bytes, context.observer).map_err(|error| error.at(Place::new(&input.name)))?;
            return add_estate(context.builder, context.observer, &estate);
        }
        read_document(context.builder, context.observer, &input.bytes)
    }

    fn finish(self: Box<Self>, _context: &mut ImportContext<'_>) -> Result<()> {
        Ok(())
    }
}

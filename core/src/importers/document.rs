//! The library's own format, read from JSON and NDJSON.

use super::{ImportContext, ImportReading, Importer, Input};
use crate::error::Result;
use crate::estate::document::{looks_like_document, read_document};

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
        looks_like_document(&input.bytes)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::new(Document)
    }
}

impl ImportReading for Document {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        read_document(context.builder, context.observer, &input.bytes)
    }

    fn finish(self: Box<Self>, _context: &mut ImportContext<'_>) -> Result<()> {
        Ok(())
    }
}

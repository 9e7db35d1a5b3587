//! Writes an estate as a document. The same estate gives the same bytes: entities in the order of their ids, relations in their canonical order.

use super::record::RecordType;
use super::{FORMAT, HEADER};
use crate::error::Result;
use crate::estate::{EntityView, Estate};
use crate::observer::{Observer, Pace, Unobserved};
use serde::Serialize;

impl Estate {
    /// The estate as a JSON document, one record a line within its lists.
    ///
    /// Placeholders are not written: whatever refers to them makes them again. Reading the document gives the same entities and relations.
    pub fn to_document_json(&self) -> String {
        unobserved(self.to_document_json_observed(&Unobserved))
    }

    /// [`Estate::to_document_json`], watched.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn to_document_json_observed(&self, observer: &dyn Observer) -> Result<String> {
        let mut text = format!("{{\n  \"format\": \"{FORMAT}\"");
        let mut pace = Pace::new(observer);
        for record_type in RecordType::ALL {
            text.push_str(&format!(",\n  \"{}\": [", record_type.list()));
            let mut separator = "\n    ";
            self.records(record_type, &mut pace, &mut |record| {
                text.push_str(separator);
                text.push_str(record);
                separator = ",\n    ";
            })?;
            text.push_str(if separator.starts_with(',') { "\n  ]" } else { "]" });
        }
        text.push_str("\n}\n");
        Ok(text)
    }

    /// The estate as an NDJSON document: a header, then one record a line. As [`Estate::to_document_json`] else.
    pub fn to_document_ndjson(&self) -> String {
        unobserved(self.to_document_ndjson_observed(&Unobserved))
    }

    /// [`Estate::to_document_ndjson`], watched.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn to_document_ndjson_observed(&self, observer: &dyn Observer) -> Result<String> {
        let mut text = format!("{{\"record\":\"{HEADER}\",\"format\":\"{FORMAT}\"}}\n");
        let mut pace = Pace::new(observer);
        for record_type in RecordType::ALL {
            self.records(record_type, &mut pace, &mut |record| {
                text.push_str(&format!("{{\"record\":\"{}\",", record_type.word()));
                // Every record has an id or ends, so that its object is never empty.
                text.push_str(record.trim_start_matches('{'));
                text.push('\n');
            })?;
        }
        Ok(text)
    }

    /// Gives the JSON of each record of a type, in order.
    fn records(&self, record_type: RecordType, pace: &mut Pace<'_>, take: &mut dyn FnMut(&str)) -> Result<()> {
        let mut buffer = Vec::new();
        if record_type == RecordType::Relation {
            for relation in self.relations() {
                take(json(&relation.to_relation(self), &mut buffer));
                pace.step()?;
            }
            return Ok(());
        }
        for entity in self.entities() {
            match (record_type, entity.view()) {
                (RecordType::Tenant, EntityView::Tenant(tenant)) => take(json(&tenant, &mut buffer)),
                (RecordType::Identity, EntityView::Identity(identity)) => take(json(&identity, &mut buffer)),
                (RecordType::Secret, EntityView::Secret(secret)) => take(json(&secret, &mut buffer)),
                (RecordType::Resource, EntityView::Resource(resource)) => take(json(&resource, &mut buffer)),
                _ => {}
            }
            pace.step()?;
        }
        Ok(())
    }
}

/// What nobody stopped.
fn unobserved(text: Result<String>) -> String {
    text.unwrap_or_else(|_| unreachable!("work that nobody watches is not cancelled"))
}

/// The JSON of a record, in a buffer that is used again.
fn json<'b>(record: &impl Serialize, buffer: &'b mut Vec<u8>) -> &'b str {
    buffer.clear();
    // Plain data of texts, numbers and lists always has a JSON form, and JSON is UTF-8: neither can fail.
    let written = serde_json::to_writer(&mut *buffer, record).is_ok();
    if written { std::str::from_utf8(buffer).unwrap_or_default() } else { "" }
}

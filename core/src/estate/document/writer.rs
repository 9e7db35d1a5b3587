//! Writes an estate as a document. The same estate gives the same bytes: entities in the order of their ids, relations in their canonical order.

use super::record::RecordType;
use super::{FORMAT, HEADER};
use crate::estate::{EntityView, Estate};
use serde::Serialize;

impl Estate {
    /// The estate as a JSON document, one record a line within its lists.
    ///
    /// Placeholders are not written: whatever refers to them makes them again. Reading the document gives the same entities and relations.
    pub fn to_document_json(&self) -> String {
        let mut text = format!("{{\n  \"format\": \"{FORMAT}\"");
        for record_type in RecordType::ALL {
            text.push_str(&format!(",\n  \"{}\": [", record_type.list()));
            let mut separator = "\n    ";
            self.records(record_type, &mut |record| {
                text.push_str(separator);
                text.push_str(record);
                separator = ",\n    ";
            });
            text.push_str(if separator.starts_with(',') { "\n  ]" } else { "]" });
        }
        text.push_str("\n}\n");
        text
    }

    /// The estate as an NDJSON document: a header, then one record a line. As [`Estate::to_document_json`] else.
    pub fn to_document_ndjson(&self) -> String {
        let mut text = format!("{{\"record\":\"{HEADER}\",\"format\":\"{FORMAT}\"}}\n");
        for record_type in RecordType::ALL {
            self.records(record_type, &mut |record| {
                text.push_str(&format!("{{\"record\":\"{}\",", record_type.word()));
                // Every record has an id or ends, so that its object is never empty.
                text.push_str(record.trim_start_matches('{'));
                text.push('\n');
            });
        }
        text
    }

    /// Gives the JSON of each record of a type, in order.
    fn records(&self, record_type: RecordType, take: &mut dyn FnMut(&str)) {
        let mut buffer = Vec::new();
        if record_type == RecordType::Relation {
            return self.relations().for_each(|relation| take(json(&relation.to_relation(self), &mut buffer)));
        }
        for entity in self.entities() {
            match (record_type, entity.view()) {
                (RecordType::Tenant, EntityView::Tenant(tenant)) => take(json(&tenant, &mut buffer)),
                (RecordType::Identity, EntityView::Identity(identity)) => take(json(&identity, &mut buffer)),
                (RecordType::Secret, EntityView::Secret(secret)) => take(json(&secret, &mut buffer)),
                (RecordType::Resource, EntityView::Resource(resource)) => take(json(&resource, &mut buffer)),
                _ => {}
            }
        }
    }
}

/// The JSON of a record, in a buffer that is used again.
fn json<'b>(record: &impl Serialize, buffer: &'b mut Vec<u8>) -> &'b str {
    buffer.clear();
    // Plain data of texts, numbers and lists always has a JSON form, and JSON is UTF-8: neither can fail.
    let written = serde_json::to_writer(&mut *buffer, record).is_ok();
    if written { std::str::from_utf8(buffer).unwrap_or_default() } else { "" }
}

//! The JSON Schema of the document, made from the table of its fields.

use super::FORMAT;
use super::fields::{Field, Form, Need};
use super::record::RecordType;
use serde_json::{Map, Value, json};

/// The JSON Schema of `tenantgraph/1`: of the JSON document as a whole, and under `$defs` of each record. A line of NDJSON is such a record with
/// its type under `record`.
pub fn schema() -> String {
    let mut definitions = Map::new();
    let mut properties = Map::new();
    properties.insert("format".into(), json!({ "const": FORMAT, "description": "the name and version of the format" }));
    properties.insert("collected_at".into(), value(&Form::Instant, true, "when the facts were collected"));
    properties.insert("source".into(), value(&Form::Text, true, "where the document came from; free text"));
    for record_type in RecordType::ALL {
        definitions.insert(record_type.word().into(), object(record_type.fields()));
        properties
            .insert(record_type.list().into(), json!({ "type": "array", "items": { "$ref": format!("#/$defs/{}", record_type.word()) } }));
    }
    let schema = json!({
        "title": "tenantgraph estate document",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": definitions,
    });
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

fn object(fields: &[Field]) -> Value {
    let properties: Map<_, _> =
        fields.iter().map(|field| (field.name.to_owned(), value(&field.form, field.need == Need::Optional, field.about))).collect();
    let required: Vec<_> = fields.iter().filter(|field| field.need == Need::Required).map(|field| field.name).collect();
    let mut object = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        object["required"] = json!(required);
        for name in required.iter().filter(|name| object["properties"][**name]["type"] == "string").copied().collect::<Vec<_>>() {
            if object["properties"][name].get("enum").is_none() {
                object["properties"][name]["minLength"] = json!(1);
            }
        }
    }
    object
}

/// The schema of a value; one that may be `null` says so.
fn value(form: &Form, nullable: bool, about: &str) -> Value {
    let kind = |name: &str| if nullable { json!([name, "null"]) } else { json!(name) };
    let mut schema = match form {
        Form::Text => json!({ "type": kind("string") }),
        Form::Instant => {
            json!({ "type": kind("string"), "anyOf": [{ "format": "date-time" }, { "format": "date" }] })
        }
        Form::Flag => json!({ "type": kind("boolean") }),
        Form::Days => json!({ "type": kind("integer"), "minimum": 0, "maximum": u32::MAX }),
        Form::Word(words) => {
            let mut words: Vec<_> = words().into_iter().map(Value::from).collect();
            words.extend(nullable.then_some(Value::Null));
            json!({ "type": kind("string"), "enum": words })
        }
        Form::Words(words) => json!({ "type": "array", "items": { "type": "string", "enum": words() } }),
        Form::Labels => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Form::Object(fields) => object(fields),
        Form::Objects(fields) => json!({ "type": "array", "items": object(fields) }),
    };
    schema["description"] = json!(about);
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_schema_is_the_generated_one() {
        let committed = include_str!("../../../data/tenantgraph-1.schema.json");
        assert!(
            committed == schema(),
            "core/data/tenantgraph-1.schema.json is out of date; write what `tenantgraph schema` prints into it"
        );
    }
}

//! A value that looks like a secret, and the ways to plant it in an input and to look for it in what comes out.

use serde_json::{Map, Value, json};

/// The value.
pub const CANARY: &str = "hunter2-c4n4ry-Zm9vYmFyYmF6";
/// The same in base64.
pub const CANARY_IN_BASE64: &str = "aHVudGVyMi1jNG40cnktWm05dlltRnlZbUY2";
/// A part is as bad as the whole.
const BEGINNING: &str = "hunter2";
const INNER: &str = "c4n4ry";

/// Fails where an output shows the value or a part of it.
pub fn silent(what: &str, output: &str) {
    for part in [BEGINNING, INNER, &CANARY_IN_BASE64[..10]] {
        if let Some(at) = output.find(part) {
            let from = output[..at].char_indices().rev().nth(200).map_or(0, |(start, _)| start);
            panic!("{what}: the canary came out: …{}", &output[from..(at + part.len())]);
        }
    }
}

/// A text in which the value stands for `CANARY`, and in base64 for `CANARY64`.
pub fn planted(text: &str) -> String {
    text.replace("CANARY64", CANARY_IN_BASE64).replace("CANARY", CANARY)
}

/// Records as lines.
pub fn lines(records: &[Value]) -> String {
    records.iter().map(|record| record.to_string() + "\n").collect()
}

/// Puts fields that no reader knows into every object, but for maps of names that are the user's own.
pub fn with_unknown_fields(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(fields) => {
            fields.iter_mut().filter(|(key, _)| !names.contains(&key.as_str())).for_each(|(_, value)| with_unknown_fields(value, names));
            fields.insert("privateKeyData".into(), json!(CANARY));
            fields.insert("nested".into(), json!({ "token": [CANARY, { CANARY: CANARY }] }));
            fields.insert(CANARY.into(), json!(1));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| with_unknown_fields(value, names)),
        _ => {}
    }
}

/// Every copy of a value in which one leaf or branch is something of another type that holds the canary.
pub fn with_wrong_types(value: &Value, names: &[&str]) -> Vec<Value> {
    let mut copies = Vec::new();
    match value {
        Value::Object(fields) => {
            // Labels are the user's own words, and shown.
            for (key, field) in fields.iter().filter(|(key, _)| !names.contains(&key.as_str())) {
                let inner = with_wrong_types(field, names).into_iter();
                copies.extend(inner.map(|field| Value::Object(Map::from_iter(fields.clone().into_iter().chain([(key.clone(), field)])))));
            }
        }
        Value::Array(values) => {
            for (at, element) in values.iter().enumerate() {
                for element in with_wrong_types(element, names) {
                    let mut values = values.clone();
                    values[at] = element;
                    copies.push(Value::Array(values));
                }
            }
        }
        _ => {}
    }
    copies.extend([json!({ CANARY: CANARY }), json!([CANARY, 1, null])]);
    copies
}

/// A stream of YAML documents, as JSON is YAML too, in block style down to the first level.
pub fn yaml(objects: &[Value]) -> String {
    let document = |object: &Value| {
        let fields = object.as_object().expect("an object");
        "---\n".to_owned() + &fields.iter().map(|(key, value)| format!("{key}: {value}\n")).collect::<String>()
    };
    objects.iter().map(document).collect()
}

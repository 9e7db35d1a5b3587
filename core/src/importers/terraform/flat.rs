//! The attributes of version 3 of states: a flat map in which lists and maps are taken apart.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How deep attributes may stand in each other.
const DEEP: usize = 32;

/// The attributes as later versions write them: `members.# = 1`, `members.12 = x` is a list, `tags.% = 1`, `tags.a = x` a map.
pub(super) fn nested(flat: BTreeMap<String, String>) -> Map<String, Value> {
    inner(flat, 0)
}

fn inner(flat: BTreeMap<String, String>, depth: usize) -> Map<String, Value> {
    let mut plain = Map::new();
    let mut parts: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (name, value) in flat {
        match name.split_once('.') {
            Some((name, rest)) => {
                parts.entry(name.to_owned()).or_default().insert(rest.to_owned(), value);
            }
            None => {
                plain.insert(name, Value::String(value));
            }
        }
    }
    for (name, part) in parts {
        if depth < DEEP {
            plain.insert(name, collection(part, depth + 1));
        }
    }
    plain
}

fn collection(mut part: BTreeMap<String, String>, depth: usize) -> Value {
    let is_list = part.remove("#").is_some();
    part.remove("%");
    if !is_list {
        // A block has lists and maps of its own; the keys of a map may hold dots, as those of labels do.
        if part.keys().any(|key| key.ends_with(".#") || key.ends_with(".%")) {
            return Value::Object(inner(part, depth));
        }
        let plain = part.into_iter().map(|(key, value)| (key, Value::String(value)));
        return Value::Object(plain.collect());
    }
    let elements = inner(part, depth).into_iter().map(|(at, element)| (at.parse::<u64>().unwrap_or(u64::MAX), element));
    let mut elements: Vec<_> = elements.collect();
    elements.sort_by_key(|(at, _)| *at);
    Value::Array(elements.into_iter().map(|(_, element)| element).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_and_maps_are_put_together_again() {
        let flat = [
            ("name", "till"),
            ("members.#", "2"),
            ("members.10", "b"),
            ("members.9", "a"),
            ("tags.%", "1"),
            ("tags.acme.example/env", "prod"),
            ("subject.#", "1"),
            ("subject.0.kind", "User"),
            ("subject.0.names.#", "1"),
            ("subject.0.names.0", "ann"),
        ];
        let flat = flat.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let expected = json!({"name": "till", "members": ["a", "b"], "tags": {"acme.example/env": "prod"},
            "subject": [{"kind": "User", "names": ["ann"]}]});
        assert_eq!(Value::Object(nested(flat)), expected);
    }
}

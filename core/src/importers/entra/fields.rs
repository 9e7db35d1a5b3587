//! [`Fields`]: an object as Graph, the Azure command line, PowerShell, AzureHound or a library writes it, read tolerantly.

use crate::model::{Instant, Labels};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The fields of an object by their names in lower case without `_`: `appId`, `AppId` and `app_id` are one.
#[derive(Debug, Default)]
pub(super) struct Fields(BTreeMap<String, Value>);

impl Fields {
    /// The fields of an object. What Graph's own PowerShell puts under `AdditionalProperties`, and Azure under `properties`, stands beside the rest.
    pub fn of(object: Map<String, Value>) -> Fields {
        let mut fields = BTreeMap::new();
        let mut inner = Vec::new();
        for (key, value) in object {
            let key = plain(&key);
            match value {
                Value::Object(map) if key == "additionalproperties" || key == "properties" => inner.push(map),
                Value::Null => {}
                value => {
                    fields.entry(key).or_insert(value);
                }
            }
        }
        for (key, value) in inner.into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            fields.entry(plain(&key)).or_insert(value);
        }
        Fields(fields)
    }

    /// The object in a value; PowerShell writes what a library wraps as `{"value": …}` too.
    pub fn of_value(value: &Value) -> Option<Fields> {
        value.as_object().map(|object| Fields::of(object.clone()))
    }

    /// Whether a field is there and not null.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(&plain(name))
    }

    /// A field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(&plain(name))
    }

    /// A text that is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    /// A text, or a list of them written as one text.
    pub fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// An id: in lower case, for AzureHound writes them in capitals, and without a slash at its end.
    pub fn id(&self, name: &str) -> Option<String> {
        self.text(name).map(id_of)
    }

    /// The first of several fields that is an id.
    pub fn first_id(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.id(name))
    }

    /// A flag, also where it is written as a word.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(word) if word.eq_ignore_ascii_case("true") => Some(true),
            Value::String(word) if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// An instant, in any form that is written.
    pub fn instant(&self, name: &str) -> Option<Instant> {
        instant(self.get(name)?)
    }

    /// A list; one element that PowerShell wrote without its list is a list of one.
    pub fn list(&self, name: &str) -> Vec<&Value> {
        match self.get(name) {
            Some(Value::Array(elements)) => elements.iter().filter(|element| !element.is_null()).collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        }
    }

    /// The objects of a list.
    pub fn objects(&self, name: &str) -> Vec<Fields> {
        self.list(name).into_iter().filter_map(Fields::of_value).collect()
    }

    /// The texts of a list, or of one text.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).into_iter().filter_map(Value::as_str).map(|text| text.trim().to_owned()).collect()
    }

    /// An object in a field.
    pub fn inner(&self, name: &str) -> Option<Fields> {
        self.get(name).and_then(Fields::of_value)
    }

    /// Tags as labels.
    pub fn labels(&self) -> Labels {
        let Some(Value::Object(tags)) = self.get("tags") else { return Labels::new() };
        tags.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
    }

    /// The keys, in lower case without `_`.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// An id in lower case.
pub(super) fn id_of(text: &str) -> String {
    let text = text.trim();
    let short = text.trim_end_matches('/');
    if short.is_empty() { text.to_owned() } else { short.to_ascii_lowercase() }
}

fn plain(key: &str) -> String {
    key.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect()
}

/// An instant: RFC 3339 with any fraction, `/Date(milliseconds)/` as PowerShell writes it, seconds since 1970. The year 2100, in which Entra puts the end of
/// what has none, and what lies after it, is never; the first year, Azure's "not set", is none.
fn instant(value: &Value) -> Option<Instant> {
    let found = match value {
        Value::String(text) => match text.strip_prefix("/Date(").and_then(|rest| rest.split([')', '+']).next()) {
            Some(milliseconds) => of_milliseconds(milliseconds.parse().ok()?),
            None => Instant::parse(text.trim()).ok().or_else(|| Instant::parse(&format!("{}Z", text.trim())).ok()),
        },
        Value::Number(seconds) => seconds.as_i64().and_then(|seconds| of_milliseconds(seconds.checked_mul(1000)?)),
        // `ConvertTo-Json` of older PowerShells.
        Value::Object(wrapped) => instant(wrapped.get("value")?),
        _ => None,
    }?;
    let text = found.to_string();
    match text.as_str() {
        // Entra's own word for "never" is the last day of 2099 or of 2100, by where it was set.
        text if text.starts_with("2100-12-31") || text.starts_with("2099-12-31") || text.starts_with("9999") => Some(Instant::NEVER),
        text if text.starts_with("0001") || text.starts_with("1601") => None,
        _ => Some(found),
    }
}

fn of_milliseconds(milliseconds: i64) -> Option<Instant> {
    // What is past the year 9999 is no date.
    (milliseconds.unsigned_abs() < 250_000_000_000_000).then(|| Instant::from_unix_microseconds(milliseconds * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        Fields::of(serde_json::from_str(text).expect("an object"))
    }

    #[test]
    fn every_spelling_of_a_field_is_one() {
        for text in [
            r#"{"appId":"AA-11"}"#,
            r#"{"AppId":" aa-11 "}"#,
            r#"{"app_id":"aa-11"}"#,
            r#"{"AdditionalProperties":{"appId":"aa-11"}}"#,
            r#"{"app_id":null,"properties":{"appId":"aa-11/"}}"#,
        ] {
            assert_eq!(fields(text).id("appId").as_deref(), Some("aa-11"), "{text}");
        }
    }

    #[test]
    fn one_element_is_a_list_and_a_word_is_a_flag() {
        assert_eq!(fields(r#"{"owners":{"id":"a"}}"#).objects("owners").len(), 1);
        assert_eq!(fields(r#"{"owners":[{"id":"a"},null]}"#).objects("owners").len(), 1);
        assert!(fields(r#"{"owners":null}"#).objects("owners").is_empty());
        assert_eq!(fields(r#"{"audiences":"one"}"#).texts("audiences"), ["one"]);
        assert_eq!(fields(r#"{"accountEnabled":"False"}"#).flag("accountEnabled"), Some(false));
    }

    #[test]
    fn every_form_of_an_instant_is_read() {
        let read = |text: &str| fields(&format!("{{\"at\":{text}}}")).instant("at").map(|at| at.to_string());
        for text in [
            "\"2024-12-12T00:05:22Z\"",
            "\"2024-12-12T00:05:22.0000000Z\"",
            "\"2024-12-12T00:05:22\"",
            "\"/Date(1733961922000)/\"",
            "{\"value\":\"/Date(1733961922000)/\"}",
            "1733961922",
        ] {
            assert_eq!(read(text).as_deref(), Some("2024-12-12T00:05:22Z"), "{text}");
        }
        for text in ["\"2100-12-31T00:00:00Z\"", "\"2099-12-31T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\""] {
            assert_eq!(read(text), Some(Instant::NEVER.to_string()), "{text}");
        }
        for text in ["\"0001-01-01T00:00:00Z\"", "\"\"", "\"soon\"", "[]", "\"/Date(x)/\"", "9e18"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

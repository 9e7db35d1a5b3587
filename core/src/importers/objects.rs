//! Cuts a JSON input into the objects that a reader knows, whatever wraps them, and reads their fields tolerantly.

use super::records::Records;
use super::{ImportContext, Input};
use crate::error::{Place, Result};
use crate::model::Instant;
use serde_json::{Map, Value};

/// The fields of an object. A field of the wrong type is as if it were not there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'v>(pub &'v Map<String, Value>);

/// What a reader says of an object that it was shown.
pub(super) enum Taken {
    /// It is its own, and was read.
    Whole,
    /// It may hold others: look inside.
    LookInside,
    /// It is left out, for this reason.
    Skipped(&'static str),
}

/// Where an object stands: its place, and the name of the field that holds it or its list.
pub(super) struct Around<'a> {
    pub place: &'a Place,
    pub under: &'a str,
}

/// How many records are read between two looks at the observer.
const STEP: u64 = 256;
/// How many wrappers an object may stand in.
const DEPTH: usize = 6;
const NOT_AN_OBJECT: &str = "expected a JSON object";

/// What is done with an object.
pub(super) type Take<'t> = dyn FnMut(&mut ImportContext<'_>, Fields<'_>, &Around<'_>) -> Taken + 't;

/// Shows every object of a JSON input to a reader, from the outside in: records, and within what it does not take the objects of lists and fields. A text
/// that holds JSON is looked into as well, for some writers put replies so. A record in which nothing was taken is skipped with `nothing` as its reason.
///
/// # Errors
/// What is no JSON from its first character on, and the observer's.
pub(super) fn each_object(input: &Input, context: &mut ImportContext<'_>, nothing: &'static str, take: &mut Take<'_>) -> Result<()> {
    let mut records = Records::new(&input.name, &input.bytes)?;
    while let Some(record) = records.next() {
        if context.builder.record().is_multiple_of(STEP) {
            context.observer.check(records.taken(), input.bytes.len() as u64)?;
        }
        match record.parse::<Map<String, Value>>() {
            Ok(object) => {
                let place = record.place();
                if !within(&object, &Around { place: &place, under: "" }, DEPTH, context, take) {
                    context.builder.skip(place, nothing);
                }
            }
            Err((place, reason)) => context.builder.skip(place, reason),
        }
    }
    Ok(())
}

/// Shows an object and what is in it; whether any was taken or skipped.
fn within(object: &Map<String, Value>, around: &Around<'_>, depth: usize, context: &mut ImportContext<'_>, take: &mut Take<'_>) -> bool {
    match take(context, Fields(object), around) {
        Taken::Whole => true,
        Taken::Skipped(reason) => {
            context.builder.skip(around.place.clone(), reason);
            true
        }
        Taken::LookInside if depth == 0 => false,
        Taken::LookInside => {
            let mut any = false;
            for (under, value) in object {
                any |= inside(value, &Around { place: around.place, under }, depth - 1, context, take);
            }
            any
        }
    }
}

/// Shows what a field holds. An empty list is a list of nothing, not of something unknown.
fn inside(value: &Value, around: &Around<'_>, depth: usize, context: &mut ImportContext<'_>, take: &mut Take<'_>) -> bool {
    match value {
        Value::Object(object) => within(object, around, depth, context, take),
        Value::Array(elements) => {
            let mut any = elements.is_empty() && !around.under.is_empty();
            let of_objects = elements.iter().any(Value::is_object);
            for (number, element) in elements.iter().enumerate().filter(|(_, element)| of_objects && !element.is_null()) {
                let place = around.place.clone().field(format!("element[{number}]"));
                if element.is_object() {
                    any |= inside(element, &Around { place: &place, under: around.under }, depth, context, take);
                } else {
                    context.builder.skip(place, NOT_AN_OBJECT);
                }
            }
            any
        }
        Value::String(text) if depth > 0 && text.trim_start().starts_with(['{', '[']) => {
            serde_json::from_str::<Value>(text).is_ok_and(|value| inside(&value, around, depth - 1, context, take))
        }
        _ => false,
    }
}

/// The beginning of an input, in which the marks of its format must show.
pub(super) fn beginning(input: &Input) -> &[u8] {
    const WINDOW: usize = 64 * 1024;
    &input.bytes[..input.bytes.len().min(WINDOW)]
}

/// Whether an input starts like JSON, and one of these stands near its beginning.
pub(super) fn is_json_with(input: &Input, marks: &[&str]) -> bool {
    let start = beginning(input);
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
    matches!(first, Some(b'{' | b'[')) && marks.iter().any(|mark| start.windows(mark.len()).any(|window| window == mark.as_bytes()))
}

/// The name that an input gives what it was exported from: that of its format, `FORMAT@NAME`, that of a folder or file `WORD=NAME`, or of the folder in
/// a folder `WORDs`.
pub(super) fn named<'i>(input: &'i Input, word: &str) -> Option<&'i str> {
    let given = input.format.as_deref().and_then(|format| format.split_once('@')).map(|(_, name)| name).filter(|name| !name.is_empty());
    given.or_else(|| in_path(input, word))
}

/// The name in the path of an input: of a folder or file `WORD=NAME`, or of the folder in a folder `WORDs`.
pub(super) fn in_path<'i>(input: &'i Input, word: &str) -> Option<&'i str> {
    let segments: Vec<&str> = input.name.split(['/', '\\']).collect();
    let folders = segments.split_last().map_or(&[][..], |(_, folders)| folders);
    let told = |segment: &&'i str| segment.strip_prefix(word).and_then(|rest| rest.strip_prefix('='));
    let file = segments.last().and_then(told).map(|name| name.split('.').next().unwrap_or(name));
    let within = || folders.windows(2).find(|pair| pair[0].strip_suffix('s') == Some(word)).map(|pair| pair[1]);
    folders.iter().find_map(told).or(file).or_else(within).filter(|name| !name.is_empty())
}

impl<'v> Fields<'v> {
    /// A field that is not null.
    pub fn get(self, name: &str) -> Option<&'v Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Whether a field is there, be it null.
    pub fn has(self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text that is not empty.
    pub fn text(self, name: &str) -> Option<&'v str> {
        self.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The same, owned.
    pub fn owned(self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// A flag.
    pub fn flag(self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }

    /// An instant: RFC 3339, or seconds or milliseconds since 1970; zero and less stand for none.
    pub fn instant(self, name: &str) -> Option<Instant> {
        instant(self.get(name)?)
    }

    /// An object in a field.
    pub fn inner(self, name: &str) -> Option<Fields<'v>> {
        self.get(name)?.as_object().map(Fields)
    }

    /// The objects of a list.
    pub fn objects(self, name: &str) -> impl Iterator<Item = Fields<'v>> + use<'v> {
        self.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object).map(Fields)
    }

    /// The texts of a list, or the one text in its place, which may be several with commas between them.
    pub fn texts(self, name: &str) -> Vec<&'v str> {
        let texts: Vec<&'v str> = match self.get(name) {
            Some(Value::Array(elements)) => elements.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => text.split(',').collect(),
            _ => Vec::new(),
        };
        texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect()
    }
}

/// An instant: RFC 3339, or seconds or milliseconds since 1970, as a number or as its digits; zero and less stand for none.
pub(super) fn instant(value: &Value) -> Option<Instant> {
    /// Later than any date in seconds, earlier than this century in milliseconds.
    const MILLISECONDS: i64 = 100_000_000_000;
    match value {
        Value::String(text) if (9..=13).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit()) => {
            instant(&Value::from(text.parse::<i64>().ok()?))
        }
        Value::String(text) => Instant::parse(text.trim()).ok(),
        Value::Number(number) => {
            let number = number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64)).filter(|number| *number > 0)?;
            let seconds = if number >= MILLISECONDS { number / 1000 } else { number };
            // What is past the year 9999 is no date.
            (seconds < 250_000_000_000).then(|| Instant::from_unix_seconds(seconds))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unobserved;
    use crate::estate::{EstateBuilder, FingerprintKey};
    use serde_json::json;

    fn shown(text: &str) -> (Vec<String>, Vec<String>) {
        let mut builder = EstateBuilder::new();
        builder.source("x", "y");
        let key = FingerprintKey::from_bytes(&[7; 32]).expect("a key");
        let mut room = 1 << 20;
        let mut context = ImportContext { builder: &mut builder, key: &key, mappings: &[], observer: &Unobserved, unpacked: &mut room };
        let mut found = Vec::new();
        let input = Input::new("x", text);
        each_object(&input, &mut context, "nothing", &mut |_, fields, around| match fields.text("id") {
            Some("bad") => Taken::Skipped("bad"),
            Some(id) => {
                found.push(format!("{}{id}", around.under));
                Taken::Whole
            }
            None => Taken::LookInside,
        })
        .expect("JSON");
        let skipped = builder.build().reading().skipped.iter().map(|it| format!("{}: {}", it.place, it.reason)).collect();
        (found, skipped)
    }

    #[test]
    fn objects_are_found_in_whatever_wraps_them() {
        let text = r#"{"id":"a"}
            {"data":[{"id":"b"},{"id":"bad"},{"x":{"id":"c"}}],"has_more":false}
            [{"id":"d"},7,{"REPLY":"\n[{\"id\":\"e\"}]"}]
            {"what":1}
            {"keys":[]}"#;
        let (found, skipped) = shown(text);
        assert_eq!(found, ["a", "datab", "xc", "d", "REPLYe"]);
        assert_eq!(
            skipped,
            ["x:2 (record 2, field `element[1]`): bad", "x:3 (record 4): expected a JSON object", "x:4 (record 6): nothing"]
        );
    }

    #[test]
    fn instants_are_dates_and_seconds_but_no_zeros() {
        let fields = json!({"a": "2026-05-01", "b": 1_711_471_533, "c": 0, "d": -1, "e": 1_628_263_766_000_i64, "f": "soon", "g": 9e18, "h": "1711471533"});
        let fields = Fields(fields.as_object().expect("an object"));
        let dates: Vec<_> = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|name| fields.instant(name).map(Instant::date)).into();
        let date = |text: &str| Some(text.to_owned());
        assert_eq!(dates, [date("2026-05-01"), date("2024-03-26"), None, None, date("2021-08-06"), None, None, date("2024-03-26")]);
    }

    #[test]
    fn an_input_names_what_it_is_of() {
        let of = |name: &str| named(&Input::new(name, ""), "organization").map(str::to_owned);
        assert_eq!(of("a/organization=acme/keys.json").as_deref(), Some("acme"));
        assert_eq!(of("organization=acme.json").as_deref(), Some("acme"));
        assert_eq!(of("organizations/acme/keys.json").as_deref(), Some("acme"));
        assert_eq!(of("organizations/acme.json"), None);
        assert_eq!(named(&Input::new("x", "").format("openai@acme"), "organization"), Some("acme"));
    }
}

//! [`Documents`]: cuts a YAML stream into documents, and reads each into JSON values with depth and aliases bounded.

use crate::error::Place;
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The documents of a YAML stream, in order. Those that hold nothing but comments are left out.
///
/// A line that starts with `---` begins a document wherever it stands, so the text is cut before it is parsed: a document that is no YAML spoils no other.
#[derive(Debug)]
pub(crate) struct Documents<'a> {
    source: &'a str,
    rest: &'a str,
    line: u64,
    number: u64,
}

/// A document of a stream and where it stands.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    source: &'a str,
    text: &'a str,
    line: u64,
    number: u64,
}

/// The key under which a list with the tag `!reference` is read, as the only field of an object.
pub(crate) const REFERENCE: &str = "!reference";
/// How deep a document may be nested: what the JSON parser allows too.
const DEPTH: usize = 120;
/// What a document may grow to by its aliases, beside twice its own size, in bytes and values.
const ROOM: usize = 1 << 20;
const NO_YAML: &str = "not valid YAML";
const TOO_DEEP: &str = "nested too deeply";
const TOO_LARGE: &str = "its aliases make it many times as large as it is written";
const NO_KEY: &str = "a key that is no text";

impl<'a> Documents<'a> {
    /// The documents of a text.
    pub fn new(source: &'a str, text: &'a str) -> Self {
        Documents { source, rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1, number: 0 }
    }

    /// How many bytes are still ahead.
    pub fn left(&self) -> usize {
        self.rest.len()
    }
}

impl<'a> Iterator for Documents<'a> {
    type Item = Document<'a>;

    fn next(&mut self) -> Option<Document<'a>> {
        while !self.rest.is_empty() {
            let end = end_of_document(self.rest);
            let (text, rest) = self.rest.split_at(end);
            let line = self.line;
            self.line += text.bytes().filter(|byte| *byte == b'\n').count() as u64;
            self.rest = rest;
            if text.lines().any(|line| !is_empty(line)) {
                self.number += 1;
                return Some(Document { source: self.source, text, line, number: self.number });
            }
        }
        None
    }
}

fn end_of_document(text: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find("\n---").map(|at| from + at + 1) {
        if text[at + 3..].chars().next().is_none_or(char::is_whitespace) {
            return at;
        }
        from = at;
    }
    text.len()
}

/// Whether a line holds no content: blank, a comment, a directive, a bare marker.
fn is_empty(line: &str) -> bool {
    let text = line.trim();
    let text = text.strip_prefix("---").map_or(text, str::trim_start);
    text.is_empty() || text.starts_with('#') || line.starts_with('%') || text == "..."
}

impl Document<'_> {
    /// Where the document starts.
    pub fn place(&self) -> Place {
        Place::new(self.source).line(self.line).record(self.number)
    }

    /// Whether each of these keys starts a line of its own, so that the document is likely to be an object that has them. Does not parse.
    pub fn starts_like(&self, keys: &[&str]) -> bool {
        let starts = |line: &str, key: &str| {
            line.trim_start_matches(['"', '\'']).strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
        };
        keys.iter().all(|key| self.text.lines().any(|line| starts(line, key)))
    }

    /// The document as a JSON value, read as Kubernetes' own tools read it: `yes` and `off` are booleans, `<<` merges, aliases are copies.
    ///
    /// # Errors
    /// The place where it breaks and a reason without text of the input.
    pub fn parse(&self) -> Result<Value, (Place, &'static str)> {
        let mut building = Building { room: self.text.len().saturating_mul(2) + ROOM, ..Building::default() };
        // The parser counts lines from 1, and what is wrong at the end of the text stands in its last line.
        let last = self.line + (self.text.trim_end().lines().count() as u64).saturating_sub(1);
        let at = |line: usize| Place { line: Some((self.line + (line as u64).saturating_sub(1)).min(last)), ..self.place() };
        for event in Parser::<StrInput<'_>>::new_from_str(self.text) {
            let (event, span) = event.map_err(|error| (at(error.marker().line()), NO_YAML))?;
            building.event(event).map_err(|reason| (at(span.start.line()), reason))?;
        }
        Ok(building.done.unwrap_or(Value::Null))
    }
}

/// A list or an object under way.
struct Open {
    content: Content,
    anchor: usize,
    /// What was taken before it.
    before: usize,
    /// The depth of what is in it.
    depth: usize,
}

enum Content {
    List(Vec<Value>),
    Reference(Vec<Value>),
    Object(Map<String, Value>, Option<String>),
}

/// A value that is complete.
#[derive(Clone)]
struct Built {
    value: Value,
    anchor: usize,
    weight: usize,
    depth: usize,
}

#[derive(Default)]
struct Building {
    open: Vec<Open>,
    anchors: HashMap<usize, Built>,
    done: Option<Value>,
    /// How much may still be added, in bytes and values; and what was taken so far.
    room: usize,
    taken: usize,
}

impl Building {
    fn event(&mut self, event: Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.take(text.len() + 1)?;
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let weight = text.len() + 1;
                let value = if plain { plain_value(&text) } else { Value::String(text.into_owned()) };
                self.add(Built { value, anchor, weight, depth: 0 })
            }
            Event::Alias(anchor) => {
                // An anchor that is not complete yet would hold itself.
                let built = self.anchors.get(&anchor).ok_or(NO_YAML)?;
                let (weight, depth) = (built.weight, built.depth);
                self.take(weight)?;
                if self.open.len() + depth > DEPTH {
                    return Err(TOO_DEEP);
                }
                let built = self.anchors.get(&anchor).cloned().ok_or(NO_YAML)?;
                self.add(Built { anchor: 0, ..built })
            }
            // GitLab's reference to another part of the file has a tag and nothing else that tells it from a list.
            Event::SequenceStart(anchor, tag) if tag.as_ref().is_some_and(|tag| tag.handle == "!" && tag.suffix == "reference") => {
                self.start(Content::Reference(Vec::new()), anchor)
            }
            Event::SequenceStart(anchor, _) => self.start(Content::List(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => self.start(Content::Object(Map::new(), None), anchor),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => Ok(()),
        }
    }

    fn take(&mut self, weight: usize) -> Result<(), &'static str> {
        self.room = self.room.checked_sub(weight).ok_or(TOO_LARGE)?;
        self.taken += weight;
        Ok(())
    }

    fn start(&mut self, content: Content, anchor: usize) -> Result<(), &'static str> {
        if self.open.len() >= DEPTH {
            return Err(TOO_DEEP);
        }
        self.open.push(Open { content, anchor, before: self.taken, depth: 0 });
        self.take(1)
    }

    fn end(&mut self) -> Result<(), &'static str> {
        let open = self.open.pop().ok_or(NO_YAML)?;
        let value = match open.content {
            Content::List(values) => Value::Array(values),
            Content::Reference(values) => Value::Object(Map::from_iter([(REFERENCE.to_owned(), Value::Array(values))])),
            Content::Object(fields, _) => Value::Object(merged(fields)),
        };
        self.add(Built { value, anchor: open.anchor, weight: self.taken - open.before, depth: open.depth + 1 })
    }

    fn add(&mut self, built: Built) -> Result<(), &'static str> {
        if built.anchor > 0 {
            self.take(built.weight)?;
            self.anchors.insert(built.anchor, built.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.done = self.done.take().or(Some(built.value));
            return Ok(());
        };
        open.depth = open.depth.max(built.depth);
        match &mut open.content {
            Content::List(values) | Content::Reference(values) => values.push(built.value),
            Content::Object(_, key @ None) => *key = Some(key_of(built.value)?),
            Content::Object(fields, key) => {
                fields.insert(key.take().unwrap_or_default(), built.value);
            }
        }
        Ok(())
    }
}

fn key_of(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Null => Ok("null".to_owned()),
        _ => Err(NO_KEY),
    }
}

/// The fields with those of a `<<` merged in where they are missing.
fn merged(mut fields: Map<String, Value>) -> Map<String, Value> {
    let from = match fields.remove("<<") {
        None => return fields,
        Some(Value::Array(values)) => values,
        Some(value) => vec![value],
    };
    for (key, value) in from.into_iter().filter_map(|value| if let Value::Object(fields) = value { Some(fields) } else { None }).flatten() {
        fields.entry(key).or_insert(value);
    }
    fields
}

/// What a plain scalar stands for.
fn plain_value(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Value::Bool(false),
        _ => {}
    }
    let number =
        text.parse::<i64>().ok().map(Value::from).or_else(|| text.parse::<f64>().ok().filter(|it| it.is_finite()).map(Value::from));
    let is_number = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    number.filter(|_| is_number).unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Vec<Result<Value, &'static str>> {
        Documents::new("x", text).map(|document| document.parse().map_err(|(_, reason)| reason)).collect()
    }

    #[test]
    fn a_broken_document_says_its_line() {
        let line = |text: &str| {
            let broken = Documents::new("x", text).find_map(|document| document.parse().err());
            broken.and_then(|(place, _)| place.line)
        };
        assert_eq!(line("a: 1\n---\nb: 2\nc: [1\nd: 3\n"), Some(5));
        assert_eq!(line("a: 1\nb: x: y\n"), Some(2));
        assert_eq!(line("a: \"open\n\n\n"), Some(1));
        assert_eq!(line("a: 1\nb:\n  ? [x]\n  : 1\n"), Some(3));
    }

    #[test]
    fn a_stream_is_cut_into_documents() {
        let text = "# head\n%YAML 1.1\n---\na: 1\n---\n# nothing\n--- \nb: [yes, '1', 1.5, ~]\n...\n---x: 2\nc: |\n  --- in\n";
        let lines: Vec<_> = Documents::new("x", text).map(|it| (it.line, it.number)).collect();
        assert_eq!(lines, [(3, 1), (7, 2)]);
        assert_eq!(read("a: 1\n---\nb: {c: no}\r\n"), [Ok(json!({"a": 1})), Ok(json!({"b": {"c": false}}))]);
        assert_eq!(read("\u{feff}---\nt: >-\n  a\n  b\nn: 007\n"), [Ok(json!({"t": "a b", "n": 7}))]);
    }

    #[test]
    fn a_reference_is_told_from_a_list() {
        assert_eq!(
            read("a: !reference [x, y]\nb: [!reference [x], !other [z]]\n"),
            [Ok(json!({"a": {"!reference": ["x", "y"]}, "b": [{"!reference": ["x"]}, ["z"]]}))]
        );
    }

    #[test]
    fn a_broken_document_spoils_no_other() {
        let read = read("a: [1\n---\nb: 2\n---\n{{ template }}\n---\nc: \"open\n");
        assert_eq!((read.len(), &read[1]), (4, &Ok(json!({"b": 2}))));
        assert!([&read[0], &read[2], &read[3]].into_iter().all(Result::is_err));
    }

    #[test]
    fn aliases_are_copies_and_have_an_end() {
        assert_eq!(read("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n"), [Ok(json!({"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 1, "e": 2}}))]);
        let mut bomb = "a0: &a0 [lol, lol, lol, lol]\n".to_owned();
        for level in 1..40 {
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", ")));
        }
        assert_eq!(read(&bomb), [Err(TOO_LARGE)]);
        let mut tower = "a0: &a0 [x]\n".to_owned();
        (1..500).for_each(|level| tower.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1)));
        assert_eq!(read(&tower), [Err(TOO_DEEP)]);
        assert!(read("a: &a [*a]\n")[0].is_err());
    }

    #[test]
    fn nesting_has_an_end() {
        for text in ["[".repeat(100_000), "{a: ".repeat(100_000), (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect()] {
            assert!(read(&format!("a: {text}"))[0].is_err() || read(&text)[0].is_err());
        }
    }
}

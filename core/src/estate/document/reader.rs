//! Reads a document into a builder, record by record: memory stays near the size of the input, and no part of it is looked at more than a few times.

use super::lines::{Other, read_lines};
use super::record::{Fault, Line, RawFields, Record, RecordType, Text};
use super::sniff::{Sniffed, sniff};
use super::{FORMAT, HEADER};
use crate::error::{Error, ErrorCode, Place, Result, json_reason};
use crate::estate::EstateBuilder;
use crate::model::Instant;
use crate::observer::Observer;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Reads a document into a builder, whose current source it is.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] for what is no JSON, [`ErrorCode::InvalidDocument`] for a broken frame, [`ErrorCode::Cancelled`].
pub(crate) fn read_document(builder: &mut EstateBuilder, observer: &dyn Observer, bytes: &[u8]) -> Result<()> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let name = builder.source_name().to_owned();
    let refused = |message| Err(Error::new(ErrorCode::InvalidInput, message).at(Place::new(&name)));
    match bytes.trim_ascii_start().first() {
        None => return refused("the input is empty; write it again"),
        Some(b'{') => {}
        Some(_) => return refused("not an estate document: it does not start with `{`; name its format, or write it again as UTF-8"),
    }
    let mut reader = Reader { builder, observer, bytes, name, cursor: Cursor { at: 0, line: 1, start: 0 }, list: None, problem: None };
    match sniff(bytes) {
        Some(Sniffed::Line | Sniffed::StrangeLine) => reader.lines(),
        _ => reader.object(),
    }
}

struct Reader<'r> {
    builder: &'r mut EstateBuilder,
    observer: &'r dyn Observer,
    bytes: &'r [u8],
    name: String,
    cursor: Cursor,
    /// The key of the document that is being read.
    list: Option<&'static str>,
    /// What stopped a read from within the parser.
    problem: Option<Error>,
}

/// A position in the text that only goes forward, so that lines are counted once.
struct Cursor {
    at: usize,
    line: u64,
    /// Where the line starts.
    start: usize,
}

impl Cursor {
    fn advance(&mut self, to: usize, bytes: &[u8]) {
        let passed = bytes.get(self.at..to).unwrap_or_default();
        if let Some(last) = passed.iter().rposition(|byte| *byte == b'\n') {
            self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
            self.start = self.at + last + 1;
        }
        self.at = self.at.max(to);
    }
}

/// How many records are read between two looks at the observer.
const RECORDS_A_CHECK: u64 = 4096;

impl Reader<'_> {
    /// Reads one record a line.
    fn lines(&mut self) -> Result<()> {
        let mut batches = Vec::new();
        let bytes = self.bytes;
        let threads = read_lines(bytes, |chunk| {
            let before = self.builder.records(chunk.records);
            for (record, at, other) in chunk.others {
                let number = before + u64::from(record);
                self.builder.at_record(number);
                match other {
                    Other::Record(record) => self.add(record, number, at),
                    Other::Odd => self.line(at, number)?,
                }
            }
            if !chunk.plain.is_empty() {
                batches.push((chunk.thread, before, chunk.plain));
            }
            self.observer.check(chunk.end as u64, bytes.len() as u64)
        })?;
        self.builder.relate_batches(threads, batches);
        Ok(())
    }

    /// Reads the line that starts there once more, for what is wrong with it.
    fn line(&mut self, at: usize, number: u64) -> Result<()> {
        let rest = &self.bytes[at..];
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or(rest).trim_ascii_end();
        let read = match std::str::from_utf8(line) {
            Ok(text) => match serde_json::from_str(text) {
                Ok(Line(record)) => checked(record).map(Some),
                Err(_) => self.odd_line(text, at)?,
            },
            Err(_) => Err(Fault::new(None, "the line is not UTF-8 text")),
        };
        match read {
            Ok(Some(record)) => self.add(record, number, at),
            Ok(None) => {}
            Err(fault) => self.skip(fault, number, at),
        }
        Ok(())
    }

    /// A line whose type does not come first, a header, or a bad line.
    fn odd_line(&mut self, text: &str, at: usize) -> Result<Result<Option<Record>, Fault>> {
        const TYPES: &str = "it is missing or unknown; give `tenant`, `identity`, `secret`, `resource` or `relation`";
        let Ok(RawFields(fields)) = serde_json::from_str(text) else {
            let error = serde_json::from_str::<&RawValue>(text).err();
            let reason = error.as_ref().map_or("expected a JSON object", json_reason);
            return Ok(Err(Fault { column: error.map_or(0, |error| error.column() as u64), ..Fault::new(None, reason) }));
        };
        let mut words = fields.iter().filter(|(key, _)| key == "record");
        let word = words.next().and_then(|(_, word)| serde_json::from_str::<Text<'_>>(word.get()).ok()).map(|Text(word)| word);
        if words.next().is_some() {
            return Ok(Err(Fault::new(Some("record"), "it stands here twice; keep one")));
        }
        let rest = fields.iter().filter(|(key, _)| key != "record");
        if word.as_deref() == Some(HEADER) {
            for (key, value) in rest {
                self.frame(key, value, at)?;
            }
            return Ok(Ok(None));
        }
        let Some(record_type) = word.and_then(|word| RecordType::of_word(&word)) else {
            return Ok(Err(Fault::new(Some("record"), TYPES)));
        };
        let parts: Vec<_> = rest.map(|(key, value)| format!("{}:{}", serde_json::Value::from(key.as_ref()), value.get())).collect();
        // The columns of the new text are not those of the line.
        Ok(record_type.parse(&format!("{{{}}}", parts.join(","))).map(Some).map_err(|fault| Fault { line: 0, column: 0, ..fault }))
    }

    /// Reads one object.
    fn object(&mut self) -> Result<()> {
        let mut deserializer = serde_json::Deserializer::from_slice(self.bytes);
        let read = Frame(self).deserialize(&mut deserializer).and_then(|()| deserializer.end());
        let Err(error) = read else { return Ok(()) };
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let place = Place::new(&self.name).line(error.line() as u64).column(error.column() as u64);
        Err(match self.list.filter(|_| error.is_data()) {
            Some(list) => Error::new(ErrorCode::InvalidDocument, "expected a list of objects").at(place.field(list)),
            None if error.is_data() => Error::new(ErrorCode::InvalidDocument, "expected an object").at(place),
            None => Error::new(ErrorCode::InvalidInput, json_reason(&error)).at(place),
        })
    }

    /// Checks a value of the frame: what a document states besides its records.
    fn frame(&self, key: &str, value: &RawValue, at: usize) -> Result<()> {
        let text = || serde_json::from_str::<Option<Text<'_>>>(value.get()).ok();
        let (field, message) = match key {
            "format" => match text().flatten() {
                Some(Text(format)) if format == FORMAT => return Ok(()),
                _ => ("format", format!("another format, or a version that this release does not read; it reads `{FORMAT}`")),
            },
            "source" if text().is_some() => return Ok(()),
            "source" => ("source", "expected a text".into()),
            "collected_at" => match text().map(|text| text.is_none_or(|text| Instant::parse(&text.0).is_ok())) {
                Some(true) => return Ok(()),
                _ => ("collected_at", "expected an RFC 3339 instant such as `2026-05-01T00:00:00Z`, or a date".into()),
            },
            _ => return Err(self.unknown_key(at)),
        };
        Err(Error::new(ErrorCode::InvalidDocument, message).at(self.place(at).field(field)))
    }

    fn unknown_key(&self, at: usize) -> Error {
        let lists: Vec<_> = RecordType::ALL.iter().map(|record_type| format!("`{}`", record_type.list())).collect();
        let message = format!("an unknown key; a document has `format`, `collected_at`, `source`, {}", lists.join(", "));
        Error::new(ErrorCode::InvalidDocument, message).at(self.place(at))
    }

    fn record(&mut self, record_type: RecordType, text: &str, at: usize) -> Result<()> {
        let number = self.count(at)?;
        match record_type.parse(text).and_then(checked) {
            Ok(record) => self.add(record, number, at),
            Err(fault) => self.skip(fault, number, at),
        }
        Ok(())
    }

    fn count(&mut self, at: usize) -> Result<u64> {
        let number = self.builder.record();
        if number.is_multiple_of(RECORDS_A_CHECK) {
            self.observer.check(at as u64, self.bytes.len() as u64)?;
        }
        Ok(number)
    }

    fn add(&mut self, record: Record, number: u64, at: usize) {
        match record {
            Record::Entity(entity) if self.builder.described_here(entity.id()) => {
                self.skip(Fault::new(Some("id"), "an earlier record of this document has the same id; keep one of them"), number, at);
            }
            Record::Entity(entity) => self.builder.add(entity),
            Record::Relation(relation) => self.builder.relate(*relation),
        }
    }

    fn skip(&mut self, fault: Fault, number: u64, at: usize) {
        self.cursor.advance(at, self.bytes);
        let mut place = self.place(at).record(number);
        if fault.line > 1 {
            place = Place { column: None, line: Some(self.cursor.line + fault.line - 1), ..place };
        }
        if fault.column > 0 {
            let before = if fault.line > 1 { 0 } else { (at - self.cursor.start) as u64 };
            place = place.column(before + fault.column);
        }
        if let Some(field) = fault.field {
            place = place.field(field);
        }
        self.builder.skip(place, fault.reason);
    }

    /// The place of a position at or after the cursor.
    fn place(&self, at: usize) -> Place {
        let mut cursor = Cursor { ..self.cursor };
        cursor.advance(at, self.bytes);
        Place::new(&self.name).line(cursor.line).column((at - cursor.start) as u64 + 1)
    }

    /// Where a part of the input starts; the cursor for a text that was copied out of it.
    fn offset(&self, part: &str) -> usize {
        let at = (part.as_ptr() as usize).wrapping_sub(self.bytes.as_ptr() as usize);
        if at <= self.bytes.len() { at } else { self.cursor.at }
    }
}

/// Refuses what no type can say of itself: an empty id.
pub(super) fn checked(record: Record) -> Result<Record, Fault> {
    match record.empty_id() {
        Some(field) => Err(Fault::new(Some(field), "it is empty; leave it out, or give the id")),
        None => Ok(record),
    }
}

/// The object around the lists.
struct Frame<'f, 'r>(&'f mut Reader<'r>);

impl<'de> DeserializeSeed<'de> for Frame<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Frame<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.0;
        let mut seen: Vec<String> = Vec::new();
        while let Some(Text(key)) = map.next_key()? {
            let at = reader.offset(&key);
            if seen.iter().any(|seen| **seen == *key) {
                let error = Error::new(ErrorCode::InvalidDocument, "a key that stands twice; join the two");
                reader.problem = Some(error.at(reader.place(at)));
                return Err(A::Error::custom("twice"));
            }
            match RecordType::of_list(&key) {
                Some(record_type) => {
                    reader.list = Some(record_type.list());
                    map.next_value_seed(List(reader, record_type))?;
                    reader.list = None;
                }
                None => {
                    let value: &RawValue = map.next_value()?;
                    if let Err(problem) = reader.frame(&key, value, reader.offset(value.get())) {
                        reader.problem = Some(problem);
                        return Err(A::Error::custom("frame"));
                    }
                }
            }
            seen.push(key.into_owned());
        }
        Ok(())
    }
}

/// A list of records.
struct List<'f, 'r>(&'f mut Reader<'r>, RecordType);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let List(reader, record_type) = self;
        while let Some(record) = list.next_element::<&RawValue>()? {
            if let Err(problem) = reader.record(record_type, record.get(), reader.offset(record.get())) {
                reader.problem = Some(problem);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

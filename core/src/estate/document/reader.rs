//! Reads a document into a builder, record by record: memory stays near the size of the input, and no part of it is looked at more than a few times.

use super::lines::{Chunk, Other, read_lines};
use super::lists::{Cut, Piece};
use super::record::{Fault, Line, RawFields, Record, RecordType, Text};
use super::sniff::{Sniffed, sniff};
use super::{FORMAT, HEADER};
use crate::error::{Error, ErrorCode, Place, Result, json_reason};
use crate::estate::EstateBuilder;
use crate::estate::builder::{Batch, Numbers};
use crate::model::Instant;
use crate::observer::{Observer, Pace};
use crate::parallel;
use serde_json::value::RawValue;

/// Reads a document into a builder, whose current source it is.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] for what is no JSON, [`ErrorCode::InvalidDocument`] for a broken frame, [`ErrorCode::Cancelled`].
pub(crate) fn read_document(builder: &mut EstateBuilder, observer: &dyn Observer, bytes: &[u8]) -> Result<()> {
    read_on(parallel::threads(), builder, observer, bytes)
}

/// [`read_document`] on so many threads.
pub(super) fn read_on(threads: usize, builder: &mut EstateBuilder, observer: &dyn Observer, bytes: &[u8]) -> Result<()> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let name = builder.source_name().to_owned();
    let refused = |message| Err(Error::new(ErrorCode::InvalidInput, message).at(Place::new(&name)));
    match bytes.trim_ascii_start().first() {
        None => return refused("the input is empty; write it again"),
        Some(b'{') => {}
        Some(_) => return refused("not an estate document: it does not start with `{`; name its format, or write it again as UTF-8"),
    }
    let mut reader = Reader { builder, observer, bytes, name, cursor: Cursor::START, list: None, problem: None };
    match sniff(bytes) {
        Some(Sniffed::Line | Sniffed::StrangeLine) => reader.lines(threads),
        _ => reader.object(threads),
    }
}

/// Why a second record of an id is left out.
pub(super) const DUPLICATE: &str = "an earlier record of this document has the same id; keep one of them";

/// [`read_document`] of one object, without cutting it first.
#[cfg(test)]
pub(super) fn read_in_order(builder: &mut EstateBuilder, observer: &dyn Observer, bytes: &[u8]) -> Result<()> {
    let name = builder.source_name().to_owned();
    Reader { builder, observer, bytes, name, cursor: Cursor::START, list: None, problem: None }.object_in_order()
}

pub(super) struct Reader<'r> {
    pub builder: &'r mut EstateBuilder,
    pub observer: &'r dyn Observer,
    pub bytes: &'r [u8],
    pub name: String,
    cursor: Cursor,
    /// The key of the document that is being read.
    pub list: Option<&'static str>,
    /// What stopped a read from within the parser.
    pub problem: Option<Error>,
}

/// A chunk whose records were counted.
struct Gathered {
    thread: usize,
    /// The number of the record before it.
    before: u64,
    plain: Batch,
    others: Vec<(u32, usize, Record)>,
}

/// A position in the text that only goes forward, so that lines are counted once.
struct Cursor {
    at: usize,
    line: u64,
    /// Where the line starts.
    start: usize,
}

impl Cursor {
    const START: Cursor = Cursor { at: 0, line: 1, start: 0 };

    fn advance(&mut self, to: usize, bytes: &[u8]) {
        let passed = bytes.get(self.at..to).unwrap_or_default();
        if let Some(last) = passed.iter().rposition(|byte| *byte == b'\n') {
            self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
            self.start = self.at + last + 1;
        }
        self.at = self.at.max(to);
    }
}

impl Reader<'_> {
    /// Reads one record a line.
    fn lines(&mut self, threads: usize) -> Result<()> {
        let mut gathered = Vec::new();
        let bytes = self.bytes;
        let numbers = read_lines(threads, bytes, |chunk| {
            let end = chunk.end as u64;
            gathered.push(self.gathered(chunk)?);
            self.observer.check(end, bytes.len() as u64)
        })?;
        self.add_all(numbers, gathered)
    }

    /// Counts the records of a chunk, and looks once more at those that may be bad.
    fn gathered(&mut self, chunk: Chunk) -> Result<Gathered> {
        let before = self.builder.records(chunk.records);
        let mut others = Vec::with_capacity(chunk.others.len());
        for (record, at, other) in chunk.others {
            let number = before + u64::from(record);
            let other = match other {
                Other::Record(record) => Some(record),
                Other::Odd(None) => self.line(at, number)?,
                Other::Odd(Some(record_type)) => self.bad_record(record_type, at, number),
            };
            others.extend(other.map(|other| (record, at, other)));
        }
        Ok(Gathered { thread: chunk.thread, before, plain: chunk.plain, others })
    }

    /// Adds what threads read, in the order of the input.
    fn add_all(&mut self, numbers: Vec<Numbers>, gathered: Vec<Gathered>) -> Result<()> {
        let length = self.bytes.len() as u64;
        let mut pace = Pace::at(self.observer, length, length);
        let numbers = self.builder.adopt(numbers, &mut pace)?;
        // What stands twice is only found now: lines are counted from the start again.
        self.cursor = Cursor::START;
        for Gathered { thread, before, mut plain, others } in gathered {
            let (numbers, mut others) = (&numbers[thread], others.into_iter().peekable());
            for met in std::mem::take(&mut plain.entities) {
                while let Some((record, at, other)) = others.next_if(|(record, ..)| *record < met.record) {
                    self.add(other, before + u64::from(record), at);
                }
                let (number, at) = (before + u64::from(met.record), met.at);
                self.builder.at_record(number);
                if !self.builder.add_plain(met, numbers) {
                    self.skip_twice(number, at);
                }
                pace.step()?;
            }
            for (record, at, other) in others {
                self.add(other, before + u64::from(record), at);
                pace.step()?;
            }
            pace.steps(plain.len())?;
            self.builder.relate_batch(plain, before, numbers);
        }
        Ok(())
    }

    /// Reads the line that starts there once more, for what is wrong with it.
    fn line(&mut self, at: usize, number: u64) -> Result<Option<Record>> {
        let rest = &self.bytes[at..];
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or(rest).trim_ascii_end();
        let read = match std::str::from_utf8(line) {
            Ok(text) => match serde_json::from_str(text) {
                Ok(Line(record)) => checked(record).map(Some),
                Err(_) => self.odd_line(text, at)?,
            },
            Err(_) => Err(Fault::new(None, "the line is not UTF-8 text")),
        };
        Ok(read.unwrap_or_else(|fault| {
            self.skip(fault, number, at);
            None
        }))
    }

    /// Reads the bad record of a list that starts there once more, for what is wrong with it.
    fn bad_record(&mut self, record_type: RecordType, at: usize, number: u64) -> Option<Record> {
        let mut values = serde_json::Deserializer::from_slice(&self.bytes[at..]).into_iter::<&RawValue>();
        let text = values.next().and_then(Result::ok).map_or("", RawValue::get);
        let read = record_type.parse(text).and_then(checked);
        read.map_err(|fault| self.skip(fault, number, at)).ok()
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
    fn object(&mut self, threads: usize) -> Result<()> {
        match self.lists(threads)? {
            Some((numbers, chunks)) => {
                let gathered = chunks.into_iter().map(|chunk| self.gathered(chunk)).collect::<Result<_>>()?;
                self.add_all(numbers, gathered)
            }
            None => self.object_in_order(),
        }
    }

    /// Reads the lists of one object apart; nothing where the frame or a record is not as it should be, so that reading in order tells what comes first.
    fn lists(&mut self, threads: usize) -> Result<Option<(Vec<Numbers>, Vec<Chunk>)>> {
        let bytes = self.bytes;
        let (mut cut, mut chunks) = (Cut::new(bytes), Vec::new());
        let work = |numbers: &mut Numbers, thread, piece: Piece| piece.read(bytes, thread, numbers);
        let read = parallel::in_order(threads, &mut cut, work, |chunk| {
            if chunk.broken {
                return Err(None);
            }
            let end = chunk.end as u64;
            chunks.push(chunk);
            self.observer.check(end, bytes.len() as u64).map_err(Some)
        });
        let numbers = match read {
            Ok(numbers) => numbers,
            Err(None) => return Ok(None),
            Err(Some(stopped)) => return Err(stopped),
        };
        let stands =
            |(key, value, at): &(&str, &str, usize)| serde_json::from_str(value).is_ok_and(|value| self.frame(key, value, *at).is_ok());
        Ok((cut.is_whole && cut.frame.iter().all(stands)).then_some((numbers, chunks)))
    }

    /// Checks a value of the frame: what a document states besides its records.
    pub fn frame(&self, key: &str, value: &RawValue, at: usize) -> Result<()> {
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

    pub fn add(&mut self, record: Record, number: u64, at: usize) {
        self.builder.at_record(number);
        match record {
            Record::Entity(entity) if self.builder.described_here(entity.id()) => self.skip_twice(number, at),
            Record::Entity(entity) => self.builder.add(entity),
            Record::Relation(relation) => self.builder.relate(*relation),
        }
    }

    fn skip_twice(&mut self, number: u64, at: usize) {
        self.skip(Fault::new(Some("id"), DUPLICATE), number, at);
    }

    pub fn skip(&mut self, fault: Fault, number: u64, at: usize) {
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
    pub fn place(&self, at: usize) -> Place {
        let mut cursor = Cursor { ..self.cursor };
        cursor.advance(at, self.bytes);
        Place::new(&self.name).line(cursor.line).column((at - cursor.start) as u64 + 1)
    }

    /// Where a part of the input starts; the cursor for a text that was copied out of it.
    pub fn offset(&self, part: &str) -> usize {
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

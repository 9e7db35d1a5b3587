//! Cuts a document that is one object into the records of its lists, without a tree of it, and reads them on several threads where there are.

use super::lines::{CHUNK, Chunk, ChunkReading, Other};
use super::plain::plain_record;
use super::reader::checked;
use super::record::RecordType;
use crate::estate::builder::Numbers;
use serde_json::value::RawValue;
use std::ops::Range;

/// Cuts a document as it is asked for pieces. It looks at brackets and texts only: whether a record is JSON is for who reads it.
pub(super) struct Cut<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The list that is being cut.
    list: Option<RecordType>,
    begun: bool,
    /// Whether the document came to its end without anything that must be looked at more closely.
    pub is_whole: bool,
    /// The keys and values besides the lists, and where the values start.
    pub frame: Vec<(&'a str, &'a str, usize)>,
    keys: Vec<&'a str>,
}

/// Some records of a list.
pub(super) struct Piece {
    record_type: RecordType,
    records: Vec<Range<usize>>,
}

impl<'a> Cut<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Cut { bytes, at: 0, list: None, begun: false, is_whole: false, frame: Vec::new(), keys: Vec::new() }
    }

    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    /// Goes past a byte and the space before it.
    fn byte(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// The next piece; nothing at the end, and where something must be looked at more closely.
    fn piece(&mut self) -> Option<Piece> {
        if !self.begun {
            self.byte(b'{')?;
            self.begun = true;
            self.value_or_end(true)?;
        }
        while !self.is_whole {
            let record_type = self.list?;
            let piece = self.of_list(record_type)?;
            if self.list.is_none() {
                self.value_or_end(false)?;
            }
            if !piece.records.is_empty() {
                return Some(piece);
            }
        }
        None
    }

    /// Goes on to the first record of the next list, past the values between, or to the end.
    fn value_or_end(&mut self, mut first: bool) -> Option<()> {
        loop {
            match self.peek()? {
                b'}' => {
                    self.at += 1;
                    self.is_whole = self.peek().is_none();
                    return Some(());
                }
                b',' if !first => self.at += 1,
                _ if first => {}
                _ => return None,
            }
            first = false;
            let key = self.key()?;
            if RecordType::of_list(key).is_some() {
                self.list = RecordType::of_list(key);
                return self.byte(b'[');
            }
            let start = self.value()?;
            self.frame.push((key, std::str::from_utf8(&self.bytes[start..self.at]).ok()?, start));
        }
    }

    /// A key without an escape that did not stand before.
    fn key(&mut self) -> Option<&'a str> {
        self.byte(b'"')?;
        let start = self.at;
        self.at = end_of_text(self.bytes, start)?;
        let key = std::str::from_utf8(&self.bytes[start..self.at - 1]).ok()?;
        self.byte(b':')?;
        if key.contains('\\') || self.keys.contains(&key) {
            return None;
        }
        self.keys.push(key);
        Some(key)
    }

    /// Goes past a value and gives where it starts.
    fn value(&mut self) -> Option<usize> {
        let first = self.peek()?;
        let start = self.at;
        self.at = match first {
            b'{' | b'[' => end_of_nested(self.bytes, start)?,
            b'"' => end_of_text(self.bytes, start + 1)?,
            _ => start + self.bytes[start..].iter().position(|byte| b",}] \t\r\n".contains(byte))?,
        };
        Some(start)
    }

    /// Records of the list that is being cut, up to about a chunk.
    fn of_list(&mut self, record_type: RecordType) -> Option<Piece> {
        let mut piece = Piece { record_type, records: Vec::new() };
        let start = self.at;
        loop {
            match self.peek()? {
                b'{' => {
                    let start = self.at;
                    self.at = end_of_nested(self.bytes, start)?;
                    piece.records.push(start..self.at);
                }
                // Only a list without a record ends where one could begin.
                b']' if self.bytes[..self.at].trim_ascii_end().ends_with(b"[") => {}
                _ => return None,
            }
            match self.peek()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    self.list = None;
                    return Some(piece);
                }
                _ => return None,
            }
            if self.at - start > CHUNK {
                return Some(piece);
            }
        }
    }
}

impl Iterator for Cut<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.piece()
    }
}

impl Piece {
    /// Reads the records of a piece.
    pub fn read(self, bytes: &[u8], thread: usize, numbers: &mut Numbers) -> Chunk {
        let mut reading = ChunkReading::new(self.records.last().map_or(0, |range| range.end), thread);
        for range in self.records {
            let at = range.start;
            let Ok(text) = std::str::from_utf8(&bytes[range]) else {
                reading.chunk.broken = true;
                break;
            };
            if let Some(line) = plain_record(text, self.record_type) {
                reading.plain(at, line, numbers);
                continue;
            }
            match self.record_type.parse(text).and_then(checked) {
                Ok(record) => reading.other(at, Other::Record(record)),
                Err(_) if serde_json::from_str::<&RawValue>(text).is_ok() => reading.other(at, Other::Odd(Some(self.record_type))),
                Err(_) => {
                    reading.chunk.broken = true;
                    break;
                }
            }
        }
        reading.finish(numbers)
    }
}

/// Where a text ends whose first byte stands there, its quote included.
fn end_of_text(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        match bytes[at] {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

/// Where an object or an array ends that starts there.
fn end_of_nested(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match *bytes.get(at)? {
            b'"' => {
                at = end_of_text(bytes, at + 1)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::{Estate, EstateBuilder, Skipped};
    use crate::{Error, Input, ReadOptions, read};

    fn read_text(text: impl Into<Vec<u8>>) -> Result<Estate, Error> {
        read(&[Input::new("e.json", text).format("tenantgraph")], &ReadOptions::default())
    }

    /// What lines and lists say on so many threads: the document, the account, and the order in which it was told of.
    fn account(text: &str, threads: usize) -> (String, Vec<Skipped>) {
        let mut builder = EstateBuilder::new();
        builder.source("text", "tenantgraph");
        crate::estate::document::reader::read_on(threads, &mut builder, &crate::Unobserved, text.as_bytes()).expect("a document");
        let estate = builder.build();
        (estate.to_document_ndjson(), estate.reading().skipped.clone())
    }

    #[test]
    fn the_number_of_threads_does_not_show() {
        let mut lines = String::from("{\"record\":\"estate\",\"format\":\"tenantgraph/1\"}\r\n\n");
        let mut lists = [String::new(), String::new()];
        for at in 0..20_000_u32 {
            let (from, to) = (at.wrapping_mul(2_654_435_761) % 5_000, at % 4_999);
            match at % 100 {
                0 => lines.push_str("noise\n"),
                1..4 => {
                    // One in a few stands twice, and one is not plain.
                    let rest = if at % 100 == 3 { ",\"labels\":{\"a\":\"b\"}" } else { ",\"name\":\"n\",\"tenant\":\"t\"" };
                    lines.push_str(&format!("  {{\"record\":\"identity\",\"id\":\"{}\"{rest}}}\n", from % 400));
                    lists[0].push_str(&format!("{{\"id\":\"{}\"{rest}}},\n", from % 400));
                }
                _ => {
                    let fields = format!("\"from\":\"{from}\",\"kind\":\"reads\",\"to\":\"{to}\",\"permission\":\"p{}\"", at % 7);
                    lines.push_str(&format!("{{\"record\":\"relation\",{fields}}}\n"));
                    lists[1].push_str(&format!("{{{fields}}},\n"));
                }
            }
        }
        let [identities, relations] = lists.map(|list| list.trim_end_matches(",\n").to_owned());
        let object = format!("{{\"identities\":[{identities}],\"source\":\"x\",\"relations\":[{relations},{{\"from\":7}}]}}");
        assert!(object.len() > 4 * CHUNK);
        for text in [lines, object] {
            let one = account(&text, 1);
            assert!(one.1.iter().any(|skipped| skipped.reason.contains("same id")), "{:?}", &one.1[..3]);
            for threads in [2, 3, 8] {
                assert!(account(&text, threads) == one, "{threads} threads");
            }
        }
    }

    #[test]
    fn lists_that_are_cut_say_what_reading_in_order_says() {
        let whole = r#"{"format":"tenantgraph/1","tenants":[{"id":"a \" ]"},{"id":"b","labels":{"x":"}"}}],"identities":[],"source":[1]}"#;
        for text in [
            whole.replace("[1]", "\"s\""),
            "{}".into(),
            "{\"tenants\":[{\"id\":\"a\"},7]}".into(),
            "{\"tenants\":[ ] , \"secrets\":[{\"id\":\"s\"}\n]\n}\n".into(),
        ] {
            let mut builder = EstateBuilder::new();
            builder.source("text", "tenantgraph");
            let in_order = crate::estate::document::reader::read_in_order(&mut builder, &crate::Unobserved, text.as_bytes())
                .map(|()| builder.build().to_document_json());
            assert_eq!(in_order, read_text(text).map(|estate| estate.to_document_json()));
        }
        for text in [whole, "{\"tenants\":[{\"id\":\"a\"},]}", "{\"tenants\":[,]}", "{\"tenants\":[{\"id\":\"a\"}]}}", "{\"tenants\":[]"] {
            let mut builder = EstateBuilder::new();
            builder.source("e.json", "tenantgraph");
            let in_order =
                crate::estate::document::reader::read_in_order(&mut builder, &crate::Unobserved, text.as_bytes()).expect_err("refused");
            assert_eq!(read_text(text).map(|_| ()), Err(in_order));
        }
    }
}

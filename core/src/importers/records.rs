//! [`Records`]: cuts JSON text into records with their places, whether it is one object, an array, one object a line or objects one after another.

use crate::error::{Error, ErrorCode, Place, Result, json_reason};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The records of a JSON input, in order. Tolerates a byte order mark, blank lines, arrays, objects over several lines and any mix of these.
///
/// A record that is no JSON is given as such, and reading goes on at the next line (within an array it ends there, for nothing tells where the next
/// element starts). Nesting of any depth is cut without recursion.
#[derive(Debug)]
pub(crate) struct Records<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u64,
    counted: usize,
    number: u64,
    within_array: bool,
    /// The bytes that were looked at in vain; past a few times the input, a record may no longer stand over several lines.
    in_vain: usize,
}

/// How many times the input may be looked at in vain.
const PATIENCE: usize = 4;

/// A record and where it stands.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    source: &'a str,
    line: u64,
    number: u64,
    text: Result<&'a RawValue, &'static str>,
}

const NOT_AN_OBJECT: &str = "expected a JSON object";
const BROKEN_ARRAY: &str = "not valid JSON; nothing after it in its array was read";
const CUT_ARRAY: &str = "the text ends in the middle of an array; what came before was read";

impl<'a> Records<'a> {
    /// The records of an input.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for an input that is empty or that cannot be JSON from its first character on.
    pub fn new(source: &'a str, bytes: &'a [u8]) -> Result<Self> {
        let invalid = |message| Err(Error::new(ErrorCode::InvalidInput, message).at(Place::new(source)));
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return invalid("the text is UTF-16; write it again as UTF-8");
        }
        let start = if bytes.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
        match bytes[start..].iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => invalid("the input is empty; export it again"),
            Some(b'{' | b'[') => Ok(Records { source, bytes, at: start, line: 1, counted: 0, number: 0, within_array: false, in_vain: 0 }),
            Some(_) => invalid("not JSON: it starts with neither `{` nor `[`; name its format, or export it again as JSON"),
        }
    }

    /// How many bytes of the input are behind.
    pub fn taken(&self) -> u64 {
        self.at as u64
    }

    fn skip(&mut self, also: &[u8]) {
        while self.bytes.get(self.at).is_some_and(|byte| byte.is_ascii_whitespace() || also.contains(byte)) {
            self.at += 1;
        }
    }

    /// The line of the current position. Counts each line end once.
    fn line(&mut self) -> u64 {
        self.line += self.bytes[self.counted..self.at].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = self.at;
        self.line
    }

    fn give(&mut self, text: Result<&'a RawValue, &'static str>) -> Option<Record<'a>> {
        self.number += 1;
        Some(Record { source: self.source, line: self.line(), number: self.number, text })
    }

    /// Goes to the next line that may start a record: lines that do not are one bad record together.
    fn recover(&mut self) {
        loop {
            match self.bytes[self.at..].iter().position(|byte| *byte == b'\n') {
                Some(end) => self.at += end + 1,
                None => self.at = self.bytes.len(),
            }
            if matches!(self.bytes.get(self.at), None | Some(b'{' | b'[')) {
                return;
            }
        }
    }

    fn value(&mut self) -> Option<Record<'a>> {
        let rest = &self.bytes[self.at..];
        // Without an end to patience, nesting that is never closed would be looked at once a line, to the end of the text each time.
        let patient = self.within_array || self.in_vain <= self.bytes.len().saturating_mul(PATIENCE);
        let line_end = if patient { None } else { rest.iter().position(|byte| *byte == b'\n') };
        let text = &rest[..line_end.unwrap_or(rest.len())];
        let mut values = serde_json::Deserializer::from_slice(text).into_iter::<&'a RawValue>();
        match values.next()? {
            Ok(value) => {
                let end = self.at + values.byte_offset();
                let record = self.give(Ok(value));
                self.at = end;
                record
            }
            Err(error) if self.within_array => {
                let record = self.give(Err(if error.is_eof() { CUT_ARRAY } else { BROKEN_ARRAY }));
                self.at = self.bytes.len();
                record
            }
            Err(error) => {
                let lines = text.split_inclusive(|byte| *byte == b'\n');
                self.in_vain = self.in_vain.saturating_add(lines.take(error.line().max(1)).map(<[u8]>::len).sum());
                let record = self.give(Err(json_reason(&error)));
                self.recover();
                record
            }
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        loop {
            self.skip(if self.within_array { b"," } else { b"" });
            match self.bytes.get(self.at) {
                None if self.within_array => {
                    self.within_array = false;
                    return self.give(Err(CUT_ARRAY));
                }
                None => return None,
                Some(b']') if self.within_array => {
                    self.within_array = false;
                    self.at += 1;
                }
                Some(b'[') if !self.within_array => {
                    self.within_array = true;
                    self.at += 1;
                }
                Some(_) => {
                    let record = self.value();
                    if self.at == self.bytes.len() && record.as_ref().is_some_and(|record| record.text.is_err()) {
                        self.within_array = false;
                    }
                    return record;
                }
            }
        }
    }
}

impl<'a> Record<'a> {
    /// Where the record stands.
    pub fn place(&self) -> Place {
        Place::new(self.source).line(self.line).record(self.number)
    }

    /// The text of the record, where it is a JSON object; else the reason that it is none.
    pub fn object(&self) -> Result<&'a str, &'static str> {
        match self.text {
            Ok(value) if value.get().starts_with('{') => Ok(value.get()),
            Ok(_) => Err(NOT_AN_OBJECT),
            Err(reason) => Err(reason),
        }
    }

    /// The record as a type.
    ///
    /// # Errors
    /// The place and a reason without text of the input.
    pub fn parse<T: Deserialize<'a>>(&self) -> Result<T, (Place, &'static str)> {
        let text = self.object().map_err(|reason| (self.place(), reason))?;
        serde_json::from_str(text).map_err(|error| (self.place_of(&error), json_reason(&error)))
    }

    /// Where an error of the record's own text stands in the input.
    fn place_of(&self, error: &serde_json::Error) -> Place {
        match error.line() as u64 {
            0 => self.place(),
            within => Place { line: Some(self.line + within - 1), ..self.place() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, record and the text or reason of each record.
    fn cut(text: &str) -> Vec<(u64, u64, String)> {
        let records = Records::new("x", text.as_bytes()).expect("text that starts like JSON");
        records.map(|record| (record.line, record.number, record.object().unwrap_or_else(|reason| reason).to_owned())).collect()
    }

    fn texts(text: &str) -> Vec<String> {
        cut(text).into_iter().map(|(_, _, text)| text).collect()
    }

    #[test]
    fn nesting_that_is_never_closed_does_not_take_a_look_at_everything_a_line() {
        let mut text = "{\"a\":[\n".repeat(20_000);
        text.push_str("{\"b\":1}\n");
        let cut = cut(&text);
        assert_eq!(cut.last().map(|(line, _, text)| (*line, text.as_str())), Some((20_001, "{\"b\":1}")));
        assert_eq!(cut.len(), 20_001);
    }

    #[test]
    fn every_arrangement_gives_the_same_records() {
        let wanted = [r#"{"a":1}"#, r#"{"b":[2]}"#];
        for text in [
            "{\"a\":1}\n{\"b\":[2]}\n",
            "{\"a\":1}\r\n\r\n{\"b\":[2]}",
            "\u{feff} [{\"a\":1},{\"b\":[2]}]\n",
            "[\n {\"a\":1}\n ,\n {\"b\":[2]}\n]",
            "[{\"a\":1}]\n[{\"b\":[2]}]",
            "{\"a\":1}{\"b\":[2]}",
        ] {
            assert_eq!(texts(text), wanted, "{text}");
        }
        assert!(texts("[]").is_empty());
    }

    #[test]
    fn a_cut_line_loses_only_itself() {
        let text = "{\"a\":1}\n{\"b\":{\"c\":\n{\"d\":4}\nnoise\nmore noise\n{\n \"e\": 5\n}\n";
        let cut = cut(text);
        let places: Vec<_> = cut.iter().map(|(line, number, _)| (*line, *number)).collect();
        assert_eq!(places, [(1, 1), (2, 2), (3, 3), (4, 4), (6, 5)]);
        assert_eq!(cut[2].2, "{\"d\":4}");
        assert_eq!(cut[3].2, "not valid JSON");
    }

    #[test]
    fn a_cut_array_keeps_what_was_read() {
        assert_eq!(texts("[{\"a\":1},"), [r#"{"a":1}"#, CUT_ARRAY]);
        assert_eq!(texts("[{\"a\":1},{\"b\""), [r#"{"a":1}"#, CUT_ARRAY]);
        assert_eq!(texts("[{\"a\":1} {]} x"), [r#"{"a":1}"#, BROKEN_ARRAY]);
        assert_eq!(texts("[{\"a\":1}, 7, {}]"), [r#"{"a":1}"#, NOT_AN_OBJECT, "{}"]);
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = format!("{{\"a\":{}{}}}\n{{}}", "[".repeat(100_000), "]".repeat(100_000));
        let records: Vec<_> = Records::new("x", deep.as_bytes()).expect("starts like JSON").collect();
        assert_eq!(records.len(), 2);
        let (place, reason) = records[0].parse::<serde_json::Value>().expect_err("too deep for a value");
        assert_eq!((place.to_string(), reason), ("x:1 (record 1)".to_owned(), "not valid JSON"));
    }

    #[test]
    fn what_cannot_be_json_is_refused() {
        for bytes in [&b""[..], b" \n", b"\x7fELF\x00", b"\xff\xfe{\x00", b"id,name\n"] {
            assert_eq!(Records::new("x", bytes).expect_err("no JSON").code(), ErrorCode::InvalidInput);
        }
    }
}

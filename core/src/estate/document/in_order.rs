//! Reads a document that is one object from its start to its end: the first thing that is wrong with its frame is what it says.

use super::reader::{Reader, checked};
use super::record::{RecordType, Text};
use crate::error::{Error, ErrorCode, Place, Result, json_reason};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// How many records are read between two looks at the observer.
const RECORDS_A_CHECK: u64 = 4096;

impl Reader<'_> {
    /// Reads one object from its start to its end, and stops at the first thing that is wrong with its frame.
    pub fn object_in_order(&mut self) -> Result<()> {
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

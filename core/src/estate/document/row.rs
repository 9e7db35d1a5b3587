//! A record out of the cells of a row: read as strictly as a line of the document.

use super::reader::{DUPLICATE, checked};
use super::record::{Fault, Record, RecordType};
use crate::error::Place;
use crate::estate::EstateBuilder;
use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// What a row says: a value a field; what it says nothing of is left out.
pub(crate) struct Row<'c> {
    pub record_type: RecordType,
    pub cells: Vec<(&'c str, Cell<'c>)>,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'c> {
    Text(Cow<'c, str>),
    Value(Value),
}

impl Cell<'_> {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Cell::Value(Value::Null)) || self.text().is_some_and(|text| text.trim().is_empty())
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => Some(text),
            Cell::Value(value) => value.as_str(),
        }
    }
}

impl Row<'_> {
    /// Adds what the row says, as this record of the builder's source. A bad row is skipped with its place and reason.
    pub fn add_to(self, builder: &mut EstateBuilder, number: u64) {
        let fault = match self.record() {
            Ok(Record::Entity(entity)) if builder.described_here(entity.id()) => Fault::new(Some("id"), DUPLICATE),
            Ok(Record::Entity(entity)) => return builder.add(entity),
            Ok(Record::Relation(relation)) => return builder.relate(*relation),
            Err(fault) => fault,
        };
        skip(builder, number, fault.field.as_deref(), fault.reason);
    }

    fn record(self) -> Result<Record, Fault> {
        let record_type = self.record_type;
        let cells = self.cells.iter().map(|(name, cell)| (*name, cell));
        match record_type.read(MapDeserializer::new(cells)) {
            Ok(record) => checked(record),
            Err::<_, serde_json::Error>(_) => {
                // What is wrong is told by the same words as of a line.
                let fields: Map<String, Value> = self.cells.into_iter().map(|(name, cell)| (name.to_owned(), cell.into())).collect();
                let text = Value::Object(fields).to_string();
                record_type.parse(&text).and_then(checked).map_err(|fault| Fault { line: 0, column: 0, ..fault })
            }
        }
    }
}

/// Skips a row of the builder's source.
pub(crate) fn skip(builder: &mut EstateBuilder, number: u64, field: Option<&str>, reason: impl Into<String>) {
    let place = Place::new(builder.source_name()).record(number);
    builder.skip(field.into_iter().fold(place, |place, field| place.field(field)), reason);
}

impl From<Value> for Cell<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Cell::Text(Cow::Owned(text)),
            value => Cell::Value(value),
        }
    }
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Value {
        match cell {
            Cell::Text(text) => Value::String(text.into_owned()),
            Cell::Value(value) => value,
        }
    }
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for &'de Cell<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A cell as serde reads it. The texts of serde itself do not stand for an optional field.
impl<'de> Deserializer<'de> for &'de Cell<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Cell::Text(text) => visitor.visit_borrowed_str(text),
            Cell::Value(value) => value.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Cell::Value(Value::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// What a text that holds JSON says; the text itself where it is none.
pub(crate) fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

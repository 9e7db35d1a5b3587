//! One record of the document: read strictly, and where it is bad, what is wrong with it.

use super::fields::{self, Field, Form, Need};
use crate::model::{Entity, Identity, Instant, Relation, Resource, Secret, Tenant};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The five lists of a document, by the word of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordType {
    Tenant,
    Identity,
    Secret,
    Resource,
    Relation,
}

/// A record that was read.
pub(super) enum Record {
    Entity(Entity),
    Relation(Box<Relation>),
}

/// What is wrong with a record: the field where one that the reader knows is at fault, the reason without text of the record, and the place within it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub field: Option<String>,
    pub reason: String,
    pub line: u64,
    pub column: u64,
}

impl RecordType {
    pub const ALL: [RecordType; 5] =
        [RecordType::Tenant, RecordType::Identity, RecordType::Secret, RecordType::Resource, RecordType::Relation];

    /// The word of the type in a line.
    pub const fn word(self) -> &'static str {
        match self {
            RecordType::Tenant => "tenant",
            RecordType::Identity => "identity",
            RecordType::Secret => "secret",
            RecordType::Resource => "resource",
            RecordType::Relation => "relation",
        }
    }

    /// The type of a word.
    pub fn of_word(word: &str) -> Option<RecordType> {
        RecordType::ALL.into_iter().find(|record_type| record_type.word() == word)
    }

    /// The key of the list in a document.
    pub const fn list(self) -> &'static str {
        match self {
            RecordType::Tenant => "tenants",
            RecordType::Identity => "identities",
            RecordType::Secret => "secrets",
            RecordType::Resource => "resources",
            RecordType::Relation => "relations",
        }
    }

    /// The type of a list.
    pub fn of_list(key: &str) -> Option<RecordType> {
        RecordType::ALL.into_iter().find(|record_type| record_type.list() == key)
    }

    /// The fields that every record of the type must have.
    pub fn required(self) -> impl Iterator<Item = &'static str> {
        self.fields().iter().filter(|field| field.need == Need::Required).map(|field| field.name)
    }

    pub const fn fields(self) -> &'static [Field] {
        match self {
            RecordType::Tenant => fields::TENANT,
            RecordType::Identity => fields::IDENTITY,
            RecordType::Secret => fields::SECRET,
            RecordType::Resource => fields::RESOURCE,
            RecordType::Relation => fields::RELATION,
        }
    }

    /// Reads a record of this type.
    pub(super) fn parse(self, text: &str) -> Result<Record, Fault> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = self.read(&mut deserializer).and_then(|record| deserializer.end().map(|()| record));
        read.map_err(|error| self.fault(text, &error))
    }

    pub(super) fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Record, D::Error> {
        Ok(match self {
            RecordType::Tenant => Record::Entity(Tenant::deserialize(deserializer)?.into()),
            RecordType::Identity => Record::Entity(Identity::deserialize(deserializer)?.into()),
            RecordType::Secret => Record::Entity(Secret::deserialize(deserializer)?.into()),
            RecordType::Resource => Record::Entity(Resource::deserialize(deserializer)?.into()),
            RecordType::Relation => Record::Relation(Box::new(Relation::deserialize(deserializer)?)),
        })
    }

    /// What is wrong with the text of a record that could not be read.
    fn fault(self, text: &str, error: &serde_json::Error) -> Fault {
        let (line, column) = (error.line() as u64, error.column() as u64);
        let (field, reason) = match serde_json::from_str::<&RawValue>(text) {
            Err(error) => (None, crate::error::json_reason(&error).into()),
            Ok(raw) => fault_of_fields(self.fields(), raw, "")
                .unwrap_or_else(|| (None, "a value that this record cannot hold; compare it with the schema".into())),
        };
        Fault { field, reason, line, column }
    }
}

impl Record {
    /// The field that holds an empty id, if one does.
    pub fn empty_id(&self) -> Option<&'static str> {
        match self {
            Record::Entity(entity) if entity.id().is_empty() => Some("id"),
            Record::Entity(entity) => {
                (entity.container() == Some("")).then(|| if entity.as_tenant().is_some() { "parent" } else { "tenant" })
            }
            Record::Relation(relation) if relation.from.is_empty() => Some("from"),
            Record::Relation(relation) if relation.to.is_empty() => Some("to"),
            Record::Relation(relation) => relation.also.iter().any(|premise| premise.entity.is_empty()).then_some("also.entity"),
        }
    }
}

impl Fault {
    /// A fault of a field, or of the whole record.
    pub fn new(field: Option<&str>, reason: impl Into<String>) -> Fault {
        Fault { field: field.map(str::to_owned), reason: reason.into(), line: 0, column: 0 }
    }
}

/// A line of NDJSON: a record that says its type under `record`, as its first field.
pub(super) struct Line(pub Record);

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfLine;
        impl<'de> Visitor<'de> for OfLine {
            type Value = Line;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
                let other = || serde::de::Error::custom("no record type in the first field");
                let (Text(key), Text(word)) = map.next_entry()?.ok_or_else(other)?;
                let record_type = RecordType::of_word(&word).filter(|_| key == "record").ok_or_else(other)?;
                record_type.read(MapAccessDeserializer::new(map)).map(Line)
            }
        }
        deserializer.deserialize_map(OfLine)
    }
}

/// The fields of an object, each with its text, in their order.
pub(super) struct RawFields<'a>(pub Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for RawFields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;
        impl<'de> Visitor<'de> for OfObject {
            type Value = RawFields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawFields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(Text(key)) = map.next_key()? {
                    fields.push((key, map.next_value()?));
                }
                Ok(RawFields(fields))
            }
        }
        deserializer.deserialize_map(OfObject)
    }
}

/// A text, borrowed from the input where it holds no escape.
pub(super) struct Text<'a>(pub Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfText;
        impl<'de> Visitor<'de> for OfText {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(OfText)
    }
}

type FieldFault = (Option<String>, String);

/// The first thing that is wrong with an object of these fields.
fn fault_of_fields(fields: &[Field], object: &RawValue, within: &str) -> Option<FieldFault> {
    let path = |name: &str| if within.is_empty() { name.to_owned() } else { format!("{within}.{name}") };
    let here = || Some(within.to_owned()).filter(|within| !within.is_empty());
    let Ok(RawFields(given)) = serde_json::from_str(object.get()) else {
        return Some((here(), format!("expected an object of the fields {}", fields::names(fields))));
    };
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &given {
        // The unknown name is the input's own text and stays out of the reason.
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            return Some((here(), format!("a field that does not belong here; the fields are {}", fields::names(fields))));
        };
        if seen.contains(&field.name) {
            return Some((Some(path(field.name)), "it stands here twice; keep one".into()));
        }
        seen.push(field.name);
        if field.need == Need::Optional && value.get() == "null" {
            continue;
        }
        if let Some(fault) = fault_of_value(field, value, &path(field.name)) {
            return Some(fault);
        }
    }
    let missing = fields.iter().find(|field| field.need == Need::Required && !seen.contains(&field.name))?;
    Some((Some(path(missing.name)), "it is missing".into()))
}

fn fault_of_value(field: &Field, value: &RawValue, path: &str) -> Option<FieldFault> {
    let text = value.get();
    let word = |words: &[&str], text: &Text<'_>| words.contains(&text.0.as_ref());
    let fits = match &field.form {
        Form::Text => parses::<Text<'_>>(text),
        Form::Instant => serde_json::from_str::<Text<'_>>(text).is_ok_and(|text| Instant::parse(&text.0).is_ok()),
        Form::Flag => parses::<bool>(text),
        Form::Days => parses::<u32>(text),
        Form::Word(words) => serde_json::from_str::<Text<'_>>(text).is_ok_and(|text| word(&words(), &text)),
        Form::Words(words) => {
            let words = words();
            serde_json::from_str::<Vec<Text<'_>>>(text).is_ok_and(|texts| texts.iter().all(|text| word(&words, text)))
        }
        Form::Labels => parses::<crate::model::Labels>(text),
        Form::Object(fields) => return fault_of_fields(fields, value, path),
        Form::Objects(fields) => match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(objects) => return objects.into_iter().find_map(|object| fault_of_fields(fields, object, path)),
            Err(_) => false,
        },
    };
    (!fits).then(|| (Some(path.to_owned()), format!("expected {}", field.form.expected())))
}

fn parses<'a, T: Deserialize<'a>>(text: &'a str) -> bool {
    serde_json::from_str::<T>(text).is_ok()
}

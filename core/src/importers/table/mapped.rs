//! [`Mapped`]: rows of a foreign table become records by the rules of a mapping.

use super::mapping::{Rule, Source, TableMapping, Told, Unit, pieces};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::document::{Cell, Form, RecordType, Row, json_or_text};
use crate::estate::{EstateBuilder, FingerprintKey, environment_of_word};
use crate::model::Instant;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;

/// The rules for one table, whose columns were found.
pub(super) struct Mapped<'m> {
    rules: Vec<&'m Rule>,
    places: HashMap<String, usize>,
}

impl<'m> Mapped<'m> {
    /// The rules for an input; nothing where no mapping is for it.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidDocument`] where the table has not a column that a rule names.
    pub fn of<'n>(mappings: &'m [TableMapping], input: &str, columns: impl Iterator<Item = &'n str>) -> Result<Option<Mapped<'m>>> {
        let rules: Vec<&Rule> = mappings.iter().flat_map(|mapping| &mapping.rules).filter(|rule| rule.is_for(input)).collect();
        if rules.is_empty() {
            return Ok(None);
        }
        let places: HashMap<String, usize> = columns.enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
        for rule in &rules {
            let sources = rule.fields.iter().map(|(_, source)| source).chain(rule.labels.values());
            let named = sources.flat_map(Source::columns).chain(rule.only.keys().map(String::as_str));
            for column in named {
                if !places.contains_key(column) {
                    let message = format!("the table has no column `{column}`, which the mapping names; look at the names of both");
                    return Err(Error::new(ErrorCode::InvalidDocument, message).at(Place::new(input)));
                }
            }
        }
        Ok(Some(Mapped { rules, places }))
    }

    /// Adds what a row says to a builder, whose current source it is of. `get` gives the value of a column.
    pub fn add<'c>(&self, builder: &mut EstateBuilder, key: &FingerprintKey, get: impl Fn(usize) -> Option<Cell<'c>>) {
        let number = builder.record();
        let get = |column: &str| self.places.get(column).and_then(|at| get(*at)).filter(|cell| !cell.is_empty());
        for rule in &self.rules {
            let wanted = |(column, texts): (&String, &Vec<String>)| get(column).is_some_and(|cell| texts.contains(&text_of(&cell)));
            if !rule.only.iter().all(wanted) {
                continue;
            }
            let mut cells: Vec<(&str, Cell<'_>)> = Vec::new();
            for (field, source) in &rule.fields {
                let said = source.value(&get).and_then(|cell| source.fits(cell, field.name, &field.form, key));
                cells.extend(said.map(|cell| (field.name, cell)));
            }
            let labels = rule.labels.iter().filter_map(|(name, source)| Some((name.clone(), Value::String(text_of(&source.value(&get)?)))));
            let labels: Map<String, Value> = labels.collect();
            if !labels.is_empty() {
                add_labels(&mut cells, labels);
            }
            // A column of ends that is empty names no other end, as a key into another table does.
            let ends = |name: &str| cells.iter().any(|(field, _)| *field == name);
            if rule.record_type != RecordType::Relation || (ends("from") && ends("to")) {
                Row { record_type: rule.record_type, cells }.add_to(builder, number);
            }
        }
    }
}

fn add_labels(cells: &mut Vec<(&str, Cell<'_>)>, labels: Map<String, Value>) {
    match cells.iter_mut().find(|(name, _)| *name == "labels") {
        Some((_, Cell::Value(Value::Object(all)))) => all.extend(labels),
        _ => cells.push(("labels", Cell::Value(Value::Object(labels)))),
    }
}

impl Source {
    fn told(&self) -> Option<&Told> {
        match self {
            Source::Told(told) => Some(told),
            Source::Column(_) => None,
        }
    }

    /// What a row says, in the words of the mapping.
    fn value<'c>(&self, get: &impl Fn(&str) -> Option<Cell<'c>>) -> Option<Cell<'c>> {
        let told = match self {
            Source::Column(column) => return get(column),
            Source::Told(told) => told,
        };
        let found = match (&told.column, &told.text, &told.value) {
            (Some(column), ..) => under(get(column)?, told.key.as_deref())?,
            (_, Some(text), _) => Cell::Text(Cow::Owned(filled(text, get)?)),
            (.., Some(value)) => Cell::from(value.clone()),
            _ => return None,
        };
        match &told.values {
            None => Some(found),
            // A text that nothing is said of stays, and is judged as it is.
            Some(values) => Some(values.get(&text_of(&found)).or_else(|| values.get("*")).map_or(found, |value| Cell::from(value.clone()))),
        }
    }

    /// What was said, as its field takes it.
    fn fits<'c>(&self, cell: Cell<'c>, name: &str, form: &Form, key: &FingerprintKey) -> Option<Cell<'c>> {
        let told = self.told();
        match form {
            Form::Text if name == "fingerprint" && !(told.is_some_and(|told| told.hashed) && is_hash(&text_of(&cell))) => {
                key.fingerprint(text_of(&cell).as_bytes()).map(|print| Cell::Text(Cow::Owned(print)))
            }
            Form::Word(_) if name == "environment" => Some(match cell.text().and_then(environment_of_word) {
                Some(environment) => Cell::Text(Cow::Borrowed(environment.as_str())),
                None => cell,
            }),
            Form::Text | Form::Word(_) => Some(match cell {
                Cell::Value(Value::Number(_) | Value::Bool(_)) => Cell::Text(Cow::Owned(text_of(&cell))),
                cell => cell,
            }),
            Form::Instant => Some(instant(cell, told.and_then(|told| told.unit))),
            Form::Words(_) => Some(words(cell, told.and_then(|told| told.separator.as_deref()))),
            Form::Labels => Some(labels(cell)),
            Form::Flag | Form::Days | Form::Object(_) | Form::Objects(_) => Some(match cell.text() {
                Some(text) => Cell::Value(json_or_text(&text.to_ascii_lowercase())),
                None => cell,
            }),
        }
    }
}

/// Whether a text can be a hash: as many hexadecimal digits as MD5 gives or more, with the name of the algorithm before them or without. A column that is said to hold
/// hashes and holds something else still shows nothing.
fn is_hash(text: &str) -> bool {
    const MD5_DIGITS: usize = 32;
    let digits = text.rsplit_once(':').map_or(text, |(_, digits)| digits);
    digits.len() >= MD5_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What stands under a key of an object.
fn under<'c>(cell: Cell<'c>, key: Option<&str>) -> Option<Cell<'c>> {
    let Some(key) = key else { return Some(cell) };
    match object(cell) {
        Cell::Value(Value::Object(mut fields)) => fields.remove(key).filter(|value| !value.is_null()).map(Cell::from),
        _ => None,
    }
}

/// JSON text as what it says; a list of pairs of `Key` and `Value`, as AWS writes tags, as an object.
fn object(cell: Cell<'_>) -> Cell<'_> {
    let value = match cell {
        Cell::Text(text) => json_or_text(&text),
        Cell::Value(value) => value,
    };
    let Value::Array(pairs) = &value else { return Cell::Value(value) };
    let either = |pair: &Value, names: [&str; 2]| names.iter().find_map(|name| pair.get(name)).cloned();
    let pair = |pair: &Value| Some((either(pair, ["Key", "key"])?.as_str()?.to_owned(), either(pair, ["Value", "value"])?));
    Cell::Value(pairs.iter().map(pair).collect::<Option<Map<_, _>>>().map_or(value, Value::Object))
}

/// The text with its columns filled in; nothing where one says nothing.
fn filled<'c>(text: &str, get: &impl Fn(&str) -> Option<Cell<'c>>) -> Option<String> {
    let mut whole = String::new();
    for (before, column) in pieces(text) {
        whole.push_str(before);
        if let Some(column) = column {
            whole.push_str(&text_of(&get(column)?));
        }
    }
    Some(whole)
}

fn text_of(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.to_string(),
        Cell::Value(Value::String(text)) => text.clone(),
        Cell::Value(value) => value.to_string(),
    }
}

/// An instant as warehouses write it: a number, or text with a space for the `T` and any or no zone, which is then UTC.
fn instant(cell: Cell<'_>, unit: Option<Unit>) -> Cell<'_> {
    let text = text_of(&cell);
    if let (Some(unit), Ok(number)) = (unit, text.parse::<i64>()) {
        let microseconds = match unit {
            Unit::Seconds => number.saturating_mul(1_000_000),
            Unit::Milliseconds => number.saturating_mul(1_000),
            Unit::Microseconds => number,
        };
        return Cell::Text(Cow::Owned(Instant::from_unix_microseconds(microseconds).to_string()));
    }
    let Some((date, time)) = text.split_once([' ', 'T']).filter(|(date, _)| date.len() == 10) else { return cell };
    let time = time.trim_end_matches("UTC").trim_end();
    let zone = time.rfind(['+', '-']).map_or("", |at| &time[at..]);
    let zoned = match zone.len() {
        0 if time.ends_with(['Z', 'z']) => time.to_owned(),
        0 => format!("{time}Z"),
        // `+02`, as PostgreSQL writes it.
        3 => format!("{time}:00"),
        5 if !zone.contains(':') => format!("{}:{}", &time[..time.len() - 2], &time[time.len() - 2..]),
        _ => time.to_owned(),
    };
    Cell::Text(Cow::Owned(format!("{date}T{zoned}")))
}

fn words<'c>(cell: Cell<'c>, separator: Option<&str>) -> Cell<'c> {
    let Some(text) = cell.text() else { return cell };
    if separator.is_none() && text.starts_with('[') {
        return Cell::Value(json_or_text(text));
    }
    let words = text.split(separator.unwrap_or(";")).map(str::trim).filter(|word| !word.is_empty());
    Cell::Value(words.map(Value::from).collect())
}

/// Labels out of an object of any plain values.
fn labels(cell: Cell<'_>) -> Cell<'_> {
    match object(cell) {
        Cell::Value(Value::Object(fields)) => {
            let known = fields.into_iter().filter(|(_, value)| !value.is_null());
            Cell::Value(Value::Object(known.map(|(key, value)| (key, Value::String(text_of(&Cell::Value(value))))).collect()))
        }
        other => other,
    }
}

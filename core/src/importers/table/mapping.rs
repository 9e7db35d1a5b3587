//! [`TableMapping`]: what the columns of foreign tables say of an estate.

use crate::error::{Error, ErrorCode, Place, Result, json_reason};
use crate::estate::Glob;
use crate::estate::document::{Field, RecordType};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the columns of foreign tables say of an estate: rules, each for the inputs of some name, that make a record of each row.
///
/// ```
/// use tenantgraph::importers::TableMapping;
/// use tenantgraph::{Input, ReadOptions};
/// let mapping = TableMapping::from_toml(r#"
///     [[table]]
///     input = "access_keys*"
///     record = "secret"
///     fields.id = { text = "aws/{account}/{access_key_id}" }
///     fields.kind = { value = "access_key" }
///     fields.created_at = "create_date"
///     fields.revoked = { column = "status", values = { Active = false, Inactive = true } }
/// "#)?;
/// let rows = "account,access_key_id,status,create_date\n1234,AKIAEXAMPLE,Active,2024-01-02 03:04:05\n";
/// let options = ReadOptions { mappings: vec![mapping], ..ReadOptions::default() };
/// let estate = tenantgraph::read(&[Input::new("access_keys.csv", rows)], &options)?;
/// assert!(estate.find("aws/1234/AKIAEXAMPLE").is_some());
/// # Ok::<(), tenantgraph::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct TableMapping {
    pub(super) rules: Vec<Rule>,
}

/// What the rows of some tables are.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    input: Glob,
    pub record_type: RecordType,
    /// Rows whose column holds none of these texts make no record.
    pub only: BTreeMap<String, Vec<String>>,
    pub fields: Vec<(&'static Field, Source)>,
    pub labels: BTreeMap<String, Source>,
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Source {
    /// A column.
    Column(String),
    Told(Told),
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    pub column: Option<String>,
    /// The same in every row.
    pub value: Option<Value>,
    /// A text with columns in braces; it says nothing where one of them is empty.
    pub text: Option<String>,
    /// What stands under this key of a column of objects.
    pub key: Option<String>,
    /// What each text of the column stands for; `*` is for the others.
    pub values: Option<BTreeMap<String, Value>>,
    /// What stands between the words of a list.
    pub separator: Option<String>,
    /// What a number of an instant counts since 1970.
    pub unit: Option<Unit>,
    /// Whether a fingerprint is one already; what cannot be a hash becomes one nevertheless, as what any other column holds does.
    #[serde(default)]
    pub hashed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    table: Vec<RuleDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleDocument {
    input: String,
    record: String,
    #[serde(default, rename = "where")]
    only: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    fields: BTreeMap<String, Source>,
    #[serde(default)]
    labels: BTreeMap<String, Source>,
}

impl TableMapping {
    /// Reads a mapping from TOML.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidOption`] for what is no mapping: text that is no TOML, an unknown key, record or field, a field without a source.
    pub fn from_toml(text: &str) -> Result<TableMapping> {
        let document = toml::from_str(text).map_err(|error: toml::de::Error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
            let error = invalid("not valid TOML, or a value of the wrong type, a missing key or an unknown one");
            error.at(line.into_iter().fold(Place::new("mapping"), Place::line))
        })?;
        TableMapping::of(document)
    }

    /// Reads a mapping from JSON.
    ///
    /// # Errors
    /// As [`TableMapping::from_toml`].
    pub fn from_json(text: &str) -> Result<TableMapping> {
        let document = serde_json::from_str(text).map_err(|error: serde_json::Error| {
            invalid(json_reason(&error)).at(Place::new("mapping").line(error.line() as u64).column(error.column() as u64))
        })?;
        TableMapping::of(document)
    }

    /// Whether a rule is for an input of this name: for its name, the name of its file, or that without its ending.
    pub fn is_for(&self, name: &str) -> bool {
        self.rules.iter().any(|rule| rule.is_for(name))
    }

    fn of(document: Document) -> Result<TableMapping> {
        let rules = document.table.into_iter().map(Rule::of).collect::<Result<_>>()?;
        Ok(TableMapping { rules })
    }
}

impl Rule {
    fn of(document: RuleDocument) -> Result<Rule> {
        let RuleDocument { input, record, only, fields, labels } = document;
        let record_type = RecordType::of_word(&record).ok_or_else(|| {
            let words = RecordType::ALL.map(|record_type| format!("`{}`", record_type.word()));
            invalid(format!("`{record}` is no record; give one of {}", words.join(", ")))
        })?;
        let known = |name: &str| record_type.fields().iter().find(|field| field.name == name);
        let mut found = Vec::new();
        for (name, source) in fields {
            let field = known(&name).ok_or_else(|| {
                let names: Vec<_> = record_type.fields().iter().map(|field| format!("`{}`", field.name)).collect();
                invalid(format!("`{name}` is no field of a {record}; it has {}", names.join(", ")))
            })?;
            found.push((field, source));
        }
        let missing = record_type.required().find(|name| !found.iter().any(|(field, _)| field.name == *name));
        if let Some(missing) = missing {
            return Err(invalid(format!("a {record} needs the field `{missing}`; say where it comes from")));
        }
        if !labels.is_empty() && known("labels").is_none() {
            return Err(invalid("a relation has no labels; leave them out"));
        }
        for (name, source) in
            found.iter().map(|(field, source)| (field.name, source)).chain(labels.iter().map(|(key, it)| (key.as_str(), it)))
        {
            source.check(name)?;
        }
        Ok(Rule { input: Glob::new(&input), record_type, only, fields: found, labels })
    }

    pub fn is_for(&self, name: &str) -> bool {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let stem = file.split('.').next().unwrap_or(file);
        // A table in memory is called after what it stands in: `tables.keys`.
        let own = file.split_once('.').map_or(file, |(_, own)| own);
        [name, file, stem, own].into_iter().any(|name| self.input.matches(name))
    }
}

impl Source {
    fn check(&self, name: &str) -> Result<()> {
        let Source::Told(told) = self else { return Ok(()) };
        let sources = [told.column.is_some(), told.value.is_some(), told.text.is_some()];
        if sources.into_iter().filter(|given| *given).count() != 1 {
            return Err(invalid(format!("`{name}` comes from one of `column`, `value` and `text`; give one")));
        }
        if told.key.is_some() && told.column.is_none() {
            return Err(invalid(format!("`{name}` has a `key` without a `column`; give the column")));
        }
        Ok(())
    }

    /// The columns that the value is made of.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Source::Column(column) => vec![column],
            Source::Told(Told { column: Some(column), .. }) => vec![column],
            Source::Told(Told { text: Some(text), .. }) => pieces(text).filter_map(|(_, column)| column).collect(),
            Source::Told(_) => Vec::new(),
        }
    }
}

/// The pieces of a text with columns in braces: what stands before each, and the column.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    text.split('}').map(|piece| match piece.split_once('{') {
        Some((before, column)) => (before, Some(column)),
        None => (piece, None),
    })
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::InvalidOption, message).at(Place::new("mapping"))
}

//! [`Overlay`]: the rows of one labels file, checked.

use super::super::EstateBuilder;
use super::super::environments::default_matcher;
use super::super::selector::Glob;
use crate::error::{Error, ErrorCode, Place, Result};
use crate::model::Environment;
use std::collections::HashMap;

/// What a column sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Field {
    Environment,
    Owner,
    Critical,
    Label(String),
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    Environment(Environment),
    Critical(bool),
    /// An owner or the value of a label.
    Text(String),
}

/// A row that names its entities and says at least nothing wrong.
#[derive(Debug)]
pub(super) struct OverlayRow {
    pub line: u64,
    /// Columns by number, and what they say; empty cells are left out.
    pub facts: Vec<(usize, Fact)>,
}

/// A labels file, ready to be laid over entities.
#[derive(Debug)]
pub(super) struct Overlay {
    pub name: String,
    /// What each column sets; `None` for those that name the entities.
    pub fields: Vec<Option<Field>>,
    pub rows: Vec<OverlayRow>,
    /// The rows that name one id.
    pub by_id: HashMap<String, usize>,
    /// The rows that hold a pattern, in the order of the file.
    pub patterns: Vec<(Glob, usize)>,
}

const UNNAMED: &str = "a cell under a column without a name; name the column in the header";
const WHICH: &str = "a row names its entities by `id` or by `pattern`; fill one of the two";

impl Overlay {
    /// Reads a file. Bad rows are skipped into the builder, each with its line.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidLabels`] where there is no header that can be used.
    pub fn read(builder: &mut EstateBuilder, name: &str, bytes: &[u8]) -> Result<Overlay> {
        builder.source(name, "labels");
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(bytes);
        let place = || Place::new(name).line(1);
        let unreadable = |_| Error::new(ErrorCode::InvalidLabels, "not a table of comma-separated values").at(place());
        let mut record = csv::ByteRecord::new();
        reader.read_byte_record(&mut record).map_err(unreadable)?;
        let columns = columns(&record).map_err(|message| Error::new(ErrorCode::InvalidLabels, message).at(place()))?;
        let fields = columns.iter().map(|column| if let Column::Sets(field) = column { Some(field.clone()) } else { None }).collect();
        let mut overlay = Overlay { name: name.to_owned(), fields, rows: Vec::new(), by_id: HashMap::new(), patterns: Vec::new() };
        while reader.read_byte_record(&mut record).map_err(unreadable)? {
            builder.record();
            let line = record.position().map_or(0, |position| line_of(position, bytes));
            if let Err((field, reason)) = overlay.take(&columns, &record, line) {
                let place = Place::new(name).line(line);
                builder.skip(if let Some(field) = field { place.field(field) } else { place }, reason);
            }
        }
        Ok(overlay)
    }

    /// Takes one row.
    fn take(&mut self, columns: &[Column], record: &csv::ByteRecord, line: u64) -> std::result::Result<(), Refusal> {
        if record.len() != columns.len() {
            return Err((None, format!("the row has {} cells and the header {}", record.len(), columns.len())));
        }
        let (mut id, mut pattern, mut facts) = (None, None, Vec::new());
        for (at, (column, cell)) in columns.iter().zip(record).enumerate() {
            let cell = std::str::from_utf8(cell).map_err(|_| (None, "a cell that is not UTF-8 text".to_owned()))?;
            match column {
                _ if cell.is_empty() => {}
                Column::Id => id = Some(cell),
                Column::Pattern => pattern = Some(cell),
                Column::Unnamed => return Err((None, UNNAMED.into())),
                Column::Sets(field) => facts.push((at, fact(field, cell)?)),
            }
        }
        let row = self.rows.len();
        match (id, pattern) {
            (Some(id), None) if self.by_id.contains_key(id) => {
                return Err((Some("id"), "an earlier row names the same id; join the two".into()));
            }
            (Some(id), None) => _ = self.by_id.insert(id.to_owned(), row),
            (None, Some(pattern)) => self.patterns.push((Glob::new(pattern), row)),
            _ => return Err((None, WHICH.into())),
        }
        self.rows.push(OverlayRow { line, facts });
        Ok(())
    }
}

/// The line of a record: the reader's own is the end of the line before where that ends in CR LF or blank lines follow.
fn line_of(position: &csv::Position, bytes: &[u8]) -> u64 {
    let rest = bytes.get(position.byte() as usize..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line() + ends as u64
}

/// The field, where one is at fault, and the reason.
type Refusal = (Option<&'static str>, String);

enum Column {
    Id,
    Pattern,
    Sets(Field),
    Unnamed,
}

/// What the columns of a header mean, or why it cannot be used.
fn columns(header: &csv::ByteRecord) -> std::result::Result<Vec<Column>, String> {
    const NO_ENTITIES: &str = "the first line is the header and needs a column `id` or `pattern`, with commas between the columns";
    let names: Vec<&str> = header.iter().map(std::str::from_utf8).collect::<std::result::Result<_, _>>().map_err(|_| NO_ENTITIES)?;
    let known = names.iter().map(|name| Some(name.to_ascii_lowercase()).filter(|name| KNOWN.contains(&name.as_str())));
    let mut seen = std::collections::HashSet::new();
    let mut columns = Vec::with_capacity(names.len());
    for (at, (name, known)) in names.iter().zip(known).enumerate() {
        let column = match known.as_deref() {
            Some("id") => Column::Id,
            Some("pattern") => Column::Pattern,
            Some("environment") => Column::Sets(Field::Environment),
            Some("owner") => Column::Sets(Field::Owner),
            Some("critical") => Column::Sets(Field::Critical),
            _ if name.is_empty() => Column::Unnamed,
            _ => Column::Sets(Field::Label((*name).to_owned())),
        };
        let name = known.unwrap_or_else(|| (*name).to_owned());
        if !name.is_empty() && !seen.insert(name) {
            return Err(format!("column {} has the name of an earlier column; keep one of them", at + 1));
        }
        columns.push(column);
    }
    if columns.iter().any(|column| matches!(column, Column::Id | Column::Pattern)) { Ok(columns) } else { Err(NO_ENTITIES.into()) }
}

/// The column names with a meaning of their own, in any letter case.
const KNOWN: [&str; 5] = ["id", "pattern", "environment", "owner", "critical"];

/// The environment that a word of people stands for: one of ours, or what a label says, such as `prod`.
pub(crate) fn environment_of_word(word: &str) -> Option<Environment> {
    Environment::parse(&word.to_ascii_lowercase()).or_else(|| default_matcher().of_label(word))
}

fn fact(field: &Field, cell: &str) -> std::result::Result<Fact, Refusal> {
    match field {
        Field::Owner | Field::Label(_) => Ok(Fact::Text(cell.to_owned())),
        Field::Critical if cell.eq_ignore_ascii_case("true") => Ok(Fact::Critical(true)),
        Field::Critical if cell.eq_ignore_ascii_case("false") => Ok(Fact::Critical(false)),
        Field::Critical => Err((Some("critical"), "neither `true` nor `false`".into())),
        Field::Environment => environment_of_word(cell).map(Fact::Environment).ok_or_else(|| {
            let words: Vec<_> = Environment::ALL.iter().map(|word| format!("`{word}`")).collect();
            (Some("environment"), format!("no environment; give one of {}", words.join(", ")))
        }),
    }
}

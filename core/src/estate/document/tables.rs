//! The document as tables: rows become its records, which are judged as its lines are.

use super::FORMAT;
use super::fields::{Field, Need};
use super::record::RecordType;
use super::row::{Cell, Row, skip};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::EstateBuilder;

/// The column that says which record a row is, where one table holds them all.
pub(crate) const RECORD: &str = "record";
/// What the metadata of a table of an estate say: the format.
pub(crate) const FORMAT_KEY: &str = "tenantgraph.format";
/// What they say of one of the five tables: which it is.
pub(crate) const TABLE_KEY: &str = "tenantgraph.table";
/// The column in which pandas keeps its index: no fact of the estate.
const PANDAS_INDEX: &str = "__index_level_";
const TYPES: &str = "it is missing or unknown; give `tenant`, `identity`, `secret`, `resource` or `relation`";

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tables {
    /// Records of this type.
    Of(RecordType),
    /// What each says under `record`.
    All,
}

/// A table whose columns were looked at.
pub(crate) struct Layout {
    tables: Tables,
    columns: Vec<Column>,
}

enum Column {
    /// No fact of the estate.
    Skipped,
    /// The type of the record.
    Record,
    /// For each type of record the field that it is.
    Field([Option<&'static Field>; 5]),
}

impl Tables {
    /// What the rows of a table with these columns are; nothing where it has to be told. `stated` gives what its metadata say, and `name` is what the input
    /// is called: `exports/secrets.parquet` holds secrets.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidDocument`] for a version that this release does not read, [`ErrorCode::InvalidOption`] for a table that no document has.
    pub fn of<'n>(
        mut columns: impl Iterator<Item = &'n str>,
        stated: impl Fn(&str) -> Option<&'n str>,
        name: &str,
    ) -> Result<Option<Tables>> {
        if stated(FORMAT_KEY).is_some_and(|format| format != FORMAT) {
            let message = format!("another format, or a version that this release does not read; it reads `{FORMAT}`");
            return Err(Error::new(ErrorCode::InvalidDocument, message).at(Place::new(name)));
        }
        if let Some(table) = stated(TABLE_KEY) {
            return RecordType::of_list(table).map(|table| Some(Tables::Of(table))).ok_or_else(unknown_table);
        }
        if columns.any(|column| column == RECORD) {
            return Ok(Some(Tables::All));
        }
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        Ok(RecordType::of_list(file.split('.').next().unwrap_or(file)).map(Tables::Of))
    }

    /// Looks at the columns of a table; all of them must be fields, and all that every row must have must be there.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidDocument`].
    pub fn layout<'n>(self, source: &str, names: impl Iterator<Item = &'n str>) -> Result<Layout> {
        let invalid = |message: String| {
            let table = match self {
                Tables::Of(table) => format!("the table `{}`", table.list()),
                Tables::All => "the table".to_owned(),
            };
            Error::new(ErrorCode::InvalidDocument, format!("{table} {message}")).at(Place::new(source))
        };
        let mut columns = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for (name, number) in names.zip(1..) {
            if name.starts_with(PANDAS_INDEX) {
                columns.push(Column::Skipped);
                continue;
            }
            if seen.contains(&name) {
                return Err(invalid(format!("has the column `{name}` twice; leave one out")));
            }
            columns.push(if self == Tables::All && name == RECORD {
                Column::Record
            } else {
                let fields = RecordType::ALL.map(|record_type| self.field(record_type, name));
                if fields.iter().all(Option::is_none) {
                    // The first line of a table without names may hold values: a column is told by its number.
                    return Err(invalid(format!("has an unknown column, number {number}; it may have {}", self.known())));
                }
                Column::Field(fields)
            });
            seen.push(name);
        }
        if let Tables::Of(table) = self {
            let missing = table.fields().iter().find(|field| field.need == Need::Required && !seen.contains(&field.name));
            if let Some(missing) = missing {
                return Err(invalid(format!("has no column `{}`; add it", missing.name)));
            }
        }
        Ok(Layout { tables: self, columns })
    }

    /// How many of these columns are fields.
    pub fn knows<'n>(self, names: impl Iterator<Item = &'n str>) -> usize {
        names.filter(|name| RecordType::ALL.iter().any(|record_type| self.field(*record_type, name).is_some())).count()
    }

    fn field(self, record_type: RecordType, name: &str) -> Option<&'static Field> {
        let meant = match self {
            Tables::Of(table) => table == record_type,
            Tables::All => true,
        };
        record_type.fields().iter().find(|field| meant && field.name == name)
    }

    fn known(self) -> String {
        let mut known: Vec<&str> = Vec::new();
        for record_type in RecordType::ALL {
            let fields = record_type.fields().iter().map(|field| field.name).filter(|name| self.field(record_type, name).is_some());
            fields.for_each(|name| known.extend(Some(name).filter(|name| !known.contains(name))));
        }
        known.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}

impl Layout {
    /// Adds a row to a builder, whose current source it is of; a bad one is skipped. `cell` gives what a column says, as its field takes it; without a
    /// field it is asked for the type of the record.
    ///
    /// # Errors
    /// The first that `cell` gives.
    pub fn add<'c>(
        &self,
        builder: &mut EstateBuilder,
        mut cell: impl FnMut(usize, Option<&'static Field>) -> Result<Option<Cell<'c>>>,
    ) -> Result<()> {
        let record_type = match self.tables {
            Tables::Of(record_type) => Some(record_type),
            Tables::All => match self.columns.iter().position(|column| matches!(column, Column::Record)) {
                Some(at) => cell(at, None)?.and_then(|cell| RecordType::of_word(cell.text()?)),
                None => None,
            },
        };
        let number = builder.record();
        let Some(record_type) = record_type else {
            skip(builder, number, Some(RECORD), TYPES);
            return Ok(());
        };
        let mut cells = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            let Column::Field(fields) = column else { continue };
            // A value where this type has no field is kept, so that it is told.
            let Some(field) = fields[record_type as usize].or_else(|| fields.iter().flatten().next().copied()) else { continue };
            cells.extend(cell(at, Some(field))?.map(|cell| (field.name, cell)));
        }
        Row { record_type, cells }.add_to(builder, number);
        Ok(())
    }
}

fn unknown_table() -> Error {
    let names = RecordType::ALL.map(|table| format!("`{}`", table.list()));
    Error::new(ErrorCode::InvalidOption, format!("unknown table; an estate is read from {}", names.join(", ")))
}

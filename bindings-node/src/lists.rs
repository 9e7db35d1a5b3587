//! The lists of the crate: its words and its questions.

use crate::failure::Failure;
use crate::table::form;
use arrow_array::RecordBatch;
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use tenantgraph::model::{Tenant, TenantKind};
use tenantgraph::{Estate, Result, Unobserved, door};

/// A closed list of words.
#[napi(object, object_from_js = false)]
pub struct WordList {
    /// What the words are, for example `relation_kind`.
    pub name: &'static str,
    /// The words, in the crate's order.
    pub words: Vec<&'static str>,
}

/// Every closed list of words that the crate's JSON uses.
#[napi]
pub fn words() -> Vec<WordList> {
    door::words().into_iter().map(|list| WordList { name: list.name, words: list.words }).collect()
}

/// A question and what it may be told.
#[napi(object, object_from_js = false)]
pub struct Question {
    /// Its name.
    pub name: &'static str,
    /// The options that it knows besides `as_of` and `policy`.
    pub options: Vec<&'static str>,
}

/// Every question.
#[napi]
pub fn questions() -> Vec<Question> {
    door::QUESTIONS.iter().map(|question| Question { name: question.name, options: question.options.to_vec() }).collect()
}

/// A table and its columns.
#[napi(object, object_from_js = false)]
pub struct TableShape {
    /// What it is of: `estate`, or the question whose answer it belongs to.
    pub of: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: Vec<ColumnShape>,
}

/// A column of a table.
#[napi(object, object_from_js = false)]
pub struct ColumnShape {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub form: &'static str,
}

/// Every table of an estate and of the answers.
#[napi]
pub fn table_shapes() -> Either<Vec<TableShape>, Failure> {
    shapes().map_or_else(|error| Either::B(error.into()), Either::A)
}

/// Learnt from an estate of one tenant: the columns do not depend on what there is.
fn shapes() -> Result<Vec<TableShape>> {
    const TENANT: &str = "tenant";
    let mut builder = Estate::builder();
    builder.add(Tenant::new(TENANT, TenantKind::Other));
    let estate = builder.build();
    let mut shapes = Vec::new();
    for name in door::table::estate_tables() {
        shapes.push(shape("estate", name, &door::table::estate_table(&estate, name)?));
    }
    for question in door::QUESTIONS {
        let also = match question.name {
            "blast-radius" => ", \"lost\": [\"tenant\"]",
            "what-if" => ", \"changes\": {}",
            _ => "",
        };
        let options = door::options(&format!("{{\"as_of\": \"2026-05-01\"{also}}}"))?;
        let answer = match question.name {
            "diff" => door::ask_since(&estate, &estate, question.name, options, &Unobserved)?,
            name => door::ask(&estate, name, options, &Unobserved)?,
        };
        for name in door::table::answer_tables(&answer) {
            shapes.push(shape(question.name, name, &door::table::answer_table(&answer, name)?));
        }
    }
    Ok(shapes)
}

fn shape(of: &'static str, name: &'static str, table: &RecordBatch) -> TableShape {
    let column = |field: &arrow_schema::Field| ColumnShape { name: field.name().clone(), form: form(field.data_type()) };
    TableShape { of, name, columns: table.schema_ref().fields().iter().map(|field| column(field)).collect() }
}

//! [`End`] and [`Edge`]: what an OpenGraph file says of an edge.

use crate::importers::objects::Fields;
use serde_json::Value;

/// How an end of an edge is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Id(String),
    Name(String, Option<String>),
    Properties(Vec<(String, String)>, Option<String>),
}

/// An edge, its ends still to be found.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub kind: String,
    pub from: End,
    pub to: End,
}

pub(super) const NO_END: &str = "an edge without a kind, or without an end that says how it is found";

impl Edge {
    /// The edge that an object is.
    pub fn of(fields: Fields<'_>) -> Result<Edge, &'static str> {
        let kind = fields.text("kind").filter(|kind| kind.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_'));
        let (Some(kind), Some(from), Some(to)) = (kind, end(fields, "start"), end(fields, "end")) else { return Err(NO_END) };
        Ok(Edge { kind: kind.to_owned(), from, to })
    }
}

fn end(fields: Fields<'_>, name: &str) -> Option<End> {
    let end = fields.inner(name)?;
    let kind = end.owned("kind");
    match end.text("match_by") {
        Some("property") => {
            let matchers = end.objects("property_matchers").map(|matcher| Some((matcher.owned("key")?, value(matcher.get("value")?)?)));
            matchers.collect::<Option<Vec<_>>>().filter(|matchers| !matchers.is_empty()).map(|matchers| End::Properties(matchers, kind))
        }
        Some("name") => Some(End::Name(end.owned("value")?, kind)),
        _ => end.owned("value").map(End::Id),
    }
}

/// A property's value as text, so that a matcher meets it.
pub(super) fn value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

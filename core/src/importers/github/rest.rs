//! Answers of the REST API: taken one record at a time, recognised by their fields, and put where their place says.

use super::place::{Whereabouts, of_path};
use super::shape::{Item, Shape, envelope, shape};
use super::world::World;
use crate::error::{Place, Result};
use crate::importers::records::Records;
use crate::importers::{ImportContext, Input};
use serde_json::Value;

/// How many records of an input are looked at: the first may be a broken one.
const FIRST: usize = 3;
const NO_OBJECT: &str = "not a JSON object";
const WRONG_TYPE: &str = "a field is missing or holds a value of the wrong type";

/// Whether JSON looks like an answer of the API.
pub(super) fn detects(input: &Input) -> bool {
    let Ok(records) = Records::new(&input.name, &input.bytes) else { return false };
    records.take(FIRST).filter_map(|record| record.parse::<Value>().ok()).any(|value| {
        match envelope(value.get("answer").unwrap_or(&value)) {
            _ if asked(&value).is_some() => true,
            Some((_, items)) if items.is_empty() => value.get("total_count").is_some(),
            Some((name, items)) => items.iter().take(FIRST).any(|item| shape(item, Some(name)) != Shape::Other),
            None => shape(&value, None) != Shape::Other,
        }
    })
}

/// The place and the answer of a record that says by which path it was asked: `{"path": …, "answer": …}`. So answers of any number of repositories stand in one file.
fn asked(value: &Value) -> Option<(Whereabouts, &Value)> {
    let fields = value.as_object().filter(|fields| fields.len() == 2)?;
    Some((of_path(fields.get("path")?.as_str()?)?, fields.get("answer")?))
}

/// Takes the records of an input.
pub(super) fn take(world: &mut World, place: &Whereabouts, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
    let mut records = Records::new(&input.name, &input.bytes)?;
    let mut told = place.told;
    while let Some(record) = records.next() {
        context.observer.check(records.taken(), input.bytes.len() as u64)?;
        let value = match record.parse::<Value>() {
            Ok(value) => value,
            Err((at, reason)) => {
                let number = context.builder.record();
                context.builder.skip(at.record(number), reason);
                continue;
            }
        };
        let asked = asked(&value);
        let (place, value) = asked.as_ref().map_or((place, &value), |(place, answer)| (place, *answer));
        match envelope(value) {
            Some((name, items)) => {
                super::keep::start(world, place, name, items, value.get("total_count").and_then(Value::as_u64));
                if items.is_empty() {
                    context.builder.record();
                }
                for item in items {
                    told |= one(world, place, item, Some(name), &record.place(), context);
                }
            }
            None => told |= one(world, place, value, None, &record.place(), context),
        }
    }
    world.named += u64::from(told);
    Ok(())
}

/// Takes a record; whether it is known whose it is.
fn one(
    world: &mut World,
    place: &Whereabouts,
    value: &Value,
    of: Option<&'static str>,
    at: &Place,
    context: &mut ImportContext<'_>,
) -> bool {
    let at = at.clone().record(context.builder.record());
    if !value.is_object() {
        context.builder.skip(at, NO_OBJECT);
        return false;
    }
    let addresses = ["html_url", "url", "selected_repositories_url", "repositories_url", "runners_url"];
    let place = addresses.iter().filter_map(|name| value.get(*name)?.as_str()).fold(place.clone(), |place, address| place.learn(address));
    let item = Item { value, place: &place, position: context.builder.position() };
    match shape(value, of) {
        Shape::Other => *world.other.entry("of another kind").or_default() += 1,
        known => {
            if super::keep::keep(world, known, &item).is_none() {
                context.builder.skip(at, WRONG_TYPE);
            }
        }
    }
    place.told || value.get("full_name").is_some()
}

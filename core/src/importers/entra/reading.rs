//! [`Reading`]: cuts inputs into objects, whatever they are wrapped in, and adds what they say when the last was read.

use super::fields::Fields;
use super::shape::Shape;
use super::take::Take;
use super::world::{Origin, World};
use super::{add, azurehound};
use crate::error::{Place, Result};
use crate::importers::records::Records;
use crate::importers::{ImportContext, ImportReading, Input};
use serde_json::{Map, Value};

/// A reading of any number of exports.
#[derive(Debug, Default)]
pub(super) struct Reading {
    world: World,
}

/// How many records are read between two looks at the observer.
const STEP: u64 = 256;
const NO_OUTPUT: &str = "no output of Microsoft Graph, AzureHound or Azure that this reader knows";
const NOT_GATHERED: &str = "stands beside known outputs under a name of its own, and is none that this reader knows";
const ERROR_REPLY: &str = "the reply is an error; what was asked for is not in the input";
const NO_OBJECT: &str = "expected a JSON object";

/// What stands around an object: what its list is of, and the object that the list belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Surroundings {
    pub hint: Option<Shape>,
    /// The id of the object whose list it is.
    pub parent: Option<String>,
    pub link: Option<Link>,
}

/// How the elements of a list belong to the object whose list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Owners,
    Members,
}

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let mut records = Records::new(&input.name, &input.bytes)?;
        let number =
            self.world.tenants.start(&input.name, input.format.as_deref().and_then(|format| format.split_once('@')).map(|(_, name)| name));
        while let Some(record) = records.next() {
            if context.builder.record().is_multiple_of(STEP) {
                context.observer.check(records.taken(), input.bytes.len() as u64)?;
            }
            match record.parse::<Map<String, Value>>() {
                Ok(object) => {
                    let origin = Origin { input: number, position: context.builder.position(), ..Origin::default() };
                    let mut take = Take { world: &mut self.world, context, origin, place: record.place() };
                    unwrap(&mut take, object, &Surroundings::default());
                }
                Err((place, reason)) => context.builder.skip(place, reason),
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        add::all(self.world, context)?;
        context.builder.resume(position);
        Ok(())
    }
}

/// Takes what an object is or holds: a recorded reply, a batch, a list, an envelope of AzureHound, an object, or several under names of their own.
fn unwrap(take: &mut Take<'_, '_>, mut object: Map<String, Value>, around: &Surroundings) {
    if let Some(address) = ["uri", "url"].iter().find_map(|name| object.get(*name)).and_then(Value::as_str).map(str::to_owned)
        && let Some(body) = object.remove("body")
    {
        return reply(take, &object, body, &Surroundings::of(&address));
    }
    if let Some(Value::Array(replies)) = object.remove("responses") {
        for part in replies {
            let Value::Object(mut part) = part else { continue };
            let body = part.remove("body").unwrap_or_default();
            reply(take, &part, body, &Surroundings::default());
        }
        return;
    }
    if azurehound::is_envelope(&object) || azurehound::is_record(&object) {
        return azurehound::unwrap(take, object);
    }
    if object.contains_key("error") && !object.contains_key("id") {
        return take.skip(ERROR_REPLY);
    }
    let here = object.get("@odata.context").and_then(Value::as_str).map(Surroundings::of).unwrap_or_default();
    let around = around.with(&here);
    if is_list(&object) {
        let name = object.get("@odata.context").and_then(Value::as_str).unwrap_or_default().to_owned();
        let more = ["@odata.nextLink", "nextLink"].iter().any(|link| object.get(*link).is_some_and(Value::is_string));
        take.page(&name, more);
        let elements = match object.remove("value") {
            Some(Value::Array(elements)) => elements,
            one => one.into_iter().collect(),
        };
        return elements_of(take, elements, &around, "value");
    }
    if !single(take, object, &around) {
        take.skip(NO_OUTPUT);
    }
}

fn is_list(object: &Map<String, Value>) -> bool {
    object.contains_key("value") && !object.contains_key("id") && !object.contains_key("keyName")
}

fn reply(take: &mut Take<'_, '_>, head: &Map<String, Value>, body: Value, around: &Surroundings) {
    let failed = head.get("status").and_then(Value::as_u64).is_some_and(|status| status >= 400);
    match body {
        _ if failed => take.skip(ERROR_REPLY),
        Value::Object(body) => unwrap(take, body, around),
        // A reply without content says that something was done.
        _ => {}
    }
}

fn elements_of(take: &mut Take<'_, '_>, elements: Vec<Value>, around: &Surroundings, name: &str) {
    let place = take.place.clone();
    for (number, element) in elements.into_iter().enumerate() {
        take.place = place.clone().field(format!("{name}[{number}]"));
        match element {
            Value::Object(object) => {
                let here = object.get("@odata.context").and_then(Value::as_str).map(Surroundings::of).unwrap_or_default();
                if !single(take, object, &around.with(&here)) {
                    take.skip(NO_OUTPUT);
                }
            }
            Value::Null => {}
            _ => take.skip(NO_OBJECT),
        }
    }
    take.place = place;
}

/// Takes an object, or the objects that it gathers under names; whether it is any.
fn single(take: &mut Take<'_, '_>, object: Map<String, Value>, around: &Surroundings) -> bool {
    let fields = Fields::of(object.clone());
    if let Some(shape) = Shape::of(&fields, around.hint) {
        take.object(&fields, shape, around);
        return true;
    }
    let mut known = false;
    let mut others = 0;
    let place = take.place.clone();
    for (name, value) in object {
        let around = Surroundings { hint: Shape::named(&name), ..Surroundings::default() };
        let inner = match value {
            // Lists as they came, pages and all, under a name.
            Value::Object(mut inner) if is_list(&inner) => inner.remove("value").unwrap_or_default(),
            value => value,
        };
        let elements = match inner {
            Value::Array(elements) => elements,
            one => vec![one],
        };
        let is_known = |element: &Value| Fields::of_value(element).is_some_and(|fields| Shape::of(&fields, around.hint).is_some());
        if elements.iter().any(is_known) || (around.hint.is_some() && elements.is_empty()) {
            known = true;
            elements_of(take, elements, &around, "gathered");
        } else if elements.iter().any(|element| element.as_object().is_some_and(|object| !object.is_empty())) {
            others += 1;
        }
    }
    if known {
        take.place = place.clone().field("gathered");
        (0..others).for_each(|_| take.skip(NOT_GATHERED));
    }
    take.place = place;
    known
}

impl Surroundings {
    /// What an address or a context says: `…/applications/ID/owners?…`, `…$metadata#applications('ID')/federatedIdentityCredentials/$entity`.
    pub fn of(text: &str) -> Surroundings {
        let text = text.split('?').next().unwrap_or(text);
        let path = match text.split_once("$metadata#") {
            Some((_, path)) => path,
            None => ["/v1.0/", "/beta/"].iter().find_map(|version| text.split_once(version)).map_or("", |(_, path)| path),
        };
        let path = path.replace("('", "/").replace("')", "");
        let mut around = Surroundings::default();
        let mut last = None;
        for part in path.split('/').filter(|part| !part.is_empty() && *part != "$entity") {
            let word = part.split('(').next().unwrap_or(part);
            match word.to_ascii_lowercase().as_str() {
                "owners" => (around.link, around.hint, around.parent) = (Some(Link::Owners), None, last.take()),
                "members" => (around.link, around.hint, around.parent) = (Some(Link::Members), None, last.take()),
                "addpassword" | "addkey" => (around.hint, around.parent) = (Some(Shape::Credential), last.take()),
                lower => match Shape::named(lower.rsplit('.').next().unwrap_or(lower)) {
                    Some(shape) => {
                        (around.hint, around.parent) = (Some(shape), last.take());
                        // `applications(appId='ID')`: the key stands in the name.
                        last = part.split_once("='").and_then(|(_, key)| key.split('\'').next()).map(super::fields::id_of);
                    }
                    None => last = Some(super::fields::id_of(part)),
                },
            }
        }
        around
    }

    /// What is said here, and else what was said around it.
    fn with(&self, here: &Surroundings) -> Surroundings {
        Surroundings {
            hint: here.hint.or(self.hint),
            parent: here.parent.clone().or_else(|| self.parent.clone()),
            link: here.link.or(self.link),
        }
    }
}

/// The place of an object, for a reader of envelopes.
pub(super) fn within(place: &Place, number: usize) -> Place {
    place.clone().field(format!("data[{number}]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_contexts_say_whose_list_it_is() {
        let rows = [
            ("https://graph.microsoft.com/v1.0/applications?$filter=x", Some(Shape::Application), None, None),
            ("https://graph.microsoft.com/v1.0/applications/AA/owners", None, Some("aa"), Some(Link::Owners)),
            (
                "https://graph.microsoft.com/v1.0/$metadata#applications('AA')/federatedIdentityCredentials/$entity",
                Some(Shape::Federated),
                Some("aa"),
                None,
            ),
            ("https://graph.microsoft.com/v1.0/applications(appId='AA')/owners", None, Some("aa"), Some(Link::Owners)),
            ("https://graph.microsoft.com/v1.0/servicePrincipals/AA/addPassword", Some(Shape::Credential), Some("aa"), None),
            ("https://graph.microsoft.com/beta/directoryRoles/AA/members", None, Some("aa"), Some(Link::Members)),
            ("https://graph.microsoft.com/v1.0/$metadata#directoryObjects", None, None, None),
        ];
        for (text, hint, parent, link) in rows {
            let expected = Surroundings { hint, parent: parent.map(str::to_owned), link };
            assert_eq!(Surroundings::of(text), expected, "{text}");
        }
    }
}

//! [`Reading`]: takes objects, and adds them when the last was read.

use super::add;
use super::object::{self, Object};
use crate::error::Result;
use crate::estate::Position;
use crate::importers::objects::{Taken, each_object, in_path, named};
use crate::importers::{ImportContext, ImportReading, Input};

/// An object, where it stands, and the organisation that its input or its links name.
#[derive(Debug)]
pub(super) struct Kept {
    pub position: Position,
    pub organization: Option<String>,
    pub object: Object,
}

/// A reading of any number of answers.
#[derive(Debug, Default)]
pub(super) struct Reading {
    objects: Vec<Kept>,
}

const NOTHING: &str = "no object of Okta's API that this reader knows";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let organization = named(input, "organization").map(str::to_ascii_lowercase);
        let of = ["app", "group"].iter().find_map(|word| in_path(input, word));
        each_object(input, context, NOTHING, &mut |context, fields, _| {
            let organization = organization.clone().or_else(|| object::host(fields));
            let position = context.builder.position();
            match Object::of(fields, of, context.key) {
                None => Taken::LookInside,
                Some(Err(reason)) => Taken::Skipped(reason),
                Some(Ok(objects)) => {
                    let kept = objects.into_iter().map(|object| Kept { position, organization: organization.clone(), object });
                    self.objects.extend(kept);
                    Taken::Whole
                }
            }
        })
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        context.observer.check(0, 0)?;
        add::all(&self.objects, context.builder);
        context.builder.resume(position);
        Ok(())
    }
}

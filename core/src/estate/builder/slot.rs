//! [`Slot`]: what is known so far of one entity.

use crate::estate::columns::UniqueTexts;
use crate::estate::entities::Plain;
use crate::model::{Entity, EntityType};
use std::borrow::Cow;

/// What is known so far of one entity.
#[derive(Debug, Default)]
pub(super) struct Slot {
    pub known: Known,
    /// The source that first described it.
    pub source: u32,
    /// The source that described it last.
    pub last: u32,
}

/// Most entities of a large input are plain, and a box a field would cost more than what is in it.
#[derive(Debug, Default)]
pub(super) enum Known {
    #[default]
    Nothing,
    Plain(Plain),
    Whole(Entity),
}

impl Slot {
    pub fn entity_type(&self) -> EntityType {
        match &self.known {
            Known::Nothing => EntityType::Unknown,
            Known::Plain(plain) => plain.entity_type(),
            Known::Whole(entity) => entity.entity_type(),
        }
    }

    /// What people call it, where it is known.
    pub fn name<'b>(&'b self, texts: &'b UniqueTexts) -> Option<&'b str> {
        match &self.known {
            Known::Nothing => None,
            Known::Plain(plain) => plain.name().map(|name| texts.get(name)),
            Known::Whole(entity) => Some(entity.name()),
        }
    }

    /// All that is known, as plain data.
    pub fn entity(&self, number: u32, ids: &UniqueTexts, texts: &UniqueTexts) -> Option<Cow<'_, Entity>> {
        match &self.known {
            Known::Nothing => None,
            Known::Plain(plain) => Some(Cow::Owned(plain.to_entity(number, ids, texts))),
            Known::Whole(entity) => Some(Cow::Borrowed(entity)),
        }
    }

    /// All that is known, to be changed.
    pub fn whole(&mut self, number: u32, ids: &UniqueTexts, texts: &UniqueTexts) -> &mut Entity {
        if let Known::Plain(plain) = self.known {
            self.known = Known::Whole(plain.to_entity(number, ids, texts));
        }
        if matches!(self.known, Known::Nothing) {
            self.known = Known::Whole(Entity::Unknown(ids.get(number).to_owned()));
        }
        match &mut self.known {
            Known::Whole(entity) => entity,
            _ => unreachable!("it was made whole above"),
        }
    }
}

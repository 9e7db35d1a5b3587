//! [`EntityList`]: the entities of an estate in order.

use super::{Entities, EntityRef};
use crate::aside::{Asking, Countdown};
use crate::estate::EntityIndex;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// The entities of an estate, in the order of their ids.
#[derive(Clone, Copy)]
pub struct EntityList<'a> {
    entities: &'a Entities,
    asking: Option<&'a Arc<Asking>>,
}

impl<'a> EntityList<'a> {
    pub(in crate::estate) fn new(entities: &'a Entities, asking: Option<&'a Arc<Asking>>) -> Self {
        EntityList { entities, asking }
    }

    /// How many there are, placeholders included.
    pub fn len(self) -> usize {
        self.entities.len()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The entity at a place.
    pub fn get(self, at: usize) -> Option<EntityRef<'a>> {
        (at < self.len()).then(|| EntityRef::new(self.entities, EntityIndex(at as u32)))
    }

    /// The entities in order.
    pub fn iter(self) -> EntityIter<'a> {
        EntityIter { entities: self.entities, places: 0..self.len() as u32, countdown: Countdown::new(self.asking) }
    }
}

/// The entities one after another.
#[derive(Clone)]
pub struct EntityIter<'a> {
    entities: &'a Entities,
    places: Range<u32>,
    countdown: Countdown,
}

impl<'a> Iterator for EntityIter<'a> {
    type Item = EntityRef<'a>;

    #[inline]
    fn next(&mut self) -> Option<EntityRef<'a>> {
        self.countdown.tick();
        self.places.next().map(|at| EntityRef::new(self.entities, EntityIndex(at)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl DoubleEndedIterator for EntityIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.countdown.tick();
        self.places.next_back().map(|at| EntityRef::new(self.entities, EntityIndex(at)))
    }
}

impl ExactSizeIterator for EntityIter<'_> {}

impl<'a> IntoIterator for EntityList<'a> {
    type Item = EntityRef<'a>;
    type IntoIter = EntityIter<'a>;

    fn into_iter(self) -> EntityIter<'a> {
        self.iter()
    }
}

impl PartialEq for EntityList<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for EntityList<'_> {}

impl fmt::Debug for EntityList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

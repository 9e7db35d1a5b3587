//! [`LabelsRef`]: the labels of an entity of an estate.

use super::Entities;
use crate::model::Labels;
use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::Index;

/// The labels of an entity, sorted by key.
#[derive(Clone, Copy)]
pub struct LabelsRef<'a> {
    entities: &'a Entities,
    pairs: &'a [(u32, u32)],
}

impl<'a> LabelsRef<'a> {
    pub(super) fn new(entities: &'a Entities, pairs: &'a [(u32, u32)]) -> Self {
        LabelsRef { entities, pairs }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The value of a key.
    pub fn get(self, key: &str) -> Option<&'a str> {
        self.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// The keys and values in the order of the keys.
    pub fn iter(self) -> LabelsIter<'a> {
        LabelsIter { entities: self.entities, pairs: self.pairs.iter() }
    }

    /// The labels as plain data.
    pub fn to_labels(self) -> Labels {
        self.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }
}

/// The labels of an entity one after another.
#[derive(Clone)]
pub struct LabelsIter<'a> {
    entities: &'a Entities,
    pairs: std::slice::Iter<'a, (u32, u32)>,
}

impl<'a> Iterator for LabelsIter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        self.pairs.next().map(|(key, value)| (self.entities.text(*key), self.entities.text(*value)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.pairs.size_hint()
    }
}

impl ExactSizeIterator for LabelsIter<'_> {}

impl<'a> IntoIterator for LabelsRef<'a> {
    type Item = (&'a str, &'a str);
    type IntoIter = LabelsIter<'a>;

    fn into_iter(self) -> LabelsIter<'a> {
        self.iter()
    }
}

/// The value of a key; panics where there is none, as a map does.
impl Index<&str> for LabelsRef<'_> {
    type Output = str;

    fn index(&self, key: &str) -> &str {
        self.get(key).unwrap_or_else(|| panic!("no label of this key"))
    }
}

impl PartialEq for LabelsRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for LabelsRef<'_> {}

impl fmt::Debug for LabelsRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for LabelsRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

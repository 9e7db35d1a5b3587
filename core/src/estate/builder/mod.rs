//! [`EstateBuilder`]: gathers entities and relations from any number of sources and joins them into an [`Estate`].

mod batch;
mod build;
mod origins;
mod settle;
mod slot;
mod withdrawn;

pub(super) use batch::{Batch, Numbers, PlainEntity, PlainLine, PlainRelation};

use super::FingerprintKey;
use super::columns::UniqueTexts;
use super::merge::{self, Merged};
use super::reading::{Conflict, Coverage, Skipped, Source};
use super::relations::{Permissions, Rows};
use crate::error::Place;
use crate::model::{Entity, EntityType, Relation};
use origins::Origins;
use slot::{Known, Slot};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use withdrawn::Withdrawn;

/// Gathers entities and relations and joins them into an [`Estate`].
///
/// The same id from two sources is one entity: a known fact beats an unknown one, and where two known facts disagree the first is kept and the
/// conflict is reported. Building costs a sort of the ids and of the relations.
#[derive(Debug, Default)]
pub struct EstateBuilder {
    ids: UniqueTexts,
    /// The names and owners of plain entities.
    texts: UniqueTexts,
    /// What is known, by the number of the id.
    slots: Vec<Slot>,
    /// The fields that a later source filled, and which, by the number of the id.
    filled: HashMap<u32, Vec<(Cow<'static, str>, u32)>>,
    rows: Rows,
    origins: Origins,
    permissions: Permissions,
    sources: Vec<Source>,
    current: Position,
    skipped: BTreeSet<Skipped>,
    conflicts: BTreeSet<Conflict>,
    coverage: BTreeSet<Coverage>,
    /// The identities that are known to others as subjects of an issuer too.
    aliases: BTreeSet<(String, String)>,
    /// The key of fingerprints; that of the process where none was given.
    key: Option<FingerprintKey>,
    withdrawn: Withdrawn,
}

/// A source and a record of it: where a fact came from, so that a bad one can be named by its place, whenever it is added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    source: u32,
    record: u64,
}

/// The name of what is added without a source.
const UNNAMED: &str = "builder";

impl EstateBuilder {
    /// A builder with nothing in it.
    pub fn new() -> Self {
        EstateBuilder::default()
    }

    /// The key under which values in labels become fingerprints, where a label's key names a secret.
    pub fn fingerprint_key(&mut self, key: &FingerprintKey) {
        self.key = Some(key.clone());
    }

    /// Starts a source: what is added from now on comes from it.
    pub fn source(&mut self, name: impl Into<String>, format: impl Into<String>) {
        self.sources.push(Source { name: name.into(), format: format.into(), records: 0 });
        self.current = Position { source: self.sources.len() as u32, record: 0 };
    }

    /// Where reading stands: the source and its record.
    pub fn position(&self) -> Position {
        self.current
    }

    /// Goes back to a position: what is added from now on comes from there. For a reader that can add its facts only when all inputs were read.
    pub fn resume(&mut self, position: Position) {
        self.current = position;
    }

    /// Counts a record of the current source and gives its number, from 1.
    pub fn record(&mut self) -> u64 {
        let Some(source) = self.current.source.checked_sub(1).and_then(|at| self.sources.get_mut(at as usize)) else { return 0 };
        source.records += 1;
        self.current.record = source.records;
        source.records
    }

    /// The name of the current source.
    pub fn source_name(&self) -> &str {
        let source = self.current.source.checked_sub(1).and_then(|at| self.sources.get(at as usize));
        source.map_or(UNNAMED, |source| &source.name)
    }

    /// Adds what is known of an entity. A second call with the same id adds to the first.
    pub fn add(&mut self, entity: impl Into<Entity>) {
        let entity = entity.into();
        let number = self.number(entity.id());
        if entity.entity_type() == EntityType::Unknown {
            return;
        }
        let source = self.current.source;
        let slot = &mut self.slots[number as usize];
        slot.last = source;
        if matches!(slot.known, Known::Nothing) {
            (slot.known, slot.source) = (Known::Whole(entity), source);
            return;
        }
        let known = slot.whole(number, &self.ids, &self.texts);
        let merged = if known.entity_type() == entity.entity_type() {
            merge::merge(known, entity)
        } else {
            Merged { conflicts: vec!["type".into()], ..Merged::default() }
        };
        for field in merged.conflicts {
            let (entity, kept) = (self.ids.get(number).to_owned(), self.source_of_fact(number, &field));
            self.conflicts.insert(Conflict { entity, field: field.into(), kept, other: name(&self.sources, source) });
        }
        if !merged.filled.is_empty() {
            self.filled.entry(number).or_default().extend(merged.filled.into_iter().map(|field| (field, source)));
        }
    }

    /// The name of the source that first stated a fact of an entity.
    pub(super) fn source_of_fact(&self, number: u32, field: &str) -> String {
        let filled = self.filled.get(&number).and_then(|filled| filled.iter().find(|(name, _)| name == field));
        name(&self.sources, filled.map_or_else(|| self.slots[number as usize].source, |(_, source)| *source))
    }

    /// Whether the current source already described an id: in the library's own format that is a duplicate.
    pub fn described_here(&self, id: &str) -> bool {
        self.ids.find(id).is_some_and(|number| self.number_described_here(number))
    }

    fn number_described_here(&self, number: u32) -> bool {
        let slot = self.slots.get(number as usize);
        slot.is_some_and(|slot| !matches!(slot.known, Known::Nothing) && slot.last == self.current.source)
    }

    /// What is known so far of an id.
    pub fn get(&self, id: &str) -> Option<Cow<'_, Entity>> {
        let number = self.ids.find(id)?;
        self.slots.get(number as usize)?.entity(number, &self.ids, &self.texts)
    }

    /// Every described entity, by the number of its id: how an overlay finds what it speaks of.
    pub(super) fn described(&self) -> impl Iterator<Item = u32> + use<> {
        let described: Vec<u32> =
            (0..).zip(&self.slots).filter(|(_, slot)| !matches!(slot.known, Known::Nothing)).map(|(number, _)| number).collect();
        described.into_iter()
    }

    /// The id and the name of a described entity.
    pub(super) fn id_and_name(&self, number: u32) -> (&str, &str) {
        let id = self.ids.get(number);
        (id, self.slots[number as usize].name(&self.texts).unwrap_or(id))
    }

    /// What is known so far of a described entity, to be changed.
    pub(super) fn entity_mut(&mut self, number: u32) -> &mut Entity {
        self.slots[number as usize].whole(number, &self.ids, &self.texts)
    }

    /// Adds a relation. One that does not state the rights its kind must state is skipped with a reason.
    pub fn relate(&mut self, relation: Relation) {
        let origin = self.current;
        if !relation.kind.is_written() {
            self.skip_at(origin, "a relation of kind `same_secret` is derived from fingerprints and cannot be written; give both secrets the same `fingerprint`");
            return;
        }
        let permission = self.permissions.number(relation.permission.as_deref());
        if self.rows.add(relation, |id| self.ids.number(id), permission) {
            self.origins.push(origin);
        } else {
            self.skip_at(origin, "a relation of kind `custom` must state `requires` and `grants`");
        }
    }

    /// Notes a record that was left out, with its place and the reason (lower case, no final period, no text of the record).
    pub fn skip(&mut self, place: Place, reason: impl Into<String>) {
        self.skipped.insert(Skipped { place, reason: reason.into() });
    }

    /// Notes a conflict between a source and what was kept.
    pub fn conflict(&mut self, conflict: Conflict) {
        self.conflicts.insert(conflict);
    }

    /// Notes how much of what a question needs was in the input.
    pub fn cover(&mut self, coverage: Coverage) {
        self.coverage.insert(coverage);
    }

    fn skip_at(&mut self, origin: Position, reason: &str) {
        let mut place = Place::new(name(&self.sources, origin.source));
        if origin.record > 0 {
            place = place.record(origin.record);
        }
        self.skip(place, reason);
    }

    /// The number of an id, which has a slot.
    fn number(&mut self, id: &str) -> u32 {
        let number = self.ids.number(id);
        if self.slots.len() <= number as usize {
            self.slots.resize_with(number as usize + 1, Slot::default);
        }
        number
    }
}

/// The name of a source by its number, from 1; 0 is what was added without one.
fn name(sources: &[Source], number: u32) -> String {
    match number.checked_sub(1).and_then(|at| sources.get(at as usize)) {
        Some(source) => source.name.clone(),
        None => UNNAMED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, IdentityKind, RelationKind, Resource, ResourceKind, Right};

    #[test]
    fn the_order_of_adding_does_not_matter() {
        let build = |swap: bool| {
            let mut builder = EstateBuilder::new();
            let mut relations = vec![
                Relation::new("b", RelationKind::Reads, "c").permission("z"),
                Relation::new("a", RelationKind::Assumes, "b").permission("y"),
            ];
            if swap {
                relations.reverse();
            }
            for relation in relations {
                builder.relate(relation);
            }
            builder.add(Identity::new("a", IdentityKind::Role));
            builder.add(Identity::new("b", IdentityKind::Role));
            let estate = builder.build();
            estate.relations().map(|relation| relation.to_relation(&estate)).collect::<Vec<_>>()
        };
        assert_eq!(build(false), build(true));
    }

    #[test]
    fn what_is_only_named_becomes_a_placeholder() {
        let mut builder = EstateBuilder::new();
        builder.add(Identity { tenant: Some("t".into()), ..Identity::new("a", IdentityKind::Role) });
        builder.relate(Relation::new("a", RelationKind::Reads, "lost"));
        let estate = builder.build();
        assert_eq!(estate.reading().placeholders, ["lost", "t"]);
        assert_eq!(estate.len(), 3);
    }

    #[test]
    fn only_a_tenant_contains_by_being_named() {
        let mut builder = EstateBuilder::new();
        builder.source("x.json", "document");
        builder.add(Resource::new("bucket", ResourceKind::ObjectStore));
        builder.add(Identity { tenant: Some("bucket".into()), ..Identity::new("a", IdentityKind::Role) });
        let estate = builder.build();
        let [conflict] = estate.reading().conflicts.as_slice() else { panic!("one conflict") };
        assert_eq!((conflict.entity.as_str(), conflict.field.as_str()), ("a", "tenant"));
        assert_eq!(estate.find("a").and_then(|at| estate.container(at)), None);
    }

    #[test]
    fn what_only_a_skipped_relation_names_is_no_placeholder() {
        let mut builder = EstateBuilder::new();
        builder.add(Resource::new("bucket", ResourceKind::ObjectStore));
        builder.relate(Relation::new("bucket", RelationKind::Assumes, "lost"));
        let estate = builder.build();
        assert_eq!((estate.len(), estate.reading().placeholders.len(), estate.reading().skipped.len()), (1, 0, 1));
    }

    #[test]
    fn a_relation_between_the_wrong_things_is_skipped_with_its_place() {
        let mut builder = EstateBuilder::new();
        builder.source("x.json", "document");
        builder.add(Resource::new("bucket", ResourceKind::ObjectStore));
        builder.record();
        builder.relate(Relation::new("bucket", RelationKind::Assumes, "bucket"));
        builder.record();
        builder.relate(Relation::new("bucket", RelationKind::Custom, "bucket").granting(Right::Read));
        let estate = builder.build();
        assert_eq!(estate.relations().count(), 0);
        let places: Vec<_> = estate.reading().skipped.iter().map(|skipped| skipped.place.to_string()).collect();
        assert_eq!(places, ["x.json (record 1)", "x.json (record 2)"]);
    }
}

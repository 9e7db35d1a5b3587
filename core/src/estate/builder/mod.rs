//! [`EstateBuilder`]: gathers entities and relations from any number of sources and joins them into an [`Estate`].

mod batch;

pub(super) use batch::{Batch, Numbers, PlainRelation};

use super::Estate;
use super::columns::UniqueTexts;
use super::entities::Entities;
use super::merge::{self, Merged};
use super::reading::{Conflict, Coverage, Reading, Skipped, Source};
use super::relations::{Permissions, Relations, Row};
use super::subjects;
use crate::error::Place;
use crate::model::{End, Entity, EntityType, Relation, RelationKind};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// Gathers entities and relations and joins them into an [`Estate`].
///
/// The same id from two sources is one entity: a known fact beats an unknown one, and where two known facts disagree the first is kept and the
/// conflict is reported. Building costs a sort of the ids and of the relations.
#[derive(Debug, Default)]
pub struct EstateBuilder {
    ids: UniqueTexts,
    /// What is known, by the number of the id.
    slots: Vec<Slot>,
    /// The fields that a later source filled, and which, by the number of the id.
    filled: HashMap<u32, Vec<(Cow<'static, str>, u32)>>,
    rows: Vec<Row>,
    origins: Vec<Position>,
    permissions: Permissions,
    sources: Vec<Source>,
    current: Position,
    skipped: BTreeSet<Skipped>,
    conflicts: BTreeSet<Conflict>,
    coverage: BTreeSet<Coverage>,
}

#[derive(Debug, Default)]
struct Slot {
    entity: Option<Entity>,
    /// The source that first described it.
    source: u32,
    /// The source that described it last.
    last: u32,
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
        let source = self.current.source;
        let slot = &mut self.slots[number as usize];
        if entity.entity_type() != EntityType::Unknown {
            slot.last = source;
        }
        let Some(known) = &mut slot.entity else {
            if entity.entity_type() != EntityType::Unknown {
                (slot.entity, slot.source) = (Some(entity), source);
            }
            return;
        };
        if entity.entity_type() == EntityType::Unknown {
            return;
        }
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
        self.slot(id).is_some_and(|slot| slot.entity.is_some() && slot.last == self.current.source)
    }

    /// What is known so far of an id.
    pub fn get(&self, id: &str) -> Option<&Entity> {
        self.slot(id).and_then(|slot| slot.entity.as_ref())
    }

    fn slot(&self, id: &str) -> Option<&Slot> {
        self.ids.find(id).and_then(|number| self.slots.get(number as usize))
    }

    /// What is known so far of every described entity, to be changed, with the number of its id: how an overlay sets facts.
    pub(super) fn entities_mut(&mut self) -> impl Iterator<Item = (u32, &mut Entity)> {
        self.slots.iter_mut().enumerate().filter_map(|(number, slot)| Some((number as u32, slot.entity.as_mut()?)))
    }

    /// Adds a relation. One that does not state the rights its kind must state is skipped with a reason.
    pub fn relate(&mut self, relation: Relation) {
        let origin = self.current;
        if !relation.kind.is_written() {
            self.skip_at(origin, "a relation of kind `same_secret` is derived from fingerprints and cannot be written; give both secrets the same `fingerprint`");
            return;
        }
        let permission = self.permissions.intern(relation.permission.as_deref());
        match Row::new(relation, |id| self.ids.number(id), permission) {
            Some(row) => {
                self.rows.push(row);
                self.origins.push(origin);
            }
            None => self.skip_at(origin, "a relation of kind `custom` must state `requires` and `grants`"),
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

    /// The estate of all that was added.
    pub fn build(mut self) -> Estate {
        self.join_subjects();
        let containers = self.containers();
        let mut rows = self.well_typed_rows();
        let (order, numbers) = self.order(&containers, &rows);
        let (names, permissions) = std::mem::take(&mut self.permissions).sorted();
        for row in &mut rows {
            row.renumber(&numbers, &permissions);
        }
        self.report_no_tenants(&containers, &order);
        let placeholders = order.iter().filter(|number| self.slots[**number as usize].entity.is_none());
        let placeholders = placeholders.map(|number| self.ids.get(*number).to_owned()).collect();
        let entities = self.entities_in(&order, &containers, &numbers);
        let relations = Relations::new(rows, &names, entities.len());
        let reading = Reading {
            sources: self.sources,
            skipped: self.skipped.into_iter().collect(),
            conflicts: self.conflicts.into_iter().collect(),
            placeholders,
            coverage: self.coverage.into_iter().collect(),
        };
        Estate::new(entities, relations, reading)
    }

    /// Makes the subjects of an issuer members of the patterns that take them, whichever reader brought which.
    fn join_subjects(&mut self) {
        let trusts = self.rows.iter().filter(|row| row.names_subject()).map(|row| row.from).collect();
        let identities = self.slots.iter().enumerate().filter(|(_, slot)| slot.entity_type() == EntityType::Identity);
        let identities = identities.map(|(number, _)| (number as u32, self.ids.get(number as u32)));
        let named = |(from, to): (u32, u32)| (self.ids.get(from).to_owned(), self.ids.get(to).to_owned());
        let pairs: Vec<_> = subjects::joined(identities, &trusts).into_iter().map(named).collect();
        self.current = Position::default();
        for (subject, pattern) in pairs {
            self.relate(Relation::new(subject, RelationKind::MemberOf, pattern).permission("subject"));
        }
    }

    /// The number of each entity's tenant or parent. One that nobody described gets its number here.
    fn containers(&mut self) -> Vec<Option<u32>> {
        let ids = &mut self.ids;
        let mut containers: Vec<_> = self.slots.iter().map(|slot| Some(ids.number(slot.entity.as_ref()?.container()?))).collect();
        self.slots.resize_with(self.ids.len(), Slot::default);
        containers.resize(self.ids.len(), None);
        containers
    }

    /// The relations, without those whose ends are not what their kind joins; these are skipped, each with a reason.
    fn well_typed_rows(&mut self) -> Vec<Row> {
        let types: Vec<EntityType> = self.slots.iter().map(Slot::entity_type).collect();
        let origins = std::mem::take(&mut self.origins).into_iter();
        let mut ill_typed = Vec::new();
        let mut rows = std::mem::take(&mut self.rows);
        let mut origins = origins;
        rows.retain(|row| {
            let (table, origin) = (row.kind.row(), origins.next());
            let fits = table.from.fits(types[row.from as usize]) && table.to.fits(types[row.to as usize]);
            if !fits {
                ill_typed.extend(origin.map(|origin| (origin, table)));
            }
            fits
        });
        for (origin, table) in ill_typed {
            let (from, to) = (table.from.as_str(), table.to.as_str());
            let reason = format!("a relation of kind `{}` goes from {from} to {to}, and an end of this one is something else", table.kind);
            self.skip_at(origin, &reason);
        }
        rows
    }

    /// The numbers of the entities in the order of their ids, and for each number its place in that order. What only a skipped relation named is
    /// named no more and has no place.
    fn order(&self, containers: &[Option<u32>], rows: &[Row]) -> (Vec<u32>, Vec<u32>) {
        let mut named: Vec<bool> = self.slots.iter().map(|slot| slot.entity.is_some()).collect();
        for number in containers.iter().flatten().copied().chain(rows.iter().flat_map(Row::entities)) {
            named[number as usize] = true;
        }
        let mut order: Vec<u32> = (0..self.ids.len() as u32).filter(|number| named[*number as usize]).collect();
        self.ids.sort(&mut order);
        let mut places = vec![u32::MAX; self.ids.len()];
        for (place, number) in order.iter().enumerate() {
            places[*number as usize] = place as u32;
        }
        (order, places)
    }

    /// What is known to be no tenant contains nothing by being named as one, and that is reported.
    fn report_no_tenants(&mut self, containers: &[Option<u32>], order: &[u32]) {
        for number in order {
            let container = containers.get(*number as usize).copied().flatten();
            let Some(container) = container.map(|container| &self.slots[container as usize]) else { continue };
            if End::Tenant.fits(container.entity_type()) {
                continue;
            }
            let slot = &self.slots[*number as usize];
            let field = if slot.entity_type() == EntityType::Tenant { "parent" } else { "tenant" };
            let (kept, other) = (name(&self.sources, container.source), name(&self.sources, slot.source));
            self.conflicts.insert(Conflict { entity: self.ids.get(*number).to_owned(), field: field.into(), kept, other });
        }
    }

    /// The entities of these numbers, placeholders for what is only named.
    fn entities_in(&mut self, order: &[u32], containers: &[Option<u32>], places: &[u32]) -> Entities {
        let take = |number: &u32| {
            let entity = self.slots[*number as usize].entity.take();
            let entity = entity.unwrap_or_else(|| Entity::Unknown(self.ids.get(*number).to_owned()));
            (entity, containers[*number as usize].map(|container| places[container as usize]))
        };
        Entities::new(order.iter().map(take))
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

impl Slot {
    fn entity_type(&self) -> EntityType {
        self.entity.as_ref().map_or(EntityType::Unknown, Entity::entity_type)
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

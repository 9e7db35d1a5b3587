//! [`EstateBuilder`]: gathers entities and relations from any number of sources and joins them into an [`Estate`].

use super::Estate;
use super::merge;
use super::reading::{Conflict, Coverage, Reading, Skipped, Source};
use super::relations::{Permissions, Relations, Row};
use crate::error::Place;
use crate::model::{End, Entity, EntityType, Relation};
use std::collections::{BTreeSet, HashMap};

/// Gathers entities and relations and joins them into an [`Estate`].
///
/// The same id from two sources is one entity: a known fact beats an unknown one, and where two known facts disagree the first is kept and the
/// conflict is reported. Building costs a sort of the ids and of the relations.
#[derive(Debug, Default)]
pub struct EstateBuilder {
    numbers: HashMap<Box<str>, u32>,
    slots: Vec<Slot>,
    rows: Vec<Row>,
    origins: Vec<Origin>,
    permissions: Permissions,
    sources: Vec<Source>,
    skipped: BTreeSet<Skipped>,
    conflicts: BTreeSet<Conflict>,
    coverage: BTreeSet<Coverage>,
}

#[derive(Debug)]
struct Slot {
    id: Box<str>,
    entity: Option<Entity>,
    /// The source that first described it.
    source: u32,
    /// The source that described it last.
    last: u32,
}

/// Where a relation came from, so that a bad one can be named by its place when the ends are known.
#[derive(Debug, Clone, Copy)]
struct Origin {
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
    }

    /// Counts a record of the current source and gives its number, from 1.
    pub fn record(&mut self) -> u64 {
        match self.sources.last_mut() {
            Some(source) => {
                source.records += 1;
                source.records
            }
            None => 0,
        }
    }

    /// The name of the current source.
    pub fn source_name(&self) -> &str {
        self.sources.last().map_or(UNNAMED, |source| &source.name)
    }

    /// Adds what is known of an entity. A second call with the same id adds to the first.
    pub fn add(&mut self, entity: impl Into<Entity>) {
        let entity = entity.into();
        let number = self.number(entity.id().to_owned());
        let source = self.sources.len() as u32;
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
        let (id, kept, other) = (slot.id.to_string(), name(&self.sources, slot.source), name(&self.sources, source));
        if entity.entity_type() == EntityType::Unknown {
            return;
        }
        if known.entity_type() != entity.entity_type() {
            self.conflicts.insert(Conflict { entity: id, field: "type".into(), kept, other });
            return;
        }
        for field in merge::merge(known, entity) {
            self.conflicts.insert(Conflict { entity: id.clone(), field, kept: kept.clone(), other: other.clone() });
        }
    }

    /// Whether the current source already described an id: in the library's own format that is a duplicate.
    pub fn described_here(&self, id: &str) -> bool {
        self.numbers
            .get(id)
            .map(|number| &self.slots[*number as usize])
            .is_some_and(|slot| slot.entity.is_some() && slot.last == self.sources.len() as u32)
    }

    /// What is known so far of an id.
    pub fn get(&self, id: &str) -> Option<&Entity> {
        self.numbers.get(id).and_then(|number| self.slots[*number as usize].entity.as_ref())
    }

    /// What is known so far of every described entity, to be changed, with the number of the source that first described it: how an overlay
    /// sets facts.
    pub(super) fn entities_mut(&mut self) -> impl Iterator<Item = (u32, &mut Entity)> {
        self.slots.iter_mut().filter_map(|slot| Some((slot.source, slot.entity.as_mut()?)))
    }

    /// The name of a source by its number.
    pub(super) fn source_name_of(&self, number: u32) -> String {
        name(&self.sources, number)
    }

    /// Adds a relation. One that does not state the rights its kind must state is skipped with a reason.
    pub fn relate(&mut self, relation: Relation) {
        let record = self.sources.last().map_or(0, |source| source.records);
        let origin = Origin { source: self.sources.len() as u32, record };
        if !relation.kind.is_written() {
            self.skip_at(origin, "a relation of kind `same_secret` is derived from fingerprints and cannot be written; give both secrets the same `fingerprint`");
            return;
        }
        let permission = self.permissions.intern(relation.permission.as_deref());
        match Row::new(relation, |id| number(&mut self.numbers, &mut self.slots, id), permission) {
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
        self.only_tenants_contain();
        let mut rows = self.well_typed_rows();
        let (numbers, entities) = self.sorted_entities(&rows);
        let (names, permissions) = std::mem::take(&mut self.permissions).sorted();
        for row in &mut rows {
            row.renumber(&numbers, &permissions);
        }
        let placeholders =
            entities.iter().filter(|entity| entity.entity_type() == EntityType::Unknown).map(|entity| entity.id().to_owned()).collect();
        let reading = Reading {
            sources: self.sources,
            skipped: self.skipped.into_iter().collect(),
            conflicts: self.conflicts.into_iter().collect(),
            placeholders,
            coverage: self.coverage.into_iter().collect(),
        };
        Estate::new(entities, Relations::new(rows, names), reading)
    }

    /// The relations, without those whose ends are not what their kind joins; these are skipped, each with a reason.
    fn well_typed_rows(&mut self) -> Vec<Row> {
        let (rows, origins) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.origins));
        let fits = |builder: &Self, at: u32, end: End| {
            let entity = builder.slots[at as usize].entity.as_ref();
            end.fits(entity.map_or(EntityType::Unknown, Entity::entity_type))
        };
        let mut kept = Vec::with_capacity(rows.len());
        for (row, origin) in rows.into_iter().zip(origins) {
            let table = row.kind.row();
            if fits(self, row.from, table.from) && fits(self, row.to, table.to) {
                kept.push(row);
            } else {
                let reason = format!(
                    "a relation of kind `{}` goes from {} to {}, and an end of this one is something else",
                    row.kind,
                    table.from.as_str(),
                    table.to.as_str()
                );
                self.skip_at(origin, &reason);
            }
        }
        kept
    }

    /// Reports the entities whose tenant or parent is known to be something else: they belong to none.
    fn only_tenants_contain(&mut self) {
        for slot in &self.slots {
            let Some((entity, container)) = slot.entity.as_ref().and_then(|entity| Some((entity, entity.container()?))) else { continue };
            let Some(container) = self.numbers.get(container).map(|number| &self.slots[*number as usize]) else { continue };
            if container.entity.as_ref().is_some_and(|container| !End::Tenant.fits(container.entity_type())) {
                let field = if entity.as_tenant().is_some() { "parent" } else { "tenant" };
                let (kept, other) = (name(&self.sources, container.source), name(&self.sources, slot.source));
                self.conflicts.insert(Conflict { entity: slot.id.to_string(), field: field.into(), kept, other });
            }
        }
    }

    /// The entities by id, placeholders for what is only named, and the new number of each old one.
    fn sorted_entities(&mut self, rows: &[Row]) -> (Vec<u32>, Vec<Entity>) {
        let containers: Vec<String> = self.slots.iter().filter_map(|slot| slot.entity.as_ref()?.container().map(str::to_owned)).collect();
        let mut named: Vec<u32> = containers.into_iter().map(|container| self.number(container)).collect();
        named.extend(rows.iter().flat_map(Row::entities));
        let slots = std::mem::take(&mut self.slots);
        let mut kept: Vec<bool> = slots.iter().map(|slot| slot.entity.is_some()).collect();
        for number in named {
            kept[number as usize] = true;
        }
        // What only a skipped relation named is named no more.
        let mut order: Vec<u32> = (0..slots.len() as u32).filter(|number| kept[*number as usize]).collect();
        order.sort_unstable_by(|a, b| slots[*a as usize].id.cmp(&slots[*b as usize].id));
        let mut numbers = vec![u32::MAX; slots.len()];
        for (at, old) in order.iter().enumerate() {
            numbers[*old as usize] = at as u32;
        }
        let mut slots: Vec<Option<Slot>> = slots.into_iter().map(Some).collect();
        let entities = order
            .iter()
            .filter_map(|old| slots[*old as usize].take())
            .map(|slot| slot.entity.unwrap_or_else(|| Entity::Unknown(slot.id.into())))
            .collect();
        (numbers, entities)
    }

    fn skip_at(&mut self, origin: Origin, reason: &str) {
        let mut place = Place::new(name(&self.sources, origin.source));
        if origin.record > 0 {
            place = place.record(origin.record);
        }
        self.skip(place, reason);
    }

    fn number(&mut self, id: String) -> u32 {
        number(&mut self.numbers, &mut self.slots, id)
    }
}

fn number(numbers: &mut HashMap<Box<str>, u32>, slots: &mut Vec<Slot>, id: String) -> u32 {
    if let Some(number) = numbers.get(id.as_str()) {
        return *number;
    }
    let number = slots.len() as u32;
    let id: Box<str> = id.into();
    slots.push(Slot { id: id.clone(), entity: None, source: 0, last: 0 });
    numbers.insert(id, number);
    number
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

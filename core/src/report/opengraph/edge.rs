//! [`Edge`]: a relation as an edge.

use super::{Properties, encoded, kind};
use crate::analysis::PathStep;
use crate::estate::{EntityIndex, EntityView, Estate, RelationRef};
use crate::model::{Certainty, GuardSet, RelationKind, Right};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// An edge.
#[derive(Serialize)]
pub(super) struct Edge {
    kind: String,
    start: End,
    end: End,
    properties: Properties,
}

#[derive(Serialize)]
struct End {
    match_by: &'static str,
    value: String,
}

impl End {
    fn of(id: &str) -> End {
        End { match_by: "id", value: encoded(id) }
    }
}

/// What must be held of an entity for everything that goes on from it: the rights that its relations ask for.
pub(super) fn needed(estate: &Estate) -> Vec<(bool, bool, bool)> {
    let mut needed = vec![(false, false, false); estate.len()];
    let mut add = |entity: EntityIndex, right: Right| {
        let rights = &mut needed[entity.position()];
        match right {
            Right::Read => rights.0 = true,
            Right::Write => rights.1 = true,
            Right::Control => rights.2 = true,
        }
    };
    for relation in estate.relations().filter(|relation| relation.grants().is_some()) {
        add(relation.from(), relation.requires());
        relation.also().for_each(|(entity, right)| add(entity, right));
    }
    for index in estate.indices() {
        if let Some(container) = estate.container(index) {
            add(container, Right::Control);
        }
    }
    needed
}

/// Whether a right over an entity is enough for all that goes on from it.
fn is_enough(right: Right, (read, write, control): (bool, bool, bool)) -> bool {
    match right {
        Right::Control => true,
        Right::Write => !read && !control,
        Right::Read => !write && !control,
    }
}

impl Edge {
    /// The edge of a relation.
    pub fn of(estate: &Estate, relation: &RelationRef<'_>, needed: &[(bool, bool, bool)]) -> Edge {
        let (from, to) = (estate.entity(relation.from()).id(), estate.entity(relation.to()).id());
        let alone =
            relation.also().len() == 0 && !relation.guards().intersects(GuardSet::HONOURED) && relation.certainty() == Certainty::Proven;
        let traversable = alone && relation.grants().is_some_and(|right| is_enough(right, needed[relation.to().position()]));
        let mut edge = Edge::new(from, relation.kind(), to, traversable);
        let record = serde_json::to_string(&relation.to_relation(estate)).unwrap_or_default();
        let grants = relation.grants().map(|right| Value::from(right.as_str()));
        let guards: Vec<Value> = relation.guards().iter().map(|guard| guard.as_str().into()).collect();
        let also: Vec<Value> = relation.also().map(|(entity, right)| format!("{right} {}", estate.entity(entity).id()).into()).collect();
        let list = |values: Vec<Value>| (!values.is_empty()).then_some(Value::Array(values));
        for (name, value) in [
            ("requires", Some(relation.requires().as_str().into())),
            ("grants", grants),
            ("certainty", Some(relation.certainty().as_str().into())),
            ("permission", relation.permission().map(Value::from)),
            ("guards", list(guards)),
            ("also", list(also)),
            ("last_used_at", relation.last_used_at().map(|at| at.to_string().into())),
            ("tg_record", Some(record.into())),
        ] {
            edge.property(name, value);
        }
        edge
    }

    /// The edge of a hop, with the numbers of the paths and of the hop on each.
    pub fn of_step(step: &PathStep, places: Vec<String>) -> Edge {
        let mut edge = Edge::new(&step.from, step.kind, &step.to, true);
        edge.property("grants", Some(step.right.as_str().into()));
        edge.property("permission", step.permission.as_deref().map(Value::from));
        edge.property("path_steps", Some(places.into()));
        // A hop is a part of an answer, not a relation of an estate.
        edge.property("derived", Some(true.into()));
        edge
    }

    fn new(from: &str, relation: RelationKind, to: &str, traversable: bool) -> Edge {
        let mut edge = Edge { kind: kind(relation.as_str()), start: End::of(from), end: End::of(to), properties: Properties::new() };
        edge.property("traversable", Some(traversable.into()));
        edge
    }

    fn property(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.properties.insert(name.to_owned(), value);
        }
    }

    fn derived(mut self) -> Edge {
        self.property("derived", Some(true.into()));
        self
    }
}

/// What stands in a tenant is contained in it.
pub(super) fn contained(estate: &Estate, _: &[(bool, bool, bool)]) -> Vec<Edge> {
    let held = estate.indices().filter_map(|index| Some((estate.container(index)?, index)));
    let mut held: Vec<(EntityIndex, EntityIndex)> = held.collect();
    held.sort_unstable();
    let edge = |(from, to)| Edge::new(estate.entity(from).id(), RelationKind::Contains, estate.entity(to).id(), true).derived();
    held.into_iter().map(edge).collect()
}

/// Secrets of one value are one: each with the first, both ways, so that a value in many places is no more edges than twice these.
pub(super) fn same(estate: &Estate) -> Vec<Edge> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entity in estate.entities() {
        if let EntityView::Secret(secret) = entity.view()
            && let Some(fingerprint) = secret.fingerprint.filter(|fingerprint| !fingerprint.is_empty())
        {
            groups.entry(fingerprint).or_default().push(entity.id());
        }
    }
    let mut edges = Vec::new();
    // In the order of ids, not of fingerprints, which a key decides.
    let mut groups: Vec<Vec<&str>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    for group in groups {
        for other in &group[1..] {
            edges.push(Edge::new(group[0], RelationKind::SameSecret, other, true).derived());
            edges.push(Edge::new(other, RelationKind::SameSecret, group[0], true).derived());
        }
    }
    edges
}

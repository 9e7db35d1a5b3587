//! [`diff`]: what came and went between two snapshots; [`what_if`]: what a set of changes would open and close.

use super::crossing::{self, Crossing};
use crate::error::Result;
use crate::estate::{EntityIndex, EntityRef, EntityView, Estate, SecretRef, Selection};
use crate::graph::{Graph, marks};
use crate::model::{Certainty, Entity, EntityType, EnvironmentClass, Instant, Relation, RelationKind, Right};
use crate::observer::Observer;
use serde::Serialize;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A snapshot: a compiled estate and what the rules found in it.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a, F> {
    /// The estate at its instant.
    pub graph: &'a Graph,
    /// The findings, each with the fingerprint that it keeps from one snapshot to the next.
    pub findings: &'a [(String, F)],
}

/// The answer of [`what_if`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhatIf<F> {
    /// The crossings into production that the changes open.
    pub opened: Vec<Crossing>,
    /// Those that they close.
    pub closed: Vec<Crossing>,
    /// The findings that they add.
    pub findings_added: Vec<F>,
    /// Those that they resolve.
    pub findings_resolved: Vec<F>,
    /// What they leave open: of a plan, the grants of which nobody knows before it is applied whom they name in production or what they are over.
    pub undecided: Vec<Undecided>,
}

/// What stands for something that is known only after a change was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undecided {
    /// The id of what stands for it.
    pub entity: String,
    /// An identity where it is whom a grant names, a resource where it is what a grant is over.
    #[serde(rename = "type")]
    pub entity_type: EntityType,
    /// What it is called in the configuration, or will be called.
    pub name: String,
}

/// The answer of [`diff`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diff<F> {
    /// Entities, by id.
    pub entities: EntitiesDiff,
    /// Relations, in their canonical order. One that differs in any field went and came.
    pub relations: RelationsDiff,
    /// Crossings into production.
    pub crossings: CrossingsDiff,
    /// Findings, by fingerprint.
    pub findings: FindingsDiff<F>,
    /// Secrets that are in both snapshots and live in the later.
    pub secrets: SecretsDiff,
}

/// Entities that came, went or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EntitiesDiff {
    /// Ids.
    pub added: Vec<String>,
    /// Ids.
    pub removed: Vec<String>,
    /// Ids, each with the fields that differ.
    pub changed: Vec<EntityChange>,
}

/// An entity that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntityChange {
    /// Its id.
    pub entity: String,
    /// The fields that differ, sorted.
    pub fields: Vec<String>,
}

/// Relations that came and went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RelationsDiff {
    /// Those that came.
    pub added: Vec<Relation>,
    /// Those that went.
    pub removed: Vec<Relation>,
}

/// Crossings that came and went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CrossingsDiff {
    /// Those that came.
    pub opened: Vec<Crossing>,
    /// Those that went.
    pub closed: Vec<Crossing>,
}

/// Findings that came and went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingsDiff<F> {
    /// Those that came.
    pub added: Vec<F>,
    /// Those that went.
    pub resolved: Vec<F>,
}

/// Secrets that were rotated in between and those that were not. One of which neither dates nor fingerprints tell is in neither list; a value that is the
/// same was not rotated, whatever its dates say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SecretsDiff {
    /// Ids of those whose date of rotation or creation moved on.
    pub rotated: Vec<String>,
    /// Ids of those whose fingerprints are the same, or whose date did not move on.
    pub unrotated: Vec<String>,
}

/// What came and went between two snapshots. Costs two traversals of each, and a sort of the relations of both.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub fn diff<F: Clone>(before: Snapshot<'_, F>, after: Snapshot<'_, F>, observer: &dyn Observer) -> Result<Diff<F>> {
    let (old, new) = (before.graph.estate(), after.graph.estate());
    Ok(Diff {
        entities: entities(old, new),
        relations: relations(old, new),
        crossings: crossings(before.graph, after.graph, observer)?,
        findings: findings(before.findings, after.findings),
        secrets: secrets(old, new, after.graph.options().as_of),
    })
}

/// What a set of changes opens and closes: the crossings and findings that differ between an estate and the same estate changed. Costs two traversals of each.
///
/// # Errors
/// [`crate::ErrorCode::Cancelled`].
pub fn what_if<F: Clone>(before: Snapshot<'_, F>, after: Snapshot<'_, F>, observer: &dyn Observer) -> Result<WhatIf<F>> {
    let CrossingsDiff { opened, closed } = crossings(before.graph, after.graph, observer)?;
    let FindingsDiff { added, resolved } = findings(before.findings, after.findings);
    let undecided = undecided(before.graph.estate(), after.graph, observer)?;
    Ok(WhatIf { opened, closed, findings_added: added, findings_resolved: resolved, undecided })
}

/// The stand-ins that came: of grantees those that would hold something in production, of objects all that do not stand outside it for sure.
fn undecided(old: &Estate, graph: &Graph, observer: &dyn Observer) -> Result<Vec<Undecided>> {
    let new = graph.estate();
    let came: Vec<_> = stand_ins(new).filter(|index| old.find(new.entity(*index).id()).is_none()).collect();
    if came.is_empty() {
        return Ok(Vec::new());
    }
    let production = marks(&Selection::class(EnvironmentClass::Production).of(new), new.len());
    let starts: Vec<_> = came.iter().map(|index| vec![graph.taken(*index)]).collect();
    let held = graph.count_many(&starts, Certainty::Possible, &production, observer)?;
    let counts = |(index, held): &(EntityIndex, u64)| match new.entity(*index).entity_type() {
        EntityType::Identity => *held > 0 && may_be_anybody(new, *index),
        _ => new.environment(*index).environment.class() != EnvironmentClass::NonProduction,
    };
    let row = |(index, _): (EntityIndex, u64)| {
        let entity = new.entity(index);
        Undecided { entity: entity.id().to_owned(), entity_type: entity.entity_type(), name: entity.name().to_owned() }
    };
    Ok(came.into_iter().zip(held).filter(counts).map(row).collect())
}

/// What stands for something that is known only after a plan was applied.
fn stand_ins(estate: &Estate) -> impl Iterator<Item = EntityIndex> {
    estate.indices().filter(|index| estate.entity(*index).labels().is_some_and(|labels| labels.get(Entity::KNOWN_AFTER_APPLY).is_some()))
}

/// Whether nothing says in which environment an entity stands.
fn may_be_anybody(estate: &Estate, index: EntityIndex) -> bool {
    matches!(estate.environment(index).environment.class(), EnvironmentClass::Unknown | EnvironmentClass::Shared)
}

fn entities(old: &Estate, new: &Estate) -> EntitiesDiff {
    fn described(estate: &Estate) -> Vec<EntityRef<'_>> {
        estate.entities().iter().filter(|entity| entity.entity_type() != EntityType::Unknown).collect()
    }
    let mut diff = EntitiesDiff::default();
    merge(
        &described(old),
        &described(new),
        |a, b| a.id().cmp(b.id()),
        |pair| match pair {
            Pair::Old(old) => diff.removed.push(old.id().to_owned()),
            Pair::New(new) => diff.added.push(new.id().to_owned()),
            Pair::Both(old, new) if old != new => {
                diff.changed.push(EntityChange { entity: new.id().to_owned(), fields: fields(*old, *new) });
            }
            Pair::Both(..) => {}
        },
    );
    diff
}

fn fields(old: EntityRef<'_>, new: EntityRef<'_>) -> Vec<String> {
    let record = |entity: EntityRef<'_>| {
        let value = match entity.view() {
            EntityView::Tenant(it) => serde_json::to_value(it),
            EntityView::Identity(it) => serde_json::to_value(it),
            EntityView::Secret(it) => serde_json::to_value(it),
            EntityView::Resource(it) => serde_json::to_value(it),
            EntityView::Unknown(_) => Ok(Value::Null),
        };
        value.ok().and_then(|value| value.as_object().cloned()).unwrap_or_default()
    };
    let (old_record, new_record) = (record(old), record(new));
    let names: BTreeSet<&String> = old_record.keys().chain(new_record.keys()).collect();
    let mut fields: Vec<String> = names.into_iter().filter(|name| old_record.get(*name) != new_record.get(*name)).cloned().collect();
    if old.entity_type() != new.entity_type() {
        fields.push("type".to_owned());
    }
    fields
}

fn relations(old: &Estate, new: &Estate) -> RelationsDiff {
    let sorted = |estate: &Estate| {
        let mut relations: Vec<_> = estate.relations().map(|relation| relation.to_relation(estate)).collect();
        let mut countdown = estate.countdown();
        relations.sort_unstable_by(|one, other| {
            countdown.tick();
            one.cmp(other)
        });
        relations
    };
    let mut diff = RelationsDiff::default();
    merge(&sorted(old), &sorted(new), Ord::cmp, |pair| match pair {
        Pair::Old(old) => diff.removed.push(old.clone()),
        Pair::New(new) => diff.added.push(new.clone()),
        Pair::Both(..) => {}
    });
    diff
}

fn crossings(old: &Graph, new: &Graph, observer: &dyn Observer) -> Result<CrossingsDiff> {
    type Key = (String, RelationKind, String, Right, Certainty);
    let of = |graph: &Graph| -> Result<BTreeMap<Key, Crossing>> {
        let estate = graph.estate();
        let mut start = crossing::start(graph, &Selection::class(EnvironmentClass::NonProduction));
        // Whom nobody knows yet may be of non-production.
        start.extend(stand_ins(estate).filter(|index| may_be_anybody(estate, *index)).map(|index| graph.taken(index)));
        let target = marks(&Selection::class(EnvironmentClass::Production).of(estate), estate.len());
        let closure = graph.closure(&start, Certainty::Possible, observer)?;
        let crossings = graph.crossings(&closure, Certainty::Possible, |entity| target[entity.position()]);
        let crossings = crossing::with_ids(graph, &crossings, &target, observer)?;
        Ok(crossings.into_iter().map(|it| ((it.from.clone(), it.kind, it.to.clone(), it.right, it.certainty), it)).collect())
    };
    let (old, new) = (of(old)?, of(new)?);
    let only = |these: &BTreeMap<Key, Crossing>, others: &BTreeMap<Key, Crossing>| {
        these.iter().filter(|(key, _)| !others.contains_key(*key)).map(|(_, crossing)| crossing.clone()).collect()
    };
    Ok(CrossingsDiff { opened: only(&new, &old), closed: only(&old, &new) })
}

fn findings<F: Clone>(old: &[(String, F)], new: &[(String, F)]) -> FindingsDiff<F> {
    let only = |these: &[(String, F)], others: &[(String, F)]| {
        let others: BTreeSet<&String> = others.iter().map(|(fingerprint, _)| fingerprint).collect();
        these.iter().filter(|(fingerprint, _)| !others.contains(fingerprint)).map(|(_, finding)| finding.clone()).collect()
    };
    FindingsDiff { added: only(new, old), resolved: only(old, new) }
}

fn secrets(old: &Estate, new: &Estate, as_of: Instant) -> SecretsDiff {
    let mut diff = SecretsDiff::default();
    for entity in new.entities().iter().filter(|entity| entity.lives_at(as_of)) {
        let before = old.find(entity.id()).and_then(|index| old.entity(index).as_secret());
        let (Some(after), Some(before)) = (entity.as_secret(), before) else { continue };
        let date = |secret: SecretRef<'_>| secret.rotated_at.or(secret.created_at);
        let moved = date(before).zip(date(after)).map(|(before, after)| after > before);
        let value = before.fingerprint.filter(|fingerprint| !fingerprint.is_empty());
        let same = value.is_some() && value == after.fingerprint;
        match moved {
            _ if same => diff.unrotated.push(after.id.to_owned()),
            Some(true) => diff.rotated.push(after.id.to_owned()),
            Some(false) => diff.unrotated.push(after.id.to_owned()),
            None => {}
        }
    }
    diff
}

enum Pair<'a, T> {
    Old(&'a T),
    New(&'a T),
    Both(&'a T, &'a T),
}

/// Walks two sorted lists side by side.
fn merge<T>(old: &[T], new: &[T], order: impl Fn(&T, &T) -> Ordering, mut tell: impl FnMut(Pair<'_, T>)) {
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => order(a, b),
        };
        let (from_old, from_new) = (order != Ordering::Greater, order != Ordering::Less);
        match (from_old.then(|| old.next()).flatten(), from_new.then(|| new.next()).flatten()) {
            (Some(old), None) => tell(Pair::Old(old)),
            (None, Some(new)) => tell(Pair::New(new)),
            (Some(old), Some(new)) => tell(Pair::Both(old, new)),
            (None, None) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::GraphOptions;
    use crate::model::{Environment, Identity, IdentityKind, Secret, SecretKind};
    use crate::observer::Unobserved;

    const NOW: Instant = Instant::from_unix_seconds(1_700_000_000);

    fn estate(relations: &[(&str, &str)], owner: &str, rotated: i64) -> Estate {
        let mut builder = Estate::builder();
        for (id, environment) in [("a", Environment::Staging), ("x", Environment::Production), ("y", Environment::Production)] {
            let identity = Identity { environment: Some(environment), owner: Some(owner.into()), ..Identity::new(id, IdentityKind::Role) };
            builder.add(identity);
        }
        builder.add(Secret { rotated_at: Some(Instant::from_unix_seconds(rotated)), ..Secret::new("s", SecretKind::Token) });
        builder.add(Secret { created_at: Some(NOW), ..Secret::new("t", SecretKind::Token) });
        builder.add(Secret::new("u", SecretKind::Token));
        for (from, to) in relations {
            builder.relate(Relation::new(*from, RelationKind::Assumes, *to));
        }
        builder.build()
    }

    #[test]
    fn tells_what_came_and_what_went() {
        let (old, new) = (estate(&[("a", "x"), ("x", "y")], "one", 1), estate(&[("a", "y"), ("x", "y")], "two", 2));
        let (old, new) = (Graph::new(&old, GraphOptions::at(NOW)), Graph::new(&new, GraphOptions::at(NOW)));
        let finding = |id: &str| (id.to_owned(), id.to_owned());
        let (before, after) = ([finding("kept"), finding("gone")], [finding("kept"), finding("new")]);
        let answer = diff(Snapshot { graph: &old, findings: &before }, Snapshot { graph: &new, findings: &after }, &Unobserved)
            .expect("nobody cancels");
        assert_eq!(answer.entities.changed.len(), 4);
        assert_eq!(answer.entities.changed[0].fields, ["owner"]);
        assert_eq!((answer.relations.added.len(), answer.relations.removed.len()), (1, 1));
        let ends = |crossings: &[Crossing]| crossings.iter().map(|it| format!("{}-{}", it.from, it.to)).collect::<Vec<_>>();
        assert_eq!((ends(&answer.crossings.opened), ends(&answer.crossings.closed)), (vec!["a-y".to_owned()], vec!["a-x".to_owned()]));
        assert_eq!((answer.findings.added, answer.findings.resolved), (vec!["new".to_owned()], vec!["gone".to_owned()]));
        assert_eq!((answer.secrets.rotated, answer.secrets.unrotated), (vec!["s".to_owned()], vec!["t".to_owned()]));
    }
}

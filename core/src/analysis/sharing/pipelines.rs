//! [`Pipelines`]: which identities are pipelines, or are what pipelines act as.

use super::sides::Sides;
use crate::estate::{EntityIndex, SecretCopies};
use crate::model::{Guard, RelationKind, ResourceKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// For each identity that is a pipeline or that pipelines act as: these pipelines, and the runners that act as it. A pipeline that must be approved to act as
/// another is not among them.
#[derive(Debug, Default)]
pub(super) struct Pipelines(HashMap<EntityIndex, BTreeSet<EntityIndex>>);

impl Pipelines {
    /// Costs a pass over the entities and two over the relations.
    pub fn new(sides: Sides<'_>, copies: &SecretCopies) -> Self {
        let estate = sides.estate;
        let all = estate.pipelines(sides.as_of);
        let is_pipeline = |entity: EntityIndex| all.contains(&entity);
        let is_runner = |entity: EntityIndex| estate.entity(entity).as_resource().is_some_and(|it| it.kind == ResourceKind::Runner);
        let mut pipelines = Pipelines::default();
        all.iter().for_each(|entity| pipelines.add(*entity, *entity));
        let mut hold: BTreeMap<EntityIndex, BTreeSet<EntityIndex>> = BTreeMap::new();
        let mut opens = Vec::new();
        for relation in sides.relations().filter(|relation| !relation.guards().contains(Guard::Approval)) {
            let (from, to) = (relation.from(), relation.to());
            match relation.kind() {
                RelationKind::Assumes | RelationKind::FederatesTo if is_pipeline(from) => pipelines.add(to, from),
                RelationKind::RunsAs if is_runner(from) => pipelines.add(to, from),
                RelationKind::Uses if is_pipeline(from) => {
                    hold.entry(copies.first(to)).or_default().insert(from);
                }
                RelationKind::AuthenticatesAs => opens.push((copies.first(from), to)),
                _ => {}
            }
        }
        for (secret, identity) in opens {
            hold.get(&secret).into_iter().flatten().for_each(|pipeline| pipelines.add(identity, *pipeline));
        }
        pipelines
    }

    /// The pipelines that an identity is, or that act as it, in order.
    pub fn of(&self, identity: EntityIndex) -> impl Iterator<Item = EntityIndex> {
        self.0.get(&identity).into_iter().flatten().copied()
    }

    fn add(&mut self, identity: EntityIndex, pipeline: EntityIndex) {
        self.0.entry(identity).or_default().insert(pipeline);
    }
}

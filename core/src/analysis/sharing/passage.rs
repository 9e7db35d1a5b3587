//! [`Passage`]: what groups and whatever has no side of its own pass on, so that a right that is held through them is held where it leads.

use super::environments::Environments;
use super::sides::Sides;
use crate::estate::{EntityIndex, EntityView, RelationRef};
use crate::model::{Environment, Guard, IdentityKind, RelationKind};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where rights lead that are held through others, and from where roles and groups are used.
#[derive(Debug)]
pub(super) struct Passage {
    /// Whether an entity passes on rather than stands somewhere.
    passes: Vec<bool>,
    /// Where whoever holds an entity that passes on has rights.
    leads: Vec<Environments>,
    /// The same without what somebody must approve.
    unapproved: Vec<Environments>,
    /// The first member of each environment, for roles that may have members and groups that do.
    members: HashMap<EntityIndex, BTreeMap<Environment, EntityIndex>>,
}

impl Passage {
    /// Costs two passes over the relations and a few over those that lead from one that passes on to another.
    pub fn new(sides: Sides<'_>) -> Self {
        let none = vec![Environments::default(); sides.estate.len()];
        let mut passage = Passage { passes: passes(sides), leads: none.clone(), unapproved: none, members: HashMap::new() };
        passage.follow(sides);
        passage.gather_members(sides);
        passage
    }

    /// Where whoever has this relation from an identity or a secret comes to have rights, and where nobody has to approve that.
    pub fn rights(&self, sides: Sides<'_>, relation: RelationRef<'_>) -> (Environments, Environments) {
        let to = relation.to();
        let (all, mut free) = if self.passes[to.position()] {
            // What spans by itself is told of itself, not of everybody who may act as it.
            let told = sides.kind(to) != Some(IdentityKind::Group) && self.leads[to.position()].spans_production();
            if told || !passes_through(relation.kind()) {
                return Default::default();
            }
            (self.leads[to.position()], self.unapproved[to.position()])
        } else {
            let side: Environments = sides.of(to).into_iter().collect();
            (side, side)
        };
        if relation.guards().contains(Guard::Approval) {
            free = Environments::default();
        }
        (all, free)
    }

    /// From where something is used that an entity has a right over, and by whom: a role or a group is its members, and a role that nobody holds uses nothing.
    pub fn users(&self, sides: Sides<'_>, entity: EntityIndex) -> Vec<(Environment, EntityIndex)> {
        match self.members.get(&entity) {
            Some(members) => members.iter().map(|(environment, member)| (*environment, *member)).collect(),
            None => sides.of(entity).into_iter().map(|environment| (environment, entity)).collect(),
        }
    }

    /// Follows what passes on until nothing is added: at most as often as the longest chain is long.
    fn follow(&mut self, sides: Sides<'_>) {
        let mut chains = Vec::new();
        let leads = |relation: &RelationRef<'_>| self.passes[relation.from().position()] && leads_on(sides, *relation);
        let (mut all, mut free) = (self.leads.clone(), self.unapproved.clone());
        for relation in sides.relations().filter(leads) {
            let (from, to) = (relation.from().position(), relation.to().position());
            let approved = relation.guards().contains(Guard::Approval);
            match sides.of(relation.to()) {
                _ if self.passes[to] => chains.extend(passes_through(relation.kind()).then_some((from, to, approved))),
                Some(environment) => {
                    all[from].add(environment);
                    if !approved {
                        free[from].add(environment);
                    }
                }
                None => {}
            }
        }
        let mut changed = true;
        while changed {
            changed = false;
            for (from, to, approved) in &chains {
                let (more, freely) = (all[*to], free[*to]);
                changed |= all[*from].join(more);
                changed |= !approved && free[*from].join(freely);
            }
        }
        (self.leads, self.unapproved) = (all, free);
    }

    fn gather_members(&mut self, sides: Sides<'_>) {
        let joins = |relation: &RelationRef<'_>| relation.kind() == RelationKind::MemberOf && sides.is_role_or_group(relation.to());
        let joined: Vec<_> = sides.relations().filter(joins).map(|relation| (relation.from(), relation.to())).collect();
        let acted_as: HashSet<_> = sides.relations().filter(|it| it.kind().acts_as()).map(|relation| relation.to()).collect();
        let binds = |role: &EntityIndex| sides.kind(*role) == Some(IdentityKind::Role) && !acted_as.contains(role);
        let groups = joined.iter().map(|(_, group)| *group).chain(sides.estate.indices().filter(binds));
        self.members = groups.map(|group| (group, BTreeMap::new())).collect();
        let mut changed = true;
        while changed {
            changed = false;
            // A provider's own agents use nothing for either side.
            let agent = |member: EntityIndex| sides.estate.entity(member).as_identity().is_some_and(|it| it.is_provider_managed());
            for (member, group) in joined.iter().filter(|(member, _)| !agent(*member)) {
                let more = self.users(sides, *member);
                let Some(members) = self.members.get_mut(group) else { continue };
                let before = members.len();
                more.into_iter().for_each(|(environment, member)| {
                    members.entry(environment).or_insert(member);
                });
                changed |= members.len() > before;
            }
        }
    }
}

/// What passes on: identities and secrets of no side, and groups of which rights are known. A role stands where it was granted.
fn passes(sides: Sides<'_>) -> Vec<bool> {
    let estate = sides.estate;
    let of_entity = |entity: EntityIndex| match estate.entity(entity).view() {
        EntityView::Identity(_) | EntityView::Secret(_) => sides.of(entity).is_none(),
        _ => false,
    };
    let mut passes: Vec<bool> = estate.indices().map(of_entity).collect();
    for relation in sides.relations().filter(|relation| sides.kind(relation.from()) == Some(IdentityKind::Group)) {
        passes[relation.from().position()] = true;
    }
    passes
}

/// Whether a relation from something that passes on leads anywhere: a secret leads to who it authenticates as.
fn leads_on(sides: Sides<'_>, relation: RelationRef<'_>) -> bool {
    match sides.estate.entity(relation.from()).view() {
        EntityView::Secret(_) => relation.kind() == RelationKind::AuthenticatesAs,
        _ => relation.kind() != RelationKind::Contains,
    }
}

/// Whether who has the relation has what its end has.
fn passes_through(kind: RelationKind) -> bool {
    kind.acts_as() || matches!(kind, RelationKind::MemberOf | RelationKind::Uses)
}

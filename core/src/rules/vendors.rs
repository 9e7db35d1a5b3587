//! [`third_parties`]: what vendors run here, which sides it serves and which rights it holds beyond the policy.

use super::rule::Context;
use crate::estate::{Coverage, EntityIndex, EntityView, RelationRef};
use crate::model::{Certainty, EnvironmentClass, Guard, IdentityKind, RelationKind, Right, TenantKind};
use std::collections::BTreeSet;

/// An identity that a vendor runs, or the tenant of one.
#[derive(Debug)]
pub(super) struct ThirdParty<'a> {
    pub entity: EntityIndex,
    /// The vendor's name, where it is known.
    pub vendor: Option<&'a str>,
    /// The first thing of production that it has to do with, and the first of non-production.
    pub sides: [Option<EntityIndex>; 2],
    /// The relations to these.
    pub ties: [Option<RelationRef<'a>>; 2],
    /// The rights that the policy does not allow, its own first.
    pub excess: Vec<Excess<'a>>,
    /// How many of its rights are mapped, and how many there are.
    rights: [u64; 2],
}

/// A right that the policy does not allow a third party.
#[derive(Debug, Clone, Copy)]
pub(super) struct Excess<'a> {
    pub relation: RelationRef<'a>,
    /// As whom it holds the right; absent for its own.
    pub acts_as: Option<EntityIndex>,
}

/// The third parties that live and that nobody else runs for itself, by id.
pub(super) fn third_parties<'a>(context: &Context<'a>) -> Vec<ThirdParty<'a>> {
    let vendors = context.estate.indices().filter(|entity| context.graph.lives(*entity));
    vendors.filter_map(|entity| Some(third_party(context, entity, vendor(context, entity)?))).collect()
}

/// Of how many rights of third parties it is known what they give; or, where the input names no third party at all, that it names none.
pub(super) fn coverage(context: &Context<'_>) -> Option<Coverage> {
    let parties = third_parties(context);
    if parties.is_empty() {
        let machine = |entity: &EntityIndex| context.estate.entity(*entity).as_identity().is_some_and(|it| it.kind.is_machine());
        let machines = context.estate.indices().filter(|entity| machine(entity) && context.graph.lives(*entity));
        let note = "nobody says which identities vendors run, so none is held to what a vendor may hold";
        return Coverage::counted("third_parties", machines.map(|_| false), note);
    }
    let rights = parties.iter().flat_map(|party| (0..party.rights[1]).map(|at| at < party.rights[0]));
    Coverage::counted("third_party_rights", rights, "rights of third parties that nobody mapped may be more than they need")
}

/// Whether a vendor runs it, and which, where that is known: an identity says so itself or lives in a vendor's tenant.
fn vendor<'a>(context: &Context<'a>, entity: EntityIndex) -> Option<Option<&'a str>> {
    let estate = context.estate;
    let of_tenant = |tenant: EntityIndex| {
        let tenant = estate.entity(tenant);
        tenant.as_tenant().filter(|it| it.kind == TenantKind::Vendor).map(|_| tenant.name())
    };
    match estate.entity(entity).view() {
        EntityView::Tenant(_) => of_tenant(entity).map(Some),
        EntityView::Identity(identity) if !identity.is_provider_managed() && identity.kind != IdentityKind::Human => {
            let home = estate.own_tenant(entity).and_then(of_tenant);
            let named = identity.vendor.or(home);
            (named.is_some() || identity.kind == IdentityKind::ThirdPartyIntegration).then_some(named)
        }
        _ => None,
    }
}

fn third_party<'a>(context: &Context<'a>, entity: EntityIndex, vendor: Option<&'a str>) -> ThirdParty<'a> {
    let (sides, ties, excess, rights) = ([None; 2], [None; 2], Vec::new(), [0; 2]);
    let mut party = ThirdParty { entity, vendor, sides, ties, excess, rights };
    let (mut open, mut seen) = (vec![entity], BTreeSet::from([entity]));
    while let Some(at) = open.pop() {
        for relation in context.estate.relations_from(at).filter(|relation| stands(context, *relation)) {
            if is_step(context, relation) {
                party.serves(context, relation);
                if relation.certainty() == Certainty::Proven && acts(relation) && seen.insert(relation.to()) {
                    open.push(relation.to());
                }
            } else if !is_inside(context, &party, relation) {
                party.add(context, relation, Some(at).filter(|at| *at != entity));
            }
        }
    }
    party
}

/// Whether a relation gives it nothing but the way to something: it acts as somebody, or uses a secret.
fn is_step(context: &Context<'_>, relation: RelationRef<'_>) -> bool {
    relation.kind() == RelationKind::Uses || acts(relation) && context.estate.entity(relation.to()).as_identity().is_some()
}

fn acts(relation: RelationRef<'_>) -> bool {
    use RelationKind as K;
    matches!(relation.kind(), K::Assumes | K::MemberOf | K::FederatesTo | K::Instantiates)
}

/// Whether what it has a right over is the vendor's own.
fn is_inside(context: &Context<'_>, party: &ThirdParty<'_>, relation: RelationRef<'_>) -> bool {
    let home = context.estate.own_tenant(party.entity);
    let vendors_own = home.is_some_and(|home| context.estate.entity(home).as_tenant().is_some_and(|it| it.kind == TenantKind::Vendor));
    vendors_own && context.estate.own_tenant(relation.to()) == home
}

/// Whether a relation is a right or a step that stands: in force, between what lives, and not to be asked for each time.
fn stands(context: &Context<'_>, relation: RelationRef<'_>) -> bool {
    use RelationKind as K;
    let right = relation.kind().is_entitlement() || relation.kind().is_trust() || matches!(relation.kind(), K::RunsOn | K::Uses);
    let lives = context.graph.lives(relation.from()) && context.graph.lives(relation.to());
    right && lives && relation.valid_at(context.as_of) && !relation.guards().contains(Guard::JustInTime)
}

impl<'a> ThirdParty<'a> {
    fn add(&mut self, context: &Context<'a>, relation: RelationRef<'a>, acts_as: Option<EntityIndex>) {
        self.rights[1] += 1;
        let Some(right): Option<Right> = relation.grants() else { return };
        self.rights[0] += 1;
        self.serves(context, relation);
        if !context.policy.third_party.allows(self.vendor, right) {
            self.excess.push(Excess { relation, acts_as });
        }
    }

    fn serves(&mut self, context: &Context<'a>, relation: RelationRef<'a>) {
        let side = match context.estate.environment(relation.to()).class() {
            EnvironmentClass::Production => Some(0),
            EnvironmentClass::NonProduction => Some(1),
            EnvironmentClass::Shared | EnvironmentClass::Unknown => None,
        };
        if let Some(side) = side.filter(|side| self.sides[*side].is_none()) {
            (self.sides[side], self.ties[side]) = (Some(relation.to()), Some(relation));
        }
    }
}

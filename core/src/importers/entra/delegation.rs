//! What one tenant may do in another: delegated administration by partners, inbound access, guests.

use super::add::Adding;
use super::directory_roles;
use super::governance::{Delegation, Partner};
use super::world::{Holding, Kept};
use crate::model::{Certainty, Relation, RelationKind, Right, Tenant, TenantKind};
use std::collections::BTreeMap;

/// Adds it.
pub(super) fn add(adding: &mut Adding<'_>) {
    partners(adding);
    guests(adding);
    for kept in adding.world.governance.delegations.iter().filter(|kept| kept.value.active) {
        adding.at(&kept.origin);
        let partner = adding.tenant_of(&kept.origin);
        let delegation = &kept.value;
        adding.builder.add(Tenant { name: delegation.customer_name.clone(), ..Tenant::new(&delegation.customer, TenantKind::EntraTenant) });
        let roles: Vec<String> = delegation.roles.iter().map(|role| directory_roles::name_of(adding, role)).collect();
        let relation = Relation::new(partner, RelationKind::TrustedBy, &delegation.customer).certainty(Certainty::Possible);
        let permission = format!("delegated administration: {}", if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") });
        adding.relate(Relation { valid_until: delegation.until, ..relation.permission(permission) });
    }
}

/// The roles in tenants of customers that groups of the partner hold by delegations that are in force.
pub(super) fn holdings(adding: &Adding<'_>) -> Vec<Kept<Holding>> {
    let active = adding.world.governance.delegations.iter().map(|kept| &kept.value).filter(|delegation| delegation.active);
    let delegations: BTreeMap<&str, &Delegation> = active.map(|delegation| (delegation.id.as_str(), delegation)).collect();
    let mut holdings = Vec::new();
    for kept in &adding.world.governance.delegated {
        let (of, delegated) = &kept.value;
        let Some(delegation) = delegations.get(of.as_str()).filter(|_| delegated.active) else { continue };
        for role in &delegated.roles {
            let mut origin = kept.origin.clone();
            origin.tenant = Some(delegation.customer.clone());
            holdings.push(Kept {
                value: Holding {
                    role: role.clone(),
                    principal: delegated.group.clone(),
                    scope: "/".to_owned(),
                    eligible: false,
                    from: None,
                    until: delegation.until,
                },
                origin,
            });
        }
    }
    holdings
}

/// Whom a tenant lets in: guests hold nothing by that alone, partners what the relationship gives them, which no export of this side shows.
fn partners(adding: &mut Adding<'_>) {
    for kept in &adding.world.governance.partners {
        let partner = &kept.value;
        let Some(other) = &partner.tenant else { continue };
        adding.at(&kept.origin);
        let tenant = adding.tenant_of(&kept.origin);
        adding.tenant(other);
        for (permission, grants) in trusts(partner) {
            let relation = Relation::new(other, RelationKind::TrustedBy, &tenant).certainty(Certainty::Possible).permission(permission);
            adding.relate(grants.map_or_else(|| relation.clone(), |right| relation.clone().granting(right)));
        }
    }
}

/// What a partner is trusted with, and the right that gives: that of its kind where it is none.
fn trusts(partner: &Partner) -> Vec<(&'static str, Option<Right>)> {
    let mut trusts = Vec::new();
    if partner.provider {
        trusts.push(("service provider", None));
    } else if partner.open != Some(false) && !partner.synchronised {
        let permission = if partner.mfa_taken { "inbound collaboration: its second factor is taken" } else { "inbound collaboration" };
        trusts.push((permission, Some(Right::Read)));
    }
    if partner.synchronised {
        trusts.push(("inbound synchronization of users", Some(Right::Write)));
    }
    trusts
}

/// Guests whose account at home is in the input too: whoever holds that signs in as the guest.
fn guests(adding: &mut Adding<'_>) {
    let mut homes: BTreeMap<String, Vec<(&str, String)>> = BTreeMap::new();
    for kept in adding.world.users.iter().filter(|kept| kept.value.guest_of.is_none()) {
        let tenant = adding.world.tenants.of(&kept.origin);
        for address in &kept.value.addresses {
            homes.entry(address.clone()).or_default().push((&kept.value.id, tenant.clone()));
        }
    }
    for kept in &adding.world.users {
        let Some(address) = &kept.value.guest_of else { continue };
        adding.at(&kept.origin);
        let tenant = adding.tenant_of(&kept.origin);
        for (home, _) in homes.get(address).into_iter().flatten().filter(|(_, of)| *of != tenant) {
            adding.relate(Relation::new(*home, RelationKind::FederatesTo, &kept.value.id).permission("guest"));
        }
    }
}

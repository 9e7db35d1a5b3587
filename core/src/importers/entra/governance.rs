//! What governs access beside roles and permissions, as it is read: groups that are joined for a time, administrative units, conditional access,
//! delegated administration, and what a tenant lets in from others.

use super::fields::Fields;
use super::take::Take;
use super::world::{Holding, Kept};
use crate::model::Instant;
use std::collections::BTreeSet;

/// What all inputs say of it.
#[derive(Debug, Default)]
pub(super) struct Governance {
    pub group_holdings: Vec<Kept<GroupHolding>>,
    pub units: Vec<Kept<Unit>>,
    pub policies: Vec<Kept<AccessPolicy>>,
    /// Whether the security defaults are on.
    pub defaults: Vec<Kept<bool>>,
    pub delegations: Vec<Kept<Delegation>>,
    /// The groups of the partner that a delegation gives roles, by the id of the delegation.
    pub delegated: Vec<Kept<(String, Delegated)>>,
    pub partners: Vec<Kept<Partner>>,
}

/// A group that somebody is in, owns, or may be, as privileged access tells it.
#[derive(Debug)]
pub(super) struct GroupHolding {
    pub group: String,
    pub principal: String,
    pub owner: bool,
    pub eligible: bool,
    pub from: Option<Instant>,
    pub until: Option<Instant>,
}

/// An administrative unit.
#[derive(Debug)]
pub(super) struct Unit {
    pub id: String,
    /// Whether only who administers the unit reaches what is in it.
    pub restricted: bool,
}

/// A policy of conditional access. A list that is not there is empty.
#[derive(Debug, Default)]
pub(super) struct AccessPolicy {
    pub enabled: bool,
    pub users: Scope,
    pub groups: Scope,
    pub roles: Scope,
    pub service_principals: Scope,
    pub applications: Scope,
    pub client_types: BTreeSet<String>,
    pub locations: Scope,
    /// Whether it asks for something that no export shows: a risk, a platform, a device, a filter.
    pub other_conditions: bool,
    /// What it grants access for: `mfa`, `block`, a strength.
    pub controls: BTreeSet<String>,
    /// Whether one of several controls is enough.
    pub any: bool,
}

/// What a condition includes and excludes, in lower case.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub include: BTreeSet<String>,
    pub exclude: BTreeSet<String>,
}

/// A relationship of delegated administration, from the partner's side.
#[derive(Debug)]
pub(super) struct Delegation {
    pub id: String,
    pub customer: String,
    pub customer_name: Option<String>,
    pub roles: BTreeSet<String>,
    pub active: bool,
    pub until: Option<Instant>,
}

/// A group of the partner that holds roles of the customer.
#[derive(Debug)]
pub(super) struct Delegated {
    pub group: String,
    pub roles: BTreeSet<String>,
    pub active: bool,
}

/// What a tenant lets in from another, or from any where it names none.
#[derive(Debug, Default)]
pub(super) struct Partner {
    pub tenant: Option<String>,
    /// Whether users of the other may be invited or connect; unknown where the default decides.
    pub open: Option<bool>,
    pub provider: bool,
    /// Whether a second factor of the other counts.
    pub mfa_taken: bool,
    /// Whether the other writes its users into this one.
    pub synchronised: bool,
}

impl Scope {
    fn of(fields: &Fields, what: &str) -> Scope {
        let list = |word: &str| fields.texts(&format!("{word}{what}")).into_iter().map(|text| text.to_ascii_lowercase()).collect();
        Scope { include: list("include"), exclude: list("exclude") }
    }

    /// Whether it includes all there is.
    pub fn is_all(&self) -> bool {
        self.include.contains("all") && self.exclude.is_empty()
    }
}

impl Take<'_, '_> {
    /// Who is in a group, or may be. Only an assignment tells of which type it is.
    pub(super) fn group_holding(&mut self, fields: &Fields) -> Option<()> {
        let schedule = fields.inner("scheduleInfo");
        let expiration = schedule.as_ref().and_then(|schedule| schedule.inner("expiration"));
        let kept = self.keep(GroupHolding {
            group: fields.id("groupId")?,
            principal: fields.id("principalId")?,
            owner: fields.text("accessId").is_some_and(|access| access.eq_ignore_ascii_case("owner")),
            eligible: !fields.has("assignmentType") && !fields.has("assignmentScheduleId"),
            from: fields.instant("startDateTime").or_else(|| schedule.as_ref().and_then(|schedule| schedule.instant("startDateTime"))),
            until: fields.instant("endDateTime").or_else(|| expiration.and_then(|expiration| expiration.instant("endDateTime"))),
        });
        self.world.governance.group_holdings.push(kept);
        Some(())
    }

    /// An administrative unit.
    pub(super) fn unit(&mut self, fields: &Fields) -> Option<()> {
        let kept = self.keep(Unit { id: fields.id("id")?, restricted: fields.flag("isMemberManagementRestricted") == Some(true) });
        self.world.governance.units.push(kept);
        Some(())
    }

    /// A directory role over an administrative unit, as the unit lists it.
    pub(super) fn scoped_role(&mut self, fields: &Fields) -> Option<()> {
        self.world.seen.holdings = true;
        let kept = self.keep(Holding {
            role: fields.id("roleId")?,
            principal: fields.inner("roleMemberInfo")?.id("id")?,
            scope: format!("/administrativeunits/{}", fields.id("administrativeUnitId")?),
            eligible: false,
            from: None,
            until: None,
        });
        self.world.holdings.push(kept);
        Some(())
    }

    /// A policy of conditional access.
    pub(super) fn access_rule(&mut self, fields: &Fields) -> Option<()> {
        let conditions = fields.inner("conditions").unwrap_or_default();
        let inner = |name: &str| conditions.inner(name).unwrap_or_default();
        let (users, clients, applications) = (inner("users"), inner("clientApplications"), inner("applications"));
        let controls = fields.inner("grantControls").unwrap_or_default();
        let mut asked: BTreeSet<String> = controls.texts("builtInControls").iter().map(|control| control.to_ascii_lowercase()).collect();
        if controls.has("authenticationStrength") {
            asked.insert("mfa".to_owned());
        }
        let more = ["customAuthenticationFactors", "termsOfUse"].iter().flat_map(|name| controls.texts(name));
        asked.extend(more.map(|control| format!("other:{control}")));
        let told = |name: &str| conditions.get(name).is_some_and(|value| !is_empty(value));
        let other = ["userRiskLevels", "signInRiskLevels", "servicePrincipalRiskLevels", "insiderRiskLevels", "devices", "deviceStates"];
        let platforms = conditions.inner("platforms").is_some_and(|platforms| !Scope::of(&platforms, "Platforms").is_all());
        let filters = [&applications, &clients].iter().any(|it| it.has("applicationFilter") || it.has("servicePrincipalFilter"));
        let actions = ["includeUserActions", "includeAuthenticationContextClassReferences"].iter().any(|name| {
            let list = applications.texts(name);
            !list.is_empty()
        });
        let guests = ["includeGuestsOrExternalUsers", "excludeGuestsOrExternalUsers"].iter().any(|name| users.has(name));
        let kept = self.keep(AccessPolicy {
            enabled: fields.text("state").is_some_and(|state| state.eq_ignore_ascii_case("enabled")),
            users: Scope::of(&users, "Users"),
            groups: Scope::of(&users, "Groups"),
            roles: Scope::of(&users, "Roles"),
            service_principals: Scope::of(&clients, "ServicePrincipals"),
            applications: Scope::of(&applications, "Applications"),
            client_types: conditions.texts("clientAppTypes").iter().map(|kind| kind.to_ascii_lowercase()).collect(),
            locations: Scope::of(&inner("locations"), "Locations"),
            other_conditions: other.iter().any(|name| told(name)) || platforms || filters || actions || guests,
            controls: asked,
            any: !controls.text("operator").is_some_and(|operator| operator.eq_ignore_ascii_case("AND")),
        });
        self.world.governance.policies.push(kept);
        Some(())
    }

    /// Whether the security defaults are on.
    pub(super) fn security_defaults(&mut self, fields: &Fields) -> Option<()> {
        let kept = self.keep(fields.flag("isEnabled")?);
        self.world.governance.defaults.push(kept);
        Some(())
    }

    /// A relationship of delegated administration, with the groups that hold its roles where it was expanded.
    pub(super) fn delegation(&mut self, fields: &Fields) -> Option<()> {
        let (id, customer) = (fields.id("id")?, fields.inner("customer")?);
        let extends = fields.text("autoExtendDuration").is_some_and(|duration| duration != "PT0S");
        let kept = self.keep(Delegation {
            customer: customer.id("tenantId")?,
            customer_name: customer.owned("displayName"),
            roles: roles_of(fields),
            active: fields.text("status").is_some_and(|status| ["active", "expiring"].contains(&status.to_ascii_lowercase().as_str())),
            until: fields.instant("endDateTime").filter(|_| !extends),
            id: id.clone(),
        });
        self.world.governance.delegations.push(kept);
        for inner in fields.objects("accessAssignments") {
            self.delegated(&inner, Some(&id));
        }
        Some(())
    }

    /// A group that a delegation gives roles; `parent` is the delegation.
    pub(super) fn delegated(&mut self, fields: &Fields, parent: Option<&str>) {
        let group = fields.inner("accessContainer").and_then(|container| container.id("accessContainerId"));
        let (Some(group), Some(parent)) = (group, parent) else { return self.skip(NO_DELEGATION) };
        let active = fields.text("status").is_none_or(|status| status.eq_ignore_ascii_case("active"));
        let kept = self.keep((parent.to_owned(), Delegated { group, roles: roles_of(fields), active }));
        self.world.governance.delegated.push(kept);
    }

    /// What a tenant lets in from another, or from any.
    pub(super) fn partner(&mut self, fields: &Fields) -> Option<()> {
        self.world.seen.cross_tenant = true;
        let synchronised = |fields: &Fields| fields.inner("userSyncInbound").is_some_and(|sync| sync.flag("isSyncAllowed") == Some(true));
        let expanded = fields.inner("identitySynchronization").is_some_and(|inner| synchronised(&inner));
        let allows = |name: &str| {
            let access = fields.inner(name).and_then(|inbound| inbound.inner("usersAndGroups")).and_then(|users| users.owned("accessType"));
            access.map(|access| access.eq_ignore_ascii_case("allowed"))
        };
        // Either way in is enough.
        let open = match (allows("b2bCollaborationInbound"), allows("b2bDirectConnectInbound")) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (None, None) => None,
            _ => Some(false),
        };
        let kept = self.keep(Partner {
            tenant: fields.id("tenantId"),
            open,
            provider: fields.flag("isServiceProvider") == Some(true),
            mfa_taken: fields.inner("inboundTrust").is_some_and(|trust| trust.flag("isMfaAccepted") == Some(true)),
            synchronised: expanded || synchronised(fields),
        });
        self.world.governance.partners.push(kept);
        Some(())
    }
}

const NO_DELEGATION: &str =
    "an access assignment that does not say its group, or of which delegated relationship it is; export it within the relationship";

fn roles_of(fields: &Fields) -> BTreeSet<String> {
    let details = fields.inner("accessDetails").unwrap_or_default();
    details.objects("unifiedRoles").iter().filter_map(|role| role.id("roleDefinitionId")).collect()
}

/// Whether a value says nothing: an empty list, or one of such.
fn is_empty(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => true,
        serde_json::Value::Array(list) => list.is_empty(),
        serde_json::Value::Object(fields) => fields.values().all(is_empty),
        _ => false,
    }
}

//! [`Demands`]: what conditional access asks of users and service principals, as far as its policies can be evaluated.
//!
//! Source: Microsoft Entra documentation, "Building a Conditional Access policy" and "Conditional Access for workload identities".

use super::add::Adding;
use super::governance::AccessPolicy;
use super::world::{Kept, Origin};
use crate::model::{Controls, Tenant, TenantKind};
use std::collections::{BTreeMap, BTreeSet};

/// Who must meet what, by id.
#[derive(Debug, Default)]
pub(super) struct Demands {
    /// The users who sign in with a second factor, to whatever they sign in.
    pub mfa: BTreeSet<String>,
    /// The service principals that sign in from some networks only.
    pub network: BTreeSet<String>,
    /// How many policies are in force, and how many of these were evaluated.
    pub in_force: usize,
    pub evaluated: usize,
}

/// What is known of whom a policy may mean.
struct Who<'a> {
    adding: &'a Adding<'a>,
    /// The groups of each member, those within groups too.
    groups: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The groups whose members are in the input.
    listed: BTreeSet<&'a str>,
    /// The templates of the roles of each holder.
    roles: BTreeMap<&'a str, BTreeSet<String>>,
}

/// Evaluates the policies, and says of each tenant whether everybody needs a second factor.
pub(super) fn evaluate(adding: &mut Adding<'_>) -> Demands {
    let mut demands = Demands::default();
    let mut everybody: BTreeMap<String, bool> = BTreeMap::new();
    for kept in &adding.world.governance.defaults {
        let on = everybody.entry(adding.world.tenants.of(&kept.origin)).or_default();
        *on |= kept.value;
    }
    let who = Who::new(adding);
    for kept in adding.world.governance.policies.iter().filter(|kept| kept.value.enabled) {
        demands.in_force += 1;
        let policy = &kept.value;
        let tenant = adding.world.tenants.of(&kept.origin);
        if policy.asks_for_mfa() {
            demands.evaluated += 1;
            // Who is excluded is told by lists that may be missing: then nobody is known to be asked.
            if policy.groups.exclude.iter().all(|group| who.listed.contains(group.as_str())) {
                demands.mfa.extend(who.users(&kept.origin).filter(|user| who.is_meant(policy, user)).map(str::to_owned));
            }
            let none_excluded = policy.users.is_all() && policy.groups.exclude.is_empty() && policy.roles.exclude.is_empty();
            *everybody.entry(tenant).or_default() |= none_excluded;
        } else if policy.keeps_workloads_in_networks() {
            demands.evaluated += 1;
            demands.network.extend(who.workloads(&kept.origin).filter(|id| policy.means_workload(id)).map(str::to_owned));
        }
    }
    for (tenant, on) in everybody {
        adding.tenant(&tenant);
        let controls = Controls { mfa_required: on.then_some(true), ..Controls::default() };
        adding.builder.add(Tenant { controls, ..Tenant::new(tenant, TenantKind::EntraTenant) });
    }
    demands
}

impl AccessPolicy {
    /// Whether it asks for a second factor, whatever is signed in to and from wherever.
    fn asks_for_mfa(&self) -> bool {
        let asks = self.controls.contains("mfa") && (!self.any || self.controls.len() == 1);
        let everywhere = self.locations.include.is_empty() || self.locations.is_all();
        let every_client = self.client_types.is_empty() || self.client_types.contains("all");
        asks && everywhere && every_client && self.applications.is_all() && !self.other_conditions
    }

    /// Whether it keeps service principals from signing in outside of some networks.
    fn keeps_workloads_in_networks(&self) -> bool {
        let blocks = self.controls.contains("block") && self.controls.len() == 1;
        let outside = self.locations.include.contains("all") && !self.locations.exclude.is_empty();
        blocks && outside && self.applications.is_all() && !self.service_principals.include.is_empty() && !self.other_conditions
    }

    fn means_workload(&self, id: &str) -> bool {
        let scope = &self.service_principals;
        let included = scope.include.contains("serviceprincipalsinmytenant") || scope.include.contains(id);
        included && !scope.exclude.contains(id)
    }
}

impl<'a> Who<'a> {
    fn new(adding: &'a Adding<'_>) -> Who<'a> {
        let world = adding.world;
        let mut direct: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for kept in &world.members {
            direct.entry(kept.value.of.as_str()).or_default().insert(kept.value.over.as_str());
        }
        let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for member in world.users.iter().map(|kept| kept.value.id.as_str()) {
            let mut found: BTreeSet<&str> = BTreeSet::new();
            let mut open = vec![member];
            while let Some(at) = open.pop() {
                open.extend(direct.get(at).into_iter().flatten().filter(|group| found.insert(group)));
            }
            groups.insert(member, found);
        }
        let templates: BTreeMap<&str, &str> = world
            .roles
            .iter()
            .map(|kept| (kept.value.id.as_str(), kept.value.template.as_ref().unwrap_or(&kept.value.id).as_str()))
            .collect();
        let mut roles: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for holding in world.holdings.iter().map(|kept| &kept.value) {
            let template = templates.get(holding.role.as_str()).copied().unwrap_or(&holding.role);
            roles.entry(holding.principal.as_str()).or_default().insert(template.to_owned());
        }
        let listed = world.members.iter().map(|kept| kept.value.over.as_str()).collect();
        Who { adding, groups, listed, roles }
    }

    /// The users of the tenant of a policy.
    fn users<'u>(&'u self, origin: &Origin) -> impl Iterator<Item = &'a str> + use<'u, 'a> {
        let tenants = &self.adding.world.tenants;
        let tenant = tenants.of(origin);
        let here = move |kept: &&Kept<super::world::Object>| tenants.of(&kept.origin) == tenant;
        self.adding.world.users.iter().filter(here).map(|kept| kept.value.id.as_str())
    }

    /// The service principals of the tenant of a policy that such a policy reaches: those of its own applications that stand in no other tenant.
    fn workloads<'u>(&'u self, origin: &Origin) -> impl Iterator<Item = &'a str> + use<'u, 'a> {
        let tenants = &self.adding.world.tenants;
        let tenant = tenants.of(origin);
        let reached = move |kept: &&Kept<super::world::ServicePrincipal>| {
            let value = &kept.value;
            value.single && !value.managed && value.home.as_ref() == Some(&tenant) && tenants.of(&kept.origin) == tenant
        };
        self.adding.world.service_principals.iter().filter(reached).map(|kept| kept.value.id.as_str())
    }

    fn is_meant(&self, policy: &AccessPolicy, user: &str) -> bool {
        let groups = self.groups.get(user);
        let own = self.roles.get(user).into_iter();
        let through = groups.into_iter().flatten().filter_map(|group| self.roles.get(group));
        let roles: BTreeSet<&str> = own.chain(through).flatten().map(String::as_str).collect();
        let in_groups = |set: &BTreeSet<String>| groups.is_some_and(|groups| set.iter().any(|group| groups.contains(group.as_str())));
        let in_roles = |set: &BTreeSet<String>| set.iter().any(|role| roles.contains(role.as_str()));
        let of_users = |set: &BTreeSet<String>| set.contains(user) || set.contains("all");
        let included = of_users(&policy.users.include) || in_groups(&policy.groups.include) || in_roles(&policy.roles.include);
        let excluded = of_users(&policy.users.exclude)
            || policy.users.exclude.contains("guestsorexternalusers")
            || in_groups(&policy.groups.exclude)
            || in_roles(&policy.roles.exclude);
        included && !excluded
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Authentication;
    use crate::{Input, ReadOptions, read};
    use serde_json::{Value, json};

    /// Whether a user is known to sign in with a second factor, under a policy that differs from one which asks everybody.
    fn asked(change: impl Fn(&mut Value)) -> bool {
        let mut policy = json!({
            "id": "p", "state": "enabled", "sessionControls": null,
            "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["all"]},
            "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
        });
        change(&mut policy);
        let records = [
            json!({"id": "t", "verifiedDomains": [], "displayName": "acme"}),
            json!({"id": "ann", "userPrincipalName": "ann@acme.example"}),
            json!({"id": "staff", "securityEnabled": true, "members": [{"@odata.type": "#microsoft.graph.user", "id": "ann"}]}),
            json!({"id": "h", "roleDefinitionId": "role", "principalId": "staff", "directoryScopeId": "/"}),
            policy,
        ];
        let text: String = records.iter().map(|record| format!("{record}\n")).collect();
        let estate = read(&[Input::new("x", text).format("entra")], &ReadOptions::default()).expect("an estate");
        let ann = estate.find("ann").and_then(|at| estate.entity(at).as_identity()).expect("ann");
        ann.authentication.contains(&Authentication::Mfa)
    }

    #[test]
    fn only_what_is_asked_of_everybody_everywhere_is_a_second_factor() {
        let users = |users: Value| move |policy: &mut Value| policy["conditions"]["users"] = users.clone();
        assert!(asked(|_| {}));
        assert!(asked(users(json!({"includeGroups": ["STAFF"]}))) && asked(users(json!({"includeRoles": ["role"]}))));
        assert!(!asked(users(json!({"includeUsers": ["All"], "excludeUsers": ["ann"]}))));
        assert!(!asked(users(json!({"includeUsers": ["All"], "excludeGroups": ["staff"]}))));
        // Who is in that group nobody says.
        assert!(!asked(users(json!({"includeUsers": ["All"], "excludeGroups": ["other"]}))));
        assert!(asked(users(json!({"includeUsers": ["All"], "excludeRoles": ["another"]}))));
        assert!(!asked(users(json!({"includeUsers": ["bob"]}))));
        for (at, value) in [
            ("/state", json!("enabledForReportingButNotEnforced")),
            ("/grantControls/builtInControls", json!(["mfa", "compliantDevice"])),
            ("/grantControls/builtInControls", json!(["block"])),
            ("/conditions/applications/includeApplications", json!(["Office365"])),
            ("/conditions/clientAppTypes", json!(["browser"])),
        ] {
            assert!(!asked(|policy| *policy.pointer_mut(at).expect("a field") = value.clone()), "{at} {value}");
        }
        assert!(!asked(
            |policy| policy["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]})
        ));
        assert!(!asked(|policy| policy["conditions"]["signInRiskLevels"] = json!(["high"])));
        assert!(asked(|policy| policy["conditions"]["signInRiskLevels"] = json!([])));
        assert!(asked(|policy| policy["grantControls"] = json!({"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]})));
        assert!(asked(
            |policy| policy["grantControls"] = json!({"operator": "OR", "builtInControls": [], "authenticationStrength": {"id": "x"}})
        ));
    }
}

//! What was not in the inputs, or could not be judged.

use super::add::Adding;
use crate::estate::Coverage;
use std::collections::BTreeSet;

/// How many names a note lists.
const LISTED: usize = 20;

/// Adds what the reading covers.
pub(super) fn add(adding: &mut Adding<'_>) {
    let world = adding.world;
    let seen = &world.seen;
    let principals: BTreeSet<&String> = world.service_principals.iter().map(|kept| &kept.value.id).collect();
    let applications: BTreeSet<&String> = world.applications.iter().map(|kept| &kept.value.app_id).collect();
    let owned: BTreeSet<String> = world.owners.iter().map(|kept| world.entity_of(&kept.value.over)).collect();
    let owners = applications.iter().filter(|id| owned.contains(**id)).count();
    let dated = world.users.iter().filter(|kept| kept.value.last_used_at.is_some()).count();
    let mfa: BTreeSet<&String> = world.users.iter().filter(|kept| kept.value.mfa.is_some()).map(|kept| &kept.value.id).collect();
    let users: BTreeSet<&String> = world.users.iter().map(|kept| &kept.value.id).collect();
    let groups: BTreeSet<&String> = world.groups.iter().map(|kept| &kept.value.id).collect();
    let joined: BTreeSet<&String> = world.members.iter().map(|kept| &kept.value.over).collect();
    let members = groups.iter().filter(|id| joined.contains(**id)).count();
    let directory = !principals.is_empty() || !applications.is_empty();
    let pages = seen.pages.values();
    let (named, inputs) = world.tenants.counted();
    let unnamed = world.tenants.used_unnamed();
    let locks = applications.iter().filter(|id| adding.locks.contains_key(**id)).count();
    let counts = std::mem::take(&mut adding.counts);
    let unmapped: Vec<String> = counts.unmapped.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    let asked = (adding.demands.evaluated, adding.demands.in_force);
    let mut cover = |topic: &str, known: usize, total: usize, note: String| {
        if total > 0 {
            adding.builder.cover(Coverage { topic: topic.into(), known: known as u64, total: total as u64, note });
        }
    };
    let rows: [(&str, usize, usize, &str); 14] = [
        (
            "entra_tenants_named",
            named,
            if unnamed { inputs } else { 0 },
            "inputs whose tenant something tells (an organization beside them, a folder `tenant=NAME`), of all; the rest is taken to be of one tenant",
        ),
        (
            "entra_sign_ins",
            usize::from(seen.sign_ins),
            usize::from(directory),
            "whether the report on sign-ins of service principals is in the input; without it nobody knows when one was last used",
        ),
        (
            "entra_role_assignments",
            usize::from(seen.holdings),
            usize::from(directory),
            "whether directory roles are in the input; without them nobody knows who administers the tenant",
        ),
        (
            "entra_role_eligibility",
            usize::from(seen.eligibility),
            usize::from(directory),
            "whether roles that may be activated are in the input (`roleEligibilityScheduleInstances`)",
        ),
        (
            "entra_permissions",
            usize::from(seen.grants),
            usize::from(directory),
            "whether application permissions that were granted are in the input (`appRoleAssignments`)",
        ),
        (
            "entra_consents",
            usize::from(seen.consents),
            usize::from(directory),
            "whether delegated permissions are in the input (`oauth2PermissionGrants`); AzureHound does not collect them",
        ),
        (
            "entra_federated_credentials",
            usize::from(seen.federated),
            usize::from(directory),
            "whether federated credentials are in the input; without them nobody knows whose tokens applications take",
        ),
        (
            "entra_cross_tenant_access",
            usize::from(seen.cross_tenant),
            usize::from(directory),
            "whether the cross-tenant access policy is in the input; without it nobody knows which tenants are let in",
        ),
        (
            "entra_application_owners",
            owners,
            applications.len(),
            "applications of which the input names an owner, of all; one that has none looks like one whose owners were not exported",
        ),
        (
            "entra_application_locks",
            locks,
            applications.len(),
            "applications of which the input says whether credentials of their service principals are locked, of all",
        ),
        (
            "entra_group_members",
            members,
            groups.len(),
            "groups of which the input names a member, of all; an empty group looks like one whose members were not exported",
        ),
        ("entra_user_sign_ins", dated, users.len(), "users of whom the input says when they signed in, of all"),
        (
            "entra_user_mfa",
            mfa.len(),
            users.len(),
            "users of whom the input says whether they registered a second factor, of all (`userRegistrationDetails`)",
        ),
        (
            "azure_access",
            usize::from(seen.azure),
            usize::from(directory),
            "whether anything of Azure is in the input; without it nobody knows what identities hold there",
        ),
    ];
    for (topic, known, total, note) in rows {
        cover(topic, known, total, note.to_owned());
    }
    let lists = pages.clone().count();
    let whole = pages.filter(|(more, last)| !more || *last).count();
    if whole < lists {
        cover("entra_pages", whole, lists, "lists whose last page is in the input, of all; the rest says that more follow".to_owned());
    }
    if seen.unbound > 0 {
        let note = "elements of lists of owners or members that do not say whose they are; export them with `$expand`, or as recorded replies with their address";
        cover("entra_unbound_lists", 0, seen.unbound as usize, note.to_owned());
    }
    let governance = &world.governance;
    let demands = asked;
    let read = !governance.policies.is_empty() || !governance.defaults.is_empty();
    let note = "whether the policies of conditional access are in the input; without them nobody knows who must show a second factor, or come from where";
    cover("entra_conditional_access", usize::from(read), usize::from(directory), note.to_owned());
    let note = "policies of conditional access in force that were evaluated, of all: those that ask everybody they mean for a second factor, to whatever \
                they sign in, and those that keep service principals in networks; what the others ask for is taken to be asked of nobody";
    cover("entra_conditional_access_policies", demands.0, demands.1, note.to_owned());
    let note =
        "directory roles over an administrative unit whose members are in the input, of all; the others may reach anything of their tenant";
    cover("entra_administrative_units", counts.scoped_known as usize, counts.scoped as usize, note.to_owned());
    let told: BTreeSet<&String> = governance.delegated.iter().map(|kept| &kept.value.0).collect();
    let in_force = governance.delegations.iter().filter(|kept| kept.value.active);
    let with_groups = in_force.clone().filter(|kept| told.contains(&kept.value.id)).count();
    let note = "delegated relationships in force whose groups are in the input, of all (`accessAssignments`); of the others nobody knows who holds their roles";
    cover("entra_delegations", with_groups, in_force.count(), note.to_owned());
    let open = governance.partners.iter().filter(|kept| kept.value.tenant.is_none() && kept.value.open == Some(true)).count();
    let note = "tenants whose default lets users of any other tenant be invited: those that are let in have no relation of their own";
    cover("entra_cross_tenant_default", 0, open, note.to_owned());
    let known = counts.grants - counts.unmapped_grants;
    let note = match unmapped.is_empty() {
        true => "every permission that was granted is in a table".to_owned(),
        false => format!("grants of permissions that no table has are kept and conduct nothing: {}", unmapped.join(", ")),
    };
    cover("entra_permissions_mapped", known as usize, counts.grants as usize, note);
    let note = "eligible assignments whose policy says what activation asks for, of all; the others are possible";
    cover("entra_activation_policies", counts.eligible_known as usize, counts.eligible as usize, note.to_owned());
    let judged = counts.azure_holdings - counts.azure_unmapped;
    let note = "assignments of Azure roles whose definition is in a table or in the input, of all; the others are kept and conduct nothing";
    cover("azure_roles_mapped", judged as usize, counts.azure_holdings as usize, note.to_owned());
    let note = "deny assignments are not evaluated: what they take away is shown as held";
    cover("azure_deny_assignments", 0, usize::from(seen.denied), note.to_owned());
    let note = "conditions of assignments were not evaluated: what hangs on them is possible, not proven";
    cover("azure_conditions", 0, counts.conditional as usize, note.to_owned());
}

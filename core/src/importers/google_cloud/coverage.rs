//! What was not in the inputs, or could not be judged.

use super::bindings::Counts;
use super::world::World;
use crate::estate::{Coverage, EstateBuilder};

/// Adds what the reading covers.
pub(super) fn add(world: &World, counts: &Counts, builder: &mut EstateBuilder) {
    let mut cover = |topic: &str, known: u64, total: u64, note: String| {
        if total > 0 {
            builder.cover(Coverage { topic: topic.into(), known, total, note });
        }
    };
    let content = |there: bool, topic: &str, note: &str, cover: &mut dyn FnMut(&str, u64, u64, String)| {
        if !there {
            cover(topic, 0, 1, note.to_owned());
        }
    };
    let seen = &world.seen;
    content(
        seen.resources,
        "google_resources",
        "no export of content type resource was read: projects have no labels and secrets no dates",
        &mut cover,
    );
    content(seen.policies, "google_policies", "no export of content type iam-policy was read: who holds what is unknown", &mut cover);
    content(
        seen.keys,
        "google_service_account_keys",
        "no service-account key was read: whether there are any, and how old, is unknown",
        &mut cover,
    );
    content(false, "google_last_use", "the export does not say when an account, a key or a role was last used", &mut cover);
    content(false, "google_service_account_creation", "the export does not say when a service account was created", &mut cover);
    content(false, "google_group_members", "the export does not say who is in a group or a domain", &mut cover);
    let unmapped = listed(counts.roles.iter());
    cover(
        "google_roles_mapped",
        counts.grants - counts.unmapped,
        counts.grants,
        match unmapped.as_str() {
            "" => "every role that was granted is mapped".to_owned(),
            roles => format!("grants of roles nobody mapped are kept and conduct nothing: {roles}"),
        },
    );
    cover(
        "google_service_agent_roles",
        0,
        counts.agents,
        "what Google's own service agents hold by the roles made for them is kept and conducts nothing".to_owned(),
    );
    cover(
        "google_conditions",
        0,
        counts.conditional,
        "conditions of bindings were not evaluated: what hangs on them is possible, not proven".to_owned(),
    );
    cover(
        "google_policies_named",
        counts.policies - counts.unnamed,
        counts.policies,
        "a bare policy does not name its resource; where its file does not either, a placeholder stands for it".to_owned(),
    );
    let (judged, unjudged) = world.roles.judged();
    let note = match listed(unjudged.iter()).as_str() {
        "" => "every permission of the custom roles was judged".to_owned(),
        permissions => format!("permissions of custom roles that no table has are taken to give nothing: {permissions}"),
    };
    cover("google_custom_role_permissions", judged, judged + unjudged.len() as u64, note);
}

/// How many names a note lists.
const LISTED: usize = 20;

/// The first names, and how many more there are.
fn listed<'n>(names: impl ExactSizeIterator<Item = &'n String>) -> String {
    let more = names.len().saturating_sub(LISTED);
    let mut listed = names.take(LISTED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if more > 0 {
        listed.push_str(&format!(" and {more} more"));
    }
    listed
}

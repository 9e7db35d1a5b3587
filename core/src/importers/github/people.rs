//! Teams, members and owners of an organisation, and the roles that it made.

use super::adding::Adding;
use super::ids;
use super::place::Whereabouts;
use super::settings::{Access, Given, Owner, Settings, Team};
use super::shape::Item;
use super::world::{Kept, World};
use crate::estate::EstateBuilder;
use crate::model::{Identity, IdentityKind, Relation, RelationKind};

/// Keeps a team of an organisation.
pub(super) fn team(world: &mut World, item: &Item<'_>) -> Option<()> {
    let parent = item.value.get("parent").and_then(|parent| parent.get("slug")?.as_str()).map(str::to_owned);
    let team = Team { number: item.number("id"), name: item.text("name"), parent };
    let kept = Kept { value: team, position: item.position };
    world.owners.entry(item.place.owner.clone()?).or_default().teams.entry(item.text("slug")?).or_insert(kept);
    Some(())
}

/// Keeps somebody in a list of people: of a team or of an organisation. Any other list says nothing here.
pub(super) fn person(world: &mut World, item: &Item<'_>) -> Option<()> {
    let login = item.text("login")?;
    match (list_of(item.place), item.place.owner.clone()) {
        (List::Team(slug), Some(owner)) => {
            world.owners.entry(owner).or_default().team_members.entry(slug).or_default().insert(login);
        }
        (List::Members, Some(owner)) => drop(world.owners.entry(owner).or_default().members.entry(login).or_insert(false)),
        _ => *world.other.entry("people of no team and no organisation").or_default() += 1,
    }
    Some(())
}

/// Keeps that somebody is in a team or an organisation, once they are.
pub(super) fn membership(world: &mut World, item: &Item<'_>) -> Option<()> {
    let (role, state) = (item.text("role")?, item.text("state")?);
    let login = item.login("user").or_else(|| item.text("url")?.rsplit('/').next().map(str::to_owned))?;
    let Some(owner) = item.place.owner.clone().filter(|_| state == "active") else {
        *world.other.entry("invitations, and memberships of nobody knows what").or_default() += 1;
        return Some(());
    };
    let owner = world.owners.entry(owner).or_default();
    match list_of(item.place) {
        List::Team(slug) => drop(owner.team_members.entry(slug).or_default().insert(login)),
        _ => drop(owner.members.insert(login, role == "admin")),
    }
    Some(())
}

/// What a list of people is of.
enum List {
    Team(String),
    Members,
    Other,
}

fn list_of(place: &Whereabouts) -> List {
    let first = place.within.first().map(|word| word.split('.').next().unwrap_or(word));
    match (place.behind("teams"), first, &place.repository) {
        (Some(team), ..) => List::Team(team.to_owned()),
        (None, Some("members" | "memberships"), None) => List::Members,
        _ => List::Other,
    }
}

/// Adds the teams, members and owners of an organisation.
pub(super) fn of_owner(name: &str, owner: &Owner, builder: &mut EstateBuilder) {
    let tenant = ids::owner(name);
    for (slug, kept) in &owner.teams {
        builder.resume(kept.position);
        let id = add_team(Some(owner), &tenant, slug, builder);
        if let Some(parent) = &kept.value.parent {
            let parent = add_team(Some(owner), &tenant, parent, builder);
            builder.relate(Relation::new(id, RelationKind::MemberOf, parent).permission("parent team"));
        }
    }
    for (slug, logins) in &owner.team_members {
        let team = add_team(Some(owner), &tenant, slug, builder);
        for login in logins {
            let user = add_user(login, builder);
            builder.relate(Relation::new(user, RelationKind::MemberOf, &team).permission("member"));
        }
    }
    for (login, is_owner) in &owner.members {
        let user = add_user(login, builder);
        if owner.base_permission.is_some() {
            let members = ids::of(&tenant, "members", "all");
            builder.relate(Relation::new(&user, RelationKind::MemberOf, members).permission("member"));
        }
        if *is_owner {
            builder.relate(Relation::new(&user, RelationKind::Administers, &tenant).permission("owner"));
        }
    }
}

/// Adds a team; its id.
pub(super) fn add_team(owner: Option<&Owner>, tenant: &str, slug: &str, builder: &mut EstateBuilder) -> String {
    let id = ids::of(tenant, "teams", slug);
    let name = owner.and_then(|owner| owner.teams.get(slug)?.value.name.clone());
    let identity = Identity::new(&id, IdentityKind::Group);
    builder.add(Identity { name: name.or_else(|| Some(slug.to_owned())), tenant: Some(tenant.to_owned()), ..identity });
    id
}

/// Adds a user; their id.
pub(super) fn add_user(login: &str, builder: &mut EstateBuilder) -> String {
    let id = ids::user(login);
    builder.add(Identity { name: Some(login.to_owned()), ..Identity::new(&id, IdentityKind::Human) });
    id
}

/// What somebody may do, with what a role of the organisation's own adds.
pub(super) fn access(owner: Option<&Owner>, given: &Given) -> Access {
    let role = given.role.as_ref().and_then(|role| owner?.roles.as_ref()?.get(role));
    role.map_or(given.access, |role| role.access.max(given.access))
}

/// Those whom a role of the organisation's own lets past the protection of branches.
pub(super) fn bypassing(adding: &Adding<'_>) -> Vec<String> {
    let Settings { collaborators, teams, .. } = &adding.repository.settings;
    let passes = |given: &Given| {
        let role = given.role.as_ref().and_then(|role| adding.of_owner?.roles.as_ref()?.get(role));
        role.is_some_and(|role| role.bypasses)
    };
    let people = collaborators.iter().filter(|(_, kept)| passes(&kept.value)).map(|(login, _)| ids::user(login));
    let teams = teams.iter().filter(|(_, kept)| passes(&kept.value)).map(|(slug, _)| ids::of(&adding.tenant, "teams", slug));
    people.chain(teams).collect()
}

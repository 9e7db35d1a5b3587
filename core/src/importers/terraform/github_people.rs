//! GitHub: teams, members, and what they may do with repositories, as its API would say it.

use super::github::{Answers, listed, number, owner, slug, team};
use super::resource::{Resource, text};
use super::translate::{Source, World};
use serde_json::{Map, Value, json};

/// What a resource says of people; `None` where it says nothing, or nobody says whose it is.
pub(super) fn of(resource: &Resource, source: &Source, world: &World<'_>) -> Option<Answers> {
    let said = |name: &str| resource.text(name);
    let organization = || Some(format!("orgs/{}", owner(source, world)?));
    let repository = || Some(format!("repos/{}", slug(said("repository")?, source, world)?));
    let of_team = || team(&id_of(&resource.values)?, source, world);
    match resource.kind.as_str() {
        "github_team" => {
            let slug = team(said("slug").or(said("id")).or(said("name"))?, source, world)?;
            let parent = said("parent_team_id").and_then(|parent| team(parent, source, world)).map(|slug| json!({ "slug": slug }));
            let answer = json!({ "id": number(resource.values.get("id")), "slug": slug, "name": said("name"), "permission": "pull",
                "privacy": said("privacy"), "parent": parent });
            Some(vec![(format!("{}/teams", organization()?), answer)])
        }
        "github_team_membership" => {
            let path = format!("{}/teams/{}", organization()?, of_team()?);
            Some(vec![membership(&path, said("username")?, said("role").unwrap_or("member"))])
        }
        "github_team_members" => {
            let path = format!("{}/teams/{}", organization()?, of_team()?);
            let members = resource.blocks("members").into_iter();
            let one =
                |member: &Map<String, Value>| Some(membership(&path, text(member, "username")?, text(member, "role").unwrap_or("member")));
            Some(members.filter_map(one).collect())
        }
        "github_membership" => Some(vec![membership(&organization()?, said("username")?, said("role").unwrap_or("member"))]),
        "github_team_repository" => Some(vec![team_access(&repository()?, &of_team()?, said("permission"))]),
        "github_repository_collaborator" => Some(vec![collaborator(&repository()?, said("username")?, said("permission"))]),
        "github_repository_collaborators" => {
            let path = repository()?;
            let users = resource.blocks("user").into_iter();
            let users = users.filter_map(|user| Some(collaborator(&path, text(user, "username")?, text(user, "permission"))));
            let teams = resource.blocks("team").into_iter();
            let teams = teams.filter_map(|of| Some(team_access(&path, &team(&id_of(of)?, source, world)?, text(of, "permission"))));
            Some(users.chain(teams).collect())
        }
        "github_organization_custom_role" | "github_organization_repository_role" => {
            let permissions = listed(resource.values.get("permissions"));
            let role = json!({ "name": said("name"), "base_role": said("base_role"), "permissions": permissions });
            Some(vec![(format!("{}/custom-repository-roles", organization()?), json!({ "custom_roles": [role] }))])
        }
        _ => None,
    }
}

/// What names a team: a number or a slug.
fn id_of(values: &Map<String, Value>) -> Option<String> {
    let id = values.get("team_id")?;
    id.as_str().map(str::to_owned).or_else(|| number(Some(id)).map(|number| number.to_string())).filter(|id| !id.is_empty())
}

fn membership(path: &str, login: &str, role: &str) -> (String, Value) {
    let path = format!("{path}/memberships/{login}");
    let answer = json!({ "url": format!("https://api.github.com/{path}"), "state": "active", "role": role, "user": { "login": login } });
    (path, answer)
}

fn team_access(repository: &str, slug: &str, permission: Option<&str>) -> (String, Value) {
    (format!("{repository}/teams"), json!({ "slug": slug, "permission": permission.unwrap_or("pull"), "privacy": null }))
}

fn collaborator(repository: &str, login: &str, permission: Option<&str>) -> (String, Value) {
    let permission = permission.unwrap_or("push");
    let (admin, push) = (permission == "admin", matches!(permission, "admin" | "maintain" | "push" | "write"));
    let flags = json!({ "admin": admin, "push": push, "pull": true });
    (format!("{repository}/collaborators"), json!({ "login": login, "permissions": flags, "role_name": permission }))
}

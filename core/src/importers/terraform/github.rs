//! GitHub: what its API would say of the resources of a state. An answer stands under the path that it would be asked by, `{"path": …, "answer": …}`.

use super::github_rules as rules;
use super::resource::{Resource, text};
use super::translate::{Source, World};
use serde_json::{Map, Value, json};

/// Types that are read.
const KINDS: [&str; 38] = [
    "github_actions_environment_secret",
    "github_actions_environment_variable",
    "github_actions_organization_oidc_subject_claim_customization_template",
    "github_actions_organization_permissions",
    "github_actions_organization_secret",
    "github_actions_organization_secret_repositories",
    "github_actions_organization_secret_repository",
    "github_actions_organization_variable",
    "github_actions_organization_workflow_permissions",
    "github_actions_repository_oidc_subject_claim_customization_template",
    "github_actions_repository_permissions",
    "github_actions_runner_group",
    "github_actions_secret",
    "github_actions_variable",
    "github_app_installation_repositories",
    "github_app_installation_repository",
    "github_branch_default",
    "github_branch_protection",
    "github_branch_protection_v3",
    "github_codespaces_organization_secret",
    "github_codespaces_organization_secret_repositories",
    "github_codespaces_secret",
    "github_dependabot_organization_secret",
    "github_dependabot_organization_secret_repositories",
    "github_dependabot_secret",
    "github_membership",
    "github_organization_custom_role",
    "github_organization_repository_role",
    "github_organization_ruleset",
    "github_organization_settings",
    "github_repository",
    "github_repository_collaborator",
    "github_repository_collaborators",
    "github_repository_deploy_key",
    "github_repository_deployment_branch_policy",
    "github_repository_environment",
    "github_repository_environment_deployment_policy",
    "github_repository_ruleset",
];
/// The same, of teams.
const OF_TEAMS: [&str; 5] =
    ["github_team", "github_team_members", "github_team_membership", "github_team_repository", "github_workflow_repository_permissions"];

/// Whether a type is read.
pub(super) fn is_read(kind: &str) -> bool {
    KINDS.contains(&kind) || OF_TEAMS.contains(&kind)
}

/// A secret of pipelines that a state sets, before all states are read that say whose its repository is.
pub(super) struct Pending {
    kind: String,
    repository: Option<String>,
    environment: Option<String>,
    name: String,
}

/// The secret of pipelines that a resource sets.
pub(super) fn pending(resource: &Resource) -> Option<Pending> {
    purpose(&resource.kind)?;
    let told = |name: &str| resource.text(name).map(str::to_owned);
    Some(Pending {
        kind: resource.kind.clone(),
        repository: told("repository"),
        environment: told("environment"),
        name: told("secret_name")?.to_ascii_uppercase(),
    })
}

/// For whom the secrets of a type are, as the API names it.
fn purpose(kind: &str) -> Option<&'static str> {
    match kind {
        "github_actions_secret" | "github_actions_environment_secret" | "github_actions_organization_secret" => Some("actions"),
        "github_codespaces_secret" | "github_codespaces_organization_secret" => Some("codespaces"),
        "github_dependabot_secret" | "github_dependabot_organization_secret" => Some("dependabot"),
        _ => None,
    }
}

/// The id of a secret of pipelines, as the reader of GitHub gives it.
pub(super) fn secret_id(pending: &Pending, source: &Source, world: &World<'_>) -> Option<String> {
    let collection = match purpose(&pending.kind)? {
        "actions" => "secrets".to_owned(),
        purpose => format!("{purpose}-secrets"),
    };
    let container = match (&pending.repository, &pending.environment) {
        _ if pending.kind.contains("_organization_") => owner(source, world)?,
        (Some(repository), None) => slug(repository, source, world)?,
        (Some(repository), Some(environment)) => {
            format!("{}/environments/{}", slug(repository, source, world)?, environment.to_ascii_lowercase())
        }
        (None, _) => return None,
    };
    Some(format!("https://github.com/{container}/{collection}/{}", pending.name))
}

/// The values that nobody here has a use for.
pub(super) fn drop_values(resource: &mut Resource) {
    let kept: &[&str] = if resource.kind.ends_with("_variable") { &["value"] } else { &[] };
    for name in ["plaintext_value", "encrypted_value", "value", "value_encrypted", "key"].iter().filter(|name| !kept.contains(name)) {
        if let Some(value) = resource.values.get_mut(*name).filter(|_| resource.kind.starts_with("github_")) {
            *value = Value::Null;
        }
    }
}

/// The owner that the provider is configured with, in a plan.
pub(super) fn configured_owner(configuration: &str) -> Option<String> {
    let providers: Value = serde_json::from_str::<Map<String, Value>>(configuration).ok()?.remove("provider_config")?;
    let github = providers.get("github")?.get("expressions")?;
    let said = |name: &str| github.get(name)?.get("constant_value")?.as_str().map(str::to_owned);
    said("owner").or_else(|| said("organization"))
}

/// The resources of a source of which nobody says whose they are.
pub(super) fn nameless(source: &Source, world: &World<'_>) -> u64 {
    let all = source.resources.iter().filter(|resource| !resource.is_data && is_read(&resource.kind));
    all.filter(|resource| of(resource, source, world).is_none()).count() as u64
}

/// The records of a source.
pub(super) fn records(source: &Source, world: &World<'_>) -> Vec<Value> {
    let all = source.resources.iter().filter(|resource| !resource.is_data && is_read(&resource.kind));
    let answers = all.filter_map(|resource| of(resource, source, world)).flatten();
    answers.map(|(path, answer)| json!({ "path": path, "answer": answer })).collect()
}

/// Answers with the paths that they would be asked by.
pub(super) type Answers = Vec<(String, Value)>;

/// A part of a path.
pub(super) fn part(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F").replace(' ', "%20")
}

/// The owner of what a source has: that of its provider or its repositories, else that of all.
pub(super) fn owner(source: &Source, world: &World<'_>) -> Option<String> {
    let of = |resource: &Resource| {
        let full = resource.text("full_name").and_then(|full| full.split_once('/')).map(|(owner, _)| owner.to_owned());
        full.filter(|_| resource.kind == "github_repository").or_else(|| resource.text("organization_slug").map(str::to_owned))
    };
    let only = |sources: &mut dyn Iterator<Item = &Source>| {
        let owners: std::collections::BTreeSet<String> =
            sources.flat_map(|source| source.owner.clone().into_iter().chain(source.resources.iter().filter_map(of))).collect();
        (owners.len() == 1).then(|| owners.into_iter().next()).flatten()
    };
    source.owner.clone().or_else(|| only(&mut std::iter::once(source))).or_else(|| only(&mut world.sources()))
}

/// `OWNER/NAME` of a repository by its name, its full name, its number or its node.
pub(super) fn slug(named: &str, source: &Source, world: &World<'_>) -> Option<String> {
    let is = |resource: &&Resource| {
        ["name", "full_name", "node_id", "id", "repo_id"].iter().any(|name| match resource.values.get(*name) {
            Some(Value::String(text)) => text == named,
            Some(Value::Number(number)) => number.to_string() == named,
            _ => false,
        })
    };
    let found = world.of_kind(source, "github_repository").find(is);
    let full = found.and_then(|resource| resource.text("full_name")).or_else(|| Some(named).filter(|named| named.contains('/')));
    let name = found.map_or_else(|| Some(named).filter(|named| is_name(named)), |resource| resource.text("name"));
    full.map(str::to_owned).or_else(|| Some(format!("{}/{}", owner(source, world)?, name?)))
}

/// Whether a text is a name rather than the number or node of something.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with("R_") && !text.starts_with("MDEw") && !text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The slug of a team by its slug, number or node.
pub(super) fn team(named: &str, source: &Source, world: &World<'_>) -> Option<String> {
    let is = |resource: &&Resource| ["id", "slug", "node_id", "name"].iter().any(|name| resource.text(name) == Some(named));
    let found = world.of_kind(source, "github_team").find(is);
    let made = |resource: &Resource| resource.text("name").map(|name| name.to_lowercase().replace(' ', "-"));
    match found {
        Some(resource) => resource.text("slug").map(str::to_owned).or_else(|| made(resource)),
        None => Some(named.to_owned()).filter(|named| !named.starts_with("T_") && !named.bytes().all(|byte| byte.is_ascii_digit())),
    }
}

/// A number, which older states write as text, and a plain one as a float.
pub(super) fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::String(text) => text.rsplit(':').next()?.parse().ok(),
        value => value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64)),
    }
}

/// What is given in a list or a set, as texts.
pub(super) fn listed(value: Option<&Value>) -> Vec<String> {
    let all = value.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|value| value.as_str().map(str::to_owned).or_else(|| number(Some(value)).map(|number| number.to_string()))).collect()
}

/// The repositories of a list of their names or numbers, as a list of the API has them.
fn repositories(named: &[String], source: &Source, world: &World<'_>) -> Value {
    let all = named.iter().filter_map(|named| slug(named, source, world));
    let record = |full: String| json!({ "full_name": full, "name": full.split('/').next_back(), "private": null });
    json!({ "repositories": all.map(record).collect::<Vec<_>>() })
}

/// What a resource says; `None` where nobody says whose it is.
fn of(resource: &Resource, source: &Source, world: &World<'_>) -> Option<Answers> {
    let said = |name: &str| resource.text(name);
    let repository = || Some(format!("repos/{}", slug(said("repository")?, source, world)?));
    let organization = || Some(format!("orgs/{}", said("organization_slug").map(str::to_owned).or_else(|| owner(source, world))?));
    let one = |path: String, answer: Value| Some(vec![(path, answer)]);
    if purpose(&resource.kind).is_some() {
        return secret(resource, source, world);
    }
    match resource.kind.as_str() {
        "github_repository" => {
            let full = slug(said("full_name").or(said("name"))?, source, world)?;
            one(format!("repos/{full}"), repository_answer(resource, &full, source, world))
        }
        // The repository takes it in.
        "github_branch_default" => repository().map(|_| Vec::new()),
        "github_actions_variable" => one(format!("{}/actions/variables", repository()?), variable(resource, None)?),
        "github_actions_environment_variable" => {
            one(format!("{}/environments/{}/variables", repository()?, part(said("environment")?)), variable(resource, None)?)
        }
        "github_actions_organization_variable" => {
            one(format!("{}/actions/variables", organization()?), variable(resource, said("visibility").or(Some("all")))?)
        }
        "github_actions_repository_oidc_subject_claim_customization_template" => {
            let template =
                json!({ "use_default": resource.flag("use_default"), "include_claim_keys": resource.texts("include_claim_keys") });
            one(format!("{}/actions/oidc/customization/sub", repository()?), template)
        }
        "github_actions_organization_oidc_subject_claim_customization_template" => {
            let template = json!({ "include_claim_keys": resource.texts("include_claim_keys") });
            one(format!("{}/actions/oidc/customization/sub", organization()?), template)
        }
        "github_actions_repository_permissions" => {
            let enabled = resource.flag("enabled").unwrap_or(true);
            one(format!("{}/actions/permissions", repository()?), json!({ "enabled": enabled, "allowed_actions": said("allowed_actions") }))
        }
        "github_actions_organization_permissions" => {
            let which = said("enabled_repositories")?;
            one(format!("{}/actions/permissions", organization()?), json!({ "enabled_repositories": which }))
        }
        "github_workflow_repository_permissions" => one(
            format!("{}/actions/permissions/workflow", repository()?),
            json!({ "default_workflow_permissions": said("default_workflow_permissions").unwrap_or("read") }),
        ),
        "github_actions_organization_workflow_permissions" => one(
            format!("{}/actions/permissions/workflow", organization()?),
            json!({ "default_workflow_permissions": said("default_workflow_permissions").unwrap_or("read") }),
        ),
        "github_repository_deploy_key" => {
            let id = number(resource.values.get("id"))?;
            let key = json!({ "id": id, "title": said("title"), "key": null, "read_only": resource.flag("read_only").unwrap_or(true) });
            one(format!("{}/keys", repository()?), key)
        }
        "github_organization_settings" => {
            let login = owner(source, world)?;
            one(format!("orgs/{login}"), json!({ "login": login, "default_repository_permission": said("default_repository_permission") }))
        }
        kind if kind.contains("_secret_repositor") => {
            let named = resource.values.get("selected_repository_ids").map_or_else(Vec::new, |ids| listed(Some(ids)));
            let named: Vec<String> =
                named.into_iter().chain(number(resource.values.get("repository_id")).map(|id| id.to_string())).collect();
            let purpose = kind.strip_prefix("github_")?.split('_').next()?;
            let path = format!("{}/{purpose}/secrets/{}/repositories", organization()?, part(said("secret_name")?));
            one(path, repositories(&named, source, world))
        }
        kind if kind.starts_with("github_app_installation_") => {
            let mut named = listed(resource.values.get("selected_repositories"));
            named.extend(said("repository").map(str::to_owned));
            let path = format!("{}/installations/{}/repositories", organization()?, number(resource.values.get("installation_id"))?);
            one(path, repositories(&named, source, world))
        }
        "github_actions_runner_group" => {
            let path = format!("{}/actions/runner-groups", organization()?);
            let id = number(resource.values.get("id"))?;
            let restricted = resource.flag("restricted_to_workflows");
            let group = json!({ "id": id, "name": said("name"), "visibility": said("visibility"), "restricted_to_workflows": restricted });
            let selected = listed(resource.values.get("selected_repository_ids"));
            let of_group = (format!("{path}/{id}/repositories"), repositories(&selected, source, world));
            let chosen = (said("visibility") == Some("selected")).then_some(of_group);
            Some([(path, json!({ "runner_groups": [group] }))].into_iter().chain(chosen).collect())
        }
        _ => rules::of(resource, source, world).or_else(|| super::github_people::of(resource, source, world)),
    }
}

fn repository_answer(resource: &Resource, full: &str, source: &Source, world: &World<'_>) -> Value {
    let name = full.split('/').next_back();
    let private = resource.text("visibility").map(|visibility| visibility != "public").or_else(|| resource.flag("private"));
    let is_of = |branch: &&Resource| branch.text("repository").is_some_and(|of| Some(of) == name || of == full);
    let chosen = world.of_kind(source, "github_branch_default").find(is_of).and_then(|branch| branch.text("branch"));
    json!({ "id": number(resource.values.get("repo_id")), "full_name": full, "name": name, "private": private,
        "archived": resource.flag("archived"), "default_branch": chosen.or_else(|| resource.text("default_branch")) })
}

/// A secret of pipelines with its dates, and of an organisation's the repositories that see it.
fn secret(resource: &Resource, source: &Source, world: &World<'_>) -> Option<Answers> {
    let (name, purpose) = (resource.text("secret_name")?, purpose(&resource.kind)?);
    let mut record = json!({ "name": name, "created_at": resource.text("created_at"), "updated_at": resource.text("updated_at") });
    if !resource.kind.contains("_organization_") {
        let repository = format!("repos/{}", slug(resource.text("repository")?, source, world)?);
        let within = match resource.text("environment") {
            Some(environment) => format!("environments/{}", part(environment)),
            None => purpose.to_owned(),
        };
        return Some(vec![(format!("{repository}/{within}/secrets"), json!({ "secrets": [record] }))]);
    }
    let visibility = resource.text("visibility").unwrap_or("selected");
    record["visibility"] = visibility.into();
    let path = format!("orgs/{}/{purpose}/secrets", owner(source, world)?);
    let selected = listed(resource.values.get("selected_repository_ids"));
    let of_secret = (format!("{path}/{}/repositories", part(name)), repositories(&selected, source, world));
    let chosen = (visibility == "selected" && !selected.is_empty()).then_some(of_secret);
    Some([(path, json!({ "secrets": [record] }))].into_iter().chain(chosen).collect())
}

fn variable(resource: &Resource, visibility: Option<&str>) -> Option<Value> {
    let mut record = json!({ "name": text(&resource.values, "variable_name")?, "value": resource.text("value").unwrap_or_default() });
    if let Some(visibility) = visibility {
        record["visibility"] = visibility.into();
    }
    Some(json!({ "variables": [record] }))
}

//! [`keep`]: puts a record of the API where it belongs.

use super::place::Whereabouts;
use super::settings::{
    Access, Application, Branches, DeployKey, Environment, Given, Installation, Owner, Purpose, Runner, RunnerGroup, SecretFacts, Settings,
    SubjectTemplate, Token,
};
use super::shape::{Item, Shape};
use super::world::{Kept, UNNAMED, World};
use super::{people, protecting};
use serde_json::Value;
use std::collections::BTreeMap;

/// Notes that a list was exported, though it may be empty.
pub(super) fn start(world: &mut World, place: &Whereabouts, list: &str, items: &[Value], total: Option<u64>) {
    let of_owner = place.repository.is_none() || items.iter().any(|item| item.get("visibility").is_some());
    match list {
        "custom_roles" => drop(owner(world, place).roles.get_or_insert_default()),
        "branch_policies" => drop(protecting::policies(world, place)),
        "environments" if place.repository.is_some() => {
            settings(world, place).environments.get_or_insert_default();
            settings(world, place).tells_environments = true;
        }
        "secrets" if purpose(place).is_some() || items.iter().any(|item| item.get("value").is_some()) => {}
        "secrets" if place.repository.is_some() && place.behind("environments").is_some() => {
            let environment = place.behind("environments").unwrap_or_default().to_ascii_lowercase();
            // A list that does not say how many there are may be a part of it.
            if let Some(total) = total {
                let count = settings(world, place).environment_secret_counts.entry(environment).or_default();
                *count = total.max(*count);
            }
        }
        "secrets" if place.behind("environments").is_some() => {}
        "secrets" if of_owner && place.owner.is_some() => drop(owner(world, place).secrets.get_or_insert_default()),
        "secrets" if place.repository.is_some() => drop(settings(world, place).secrets.get_or_insert_default()),
        _ => {}
    }
}

/// Keeps a record; `None` where a field that it needs is missing or of the wrong type.
pub(super) fn keep(world: &mut World, shape: Shape, item: &Item<'_>) -> Option<()> {
    match shape {
        Shape::Organization => organization(world, item),
        Shape::Repository => repository(world, item),
        Shape::Branch => {
            let (name, protected) = (item.text("name")?, item.flag("protected")?);
            settings(world, item.place).branches.entry(name).or_insert(protected);
            Some(())
        }
        Shape::Environment => environment(world, item),
        Shape::Secret => secret(world, item),
        Shape::Variable => variable(world, item),
        Shape::Workflow => {
            let path = item.text("path")?;
            let (file, active) = (path.strip_prefix(".github/workflows/")?.to_owned(), item.text("state")? == "active");
            settings(world, item.place).states.entry(file).or_insert(active);
            Some(())
        }
        Shape::Runner => runner(world, item),
        Shape::RunnerGroup => {
            let group = RunnerGroup {
                name: item.text("name")?,
                visibility: item.text("visibility"),
                restricted_to_workflows: item.flag("restricted_to_workflows") == Some(true),
            };
            put(&mut owner(world, item.place).runner_groups, item.number("id")?, group, item)
        }
        Shape::Installation => installation(world, item),
        Shape::Application => application(world, item),
        Shape::Token => token(world, item),
        Shape::DeployKey => {
            let key = DeployKey {
                title: item.text("title"),
                writes: !item.flag("read_only")?,
                created_at: item.instant("created_at"),
                last_used: item.instant("last_used"),
                added_by: item.text("added_by"),
                is_enabled: item.flag("enabled"),
            };
            put(&mut settings(world, item.place).deploy_keys, item.number("id")?, key, item)
        }
        Shape::Collaborator if item.place.repository.is_none() => people::person(world, item),
        Shape::Team if item.place.repository.is_none() && item.place.owner.is_some() => people::team(world, item),
        Shape::Team if item.place.repository.is_none() => {
            *world.other.entry("teams of no repository and no organisation").or_default() += 1;
            Some(())
        }
        Shape::Person => people::person(world, item),
        Shape::Membership => people::membership(world, item),
        Shape::Protection | Shape::Ruleset | Shape::BranchPolicy | Shape::Role => protecting::keep(world, shape, item),
        Shape::Collaborator => {
            let flags = item.value.get("permissions")?;
            let given = Given { access: most(flags), role: item.text("role_name").filter(|role| !Access::is_role(role)) };
            put(&mut settings(world, item.place).collaborators, item.text("login")?, given, item)
        }
        Shape::Team => {
            let role = item.text("permission")?;
            let flags = item.value.get("permissions").map(most).unwrap_or_default();
            let given = Given { access: Access::of_role(&role).max(flags), role: Some(role).filter(|role| !Access::is_role(role)) };
            put(&mut settings(world, item.place).teams, item.text("slug")?, given, item)
        }
        Shape::SubjectTemplate => {
            let template = SubjectTemplate { uses_default: item.flag("use_default"), keys: item.names("include_claim_keys") };
            match item.place.repository {
                Some(_) => drop(settings(world, item.place).subject.get_or_insert(template)),
                None => drop(owner(world, item.place).subject.get_or_insert(template)),
            }
            Some(())
        }
        Shape::ActionsPermissions => {
            if let Some(which) = item.text("enabled_repositories") {
                owner(world, item.place).enabled_repositories.get_or_insert(which);
            } else {
                settings(world, item.place).is_enabled.get_or_insert(item.flag("enabled")?);
            }
            Some(())
        }
        Shape::TokenPermissions => {
            let writes = item.text("default_workflow_permissions")? == "write";
            match item.place.repository {
                Some(_) => settings(world, item.place).writes_by_default.get_or_insert(writes),
                None => owner(world, item.place).writes_by_default.get_or_insert(writes),
            };
            Some(())
        }
        Shape::Other => None,
    }
}

/// The most that flags allow.
fn most(flags: &Value) -> Access {
    let flag = |name: &str| flags.get(name).and_then(Value::as_bool) == Some(true);
    match (flag("admin"), flag("push") || flag("maintain")) {
        (true, _) => Access::Administer,
        (false, true) => Access::Write,
        _ => Access::Read,
    }
}

fn organization(world: &mut World, item: &Item<'_>) -> Option<()> {
    let login = item.text("login")?;
    let owner = world.owners.entry(login).or_default();
    owner.name = owner.name.take().or(item.text("name"));
    owner.created_at = owner.created_at.or(item.instant("created_at"));
    owner.requires_two_factors = owner.requires_two_factors.or(item.flag("two_factor_requirement_enabled"));
    let base = item.text("default_repository_permission").filter(|base| base != "none");
    owner.base_permission = owner.base_permission.or(base.map(|base| Access::of_role(&base)));
    Some(())
}

fn repository(world: &mut World, item: &Item<'_>) -> Option<()> {
    let full = item.text("full_name")?;
    let (owner_name, name) = full.split_once('/')?;
    let settings = &mut world.repository((owner_name.to_owned(), name.to_owned())).settings;
    settings.number = settings.number.or(item.number("id"));
    settings.is_private = settings.is_private.or(item.flag("private"));
    settings.is_archived = settings.is_archived.or(item.flag("archived"));
    settings.default_branch = settings.default_branch.take().or(item.text("default_branch"));
    // Of a list beside a token, a group or a secret it says what that is limited to.
    let number = |word: &str| item.place.behind(word).and_then(|id| id.parse::<u64>().ok());
    let (token, group, installed) = (number("personal-access-tokens"), number("runner-groups"), number("installations"));
    let of_secret = item.place.behind("secrets").filter(|_| item.place.repository.is_none()).map(str::to_ascii_uppercase);
    if token.or(group).or(installed).is_some() || of_secret.is_some() {
        let owner = world.owners.entry(item.place.owner.clone().unwrap_or_else(|| owner_name.to_owned())).or_default();
        let lists = [
            (token, &mut owner.token_repositories),
            (group, &mut owner.group_repositories),
            (installed, &mut owner.installation_repositories),
        ];
        for (id, list) in lists {
            if let Some(id) = id {
                list.entry(id).or_default().insert(name.to_owned());
            }
        }
        if let Some(secret) = of_secret {
            match purpose(item.place) {
                Some(purpose) => owner.other_secret_repositories.entry((purpose, secret)).or_default().insert(name.to_owned()),
                None => owner.secret_repositories.entry(secret).or_default().insert(name.to_owned()),
            };
        }
    }
    Some(())
}

fn environment(world: &mut World, item: &Item<'_>) -> Option<()> {
    let name = item.text("name")?;
    let rules = item.value.get("protection_rules").map(|rules| rules.as_array().ok_or(())).transpose().ok()?;
    let reviewed = rules.map(|rules| {
        let asks = |rule: &Value| {
            let reviewers = rule.get("reviewers").and_then(Value::as_array);
            rule.get("type").and_then(Value::as_str) == Some("required_reviewers")
                && reviewers.is_none_or(|reviewers| !reviewers.is_empty())
        };
        rules.iter().any(asks)
    });
    let branches = item.value.get("deployment_branch_policy").map(|policy| {
        let named = policy.get("custom_branch_policies").and_then(Value::as_bool) == Some(true);
        match (policy.is_null(), named) {
            (true, _) => Branches::All,
            (false, true) => Branches::Named,
            (false, false) => Branches::Protected,
        }
    });
    let environment = Environment { is_reviewed: reviewed, branches };
    let settings = settings(world, item.place);
    // One that was asked for by its name tells nothing of the others.
    settings.tells_environments |= item.place.behind("environments").is_none();
    put(settings.environments.get_or_insert_default(), name, environment, item)
}

fn secret(world: &mut World, item: &Item<'_>) -> Option<()> {
    let name = item.text("name")?.to_ascii_uppercase();
    let facts =
        SecretFacts { created_at: item.instant("created_at"), updated_at: item.instant("updated_at"), visibility: item.text("visibility") };
    if let Some(purpose) = purpose(item.place) {
        let of_owner = facts.visibility.is_some() || item.place.repository.is_none();
        let all = if of_owner { &mut owner(world, item.place).other_secrets } else { &mut settings(world, item.place).other_secrets };
        return put(all, (purpose, name), facts, item);
    }
    if let Some(environment) = item.place.behind("environments").map(str::to_ascii_lowercase) {
        return put(settings(world, item.place).environment_secrets.entry(environment).or_default(), name, facts, item);
    }
    if facts.visibility.is_some() || item.place.repository.is_none() {
        return put(owner(world, item.place).secrets.get_or_insert_default(), name, facts, item);
    }
    put(settings(world, item.place).secrets.get_or_insert_default(), name, facts, item)
}

/// A variable is kept where its value is an id that workflows sign in with; any other value is forgotten at once.
fn variable(world: &mut World, item: &Item<'_>) -> Option<()> {
    let (name, value) = (item.text("name")?.to_ascii_uppercase(), item.value.get("value")?.as_str()?.trim());
    if !is_id(value) {
        return Some(());
    }
    if let Some(environment) = item.place.behind("environments").map(str::to_ascii_lowercase) {
        let all = settings(world, item.place).environment_variables.entry(environment).or_default();
        all.entry(name).or_insert_with(|| value.to_owned());
        return Some(());
    }
    let variables = match item.place.repository {
        Some(_) if item.value.get("visibility").is_none() => &mut settings(world, item.place).variables,
        _ => &mut owner(world, item.place).variables,
    };
    variables.entry(name).or_insert_with(|| value.to_owned());
    Some(())
}

/// Whether a text is the id of an identity or an account: no value that must be kept has these forms.
fn is_id(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/@._+=,-".contains(&byte));
    let guid = text.len() == 36
        && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let role = text.starts_with("arn:") && text.contains(":iam::") && text.contains(":role/");
    let google = text.ends_with(".iam.gserviceaccount.com") || text.starts_with("projects/") && text.contains("/workloadIdentityPools/");
    plain && (guid || account || role || google)
}

fn runner(world: &mut World, item: &Item<'_>) -> Option<()> {
    let runner = Runner {
        name: item.text("name")?,
        labels: item.names("labels"),
        group: item.number("runner_group_id"),
        is_ephemeral: item.flag("ephemeral"),
    };
    let number = item.number("id")?;
    match item.place.repository {
        Some(_) => put(&mut settings(world, item.place).runners, number, runner, item),
        None => put(&mut owner(world, item.place).runners, number, runner, item),
    }
}

fn installation(world: &mut World, item: &Item<'_>) -> Option<()> {
    let installation = Installation {
        slug: item.text("app_slug"),
        application: item.number("app_id"),
        access: item.levels("permissions"),
        selection: item.text("repository_selection"),
        created_at: item.instant("created_at"),
        is_suspended: item.value.get("suspended_at").is_some_and(|at| !at.is_null()),
    };
    let login = item.login("account").or(item.place.owner.clone())?;
    put(&mut world.owners.entry(login).or_default().installations, item.number("id")?, installation, item)
}

fn application(world: &mut World, item: &Item<'_>) -> Option<()> {
    let application = Application { name: item.text("name"), owner: item.login("owner"), created_at: item.instant("created_at") };
    put(&mut world.applications, item.text("slug")?, application, item)
}

fn token(world: &mut World, item: &Item<'_>) -> Option<()> {
    let token = Token {
        name: item.text("token_name"),
        owner: item.login("owner"),
        access: item.levels("permissions"),
        selection: item.text("repository_selection"),
        granted_at: item.instant("access_granted_at"),
        expires_at: item.instant("token_expires_at"),
        last_used: item.instant("token_last_used_at"),
        is_expired: item.flag("token_expired"),
        tells_end: item.value.get("token_expires_at").is_some(),
    };
    // One that is asked for and not let in has no right yet.
    if item.value.get("access_granted_at").is_none() {
        *world.other.entry("requests of tokens").or_default() += 1;
        return Some(());
    }
    put(&mut owner(world, item.place).tokens, item.number("id")?, token, item)
}

/// For whom secrets are that no job of Actions sees.
fn purpose(place: &Whereabouts) -> Option<Purpose> {
    let words = [Purpose::Codespaces, Purpose::Dependabot].into_iter().filter(|_| place.behind("environments").is_none());
    words.into_iter().find(|purpose| place.within.iter().any(|segment| segment == purpose.word()))
}

pub(super) fn put<K: Ord, T>(map: &mut BTreeMap<K, Kept<T>>, key: K, value: T, item: &Item<'_>) -> Option<()> {
    map.entry(key).or_insert(Kept { value, position: item.position });
    Some(())
}

pub(super) fn settings<'w>(world: &'w mut World, place: &Whereabouts) -> &'w mut Settings {
    &mut world.repository(place.slug()).settings
}

pub(super) fn owner<'w>(world: &'w mut World, place: &Whereabouts) -> &'w mut Owner {
    world.owners.entry(place.owner.clone().unwrap_or_else(|| UNNAMED.to_owned())).or_default()
}

//! GitHub: environments, and what protects branches, as its API would say it.

use super::github::{Answers, listed, number, owner, part, slug, team};
use super::resource::{Resource, blocks, text};
use super::translate::{Source, World};
use serde_json::{Map, Value, json};

/// What a resource says of environments and branches; `None` where it says nothing, or nobody says whose it is.
pub(super) fn of(resource: &Resource, source: &Source, world: &World<'_>) -> Option<Answers> {
    let said = |name: &str| resource.text(name);
    let repository = |name: &str| Some(format!("repos/{}", slug(said(name)?, source, world)?));
    let protection = |path: String, branch: &str, answer: Value| Some(vec![(format!("{path}/branches/{branch}/protection"), answer)]);
    match resource.kind.as_str() {
        "github_repository_environment" => environment(resource, &repository("repository")?),
        "github_repository_environment_deployment_policy" | "github_repository_deployment_branch_policy" => {
            let environment = said("environment").or(said("environment_name"))?;
            let (name, kind) = match said("branch_pattern").or(said("name")) {
                Some(name) => (name, "branch"),
                None => (said("tag_pattern")?, "tag"),
            };
            let path = format!("{}/environments/{}/deployment-branch-policies", repository("repository")?, part(environment));
            Some(vec![(path, json!({ "branch_policies": [{ "name": name, "type": kind }] }))])
        }
        "github_branch_protection" => {
            let reviews = resource
                .block("required_pull_request_reviews")
                .map(|reviews| reviews_answer(reviews, named(&listed(reviews.get("pull_request_bypassers")), source, world)));
            let restricted = resource.block("restrict_pushes").map(|restricted| listed(restricted.get("push_allowances")));
            let restricted = restricted.or_else(|| Some(listed(resource.values.get("push_restrictions"))).filter(|list| !list.is_empty()));
            let answer = json!({ "enforce_admins": { "enabled": resource.flag("enforce_admins") },
                "lock_branch": { "enabled": resource.flag("lock_branch") }, "required_pull_request_reviews": reviews,
                "restrictions": restricted.map(|list| named(&list, source, world)) });
            protection(repository("repository_id")?, said("pattern")?, answer)
        }
        "github_branch_protection_v3" => {
            let reviews = resource.block("required_pull_request_reviews").map(|reviews| {
                let allowed = blocks(reviews, "bypass_pull_request_allowances").into_iter().next();
                reviews_answer(reviews, allowed.map(actors).unwrap_or(Value::Null))
            });
            let answer = json!({ "enforce_admins": { "enabled": resource.flag("enforce_admins") },
                "required_pull_request_reviews": reviews, "restrictions": resource.block("restrictions").map(actors) });
            protection(repository("repository")?, said("branch")?, answer)
        }
        "github_repository_ruleset" => Some(vec![ruleset(resource, &repository("repository")?)]),
        "github_organization_ruleset" => Some(vec![ruleset(resource, &format!("orgs/{}", owner(source, world)?))]),
        _ => None,
    }
}

fn environment(resource: &Resource, repository: &str) -> Option<Answers> {
    let name = resource.text("environment")?;
    let reviewers = resource.blocks("reviewers").into_iter();
    let reviewers = reviewers.flat_map(|block| ["teams", "users"].map(|list| listed(block.get(list)))).flatten();
    let reviewers: Vec<Value> = reviewers.map(|id| json!({ "reviewer": { "id": id } })).collect();
    let wait = number(resource.values.get("wait_timer")).filter(|minutes| *minutes > 0);
    let waits = wait.map(|minutes| json!({ "type": "wait_timer", "wait_timer": minutes }));
    let asks = (!reviewers.is_empty()).then(|| json!({ "type": "required_reviewers", "reviewers": reviewers }));
    let flag =
        |block: &Map<String, Value>, name: &str| matches!(block.get(name), Some(Value::Bool(true))) || text(block, name) == Some("true");
    let policy = resource.block("deployment_branch_policy").map(|block| {
        json!({ "protected_branches": flag(block, "protected_branches"), "custom_branch_policies": flag(block, "custom_branch_policies") })
    });
    let rules: Vec<Value> = waits.into_iter().chain(asks).collect();
    let answer = json!({ "name": name, "protection_rules": rules, "deployment_branch_policy": policy });
    Some(vec![(format!("{repository}/environments/{}", part(name)), answer)])
}

fn reviews_answer(reviews: &Map<String, Value>, bypassing: Value) -> Value {
    // Nothing given is what GitHub takes: one.
    let count = number(reviews.get("required_approving_review_count")).unwrap_or(1);
    json!({ "required_approving_review_count": count, "bypass_pull_request_allowances": bypassing })
}

/// Whom a list names: `/USER`, `ORGANISATION/TEAM`, or by a node, which only a team of a state tells.
fn named(names: &[String], source: &Source, world: &World<'_>) -> Value {
    let users = names.iter().filter_map(|name| name.strip_prefix('/')).map(|login| json!({ "login": login }));
    let teams = names.iter().filter(|name| !name.starts_with('/')).filter_map(|name| match name.split_once('/') {
        Some((_, slug)) => Some(slug.to_owned()),
        None => team(name, source, world).filter(|slug| slug != name),
    });
    let teams: Vec<Value> = teams.map(|slug| json!({ "slug": slug })).collect();
    json!({ "users": users.collect::<Vec<_>>(), "teams": teams, "apps": [] })
}

/// The same by lists of each.
fn actors(block: &Map<String, Value>) -> Value {
    let list = |name: &str, field: &str| {
        let all = listed(block.get(name)).into_iter();
        all.map(|name| json!({ field: name.rsplit('/').next() })).collect::<Vec<_>>()
    };
    json!({ "users": list("users", "login"), "teams": list("teams", "slug"), "apps": list("apps", "slug") })
}

fn ruleset(resource: &Resource, of: &str) -> (String, Value) {
    let id = number(resource.values.get("ruleset_id")).or_else(|| number(resource.values.get("id"))).unwrap_or_default();
    let bypass = resource.blocks("bypass_actors").into_iter().map(|actor| {
        json!({ "actor_id": number(actor.get("actor_id")), "actor_type": text(actor, "actor_type"), "bypass_mode": text(actor, "bypass_mode") })
    });
    let bypass: Vec<Value> = bypass.collect();
    let conditions = resource.block("conditions");
    let patterns = |name: &str| {
        let block = conditions.and_then(|conditions| blocks(conditions, name).into_iter().next())?;
        Some(json!({ "include": listed(block.get("include")), "exclude": listed(block.get("exclude")) }))
    };
    let numbers = conditions.and_then(|conditions| conditions.get("repository_id")).and_then(Value::as_array);
    let numbers = numbers.map(|all| all.iter().filter_map(|id| number(Some(id))).collect::<Vec<_>>()).filter(|all| !all.is_empty());
    let properties = conditions.is_some_and(|conditions| !blocks(conditions, "repository_property").is_empty());
    let conditions = json!({ "ref_name": patterns("ref_name"), "repository_name": patterns("repository_name"),
        "repository_id": numbers.map(|ids| json!({ "repository_ids": ids })), "repository_property": properties.then(|| json!({})) });
    let mut rules = Vec::new();
    for block in resource.blocks("rules") {
        for name in ["creation", "update", "deletion"] {
            if block.get(name).is_some_and(|flag| flag == &Value::Bool(true) || flag.as_str() == Some("true")) {
                rules.push(json!({ "type": name }));
            }
        }
        for request in blocks(block, "pull_request") {
            let count = number(request.get("required_approving_review_count")).unwrap_or_default();
            rules.push(json!({ "type": "pull_request", "parameters": { "required_approving_review_count": count } }));
        }
    }
    let answer = json!({ "id": id, "name": resource.text("name"), "target": resource.text("target").unwrap_or("branch"),
        "enforcement": resource.text("enforcement"), "bypass_actors": bypass, "conditions": conditions, "rules": rules });
    (format!("{of}/rulesets/{id}"), answer)
}

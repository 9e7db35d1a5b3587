//! The subjects of the tokens that GitHub issues to jobs. Source: GitHub, "OpenID Connect reference", the default and the customised `sub`.

use super::settings::SubjectTemplate;
use super::workflow::Trigger;
use super::world::Repository;
use std::collections::{BTreeMap, BTreeSet};

/// What a token says of how its job came to run: an environment, a branch or tag, a pull request. `*` stands for any text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Context {
    Environment(String),
    Reference(String),
    PullRequest,
}

/// The default branch of a repository, and whether somebody says it: else the usual name that its workflows use or its branches have.
pub(super) fn default_branch(repository: &Repository) -> (String, bool) {
    if let Some(branch) = &repository.settings.default_branch {
        return (branch.clone(), true);
    }
    let triggers = repository.workflows.values().filter_map(|workflow| workflow.value.triggers.get("push"));
    let named = triggers.filter_map(|push| push.branches.as_ref()).flatten().chain(repository.settings.branches.keys());
    let branches: BTreeSet<&str> = named.map(String::as_str).collect();
    let old = branches.contains("master") && !branches.contains("main");
    (if old { "master" } else { "main" }.to_owned(), false)
}

/// How the jobs that name no environment come to run, by the events that start their workflow.
pub(super) fn contexts(triggers: &BTreeMap<String, Trigger>, default_branch: &str) -> BTreeSet<Context> {
    let mut contexts = BTreeSet::new();
    let branch = |name: &str| Context::Reference(format!("refs/heads/{}", pattern(name)));
    let tag = |name: &str| Context::Reference(format!("refs/tags/{}", pattern(name)));
    for (event, trigger) in triggers {
        match event.as_str() {
            "push" => {
                let (branches, tags) = (trigger.branches.as_ref(), trigger.tags.as_ref());
                let any = || vec!["*".to_owned()];
                let open = branches.is_none() && tags.is_none();
                let taken = |names: Option<&Vec<String>>| names.cloned().unwrap_or_else(|| if open { any() } else { Vec::new() });
                contexts.extend(taken(branches).iter().filter(|name| !name.starts_with('!')).map(|name| branch(name)));
                contexts.extend(taken(tags).iter().filter(|name| !name.starts_with('!')).map(|name| tag(name)));
            }
            "pull_request" | "pull_request_review" | "pull_request_review_comment" => drop(contexts.insert(Context::PullRequest)),
            "merge_group" => drop(contexts.insert(branch("gh-readonly-queue/*"))),
            "release" => drop(contexts.insert(tag("*"))),
            "workflow_call" => {}
            _ => drop(contexts.insert(branch(default_branch))),
        }
    }
    contexts
}

/// A filter as a pattern in which `*` stands for any text.
fn pattern(filter: &str) -> String {
    let Some(at) = filter.find(['*', '?', '[', '+']) else { return filter.to_owned() };
    format!("{}*", &filter[..at])
}

/// The template that subjects of a repository are written by; `None` where that of its owner may stand and nobody says whether it does.
pub(super) fn template<'t>(own: Option<&'t SubjectTemplate>, owners: Option<&'t SubjectTemplate>) -> Option<&'t [String]> {
    match (own, owners) {
        (Some(own), _) if own.uses_default == Some(true) => Some(&[]),
        (Some(own), _) if !own.keys.is_empty() => Some(&own.keys),
        (Some(_), Some(owners)) => Some(&owners.keys),
        (Some(_), None) | (None, None) => Some(&[]),
        (None, Some(owners)) if owners.keys.is_empty() => Some(&[]),
        (None, Some(_)) => None,
    }
}

/// The subject of a token. `written_in` is the workflow in which the job is written, without a version.
pub(super) fn subject(keys: &[String], slug: &str, context: &Context, written_in: &str) -> String {
    let of_context = match context {
        Context::Environment(name) => format!("environment:{}", escaped(name)),
        Context::Reference(name) => format!("ref:{name}"),
        Context::PullRequest => "pull_request".to_owned(),
    };
    if keys.is_empty() {
        return format!("repo:{slug}:{of_context}");
    }
    let owner = slug.split('/').next().unwrap_or_default();
    let claims = keys.iter().map(|key| match (key.as_str(), context) {
        ("repo", _) => format!("repo:{slug}"),
        ("repository", _) => format!("repository:{slug}"),
        ("repository_owner", _) => format!("repository_owner:{owner}"),
        ("context", _) => of_context.clone(),
        ("environment", Context::Environment(name)) => format!("environment:{}", escaped(name)),
        ("environment", _) => "environment:".to_owned(),
        ("ref", Context::Reference(name)) => format!("ref:{name}"),
        ("job_workflow_ref", _) => format!("job_workflow_ref:{written_in}@*"),
        (key, _) => format!("{key}:*"),
    });
    claims.collect::<Vec<_>>().join(":")
}

/// A name within a subject: what would be taken for the next claim is escaped.
fn escaped(name: &str) -> String {
    name.replace(':', "%3A")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triggers(text: &str) -> BTreeMap<String, Trigger> {
        let value = serde_json::from_str(&format!(r#"{{"on":{text},"jobs":{{}}}}"#)).expect("JSON");
        super::super::workflow::Workflow::read(&value).expect("a workflow").0.triggers
    }

    fn subjects(text: &str) -> Vec<String> {
        contexts(&triggers(text), "trunk").iter().map(|context| subject(&[], "acme/shop", context, "")).collect()
    }

    #[test]
    fn events_tell_the_subject() {
        assert_eq!(
            subjects(r#"{"push":{"branches":["main","release/**","!x"]},"pull_request":null}"#),
            ["repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:ref:refs/heads/release/*", "repo:acme/shop:pull_request",]
        );
        assert_eq!(subjects(r#""push""#), ["repo:acme/shop:ref:refs/heads/*", "repo:acme/shop:ref:refs/tags/*"]);
        assert_eq!(subjects(r#"{"push":{"tags":["v*"]}}"#), ["repo:acme/shop:ref:refs/tags/v*"]);
        assert_eq!(subjects(r#"["schedule","workflow_call"]"#), ["repo:acme/shop:ref:refs/heads/trunk"]);
    }

    #[test]
    fn a_customised_subject_has_the_claims_in_order() {
        let keys = ["repository_owner", "context", "job_workflow_ref"].map(String::from);
        let of = |context: Context| subject(&keys, "acme/shop", &context, "acme/ci/.github/workflows/d.yml");
        assert_eq!(
            of(Context::Environment("a:b".into())),
            "repository_owner:acme:environment:a%3Ab:job_workflow_ref:acme/ci/.github/workflows/d.yml@*"
        );
        let own = SubjectTemplate { uses_default: Some(false), keys: Vec::new() };
        let owners = SubjectTemplate { uses_default: None, keys: keys.to_vec() };
        assert_eq!(template(Some(&own), Some(&owners)), Some(&keys[..]));
        assert_eq!((template(None, Some(&owners)), template(None, None)), (None, Some(&[][..])));
    }
}

//! The ids that this reader makes: `https://github.com/OWNER` for who owns repositories, `https://github.com/OWNER/REPOSITORY/…` for what is in one.
//!
//! What an owner has beside its repositories has three parts (`https://github.com/OWNER/secrets/NAME`), what a repository has four or more, so that no repository's name
//! is taken for anything else.

/// The issuer of the tokens of jobs.
pub(super) const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// An owner, as a tenant.
pub(super) fn owner(owner: &str) -> String {
    format!("https://github.com/{owner}")
}

/// A repository.
pub(super) fn repository(owner: &str, name: &str) -> String {
    format!("https://github.com/{owner}/{name}")
}

/// Something of a collection of an owner or a repository.
pub(super) fn of(container: &str, collection: &str, name: &str) -> String {
    format!("{container}/{collection}/{name}")
}

/// Whatever somebody who may write to a repository may have run there.
pub(super) fn any_branch(repository: &str) -> String {
    of(repository, "actions", "any-branch")
}

/// Whoever may open a pull request.
pub(super) fn pull_requests(repository: &str) -> String {
    of(repository, "actions", "pull-requests")
}

/// A job, by the jobs that lead to it.
pub(super) fn job(workflow: &str, chain: &[String]) -> String {
    chain.iter().fold(workflow.to_owned(), |id, job| of(&id, "jobs", job))
}

/// A user: the same in every organisation.
pub(super) fn user(login: &str) -> String {
    format!("https://github.com/users/{login}")
}

/// A deploy key of a repository.
pub(super) fn deploy_key(repository: &str, number: u64) -> String {
    of(repository, "deploy-keys", &number.to_string())
}

/// Whatever whoever may push to a protected branch may have run there.
pub(super) fn branch(repository: &str, name: &str) -> String {
    of(repository, "branches", name)
}

//! The reader of GitHub: workflows and composite actions of one or many repositories, and answers of the REST API.
//!
//! - Who owns repositories is a tenant, `https://github.com/OWNER`; a repository is a resource in it. Whoever may write to a repository can push a branch with a
//!   workflow of their own, so the repository runs as "any workflow", which has its secrets, those of its owner, every environment that nobody guards, and
//!   the tokens of its branches. Reviews of pull requests do not stop that; reviewers of an environment do, as the guard `approval`.
//! - A workflow is a pipeline and so is each of its jobs, which sees the secrets that it names, deploys to the environments that it names, and signs in.
//!   Called workflows and composite actions are followed with what their inputs stand for; a job of a called workflow is a job of who calls.
//! - A job with `id-token: write` is the subjects of its tokens, `ISSUER#SUBJECT`, as GitHub would issue them; which cloud trusts them the cloud says.
//! - What only a run resolves stays unresolved: possible, or left out and counted as coverage.

mod access;
mod adding;
mod claims;
mod coverage;
mod detect;
mod expression;
mod ids;
mod jobs;
mod keep;
mod login;
mod people;
mod place;
mod protecting;
mod protection;
mod push;
mod reading;
mod repositories;
mod rest;
mod runners;
mod runs;
mod settings;
mod shape;
mod steps;
#[cfg(test)]
mod tests;
mod workflow;
mod world;

use super::{ImportReading, Importer, Input};

/// The reader of GitHub.
#[derive(Debug)]
pub struct GitHub;

impl Importer for GitHub {
    fn format(&self) -> &'static str {
        "github"
    }

    fn summary(&self) -> &'static str {
        "GitHub: workflow files, composite actions and answers of the REST API (environments, secrets, runners, applications, tokens, keys); the format \
         github@OWNER/REPOSITORY or the path names the repository"
    }

    fn takes_name(&self) -> bool {
        true
    }

    fn detects(&self, input: &Input) -> bool {
        detect::detects(input)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}

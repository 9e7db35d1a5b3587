//! The reader of GitLab: the configuration of pipelines, `.gitlab-ci.yml` and the local files that it includes, and answers of the API.
//!
//! - A group is a tenant, `https://gitlab.com/GROUP`, and a project is a resource in it. Whoever may write to it can push a branch with a configuration of their own,
//!   so the project runs as "any pipeline", which has the tokens of its branches and what its jobs sign in as.
//! - The pipeline is an identity and so is each of its jobs, put together as GitLab does it: includes, `extends`, `!reference`, defaults. A job deploys to
//!   the environment that it names, with the tier that it says; with `id_tokens` it is the subjects of its tokens.
//! - `secrets` are kept in a manager; variables whose names say that they are secret are the project's, or stand in the file, where each becomes a fingerprint.
//! - What the file does not say the API does: who may write, whether an environment or a branch is protected, which variables there are. Coverage counts where
//!   it was not exported.

mod adding;
mod answers;
mod config;
mod detect;
mod job;
mod place;
mod reading;
mod refs;
mod rights;
mod settings;
#[cfg(test)]
mod tests;
mod world;

use super::{ImportReading, Importer, Input};

/// The reader of GitLab.
#[derive(Debug)]
pub struct GitLab;

impl Importer for GitLab {
    fn format(&self) -> &'static str {
        "gitlab"
    }

    fn summary(&self) -> &'static str {
        "GitLab: .gitlab-ci.yml and the local files that it includes, and answers of the API (protection, variables, members, tokens); the format gitlab@GROUP/PROJECT, a folder GROUP__PROJECT or the folders around the file \
         name the project"
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

//! What was not in the inputs, or could not be resolved.

use super::world::{Names, Repository, World};
use crate::estate::{Coverage, EstateBuilder};

/// What was counted on the way.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// The names of the secrets that the jobs of a repository see, and those that some job sees without an environment; of one repository at a time.
    pub secret_names: Names,
    pub outside_environments: Names,
    pub jobs: u64,
    /// The workflows of which jobs were left out, since their calls multiply.
    pub cut: u64,
    /// The jobs that run the code of pull requests.
    pub pull_requests: u64,
    environments: [u64; 2],
    logins: [u64; 2],
    runners: [u64; 2],
    tokens: [u64; 2],
    unread: u64,
}

impl Counts {
    /// Counts an environment that a job names, and whether its name is known.
    pub fn environment(&mut self, resolved: bool) {
        count(&mut self.environments, resolved);
    }

    /// Counts a sign-in, and whether it is known as whom.
    pub fn login(&mut self, resolved: bool) {
        count(&mut self.logins, resolved);
    }

    /// Counts the labels of a runner, and whether they are known.
    pub fn runner(&mut self, resolved: bool) {
        count(&mut self.runners, resolved);
    }

    /// Counts a job, and whether it is known whether its token writes.
    pub fn token(&mut self, known: bool) {
        count(&mut self.tokens, known);
    }

    /// Counts the workflows and actions that a job runs and that were not read.
    pub fn read(&mut self, unread: u64) {
        self.unread += unread;
    }
}

fn count(of: &mut [u64; 2], known: bool) {
    of[0] += u64::from(known);
    of[1] += 1;
}

/// Adds what the reading covers.
pub(super) fn add(world: &World, counts: &Counts, builder: &mut EstateBuilder) {
    let mut cover = |topic: &str, known: u64, total: u64, note: &str| {
        if total > known {
            builder.cover(Coverage { topic: topic.into(), known, total, note: note.to_owned() });
        }
    };
    let all = world.repositories.len() as u64;
    let of = |is: &dyn Fn(&Repository) -> bool| world.repositories.values().filter(|repository| is(repository)).count() as u64;
    cover(
        "github_inputs_named",
        world.named,
        world.inputs,
        "inputs that do not tell their repository on purpose are taken to be of the two folders around them, or of one without a name, whose tokens match no \
         trust; name each by the format `github@OWNER/REPOSITORY`, a folder `OWNER__REPOSITORY` or the path of the API",
    );
    cover(
        "github_environments",
        of(&|repository| repository.settings.tells_environments),
        all,
        "repositories whose environments were not exported: whether somebody must approve a job that names one is unknown",
    );
    let secrets = world.repositories.iter().filter(|((owner, _), repository)| world.secrets_of(owner, repository).is_some()).count() as u64;
    cover(
        "github_secrets",
        secrets,
        all,
        "repositories whose secrets were not exported: those that workflows name are taken to be theirs, and their age is unknown",
    );
    cover(
        "github_default_branches",
        of(&|repository| {
            let settings = &repository.settings;
            let says = |branch: &String| settings.branches.contains_key(branch) || settings.protections.contains_key(branch);
            settings.default_branch.as_ref().is_some_and(says)
        }),
        all,
        "repositories of which the default branch, or whether it is protected, was not exported: who may write may change what runs there, possibly",
    );
    let asks = |branch: (&String, &bool), repository: &Repository| {
        *branch.1 && !repository.settings.protections.contains_key(branch.0) && repository.settings.rulesets.is_none()
    };
    let branches =
        || world.repositories.values().flat_map(|repository| repository.settings.branches.iter().map(move |it| (it, repository)));
    let untold = branches().filter(|(branch, repository)| asks(*branch, repository)).count() as u64;
    let protected = branches().filter(|((_, protected), _)| **protected).count() as u64;
    cover(
        "github_branch_protection",
        protected - untold,
        protected,
        "protected branches of which nobody says what a change asks for, neither `branches/BRANCH/protection` nor a set of rules: who may write may change \
         them, possibly",
    );
    let given = world.repositories.iter().flat_map(|((owner, _), repository)| {
        let settings = &repository.settings;
        let roles = settings.collaborators.values().chain(settings.teams.values()).filter_map(|given| given.value.role.as_ref());
        roles.map(move |role| world.owner(owner).and_then(|owner| owner.roles.as_ref()).is_some_and(|roles| roles.contains_key(role)))
    });
    let given: Vec<bool> = given.collect();
    cover(
        "github_custom_roles",
        given.iter().filter(|known| **known).count() as u64,
        given.len() as u64,
        "people and teams with a role of the organisation's own, `custom-repository-roles`, that was not exported: they may do more than is said",
    );
    cover(
        "github_collaborators",
        of(&|repository| !repository.settings.collaborators.is_empty() || !repository.settings.teams.is_empty()),
        all,
        "repositories of which nobody says who may write to them",
    );
    cover(
        "github_environment_names",
        counts.environments[0],
        counts.environments[1],
        "environments that jobs name by an expression which only a run resolves: whether one is production is unknown",
    );
    cover(
        "github_sign_ins",
        counts.logins[0],
        counts.logins[1],
        "sign-ins to a cloud whose identity is an expression, often with a secret in it, are kept by the names in it and join nothing",
    );
    cover("github_runner_labels", counts.runners[0], counts.runners[1], "jobs whose runner is an expression that only a run resolves");
    cover(
        "github_token_permissions",
        counts.tokens[0],
        counts.tokens[1],
        "jobs that do not say what their token may do, where the default was not exported, may write to the repository",
    );
    cover(
        "github_code_read",
        0,
        counts.unread,
        "workflows and actions that jobs run and that were not read may sign in elsewhere and use more",
    );
    cover("github_jobs_followed", 0, counts.cut, "workflows whose calls multiply beyond all bounds are not followed to the end");
    cover("github_secret_use", 0, secrets, "GitHub does not say when a secret was last used");
    for (what, number) in &world.other {
        cover("github_records_read", 0, *number, &format!("records that tell nothing here: {what}"));
    }
}

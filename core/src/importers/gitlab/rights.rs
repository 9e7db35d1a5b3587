//! What GitLab's API says of a project: who may do what with it, what its branches and environments ask for, which variables and runners it has.

use super::place::Project;
use super::refs::DEFAULT;
use super::settings::{Branch, Credential, DEVELOPER, Environment, Kept, MAINTAINER, Member, Pusher, Runner, Settings, Variable};
use crate::estate::{EstateBuilder, Glob};
use crate::importers::values::kind_of_name;
use crate::model::{
    Authentication, Certainty, Guard, GuardSet, Identity, IdentityKind, Instant, Relation, RelationKind, Resource, ResourceKind, Right,
    Secret, SecretKind, Storage,
};

/// What stands between whoever may write and what only some branch or environment gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    Open,
    /// Nobody says.
    Perhaps,
    /// Somebody else approves, merges or deploys.
    Approval,
}

impl Gate {
    /// Puts it on a relation.
    pub fn on(self, relation: Relation) -> Relation {
        match self {
            Gate::Open => relation,
            Gate::Perhaps => relation.certainty(Certainty::Possible),
            Gate::Approval => relation.guards(GuardSet::NONE.with(Guard::Approval)),
        }
    }

    /// Both stand between.
    pub fn and(self, other: Gate) -> Gate {
        match (self, other) {
            (Gate::Approval, _) | (_, Gate::Approval) => Gate::Approval,
            (Gate::Perhaps, _) | (_, Gate::Perhaps) => Gate::Perhaps,
            _ => Gate::Open,
        }
    }
}

/// A project with what is exported of it and of its groups, the nearest first.
pub(super) struct Rights<'a> {
    pub project: &'a Project,
    pub all: Vec<(String, &'a Settings)>,
}

impl Rights<'_> {
    fn own(&self) -> Option<&Settings> {
        self.all.first().filter(|(id, _)| *id == self.project.id()).map(|(_, settings)| *settings)
    }

    /// Whether anything is exported of the project itself.
    pub fn is_told(&self) -> bool {
        self.own().is_some()
    }

    /// The default branch, where somebody says it.
    pub fn default_branch(&self) -> Option<&str> {
        self.own()?.default_branch.as_deref()
    }

    fn protection(&self, branch: &str) -> Option<&Branch> {
        let branches = self.own()?.branches.as_ref()?;
        branches.get(branch).or_else(|| branches.iter().find(|(pattern, _)| takes(pattern, branch)).map(|(_, protection)| protection))
    }

    /// What stands before a change of a branch: where a developer may push, or open a merge request and merge it, nothing.
    pub fn branch(&self, branch: &str) -> Gate {
        let known = self.own().is_some_and(|settings| settings.branches.is_some());
        match self.protection(branch) {
            Some(Branch { push, merge, .. }) => {
                let open = [push, merge].into_iter().flatten().any(|level| *level <= DEVELOPER);
                if open { Gate::Open } else { Gate::Approval }
            }
            None if known => Gate::Open,
            None => Gate::Perhaps,
        }
    }

    /// What stands before a deployment to an environment by whoever may write.
    pub fn environment(&self, name: &str) -> Gate {
        let protected = self.own().and_then(|settings| settings.environments.as_ref());
        match protected.map(|all| all.iter().find(|(pattern, _)| takes(pattern, name)).map(|(_, it)| it)) {
            None => Gate::Perhaps,
            Some(None) => Gate::Open,
            Some(Some(Environment { approvals, deploy })) => {
                let open = *approvals == 0 && deploy.is_some_and(|level| level <= DEVELOPER);
                if open { Gate::Open } else { Gate::Approval }
            }
        }
    }

    /// The variable that a job gets by a name: its id, and whether it is protected. One of the project stands before those of its groups; an environment's own
    /// before one of every environment.
    pub fn variable(&self, name: &str, environment: Option<&str>) -> Option<(String, bool)> {
        self.all.iter().find_map(|(container, settings)| {
            let variables = settings.variables.as_ref()?;
            let mut fitting: Vec<_> = variables
                .iter()
                .filter(|((key, scope), _)| key == name && (scope == "*" || environment.is_some_and(|it| takes(scope, it))))
                .collect();
            fitting.sort_by_key(|((_, scope), _)| std::cmp::Reverse(scope.len()));
            fitting.first().map(|((key, scope), kept)| (variable_id(container, key, scope), kept.value.is_protected))
        })
    }

    /// Adds all of it.
    pub fn add(&self, any_branch: &str, builder: &mut EstateBuilder) {
        let default = self.default_branch().unwrap_or("main").to_owned();
        let guarded = format!("{}/-/branches/{default}", self.project.id());
        if self.branch(&default) == Gate::Approval {
            self.guarded_branch(&guarded, &default, any_branch, builder);
        }
        for (container, settings) in &self.all {
            for ((key, scope), kept) in settings.variables.iter().flatten() {
                builder.resume(kept.position);
                self.add_variable(container, (key, scope), &kept.value, any_branch, builder);
            }
            self.add_people(container, settings, builder);
            self.add_credentials(container, settings, builder);
            for (number, Kept { value, position }) in &settings.runners {
                builder.resume(*position);
                self.add_runner(container, *number, value, [any_branch, &guarded], builder);
            }
        }
    }

    /// What a pipeline on a branch gets that a developer does not change alone; whoever administers the project takes the protection away.
    fn guarded_branch(&self, id: &str, name: &str, any_branch: &str, builder: &mut EstateBuilder) {
        builder.add(Identity {
            name: Some(format!("any pipeline on {name}")),
            tenant: Some(self.project.group()),
            ..Identity::new(id, IdentityKind::Pipeline)
        });
        let (project, approval) = (self.project.id(), Gate::Approval);
        builder.relate(Relation::new(&project, RelationKind::RunsAs, id).requiring(Right::Control).permission("maintainer"));
        builder.relate(approval.on(Relation::new(any_branch, RelationKind::Assumes, id).permission("merge request")));
        let settings = self.own();
        let pushers = self.protection(name).map(|branch| branch.pushers.as_slice()).unwrap_or_default();
        for pusher in pushers {
            let by = match pusher {
                Pusher::User(number) => {
                    let members = settings.into_iter().flat_map(|settings| &settings.members);
                    members.filter(|(_, kept)| kept.value.number == Some(*number)).map(|(login, _)| self.user(login)).next()
                }
                Pusher::DeployKey(number) => Some(format!("{project}/-/deploy_keys/{number}")),
                Pusher::Group(_) => None,
            };
            if let Some(by) = by {
                builder.relate(Relation::new(by, RelationKind::Assumes, id).permission("push"));
            }
        }
        let subject = format!("{}#project_path:{}:ref_type:branch:ref:{name}", self.project.issuer(), self.project.slug());
        builder.add(Identity::new(&subject, IdentityKind::Pipeline));
        builder.relate(Relation::new(id, RelationKind::Assumes, subject).permission("id_tokens"));
    }

    /// A variable that holds a secret, by its name or since it is masked.
    fn add_variable(&self, container: &str, named: (&str, &str), variable: &Variable, any_branch: &str, builder: &mut EstateBuilder) {
        let (key, scope) = named;
        if kind_of_name(key).is_none() && !variable.is_masked {
            return;
        }
        let id = variable_id(container, key, scope);
        builder.add(Secret {
            name: Some(key.to_owned()),
            tenant: Some(if container == self.project.id() { self.project.group() } else { container.to_owned() }),
            storage: Some(Storage::CiVariable),
            fingerprint: variable.fingerprint.clone(),
            ..Secret::new(&id, kind_of_name(key).unwrap_or(SecretKind::Generic))
        });
        let of_branch = if variable.is_protected { self.branch(self.default_branch().unwrap_or("main")) } else { Gate::Open };
        let of_environment = if scope == "*" { Gate::Open } else { self.environment(scope) };
        let uses = Relation::new(any_branch, RelationKind::Uses, id).permission("variables");
        builder.relate(of_branch.and(of_environment).on(uses));
    }

    fn user(&self, login: &str) -> String {
        format!("https://{}/-/users/{login}", self.project.host)
    }

    /// Members by their level: a group of those with the same one, so that relations grow with members and projects, not with their product.
    fn add_people(&self, container: &str, settings: &Settings, builder: &mut EstateBuilder) {
        for (login, Kept { value: Member { level, expires_at, is_active, .. }, position }) in &settings.members {
            builder.resume(*position);
            let user = self.user(login);
            let is_bot = login.contains("_bot") && (login.starts_with("project_") || login.starts_with("group_"));
            let kind = if is_bot { IdentityKind::ApiClient } else { IdentityKind::Human };
            builder.add(Identity { name: Some(login.clone()), enabled: Some(*is_active), ..Identity::new(&user, kind) });
            let Some((kind, name)) = of_level(*level) else { continue };
            let members = format!("{container}/-/members/{name}");
            let tenant = if container == self.project.id() { self.project.group() } else { container.to_owned() };
            let identity = Identity::new(&members, IdentityKind::Group);
            builder.add(Identity { name: Some(format!("{name}s")), tenant: Some(tenant), ..identity });
            let member = Relation::new(user, RelationKind::MemberOf, &members).permission(name);
            builder.relate(Relation { valid_until: *expires_at, ..member });
            builder.relate(Relation::new(&members, kind, self.project.id()).permission(name));
        }
    }

    fn add_credentials(&self, container: &str, settings: &Settings, builder: &mut EstateBuilder) {
        for (number, kept) in &settings.deploy_keys {
            let kind = if kept.value.pushes { RelationKind::Writes } else { RelationKind::Reads };
            self.add_credential(container, ("deploy_keys", *number, SecretKind::SshKey), kept, Some(kind), builder);
        }
        for (number, kept) in &settings.deploy_tokens {
            let reads = kept.value.scopes.iter().any(|scope| scope == "read_repository");
            self.add_credential(
                container,
                ("deploy_tokens", *number, SecretKind::Token),
                kept,
                reads.then_some(RelationKind::Reads),
                builder,
            );
        }
        for (number, kept) in &settings.access_tokens {
            let has = |names: &[&str]| kept.value.scopes.iter().any(|scope| names.contains(&scope.as_str()));
            let level = kept.value.level.unwrap_or(DEVELOPER);
            let kind = match (has(&["api"]), has(&["api", "write_repository"]), has(&["api", "read_api", "read_repository"])) {
                (true, ..) if level >= MAINTAINER => Some(RelationKind::Administers),
                (_, true, _) if level >= DEVELOPER => Some(RelationKind::Writes),
                (_, _, true) => Some(RelationKind::Reads),
                _ => None,
            };
            self.add_credential(container, ("access_tokens", *number, SecretKind::Token), kept, kind, builder);
        }
    }

    fn add_credential(
        &self,
        container: &str,
        (collection, number, kind): (&str, u64, SecretKind),
        kept: &Kept<Credential>,
        right: Option<RelationKind>,
        builder: &mut EstateBuilder,
    ) {
        builder.resume(kept.position);
        let Credential { name, created_at, expires_at, tells_end, last_used_at, revoked, .. } = kept.value.clone();
        let id = format!("{container}/-/{collection}/{number}");
        let expires_at = expires_at.or(tells_end.then_some(Instant::NEVER));
        let tenant = Some(if container == self.project.id() { self.project.group() } else { container.to_owned() });
        builder.add(Identity {
            name: name.clone(),
            tenant: tenant.clone(),
            created_at,
            expires_at,
            last_used_at,
            authentication: vec![Authentication::StaticSecret],
            ..Identity::new(&id, IdentityKind::ApiClient)
        });
        let secret = format!("{id}/value");
        builder.add(Secret { name, tenant, created_at, expires_at, last_used_at, revoked, ..Secret::new(&secret, kind) });
        builder.relate(Relation::new(secret, RelationKind::AuthenticatesAs, &id).permission(collection));
        if let Some(right) = right {
            builder.relate(Relation::new(id, right, self.project.id()).permission(collection));
        }
    }

    /// A runner of one's own: whoever may write has jobs run there, and on one for protected branches alone, who may change those.
    fn add_runner(&self, container: &str, number: u64, runner: &Runner, [any_branch, guarded]: [&str; 2], builder: &mut EstateBuilder) {
        if runner.kind.as_deref() == Some("instance_type") && self.project.host == super::place::HOST {
            return;
        }
        let id = format!("{container}/-/runners/{number}");
        let tenant = if container == self.project.id() { self.project.group() } else { container.to_owned() };
        builder.add(Resource { name: runner.name.clone(), tenant: Some(tenant), ..Resource::new(&id, ResourceKind::Runner) });
        if runner.tags.is_empty() && runner.takes_untagged == Some(false) {
            return;
        }
        let default = self.default_branch().unwrap_or(DEFAULT);
        let gate = if runner.is_protected { self.branch(default) } else { Gate::Open };
        let from = if gate == Gate::Approval { guarded } else { any_branch };
        let gate = if gate == Gate::Approval { Gate::Open } else { gate };
        builder.relate(gate.on(Relation::new(from, RelationKind::RunsOn, id).permission("runner")));
    }
}

/// What a level may do with a project, and its name; `None` for guests.
fn of_level(level: u64) -> Option<(RelationKind, &'static str)> {
    match level {
        50.. => Some((RelationKind::Administers, "owner")),
        40.. => Some((RelationKind::Administers, "maintainer")),
        30.. => Some((RelationKind::Writes, "developer")),
        20.. => Some((RelationKind::Reads, "reporter")),
        _ => None,
    }
}

fn variable_id(container: &str, key: &str, scope: &str) -> String {
    if scope == "*" { format!("{container}/-/variables/{key}") } else { format!("{container}/-/variables/{key}@{scope}") }
}

/// Whether a pattern, in which `*` is any text, takes a name.
fn takes(pattern: &str, name: &str) -> bool {
    pattern == name || Glob::new(pattern).matches(name)
}

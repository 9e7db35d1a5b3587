//! [`Adding`]: adds a project, its pipeline and its jobs.

use super::config::{Config, Files, config as config_of, matching};
use super::job::{Environment, Job};
use super::place::Project;
use super::refs::{DEFAULT, Refs};
use super::rights::{Gate, Rights};
use crate::estate::{Coverage, EstateBuilder, FingerprintKey};
use crate::importers::values::{fingerprint, kind_of_name};
use crate::model::{
    Certainty, Identity, IdentityKind, Labels, Relation, RelationKind, Resource, ResourceKind, Right, Secret, SecretKind, Storage, Tenant,
    TenantKind,
};

/// What was counted on the way.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub left_out: u64,
    environments: [u64; 2],
    unread: u64,
    lost: u64,
    variables: u64,
}

/// The adding of one project.
pub(super) struct Adding<'a> {
    pub project: &'a Project,
    rights: &'a Rights<'a>,
    key: &'a FingerprintKey,
    pub builder: &'a mut EstateBuilder,
    counts: &'a mut Counts,
    id: String,
    group: String,
}

/// How deep pipelines may start pipelines of their own, as GitLab allows it.
const DEPTH: usize = 2;
/// The tags of GitLab's own runners, of which every job gets a new one.
const HOSTED: &str = "saas-";

impl<'a> Adding<'a> {
    pub fn new(rights: &'a Rights<'a>, key: &'a FingerprintKey, builder: &'a mut EstateBuilder, counts: &'a mut Counts) -> Self {
        let project = rights.project;
        Adding { id: project.id(), group: project.group(), project, rights, key, builder, counts }
    }

    /// Adds the groups, the project, and what whoever may write to it may have run.
    pub fn project(&mut self) {
        let mut parent = None;
        for (at, group) in self.project.groups().into_iter().enumerate() {
            let name = self.project.path.get(at).cloned();
            self.builder.add(Tenant { name, parent: parent.replace(group.clone()), ..Tenant::new(group, TenantKind::GitlabGroup) });
        }
        let name = self.project.path.last().cloned();
        self.builder.add(Resource {
            name: Some(self.project.slug()),
            tenant: Some(self.group.clone()),
            ..Resource::new(&self.id, ResourceKind::Repository)
        });
        let any = self.any_branch();
        self.identity(&any, format!("any pipeline of {}", name.unwrap_or_default()), Labels::new());
        self.builder.relate(Relation::new(&self.id, RelationKind::RunsAs, &any).requiring(Right::Write).permission("push"));
        // A branch of one's own is not protected; whether the default one is the file does not say.
        let open = Refs { branches: ["*".to_owned()].into(), tags: ["*".to_owned()].into(), sure: true };
        self.subjects(&any, &open, Certainty::Proven);
        let default = self.rights.default_branch().map(|branch| (branch.to_owned(), self.rights.branch(branch)));
        match default {
            // What only that branch gets stands behind it.
            Some((_, Gate::Approval)) => {}
            Some((branch, gate)) => {
                let certainty = if gate == Gate::Open { Certainty::Proven } else { Certainty::Possible };
                self.subjects(&any, &Refs { branches: [branch].into(), ..Refs::default() }, certainty);
            }
            None => self.subjects(&any, &Refs { branches: [DEFAULT.to_owned()].into(), ..Refs::default() }, Certainty::Possible),
        }
        self.rights.add(&any, self.builder);
    }

    /// Adds the pipeline that a file tells.
    pub fn pipeline(&mut self, files: &Files, root: &str, config: &Config) {
        let pipeline = format!("{}/-/pipelines/{root}", self.id);
        let name = self.project.path.last().cloned().unwrap_or_default();
        self.identity(&pipeline, name, Labels::new());
        self.builder.relate(Relation::new(&self.id, RelationKind::Contains, &pipeline));
        self.jobs(files, &pipeline, config, 0);
    }

    fn jobs(&mut self, files: &Files, pipeline: &str, config: &Config, depth: usize) {
        self.counts.unread += config.unread;
        self.counts.lost += config.lost;
        for (project, moves) in &config.projects {
            let from = self.project.sibling(project);
            self.builder.add(Resource { name: Some(project.clone()), ..Resource::new(&from, ResourceKind::Repository) });
            if *moves {
                self.builder.relate(Relation::new(from, RelationKind::RunsAs, pipeline).permission("include"));
            }
        }
        for (name, fields) in &config.jobs {
            let job = Job::read(config, fields);
            let id = format!("{pipeline}/jobs/{name}");
            self.job(&id, pipeline, name, &job);
            let children: Vec<String> = job.children.iter().flat_map(|path| matching(files, path)).collect();
            self.counts.unread += u64::from(job.starts_unread || children.len() < job.children.len());
            for child in children.iter().filter(|_| depth < DEPTH) {
                self.jobs(files, &id, &config_of(files, child), depth + 1);
            }
        }
    }

    fn job(&mut self, id: &str, pipeline: &str, name: &str, job: &Job) {
        let mut labels = Labels::from([("gitlab_stage".to_owned(), job.stage.clone())]);
        // Its name says what it does, not where.
        let environment =
            job.environment.as_ref().map(|it| it.tier.clone().filter(|tier| tier != "other").unwrap_or_else(|| it.name.clone()));
        labels.insert("environment".to_owned(), environment.unwrap_or_else(|| "unknown".to_owned()));
        self.identity(id, name.to_owned(), labels);
        self.builder.relate(Relation::new(pipeline, RelationKind::Assumes, id).permission("jobs"));
        if let Some(environment) = &job.environment {
            self.environment(id, environment);
        }
        if job.has_tokens {
            let certainty = if job.refs.sure { Certainty::Proven } else { Certainty::Possible };
            self.subjects(id, &job.refs, certainty);
        }
        let kind = if job.has_tokens { RelationKind::FederatesTo } else { RelationKind::Assumes };
        for role in &job.roles {
            // Whether the cloud takes it is written in the cloud.
            for from in [id.to_owned(), self.any_branch()] {
                self.builder.relate(Relation::new(from, kind, role).certainty(Certainty::Possible).permission("role"));
            }
        }
        self.secrets(id, job);
        self.runner(id, &job.tags);
        if let Some(project) = &job.triggers {
            let downstream = format!("{}/-/pipelines/.gitlab-ci.yml", self.project.sibling(project));
            self.builder.relate(Relation::new(id, RelationKind::Assumes, downstream).certainty(Certainty::Possible).permission("trigger"));
        }
    }

    /// Whether an environment is protected, or asks for an approval, the file does not say; the API does.
    fn environment(&mut self, job: &str, environment: &Environment) {
        self.counts.environments[0] += u64::from(!environment.name.contains('*'));
        self.counts.environments[1] += 1;
        let id = format!("{}/-/environments/{}", self.id, environment.name);
        let tier = environment.tier.clone().filter(|tier| tier != "other");
        self.builder.add(Resource {
            name: Some(environment.name.clone()),
            tenant: Some(self.group.clone()),
            labels: tier.map(|tier| ("tier".to_owned(), tier)).into_iter().collect(),
            ..Resource::new(&id, ResourceKind::Other)
        });
        self.builder.relate(Relation::new(&self.id, RelationKind::Contains, &id));
        let kind = if environment.deploys { RelationKind::DeploysTo } else { RelationKind::Reads };
        let gate = self.rights.environment(&environment.name);
        for from in [job.to_owned(), self.any_branch()] {
            self.builder.relate(gate.on(Relation::new(from, kind, &id)).permission("environment"));
        }
    }

    fn secrets(&mut self, job: &str, read: &Job) {
        for (name, kept) in &read.secrets {
            let id = if kept.path.starts_with("arn:") {
                kept.path.clone()
            } else {
                format!("{}/-/secrets/{}:{}", self.id, kept.manager, kept.path)
            };
            self.secret(&id, name, Some(kept.path.clone()), Storage::SecretManager, None);
            self.uses(job, &id, Certainty::Proven, "secrets");
        }
        for name in &read.asked {
            let environment = read.environment.as_ref().map(|environment| environment.name.as_str());
            if let Some((id, is_protected)) = self.rights.variable(name, environment) {
                // A protected one is there on protected branches alone.
                let certainty = if is_protected && !read.refs.sure { Certainty::Possible } else { Certainty::Proven };
                self.secret(&id, name, None, Storage::CiVariable, None);
                self.builder.relate(Relation::new(job, RelationKind::Uses, id).certainty(certainty).permission("variables"));
                continue;
            }
            self.counts.variables += 1;
            let id = format!("{}/-/variables/{name}", self.id);
            self.secret(&id, name, None, Storage::CiVariable, None);
            // That the project has such a variable, and that this branch gets it, is not in the file.
            self.uses(job, &id, Certainty::Possible, "variables");
        }
        for (name, value) in &read.plain {
            if let Some(fingerprint) = fingerprint(value.as_bytes(), self.key) {
                let id = format!("{job}/variables/{name}");
                self.secret(&id, name, None, Storage::SourceCode, Some(fingerprint));
                self.uses(job, &id, Certainty::Proven, "variables");
                self.builder.relate(Relation::new(&self.id, RelationKind::Stores, &id).permission("variables"));
            }
        }
    }

    fn secret(&mut self, id: &str, name: &str, path: Option<String>, storage: Storage, fingerprint: Option<String>) {
        self.builder.add(Secret {
            name: path.or_else(|| Some(name.to_owned())),
            tenant: (!id.starts_with("arn:")).then(|| self.group.clone()),
            storage: Some(storage),
            fingerprint,
            ..Secret::new(id, kind_of_name(name).unwrap_or(SecretKind::Generic))
        });
    }

    /// A job sees a secret, and so does whatever somebody who may write has run.
    fn uses(&mut self, job: &str, secret: &str, certainty: Certainty, permission: &str) {
        self.builder.relate(Relation::new(job, RelationKind::Uses, secret).certainty(certainty).permission(permission));
        self.builder
            .relate(Relation::new(self.any_branch(), RelationKind::Uses, secret).certainty(Certainty::Possible).permission(permission));
    }

    fn runner(&mut self, job: &str, tags: &[String]) {
        let resolved = tags.iter().all(|tag| !tag.contains('*'));
        if tags.is_empty() || !resolved || tags.iter().any(|tag| tag.starts_with(HOSTED)) {
            return;
        }
        let mut tags: Vec<String> = tags.iter().map(|tag| tag.replace('/', "+")).collect();
        tags.sort();
        let name = tags.join("+");
        let id = format!("{}/-/runner-tags/{name}", self.group);
        self.builder.add(Resource { name: Some(name), tenant: Some(self.group.clone()), ..Resource::new(&id, ResourceKind::Runner) });
        for from in [job.to_owned(), self.any_branch()] {
            self.builder.relate(Relation::new(from, RelationKind::RunsOn, &id).permission("tags"));
        }
        // Jobs that ask for the same tags may meet on one machine.
        self.builder.relate(Relation::new(&id, RelationKind::RunsAs, job).certainty(Certainty::Possible).permission("tags"));
    }

    /// The subjects of the tokens that somebody gets on these branches and tags.
    fn subjects(&mut self, id: &str, refs: &Refs, certainty: Certainty) {
        let branches = refs.branches.iter().map(|name| ("branch", name));
        let all: Vec<_> = branches.chain(refs.tags.iter().map(|name| ("tag", name))).collect();
        for (kind, name) in all {
            let (name, guessed) = match self.rights.default_branch() {
                Some(known) if name == DEFAULT => (known, false),
                None if name == DEFAULT => ("main", true),
                _ => (name.as_str(), false),
            };
            let subject = format!("project_path:{}:ref_type:{kind}:ref:{name}", self.project.slug());
            let to = format!("{}#{subject}", self.project.issuer());
            self.builder.add(Identity { name: Some(subject), ..Identity::new(&to, IdentityKind::Pipeline) });
            let certainty = if guessed { Certainty::Possible } else { certainty };
            self.builder.relate(Relation::new(id, RelationKind::Assumes, to).certainty(certainty).permission("id_tokens"));
        }
    }

    fn identity(&mut self, id: &str, name: String, labels: Labels) {
        self.builder.add(Identity {
            name: Some(name),
            tenant: Some(self.group.clone()),
            labels,
            ..Identity::new(id, IdentityKind::Pipeline)
        });
    }

    fn any_branch(&self) -> String {
        format!("{}/-/any-branch", self.id)
    }
}

impl Counts {
    /// Adds what the reading covers.
    pub fn cover(&self, settled: u64, projects: u64, builder: &mut EstateBuilder) {
        let mut cover = |topic: &str, known: u64, total: u64, note: &str| {
            if total > known {
                builder.cover(Coverage { topic: topic.into(), known, total, note: note.to_owned() });
            }
        };
        cover(
            "gitlab_settings",
            settled,
            projects,
            "where the API's answers were not exported, the file does not say who may write to a project, which of its branches and environments are protected, who must approve, and which variables it \
             has: what follows is possible",
        );
        cover(
            "gitlab_environment_names",
            self.environments[0],
            self.environments[1],
            "environments whose names only a run completes: whether one is production is told by the rest of the name",
        );
        cover(
            "gitlab_variables",
            0,
            self.variables,
            "variables that jobs ask for and that no file sets are taken to be the project's, of unknown age and protection",
        );
        cover("gitlab_files", 0, self.unread, "included files, templates and started pipelines that were not read may use more");
        cover("gitlab_references", 0, self.lost, "extensions and references to what is in no file that was read say nothing");
        cover("gitlab_files_included", 0, self.left_out, "files that no configuration includes are not read");
    }
}

//! [`runs`]: the jobs that a workflow starts, those of the workflows that it calls included, with what their expressions stand for.

use super::expression::{Passed, Scope, Value, secrets_in};
use super::login::{self, Login};
use super::steps::{self, Walk};
use super::workflow::{Input, Job, Permissions, Secrets, Trigger, Workflow};
use super::world::{Kept, World};
use std::collections::{BTreeMap, BTreeSet};

/// A job as it runs: of one workflow, by one chain of calls, with every combination of its matrix.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// The jobs that lead to it, of the workflow that starts it first.
    pub chain: Vec<String>,
    /// Whether it only calls a workflow.
    pub calls: bool,
    /// The file and repository in which it is written, where it is called: `OWNER/NAME/.github/workflows/FILE`.
    pub written_in: String,
    pub permissions: Permissions,
    /// The environments that it names, and whether it is certain that it does; an empty name where none is named in a combination.
    pub environments: BTreeSet<Value>,
    /// The names of the secrets that it sees.
    pub secrets: BTreeSet<String>,
    /// Whether it sees secrets that cannot be told from the file: all of them, or one by a name that is made up.
    pub any_secret: Option<AnySecret>,
    /// Where it signs in, by environment that it names then.
    pub logins: BTreeSet<Login>,
    pub labels: BTreeSet<Vec<String>>,
    pub groups: BTreeSet<String>,
    /// The repositories whose code it runs at a place that may move, and those that its secrets are handed to.
    pub foreign: BTreeSet<String>,
    /// Whether it runs the code of a pull request beside what the workflow may do.
    pub takes_head: bool,
    /// The workflows and actions that it runs and that were not read.
    pub unread: BTreeSet<String>,
}

/// How a job sees secrets that it does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AnySecret {
    /// One by a name that is made up as it runs.
    One,
    /// All.
    All,
}

/// How deep workflows may call each other, as GitHub allows it.
const DEPTH: usize = 10;
/// The most jobs that are followed from one workflow: calls multiply.
const MOST: usize = 2_000;

/// How many bytes of expressions are looked at for one workflow: each call looks at those of what it calls.
const ROOM: usize = 1 << 24;

/// What was found, and how much more may be looked at.
struct Found {
    runs: Vec<Run>,
    room: usize,
}

impl Found {
    fn is_full(&self) -> bool {
        self.runs.len() >= MOST || self.room == 0
    }
}

/// A call under way.
struct Call<'w> {
    workflow: &'w Kept<Workflow>,
    /// The repository in which it is written.
    slug: &'w str,
    file: &'w str,
    scope: Scope,
    /// What the calling job may do; `None` for the workflow that starts.
    caller: Option<Permissions>,
    chain: Vec<String>,
    depth: usize,
    triggers: &'w BTreeMap<String, Trigger>,
    all_secrets: bool,
}

/// The jobs of a workflow of a repository; whether some were left out since they are too many.
pub(super) fn runs<'w>(
    world: &'w World,
    slug: &'w str,
    file: &'w str,
    workflow: &'w Kept<Workflow>,
    variables: &BTreeMap<String, String>,
) -> (Vec<Run>, bool) {
    let inputs = &workflow.value.inputs;
    let scope = Scope { inputs: chosen(inputs), variables: variables.clone(), repository: slug.to_owned(), ..Scope::default() };
    let call = Call {
        workflow,
        slug,
        file,
        scope,
        caller: None,
        chain: Vec::new(),
        depth: 0,
        triggers: &workflow.value.triggers,
        all_secrets: false,
    };
    let mut found = Found { runs: Vec::new(), room: ROOM };
    follow(world, call, &mut found);
    let cut = found.is_full();
    (found.runs, cut)
}

/// The values of the inputs that who starts a workflow may choose.
fn chosen(inputs: &BTreeMap<String, Input>) -> BTreeMap<String, Vec<Value>> {
    let options = |input: &Input| {
        let options = input.options.iter().map(|text| Value { text: text.clone(), sure: input.options.len() == 1 });
        options.collect::<Vec<_>>()
    };
    inputs.iter().filter(|(_, input)| !input.options.is_empty()).map(|(name, input)| (name.clone(), options(input))).collect()
}

fn follow<'w>(world: &'w World, call: Call<'w>, found: &mut Found) {
    let workflow = &call.workflow.value;
    let scope = call.scope.with_env(&workflow.env);
    for (name, job) in &workflow.jobs {
        if found.is_full() {
            return;
        }
        let texts = job.texts.iter().chain(workflow.env.values()).map(String::len).sum::<usize>();
        found.room = found.room.saturating_sub(texts);
        let declared = job.permissions.or(workflow.permissions);
        let permissions = match call.caller {
            Some(caller) => declared.within(caller),
            None => declared,
        };
        let mut run = Run {
            chain: call.chain.iter().chain([name]).cloned().collect(),
            calls: job.uses.is_some(),
            written_in: format!("{}/.github/workflows/{}", call.slug, call.file),
            permissions,
            any_secret: call.all_secrets.then_some(AnySecret::All),
            ..Run::default()
        };
        let texts = job.texts.iter().chain(workflow.env.values());
        // A name that is made up may be known once the matrix is.
        let plain = texts.filter(|text| !text.contains("secrets[") || call.scope.secrets.is_limited());
        plain.for_each(|text| see_secrets(&mut run, text, &call.scope.secrets));
        for combination in job.matrix.combinations() {
            let matrix = combination.into_iter().map(|(name, text)| (name, scope.values(&text)));
            let bare = Scope { matrix: matrix.collect(), ..scope.clone() };
            let scope = bare.with_env(&job.env);
            let made = job.texts.iter().chain(workflow.env.values()).filter(|text| text.contains("secrets["));
            made.flat_map(|text| scope.values(text)).for_each(|value| see_secrets(&mut run, &value.text, &Passed::Own));
            see_job(world, &call, job, &bare, &mut run);
        }
        let called = job.uses.as_deref().map(|uses| (uses, run.chain.clone()));
        let wants = called.as_ref().and_then(|(uses, _)| find_workflow(world, call.slug, uses));
        if let (Some((uses, _)), None) = (&called, &wants) {
            hand_over(&mut run, job, uses);
        }
        found.runs.push(run);
        if let (Some((_, chain)), Some((slug, file, workflow)), true) = (called, wants, call.depth < DEPTH) {
            for scope in called_scopes(job, workflow, &scope, &call.scope.secrets) {
                let inherits = matches!(job.secrets, Secrets::Inherit);
                let call = Call {
                    workflow,
                    slug,
                    file,
                    scope,
                    caller: Some(permissions),
                    chain: chain.clone(),
                    depth: call.depth + 1,
                    triggers: call.triggers,
                    all_secrets: inherits && call.all_secrets,
                };
                follow(world, call, found);
            }
        }
    }
}

/// What a job does in one combination of its matrix. Its own environment is not in the scope yet: the variables of the one that it names come first.
fn see_job(world: &World, call: &Call<'_>, job: &Job, bare: &Scope, run: &mut Run) {
    let scope = &bare.with_env(&job.env);
    let environments = match &job.environment {
        Some(text) => scope.values(text),
        None => vec![Value { text: String::new(), sure: true }],
    };
    let settings = world.find(&call.scope.repository).map(|(_, repository)| &repository.settings);
    let variables = |name: &str| settings?.environment_variables.get(&name.to_ascii_lowercase());
    let plain = logins(world, call, job, scope, run);
    for environment in &environments {
        let own = variables(&environment.text).map(|own| {
            let variables = bare.variables.iter().chain(own).map(|(name, value)| (name.clone(), value.clone())).collect();
            let scope = Scope { variables, ..bare.clone() }.with_env(&job.env);
            logins(world, call, job, &scope, run)
        });
        run.logins.extend(own.as_ref().unwrap_or(&plain).iter().map(|login| login::Login {
            environment: environment.text.clone(),
            sure: login.sure && environment.sure,
            ..login.clone()
        }));
    }
    run.environments.extend(environments);
    let labels: Vec<Vec<Value>> = job.labels.iter().map(|label| scope.values(label)).collect();
    let mut sets = vec![Vec::new()];
    for values in labels {
        let pairs = sets.iter().flat_map(|set: &Vec<String>| values.iter().map(move |value| (set, value)));
        sets = pairs.map(|(set, value)| set.iter().cloned().chain([value.text.clone()]).collect()).take(16).collect();
    }
    sets.iter_mut().for_each(|set| set.sort());
    run.labels.extend(sets.into_iter().filter(|set| !set.is_empty()));
    run.groups.extend(job.group.iter().flat_map(|group| scope.values(group)).map(|value| value.text));
}

/// Where the steps of a job sign in.
fn logins(world: &World, call: &Call<'_>, job: &Job, scope: &Scope, run: &mut Run) -> Vec<Login> {
    let mut walk = Walk { world, slug: &call.scope.repository, run, logins: Vec::new() };
    for step in &job.steps {
        steps::walk(&mut walk, step, scope, call.triggers, 0);
    }
    walk.logins
}

/// Notes the secrets that a text of a job names, by the names that the repository knows.
fn see_secrets(run: &mut Run, text: &str, passed: &Passed) {
    let (names, any) = secrets_in(text);
    for name in names.into_iter().filter(|name| name != "GITHUB_TOKEN") {
        match passed {
            Passed::Own => drop(run.secrets.insert(name)),
            Passed::Named(named) => {
                let given = named.get(&name).map(|text| secrets_in(text)).unwrap_or_default();
                run.secrets.extend(given.0.into_iter().filter(|name| name != "GITHUB_TOKEN"));
            }
        }
    }
    if any {
        match passed {
            Passed::Own => {
                let one = text.contains("secrets[");
                run.any_secret = run.any_secret.max(Some(if one { AnySecret::One } else { AnySecret::All }));
            }
            Passed::Named(named) => named.values().for_each(|text| run.secrets.extend(secrets_in(text).0)),
        }
    }
}

/// A workflow that nobody read gets what is handed to it.
fn hand_over(run: &mut Run, job: &Job, uses: &str) {
    run.unread.insert(steps::without_version(uses).to_owned());
    if matches!(job.secrets, Secrets::Inherit) {
        run.any_secret = Some(AnySecret::All);
    }
    run.foreign.extend(steps::foreign(uses));
}

/// What names stand for in a called workflow: one scope, in which an input may have several values.
fn called_scopes(job: &Job, workflow: &Kept<Workflow>, caller: &Scope, passed: &Passed) -> Vec<Scope> {
    let secrets = match &job.secrets {
        Secrets::Inherit => passed.clone(),
        Secrets::None => Passed::Named(BTreeMap::new()),
        Secrets::Named(named) => {
            let texts = named.iter().map(|(name, text)| {
                let values = caller.values(text);
                (name.to_ascii_uppercase(), values.into_iter().map(|value| value.text).collect::<Vec<_>>().join(" "))
            });
            Passed::Named(texts.collect())
        }
    };
    let scope = |combination: &BTreeMap<String, String>| {
        let matrix = combination.iter().map(|(name, text)| (name.clone(), caller.values(text))).collect();
        let caller = Scope { matrix, ..caller.clone() }.with_env(&job.env);
        Scope {
            inputs: given(&workflow.value.inputs, &job.with, &caller),
            secrets: secrets.clone(),
            variables: caller.variables.clone(),
            repository: caller.repository.clone(),
            ..Scope::default()
        }
    };
    let mut scopes: Vec<Scope> = Vec::new();
    for combination in job.matrix.combinations() {
        let next = scope(&combination);
        match scopes.first_mut() {
            Some(first) => merge(&mut first.inputs, next.inputs),
            None => scopes.push(next),
        }
    }
    scopes
}

/// Adds the values of one combination to those of the others: each of them runs.
fn merge(inputs: &mut BTreeMap<String, Vec<Value>>, more: BTreeMap<String, Vec<Value>>) {
    for (name, values) in more {
        let known = inputs.entry(name).or_default();
        known.extend(values);
        known.sort();
        known.dedup();
    }
}

/// What the inputs of something called are: what it is given, else its defaults.
pub(super) fn given(inputs: &BTreeMap<String, Input>, with: &BTreeMap<String, String>, caller: &Scope) -> BTreeMap<String, Vec<Value>> {
    let mut values: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, input) in inputs {
        let default = input.default.iter().filter(|text| !text.is_empty()).map(|text| Value { text: text.clone(), sure: true });
        values.insert(name.clone(), default.collect());
    }
    for (name, text) in with {
        values.insert(name.clone(), caller.values(text).into_iter().filter(|value| !value.text.is_empty()).collect());
    }
    values
}

/// The workflow that a job calls, where it was read: its repository, file and content.
fn find_workflow<'w>(world: &'w World, slug: &'w str, uses: &str) -> Option<(&'w str, &'w str, &'w Kept<Workflow>)> {
    const FOLDER: &str = ".github/workflows/";
    let uses = steps::without_version(uses);
    if let Some(file) = uses.strip_prefix("./").and_then(|path| path.strip_prefix(FOLDER)) {
        let (file, workflow) = world.find(slug)?.1.workflows.get_key_value(file)?;
        return Some((slug, file, workflow));
    }
    let (slug, file) = uses.split_once("/.github/workflows/")?;
    let (_, repository) = world.find(slug)?;
    let (file, workflow) = repository.workflows.get_key_value(file)?;
    Some((&repository.settings.slug, file, workflow))
}

//! [`walk`]: the steps of a job, those of the composite actions that it uses included.

use super::expression::Scope;
use super::login::{self, Login};
use super::runs::{Run, given};
use super::workflow::{Action, Step, Trigger, takes_head};
use super::world::{Kept, World};
use std::collections::BTreeMap;

/// A walk through the steps of a job.
pub(super) struct Walk<'w, 'r> {
    pub world: &'w World,
    /// The repository whose files `./` names.
    pub slug: &'w str,
    pub run: &'r mut Run,
    pub logins: Vec<Login>,
}

/// How deep actions may use each other, as GitHub allows it.
const DEPTH: usize = 10;
/// The most sign-ins of one job: actions that use each other multiply.
const MOST: usize = 500;

/// Takes a step.
pub(super) fn walk(walk: &mut Walk<'_, '_>, step: &Step, scope: &Scope, triggers: &BTreeMap<String, Trigger>, depth: usize) {
    let of_pull_request = triggers.contains_key("pull_request_target") || triggers.contains_key("workflow_run");
    if of_pull_request && step.fetches_head {
        walk.run.takes_head = true;
    }
    let Some(uses) = &step.uses else { return };
    let name = without_version(uses);
    let action = find_action(walk.world, walk.slug, name);
    let scope = &if action.is_some() || login::is_known(name) { scope.with_env(&step.env) } else { Scope::default() };
    if name.eq_ignore_ascii_case("actions/checkout") && of_pull_request {
        let asks = |field: &str| step.with.get(field).is_some_and(|text| takes_head(text));
        walk.run.takes_head |= asks("ref") || asks("repository");
    }
    if walk.logins.len() < MOST {
        walk.logins.extend(login::logins(name, &step.with, scope));
    }
    match action {
        Some(action) if depth < DEPTH => {
            let scope = Scope { inputs: given(&action.value.inputs, &step.with, scope), ..scope.clone() };
            for step in &action.value.steps {
                self::walk(walk, step, &scope, triggers, depth + 1);
            }
        }
        Some(_) => {}
        None => {
            walk.run.foreign.extend(foreign(uses));
            if !uses.starts_with("docker://") && !login::is_known(name) {
                walk.run.unread.insert(name.to_owned());
            }
        }
    }
}

/// An action or workflow without the version behind its `@`.
pub(super) fn without_version(uses: &str) -> &str {
    uses.split_once('@').map_or(uses, |(name, _)| name)
}

/// The repository whose code runs here and may change without a change here: what is pinned to a commit may not, and GitHub's own are trusted as GitHub is.
pub(super) fn foreign(uses: &str) -> Option<String> {
    let (name, version) = uses.split_once('@')?;
    let pinned = version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut parts = name.split('/');
    let (owner, repository) = (parts.next()?, parts.next()?);
    let own = ["actions", "github"].iter().any(|own| owner.eq_ignore_ascii_case(own));
    let named = !owner.is_empty() && !repository.is_empty() && !name.starts_with(['.', '$']) && !name.contains(':');
    (named && !pinned && !own).then(|| format!("{owner}/{repository}"))
}

/// An action that was read: of this repository by its folder, of another by its slug and folder. A checkout into a folder puts that before it.
fn find_action<'w>(world: &'w World, slug: &str, name: &str) -> Option<&'w Kept<Action>> {
    if let Some(path) = name.strip_prefix("./") {
        let actions = &world.find(slug)?.1.actions;
        let path = path.trim_end_matches('/');
        let at = path.find(".github/").unwrap_or(0);
        return actions.get(path).or_else(|| actions.get(&path[at..]));
    }
    let (owner, rest) = name.split_once('/')?;
    let (repository, path) = rest.split_once('/').unwrap_or((rest, ""));
    world.find(&format!("{owner}/{repository}"))?.1.actions.get(path)
}

//! [`push`]: what stands between whoever may write to a repository and one of its branches or tags.

use super::adding::{Adding, Gate, OPEN, PERHAPS};
use super::ids;
use super::protection::{Actor, Protection, Repositories, Ruleset};
use super::settings::Access;
use crate::model::{Guard, GuardSet};
use std::collections::BTreeSet;

/// What stands between a push and a branch.
#[derive(Debug, Clone)]
pub(super) struct Push {
    pub gate: Gate,
    /// Those who push without it, by their ids.
    pub by: BTreeSet<String>,
}

/// Somebody else must approve, or do it.
const APPROVED: Gate = Gate { guards: GuardSet::NONE.with(Guard::Approval), certainty: crate::model::Certainty::Proven };

/// What stands before a change of a branch, by anybody who may write. A protection that asks for no approval is none: a pull request that one opens and merges
/// oneself is enough. Where something protects it and nobody says what it asks for, the way is possible.
pub(super) fn push(adding: &Adding<'_>, branch: &str) -> Push {
    let settings = &adding.repository.settings;
    let protection = protection_of(adding, branch);
    let mut all = Vec::new();
    if let Some(protection) = protection {
        all.push(of_protection(adding, protection));
    }
    let rulesets = rulesets_of(adding, "refs/heads/", branch);
    all.extend(rulesets.iter().map(|(ruleset, sure)| of_ruleset(adding, ruleset, *sure)));
    let known = settings.branches.get(branch) == Some(&false) || protection.is_some() && settings.rulesets.is_some();
    let guarding: Vec<&Push> = all.iter().filter(|push| push.gate == APPROVED).collect();
    let Some(first) = guarding.first() else {
        let gate = all.iter().fold(OPEN.sure(known), |gate, push| gate.and(push.gate));
        return Push { gate, by: BTreeSet::new() };
    };
    // Who is let through by one must be let through by all.
    let by = first.by.iter().filter(|id| guarding.iter().all(|push| push.by.contains(*id)));
    Push { gate: APPROVED, by: by.cloned().collect() }
}

/// What stands before a tag that somebody makes or moves.
pub(super) fn tag(adding: &Adding<'_>, tag: &str) -> Gate {
    let blocking = rulesets_of(adding, "refs/tags/", tag).into_iter().filter(|(ruleset, _)| ruleset.blocks_creation);
    let gates: Vec<Gate> = blocking.map(|(ruleset, sure)| of_ruleset(adding, ruleset, sure).gate).collect();
    let open = OPEN.sure(adding.repository.settings.rulesets.is_some() || gates.contains(&APPROVED));
    gates.into_iter().fold(open, Gate::and)
}

/// The names of the branches of which anything is said; patterns are none.
pub(super) fn named_branches(adding: &Adding<'_>) -> BTreeSet<String> {
    let settings = &adding.repository.settings;
    let of_rules = all_rulesets(adding).filter(|ruleset| !ruleset.of_tags).flat_map(|ruleset| &ruleset.include);
    let of_rules = of_rules.filter_map(|name| name.strip_prefix("refs/heads/").map(str::to_owned));
    let known = settings.branches.keys().chain(settings.protections.keys()).cloned().chain(of_rules);
    let policies = settings.branch_policies.values().flatten().filter(|policy| !policy.of_tags).map(|policy| policy.name.clone());
    known.chain(policies).chain([adding.default_branch.0.clone()]).filter(|name| !is_pattern(name)).collect()
}

/// Whether anything protects a branch.
pub(super) fn is_protected(adding: &Adding<'_>, branch: &str) -> bool {
    let listed = adding.repository.settings.branches.get(branch) == Some(&true);
    listed || protection_of(adding, branch).is_some() || !rulesets_of(adding, "refs/heads/", branch).is_empty()
}

/// Whether a name stands for many.
pub(super) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// The protection of a branch: that of its name, else the first whose pattern takes it.
fn protection_of<'a>(adding: &Adding<'a>, branch: &str) -> Option<&'a Protection> {
    let all = &adding.repository.settings.protections;
    let found = all.get(branch).or_else(|| all.iter().find(|(pattern, _)| fits(pattern, branch)).map(|(_, protection)| protection));
    found.map(|kept| &kept.value)
}

fn all_rulesets<'a>(adding: &Adding<'a>) -> impl Iterator<Item = &'a Ruleset> {
    let own = adding.repository.settings.rulesets.iter().flatten();
    let of_owner = adding.of_owner.into_iter().flat_map(|owner| owner.rulesets.iter().flatten());
    own.chain(of_owner).map(|(_, kept)| &kept.value).filter(|ruleset| ruleset.is_active)
}

/// The sets of rules about a branch or tag, and whether it is certain that they are.
fn rulesets_of<'a>(adding: &Adding<'a>, prefix: &str, name: &str) -> Vec<(&'a Ruleset, bool)> {
    let is_default = prefix == "refs/heads/" && adding.default_branch.0 == name;
    let full = format!("{prefix}{name}");
    let takes = |patterns: &[String]| {
        patterns.iter().any(|pattern| match pattern.as_str() {
            "~ALL" => true,
            "~DEFAULT_BRANCH" => is_default,
            pattern => fits(pattern, &full),
        })
    };
    let of_kind = all_rulesets(adding).filter(|ruleset| ruleset.of_tags == (prefix == "refs/tags/"));
    let about = of_kind.filter(|ruleset| takes(&ruleset.include) && !takes(&ruleset.exclude));
    about.filter_map(|ruleset| Some((ruleset, is_about(adding, ruleset)?))).collect()
}

/// Whether a set of rules is about a repository; `None` where it is not, and `false` where nobody says.
fn is_about(adding: &Adding<'_>, ruleset: &Ruleset) -> Option<bool> {
    let takes = |patterns: &[String]| patterns.iter().any(|pattern| pattern == "~ALL" || fits(pattern, adding.name));
    match (&ruleset.repositories, adding.repository.settings.number) {
        (Repositories::All, _) => Some(true),
        (Repositories::Named { include, exclude }, _) => (takes(include) && !takes(exclude)).then_some(true),
        (Repositories::Numbered(numbers), Some(number)) => numbers.contains(&number).then_some(true),
        (Repositories::Numbered(_), None) | (Repositories::Unknown, _) => Some(false),
    }
}

fn of_protection(adding: &Adding<'_>, protection: &Protection) -> Push {
    let Protection { reviews, is_locked, is_restricted, pushers, unreviewed } = protection;
    if *is_locked {
        return Push { gate: APPROVED, by: BTreeSet::new() };
    }
    let passes = match (*is_restricted, *reviews > 0) {
        (true, true) => pushers.intersection(unreviewed).cloned().collect(),
        (true, false) => pushers.clone(),
        (false, true) => unreviewed.clone(),
        (false, false) => return Push { gate: OPEN, by: BTreeSet::new() },
    };
    Push { gate: APPROVED, by: ids_of(adding, &passes) }
}

fn of_ruleset(adding: &Adding<'_>, ruleset: &Ruleset, sure: bool) -> Push {
    let holds = ruleset.reviews > 0 || ruleset.blocks_updates || ruleset.of_tags && ruleset.blocks_creation;
    if !holds || ruleset.bypass.contains(&Actor::Role(Access::Write)) {
        return Push { gate: OPEN, by: BTreeSet::new() };
    }
    let gate = if sure && !ruleset.bypass.contains(&Actor::Unknown) { APPROVED } else { PERHAPS };
    Push { gate, by: ids_of(adding, &ruleset.bypass) }
}

/// The ids of those whom a protection names, as far as they are known. Whoever administers the repository is no matter here.
fn ids_of(adding: &Adding<'_>, actors: &BTreeSet<Actor>) -> BTreeSet<String> {
    let owner = adding.of_owner;
    let team = |slug: &str| ids::of(&adding.tenant, "teams", slug);
    let installed = |is: &dyn Fn(&super::settings::Installation) -> bool| {
        let all = owner.into_iter().flat_map(|owner| &owner.installations).filter(|(_, kept)| is(&kept.value));
        all.map(|(number, _)| ids::of(&adding.tenant, "installations", &number.to_string())).collect::<Vec<_>>()
    };
    let mut found = BTreeSet::new();
    for actor in actors {
        match actor {
            Actor::User(login) => drop(found.insert(ids::user(login))),
            Actor::Team(slug) => drop(found.insert(team(slug))),
            Actor::TeamNumber(number) => {
                let teams = owner.into_iter().flat_map(|owner| &owner.teams);
                found.extend(teams.filter(|(_, kept)| kept.value.number == Some(*number)).map(|(slug, _)| team(slug)));
            }
            Actor::Application(slug) => found.extend(installed(&|it| it.slug.as_ref() == Some(slug))),
            Actor::ApplicationNumber(number) => found.extend(installed(&|it| it.application == Some(*number))),
            Actor::DeployKeys => {
                let keys = adding.repository.settings.deploy_keys.iter().filter(|(_, key)| key.value.writes);
                found.extend(keys.map(|(number, _)| ids::deploy_key(&adding.id, *number)));
            }
            Actor::Role(_) | Actor::Unknown => {}
        }
    }
    found
}

/// Whether a pattern of names takes a name: `*` any text within a part, `**` any parts, `?` a character.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    // After how many parts of the name what was read of the pattern may end.
    let mut ends = vec![false; parts.len() + 1];
    ends[0] = true;
    for wanted in pattern.split('/') {
        let mut next = vec![false; parts.len() + 1];
        for at in 0..=parts.len() {
            next[at] = match (wanted, at) {
                ("**", 0) => ends[0],
                ("**", at) => next[at - 1] || ends[at],
                (_, 0) => false,
                (wanted, at) => ends[at - 1] && fits_part(wanted.as_bytes(), parts[at - 1].as_bytes()),
            };
        }
        ends = next;
    }
    ends[parts.len()]
}

fn fits_part(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut of, mut star) = (0, 0, None);
    while of < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(letter) if *letter == b'?' || *letter == name[of] => {
                at += 1;
                of += 1;
            }
            // The last star takes one more.
            _ => {
                let Some((back, taken)) = star else { return false };
                star = Some((back, taken + 1));
                (at, of) = (back + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_take_names() {
        for (pattern, name) in
            [("main", "main"), ("release/*", "release/1"), ("*", "main"), ("refs/heads/**/*", "refs/heads/a/b/c"), ("v?", "v1")]
        {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("main", "mainly"), ("release/*", "release/1/2"), ("*", "a/b"), ("refs/heads/*", "refs/heads/a/b"), ("v?", "v")]
        {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}

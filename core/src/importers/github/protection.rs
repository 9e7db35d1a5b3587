//! [`Protection`], [`Ruleset`], [`BranchPolicy`] and [`Role`]: who may change a branch, and which branches an environment takes, as the API says it.
//! Source: GitHub, REST API, "Branch protection", "Rules", "Deployment branch policies", "Custom repository roles".

use super::settings::Access;
use super::shape::Item;
use serde_json::Value;
use std::collections::BTreeSet;

/// What protects the branches of one name or pattern.
#[derive(Debug, Default, Clone)]
pub(super) struct Protection {
    /// How many must approve a change.
    pub reviews: u64,
    /// Nobody may push.
    pub is_locked: bool,
    /// Only some may push.
    pub is_restricted: bool,
    /// Those who may push, and those whom no review stops.
    pub pushers: BTreeSet<Actor>,
    pub unreviewed: BTreeSet<Actor>,
}

/// A set of rules of a repository or of an organisation.
#[derive(Debug, Default, Clone)]
pub(super) struct Ruleset {
    /// Whether its rules hold rather than being tried or switched off.
    pub is_active: bool,
    /// Whether it is about tags; else about branches.
    pub of_tags: bool,
    /// The names it is about: `~ALL`, `~DEFAULT_BRANCH` or patterns with `refs/heads/`.
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    /// Which repositories an organisation's is about.
    pub repositories: Repositories,
    pub reviews: u64,
    pub blocks_updates: bool,
    pub blocks_creation: bool,
    /// Those whom it does not hold.
    pub bypass: BTreeSet<Actor>,
}

/// The repositories that a set of rules is about.
#[derive(Debug, Default, Clone)]
pub(super) enum Repositories {
    #[default]
    All,
    /// By patterns of their names.
    Named { include: Vec<String>, exclude: Vec<String> },
    /// By their numbers.
    Numbered(BTreeSet<u64>),
    /// By what an export of repositories does not say.
    Unknown,
}

/// Somebody whom a protection names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Actor {
    User(String),
    Team(String),
    TeamNumber(u64),
    /// An application by its slug.
    Application(String),
    ApplicationNumber(u64),
    DeployKeys,
    /// Whoever has at least this role in the repository.
    Role(Access),
    /// A role of an organisation's own, by number, or whatever else is not told apart.
    Unknown,
}

/// A name or pattern of the branches or tags from which an environment takes jobs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BranchPolicy {
    pub name: String,
    pub of_tags: bool,
}

/// A role that an organisation made for repositories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Role {
    pub access: Access,
    /// Whether no protection of a branch stops who has it.
    pub bypasses: bool,
}

impl Protection {
    /// Reads an answer of `branches/BRANCH/protection`.
    pub fn read(item: &Item<'_>) -> Protection {
        let field = |name: &str| item.value.get(name).filter(|value| !value.is_null());
        let reviews = field("required_pull_request_reviews");
        let restrictions = field("restrictions");
        let count = |reviews: &Value| reviews.get("required_approving_review_count").and_then(Value::as_u64).unwrap_or(1);
        Protection {
            reviews: reviews.map_or(0, count),
            is_locked: field("lock_branch").and_then(|lock| lock.get("enabled")).and_then(Value::as_bool) == Some(true),
            is_restricted: restrictions.is_some(),
            pushers: restrictions.map(actors).unwrap_or_default(),
            unreviewed: reviews.and_then(|reviews| reviews.get("bypass_pull_request_allowances")).map(actors).unwrap_or_default(),
        }
    }
}

/// The users, teams and applications of a list of each.
fn actors(of: &Value) -> BTreeSet<Actor> {
    let list = |name: &str| of.get(name).and_then(Value::as_array).into_iter().flatten();
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let users = list("users").filter_map(|user| text(user, "login")).map(Actor::User);
    let teams = list("teams").filter_map(|team| text(team, "slug")).map(Actor::Team);
    users.chain(teams).chain(list("apps").filter_map(|app| text(app, "slug")).map(Actor::Application)).collect()
}

impl Ruleset {
    /// Reads a set of rules; `None` where it lacks its conditions or rules, as lists of them do.
    pub fn read(item: &Item<'_>) -> Option<Ruleset> {
        let rules = item.value.get("rules")?.as_array()?;
        let conditions = item.value.get("conditions").filter(|conditions| !conditions.is_null());
        let condition = |name: &str| conditions?.get(name).filter(|value| !value.is_null());
        let texts = |of: Option<&Value>, name: &str| {
            let list = of.and_then(|of| of.get(name)).and_then(Value::as_array).into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let rule = |kind: &str| rules.iter().find(|rule| rule.get("type").and_then(Value::as_str) == Some(kind));
        let reviews = rule("pull_request").and_then(|rule| rule.get("parameters")?.get("required_approving_review_count")?.as_u64());
        let names = condition("ref_name");
        let repositories = match (condition("repository_name"), condition("repository_id"), condition("repository_property")) {
            (Some(named), ..) => Repositories::Named { include: texts(Some(named), "include"), exclude: texts(Some(named), "exclude") },
            (_, Some(by), _) => {
                let numbers = by.get("repository_ids").and_then(Value::as_array).into_iter().flatten();
                Repositories::Numbered(numbers.filter_map(Value::as_u64).collect())
            }
            (.., Some(_)) => Repositories::Unknown,
            _ => Repositories::All,
        };
        let bypass = item.value.get("bypass_actors").and_then(Value::as_array).into_iter().flatten();
        Some(Ruleset {
            is_active: item.text("enforcement").as_deref() == Some("active"),
            of_tags: item.text("target").as_deref() == Some("tag"),
            include: texts(names, "include"),
            exclude: texts(names, "exclude"),
            repositories,
            reviews: reviews.unwrap_or_default(),
            blocks_updates: rule("update").is_some(),
            blocks_creation: rule("creation").is_some(),
            bypass: bypass.filter_map(bypassing).collect(),
        })
    }
}

/// Who goes round a set of rules at any time; who may only merge without a review still opens a pull request, and then merges it: the same.
fn bypassing(actor: &Value) -> Option<Actor> {
    let number = actor.get("actor_id").and_then(Value::as_u64);
    Some(match (actor.get("actor_type")?.as_str()?, number) {
        ("Team", Some(number)) => Actor::TeamNumber(number),
        ("Integration", Some(number)) => Actor::ApplicationNumber(number),
        ("DeployKey", _) => Actor::DeployKeys,
        ("OrganizationAdmin", _) => Actor::Role(Access::Administer),
        // The numbers of the roles that every repository has: maintain, write, admin.
        ("RepositoryRole", Some(2 | 4)) => Actor::Role(Access::Write),
        ("RepositoryRole", Some(5)) => Actor::Role(Access::Administer),
        _ => Actor::Unknown,
    })
}

impl Role {
    /// What a role allows, by the role that it extends and the permissions that it adds.
    pub fn of(base: &str, permissions: &[String]) -> Role {
        let has = |names: &[&str]| permissions.iter().any(|permission| names.contains(&permission.as_str()));
        // Whoever adds a key that writes, writes.
        let access = Access::of_role(base).max(if has(&["manage_deploy_keys"]) { Access::Write } else { Access::Read });
        Role { access, bypasses: access >= Access::Write && has(&["bypass_branch_protection", "edit_repo_protections"]) }
    }
}

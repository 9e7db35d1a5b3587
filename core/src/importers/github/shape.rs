//! [`Shape`]: what a record of the REST API is, by the fields that it has; and [`Item`], its fields.

use super::place::Whereabouts;
use crate::estate::Position;
use crate::model::Instant;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Organization,
    Repository,
    Branch,
    Environment,
    Secret,
    Variable,
    Workflow,
    Runner,
    RunnerGroup,
    Installation,
    Application,
    Token,
    DeployKey,
    Collaborator,
    Team,
    /// Somebody in a list of people.
    Person,
    Membership,
    Protection,
    Ruleset,
    BranchPolicy,
    Role,
    SubjectTemplate,
    ActionsPermissions,
    TokenPermissions,
    /// Anything else.
    Other,
}

/// The lists that answers are wrapped in.
const ENVELOPES: [&str; 10] = [
    "environments",
    "secrets",
    "variables",
    "runners",
    "runner_groups",
    "installations",
    "repositories",
    "workflows",
    "branch_policies",
    "custom_roles",
];

/// The list in an answer, with its name.
pub(super) fn envelope(value: &Value) -> Option<(&'static str, &Vec<Value>)> {
    let fields = value.as_object()?;
    let few = fields.len() <= 3 && !fields.contains_key("name") && !fields.contains_key("login");
    ENVELOPES.iter().filter(|_| few).find_map(|name| Some((*name, fields.get(*name)?.as_array()?)))
}

/// What a record is, by its fields and the list that it stands in.
pub(super) fn shape(value: &Value, of: Option<&str>) -> Shape {
    let has = |names: &[&str]| names.iter().all(|name| value.get(*name).is_some());
    let only = |names: &[&str]| value.as_object().is_some_and(|fields| fields.keys().all(|name| names.contains(&name.as_str())));
    let settings = || value.get("html_url").and_then(Value::as_str).is_some_and(|address| address.contains("/settings/environments/"));
    if has(&["secret_type"]) {
        return Shape::Other;
    }
    match of {
        Some("secrets" | "variables") if has(&["value"]) => return Shape::Variable,
        Some("secrets") => return Shape::Secret,
        Some("environments") => return Shape::Environment,
        Some("runners") => return Shape::Runner,
        Some("runner_groups") => return Shape::RunnerGroup,
        Some("branch_policies") => return Shape::BranchPolicy,
        Some("custom_roles") => return Shape::Role,
        _ => {}
    }
    const OF_VARIABLE: [&str; 6] = ["name", "value", "created_at", "updated_at", "visibility", "selected_repositories_url"];
    let address = |part: &str| text(value, "url").is_some_and(|address| address.contains(part));
    let known: [(bool, Shape); 21] = [
        (has(&["token_id", "permissions", "repository_selection"]), Shape::Token),
        (has(&["name", "protection_rules"]) || settings(), Shape::Environment),
        (has(&["title", "key", "read_only"]), Shape::DeployKey),
        (has(&["app_id", "account", "permissions"]), Shape::Installation),
        (has(&["slug", "client_id", "permissions", "events"]), Shape::Application),
        (has(&["os", "status", "labels"]), Shape::Runner),
        (has(&["runners_url", "visibility"]) || has(&["allows_public_repositories", "default"]), Shape::RunnerGroup),
        (has(&["full_name", "name", "private"]), Shape::Repository),
        (has(&["path", "state"]) && text(value, "path").is_some_and(|path| path.starts_with(".github/workflows/")), Shape::Workflow),
        (has(&["login", "permissions"]) && value["permissions"].get("push").is_some(), Shape::Collaborator),
        (has(&["slug", "permission", "privacy"]), Shape::Team),
        (has(&["login", "hooks_url"]) || has(&["login", "default_repository_permission"]), Shape::Organization),
        (has(&["login", "site_admin"]), Shape::Person),
        (has(&["role", "state"]) && address("/memberships/"), Shape::Membership),
        (has(&["enforce_admins"]) || address("/branches/") && address("/protection"), Shape::Protection),
        (has(&["name", "enforcement"]), Shape::Ruleset),
        (has(&["name", "commit", "protected"]), Shape::Branch),
        (only(&["use_default", "include_claim_keys"]) && (has(&["use_default"]) || has(&["include_claim_keys"])), Shape::SubjectTemplate),
        (has(&["default_workflow_permissions"]), Shape::TokenPermissions),
        (has(&["enabled_repositories"]) || has(&["enabled", "allowed_actions"]), Shape::ActionsPermissions),
        (only(&OF_VARIABLE) && has(&["name", "created_at", "updated_at", "value"]), Shape::Variable),
    ];
    let secret = only(&OF_VARIABLE) && has(&["name", "created_at", "updated_at"]);
    let found = known.into_iter().find(|(is, _)| *is).map(|(_, shape)| shape);
    found.unwrap_or(if secret { Shape::Secret } else { Shape::Other })
}

/// A record and where it stands.
pub(super) struct Item<'i> {
    pub value: &'i Value,
    pub place: &'i Whereabouts,
    pub position: Position,
}

impl Item<'_> {
    pub fn text(&self, name: &str) -> Option<String> {
        text(self.value, name)
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        self.value.get(name)?.as_bool()
    }

    pub fn number(&self, name: &str) -> Option<u64> {
        self.value.get(name)?.as_u64()
    }

    pub fn instant(&self, name: &str) -> Option<Instant> {
        Instant::parse(self.value.get(name)?.as_str()?).ok()
    }

    /// The login of an account in a field.
    pub fn login(&self, name: &str) -> Option<String> {
        text(self.value.get(name)?, "login")
    }

    /// The texts of a list, or the names of its objects.
    pub fn names(&self, name: &str) -> Vec<String> {
        let values = self.value.get(name).and_then(Value::as_array).into_iter().flatten();
        values.filter_map(|value| value.as_str().map(str::to_owned).or_else(|| text(value, "name"))).collect()
    }

    /// A map of texts, or of maps of texts.
    pub fn levels(&self, name: &str) -> BTreeMap<String, String> {
        let mut levels = BTreeMap::new();
        for (name, value) in self.value.get(name).and_then(Value::as_object).into_iter().flatten() {
            match value {
                Value::String(level) => drop(levels.insert(name.clone(), level.clone())),
                Value::Object(inner) => {
                    levels.extend(inner.iter().filter_map(|(name, level)| Some((name.clone(), level.as_str()?.to_owned()))));
                }
                _ => {}
            }
        }
        levels
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

//! What the rules of a role give, and what the roles give that every cluster has and no manifest holds.

use super::effects::{Effect, Grants, Names};
use super::manifest::Rule;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

const ROLES: &[u8] = include_bytes!("../../../data/kubernetes_roles.csv");
const PERMISSIONS: &[u8] = include_bytes!("../../../data/kubernetes_permissions.csv");

/// A row of the table of permissions.
struct Permission {
    group: String,
    resource: String,
    verbs: Vec<String>,
    effect: Effect,
}

/// The API groups of Kubernetes itself, whose rules are judged; what others give, nobody mapped.
const GROUPS: [&str; 20] = [
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "extensions",
    "metrics.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "storage.k8s.io",
];
/// Workloads stood here before they had a group of their own.
const OLD_GROUP: &str = "extensions";

/// What a role that every cluster has gives, by its name or, for one of a namespace, `NAMESPACE/NAME`; `None` for any other.
pub(super) fn built_in(role: &str) -> Option<&'static Grants> {
    static TABLE: LazyLock<HashMap<String, Grants>> = LazyLock::new(|| {
        let row = |row: csv::StringRecord| Some((row.get(0)?.to_owned(), Grants::parse(row.get(1)?)?));
        csv::Reader::from_reader(ROLES).into_records().filter_map(|record| row(record.ok()?)).collect()
    });
    TABLE.get(role)
}

/// What rules give together, and the API groups in them that nobody mapped.
pub(super) fn of_rules(rules: &[Rule]) -> (Grants, BTreeSet<String>) {
    let mut grants = Grants::default();
    let mut unmapped = BTreeSet::new();
    for rule in rules {
        for permission in permissions() {
            if let Some(names) = granted(rule, permission) {
                grants.add(permission.effect, names);
            }
        }
        let known = |group: &str| group == "*" || GROUPS.contains(&group);
        unmapped.extend(rule.api_groups.iter().filter(|group| !known(group)).cloned());
    }
    (grants, unmapped)
}

fn permissions() -> &'static [Permission] {
    static TABLE: LazyLock<Vec<Permission>> = LazyLock::new(|| {
        let row = |row: csv::StringRecord| {
            let group = row.get(0).map(|group| if group == "core" { "" } else { group })?;
            let verbs = row.get(2)?.split(' ').map(str::to_owned).collect();
            Some(Permission { group: group.to_owned(), resource: row.get(1)?.to_owned(), verbs, effect: Effect::parse(row.get(3)?)? })
        };
        csv::Reader::from_reader(PERMISSIONS).into_records().filter_map(|record| row(record.ok()?)).collect()
    });
    &TABLE
}

/// The objects for which a rule gives a permission, if any.
fn granted(rule: &Rule, permission: &Permission) -> Option<Names> {
    let is = |list: &[String], word: &str| list.iter().any(|it| it == "*" || it == word);
    let old = permission.group == "apps" && rule.api_groups.iter().any(|group| group == OLD_GROUP);
    let subresource = permission.resource.split_once('/').map(|(_, sub)| format!("*/{sub}"));
    let resource = is(&rule.resources, &permission.resource) || subresource.is_some_and(|sub| rule.resources.contains(&sub));
    if !(is(&rule.api_groups, &permission.group) || old) || !resource {
        return None;
    }
    let verbs: Vec<&str> = permission.verbs.iter().map(String::as_str).filter(|verb| is(&rule.verbs, verb)).collect();
    if rule.resource_names.is_empty() {
        return (!verbs.is_empty()).then_some(Names::All);
    }
    // What is being made has no name yet, so no name allows it; only a part of what is there can be made by name.
    let by_name = verbs.iter().any(|verb| *verb != "create" || permission.resource.contains('/'));
    by_name.then(|| Names::Only(rule.resource_names.iter().cloned().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(groups: &[&str], resources: &[&str], verbs: &[&str], names: &[&str]) -> Rule {
        let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Rule { api_groups: list(groups), resources: list(resources), verbs: list(verbs), resource_names: list(names) }
    }

    fn grants(rules: &[Rule]) -> Grants {
        of_rules(rules).0
    }

    #[test]
    fn every_row_of_the_tables_is_whole() {
        let count = |text: &[u8]| text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() - 1;
        assert_eq!(permissions().len(), count(PERMISSIONS));
        let roles: Vec<String> = csv::Reader::from_reader(ROLES).into_records().map(|row| row.expect("a row")[0].to_owned()).collect();
        assert_eq!(roles.len(), count(ROLES));
        assert!(roles.is_sorted() && roles.iter().all(|role| built_in(role).is_some()));
    }

    #[test]
    fn wildcards_and_subresources_are_understood() {
        assert!(grants(&[rule(&["*"], &["*"], &["*"], &[])]).is_control());
        assert!(grants(&[rule(&[""], &["*"], &["get"], &[])]).has(Effect::ReadSecrets));
        assert!(grants(&[rule(&[""], &["*/exec"], &["create"], &[])]).has(Effect::Take));
        assert!(!grants(&[rule(&[""], &["pods"], &["*"], &[])]).has(Effect::Connect));
        assert!(grants(&[rule(&["extensions"], &["deployments"], &["patch"], &[])]).has(Effect::Start));
        assert!(!grants(&[rule(&["apps"], &["secrets"], &["get"], &[])]).has_any(Effect::ReadSecrets));
        assert!(grants(&[]).is_empty());
    }

    #[test]
    fn names_limit_what_is_there_and_allow_nothing_new() {
        let some = grants(&[rule(&[""], &["secrets"], &["get", "create"], &["db"])]);
        assert_eq!(some.names(Effect::ReadSecrets).collect::<Vec<_>>(), ["db"]);
        assert!(!some.has_any(Effect::CreateSecrets));
        assert_eq!(grants(&[rule(&[""], &["pods/exec"], &["create"], &["web-0"])]).names(Effect::Take).count(), 1);
    }

    #[test]
    fn groups_of_others_are_told() {
        let (_, unmapped) = of_rules(&[rule(&["argoproj.io", "apps"], &["applications"], &["*"], &[])]);
        assert_eq!(unmapped.into_iter().collect::<Vec<_>>(), ["argoproj.io"]);
    }
}

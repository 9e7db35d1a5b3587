//! [`Roles`]: what a role means, from the table of Google's own roles and from the permissions of custom roles.

use super::effects::Effects;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

const ROLES: &str = include_str!("../../../data/google_roles.csv");
const PERMISSIONS: &str = include_str!("../../../data/google_permissions.csv");

/// What a role means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It lets its holder do this. Empty: nothing that gives data or control.
    Known(Effects),
    /// The role of a service agent: what Google's own accounts need to run a service.
    Agent,
    /// Nobody mapped it.
    Unmapped,
}

/// The roles of a reading: Google's own and the custom roles that were read.
#[derive(Debug, Default)]
pub(super) struct Roles {
    custom: HashMap<String, Effects>,
    unjudged: BTreeSet<String>,
    judged: u64,
}

impl Roles {
    /// Learns a custom role, `organizations/1/roles/x` or `projects/a/roles/x`. One that is deleted or disabled grants nothing.
    pub fn learn(&mut self, name: &str, permissions: &[String], enabled: bool) {
        let mut effects = Effects::default();
        for permission in permissions.iter().filter(|_| enabled) {
            match of_permission(permission) {
                Some(known) => {
                    effects = effects.with(known);
                    self.judged += 1;
                }
                None => {
                    self.unjudged.insert(permission.clone());
                }
            }
        }
        let known = self.custom.entry(name.to_owned()).or_default();
        *known = known.with(effects);
    }

    /// What a role means.
    pub fn meaning(&self, role: &str) -> Meaning {
        if let Some(effects) = of_role(role) {
            return Meaning::Known(effects);
        }
        if role.starts_with("roles/") {
            return if is_of_agents(role) { Meaning::Agent } else { Meaning::Unmapped };
        }
        self.custom.get(role).map_or(Meaning::Unmapped, |effects| Meaning::Known(*effects))
    }

    /// The permissions of the custom roles that were judged, and those that no table has.
    pub fn judged(&self) -> (u64, &BTreeSet<String>) {
        (self.judged, &self.unjudged)
    }
}

/// Verbs of permissions that give neither data nor control; what gives data all the same stands in the table.
const PLAIN_VERBS: [&str; 8] = ["get", "list", "search", "view", "export", "analyze", "validate", "query"];

fn of_role(role: &str) -> Option<Effects> {
    static TABLE: LazyLock<HashMap<&'static str, Effects>> = LazyLock::new(|| table(ROLES));
    let family = || {
        let (service, _) = role.split_once('.')?;
        TABLE.get(format!("{service}.*").as_str())
    };
    TABLE.get(role).or_else(|| family().filter(|_| !is_of_agents(role))).copied()
}

/// Whether a role is made for service agents: `roles/compute.serviceAgent`, `roles/aiplatform.customCodeServiceAgent`.
fn is_of_agents(role: &str) -> bool {
    role.to_ascii_lowercase().ends_with("serviceagent")
}

fn of_permission(permission: &str) -> Option<Effects> {
    static TABLE: LazyLock<HashMap<&'static str, Effects>> = LazyLock::new(|| table(PERMISSIONS));
    let plain = || {
        let verb = permission.rsplit('.').next()?;
        PLAIN_VERBS.iter().any(|plain| verb.starts_with(plain)).then(Effects::default)
    };
    TABLE.get(permission).copied().or_else(plain)
}

/// The first two columns of a table. The tables are part of the library, and a test reads every row.
fn table(text: &'static str) -> HashMap<&'static str, Effects> {
    let rows = text.lines().skip(1).filter_map(|row| {
        let mut columns = row.splitn(3, ',');
        Some((columns.next()?, Effects::parse(columns.next()?)?))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::importers::google_cloud::effects::Effect;

    #[test]
    fn every_row_of_the_tables_is_whole() {
        for (text, minimum) in [(ROLES, 200), (PERMISSIONS, 100)] {
            let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|row| row.splitn(3, ',').collect()).collect();
            assert!(rows.len() >= minimum);
            assert!(rows.is_sorted_by(|a, b| a[0] < b[0]), "sorted, each once");
            for row in &rows {
                assert!(row.len() == 3 && row[2].starts_with("Google Cloud IAM roles and permissions: "), "{row:?}");
                assert!(Effects::parse(row[1]).is_some(), "{row:?}");
            }
        }
    }

    #[test]
    fn roles_mean_what_the_documentation_says() {
        let roles = Roles::default();
        let known = |role: &str| match roles.meaning(role) {
            Meaning::Known(effects) => effects,
            other => panic!("{role}: {other:?}"),
        };
        assert!(known("roles/owner").is_control());
        assert!(!known("roles/editor").is_control() && known("roles/editor").has(Effect::Manage));
        assert!(!known("roles/viewer").has(Effect::Impersonate));
        assert!(known("roles/monitoring.metricWriter").is_empty());
        assert_eq!(roles.meaning("roles/compute.serviceAgent"), Meaning::Agent);
        assert_eq!(roles.meaning("roles/containerregistry.ServiceAgent"), Meaning::Agent);
        assert_eq!(roles.meaning("roles/monitoring.notificationServiceAgent"), Meaning::Agent);
        assert_eq!(roles.meaning("roles/moon.lander"), Meaning::Unmapped);
        assert_eq!(roles.meaning("organizations/1/roles/unread"), Meaning::Unmapped);
    }

    #[test]
    fn a_custom_role_means_its_permissions() {
        let mut roles = Roles::default();
        let permissions = ["iam.serviceAccounts.getAccessToken", "storage.buckets.list", "moon.rocks.move"].map(String::from);
        roles.learn("projects/acme/roles/a", &permissions, true);
        roles.learn("projects/acme/roles/b", &permissions, false);
        assert!(matches!(roles.meaning("projects/acme/roles/a"), Meaning::Known(effects) if effects.has(Effect::Impersonate)));
        assert_eq!(roles.meaning("projects/acme/roles/b"), Meaning::Known(Effects::default()));
        let (judged, unjudged) = roles.judged();
        assert_eq!((judged, unjudged.iter().map(String::as_str).collect::<Vec<_>>()), (2, vec!["moon.rocks.move"]));
    }
}

//! [`Effects`]: what an Azure role lets its holder do, from the tables of built-in roles and of actions.

use crate::model::{ResourceKind, Right};
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

const ROLES: &str = include_str!("../../../data/azure_roles.csv");
const ACTIONS: &str = include_str!("../../../data/azure_actions.csv");
const RESOURCES: &str = include_str!("../../../data/azure_resources.csv");

/// What a role acts on: the resources of one kind, by the word of the tables.
pub(super) type Target = &'static str;

/// What everything that no row names acts as.
pub(super) const OTHER: Target = "other";
/// Stores of secrets.
pub(super) const VAULT: Target = "vault";

const TARGETS: [Target; 11] =
    ["automation", "cluster", "compute", "configuration", "database", "function", OTHER, "queue", "registry", "storage", VAULT];

/// One thing that a role lets its holder do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// Says who holds what in the scope: control of it.
    Administer,
    /// The same, under a condition that stands in the role.
    MayAdminister,
    /// May give its managed identities to resources.
    Assign,
    /// Says whose tokens its managed identities take.
    Federate,
    /// Changes the settings of vaults: reads their secrets where access policies decide.
    ManageVaults,
    /// A right over the resources of a kind.
    Over(Right, Target),
}

impl Effect {
    fn parse(word: &str) -> Option<Effect> {
        Some(match word {
            "administer" => Effect::Administer,
            "may_administer" => Effect::MayAdminister,
            "assign" => Effect::Assign,
            "federate" => Effect::Federate,
            "manage:vault" => Effect::ManageVaults,
            _ => {
                let (right, target) = word.split_once(':')?;
                let right = if right == "administer" { Right::Control } else { Right::parse(right)? };
                Effect::Over(right, TARGETS.iter().find(|known| **known == target)?)
            }
        })
    }
}

/// What a role lets its holder do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Effects(BTreeSet<Effect>);

impl Effects {
    /// Reads words with spaces between; `-` is none. `None` for an unknown word.
    pub fn parse(words: &str) -> Option<Effects> {
        if words == "-" {
            return Some(Effects::default());
        }
        words.split(' ').map(Effect::parse).collect::<Option<BTreeSet<Effect>>>().map(Effects)
    }

    /// What the actions of a role give, on each plane those that are taken away left out.
    pub fn of_actions(actions: &[String], not: &[String], data: &[String], not_data: &[String]) -> Effects {
        static TABLE: LazyLock<Vec<(&'static str, &'static str, Effects)>> = LazyLock::new(|| {
            let rows = ACTIONS.lines().skip(1).filter_map(|row| {
                let mut columns = row.splitn(4, ',');
                Some((columns.next()?, columns.next()?, Effects::parse(columns.next()?)?))
            });
            rows.collect()
        });
        let mut effects = Effects::default();
        for (plane, action, given) in TABLE.iter() {
            let (with, without) = if *plane == "data" { (data, not_data) } else { (actions, not) };
            if with.iter().any(|pattern| matches(pattern, action)) && !without.iter().any(|pattern| matches(pattern, action)) {
                effects = effects.with(given.clone());
            }
        }
        effects
    }

    /// Both sets.
    #[must_use]
    pub fn with(mut self, other: Effects) -> Effects {
        self.0.extend(other.0);
        self
    }

    /// Whether an effect is in the set.
    pub fn has(&self, effect: Effect) -> bool {
        self.0.contains(&effect)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rights over the resources of a kind.
    pub fn over(&self) -> impl Iterator<Item = (Right, Target)> {
        self.0.iter().filter_map(|effect| match effect {
            Effect::Over(right, target) => Some((*right, *target)),
            _ => None,
        })
    }
}

/// What is known of a built-in role, by its id or by its name in lower case: its name and what it does.
pub(super) fn built_in(role: &str) -> Option<&'static (&'static str, Effects)> {
    static TABLE: LazyLock<HashMap<String, (&'static str, Effects)>> = LazyLock::new(|| {
        let mut table = HashMap::new();
        for row in ROLES.lines().skip(1) {
            let mut columns = row.splitn(4, ',');
            if let (Some(id), Some(name), Some(effects)) = (columns.next(), columns.next(), columns.next().and_then(Effects::parse)) {
                table.insert(name.to_ascii_lowercase(), (name, effects.clone()));
                table.insert(id.to_owned(), (name, effects));
            }
        }
        table
    });
    TABLE.get(role)
}

/// The kind of a resource of a type, in lower case, and the word under which roles act on it.
pub(super) fn kind_of(resource_type: &str) -> (ResourceKind, Target) {
    static TABLE: LazyLock<HashMap<&'static str, (ResourceKind, Target)>> = LazyLock::new(|| {
        let rows = RESOURCES.lines().skip(1).filter_map(|row| {
            let mut columns = row.splitn(4, ',');
            let (name, kind, target) = (columns.next()?, ResourceKind::parse(columns.next()?)?, columns.next()?);
            Some((name, (kind, *TARGETS.iter().find(|known| **known == target)?)))
        });
        rows.collect()
    });
    TABLE.get(resource_type).copied().unwrap_or((ResourceKind::Other, OTHER))
}

/// Whether a pattern with `*` holds of an action, in whatever case.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, mut rest) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(tail) = rest.strip_prefix(parts.next().unwrap_or_default()).map(str::to_owned) else { return false };
    rest = tail;
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = rest[at + part.len()..].to_owned();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_is_whole() {
        let rows = |text: &'static str| text.lines().skip(1).map(|row| row.splitn(4, ',').collect::<Vec<_>>()).collect::<Vec<_>>();
        for row in rows(ROLES) {
            assert!(row.len() == 4 && row[0].len() == 36 && Effects::parse(row[2]).is_some(), "{row:?}");
        }
        for row in rows(ACTIONS) {
            assert!(row.len() == 4 && ["action", "data"].contains(&row[0]) && Effects::parse(row[2]).is_some(), "{row:?}");
        }
        for row in rows(RESOURCES) {
            assert!(ResourceKind::parse(row[1]).is_some() && TARGETS.contains(&row[2]) && kind_of(row[0]).1 == row[2], "{row:?}");
        }
        assert!(rows(ROLES).is_sorted_by(|a, b| a[0] < b[0]) && rows(ROLES).len() > 900);
    }

    #[test]
    fn roles_do_what_their_actions_say() {
        let (name, owner) = built_in("8e3af657-a8ff-443c-a75c-2fe8c4bcb635").expect("owner");
        assert!(*name == "Owner" && owner.has(Effect::Administer) && built_in("owner").is_some());
        let (_, contributor) = built_in("b24988ac-6180-42a0-ab88-20f7382dd24c").expect("contributor");
        assert!(!contributor.has(Effect::Administer) && contributor.has(Effect::ManageVaults));
        assert!(!contributor.has(Effect::Over(Right::Read, VAULT)) && contributor.has(Effect::Over(Right::Write, "compute")));
        let (_, user) = built_in("4633458b-17de-408a-b874-0445c86b69e6").expect("key vault secrets user");
        assert_eq!(*user, Effects::parse("read:vault").expect("words"));
    }

    #[test]
    fn a_custom_role_means_its_actions() {
        let of = |actions: &[&str], not: &[&str]| {
            let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
            Effects::of_actions(&own(actions), &own(not), &[], &[])
        };
        assert!(of(&["*"], &["Microsoft.Authorization/*"]).has(Effect::ManageVaults));
        assert!(!of(&["*"], &["microsoft.authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action"]).has(Effect::Administer));
        assert_eq!(of(&["Microsoft.Compute/virtualMachines/runCommand/action"], &[]), Effects::parse("write:compute").expect("words"));
        assert!(of(&["Microsoft.Insights/*"], &[]).is_empty());
    }
}

//! What a rule of a policy gives: in Vault itself by a table, in a secrets engine what its path is.

use super::policy::PathRule;
use crate::model::{Certainty, RelationKind};
use std::sync::LazyLock;

/// A path of the API by which Vault itself is changed.
struct Row {
    path: &'static str,
    capabilities: Vec<&'static str>,
    effect: RelationKind,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/vault_paths.csv").lines().skip(1);
    let row = |line: &'static str| {
        let mut cells = line.splitn(4, ',');
        let (path, capabilities, effect) = (cells.next()?, cells.next()?.split(' ').collect(), RelationKind::parse(cells.next()?)?);
        Some(Row { path, capabilities, effect })
    };
    rows.filter_map(row).collect()
});

/// The paths under which Vault itself stands; everything else is of a secrets engine.
const OWN: [&str; 4] = ["sys/", "auth/", "identity/", "cubbyhole/"];

/// Whether a path is of Vault itself.
pub(super) fn is_own(path: &str) -> bool {
    OWN.iter().any(|own| path.starts_with(own) || path == own.trim_end_matches('/'))
}

/// What a rule gives over the whole namespace: the strongest, proven where the rule reaches all that the table's path stands for.
pub(super) fn over_namespace(rule: &PathRule) -> Option<(RelationKind, Certainty)> {
    let reached =
        TABLE.iter().filter(|row| rule.allows(&row.capabilities)).filter_map(|row| Some((row.effect, certainty(&rule.path, row.path)?)));
    reached.min_by_key(|(effect, certainty)| (*certainty, *effect != RelationKind::Administers))
}

/// How sure it is that a pattern reaches what stands under a path of the table, in which `*` is the name of a mount and a `/` at the end is before any name.
fn certainty(pattern: &str, path: &str) -> Option<Certainty> {
    let (pattern, open) = pattern.strip_suffix('*').map_or((pattern, false), |pattern| (pattern, true));
    let (mut sure, mut named) = (Certainty::Proven, false);
    let mut wanted = path.split('/');
    let mut segments = pattern.split('/').peekable();
    while let Some(segment) = segments.next() {
        let open = open && segments.peek().is_none();
        match wanted.next() {
            None if named && !open => return None,
            // One name of many: whether it is one that the holder gains by is not told.
            None | Some("") => {
                named = true;
                if !(open && segment.is_empty() || segment == "+") {
                    sure = Certainty::Possible;
                }
                if open {
                    return Some(sure);
                }
            }
            Some("*") if open => return Some(if segment.is_empty() { sure } else { Certainty::Possible }),
            Some("*") => {}
            Some(wanted) if open => return wanted.starts_with(segment).then_some(sure),
            Some(wanted) if segment != "+" && segment != wanted => return None,
            Some(_) => {}
        }
    }
    wanted.next().is_none().then_some(sure)
}

/// The role whose secret ids a rule may make: the path of the role.
pub(super) fn secret_id_of(rule: &PathRule) -> Option<&str> {
    let role = rule.path.strip_suffix("/secret-id")?;
    (role.starts_with("auth/") && role.contains("/role/") && rule.allows(&["create", "update"])).then_some(role)
}

/// What a rule gives over the path of a secrets engine.
pub(super) fn over_path(rule: &PathRule) -> Vec<RelationKind> {
    let mut kinds = Vec::new();
    if rule.allows(&["read"]) {
        kinds.push(RelationKind::Reads);
    }
    if rule.allows(&["create", "update", "patch", "delete"]) {
        kinds.push(RelationKind::Writes);
    }
    // A list of names, or a right of its own over a path that needs none.
    if kinds.is_empty() && !rule.denies() {
        kinds.push(RelationKind::Unmapped);
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::importers::vault::policy::Policy;

    fn over(path: &str, capabilities: &str) -> Option<(RelationKind, Certainty)> {
        let text = format!("path \"{path}\" {{ capabilities = [{capabilities}] }}");
        over_namespace(&Policy::of(&text).expect("a policy").rules[0])
    }

    #[test]
    fn who_writes_policies_or_roles_controls_the_namespace() {
        use Certainty::{Possible, Proven};
        use RelationKind::{Administers, Writes};
        const WRITE: &str = "\"create\", \"update\"";
        for (path, capabilities, wanted) in [
            ("*", "\"create\", \"read\", \"update\", \"sudo\"", Some((Administers, Proven))),
            ("sys/policies/acl/*", WRITE, Some((Administers, Proven))),
            ("sys/*", WRITE, Some((Administers, Proven))),
            ("sys/policies/acl/lab", WRITE, Some((Administers, Possible))),
            ("sys/policies/acl/*", "\"read\"", None),
            ("auth/*", WRITE, Some((Administers, Proven))),
            ("auth/approle/role/*", WRITE, Some((Administers, Proven))),
            ("auth/approle/role/ci", WRITE, Some((Administers, Possible))),
            ("auth/userpass/login/*", WRITE, None),
            ("auth/approle/role/ci/secret-id", WRITE, None),
            ("auth/approle/role/ci/*", WRITE, Some((Administers, Possible))),
            ("sys/policies/acl", WRITE, None),
            ("auth/token/create", WRITE, None),
            ("auth/token/create", "\"update\", \"sudo\"", Some((Administers, Proven))),
            ("sys/mounts/*", WRITE, Some((Writes, Proven))),
            ("sys/health", "\"read\", \"sudo\"", None),
            ("secret/*", WRITE, None),
            ("identity/entity/*", WRITE, Some((Administers, Proven))),
        ] {
            assert_eq!(over(path, capabilities), wanted, "{path}");
        }
        assert!(TABLE.len() > 15);
    }
}

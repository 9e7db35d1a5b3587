//! What roles, scopes and permissions of custom roles reach, by the table.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a permission reaches in its organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    Administer,
    Users,
    Groups,
    Applications,
    Write,
    Read,
}

static TABLE: LazyLock<HashMap<&'static str, Vec<Effect>>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/okta_permissions.csv").lines().skip(1);
    let row = |line: &'static str| {
        let mut cells = line.splitn(3, ',');
        Some((cells.next()?, cells.next()?.split(' ').filter_map(effect).collect()))
    };
    rows.filter_map(row).collect()
});

fn effect(word: &str) -> Option<Effect> {
    match word {
        "administer" => Some(Effect::Administer),
        "users" => Some(Effect::Users),
        "groups" => Some(Effect::Groups),
        "applications" => Some(Effect::Applications),
        "write" => Some(Effect::Write),
        "read" => Some(Effect::Read),
        _ => None,
    }
}

/// What a permission reaches; nothing known where the table has none. Every scope that only reads is one.
pub(super) fn of(permission: &str) -> Option<&'static [Effect]> {
    let found = TABLE.get(permission).map(Vec::as_slice);
    found.or_else(|| (permission.starts_with("okta.") && permission.ends_with(".read")).then_some(&[Effect::Read]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert_eq!(of("SUPER_ADMIN"), Some(&[Effect::Administer][..]));
        assert_eq!(of("USER_ADMIN"), Some(&[Effect::Groups, Effect::Users][..]));
        assert_eq!((of("okta.logs.read"), of("MOBILE_ADMIN"), of("okta.new.manage")), (Some(&[Effect::Read][..]), Some(&[][..]), None));
        let rows = include_str!("../../../data/okta_permissions.csv").lines().skip(1);
        for row in rows {
            let words = row.split(',').nth(1).unwrap_or_default();
            assert!(words.split(' ').all(|word| word == "none" || effect(word).is_some()), "{row}");
        }
    }
}

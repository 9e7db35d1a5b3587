//! [`PrivilegedPermission`]: a right by which one identity commands many, and the table of those that are known.

use crate::estate::Glob;
use crate::model::EntityType;
use crate::model::words::words;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A right of a provider by which one identity commands many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivilegedPermission {
    /// Whose right it is, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The provider's own name of the right; letter case does not matter.
    pub permission: String,
    /// The provider's own id of the right, where exports may give that instead of the name; `*` in it stands for any text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it must be over to count.
    #[serde(default, skip_serializing_if = "PermissionScope::is_anything")]
    pub over: PermissionScope,
    /// 0 commands everything around it, 1 commands much of it; absent: not privileged, whatever the table says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<u8>,
    /// Where that is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

words! {
    /// What a right must be over to count as privileged: some names say little by themselves.
    PermissionScope {
        /// Anything.
        Anything => "anything",
        /// A tenant or a resource: `Owner` of a subscription commands it, the owner of an application registration does not.
        Container => "container",
    }
}

// The macro writes the enum, so its default cannot be derived.
#[allow(clippy::derivable_impls)]
impl Default for PermissionScope {
    fn default() -> Self {
        PermissionScope::Anything
    }
}

impl PermissionScope {
    fn is_anything(&self) -> bool {
        *self == PermissionScope::Anything
    }

    fn fits(self, over: EntityType) -> bool {
        self.is_anything() || matches!(over, EntityType::Tenant | EntityType::Resource | EntityType::Unknown)
    }
}

/// The table with the policy's own rows laid over it, compiled.
#[derive(Debug)]
pub(crate) struct PrivilegedPermissions {
    rows: Vec<(Vec<Glob>, PermissionScope, Option<u8>)>,
}

static TABLE: LazyLock<Vec<PrivilegedPermission>> =
    LazyLock::new(|| table(include_str!("../../data/privileged_permissions.csv")).into_iter().flatten().collect());

impl PrivilegedPermissions {
    /// The rows of a policy before those of the table: the first that fits decides.
    pub fn new(own: &[PrivilegedPermission]) -> Self {
        let row = |row: &PrivilegedPermission| {
            // In a name `*` is itself, the wildcard of some providers; in an id it stands for any text.
            let id = row.id.iter().map(|id| Glob::new(&id.to_lowercase()));
            (std::iter::once(Glob::literal(&row.permission.to_lowercase())).chain(id).collect(), row.over, row.tier)
        };
        PrivilegedPermissions { rows: own.iter().chain(TABLE.iter()).map(row).collect() }
    }

    /// The tier of a right, the least where it names several joined by `+` or `,`; a path in front of a name does not matter.
    pub fn tier(&self, permission: &str, over: EntityType) -> Option<u8> {
        let text = permission.to_lowercase();
        text.split(['+', ',']).filter_map(|part| self.tier_of_one(part.trim(), over)).min()
    }

    fn tier_of_one(&self, permission: &str, over: EntityType) -> Option<u8> {
        let last = permission.rsplit('/').next().unwrap_or(permission);
        let matches = |globs: &[Glob]| globs.iter().any(|glob| glob.matches(permission) || glob.matches(last));
        self.rows.iter().find(|(globs, scope, _)| scope.fits(over) && matches(globs))?.2
    }
}

/// The rows of the table; a row that is not as it should be is an error, which a test looks for.
fn table(text: &str) -> Vec<Option<PrivilegedPermission>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let row = |row: csv::StringRecord| {
        Some(PrivilegedPermission {
            provider: given(row.get(0)?),
            permission: given(row.get(1)?)?,
            id: given(row.get(2)?),
            over: PermissionScope::parse(row.get(3)?)?,
            tier: Some(row.get(4)?.parse().ok()?),
            source: Some(given(row.get(5)?)?),
        })
    };
    reader.records().map(|record| row(record.ok()?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(permission: &str) -> Option<u8> {
        PrivilegedPermissions::new(&[]).tier(permission, EntityType::Tenant)
    }

    #[test]
    fn every_row_is_whole_and_stands_once() {
        let rows = table(include_str!("../../data/privileged_permissions.csv"));
        assert!(rows.len() > 100 && rows.iter().all(Option::is_some));
        let mut names: Vec<_> = TABLE.iter().map(|row| row.permission.to_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn a_right_is_known_by_name_by_id_and_behind_a_path() {
        for permission in [
            "Application.ReadWrite.All",
            "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
            "global administrator",
            "arn:aws-cn:iam::aws:policy/AdministratorAccess",
            "ClusterRole/cluster-admin",
            "*",
            "s3:GetObject + iam:*",
        ] {
            assert_eq!(tier(permission), Some(0), "{permission}");
        }
        assert_eq!((tier("roles/editor"), tier("roles/viewer"), tier("s3:*")), (Some(1), None, None));
    }

    #[test]
    fn a_policy_adds_rows_and_takes_them_away() {
        let row = |permission: &str, tier| PrivilegedPermission {
            provider: None,
            permission: permission.into(),
            id: None,
            over: PermissionScope::Anything,
            tier,
            source: None,
        };
        let own = PrivilegedPermissions::new(&[row("shop.refund", Some(1)), row("roles/editor", None)]);
        assert_eq!((own.tier("shop.refund", EntityType::Resource), own.tier("roles/editor", EntityType::Tenant)), (Some(1), None));
        let known = PrivilegedPermissions::new(&[]);
        assert_eq!((known.tier("Owner", EntityType::Tenant), known.tier("Owner", EntityType::Identity)), (Some(0), None));
    }
}

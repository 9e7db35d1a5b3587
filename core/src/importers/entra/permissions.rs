//! [`Reach`]: what an application permission or a directory role reaches in its tenant, from the tables.

use std::collections::HashMap;
use std::sync::LazyLock;

const PERMISSIONS: &str = include_str!("../../../data/entra_permissions.csv");
const ROLES: &str = include_str!("../../../data/entra_roles.csv");

/// What is reached in a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Over {
    /// The tenant itself.
    Tenant,
    /// The registrations of the tenant, and the service principals of its own applications.
    Applications,
    /// The groups that hold no role by themselves.
    Groups,
    /// The users who hold no role.
    Users,
    Devices,
    Mail,
    Files,
    Chats,
    /// What the person who is acted for may do in Azure.
    Azure,
}

/// How it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    Administer,
    Manage,
    Read,
    Write,
    /// Control, where something holds that no export shows: a policy, a second factor, another role.
    Possible,
}

/// One thing that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reach {
    pub how: How,
    pub over: Over,
}

/// What a table says of a permission or role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meaning {
    pub name: &'static str,
    pub reaches: Vec<Reach>,
}

impl Over {
    /// The word of the tables, which also ends the ids of what is reached.
    pub fn word(self) -> &'static str {
        match self {
            Over::Tenant => "tenant",
            Over::Applications => "applications",
            Over::Groups => "groups",
            Over::Users => "users",
            Over::Devices => "devices",
            Over::Mail => "mail",
            Over::Files => "files",
            Over::Chats => "chats",
            Over::Azure => "azure",
        }
    }

    fn parse(word: &str) -> Option<Over> {
        use Over::{Applications, Azure, Chats, Devices, Files, Groups, Mail, Tenant, Users};
        [Tenant, Applications, Groups, Users, Devices, Mail, Files, Chats, Azure].into_iter().find(|over| over.word() == word)
    }
}

impl Reach {
    fn parse(word: &str) -> Option<Reach> {
        let (how, over) = word.split_once(':')?;
        let how = match how {
            "administer" => How::Administer,
            "manage" => How::Manage,
            "read" => How::Read,
            "write" => How::Write,
            "possible" => How::Possible,
            _ => return None,
        };
        Some(Reach { how, over: Over::parse(over)? })
    }
}

fn reaches(words: &str) -> Option<Vec<Reach>> {
    if words == "-" { Some(Vec::new()) } else { words.split(' ').map(Reach::parse).collect() }
}

/// What an application permission means: by the application that defines it and its id.
pub(super) fn permission(resource: &str, id: &str) -> Option<&'static Meaning> {
    static TABLE: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| by(2));
    TABLE.get(&key(resource, id))
}

/// What an application permission means where nothing tells which application defines it: by its id alone, which no two applications share.
pub(super) fn any_permission(id: &str) -> Option<&'static Meaning> {
    static RESOURCES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| rows().map(|row| (row[2], row[0])).collect());
    permission(RESOURCES.get(id)?, id)
}

/// What a delegated permission means, by the application that defines it and its name: that of the application permission of this name.
pub(super) fn scope(resource: &str, name: &str) -> Option<&'static Meaning> {
    static TABLE: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| by(1));
    TABLE.get(&key(resource, name))
}

fn key(resource: &str, what: &str) -> String {
    format!("{resource}/{what}")
}

fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    PERMISSIONS.lines().skip(1).map(|row| row.splitn(6, ',').collect::<Vec<_>>()).filter(|columns| columns.len() == 6)
}

/// The table by the application and another column. The tables are part of the library, and a test reads every row.
fn by(column: usize) -> HashMap<String, Meaning> {
    rows().filter_map(|row| Some((key(row[0], row[column]), Meaning { name: row[1], reaches: reaches(row[3])? }))).collect()
}

/// What a directory role means, by the id of its template.
pub(super) fn directory_role(template: &str) -> Option<&'static Meaning> {
    static TABLE: LazyLock<HashMap<&'static str, Meaning>> = LazyLock::new(|| {
        let rows = ROLES.lines().skip(1).filter_map(|row| {
            let mut columns = row.splitn(4, ',');
            Some((columns.next()?, Meaning { name: columns.next()?, reaches: reaches(columns.next()?)? }))
        });
        rows.collect()
    });
    TABLE.get(template)
}

/// What the actions of a custom directory role reach. Source: Microsoft Entra documentation, custom role permissions.
pub(super) fn of_actions(actions: &[String]) -> Vec<Reach> {
    const ROWS: &[(&str, Reach)] = &[
        ("microsoft.directory/applications/credentials/update", Reach { how: How::Manage, over: Over::Applications }),
        ("microsoft.directory/applications/owners/update", Reach { how: How::Manage, over: Over::Applications }),
        ("microsoft.directory/applications/allproperties/alltasks", Reach { how: How::Manage, over: Over::Applications }),
        ("microsoft.directory/serviceprincipals/credentials/update", Reach { how: How::Manage, over: Over::Applications }),
        ("microsoft.directory/serviceprincipals/owners/update", Reach { how: How::Manage, over: Over::Applications }),
        ("microsoft.directory/groups/members/update", Reach { how: How::Manage, over: Over::Groups }),
        ("microsoft.directory/groups/owners/update", Reach { how: How::Manage, over: Over::Groups }),
        ("microsoft.directory/users/password/update", Reach { how: How::Possible, over: Over::Users }),
        ("microsoft.directory/roleassignments/allproperties/alltasks", Reach { how: How::Administer, over: Over::Tenant }),
    ];
    let mut found: Vec<Reach> = Vec::new();
    for action in actions.iter().map(|action| action.to_ascii_lowercase()) {
        found.extend(ROWS.iter().filter(|(known, _)| *known == action).map(|(_, reach)| *reach));
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_is_whole() {
        for row in PERMISSIONS.lines().skip(1) {
            let columns: Vec<&str> = row.splitn(6, ',').collect();
            assert!(columns.len() == 6 && permission(columns[0], columns[2]).is_some_and(|known| known.name == columns[1]), "{row}");
            assert!(["0", "1", "2", "-"].contains(&columns[4]), "{row}");
        }
        for row in ROLES.lines().skip(1) {
            let columns: Vec<&str> = row.splitn(4, ',').collect();
            assert!(directory_role(columns[0]).is_some_and(|known| known.name == columns[1]), "{row}");
        }
        assert!(PERMISSIONS.lines().count() > 600 && ROLES.lines().count() > 40);
    }

    #[test]
    fn permissions_mean_what_the_documentation_says() {
        let graph = "00000003-0000-0000-c000-000000000000";
        let reach = |how, over| vec![Reach { how, over }];
        let of = |id: &str| permission(graph, id).expect("a permission").reaches.clone();
        assert_eq!(of("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"), reach(How::Manage, Over::Applications));
        assert_eq!(of("06b708a9-e830-4db3-a914-8e69da51d44f"), reach(How::Administer, Over::Tenant));
        assert_eq!(scope(graph, "Mail.Read").expect("a scope").reaches, reach(How::Read, Over::Mail));
        let exchange = permission("00000002-0000-0ff1-ce00-000000000000", "dc890d15-9560-4a4c-9b7f-a736ec74ec40").expect("a permission");
        assert_eq!((exchange.name, exchange.reaches.clone()), ("full_access_as_app", reach(How::Administer, Over::Mail)));
        assert_eq!(directory_role("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3").expect("a role").reaches, reach(How::Manage, Over::Applications));
        let custom = of_actions(&[
            "microsoft.directory/applications/credentials/update".to_owned(),
            "microsoft.directory/users/standard/read".to_owned(),
        ]);
        assert_eq!(custom, reach(How::Manage, Over::Applications));
    }
}

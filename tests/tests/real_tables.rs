//! The tables of the vendor held against the vendor's own lists, where they are at hand: ids, names and tiers.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A list of the reference; `None`, said loudly, where the data is not at hand.
fn reference(name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("TENANTGRAPH_REAL_DATA") else {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose reference/ holds the lists of the vendors");
        return None;
    };
    let bytes = std::fs::read(std::path::Path::new(&folder).join("reference").join(name)).expect("the reference can be read");
    Some(serde_json::from_slice(&bytes).expect("the reference is JSON"))
}

fn rows(table: &'static str) -> Vec<Vec<&'static str>> {
    table.lines().skip(1).map(|row| row.split(',').collect()).collect()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default().trim()
}

const PERMISSIONS: &str = include_str!("../../core/data/entra_permissions.csv");
const AZURE_ROLES: &str = include_str!("../../core/data/azure_roles.csv");
const PRIVILEGED: &str = include_str!("../../core/data/privileged_permissions.csv");
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

#[test]
fn permissions_of_graph_have_the_ids_and_names_of_microsoft() {
    let Some(list) = reference("microsoft-info__GraphAppRoles.json") else { return };
    let known: BTreeMap<String, &str> =
        list.as_array().expect("a list").iter().map(|role| (text(role, "Id").to_ascii_lowercase(), text(role, "Value"))).collect();
    let ours = rows(PERMISSIONS).into_iter().filter(|row| row[0] == GRAPH).collect::<Vec<_>>();
    assert!(ours.len() > 700, "{}", ours.len());
    let wrong: Vec<_> = ours.iter().filter(|row| known.get(row[2]).copied() != Some(row[1])).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn tiers_are_those_that_the_row_names() {
    let Some(list) = reference("EntraOps__Classification_AppRoles.json") else { return };
    let mut tiers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for level in list.as_array().expect("a list") {
        for definition in level["TierLevelDefinition"].as_array().into_iter().flatten() {
            for action in definition["RoleDefinitionActions"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                tiers.entry(action).or_default().insert(text(level, "EAMTierLevelTagValue"));
            }
        }
    }
    let classified = rows(PERMISSIONS).into_iter().filter(|row| row[5].contains("EntraOps")).collect::<Vec<_>>();
    assert!(classified.len() > 500, "{}", classified.len());
    let wrong: Vec<_> = classified.iter().filter(|row| !tiers.get(row[1]).is_some_and(|tiers| tiers.contains(row[4]))).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn roles_of_azure_have_the_ids_and_names_of_microsoft() {
    let Some(list) = reference("iam-dataset__built-in-roles-raw.json") else { return };
    let known: BTreeMap<&str, &str> =
        list.as_array().expect("a list").iter().map(|role| (text(role, "name"), text(role, "roleName"))).collect();
    let ours = rows(AZURE_ROLES);
    assert_eq!(ours.len(), known.len());
    let wrong: Vec<_> = ours.iter().filter(|row| known.get(row[0]).copied() != Some(row[1])).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let privileged = rows(PRIVILEGED).into_iter().filter(|row| row[0] == "azure").collect::<Vec<_>>();
    assert!(!privileged.is_empty() && privileged.iter().all(|row| known.get(row[2]).copied() == Some(row[1])), "{privileged:?}");
}

/// What the reader of Entra reaches by and what the rules judge by is one permission of one tier.
#[test]
fn both_tables_of_permissions_agree() {
    let by_name: BTreeMap<&str, Vec<&str>> =
        rows(PERMISSIONS).into_iter().filter(|row| row[0] == GRAPH || row[1] == "full_access_as_app").map(|row| (row[1], row)).collect();
    let judged = rows(PRIVILEGED).into_iter().filter(|row| matches!(row[0], "microsoft_graph" | "exchange")).collect::<Vec<_>>();
    assert!(judged.len() > 40);
    for row in judged {
        let known = by_name.get(row[1]).unwrap_or_else(|| panic!("{row:?} is in no table of the reader"));
        assert_eq!((row[2], row[4]), (known[2], known[4]), "{row:?}");
    }
}

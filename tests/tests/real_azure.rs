//! The real recordings of Graph and the fixtures of others, where they are at hand: every file is read, and what is left out has a reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tenantgraph::model::{EntityType, RelationKind};
use tenantgraph::{Estate, Input, ReadOptions, read};

/// The folder; `None`, said loudly, where the data is not at hand.
fn folder() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("TENANTGRAPH_REAL_DATA").map(PathBuf::from) else {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose azure/ holds the recordings");
        return None;
    };
    Some(folder.join("azure"))
}

fn file(folder: &Path, name: &str) -> Estate {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|_| panic!("{} can be read", path.display()));
    // Detected where the file is of this reader's kind; a recording of empty replies is told by its format.
    let input = Input::new(name, bytes);
    let input = if tenantgraph::importers::is_recognised(&input) { input } else { input.format("entra") };
    read(&[input], &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Tenants, identities, secrets, resources, relations and records left out.
fn counts(estate: &Estate) -> [usize; 6] {
    let of = |entity_type| estate.entities().iter().filter(|entity| entity.entity_type() == entity_type).count();
    let [tenants, identities, secrets, resources] =
        [EntityType::Tenant, EntityType::Identity, EntityType::Secret, EntityType::Resource].map(of);
    [tenants, identities, secrets, resources, estate.relations().count(), estate.reading().skipped.len()]
}

#[test]
fn every_file_is_read_and_the_counts_are_right() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    for (name, expected) in FILES {
        let estate = file(&folder, name);
        if counts(&estate) != *expected {
            let reasons = estate.reading().skipped.iter().fold(BTreeMap::<&str, usize>::new(), |mut all, skipped| {
                *all.entry(skipped.reason.as_str()).or_default() += 1;
                all
            });
            wrong.push(format!("    (\"{name}\", {:?}), // {reasons:?}", counts(&estate)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const FILES: &[(&str, [usize; 6])] = &[
    ("graph_applications.json", [1, 12, 6, 0, 6, 0]),
    ("graph_servicePrincipals.json", [2, 16, 1, 0, 8, 0]),
    ("graph_federatedIdentityCredentials.json", [0, 1, 0, 0, 1, 0]),
    ("graph_roleAssignments.json", [3, 1, 0, 1, 2, 0]),
    ("cartography__azure-key_vaults.json", [3, 0, 2, 2, 2, 0]),
    ("cartography__azure-permission_relationships.json", [3, 0, 0, 5, 0, 0]),
    ("cartography__azure-rbac.json", [5, 10, 0, 5, 16, 1]),
    ("cartography__microsoft-entra-applications.json", [1, 4, 0, 0, 6, 0]),
    ("cartography__microsoft-entra-directory_roles.json", [1, 4, 0, 0, 6, 0]),
    ("azure-cli-recordings/test_app_create_idempotent.json", [1, 1, 0, 0, 0, 0]),
    ("azure-cli-recordings/test_app_credential.json", [1, 1, 4, 0, 4, 0]),
    ("azure-cli-recordings/test_app_federated_credential.json", [1, 3, 0, 0, 2, 0]),
    ("azure-cli-recordings/test_app_owner.json", [1, 2, 0, 0, 1, 0]),
    ("azure-cli-recordings/test_app_permission.json", [1, 4, 1, 0, 2, 0]),
    ("azure-cli-recordings/test_app_resolution.json", [1, 1, 0, 0, 0, 1]),
    ("azure-cli-recordings/test_app_show_exit_code.json", [0; 6]),
    ("azure-cli-recordings/test_create_for_rbac_argument_error.json", [1, 2, 1, 0, 2, 0]),
    ("azure-cli-recordings/test_create_for_rbac_create_cert_keyvault.json", [1, 2, 2, 0, 3, 0]),
    ("azure-cli-recordings/test_create_for_rbac_password.json", [1, 2, 1, 0, 2, 0]),
    ("azure-cli-recordings/test_create_for_rbac_password_with_assignment.json", [3, 3, 1, 1, 5, 0]),
    ("azure-cli-recordings/test_service_principal_scenario.json", [1, 2, 0, 0, 1, 3]),
    ("azure-cli-recordings/test_sp_credential.json", [1, 2, 4, 0, 5, 0]),
    ("azure-cli-recordings/test_sp_show_exit_code.json", [0; 6]),
    ("azure-cli-recordings/test_special_characters_in_query.json", [1, 1, 0, 0, 0, 0]),
    ("azure-cli-recordings/test_special_characters_in_upn.json", [1, 1, 0, 0, 0, 0]),
];

#[test]
fn the_merged_recordings_are_one_tenant_and_their_parts_meet() {
    let Some(folder) = folder() else { return };
    let names = [
        "graph_applications.json",
        "graph_servicePrincipals.json",
        "graph_federatedIdentityCredentials.json",
        "graph_roleAssignments.json",
    ];
    let input = |name: &&str| Input::new(format!("real/{name}"), std::fs::read(folder.join(name)).expect("a recording"));
    let estate = read(&names.iter().map(input).collect::<Vec<_>>(), &ReadOptions::default()).expect("recordings");
    // The home of the applications, which the service principals tell, is the tenant of the recordings.
    const TENANT: &str = "54826b22-38d6-4fb2-bad9-b7b93a3e9c5a";
    assert!(estate.find(TENANT).is_some(), "the tenant of the recordings");
    assert!(estate.find("entra-tenant").is_none());
    let within = estate.entities().iter().filter(|entity| entity.container() == Some(TENANT)).count();
    assert!(within > 20, "{within}");
    let federated = estate.relations().filter(|relation| relation.kind() == RelationKind::FederatesTo).count();
    assert_eq!(federated, 1);
    assert!(estate.find("https://token.actions.githubusercontent.com#repo:octo-org/octo-repo:environment:Staging").is_some());
    let instantiates = estate.relations().filter(|relation| relation.kind() == RelationKind::Instantiates).count();
    assert_eq!(instantiates, 7);
    assert_eq!(estate.reading().skipped, []);
}

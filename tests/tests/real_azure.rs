//! The real recordings of Graph and the fixtures of others, where they are at hand: every file is in the table, what it lists is counted from its JSON
//! without the reader, and what the reader makes is what was counted. Where the two differ by design, a sentence says why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tenantgraph::model::{EntityType, Instant, RelationKind};
use tenantgraph::{Estate, Input, ReadOptions, read};
use tenantgraph_tests::graph_counts::Counted;

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

fn counted(folder: &Path, name: &str) -> Counted {
    let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|_| panic!("{name} can be read"));
    Counted::of(&serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}")))
}

const REPLY: &str = "the reply is an error";
const REFERENCE: &str = "expected a JSON object";
const BESIDE: &str = "stands beside known outputs";

/// A file, what is counted in its JSON, and why something of it was skipped. The columns:
/// applications, service principals, users, groups, federated credentials;
/// passwords and certificates, what vaults store, keys of vaults;
/// owners, permissions given, directory roles given, Azure roles given;
/// resources of Azure, subscriptions with groups of resources and of management.
type Row = (&'static str, [usize; 5], [usize; 3], [usize; 4], [usize; 2], &'static [&'static str]);

#[rustfmt::skip]
const FILES: &[Row] = &[
    ("graph_applications.json", [12, 0, 0, 0, 0], [6, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("graph_servicePrincipals.json", [0, 9, 0, 0, 0], [1, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("graph_federatedIdentityCredentials.json", [0, 0, 0, 0, 1], [0, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("graph_roleAssignments.json", [0, 0, 0, 0, 0], [0, 0, 0], [0, 0, 0, 1], [0, 2], &[]),
    ("cartography__azure-key_vaults.json", [0, 0, 0, 0, 0], [0, 2, 1], [0, 0, 0, 0], [1, 2], &[]),
    ("cartography__azure-permission_relationships.json", [0, 0, 0, 0, 0], [0, 0, 0], [0, 0, 0, 0], [5, 2], &[]),
    // Two of the four lists give the same role to the same group. One element is the name of another list instead of an object, and the sets of permissions
    // beside the role definitions are of no role.
    ("cartography__azure-rbac.json", [0, 1, 2, 1, 0], [0, 0, 0], [0, 0, 0, 7], [0, 4], &[BESIDE, REFERENCE]),
    ("cartography__microsoft-entra-applications.json", [2, 2, 0, 0, 0], [0, 0, 0], [0, 4, 0, 0], [0, 0], &[]),
    ("cartography__microsoft-entra-directory_roles.json", [0, 0, 0, 0, 0], [0, 0, 0], [0, 0, 3, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_app_create_idempotent.json", [1, 0, 0, 0, 0], [0, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_app_credential.json", [1, 0, 0, 0, 0], [4, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    // One credential, whose subject was changed on the way: a recording is a history, and both have been let in.
    ("azure-cli-recordings/test_app_federated_credential.json", [1, 0, 0, 0, 2], [0, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_app_owner.json", [1, 0, 1, 0, 0], [0, 0, 0], [1, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_app_permission.json", [1, 3, 0, 0, 0], [1, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_app_resolution.json", [1, 0, 0, 0, 0], [0, 0, 0], [0, 0, 0, 0], [0, 0], &[REPLY]),
    ("azure-cli-recordings/test_app_show_exit_code.json", [0, 0, 0, 0, 0], [0, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_create_for_rbac_argument_error.json", [1, 1, 0, 0, 0], [1, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    // The certificate was replaced on the way.
    ("azure-cli-recordings/test_create_for_rbac_create_cert_keyvault.json", [1, 1, 0, 0, 0], [2, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_create_for_rbac_password.json", [1, 1, 0, 0, 0], [1, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_create_for_rbac_password_with_assignment.json", [1, 1, 0, 0, 0], [1, 0, 0], [0, 0, 0, 1], [0, 2], &[]),
    ("azure-cli-recordings/test_service_principal_scenario.json", [1, 1, 0, 0, 0], [0, 0, 0], [0, 0, 0, 0], [0, 0], &[REPLY, REPLY, REPLY]),
    ("azure-cli-recordings/test_sp_credential.json", [1, 1, 0, 0, 0], [4, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_sp_show_exit_code.json", [0, 0, 0, 0, 0], [0, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_special_characters_in_query.json", [0, 0, 0, 1, 0], [0, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
    ("azure-cli-recordings/test_special_characters_in_upn.json", [0, 0, 1, 0, 0], [0, 0, 0], [0, 0, 0, 0], [0, 0], &[]),
];

#[test]
fn every_file_is_in_the_table_and_holds_what_was_counted_by_hand() {
    let Some(folder) = folder() else { return };
    let names = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
        entries.map(|name| name.to_string_lossy().into_owned()).filter(|name| name.ends_with(".json")).collect()
    };
    let recorded = names(&folder.join("azure-cli-recordings")).into_iter().map(|name| format!("azure-cli-recordings/{name}"));
    let there: BTreeSet<String> = names(&folder).into_iter().chain(recorded).collect();
    assert_eq!(there, FILES.iter().map(|(name, ..)| (*name).to_owned()).collect(), "every file is in the table");
    for (name, identities, secrets, given, azure, _) in FILES {
        let counted = counted(&folder, name);
        assert_eq!(counted.identities(), *identities, "{name}: identities");
        assert_eq!(counted.secrets(), *secrets, "{name}: secrets");
        assert_eq!(counted.given(), *given, "{name}: what is given");
        assert_eq!([counted.resources.len(), counted.scopes.len()], *azure, "{name}: Azure");
    }
}

#[test]
fn what_was_counted_is_what_is_read() {
    let Some(folder) = folder() else { return };
    for (name, .., reasons) in FILES {
        let (counted, estate) = (counted(&folder, name), file(&folder, name));
        let kinds = estate.entities().iter().fold(BTreeMap::<&str, usize>::new(), |mut kinds, entity| {
            *kinds.entry(entity.kind()).or_default() += 1;
            kinds
        });
        let kind = |kind: &str| kinds.get(kind).copied().unwrap_or(0);
        let typed = |of| estate.entities().iter().filter(|entity| entity.entity_type() == of).count();
        let related = |kind| estate.relations().filter(|relation| relation.kind() == kind).count();

        // An application that only its service principal tells stands in its home tenant all the same, but for Microsoft's own.
        assert_eq!(kind("application"), counted.applications.len() + counted.told_by_principals(), "{name}: applications");
        assert_eq!(kind("service_principal") + kind("managed_identity"), counted.principals.len(), "{name}: service principals");
        assert_eq!((kind("human"), kind("group")), (counted.users.len(), counted.groups.len()), "{name}: users and groups");
        assert_eq!(related(RelationKind::FederatesTo), counted.federated.len(), "{name}: federated credentials");
        assert_eq!(related(RelationKind::Instantiates), counted.instances(), "{name}: service principals of applications");
        assert_eq!(related(RelationKind::AuthenticatesAs), counted.credentials.len(), "{name}: credentials");
        assert_eq!(related(RelationKind::Stores), counted.stored.len(), "{name}: what vaults store");
        assert_eq!(typed(EntityType::Secret), counted.credentials.len() + counted.stored.len(), "{name}: secrets");
        // The key of a vault never leaves it: it is used there, and so a resource.
        assert_eq!(kind("key_management_key"), counted.keys.len(), "{name}: keys");
        assert_eq!(related(RelationKind::Manages), counted.owners.len(), "{name}: owners");
        // A tenant is the one that the file is of, and the homes of its applications where those are not known to be that one.
        let scopes = ["azure_subscription", "azure_resource_group", "azure_management_group"].map(kind).iter().sum::<usize>();
        assert_eq!(scopes, counted.scopes.len(), "{name}: subscriptions and groups");
        // What a role reaches there as a whole is a resource whose id ends in `*` and its kind; it stands in no file.
        let read: BTreeSet<String> = of_type(&estate, EntityType::Resource).filter(|id| !id.contains("/*")).collect();
        assert_eq!(read, counted.resources.union(&counted.keys).cloned().collect(), "{name}: resources");
        given(name, &estate, &counted);
        let skipped = &estate.reading().skipped;
        assert_eq!(skipped.len(), reasons.len(), "{name}: {skipped:?}");
        assert!(skipped.iter().zip(*reasons).all(|(skipped, reason)| skipped.reason.contains(reason)), "{name}: {skipped:?}");
    }
}

fn of_type(estate: &Estate, of: EntityType) -> impl Iterator<Item = String> + '_ {
    estate.entities().iter().filter(move |entity| entity.entity_type() == of).map(|entity| entity.id().to_owned())
}

/// What is given to somebody: each permission, each directory role, each role of Azure is one relation of who holds it.
fn given(name: &str, estate: &Estate, counted: &Counted) {
    let of_principals = estate.relations().filter(|relation| {
        let from = estate.entity(relation.from());
        from.kind() != "role" && matches!(relation.kind(), RelationKind::MemberOf | RelationKind::Unmapped)
    });
    let ends: Vec<(String, String)> = of_principals
        .map(|relation| (estate.entity(relation.from()).id().to_owned(), estate.entity(relation.to()).id().to_owned()))
        .collect();
    let wanted = counted.grants.len() + counted.directory_roles.len() + counted.azure_roles.len();
    assert_eq!(ends.len(), wanted, "{name}: what is given: {ends:?}");
    for (scope, principal, role) in &counted.azure_roles {
        let role = role.rsplit('/').next().unwrap_or_default();
        // A role that no definition describes is kept at its scope, and gives nothing.
        let held = |(from, to): &(String, String)| from == principal && (*to == format!("{role}@{scope}") || to == scope);
        assert!(ends.iter().any(held), "{name}: {principal} holds {role} on {scope}");
    }
    for (principal, resource, _) in &counted.grants {
        assert!(ends.iter().any(|ends| ends == &(principal.clone(), resource.clone())), "{name}: {principal} is let in to {resource}");
    }
}

const TENANT: &str = "54826b22-38d6-4fb2-bad9-b7b93a3e9c5a";

fn merged(folder: &Path) -> Estate {
    let names = [
        "graph_applications.json",
        "graph_servicePrincipals.json",
        "graph_federatedIdentityCredentials.json",
        "graph_roleAssignments.json",
    ];
    let input = |name: &&str| Input::new(format!("real/{name}"), std::fs::read(folder.join(name)).expect("a recording"));
    read(&names.iter().map(input).collect::<Vec<_>>(), &ReadOptions::default()).expect("recordings")
}

#[test]
fn the_merged_recordings_are_one_tenant_and_their_parts_meet() {
    let Some(folder) = folder() else { return };
    let estate = merged(&folder);
    // The home of the applications, which the service principals tell, is the tenant of the recordings.
    assert!(estate.find(TENANT).is_some(), "the tenant of the recordings");
    assert!(estate.find("entra-tenant").is_none());
    let within = estate.entities().iter().filter(|entity| entity.container() == Some(TENANT)).count();
    // Twelve applications, nine service principals, seven credentials and the subscription; two service principals are of Microsoft's applications.
    assert_eq!(within, 12 + 9 + 7 + 1);
    let federated = estate.relations().filter(|relation| relation.kind() == RelationKind::FederatesTo).count();
    assert_eq!(federated, 1);
    assert!(estate.find("https://token.actions.githubusercontent.com#repo:octo-org/octo-repo:environment:Staging").is_some());
    let instantiates = estate.relations().filter(|relation| relation.kind() == RelationKind::Instantiates).count();
    assert_eq!(instantiates, 7);
    assert_eq!(estate.reading().skipped, []);
}

/// Each looked up by hand in the line of the file that the comment names.
#[test]
fn what_was_looked_up_by_hand_stands_there() {
    let Some(folder) = folder() else { return };
    let instant = |text: &str| Some(Instant::parse(text).expect("an instant"));
    let estate = merged(&folder);
    let entity = |id: &str| estate.entity(estate.find(id).unwrap_or_else(|| panic!("{id}")));
    // graph_applications.json, lines 123 and 125: a password that ends on the last day of 2100, which is how Graph writes never.
    let password = "afb85a07-e312-4d49-b75b-9db4e2d683cd/credentials/6b01f9c9-358d-4809-896a-4785deeb574f";
    assert_eq!(entity(password).as_secret().expect("a secret").expires_at, instant("9999-12-31T23:59:59Z"));
    // Line 565: a certificate that its vault made.
    let certificate = entity("03974722-47c5-4b52-8d86-1056014bdf25/credentials/88888888-0000-0000-0000-000000000002");
    assert_eq!((certificate.kind(), certificate.name()), ("certificate", "CN=KeyVault Generated"));
    assert_eq!(certificate.as_secret().expect("a secret").created_at, instant("2023-12-20T05:35:30Z"));
    // Line 10: when an application was registered.
    assert_eq!(entity("b2466de6-5867-4b23-83ff-449c85f44ba1").as_identity().expect("one").created_at, instant("2024-09-06T09:31:12Z"));
    // graph_servicePrincipals.json, line 6: Microsoft Graph is its vendor's.
    assert_eq!(entity("a3efc889-f1b7-4532-9e01-91e32d1039f4").as_identity().expect("one").vendor, Some("Microsoft"));
    // Line 6761: a password of a service principal, not of its application.
    let own = estate.find("66e30abb-1162-47a4-97e7-007bf57bb3ac/credentials/7ddd8785-b5ab-4575-8917-81a3b0b383bd").expect("a password");
    let proves: Vec<&str> = estate.relations_from(own).map(|relation| estate.entity(relation.to()).id()).collect();
    assert_eq!(proves, ["66e30abb-1162-47a4-97e7-007bf57bb3ac"]);
    // graph_roleAssignments.json, line 12: since when the service principal reads the group of resources.
    let reader = estate.relations_from(estate.find("0207ee96-75b6-43d8-af87-f8718fde0acc").expect("it"));
    let given: Vec<_> = reader.map(|relation| (relation.permission().unwrap_or_default().to_owned(), relation.granted_at())).collect();
    assert_eq!(given, [("Reader".to_owned(), instant("2023-08-23T12:44:02.2417671Z"))]);
    the_recordings_and_fixtures(&folder);
}

fn the_recordings_and_fixtures(folder: &Path) {
    let instant = |text: &str| Some(Instant::parse(text).expect("an instant"));
    // test_create_for_rbac_password_with_assignment.json, lines 215 and 301: the reply that made the assignment, and a list, date one assignment differently.
    let recorded = file(folder, "azure-cli-recordings/test_create_for_rbac_password_with_assignment.json");
    let held = recorded.relations().filter(|relation| relation.kind() == RelationKind::MemberOf);
    assert_eq!(held.map(|relation| relation.granted_at()).collect::<Vec<_>>(), [instant("2023-08-23T12:44:00.9627354Z")]);
    // test_app_owner.json, line 187: who owns the application.
    let owned = file(folder, "azure-cli-recordings/test_app_owner.json");
    let owner = owned.relations().next().expect("the owner");
    assert_eq!(
        (owned.entity(owner.from()).id(), owned.entity(owner.to()).id()),
        ("6d97229a-391f-473a-893f-f0608b592d7b", "e76f849f-da6c-4645-b789-8da693790fe6")
    );
    // cartography__azure-key_vaults.json, lines 21 and 24: a secret of a vault with its date and its label.
    let vaults = file(folder, "cartography__azure-key_vaults.json");
    let secret = vaults.entity(vaults.find("https://my-test-key-vault.vault.azure.net/secrets/my-secret").expect("the secret"));
    assert_eq!(secret.as_secret().expect("a secret").created_at, instant("2025-01-01T12:00:00Z"));
    assert_eq!(secret.labels().and_then(|labels| labels.get("env")), Some("prod"));
    // cartography__azure-rbac.json, lines 164 and 166: the user is owner of the subscription, and so holds it.
    let roles = file(folder, "cartography__azure-rbac.json");
    let subscription = "/subscriptions/12345678-1234-1234-1234-123456789012";
    let owner = format!("8e3af657-a8ff-443c-a75c-2fe8c4bcb635@{subscription}");
    let steps: Vec<(&str, &str)> =
        roles.relations().map(|relation| (roles.entity(relation.from()).id(), roles.entity(relation.to()).id())).collect();
    assert!(steps.contains(&("user-123", &owner)) && steps.contains(&(&owner, subscription)));
}

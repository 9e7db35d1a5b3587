//! Real outputs of Vault, SPIRE, Okta, OpenAI and BloodHound, where they are at hand: the counts are those that were counted by other means.

use std::collections::BTreeMap;
use std::path::PathBuf;
use tenantgraph::model::RelationKind;
use tenantgraph::{Error, Estate, Input, ReadOptions, read};

/// The folder of the data; `None`, said loudly, where it is not at hand.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENANTGRAPH_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to the folder that holds vault/, spire/, okta/, saas/ and bloodhound/");
    }
    folder
}

fn input(file: &str) -> Option<Input> {
    let path = folder()?.join(file);
    Some(Input::new(file, std::fs::read(&path).unwrap_or_else(|_| panic!("{} can be read", path.display()))))
}

fn read_one(file: &str) -> Option<Result<Estate, Error>> {
    Some(read(&[input(file)?], &ReadOptions::default()))
}

fn kinds(estate: &Estate) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    estate.entities().iter().for_each(|entity| *kinds.entry(entity.kind()).or_default() += 1);
    kinds
}

fn relations(estate: &Estate) -> BTreeMap<RelationKind, usize> {
    let mut kinds = BTreeMap::new();
    estate.relations().for_each(|relation| *kinds.entry(relation.kind()).or_default() += 1);
    kinds
}

/// A file, its format, records, entities by kind, relations by kind, skipped records.
type Row = (&'static str, &'static str, u64, &'static [(&'static str, usize)], &'static [(RelationKind, usize)], usize);

fn check(rows: &[Row]) {
    for (file, format, records, entities, related, skipped) in rows {
        let Some(estate) = read_one(file) else { return };
        let estate = estate.unwrap_or_else(|error| panic!("{file}: {error}"));
        let reading = estate.reading();
        assert_eq!((reading.sources[0].format.as_str(), reading.sources[0].records), (*format, *records), "{file}");
        assert_eq!(kinds(&estate), entities.iter().copied().collect(), "{file}");
        assert_eq!(relations(&estate), related.iter().copied().collect(), "{file}");
        assert_eq!(reading.skipped.len(), *skipped, "{file}: {:?}", reading.skipped);
        assert!(reading.skipped.iter().all(|skipped| !skipped.reason.is_empty() && skipped.place.record.is_some()), "{file}");
    }
}

use RelationKind::{Administers, Assumes, AuthenticatesAs, Reads, TrustedBy, Writes};

#[test]
fn keys_of_openai_are_counted() {
    check(&[
        (
            "saas/cartography__openai-adminapikeys.json",
            "openai",
            1,
            &[("saas_organization", 1), ("api_client", 2), ("api_key", 2)],
            &[(AuthenticatesAs, 2), (Administers, 2)],
            0,
        ),
        (
            "saas/cartography__openai-apikeys.json",
            "openai",
            1,
            &[("saas_organization", 1), ("api_client", 1), ("api_key", 2), ("service_account", 1)],
            &[(AuthenticatesAs, 2), (Reads, 1), (Writes, 1)],
            0,
        ),
        (
            "saas/cartography__openai-serviceaccounts.json",
            "openai",
            1,
            &[("saas_organization", 1), ("service_account", 1)],
            &[(Reads, 1), (Writes, 1)],
            0,
        ),
    ]);
}

#[test]
fn entries_of_spire_are_counted() {
    check(&[
        // Five ids and two parents; the one federation is a text in place of a list.
        ("spire/spire__entries.json", "spire", 1, &[("spiffe_trust_domain", 8), ("workload", 7)], &[(Assumes, 5), (TrustedBy, 1)], 0),
        (
            "spire/spire__good.json",
            "spire",
            1,
            &[("spiffe_trust_domain", 1), ("workload", 6), ("certificate", 1)],
            &[(Assumes, 4), (Administers, 2), (AuthenticatesAs, 1)],
            0,
        ),
        (
            "spire/spire__good-for-update.json",
            "spire",
            1,
            &[("spiffe_trust_domain", 1), ("workload", 6), ("certificate", 1)],
            &[(Assumes, 4), (Administers, 1), (AuthenticatesAs, 1)],
            0,
        ),
        (
            "spire/spire__manager_test_entries.json",
            "spire",
            1,
            &[("spiffe_trust_domain", 2), ("workload", 4), ("certificate", 2)],
            &[(TrustedBy, 1), (AuthenticatesAs, 2)],
            0,
        ),
        ("spire/spire__invalid.json", "spire", 1, &[], &[], 1),
    ]);
    // What asks for deletion, and what is no JSON, says nothing.
    for file in ["spire/spire__good-for-delete.json", "spire/spire__partially-good-for-delete.json", "spire/spire__invalid_json.json"] {
        let Some(estate) = read_one(file) else { return };
        assert!(estate.is_err(), "{file}");
    }
}

#[test]
fn two_servers_of_spire_trust_each_other() {
    let server =
        |name: &str| input(&format!("spire/tutorial__docker-compose__federation__docker__spire-server-{name}.example__conf__server.conf"));
    let (Some(broker), Some(market)) = (server("broker"), server("stockmarket")) else { return };
    let estate = read(&[broker, market], &ReadOptions::default()).expect("two servers");
    assert_eq!(kinds(&estate), [("spiffe_trust_domain", 2), ("workload", 2)].into());
    let trusts: Vec<_> = estate.relations().filter(|it| it.kind() == TrustedBy).map(|it| estate.entity(it.from()).name()).collect();
    assert_eq!(trusts, ["broker.example", "stockmarket.example"]);
    let agent = input("spire/tutorial__docker-compose__federation__docker__broker-webapp__conf__agent.conf");
    let estate = read(&[agent.expect("the agent")], &ReadOptions::default()).expect("an agent");
    assert_eq!(kinds(&estate), [("spiffe_trust_domain", 1)].into());
}

#[test]
fn the_audit_log_of_vault_is_counted() {
    let Some(estate) = read_one("vault/vault-audit_first_half.log") else { return };
    let estate = estate.expect("the log");
    let reading = estate.reading();
    assert_eq!((reading.sources[0].records, reading.skipped.len()), (698, 0));
    // Seven who came with a token: root, a token of its own, a role and four users of fourteen.
    let principals = estate.entities().iter().filter_map(|entity| entity.as_identity());
    assert_eq!(principals.filter(|identity| identity.last_used_at.is_some()).count(), 7);
    let kinds = kinds(&estate);
    assert_eq!((kinds["human"], kinds["password"], kinds["token"], kinds["client_secret"]), (7, 7, 2, 1));
    // Ten secrets of the first version of the store, five of the second.
    assert_eq!(kinds["generic"], 15);
    let covered = |topic: &str| reading.coverage.iter().find(|it| it.topic == topic).map(|it| (it.known, it.total));
    assert_eq!(covered("vault_audit_principals"), Some((481, 698)));
    let secret = estate.entity(estate.find("vault://vault/kv/my-secret-1").expect("a secret")).as_secret().expect("a secret");
    assert!(secret.rotated_at.is_some() && secret.fingerprint.is_none());
}

#[test]
fn policies_of_vault_are_counted() {
    let Some(folder) = folder() else { return };
    let mut rules = 0;
    for entry in std::fs::read_dir(folder.join("vault/policies")).expect("the folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let estate = read_one(&format!("vault/policies/{name}")).expect("the data").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(estate.reading().skipped.is_empty() && kinds(&estate)["role"] == 1, "{name}");
        rules += estate.relations().filter_map(|relation| relation.permission()).collect::<std::collections::BTreeSet<_>>().len();
    }
    assert_eq!(rules, 31);
}

#[test]
fn okta_is_counted() {
    check(&[
        ("okta/api/agent_pools.json", "okta", 1, &[("okta_organization", 1), ("other", 1), ("workload", 1)], &[(Administers, 1)], 0),
        (
            "okta/api/api_services.json",
            "okta",
            1,
            &[("okta_organization", 1), ("other", 1), ("third_party_integration", 1)],
            &[(RelationKind::Contains, 1), (Reads, 3)],
            0,
        ),
        ("okta/api/api_tokens.json", "okta", 2, &[("okta_organization", 1), ("token", 2), ("unknown", 1)], &[(AuthenticatesAs, 2)], 0),
        ("okta/api/app_jwks.json", "okta", 1, &[("okta_organization", 1), ("signing_key", 2), ("unknown", 1)], &[(AuthenticatesAs, 2)], 0),
        (
            "okta/api/client_secrets.json",
            "okta",
            2,
            &[("client_secret", 2), ("okta_organization", 1), ("unknown", 1)],
            &[(AuthenticatesAs, 2)],
            0,
        ),
        ("okta/api/custom_roles.json", "okta", 1, &[("okta_organization", 1), ("role", 2)], &[], 0),
        ("okta/api/devices.json", "okta", 2, &[("okta_organization", 1)], &[], 0),
        ("okta/api/groups.json", "okta", 2, &[("group", 2), ("okta_organization", 1), ("other", 1)], &[(RelationKind::Contains, 2)], 0),
        ("okta/api/organization.json", "okta", 1, &[("okta_organization", 1)], &[], 0),
        ("okta/api/users.json", "okta", 1, &[("human", 1), ("okta_organization", 1), ("other", 1)], &[(RelationKind::Contains, 1)], 0),
    ]);
}

#[test]
fn every_file_of_okta_is_read() {
    let Some(folder) = folder() else { return };
    let mut files: Vec<String> = ["okta", "okta/api"]
        .iter()
        .flat_map(|under| std::fs::read_dir(folder.join(under)).expect("the folder").map(move |entry| (under, entry.expect("an entry"))))
        .filter(|(_, entry)| entry.path().is_file())
        .map(|(under, entry)| format!("{under}/{}", entry.file_name().to_string_lossy()))
        .collect();
    files.sort();
    assert_eq!(files.len(), 22);
    let mut skipped = BTreeMap::new();
    for file in &files {
        let estate = read_one(file).expect("the data").unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(estate.reading().sources[0].format, "okta", "{file}");
        if !estate.reading().skipped.is_empty() {
            skipped.insert(file.as_str(), estate.reading().skipped.len());
        }
    }
    // Two groups of an application that the reply does not name.
    assert_eq!(skipped, [("okta/cartography__okta-application.json", 2)].into());
    let inputs: Vec<Input> = files.iter().filter_map(|file| input(file)).collect();
    let estate = read(&inputs, &ReadOptions::default()).expect("all of them");
    let kinds = kinds(&estate);
    assert_eq!((kinds["token"], kinds["third_party_integration"], kinds["workload"]), (2, 1, 1));
}

#[test]
fn the_collection_of_a_forest_is_counted() {
    let Some(estate) = read_one("bloodhound/ad_sampledata.zip") else { return };
    let estate = estate.expect("the archive");
    let reading = estate.reading();
    assert_eq!((reading.sources[0].format.as_str(), reading.sources[0].records, reading.skipped.len()), ("bloodhound", 1718, 0));
    let kinds = kinds(&estate);
    // One account is of a service in one collection and of a person in another.
    assert_eq!(kinds["human"] + kinds["service_account"], 99);
    assert_eq!((kinds["group"], kinds["workload"], kinds["active_directory_domain"], kinds["other"]), (219, 34, 3, 1114));
    assert_eq!(kinds["password"], 115);
    // One computer contains an object, which is no relation of that kind: it is `custom` with the same rights.
    let named = |name: &str| estate.relations().filter(|relation| relation.permission() == Some(name)).count();
    assert_eq!(
        (relations(&estate)[&RelationKind::MemberOf], named("Contains"), relations(&estate)[&RelationKind::Contains]),
        (292, 1416, 1415)
    );
    let covered = |topic: &str| reading.coverage.iter().find(|it| it.topic == topic).map(|it| it.known == it.total);
    assert_eq!((covered("bloodhound_nodes_mapped"), covered("bloodhound_edges_mapped")), (Some(true), Some(true)));
    // The administrators of the domain control its Administrator.
    let admin = estate.find("S-1-5-21-2697957641-2271029196-387917394-500").expect("the account");
    let group = estate.find("S-1-5-21-2697957641-2271029196-387917394-512").expect("the group");
    assert!(estate.relations().any(|it| it.from() == group && it.to() == admin && it.kind() == Administers));
}

#[test]
fn graphs_of_other_collectors_are_counted() {
    check(&[("bloodhound/bloodhound-docs__opengraph-minimal.json", "bloodhound", 3, &[("other", 2)], &[(RelationKind::Unmapped, 1)], 0)]);
    let Some(estate) = read_one("bloodhound/EntraAuthPolicyHound__AuthenticationPolicyData_Sample.json") else { return };
    let estate = estate.expect("the graph");
    assert_eq!((estate.reading().sources[0].records, estate.reading().skipped.len()), (118 + 823, 0));
    assert_eq!(kinds(&estate)["human"], 117);
    let estate = read_one("bloodhound/OpenHound__sample_graph.json").expect("the data").expect("the graph");
    assert!(estate.reading().skipped.is_empty() && relations(&estate).keys().all(|kind| *kind == RelationKind::Unmapped));
    // Schemas and icons are no graphs.
    for file in ["GitHound__model.json", "GitHound__schema.json", "EntraAuthPolicyHound__CustomNodes.json"] {
        assert!(read_one(&format!("bloodhound/{file}")).expect("the data").is_err(), "{file}");
    }
}

#[test]
fn the_accounts_of_an_organisation_are_counted() {
    let Some(estate) = read_one("tenants/modernisation-platform_environments.json") else { return };
    let estate = estate.expect("the definitions");
    assert_eq!((estate.reading().sources[0].format.as_str(), estate.reading().skipped.len()), ("modernisation-platform", 0));
    let kinds = kinds(&estate);
    assert_eq!((kinds["aws_account"], kinds["other"], kinds["group"]), (203, 75, 98));
    assert_eq!(kinds["pipeline"], 78);
    let environment = |name: &str| estate.environment(estate.find(name).expect("an account")).environment;
    assert_eq!(environment("analytical-platform-compute-production"), tenantgraph::model::Environment::Production);
    let covered = estate.reading().coverage.iter().find(|it| it.topic == "modernisation_platform_levels_mapped").expect("the coverage");
    assert_eq!((covered.known, covered.total), (708, 708));
}

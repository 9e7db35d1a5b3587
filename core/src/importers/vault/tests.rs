//! The reader as a whole, through `read`.

use crate::model::Certainty;
use crate::{Estate, Input, ReadOptions, read};

fn estate(inputs: &[(&str, &str)]) -> Estate {
    let inputs: Vec<Input> = inputs.iter().map(|(name, text)| Input::new(format!("vault=acme/{name}"), *text)).collect();
    read(&inputs, &ReadOptions::default()).expect("an estate")
}

/// The relations from an id, ids without what all begin with.
fn from(estate: &Estate, id: &str) -> Vec<String> {
    let short = |id: &str| id.strip_prefix("vault://acme").map_or(id.to_owned(), |rest| rest.trim_start_matches('/').to_owned());
    let text = |it: crate::estate::RelationRef<'_>| {
        let sure = if it.certainty() == Certainty::Possible { "?" } else { "" };
        format!("{}{sure} {}", it.kind(), short(estate.entity(it.to()).id()))
    };
    estate.relations().filter(|it| short(estate.entity(it.from()).id()) == id).map(text).collect()
}

/// A record of a request that was answered, by the user ann.
fn asked(operation: &str, path: &str) -> String {
    format!(
        r#"{{"time":"2026-05-01T00:00:00Z","type":"response","auth":{{"client_token":"x","display_name":"userpass-ann","policies":["default","till"],"metadata":{{"username":"ann"}}}},"request":{{"id":"1","operation":"{operation}","path":"{path}"}},"response":{{}}}}"#
    ) + "\n"
}

#[test]
fn what_was_done_is_proven_by_use() {
    let log =
        asked("create", "kv/prod") + &asked("read", "kv/prod") + &asked("update", "transit/encrypt/key") + &asked("read", "totp/code/x");
    let request = asked("read", "kv/other").replace("response\"", "request\"");
    let failed = asked("read", "kv/failed").replace("\"response\":{}", "\"error\":\"denied\"");
    let estate = estate(&[("audit.log", &(log + &request + &failed))]);
    assert_eq!(
        from(&estate, "auth/userpass/users/ann"),
        ["member_of policies/default", "member_of policies/till", "reads kv/prod", "reads totp", "writes kv/prod", "writes transit",]
    );
    assert_eq!((from(&estate, "kv"), from(&estate, "transit")), (vec!["stores kv/prod".to_owned()], vec![]));
    assert_eq!(estate.entity(estate.find("vault://acme/transit").expect("the mount")).kind(), "key_management_key");
    assert!(estate.find("vault://acme/kv/other").is_none() && estate.find("vault://acme/kv/failed").is_none());
    let tenant = estate.entity(estate.find("vault://acme").expect("the namespace")).as_tenant().expect("a tenant");
    assert_eq!(tenant.controls.audit_logging, Some(true));
}

#[test]
fn the_narrowest_rule_of_a_policy_reaches_a_secret() {
    let log = asked("create", "kv/data/prod/a") + &asked("create", "kv/data/prod/b") + &asked("create", "kv/data/test/c");
    let policy = "path \"kv/data/*\" { capabilities = [\"read\"] }\npath \"kv/data/prod/*\" { capabilities = [\"deny\"] }\n\
        path \"kv/data/prod/b\" { capabilities = [\"update\"] }\npath \"auth/approle/role/ci/secret-id\" { capabilities = [\"update\"] }\n";
    let whole = "path \"kv/*\" { capabilities = [\"read\", \"update\"] }\npath \"sys/policies/acl/*\" { capabilities = [\"update\"] }\n";
    let estate = estate(&[("audit.log", &log), ("policies/till.hcl", policy), ("policies/whole.hcl", whole)]);
    assert_eq!(
        from(&estate, "policies/till"),
        ["manages auth/approle/role/ci", "reads kv/data/*", "reads kv/data/test/c", "writes kv/data/prod/b"]
    );
    assert_eq!(from(&estate, "policies/whole"), ["reads kv", "writes kv", "administers "]);
}

#[test]
fn roles_let_in_whom_other_exports_know() {
    let role = |fields: &str| format!(r#"{{"request_id":"1","lease_duration":0,"data":{{{fields},"token_policies":["till"]}}}}"#);
    let config = r#"{"request_id":"1","lease_duration":0,"data":{"oidc_discovery_url":"https://git.example/"}}"#;
    let subject = r#"{"format":"tenantgraph/1","identities":[{"id":"https://git.example#repo:acme/till:ref:refs/heads/main"}]}"#;
    let jwt = role(r#""bound_audiences":["x"],"bound_claims_type":"glob","bound_claims":{"sub":"repo:acme/till:*"}"#);
    let aws = role(r#""bound_iam_principal_arn":["arn:aws:iam::111122223333:role/till"]"#);
    let cluster = role(r#""bound_service_account_names":["shop"],"bound_service_account_namespaces":["live"]"#);
    let estate = estate(&[
        ("auth/jwt/config.json", config),
        ("auth/jwt/role/deploy.json", &jwt),
        ("auth/aws/role/till.json", &aws),
        ("auth/kubernetes/role/shop.json", &cluster),
        ("subject.json", subject),
        ("lost.json", &jwt),
    ]);
    assert_eq!(from(&estate, "https://git.example#repo:acme/till:*"), ["federates_to auth/jwt/role/deploy"]);
    assert_eq!(from(&estate, "https://git.example#repo:acme/till:ref:refs/heads/main"), ["member_of https://git.example#repo:acme/till:*"]);
    assert_eq!(from(&estate, "arn:aws:iam::111122223333:role/till"), ["federates_to auth/aws/role/till"]);
    assert_eq!(from(&estate, "auth/kubernetes#system:serviceaccount:live:shop"), ["federates_to auth/kubernetes/role/shop"]);
    let joined = estate.reading().coverage.iter().find(|it| it.topic == "vault_bindings_joined").expect("the coverage");
    assert_eq!((joined.known, joined.total, estate.reading().skipped.len()), (2, 3, 1));
}

#[test]
fn what_is_hashed_joins_nothing() {
    let token = r#"{"request_id":"1","lease_duration":0,"data":{"accessor":"a1","creation_time":1777000000,"display_name":"token","policies":["root"],"id":"hmac-sha256:0011","expire_time":null}}"#;
    let same = r#"{"request_id":"1","lease_duration":0,"data":{"accessor":"a2","creation_time":1777000000,"display_name":"token","policies":["root"],"id":"hmac-sha256:0011","expire_time":null}}"#;
    let estate = estate(&[("a.json", token), ("b.json", same)]);
    let secrets = estate.entities().iter().filter_map(|entity| entity.as_secret());
    assert!(secrets.into_iter().all(|secret| secret.fingerprint.is_none()));
    assert_eq!(from(&estate, "policies/root"), ["administers "]);
}

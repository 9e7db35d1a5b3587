//! States and plans with made-up names.

use crate::estate::Estate;
use crate::importers::{Input, ReadOptions, is_recognised, read};
use crate::model::{Certainty, Entity, RelationKind, Secret};
use serde_json::{Value, json};

fn instance(kind: &str, name: &str, attributes: Value) -> Value {
    json!({ "mode": "managed", "type": kind, "name": name, "provider": "provider.x", "instances": [{ "schema_version": 0, "attributes": attributes }] })
}

fn state(resources: &[Value]) -> String {
    json!({ "version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "till", "outputs": {}, "resources": resources }).to_string()
}

fn estate(text: &str) -> Estate {
    let estate = read(&[Input::new("till.tfstate", text)], &ReadOptions::default()).expect("a state");
    assert!(estate.reading().skipped.is_empty(), "{:?}", estate.reading().skipped);
    estate
}

fn holds(estate: &Estate, from: &str, kind: RelationKind, to: &str) -> Option<Certainty> {
    let all = estate.relations().filter(|relation| relation.kind() == kind);
    let mut ends = all.filter(|relation| estate.entity(relation.from()).id() == from && estate.entity(relation.to()).id() == to);
    ends.next().map(|relation| relation.certainty())
}

fn secret(estate: &Estate, id: &str) -> Secret {
    let found = estate
        .find(id)
        .unwrap_or_else(|| panic!("{id} in {:?}", estate.entities().iter().map(|entity| entity.id().to_owned()).collect::<Vec<_>>()));
    match estate.entity(found).to_entity() {
        Entity::Secret(secret) => *secret,
        other => panic!("{id} is {other:?}"),
    }
}

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/ann"},"Action":"sts:AssumeRole"}]}"#;
const ALL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

fn aws() -> Vec<Value> {
    vec![
        instance(
            "aws_iam_user",
            "ann",
            json!({ "name": "ann", "id": "ann", "arn": "arn:aws:iam::111122223333:user/ann", "path": "/", "tags": {"owner": "till"} }),
        ),
        instance(
            "aws_iam_user_policy",
            "p",
            json!({ "user": "ann", "name": "assume", "policy": r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}"# }),
        ),
        instance(
            "aws_iam_role",
            "admin",
            json!({ "name": "admin", "arn": "arn:aws:iam::111122223333:role/admin", "assume_role_policy": TRUST, "managed_policy_arns": [] }),
        ),
        instance("aws_iam_policy", "all", json!({ "name": "all", "arn": "arn:aws:iam::111122223333:policy/all", "policy": ALL })),
        instance("aws_iam_role_policy_attachment", "a", json!({ "role": "admin", "policy_arn": "arn:aws:iam::111122223333:policy/all" })),
        instance(
            "aws_iam_access_key",
            "k",
            json!({ "id": "AKIAACMETILLDEPLOYER", "user": "ann", "status": "Active", "secret": "hunter2-of-the-till", "create_date": "2024-01-01T00:00:00Z" }),
        ),
        instance("null_resource", "n", json!({ "id": "1" })),
    ]
}

#[test]
fn a_state_of_aws_is_decided_by_its_reader() {
    let estate = estate(&state(&aws()));
    let (user, role) = ("arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:role/admin");
    assert_eq!(holds(&estate, user, RelationKind::Assumes, role), Some(Certainty::Proven));
    assert_eq!(holds(&estate, role, RelationKind::Administers, "arn:aws:iam::111122223333:root"), Some(Certainty::Proven));
    assert_eq!(holds(&estate, "AKIAACMETILLDEPLOYER", RelationKind::AuthenticatesAs, user), Some(Certainty::Proven));
    let key = secret(&estate, "AKIAACMETILLDEPLOYER");
    assert!(key.fingerprint.is_some() && key.created_at.is_some());
    assert_eq!(holds(&estate, "terraform://till", RelationKind::Stores, "AKIAACMETILLDEPLOYER"), Some(Certainty::Proven));
    let covered = estate.reading().coverage.iter().find(|coverage| coverage.topic == "terraform_resources").expect("coverage");
    assert_eq!((covered.known, covered.total), (6, 7));
}

#[test]
fn a_policy_meets_its_role_in_another_state() {
    let (first, second) = aws().into_iter().partition::<Vec<_>, _>(|resource| resource["type"] != "aws_iam_role_policy_attachment");
    let read_in = |first: &str, second: &str, texts: [String; 2]| {
        let [one, two] = texts;
        read(&[Input::new(first, one), Input::new(second, two)], &ReadOptions::default()).expect("states")
    };
    for estate in [read_in("a", "b", [state(&first), state(&second)]), read_in("b", "a", [state(&first), state(&second)])] {
        assert!(
            holds(&estate, "arn:aws:iam::111122223333:role/admin", RelationKind::Administers, "arn:aws:iam::111122223333:root").is_some()
        );
    }
}

#[test]
fn every_version_of_a_state_is_read() {
    let old = json!({ "version": 3, "terraform_version": "0.11.0", "serial": 1, "lineage": "l", "modules": [{ "path": ["root", "till"], "outputs": {}, "resources": {
        "aws_iam_role.admin": { "type": "aws_iam_role", "primary": { "id": "admin", "attributes": {
            "name": "admin", "arn": "arn:aws:iam::111122223333:role/admin", "assume_role_policy": TRUST, "tags.%": "1", "tags.owner": "till" } } },
        "aws_iam_role_policy_attachment.a": { "type": "aws_iam_role_policy_attachment", "primary": { "id": "a", "attributes": {
            "role": "admin", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess" } } },
        "random_password.p": { "type": "random_password", "primary": { "id": "none", "attributes": { "result": "hunter2-of-the-till" } } } } }] });
    let shown = json!({ "format_version": "1.0", "terraform_version": "1.5.0", "values": { "root_module": { "child_modules": [{ "address": "module.till", "resources": [
        { "address": "module.till.aws_iam_role.admin", "mode": "managed", "type": "aws_iam_role", "name": "admin", "values": {
            "name": "admin", "arn": "arn:aws:iam::111122223333:role/admin", "assume_role_policy": TRUST, "managed_policy_arns": ["arn:aws:iam::aws:policy/AdministratorAccess"] } },
        { "address": "module.till.random_password.p", "type": "random_password", "values": { "result": "hunter2-of-the-till" } }] }] } } });
    // What is shown has no name of its own.
    for (text, state) in [(old.to_string(), "l"), (shown.to_string(), "till.tfstate")] {
        let estate = estate(&text);
        let role = "arn:aws:iam::111122223333:role/admin";
        assert_eq!(holds(&estate, role, RelationKind::Administers, "arn:aws:iam::111122223333:root"), Some(Certainty::Proven), "{text}");
        assert!(secret(&estate, &format!("terraform://{state}#module.till.random_password.p.result")).fingerprint.is_some());
    }
}

#[test]
fn a_state_of_google_is_what_its_inventory_would_say() {
    let email = "robot@acme-prod.iam.gserviceaccount.com";
    let estate = estate(&state(&[
        instance(
            "google_service_account",
            "robot",
            json!({ "account_id": "robot", "email": email, "project": "acme-prod", "unique_id": "1", "disabled": false }),
        ),
        instance(
            "google_service_account_iam_member",
            "t",
            json!({ "service_account_id": format!("projects/acme-prod/serviceAccounts/{email}"),
            "role": "roles/iam.serviceAccountTokenCreator", "member": "serviceAccount:ci@acme-dev.iam.gserviceaccount.com", "condition": [] }),
        ),
        instance(
            "google_project_iam_binding",
            "e",
            json!({ "project": "acme-prod", "role": "roles/editor", "members": [format!("serviceAccount:{email}")] }),
        ),
        instance(
            "google_storage_bucket_iam_policy",
            "b",
            json!({ "bucket": "b/acme-ledger",
            "policy_data": r#"{"bindings":[{"members":["user:ann@acme.example"],"role":"roles/storage.objectViewer"}]}"# }),
        ),
        instance(
            "google_service_account_key",
            "k",
            json!({ "name": format!("projects/acme-prod/serviceAccounts/{email}/keys/a1"), "valid_after": "2024-01-01T00:00:00Z",
            "private_key": "eyJ0eXBlIjoic2VydmljZV9hY2NvdW50IiwiY2xpZW50X2VtYWlsIjoicm9ib3RAYWNtZS1wcm9kLmlhbS5nc2VydmljZWFjY291bnQuY29tIiwicHJpdmF0ZV9rZXkiOiJodW50ZXIyLW9mLXRoZS1yb2JvdCJ9" }),
        ),
    ]));
    let robot = format!("serviceAccount:{email}");
    assert!(holds(&estate, "serviceAccount:ci@acme-dev.iam.gserviceaccount.com", RelationKind::Assumes, &robot).is_some());
    assert!(holds(&estate, "user:ann@acme.example", RelationKind::Reads, "//storage.googleapis.com/acme-ledger").is_some());
    let key = format!("//iam.googleapis.com/projects/acme-prod/serviceAccounts/{email}/keys/a1");
    assert_eq!(holds(&estate, &key, RelationKind::AuthenticatesAs, &robot), Some(Certainty::Proven));
    assert!(secret(&estate, &key).fingerprint.is_some());
    assert!(estate.relations_from(estate.find(&robot).expect("the robot")).any(|relation| relation.kind() == RelationKind::MemberOf));
}

#[test]
fn a_state_of_kubernetes_is_its_manifests() {
    let metadata = |name: &str| json!([{ "name": name, "namespace": "till-prod", "labels": {} }]);
    let estate = estate(&state(&[
        instance("kubernetes_namespace_v1", "n", json!({ "metadata": [{ "name": "till-prod" }] })),
        instance("kubernetes_service_account", "s", json!({ "metadata": metadata("deployer") })),
        instance(
            "kubernetes_role",
            "r",
            json!({ "metadata": metadata("reader"), "rule": [{ "api_groups": [""], "resources": ["secrets"], "verbs": ["get", "list"] }] }),
        ),
        instance(
            "kubernetes_role_binding",
            "b",
            json!({ "metadata": metadata("b"), "role_ref": [{ "api_group": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader" }],
            "subject": [{ "kind": "ServiceAccount", "name": "deployer", "namespace": "till-prod", "api_group": "" }] }),
        ),
        instance(
            "kubernetes_secret",
            "x",
            json!({ "metadata": metadata("db"), "type": "Opaque", "data": { "password": "hunter2-of-the-till" } }),
        ),
        instance(
            "kubernetes_deployment",
            "d",
            json!({ "metadata": metadata("till"), "spec": [{ "template": [{ "spec": [{ "service_account_name": "deployer",
            "container": [{ "name": "c", "env": [{ "name": "P", "value_from": [{ "secret_key_ref": [{ "name": "db", "key": "password" }] }] }] }] }] }] }] }),
        ),
    ]));
    let password = secret(&estate, "kubernetes://cluster/namespaces/till-prod/secrets/db/password");
    assert!(password.fingerprint.is_some());
    let account = estate.find("kubernetes://cluster/namespaces/till-prod/serviceaccounts/deployer").expect("the account");
    assert!(estate.relations_from(account).any(|relation| relation.kind() == RelationKind::MemberOf));
}

#[test]
fn a_state_of_azure_is_its_directory() {
    let id = |last: u8| format!("aaaaaaaa-0000-4000-8000-0000000000{last:02}");
    let estate = estate(&state(&[
        instance(
            "azuread_application",
            "a",
            json!({ "object_id": id(1), "client_id": id(2), "display_name": "till", "id": format!("/applications/{}", id(1)) }),
        ),
        instance(
            "azuread_service_principal",
            "s",
            json!({ "object_id": id(3), "client_id": id(2), "display_name": "till", "account_enabled": true, "application_tenant_id": id(9), "type": "Application" }),
        ),
        instance(
            "azuread_application_password",
            "p",
            json!({ "application_id": format!("/applications/{}", id(1)), "key_id": id(4), "display_name": "p",
            "start_date": "2024-01-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z", "value": "hunter2-of-the-till" }),
        ),
        instance(
            "azurerm_role_assignment",
            "r",
            json!({ "id": "/subscriptions/s1/providers/Microsoft.Authorization/roleAssignments/r1", "scope": "/subscriptions/s1",
            "role_definition_name": "Owner", "role_definition_id": "/subscriptions/s1/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "principal_id": id(3) }),
        ),
        instance(
            "azuread_application_federated_identity_credential",
            "f",
            json!({ "application_object_id": id(1), "issuer": "https://token.actions.githubusercontent.com",
            "subject": "repo:acme/till:ref:refs/heads/main", "audiences": ["api://AzureADTokenExchange"] }),
        ),
    ]));
    let application = estate.find(&id(2)).expect("the application");
    assert!(estate.find("https://token.actions.githubusercontent.com#repo:acme/till:ref:refs/heads/main").is_some());
    assert!(estate.relations_from(application).any(|relation| relation.kind() == RelationKind::Instantiates));
    let credentials =
        estate.relations().filter(|relation| relation.kind() == RelationKind::AuthenticatesAs && relation.to() == application);
    assert_eq!(credentials.count(), 1);
    assert!(estate.relations_from(estate.find(&id(3)).expect("the principal")).next().is_some());
}

#[test]
fn a_state_of_vault_and_github_is_their_configuration() {
    let estate = estate(&state(&[
        instance("vault_policy", "p", json!({ "name": "till", "policy": "path \"kv/data/till/*\" { capabilities = [\"read\"] }" })),
        instance("vault_mount", "m", json!({ "path": "kv", "type": "kv" })),
        instance("vault_jwt_auth_backend", "j", json!({ "path": "jwt", "type": "jwt", "oidc_discovery_url": "https://git.example" })),
        instance(
            "vault_jwt_auth_backend_role",
            "r",
            json!({ "backend": "jwt", "role_name": "deploy", "token_policies": ["till"], "bound_audiences": ["vault"],
            "bound_claims_type": "glob", "bound_claims": { "sub": "repo:acme/till:*" }, "user_claim": "sub" }),
        ),
        instance("github_repository", "g", json!({ "name": "till", "full_name": "acme/till" })),
        instance(
            "github_actions_secret",
            "s",
            json!({ "repository": "till", "secret_name": "TOKEN", "plaintext_value": "hunter2-of-the-till" }),
        ),
    ]));
    let subject = estate.find("https://git.example#repo:acme/till:*").expect("whom the role takes");
    assert!(estate.relations_from(subject).any(|relation| relation.kind() == RelationKind::FederatesTo));
    let token = "https://github.com/acme/till/secrets/TOKEN";
    assert_eq!(holds(&estate, "terraform://till", RelationKind::Stores, token), Some(Certainty::Proven));
    assert_eq!(holds(&estate, "https://github.com/acme/till/actions/any-branch", RelationKind::Uses, token), Some(Certainty::Proven));
}

fn plan() -> Value {
    let role = |trust: Option<&str>| {
        let mut values = json!({ "name": "admin", "managed_policy_arns": ["arn:aws:iam::aws:policy/AdministratorAccess"] });
        if let Some(trust) = trust {
            values["assume_role_policy"] = trust.into();
        }
        values
    };
    let known = |mut values: Value| {
        values["arn"] = "arn:aws:iam::111122223333:role/admin".into();
        values
    };
    let nobody = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let user = json!({ "name": "ann", "arn": "arn:aws:iam::111122223333:user/ann" });
    let bob = json!({ "name": "bob", "arn": "arn:aws:iam::111122223333:user/bob" });
    let resource = |kind: &str, name: &str, values: Value| json!({ "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "values": values });
    json!({ "format_version": "1.1", "terraform_version": "1.5.0",
        "prior_state": { "format_version": "1.0", "values": { "root_module": { "resources": [
            resource("aws_iam_role", "admin", known(role(Some(nobody)))), resource("aws_iam_user", "ann", user.clone()), resource("aws_iam_user", "bob", bob.clone())] } } },
        "planned_values": { "root_module": { "resources": [
            // Its address is not known while the change is planned.
            resource("aws_iam_role", "admin", role(Some(TRUST))), resource("aws_iam_user", "ann", user.clone()),
            resource("google_service_account", "robot", json!({ "account_id": "robot", "project": "acme-prod" })),
            resource("google_project_iam_member", "m", json!({ "project": "acme-prod", "role": "roles/editor" }))] } },
        "resource_changes": [
            { "address": "aws_iam_role.admin", "mode": "managed", "type": "aws_iam_role", "name": "admin", "change": { "actions": ["update"],
                "before": known(role(Some(nobody))), "after": role(Some(TRUST)), "after_unknown": { "arn": true } } },
            { "address": "aws_iam_user.bob", "mode": "managed", "type": "aws_iam_user", "name": "bob", "change": { "actions": ["delete"], "before": bob, "after": null, "after_unknown": {} } },
            { "address": "google_project_iam_member.m", "mode": "managed", "type": "google_project_iam_member", "name": "m", "change": { "actions": ["create"], "before": null,
                "after": { "project": "acme-prod", "role": "roles/editor" }, "after_unknown": { "member": true, "etag": true } } }],
        "configuration": { "root_module": { "resources": [{ "address": "google_project_iam_member.m", "expressions": {
            "member": { "references": ["google_service_account.robot.email", "google_service_account.robot"] } } }] } } })
}

#[test]
fn a_plan_has_two_sides_and_takes_away_what_it_destroys() {
    let text = plan().to_string();
    let (ann, bob, role) =
        ("arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/bob", "arn:aws:iam::111122223333:role/admin");
    // The account's own export still has the user.
    let export =
        json!({ "UserDetailList": [{ "UserName": "bob", "Arn": bob, "UserPolicyList": [{ "PolicyName": "a", "PolicyDocument": ALL }] }] });
    let side = |format: &str| {
        let inputs = [Input::new("aws.json", export.to_string()), Input::new("plan.json", text.clone()).format(format)];
        read(&inputs, &ReadOptions::default()).expect("both sides")
    };
    let (before, after) = (side("terraform@before"), side("terraform"));
    assert_eq!(holds(&before, ann, RelationKind::Assumes, role), None);
    assert!(holds(&after, ann, RelationKind::Assumes, role).is_some(), "{}", after.to_document_json());
    assert!(before.find(bob).is_some() && after.find(bob).is_none());
    let robot = after.find("serviceAccount:robot@acme-prod.iam.gserviceaccount.com").expect("the account that is to be made");
    assert!(after.relations_from(robot).any(|relation| relation.kind() == RelationKind::MemberOf));
    assert!(before.find("serviceAccount:robot@acme-prod.iam.gserviceaccount.com").is_none());
    let unknown = after.reading().coverage.iter().find(|coverage| coverage.topic == "terraform_unknown_values").expect("coverage");
    assert_eq!((unknown.known, unknown.total), (2, 3), "the etag stays unknown");
}

#[test]
fn its_own_are_detected_and_others_are_left() {
    assert!(is_recognised(&Input::new("x", state(&aws()))) && is_recognised(&Input::new("x", plan().to_string())));
    for text in [r#"{"terraform_version":"1"}"#, r#"{"version":4,"resources":[]}"#, r#"{"format_version":"1.0"}"#] {
        assert!(!is_recognised(&Input::new("x", text)), "{text}");
    }
}
